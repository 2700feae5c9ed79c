"""Staff repeat a booking that they make: every date shown first, each conflict answered, all of it booked at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.bookings.models import Booking, LimitOverride, Series, Transition
from holdfast.core.tenancy import transaction_for
from holdfast.waiting.models import WaitingEntry
from tests import factories
from tests.desk.conftest import World
from tests.desk.test_new_booking import PERSON
from tests.series.conftest import at

SignIn = Callable[..., Client]
WEEKLY = {"how": "week", "end": "count", "count": "4"}


@pytest.fixture
def start(world: World) -> datetime:
    return factories.local(world.organization, 3, 14)


def new(start: datetime, **wish: str) -> str:
    return f"/desk/bookings/new/?{urlencode({'service': 'massage', 'at': start.isoformat(), **wish})}"


def form(**more: Any) -> dict[str, Any]:
    return {**PERSON, "key": str(uuid4()), **more}


def shown(answer: Any) -> list[str]:
    return [each["status"] for each in answer.context["repeat"]["preview"]["dates"]]


def look(browser: Client, address: str, **more: Any) -> Any:
    """The dates, as "Show the dates" shows them."""
    answer = browser.post(address, form(**more, next="show"))
    assert answer.status_code == 200
    return answer


def made(world: World) -> list[Booking]:
    with transaction_for(world.organization.id):
        return list(Booking.objects.filter(series__isnull=False).order_by("series_date"))


def test_four_weeks_are_shown_and_then_booked_together(signed_in: SignIn, world: World, start: datetime) -> None:
    browser, address = signed_in(world), new(start)
    assert "Just this once" in browser.get(address).content.decode()
    page = look(browser, address, **WEEKLY)
    assert shown(page) == ["ok"] * 4
    assert "Book 4 dates" in page.content.decode()
    assert 'value="Tom Call"' in page.content.decode()
    assert made(world) == []
    booked = browser.post(address, form(**WEEKLY, seen=page.context["repeat"]["seen"]), follow=True)
    rows = made(world)
    assert [row.starts_at for row in rows] == [at(start, week) for week in range(4)]
    assert booked.redirect_chain == [(f"/desk/series/{rows[0].series_id}/", 302)]
    assert "4 dates are booked. The customer gets one mail." in booked.content.decode()
    with transaction_for(world.organization.id):
        steps = Transition.objects.values_list("actor_kind", "actor_name")
        assert set(steps) == {("staff", "Sam Owner")}


def test_a_service_that_customers_book_once_is_repeated_by_staff_alone(
    signed_in: SignIn, world: World, start: datetime
) -> None:
    assert not world.massage.allows_series
    assert shown(look(signed_in(world), new(start), **WEEKLY)) == ["ok"] * 4


@pytest.mark.parametrize(
    ("sent", "rrule"),
    [
        ({"how": "day", "end": "count", "count": "3"}, "FREQ=DAILY;COUNT=3"),
        ({"how": "month", "end": "count", "count": "3"}, "FREQ=MONTHLY;BYMONTHDAY={day};COUNT=3"),
        ({"how": "2weeks", "end": "count", "count": "3"}, "FREQ=WEEKLY;INTERVAL=2;BYDAY={name};COUNT=3"),
        ({"how": "nth", "end": "count", "count": "3"}, "FREQ=MONTHLY;BYDAY={nth}{name};COUNT=3"),
    ],
)
def test_every_rule_of_the_customers_step_is_there(
    signed_in: SignIn, world: World, start: datetime, sent: dict[str, str], rrule: str
) -> None:
    browser, address = signed_in(world), new(start)
    seen = look(browser, address, **sent).context["repeat"]["seen"]
    assert browser.post(address, form(**sent, seen=seen)).status_code == 302
    nth = (start.day - 1) // 7 + 1
    names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    expected = rrule.format(day=start.day, name=names[start.weekday()], nth=nth if nth < 5 else -1)
    with transaction_for(world.organization.id):
        assert Series.objects.get().rule == expected
    assert len(made(world)) == 3


def test_several_days_of_the_week_until_a_date(signed_in: SignIn, world: World) -> None:
    monday, browser = factories.monday(world.organization, 10), signed_in(world)
    sent = {"how": "week", "day": ["2"], "end": "until", "until": (monday + timedelta(days=9)).date().isoformat()}
    page = look(browser, new(monday), **sent)
    browser.post(new(monday), form(**sent, seen=page.context["repeat"]["seen"]))
    days = [(row.series_date - monday.date()).days for row in made(world) if row.series_date]
    assert days == [0, 2, 7, 9]


def test_each_conflict_is_answered_and_the_rest_is_booked(signed_in: SignIn, world: World, start: datetime) -> None:
    browser, address = signed_in(world), new(start, resource="ines")
    for week in (1, 2, 3, 4):
        factories.make_booking(world.organization, world.massage, at(start, week), resource="ines")
    weekly = {**WEEKLY, "count": "5"}
    page = look(browser, address, **weekly)
    assert shown(page) == ["ok", "conflict", "conflict", "conflict", "conflict"]
    rows = page.context["repeat"]["rows"]
    assert [len(row["alternatives"]) for row in rows] == [0, 3, 3, 3, 3]
    assert "Same time with Karim Benali" in page.content.decode()
    seen = page.context["repeat"]["seen"]
    stuck = browser.post(address, form(**weekly, seen=seen))
    assert (stuck.status_code, made(world)) == (409, [])
    assert "Nothing was booked. What you typed is still here." in stuck.content.decode()
    later = rows[3]["alternatives"][1]["starts_at"]
    answers = ["skip", "resource karim", f"move {later}", "wait"]
    chosen = {row["name"]: answer for row, answer in zip(rows[1:], answers, strict=True)}
    assert shown(look(browser, address, **weekly, **chosen)) == ["ok", "skipped", "ok", "ok", "waiting"]
    assert browser.post(address, form(**weekly, **chosen, seen=seen)).status_code == 302
    first, second, third = made(world)
    assert (first.starts_at, second.starts_at) == (start, at(start, 2))
    assert third.starts_at == datetime.fromisoformat(later)
    assert second.chosen_resource_id != first.chosen_resource_id
    with transaction_for(world.organization.id):
        assert WaitingEntry.objects.get().first_date == at(start, 4).date()


def test_nobody_books_dates_that_they_have_not_seen(signed_in: SignIn, world: World, start: datetime) -> None:
    browser, address = signed_in(world), new(start)
    unseen = browser.post(address, form(**WEEKLY))
    assert shown(unseen) == ["ok"] * 4
    other = browser.post(address, form(**{**WEEKLY, "count": "6"}, seen=unseen.context["repeat"]["seen"]))
    assert shown(other) == ["ok"] * 6
    assert made(world) == []


def test_the_dates_are_shown_before_anything_is_known_of_the_customer(
    signed_in: SignIn, world: World, start: datetime
) -> None:
    browser, address = signed_in(world), new(start)
    page = browser.post(address, {**WEEKLY, "next": "show"})
    assert (page.status_code, shown(page)) == (200, ["ok"] * 4)
    assert "field-error" not in page.content.decode()
    refused = browser.post(address, {**WEEKLY, "seen": page.context["repeat"]["seen"]})
    assert (refused.status_code, shown(refused)) == (422, ["ok"] * 4)
    assert "field-error" in refused.content.decode()
    assert made(world) == []


def test_the_same_form_sent_twice_is_one_series(signed_in: SignIn, world: World, start: datetime) -> None:
    browser, address = signed_in(world), new(start)
    sent = form(**WEEKLY, seen=look(browser, address, **WEEKLY).context["repeat"]["seen"])
    answers = [browser.post(address, sent).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(made(world)) == 4


def test_what_cannot_be_read_is_said(signed_in: SignIn, world: World, start: datetime) -> None:
    page = signed_in(world).post(new(start), form(how="week", count="many", next="show"))
    assert "Say how many times in whole numbers, 1…104." in page.content.decode()
    odd = signed_in(world).post(new(start), form(how="week", end="until", until="soon", seen="x"))
    assert odd.status_code == 200
    assert made(world) == []


def test_dates_that_only_a_limit_refuses_are_booked_with_a_reason(
    signed_in: SignIn, world: World, start: datetime
) -> None:
    factories.make_limit(world.organization, kind="service", service=world.massage, most=1)
    factories.make_booking(world.organization, world.massage, at(start, 2) - timedelta(hours=4))
    browser, address = signed_in(world), new(start)
    page = look(browser, address, **WEEKLY)
    assert shown(page) == ["ok", "ok", "conflict", "ok"]
    assert "Reason for going beyond the limit" in page.content.decode()
    reason = {"override": "Agreed with Inés"}
    beyond = look(browser, address, **WEEKLY, **reason)
    assert shown(beyond) == ["ok"] * 4
    assert "Beyond a limit: Massage: at most 1 booking a day" in unescape(beyond.content.decode())
    seen = beyond.context["repeat"]["seen"]
    assert browser.post(address, form(**WEEKLY, seen=seen, override=" ")).status_code == 409
    assert browser.post(address, form(**WEEKLY, seen=seen, **reason)).status_code == 302
    third = made(world)[2]
    with transaction_for(world.organization.id):
        recorded = LimitOverride.objects.get()
    assert (recorded.booking_id, recorded.reason, recorded.actor_name) == (third.id, "Agreed with Inés", "Sam Owner")
    assert "Agreed with Inés" in unescape(browser.get(f"/desk/bookings/{third.reference}/").content.decode())
    assert third.reference in browser.get("/desk/reports/overrides/").content.decode()


def test_the_customers_own_limit_is_shown_once_it_is_known_who_they_are(signed_in: SignIn, world: World) -> None:
    factories.make_limit(world.organization, kind="customer", most=2, period="rolling", rolling_days=7)
    monday, daily = factories.monday(world.organization, 10), {"how": "day", "end": "count", "count": "3"}
    browser = signed_in(world)
    unknown = browser.post(new(monday), {**daily, "next": "show"})
    assert shown(unknown) == ["ok"] * 3
    assert shown(look(browser, new(monday), **daily)) == ["ok", "ok", "conflict"]


def test_an_emergency_is_not_repeated_and_who_may_only_look_repeats_nothing(
    signed_in: SignIn, world: World, start: datetime
) -> None:
    with transaction_for(world.organization.id):
        type(world.massage).objects.filter(id=world.massage.id).update(offers_emergency=True)
    world.organization.refresh_from_db()
    page = signed_in(world).get(new(start, type="emergency")).content.decode()
    assert "Just this once" not in page
    assert signed_in(world, Role.READ_ONLY).post(new(start), form(**WEEKLY, next="show")).status_code == 403
