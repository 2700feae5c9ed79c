"""The preview of a series: each date free or not, and why; what it costs; what could be had instead."""

from datetime import timedelta
from typing import Any

import pytest

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Closure, Organization, Service
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.series.conftest import Post, asked, at

HUNDRED = {"amount": 10_000, "currency": "EUR"}


def statuses(preview: dict[str, Any]) -> list[str]:
    return [each["status"] for each in preview["dates"]]


def test_free_dates_are_ok_at_the_same_wall_time_with_their_price(
    organization: Organization, service: Service, post: Post
) -> None:
    start = factories.local(organization, 3, 14)
    answer = post("bookings/preview-series", asked(start, "FREQ=WEEKLY;COUNT=30"))
    assert answer.status_code == 200, answer.content
    preview = answer.json()
    assert statuses(preview) == ["ok"] * 30
    assert [each["starts_at"] for each in preview["dates"]] == [at(start, week).isoformat() for week in range(30)]
    assert {each["starts_at"][11:16] for each in preview["dates"]} == {"14:00"}
    assert len({each["starts_at"][19:] for each in preview["dates"]}) == 2  # summer and winter
    assert [each["price"] for each in preview["dates"]] == [HUNDRED] * 30
    assert preview["total"] == {"amount": 300_000, "currency": "EUR"}
    assert preview["bookable"]
    with transaction_for(organization.id):
        assert not Booking.objects.exists()


def test_a_taken_date_says_so_and_offers_other_times_of_the_same_day(
    organization: Organization, service: Service, post: Post
) -> None:
    start = factories.local(organization, 3, 14)
    for resource in ("lea", "mia"):
        factories.make_booking(organization, service, at(start, 1), resource=resource)
    preview = post("bookings/preview-series", asked(start)).json()
    assert statuses(preview) == ["ok", "conflict", "ok", "ok"]
    taken = preview["dates"][1]
    assert (taken["code"], taken["reason"]) == ("slot_taken", "This time is taken")
    assert taken["price"] is None
    hour = timedelta(hours=1)
    assert [each["starts_at"] for each in taken["alternatives"]] == [
        (at(start, 1) - hour).isoformat(),
        (at(start, 1) + hour).isoformat(),
        (at(start, 1) - hour * 1.5).isoformat(),
    ]
    assert preview["total"] == {"amount": 30_000, "currency": "EUR"}
    assert not preview["bookable"]


def test_where_one_person_was_chosen_another_at_the_same_time_is_offered_first(
    organization: Organization, service: Service, post: Post
) -> None:
    start = factories.local(organization, 3, 14)
    factories.make_booking(organization, service, at(start, 2), resource="lea")
    preview = post("bookings/preview-series", asked(start, resource="lea")).json()
    assert statuses(preview) == ["ok", "ok", "conflict", "ok"]
    first, second, third = preview["dates"][2]["alternatives"]
    assert first["starts_at"] == at(start, 2).isoformat()
    assert first["resource"] == {"slug": "mia", "name": "Mia"}
    assert (second["resource"], third["resource"]) == (None, None)


def test_a_closed_date_is_a_conflict_with_times_of_the_days_around_it(
    organization: Organization, service: Service, post: Post
) -> None:
    start = factories.local(organization, 3, 14)
    with transaction_for(organization.id):
        day = at(start, 1).date()
        Closure.objects.create(organization=organization, starts_on=day, ends_on=day, reason="works")
    preview = post("bookings/preview-series", asked(start)).json()
    closed = preview["dates"][1]
    assert (closed["status"], closed["code"]) == ("conflict", "outside_hours")
    found = [each["starts_at"][:10] for each in closed["alternatives"]]
    assert len(found) == 3
    assert set(found) <= {(day + timedelta(days=n)).isoformat() for n in (-3, -2, -1, 1, 2, 3)}


def test_resolutions_are_judged_like_any_date(organization: Organization, service: Service, post: Post) -> None:
    start = factories.local(organization, 3, 14)
    for week in (1, 2, 3):
        factories.make_booking(organization, service, at(start, week), resource="lea")
    later = at(start, 2) + timedelta(hours=2)
    resolutions = [
        {"date": at(start, 1).date().isoformat(), "action": "skip"},
        {"date": at(start, 2).date().isoformat(), "action": "move", "starts_at": later.isoformat()},
        {"date": at(start, 3).date().isoformat(), "action": "resource", "resource": "mia"},
    ]
    preview = post("bookings/preview-series", asked(start, resource="lea", resolutions=resolutions)).json()
    assert statuses(preview) == ["ok", "skipped", "ok", "ok"]
    assert preview["dates"][2]["starts_at"] == later.isoformat()
    assert preview["dates"][3]["resource"] == "mia"
    assert preview["counts"] == {"ok": 3, "conflict": 0, "skipped": 1, "waiting": 0}
    assert preview["bookable"]


def test_dates_of_one_series_cannot_stand_in_each_others_place(
    organization: Organization, service: Service, post: Post
) -> None:
    """Two moved to the same hour: with two masseuses both fit, a third does not."""
    start = factories.local(organization, 3, 14)
    shared = (at(start, 1) + timedelta(hours=3)).isoformat()
    moved = [{"date": at(start, week).date().isoformat(), "action": "move", "starts_at": shared} for week in (0, 1, 2)]
    preview = post("bookings/preview-series", asked(start, resolutions=moved)).json()
    assert statuses(preview) == ["ok", "ok", "conflict", "ok"]
    assert preview["dates"][2]["code"] == "slot_taken"


def test_a_customers_series_reaches_as_far_as_the_service_says_and_the_rest_is_too_far(
    organization: Organization, service: Service, post: Post
) -> None:
    with transaction_for(organization.id):
        Service.objects.filter(id=service.id).update(horizon_days=10, series_horizon_days=20)
    start = factories.local(organization, 3, 14)
    preview = post("bookings/preview-series", asked(start)).json()
    assert statuses(preview) == ["ok", "ok", "ok", "conflict"]
    assert preview["dates"][3]["code"] == "too_far"


@pytest.mark.parametrize(
    ("rrule", "words"),
    [
        ("FREQ=YEARLY;COUNT=3", "FREQ is not offered here"),
        ("FREQ=WEEKLY", "COUNT or UNTIL must say where the series ends"),
        ("FREQ=MONTHLY;BYMONTHDAY=+-5;COUNT=2", "BYMONTHDAY takes whole numbers, -31…31"),
        ("FREQ=WEEKLY;COUNT=105", "COUNT gives too many dates: at most 104 are booked at once"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_in_words(
    organization: Organization, service: Service, post: Post, rrule: str, words: str
) -> None:
    answer = post("bookings/preview-series", asked(factories.local(organization, 3, 14), rrule))
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "recurrence.rrule", "message": words}]


def test_a_series_begins_at_a_whole_minute_as_every_booking(
    organization: Organization, service: Service, post: Post
) -> None:
    start = factories.local(organization, 3, 14) + timedelta(seconds=30)
    answer = post("bookings/preview-series", asked(start))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "starts_at")


def test_a_resolution_must_be_about_one_of_the_dates(organization: Organization, service: Service, post: Post) -> None:
    start = factories.local(organization, 3, 14)
    day = (start + timedelta(days=1)).date().isoformat()
    answer = post("bookings/preview-series", asked(start, resolutions=[{"date": day, "action": "skip"}]))
    assert answer.json()["errors"] == [{"field": "recurrence.resolutions", "message": f"{day} is none of the dates"}]


def test_a_service_that_is_not_repeated_says_so(organization: Organization, service: Service, post: Post) -> None:
    with transaction_for(organization.id):
        Service.objects.filter(id=service.id).update(allows_series=False)
    answer = post("bookings/preview-series", asked(factories.local(organization, 3, 14)))
    assert (answer.status_code, answer.json()["code"]) == (422, "series_not_offered")
