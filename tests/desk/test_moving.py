"""Moving a booking: the engine's times, any resource, and words when it does not work."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

from django.test import Client

from holdfast.bookings.models import Allocation, Booking
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]


def starts(body: str) -> list[datetime]:
    return [datetime.fromisoformat(text) for text in re.findall(r'name="starts_at" value="([^"]+)"', body)]


def resources(world: World, booking: Booking) -> list[str]:
    with transaction_for(world.organization.id):
        rows = Allocation.objects.filter(booking_id=booking.id, active=True).values_list("resource__slug", flat=True)
        return list(rows)


def test_a_booking_moves_to_a_time_of_the_page_and_the_timeline_says_from_when_to_when(
    signed_in: SignIn, world: World
) -> None:
    booking = world.book(days=1, hour=10)
    browser, address = signed_in(world), f"/desk/bookings/{booking.reference}/"
    day = factories.local(world.organization, 2, 0).date()
    offered = starts(browser.get(f"{address}move/?day={day}").content.decode())
    wanted = factories.local(world.organization, 2, 16)
    assert wanted in offered
    sent = {"version": booking.version, "starts_at": wanted.isoformat(), "reason": "Train is late"}
    assert browser.post(f"{address}move/", sent).headers["Location"] == address
    assert world.again(booking).starts_at == wanted
    page = unescape(browser.get(address).content.decode())
    assert "Moved by Sam Owner" in page
    assert "Train is late" in page
    assert re.search(r"10:00.AM → .*4:00.PM", page)


def test_staff_choose_any_resource_at_any_notice(signed_in: SignIn, world: World) -> None:
    with transaction_for(world.organization.id):
        world.massage.notice_minutes = 7 * 24 * 60
        world.massage.save()
    world.organization.refresh_from_db()
    with clock.stopped(factories.local(world.organization, -30, 9)):
        booking = factories.make_booking(
            world.organization, world.massage, factories.local(world.organization, 31, 10), resource="ines"
        )
    with clock.stopped(factories.local(world.organization, 1, 9)):
        wanted = factories.local(world.organization, 0, 9, 30)
        browser, address = signed_in(world), f"/desk/bookings/{booking.reference}/move/"
        assert wanted in starts(browser.get(f"{address}?resource=karim").content.decode())
        sent = {"version": booking.version, "starts_at": wanted.isoformat(), "resource": "karim"}
        assert browser.post(address, sent).status_code == 302
    assert resources(world, booking) == ["karim"]


def test_a_time_that_was_taken_meanwhile_is_refused_with_the_nearest_ones(signed_in: SignIn, world: World) -> None:
    booking = world.book(days=1, hour=10, resource="ines")
    wanted = factories.local(world.organization, 1, 14)
    world.book(days=1, hour=14, resource="ines")
    sent = {"version": booking.version, "starts_at": wanted.isoformat(), "resource": "ines"}
    answer = signed_in(world).post(f"/desk/bookings/{booking.reference}/move/", sent)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "This time has just been taken" in body
    assert "Nothing was moved. The booking stands as it was." in body
    nearest = starts(body)[:5]
    assert len(nearest) == 5
    assert wanted not in starts(body)
    assert world.again(booking).starts_at == booking.starts_at


def test_a_time_outside_of_working_hours_is_refused_in_words(signed_in: SignIn, world: World) -> None:
    booking = world.book()
    night = factories.local(world.organization, 1, 3)
    sent = {"version": booking.version, "starts_at": night.isoformat()}
    answer = signed_in(world).post(f"/desk/bookings/{booking.reference}/move/", sent)
    assert answer.status_code == 422
    assert "This time is not one of the times on offer" in answer.content.decode()


def test_no_time_chosen_is_said_at_once(signed_in: SignIn, world: World) -> None:
    booking = world.book()
    for sent in ({}, {"starts_at": "soon"}, {"starts_at": "2026-03-01T10:00"}):
        answer = signed_in(world).post(f"/desk/bookings/{booking.reference}/move/", {"version": 1, **sent})
        assert answer.status_code == 422
        assert "Please choose one of the times." in answer.content.decode()


def test_a_stale_move_shows_the_booking_as_it_is(signed_in: SignIn, world: World) -> None:
    booking = world.book()
    wanted = factories.local(world.organization, 1, 15).isoformat()
    browser, address = signed_in(world), f"/desk/bookings/{booking.reference}/move/"
    browser.post(address, {"version": booking.version, "starts_at": wanted})
    answer = browser.post(address, {"version": booking.version, "starts_at": wanted})
    assert answer.status_code == 409
    assert "Last: Moved by Sam Owner." in answer.content.decode()


def test_its_own_time_is_not_in_its_own_way(signed_in: SignIn, world: World) -> None:
    booking = world.book(days=1, hour=10, resource="ines")
    offered = starts(signed_in(world).get(f"/desk/bookings/{booking.reference}/move/?resource=ines").content.decode())
    assert factories.local(world.organization, 1, 10, 30) in offered


def test_a_service_that_is_sold_no_more_says_why_nothing_moves(signed_in: SignIn, world: World) -> None:
    booking = world.book()
    with transaction_for(world.organization.id):
        world.massage.is_active = False
        world.massage.save()
    answer = signed_in(world).get(f"/desk/bookings/{booking.reference}/move/")
    assert answer.status_code == 200
    assert "This booking cannot be moved as it is" in answer.content.decode()
