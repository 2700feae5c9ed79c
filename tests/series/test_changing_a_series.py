"""Later: this date, this and the following, or all; exceptions stay what they are."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.bookings import actions as bookings
from holdfast.bookings.models import Allocation, Booking, Series
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.domain.recurrence import WEEKDAYS
from holdfast.events.models import Event
from holdfast.series import changes, rules
from holdfast.series.affected import is_moved
from tests import factories
from tests.series.conftest import Post, at
from tests.series.test_booking_a_series import order

STAFF = Actor("staff", "Sam")
HOUR = timedelta(hours=1)


class Booked:
    """Six Tuesdays or so, booked by the API; its rows as they are now."""

    def __init__(self, organization: Organization, answer: dict[str, Any]) -> None:
        self.organization, self.answer = organization, answer
        self.token = answer["manage_url"].split("/")[-2]

    def rows(self) -> list[Booking]:
        with transaction_for(self.organization.id):
            rows = Booking.objects.filter(series__isnull=False).select_related("series", "service", "chosen_resource")
            return list(rows.order_by("series_date"))

    def starts(self) -> list[datetime]:
        return [row.starts_at for row in self.rows() if row.state == "confirmed"]


@pytest.fixture
def start(organization: Organization) -> datetime:
    return factories.local(organization, 10, 14)


@pytest.fixture
def booked(organization: Organization, service: Service, post: Post, start: datetime) -> Booked:
    return Booked(organization, post("bookings", order(start, "FREQ=WEEKLY;COUNT=6")).json())


def change(client: Client, booked: Booked, row: Booking, verb: str, **body: Any) -> Any:

    token = {"X-Manage-Token": manage_token(row.id)}
    path = f"/api/v1/salon/bookings/{row.reference}/{verb}"
    given = body if verb == "preview-change" else {"version": row.version, **body}
    return client.post(path, given, content_type="application/json", headers=token)


def test_cancelling_this_and_following_leaves_the_earlier_ones(client: Client, booked: Booked, start: datetime) -> None:
    third = booked.rows()[2]
    answer = change(client, booked, third, "cancel", scope="following")
    assert int(answer["Event-Id"]) > 0
    assert answer.status_code == 200, answer.content
    assert len(answer.json()["series"]["bookings"]) == 4
    assert booked.starts() == [at(start, 0), at(start, 1)]
    with transaction_for(booked.organization.id):
        assert Allocation.objects.filter(active=True).count() == 2
        assert Event.objects.filter(kind="series.cancelled").count() == 1
        told = Event.objects.filter(kind="booking.cancelled").values_list("payload__told_by", flat=True)
        assert list(told) == ["series.cancelled"] * 4
        assert [wall.date() for wall in rules.walls_of(Series.objects.get())] == [
            at(start, 0).date(),
            at(start, 1).date(),
        ]


def test_the_longest_rule_that_may_be_sent_can_end_earlier(
    organization: Organization, service: Service, post: Post, client: Client, start: datetime
) -> None:
    beginning = f"FREQ=WEEKLY;BYDAY={WEEKDAYS[start.weekday()]};COUNT=3;BYSETPOS=1"
    rule = beginning + "".join(f",{each}" for each in range(100, 100 + (200 - len(beginning)) // 4))
    assert 196 < len(rule) <= 200
    booked = Booked(organization, post("bookings", order(start, rule)).json())
    assert change(client, booked, booked.rows()[2], "cancel", scope="following").status_code == 200
    assert booked.starts() == [at(start, 0), at(start, 1)]


def test_cancelling_all_keeps_what_was_moved_by_itself_unless_told_otherwise(
    client: Client, booked: Booked, start: datetime
) -> None:
    rows = booked.rows()
    moved = change(client, booked, rows[3], "reschedule", starts_at=(at(start, 3) + HOUR).isoformat())
    assert moved.status_code == 200, moved.content
    preview = change(client, booked, rows[0], "preview-change", scope="all").json()
    assert [each["status"] for each in preview["dates"]] == ["ok", "ok", "ok", "kept", "ok", "ok"]
    assert preview["dates"][3]["reason"] == "was moved by itself"
    answer = change(client, booked, rows[0], "cancel", scope="all").json()
    assert [each["reason"] for each in answer["series"]["kept"]] == ["was moved by itself"]
    assert booked.starts() == [at(start, 3) + HOUR]
    last = booked.rows()[3]
    assert change(client, booked, last, "cancel", scope="all", with_moved=True).status_code == 200
    assert booked.starts() == []


def test_moving_this_and_following_to_another_day_and_hour_splits_the_series(
    client: Client, booked: Booked, start: datetime
) -> None:
    third = booked.rows()[2]
    wanted = at(start, 2) + timedelta(days=1, hours=1)
    answer = change(client, booked, third, "reschedule", scope="following", starts_at=wanted.isoformat())
    assert int(answer["Event-Id"]) > 0
    assert answer.status_code == 200, answer.content
    assert booked.starts() == [
        at(start, 0),
        at(start, 1),
        *(at(wanted, week) for week in range(4)),
    ]
    with transaction_for(booked.organization.id):
        old, new = Series.objects.order_by("created_at")
        assert new.continues == old
        assert [wall.date() for wall in rules.walls_of(old)] == [at(start, week).date() for week in (0, 1)]
        assert [wall.date() for wall in rules.walls_of(new)] == [at(wanted, week).date() for week in range(4)]
        assert new.start_minute == 15 * 60
    assert not any(is_moved(row) for row in booked.rows())


def test_moving_all_keeps_the_series_and_its_exceptions(client: Client, booked: Booked, start: datetime) -> None:
    rows = booked.rows()
    change(client, booked, rows[1], "cancel")
    change(client, booked, rows[4], "reschedule", starts_at=(at(start, 4) - 2 * HOUR).isoformat())
    later = at(start, 0) + HOUR
    answer = change(client, booked, rows[0], "reschedule", scope="all", starts_at=later.isoformat())
    assert answer.status_code == 200, answer.content
    assert booked.starts() == [
        later,
        at(later, 2),
        at(later, 3),
        at(start, 4) - 2 * HOUR,
        at(later, 5),
    ]
    with transaction_for(booked.organization.id):
        assert Series.objects.get().start_minute == 15 * 60
    assert [row.state for row in booked.rows()][1] == "cancelled"


def test_a_daily_series_moves_into_its_own_places(
    client: Client, organization: Organization, post: Post, start: datetime
) -> None:
    factories.make_resource(organization, slug="tom", kind="vehicle")
    factories.make_service(organization, slug="massage", needs=[{"kind": "vehicle"}], allows_series=True)
    booked = Booked(organization, post("bookings", order(start, "FREQ=DAILY;COUNT=5")).json())
    row = booked.rows()[0]
    day = timedelta(days=1)
    answer = change(client, booked, row, "reschedule", scope="all", starts_at=(start + day + HOUR / 2).isoformat())
    assert answer.status_code == 200, answer.content
    assert booked.starts() == [start + day * n + HOUR / 2 for n in range(1, 6)]


def test_one_conflict_keeps_all_of_them_where_they_are(
    client: Client, organization: Organization, service: Service, booked: Booked, start: datetime
) -> None:
    for resource in ("lea", "mia"):
        factories.make_booking(organization, service, at(start, 3) + 2 * HOUR, resource=resource)
    before = booked.starts()
    first = booked.rows()[0]
    wanted = (start + 2 * HOUR).isoformat()
    refused = change(client, booked, first, "reschedule", scope="all", starts_at=wanted)
    assert (refused.status_code, refused.json()["code"]) == (409, "series_conflict")
    statuses = [each["status"] for each in refused.json()["preview"]["dates"]]
    assert statuses == ["ok", "ok", "ok", "conflict", "ok", "ok"]
    assert booked.starts() == before
    day = at(start, 3).date().isoformat()
    kept = change(client, booked, first, "reschedule", scope="all", starts_at=wanted, keep=[day])
    assert kept.status_code == 200, kept.content
    assert booked.starts()[3] == at(start, 3)
    assert booked.starts()[4] == at(start, 4) + 2 * HOUR


def test_a_monthly_series_keeps_its_days(
    client: Client, organization: Organization, service: Service, post: Post, start: datetime
) -> None:
    booked = Booked(organization, post("bookings", order(start, f"FREQ=MONTHLY;BYMONTHDAY={start.day};COUNT=3")).json())
    row = booked.rows()[0]
    to = (start + timedelta(days=1)).isoformat()
    refused = change(client, booked, row, "reschedule", scope="all", starts_at=to)
    assert refused.json()["code"] == "series_cannot_move_so"
    moved = change(client, booked, row, "reschedule", scope="all", starts_at=(start + HOUR).isoformat())
    assert moved.status_code == 200, moved.content


def test_customers_cannot_change_what_is_within_the_notice_and_are_told_so(
    organization: Organization, service: Service, post: Post
) -> None:
    soon = factories.local(organization, 1, 8)
    booked = Booked(organization, post("bookings", order(soon, "FREQ=DAILY;COUNT=4")).json())
    with transaction_for(organization.id):
        organization.cancellation_notice_minutes = 60 * 24 * 2
        organization.save()
    first = booked.rows()[0]
    found, _moves = changes.look_ahead(organization=organization, booking_id=first.id, scope="all", actor=CUSTOMER)
    assert found.kept[0].reason == "too_late"
    assert all(each.booking.starts_at - clock.now() < timedelta(days=2) for each in found.kept)
    changed = changes.cancel(organization=organization, booking_id=first.id, version=None, scope="all", actor=CUSTOMER)
    assert len(changed.kept) + len(changed.bookings) == 4
    assert booked.rows()[0].state == "confirmed"
    by_staff = changes.cancel(organization=organization, booking_id=first.id, version=None, scope="all", actor=STAFF)
    assert by_staff.kept == []


def test_a_stale_version_and_a_series_without_dates_left_are_refused(
    client: Client, organization: Organization, booked: Booked
) -> None:
    first = booked.rows()[0]
    bookings.cancel(organization=organization, booking_id=first.id, version=1, actor=STAFF)
    stale = change(client, booked, first, "cancel", scope="all")
    assert stale.json()["code"] == "version_conflict"
    second = booked.rows()[1]
    assert change(client, booked, second, "cancel", scope="all").status_code == 200
    again = booked.rows()[1]
    nothing = change(client, booked, again, "cancel", scope="all")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_change")


def take(organization: Organization, service: Service, start: datetime) -> None:
    """Everybody is busy then."""
    for resource in ("lea", "mia"):
        factories.make_booking(organization, service, start, resource=resource)


def test_a_date_that_cannot_move_so_comes_with_other_times_and_goes_to_one_of_them(
    client: Client, organization: Organization, service: Service, booked: Booked, start: datetime
) -> None:
    take(organization, service, at(start, 2) + 2 * HOUR)
    rows = booked.rows()
    wanted = {"scope": "all", "starts_at": (start + 2 * HOUR).isoformat()}
    preview = change(client, booked, rows[0], "preview-change", **wanted).json()
    assert [each["status"] for each in preview["dates"]] == ["ok", "ok", "conflict", "ok", "ok", "ok"]
    assert [len(each["alternatives"]) for each in preview["dates"]] == [0, 0, 3, 0, 0, 0]
    stuck = preview["dates"][2]
    assert (stuck["code"], stuck["reason"]) == ("slot_taken", "This time is taken")
    assert [each["starts_at"] for each in stuck["alternatives"]] == [
        (at(start, 2) + HOUR).isoformat(),  # an hour earlier than wanted, for which it gives up its own place
        (at(start, 2) + 3 * HOUR).isoformat(),
        (at(start, 2) + HOUR / 2).isoformat(),
    ]
    assert stuck["alternatives"][0]["price"] == {"amount": 10_000, "currency": "EUR"}
    refused = change(client, booked, rows[0], "reschedule", **wanted)
    assert (refused.status_code, refused.json()["preview"]) == (409, preview)

    instead = [{"date": stuck["date"], "starts_at": stuck["alternatives"][1]["starts_at"]}]
    settled = change(client, booked, rows[0], "preview-change", **wanted, instead=instead).json()
    assert settled["counts"] == {"ok": 6, "conflict": 0, "kept": 0}
    moved = change(client, booked, rows[0], "reschedule", **wanted, instead=instead)
    assert moved.status_code == 200, moved.content
    hours = [2, 2, 3, 2, 2, 2]
    assert booked.starts() == [at(start, week) + more * HOUR for week, more in enumerate(hours)]
    assert [is_moved(row) for row in booked.rows()] == [False, False, True, False, False, False]


def test_where_one_person_was_asked_for_another_at_the_same_time_is_offered_first_and_taken(
    client: Client, organization: Organization, service: Service, booked: Booked, start: datetime
) -> None:
    factories.make_booking(organization, service, at(start, 1) + 2 * HOUR, resource="lea")
    first = booked.rows()[0]
    wanted = {"scope": "all", "starts_at": (start + 2 * HOUR).isoformat(), "resource": "lea"}
    stuck = change(client, booked, first, "preview-change", **wanted).json()["dates"][1]
    best = stuck["alternatives"][0]
    assert (best["starts_at"], best["resource"]) == (
        (at(start, 1) + 2 * HOUR).isoformat(),
        {"slug": "mia", "name": "Mia"},
    )
    instead = [{"date": stuck["date"], "starts_at": best["starts_at"], "resource": "mia"}]
    assert change(client, booked, first, "reschedule", **wanted, instead=instead).status_code == 200
    with transaction_for(organization.id):
        chosen = [row.chosen_resource.slug for row in booked.rows() if row.chosen_resource]
    assert chosen == ["lea", "mia", "lea", "lea", "lea", "lea"]


def test_a_date_goes_elsewhere_once_and_only_if_it_moves_at_all(
    client: Client, booked: Booked, start: datetime
) -> None:
    first = booked.rows()[0]
    wanted = {"scope": "all", "starts_at": (start + HOUR).isoformat()}
    one = {"date": str(at(start, 1).date()), "starts_at": (at(start, 1) + 2 * HOUR).isoformat()}
    for wrong in ({"instead": [one, one]}, {"instead": [one], "keep": [one["date"]]}):
        refused = change(client, booked, first, "reschedule", **wanted, **wrong)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "instead")


def test_a_date_to_be_kept_must_be_one_of_the_series(client: Client, booked: Booked, start: datetime) -> None:
    last = booked.rows()[-1]
    wanted = {"scope": "all", "starts_at": (at(start, 5) + HOUR).isoformat()}
    for path in ("preview-change", "reschedule"):
        refused = change(client, booked, last, path, **wanted, keep=[str((at(start, 1) + 24 * HOUR).date())])
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "keep")
    assert booked.starts() == [at(start, week) for week in range(6)]


def test_other_times_of_a_move_keep_the_customers_limits(
    client: Client, organization: Organization, service: Service, booked: Booked, start: datetime
) -> None:
    take(organization, service, at(start, 2) + 2 * HOUR)  # of the same customer, whose day it fills
    factories.make_limit(organization, kind="customer", most=1, period="day")
    first = booked.rows()[0]
    preview = change(client, booked, first, "preview-change", scope="all", starts_at=(start + 2 * HOUR).isoformat())
    stuck = preview.json()["dates"][2]
    assert stuck["code"] == "customer_limit"
    assert str(at(start, 2).date()) not in [each["starts_at"][:10] for each in stuck["alternatives"]]
