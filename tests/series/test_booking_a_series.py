"""A series is booked whole or not at all: what was previewed, with what was chosen for each date."""

from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client

from holdfast.bookings.models import Allocation, Booking, BookingState, Series, Transition
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from holdfast.waiting.models import WaitingEntry
from tests import factories
from tests.series.conftest import CUSTOMER, Post, asked, at


def order(start: datetime, rrule: str = "FREQ=WEEKLY;COUNT=4", **more: Any) -> dict[str, Any]:
    return {**asked(start, rrule, **more), "customer": CUSTOMER}


def day(start: datetime, week: int) -> str:
    return at(start, week).date().isoformat()


def test_all_dates_are_booked_at_once_and_told_by_one_event(
    organization: Organization, service: Service, post: Post
) -> None:
    start = factories.local(organization, 3, 14)
    answer = post("bookings", order(start, "FREQ=WEEKLY;COUNT=30"))
    assert answer.status_code == 201, answer.content
    series = answer.json()["series"]
    assert [each["starts_at"] for each in series["bookings"]] == [at(start, week).isoformat() for week in range(30)]
    assert series["words"].endswith("30 times")
    assert series["total"] == {"amount": 300_000, "currency": "EUR"}
    with transaction_for(organization.id):
        stored = Series.objects.get()
        assert (stored.rule, stored.first_date, stored.start_minute) == ("FREQ=WEEKLY;COUNT=30", start.date(), 840)
        rows = list(Booking.objects.order_by("starts_at"))
        assert [row.series_date for row in rows] == [at(start, week).date() for week in range(30)]
        assert {row.series_id for row in rows} == {stored.id}
        assert Allocation.objects.filter(active=True).count() == 30
        assert Transition.objects.filter(action="book").count() == 30
        told = Event.objects.filter(kind="booking.confirmed").values_list("payload__told_by", flat=True)
        assert list(told) == ["series.booked"] * 30
        assert Event.objects.filter(kind="series.booked").count() == 1


def test_a_date_without_an_answer_stops_all_of_it_with_a_fresh_preview(
    organization: Organization, service: Service, post: Post
) -> None:
    start = factories.local(organization, 3, 14)
    for resource in ("lea", "mia"):
        factories.make_booking(organization, service, at(start, 2), resource=resource)
    refused = post("bookings", order(start))
    assert (refused.status_code, refused.json()["code"]) == (409, "series_conflict")
    preview = refused.json()["preview"]
    assert [each["status"] for each in preview["dates"]] == ["ok", "ok", "conflict", "ok"]
    assert len(preview["dates"][2]["alternatives"]) == 3
    with transaction_for(organization.id):
        assert not Series.objects.exists()
        assert Booking.objects.count() == 2


def test_each_date_gets_what_was_chosen_for_it(organization: Organization, service: Service, post: Post) -> None:
    start = factories.local(organization, 3, 14)
    for week in (1, 2, 3, 4):
        factories.make_booking(organization, service, at(start, week), resource="lea")
    later = at(start, 2) + timedelta(hours=2)
    resolutions = [
        {"date": day(start, 1), "action": "skip"},
        {"date": day(start, 2), "action": "move", "starts_at": later.isoformat()},
        {"date": day(start, 3), "action": "resource", "resource": "mia"},
        {"date": day(start, 4), "action": "wait"},
    ]
    answer = post("bookings", order(start, "FREQ=WEEKLY;COUNT=5", resource="lea", resolutions=resolutions))
    assert answer.status_code == 201, answer.content
    series = answer.json()["series"]
    assert [each["date"] for each in series["bookings"]] == [day(start, 0), day(start, 2), day(start, 3)]
    assert series["without"] == [
        {"date": day(start, 1), "status": "skipped"},
        {"date": day(start, 4), "status": "waiting"},
    ]
    with transaction_for(organization.id):
        moved = Booking.objects.get(series_date=day(start, 2))
        assert (moved.starts_at, moved.chosen_resource and moved.chosen_resource.slug) == (later, "lea")
        other = Booking.objects.get(series_date=day(start, 3))
        assert other.chosen_resource
        assert other.chosen_resource.slug == "mia"
        waiting = WaitingEntry.objects.get()
        assert (waiting.first_date, waiting.since_minute) == (at(start, 4).date(), 14 * 60)


def test_a_date_to_be_waited_for_that_is_free_after_all_is_booked(
    organization: Organization, service: Service, post: Post
) -> None:
    start = factories.local(organization, 3, 14)
    answer = post("bookings", order(start, resolutions=[{"date": day(start, 1), "action": "wait"}]))
    assert len(answer.json()["series"]["bookings"]) == 4
    with transaction_for(organization.id):
        assert not WaitingEntry.objects.exists()


def test_the_held_first_date_becomes_the_first_booking(
    organization: Organization, service: Service, post: Post
) -> None:
    start = factories.local(organization, 3, 14)
    held = post("holds", {"service": "massage", "starts_at": start.isoformat()}).json()
    answer = post("bookings", {**order(start), "hold": held["id"]})
    assert answer.status_code == 201, answer.content
    with transaction_for(organization.id):
        first = Booking.objects.get(id=held["id"])
        assert (first.state, first.series_date, first.hold_expires_at) == ("confirmed", start.date(), None)
        assert Booking.objects.filter(series=first.series).count() == 4
        assert not Allocation.objects.filter(active=True, expires_at__isnull=False).exists()


def test_a_hold_on_a_date_that_is_skipped_is_given_back(
    organization: Organization, service: Service, post: Post
) -> None:
    start = factories.local(organization, 3, 14)
    held = post("holds", {"service": "massage", "starts_at": start.isoformat()}).json()
    skipped = order(start, resolutions=[{"date": day(start, 0), "action": "skip"}])
    assert post("bookings", {**skipped, "hold": held["id"]}).status_code == 201
    with transaction_for(organization.id):
        assert Booking.objects.get(id=held["id"]).state == BookingState.EXPIRED
        assert Booking.objects.filter(series__isnull=False).count() == 3


def test_sent_again_with_its_key_it_is_the_same_series(
    organization: Organization, service: Service, post: Post
) -> None:
    body = order(factories.local(organization, 3, 14))
    first = post("bookings", body, **{"Idempotency-Key": "once"})
    again = post("bookings", body, **{"Idempotency-Key": "once"})
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    with transaction_for(organization.id):
        assert Series.objects.count() == 1


def test_nothing_to_book_is_not_a_series(organization: Organization, service: Service, post: Post) -> None:
    start = factories.local(organization, 3, 14)
    skipped = [{"date": day(start, week), "action": "skip"} for week in (0, 1)]
    refused = post("bookings", order(start, "FREQ=WEEKLY;COUNT=2", resolutions=skipped))
    assert refused.json()["code"] == "series_conflict"


def test_a_booking_says_to_which_series_it_belongs(
    client: Client, organization: Organization, service: Service, post: Post
) -> None:
    start = factories.local(organization, 3, 14)
    booked = post("bookings", order(start)).json()
    token = booked["manage_url"].split("/")[-2]
    seen = client.get(f"/api/v1/salon/bookings/{booked['reference']}?token={token}").json()
    assert seen["series"]["id"] == booked["series"]["id"]
    assert date.fromisoformat(seen["series"]["date"]) == start.date()
