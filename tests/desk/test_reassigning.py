"""Giving a booking to somebody else on the desk: the free ones, why the others are not, and who is told."""

import re
from collections.abc import Callable
from html import unescape

from django.test import Client

from holdfast.accounts.models import Role
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from holdfast.notifications.actions import compose_messages
from holdfast.notifications.models import Message
from tests import factories
from tests.desk.conftest import World
from tests.desk.test_moving import resources

SignIn = Callable[..., Client]


def offered(body: str) -> list[str]:
    return re.findall(r'name="resource" value="([^"]+)"', body)


def words(body: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_a_booking_is_given_to_somebody_free_and_says_why_it_is_they(signed_in: SignIn, world: World) -> None:
    booking = world.book(resource="ines")
    browser, address = signed_in(world), f"/desk/bookings/{booking.reference}/"
    page = browser.get(address).content.decode()
    assert "Chosen by the customer." in words(page)
    assert f'href="{address}reassign/"' in page
    assert offered(browser.get(f"{address}reassign/").content.decode()) == ["karim"]
    sent = {"version": booking.version, "instead_of": "ines", "resource": "karim", "reason": "Inés is ill"}
    assert browser.post(f"{address}reassign/", sent).headers["Location"] == address
    assert resources(world, booking) == ["karim"]
    told = words(browser.get(address).content.decode())
    assert "Karim Benali Assigned by Sam Owner." in told
    assert "Reassigned by Sam Owner Inés Ortega → Karim Benali Inés is ill" in told


def test_whoever_is_not_free_is_shown_with_the_booking_that_is_in_the_way(signed_in: SignIn, world: World) -> None:
    booking, other = world.book(resource="ines"), world.book(resource="karim")
    page = signed_in(world).get(f"/desk/bookings/{booking.reference}/reassign/").content.decode()
    assert offered(page) == []
    assert "No other is free at that time" in words(page)
    assert f"Taken, buffers included {other.reference}" in words(page)


def test_who_was_faster_is_said_and_nothing_is_changed(signed_in: SignIn, world: World) -> None:
    booking = world.book(resource="ines")
    world.book(resource="karim")
    browser, address = signed_in(world), f"/desk/bookings/{booking.reference}/reassign/"
    answer = browser.post(address, {"version": 1, "instead_of": "ines", "resource": "karim"})
    assert answer.status_code == 409
    assert "Somebody else has just taken that time." in words(answer.content.decode())
    assert resources(world, booking) == ["ines"]
    stale = browser.post(address, {"version": 7, "instead_of": "ines", "resource": "karim"})
    assert (stale.status_code, "Somebody changed this booking" in words(stale.content.decode())) == (409, True)
    assert browser.post(address, {"version": 1}).status_code == 422


def mails_about(world: World, kind: str) -> list[Message]:
    with transaction_for(world.organization.id):
        events = list(Event.objects.filter(kind=kind).values_list("id", flat=True))
    for event in events:
        compose_messages(organization_id=world.organization.id, event_id=event)
    with transaction_for(world.organization.id):
        return list(Message.objects.filter(kind__startswith=kind))


def test_the_customer_is_told_whom_they_get_instead_of_whom_they_chose(signed_in: SignIn, world: World) -> None:
    booking = world.book(resource="ines")
    sent = {"version": 1, "instead_of": "ines", "resource": "karim"}
    assert signed_in(world).post(f"/desk/bookings/{booking.reference}/reassign/", sent).status_code == 302
    [mail] = mails_about(world, "booking.reassigned")
    assert mail.recipient == factories.CUSTOMER.email
    assert mail.subject.startswith("Somebody else for Massage,")
    assert "It will be Karim Benali instead of Inés Ortega" in mail.text


def test_only_those_who_may_change_bookings_may_give_them_away(signed_in: SignIn, world: World, rival: World) -> None:
    booking = world.book(resource="ines")
    address = f"/desk/bookings/{booking.reference}/reassign/"
    looking = signed_in(world, Role.READ_ONLY)
    assert looking.get(address).status_code == 403
    assert "reassign" not in looking.get(f"/desk/bookings/{booking.reference}/").content.decode()
    assert signed_in(rival).get(address).status_code == 404
