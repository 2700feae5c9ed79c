"""Why a time is free or not, told at the desk: by rules, dates and bookings one can open."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.catalog.models import Closure
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]


def ask(browser: Client, at: datetime, **more: str) -> str:
    query = {"service": "massage", "time": at.strftime("%Y-%m-%dT%H:%M"), **more}
    answer = browser.get("/desk/bookings/why/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_free_time_says_so(signed_in: SignIn, world: World) -> None:
    page = ask(signed_in(world, Role.READ_ONLY), factories.local(world.organization, 2, 10))
    assert "This time is free." in page
    assert page.count("Works at this time") == 2


def test_the_booking_in_the_way_can_be_opened(signed_in: SignIn, world: World) -> None:
    booking = world.book(2, 10, resource="ines")
    page = ask(signed_in(world), factories.local(world.organization, 2, 10), resource="ines")
    assert "Taken, buffers included" in page
    assert f"/desk/bookings/{booking.reference}/" in page


@pytest.mark.parametrize(
    ("days", "hour", "words"),
    [
        (2, 5, "Outside the weekly working hours"),
        (3, 10, "Training day"),
        (-1, 10, "Too soon"),
        (200, 10, "Too far"),
    ],
)
def test_what_speaks_against_it_is_named(signed_in: SignIn, world: World, days: int, hour: int, words: str) -> None:
    with transaction_for(world.organization.id):
        day = factories.local(world.organization, 3, 0).date()
        Closure.objects.create(organization=world.organization, starts_on=day, ends_on=day, reason="Training day")
    assert words in ask(signed_in(world), factories.local(world.organization, days, hour))


@pytest.mark.parametrize("query", ["", "?service=massage", "?service=nothing&time=x", "?service=massage&time=31-02"])
def test_half_a_question_is_no_fault(signed_in: SignIn, world: World, query: str) -> None:
    assert signed_in(world).get(f"/desk/bookings/why/{query}").status_code == 200


@pytest.mark.parametrize("time", ["9999-12-31T23:59", "0001-01-01T00:00", "1900-01-01T10:00"])
def test_a_time_that_no_calendar_reaches_is_not_asked_about(signed_in: SignIn, world: World, time: str) -> None:
    page = signed_in(world).get("/desk/bookings/why/", {"service": "massage", "time": time})
    assert (page.status_code, "found" in page.context) == (200, False)


def test_what_postgresql_has_no_place_for_is_found_nowhere(signed_in: SignIn, world: World) -> None:
    browser, booking = signed_in(world), world.book(2, 10)
    assert browser.get("/desk/board/why/", {"resource": "\0", "time": "2026-12-01T10:00"}).status_code == 404
    assert browser.post(f"/desk/bookings/{booking.reference}/note/", {"text": "a\0"}).status_code == 404


def test_another_organizations_bookings_are_never_named(signed_in: SignIn, world: World, rival: World) -> None:
    theirs = rival.book(2, 10, resource="ines")
    page = ask(signed_in(world), factories.local(world.organization, 2, 10), resource="ines")
    assert "This time is free." in page
    assert theirs.reference not in page
