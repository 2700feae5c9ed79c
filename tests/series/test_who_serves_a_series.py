"""Who serves the dates of a series: each date is decided as if those before it were booked already."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdfast.bookings import queries
from holdfast.bookings.assignment.assigned import assigned_of
from holdfast.bookings.models import Allocation, Booking, Rotation
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from holdfast.series import changes
from tests import factories
from tests.series.conftest import CUSTOMER, Post, asked
from tests.series.test_booking_a_series import order

STAFF = Actor("staff", "Sam")


def shop(organization: Organization, by: str, *weights: int) -> Service:
    for number, weight in enumerate(weights):
        factories.make_resource(organization, slug=f"driver-{number}", weight=weight)
    return factories.make_service(organization, slug="massage", assign_by=by, allows_series=True)


def served(organization: Organization) -> dict[str, int]:
    """By resource, how many of the series' bookings that stand it serves."""
    with transaction_for(organization.id):
        rows = Booking.objects.filter(series__isnull=False, state="confirmed")
        return dict(Counter(queries.serving(row.id)[0]["slug"] for row in rows))


def rotation(organization: Organization) -> tuple[list[int], list[int]]:
    """What the rotation owes, and the turns it counts."""
    with transaction_for(organization.id):
        row = Rotation.objects.get()
        return sorted(row.owed.values()), sorted(row.turns.values())


def book(post: Post, start: datetime, rrule: str) -> dict[str, Any]:
    answer = post("bookings", order(start, rrule))
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_series_of_12_over_three_equal_people_in_turns_gives_each_four(
    organization: Organization, post: Post
) -> None:
    shop(organization, "round_robin", 1, 1, 1)
    book(post, factories.local(organization, 3, 14), "FREQ=WEEKLY;COUNT=12")
    assert served(organization) == {"driver-0": 4, "driver-1": 4, "driver-2": 4}
    assert rotation(organization) == ([0, 0, 0], [4, 4, 4])


def test_a_series_in_turns_keeps_to_the_weights(organization: Organization, post: Post) -> None:
    shop(organization, "round_robin", 3, 2, 1)
    book(post, factories.local(organization, 3, 14), "FREQ=WEEKLY;COUNT=12")
    assert served(organization) == {"driver-0": 6, "driver-1": 4, "driver-2": 2}
    assert rotation(organization) == ([0, 0, 0], [2, 4, 6])


def test_a_series_goes_on_where_single_bookings_left_the_rotation(organization: Organization, post: Post) -> None:
    service = shop(organization, "round_robin", 1, 1, 1)
    start = factories.local(organization, 3, 14)
    for number in range(2):
        factories.make_booking(organization, service, start - timedelta(hours=2 * (number + 1)))
    book(post, start, "FREQ=WEEKLY;COUNT=4")
    assert rotation(organization) == ([0, 0, 0], [2, 2, 2])


def test_the_held_first_date_is_one_of_the_turns(organization: Organization, post: Post) -> None:
    shop(organization, "round_robin", 1, 1, 1)
    start = factories.local(organization, 3, 14)
    held = post("holds", {"service": "massage", "starts_at": start.isoformat()}).json()
    answer = post("bookings", {**order(start, "FREQ=WEEKLY;COUNT=6"), "hold": held["id"]})
    assert answer.status_code == 201, answer.content
    assert served(organization) == {"driver-0": 2, "driver-1": 2, "driver-2": 2}
    assert rotation(organization) == ([0, 0, 0], [2, 2, 2])


def test_a_preview_takes_no_turn(organization: Organization, post: Post) -> None:
    shop(organization, "round_robin", 1, 1, 1)
    answer = post("bookings/preview-series", asked(factories.local(organization, 3, 14)))
    assert answer.status_code == 200, answer.content
    with transaction_for(organization.id):
        assert not Rotation.objects.exists()


def test_cancelling_the_rest_of_a_series_gives_its_turns_back(organization: Organization, post: Post) -> None:
    shop(organization, "round_robin", 1, 1, 1)
    book(post, factories.local(organization, 3, 14), "FREQ=WEEKLY;COUNT=12")
    with transaction_for(organization.id):
        seventh = Booking.objects.order_by("series_date")[6]
    changes.cancel(organization=organization, booking_id=seventh.id, version=None, scope="following", actor=STAFF)
    assert served(organization) == {"driver-0": 2, "driver-1": 2, "driver-2": 2}
    assert rotation(organization) == ([0, 0, 0], [2, 2, 2])


def test_a_series_that_moves_keeps_who_serves_and_takes_no_turn(organization: Organization, post: Post) -> None:
    shop(organization, "round_robin", 1, 1, 1)
    start = factories.local(organization, 3, 14)
    book(post, start, "FREQ=WEEKLY;COUNT=6")
    move(organization, start + timedelta(hours=1))
    assert served(organization) == {"driver-0": 2, "driver-1": 2, "driver-2": 2}
    assert rotation(organization) == ([0, 0, 0], [2, 2, 2])


def test_dates_that_move_to_where_their_resource_is_busy_share_the_others_turns(
    organization: Organization, post: Post
) -> None:
    service = shop(organization, "round_robin", 1, 1, 1)
    start = factories.local(organization, 3, 14)
    book(post, start, "FREQ=DAILY;COUNT=12")
    busy = start + timedelta(hours=3)
    for day in range(12):
        factories.make_booking(organization, service, busy + timedelta(days=day), resource="driver-0", by_staff=True)
    move(organization, busy)
    assert served(organization) == {"driver-1": 6, "driver-2": 6}
    with transaction_for(organization.id):
        assert sorted(Rotation.objects.get().turns.values()) == [0, 6, 6]


@pytest.mark.parametrize("people", [2, 3])
def test_a_series_goes_to_whoever_is_least_busy_with_its_other_dates_too(
    organization: Organization, post: Post, people: int
) -> None:
    shop(organization, "least_busy", *[1] * people)
    monday = factories.monday(organization, 14)
    book(post, monday, "FREQ=DAILY;COUNT=6")
    assert sorted(served(organization).values()) == [6 // people] * people


def move(organization: Organization, to: datetime) -> None:
    """All of the series' dates, by as much as the first."""
    with transaction_for(organization.id):
        first = Booking.objects.filter(series__isnull=False).order_by("series_date")[0]
    changes.reschedule(
        organization=organization, booking_id=first.id, starts_at=to, version=None, scope="all", actor=STAFF
    )


def who_and_why(organization: Organization) -> list[tuple[str, str, str | None]]:
    """Of each date in order: who serves it, by which code, and the time at which they are said to have served last."""
    with transaction_for(organization.id):
        rows = Booking.objects.filter(series__isnull=False).order_by("series_date")
        told = [assigned_of(row)[0] for row in rows]
    return [(each["resource"], each["because"]["code"], each["because"].get("last_served_at")) for each in told]


def in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def serve(organization: Organization, service: Service, by: str, start: datetime, email: str) -> None:
    details = factories.details_of(email)
    factories.make_booking(organization, service, start, resource=by, by_staff=True, details=details)


def test_each_date_of_a_series_goes_to_who_served_the_date_before(organization: Organization, post: Post) -> None:
    service, start = shop(organization, "last_seen", 1, 1, 1, 1), factories.local(organization, 3, 14)
    serve(organization, service, "driver-2", start - timedelta(hours=4), CUSTOMER["email"])
    book(post, start, "FREQ=DAILY;COUNT=4")
    before = [start - timedelta(hours=4), *(start + timedelta(days=day) for day in range(3))]
    assert who_and_why(organization) == [("driver-2", "last_seen", in_utc(each)) for each in before]


def test_a_date_without_the_one_who_knows_them_makes_another_known_for_those_after_it(
    organization: Organization, post: Post
) -> None:
    service, start = shop(organization, "last_seen", 1, 1), factories.local(organization, 3, 14)
    serve(organization, service, "driver-0", start - timedelta(hours=4), CUSTOMER["email"])
    serve(organization, service, "driver-0", start + timedelta(days=1), "omar@example.com")
    book(post, start, "FREQ=DAILY;COUNT=4")
    assert who_and_why(organization) == [
        ("driver-0", "last_seen", in_utc(start - timedelta(hours=4))),
        ("driver-1", "only_one", None),
        ("driver-1", "last_seen", in_utc(start + timedelta(days=1))),
        ("driver-1", "last_seen", in_utc(start + timedelta(days=2))),
    ]


def test_a_new_customer_meets_one_person_on_all_dates(organization: Organization, post: Post) -> None:
    shop(organization, "last_seen", 1, 1, 1, 1)
    book(post, factories.local(organization, 3, 14), "FREQ=WEEKLY;COUNT=8")
    assert list(served(organization).values()) == [8]
    assert [code for _who, code, _when in who_and_why(organization)] == ["lot", *["last_seen"] * 7]


def test_a_held_first_date_goes_to_who_knows_the_customer_and_the_others_follow(
    organization: Organization, post: Post
) -> None:
    service, start = shop(organization, "last_seen", 1, 1, 1, 1), factories.local(organization, 3, 14)
    serve(organization, service, "driver-3", start - timedelta(hours=4), CUSTOMER["email"])
    for number in range(4):  # whomever the lot gives the hold to
        first = start + timedelta(hours=number)
        held = post("holds", {"service": "massage", "starts_at": first.isoformat()}).json()
        answer = post("bookings", {**order(first, "FREQ=DAILY;COUNT=3"), "hold": held["id"]})
        assert answer.status_code == 201, answer.content
    assert served(organization) == {"driver-3": 12}
    with transaction_for(organization.id):
        assert not Allocation.objects.filter(active=True, expires_at__isnull=False).exists()
        assert Allocation.objects.filter(active=True).count() == 13


def test_a_held_first_date_that_stays_with_a_stranger_makes_them_known(organization: Organization, post: Post) -> None:
    shop(organization, "last_seen", 1, 1, 1, 1)
    start = factories.local(organization, 3, 14)
    held = post("holds", {"service": "massage", "starts_at": start.isoformat()}).json()
    assert post("bookings", {**order(start, "FREQ=DAILY;COUNT=5"), "hold": held["id"]}).status_code == 201
    assert list(served(organization).values()) == [5]
