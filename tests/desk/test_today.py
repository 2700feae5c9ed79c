"""Today: what needs a person above what simply happens."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.notifications.models import Message, MessageState
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]


def at(world: World, hour: int, minute: int = 0) -> datetime:
    return factories.local(world.organization, 1, hour, minute)


def names(body: str) -> list[str]:
    return re.findall(r'id="(day-\w+|request-\w+|open-\w+|now)"', body)


def test_the_days_bookings_stand_in_order_around_the_line_of_now(signed_in: SignIn, world: World) -> None:
    late, early = world.book(hour=15), world.book(hour=9)
    world.book(days=2)
    with clock.stopped(at(world, 12)):
        body = signed_in(world).get("/desk/").content.decode()
    assert names(body) == [f"open-{early.reference}", f"day-{early.reference}", "now", f"day-{late.reference}"]


def test_requests_of_any_day_come_first_and_can_be_confirmed_there(signed_in: SignIn, world: World) -> None:
    request = world.book(days=9, approve=True)
    browser = signed_in(world)
    body = browser.get("/desk/").content.decode()
    assert names(body) == [f"request-{request.reference}"]
    assert '<span class="count">1</span>' in body
    answer = browser.post(
        f"/desk/bookings/{request.reference}/confirm/", {"version": request.version, "next": "/desk/"}
    )
    assert answer.headers["Location"] == "/desk/"
    assert world.again(request).state == "confirmed"


def test_the_likely_action_follows_the_clock(signed_in: SignIn, world: World) -> None:
    booking = world.book(hour=10)
    browser, found = signed_in(world), []
    for moment in (at(world, 9, 29), at(world, 9, 30), at(world, 10, 59), at(world, 11)):
        with clock.stopped(moment):
            body = browser.get("/desk/").content.decode()
        found.append(sorted(set(re.findall(rf"/desk/bookings/{booking.reference}/([\w-]+)/", body))))
    assert found == [[], ["start"], ["start"], ["complete"]]


def test_a_mail_that_nobody_received_needs_a_person(signed_in: SignIn, world: World) -> None:
    booking = world.book(days=3)
    with transaction_for(world.organization.id):
        Message.objects.create(
            organization=world.organization, reason="r", message_id="<r@x>", kind="booking.confirmed.customer",
            booking_id=booking.id, recipient="ana@nowhere.example", language="en", subject="Confirmed", text="",
            html="", state=MessageState.FAILED, created_at=clock.now(),
        )  # fmt: skip
    assert "ana@nowhere.example" in signed_in(world).get("/desk/").content.decode()


def test_days_are_those_of_the_organizations_zone(signed_in: SignIn, world: World) -> None:
    world.organization.time_zone = "Pacific/Auckland"
    with transaction_for(world.organization.id):
        world.organization.save()
    booking = world.book(days=3, hour=8)
    local = factories.local(world.organization, 3, 8)
    browser = signed_in(world)
    assert local.astimezone(UTC).date() != local.date()
    assert f"day-{booking.reference}" in browser.get(f"/desk/?day={local.date()}").content.decode()
    before = local.date() - timedelta(days=1)
    assert f"day-{booking.reference}" not in browser.get(f"/desk/?day={before}").content.decode()


def test_an_unreadable_day_is_today(signed_in: SignIn, world: World) -> None:
    browser = signed_in(world)
    for day in ("tomorrow", "2026-13-45", "", "9999-12-31"):
        assert "<h1>Today</h1>" in browser.get("/desk/", {"day": day}).content.decode()


def test_an_empty_day_teaches_the_first_step(signed_in: SignIn, world: World) -> None:
    body = signed_in(world).get("/desk/").content.decode()
    assert "No bookings today" in body
    assert 'href="/desk/bookings/new/"' in body


def test_a_full_day_costs_as_many_queries_as_a_quiet_one(signed_in: SignIn, world: World) -> None:
    browser = signed_in(world)
    with clock.stopped(at(world, 0)):
        world.book(days=0, hour=9)
        world.book(days=0, hour=10, approve=True)
        browser.get("/desk/")  # the session remembers the organization

        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                browser.get("/desk/")
            return len(asked)

        few = queries()
        for hour in range(11, 20):
            world.book(days=0, hour=hour)
            world.book(days=0, hour=hour, approve=True)
        # session and person 2, memberships 5, the tenant's transaction 4;
        # day 2, requests 2, open 1, mails 1, waiting 1, alerts 1, offers 1
        assert (few, queries()) == (21, 21)  # one for money that needs a person
