"""Staff go beyond a limit for dates of a series, with a reason; only those that exceed one are recorded so."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.actions import create_api_key
from holdfast.bookings.models import Booking, LimitOverride
from holdfast.catalog.models import Closure, Organization, Service
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories
from tests.series.conftest import Post, asked, at
from tests.series.test_booking_a_series import order

REASON = {"override": {"reason": "A regular, agreed with Lea"}}
LIMIT = "Massage: at most 1 booking a day"


@pytest.fixture
def start(organization: Organization, service: Service) -> datetime:
    """Of four weeks the second and the fourth are full."""
    factories.make_limit(organization, kind="service", service=service, most=1)
    start = factories.local(organization, 3, 14)
    for week in (1, 3):
        factories.make_booking(
            organization, service, at(start, week) - timedelta(hours=3), details=factories.details_of("eve@example.com")
        )
    return start


@pytest.fixture
def key(organization: Organization) -> dict[str, str]:
    _key, secret = create_api_key(organization_id=organization.id, name="Front desk", may_write=True)
    return {"Authorization": f"Bearer {secret}"}


def recorded(organization: Organization) -> list[tuple[Any, str, int, int, str, str]]:
    with transaction_for(organization.id):
        rows = LimitOverride.objects.select_related("booking").order_by("day")
        return [
            (each.booking.series_date, each.words["en"], each.used, each.most, each.reason, each.actor_name)
            for each in rows
        ]


def test_dates_beyond_a_limit_are_booked_with_a_reason_and_recorded_alone(
    organization: Organization, post: Post, client: Client, start: datetime, key: dict[str, str]
) -> None:
    answer = post("bookings", {**order(start), **REASON}, **key)
    assert answer.status_code == 201, answer.content
    made = answer.json()["series"]["bookings"]
    assert [each["date"] for each in made] == [at(start, week).date().isoformat() for week in range(4)]
    reason = REASON["override"]["reason"]
    assert recorded(organization) == [(at(start, week).date(), LIMIT, 1, 1, reason, "Front desk") for week in (1, 3)]
    with transaction_for(organization.id):
        assert Event.objects.filter(kind="limit.overridden").count() == 2
    shown = [
        client.get(f"/api/v1/salon/bookings/{each['reference']}", headers=key).json()["overrides"] for each in made
    ]
    assert [[each["limit"] for each in one] for one in shown] == [[], [LIMIT], [], [LIMIT]]


def test_the_preview_says_which_dates_go_beyond_which_limit(post: Post, start: datetime, key: dict[str, str]) -> None:
    within = post("bookings/preview-series", asked(start), **key).json()
    assert [each["code"] for each in within["dates"]] == [None, "service_day_limit", None, "service_day_limit"]
    beyond = post("bookings/preview-series", {**asked(start), "beyond_limits": True}, **key).json()
    assert beyond["bookable"]
    day = at(start, 1).date().isoformat()
    assert [len(each["exceeded"]) for each in beyond["dates"]] == [0, 1, 0, 1]
    assert beyond["dates"][1]["exceeded"] == [
        {"code": "service_day_limit", "limit": LIMIT, "day": day, "most": 1, "used": 1}
    ]


def test_customers_never_go_beyond_a_limit(organization: Organization, post: Post, start: datetime) -> None:
    assert post("bookings", {**order(start), **REASON}).status_code == 403
    assert post("bookings/preview-series", {**asked(start), "beyond_limits": True}).status_code == 403
    assert recorded(organization) == []
    with transaction_for(organization.id):
        assert not Booking.objects.filter(series__isnull=False).exists()


def test_a_date_that_is_closed_is_refused_whatever_the_reason(
    organization: Organization, service: Service, post: Post, start: datetime, key: dict[str, str]
) -> None:
    with transaction_for(organization.id):
        Closure.objects.create(organization=organization, starts_on=at(start, 2).date(), ends_on=at(start, 2).date())
    refused = post("bookings", {**order(start), **REASON}, **key)
    assert refused.status_code == 409
    codes = [each["code"] for each in refused.json()["preview"]["dates"]]
    assert codes == [None, None, "outside_hours", None]
    assert recorded(organization) == []


def test_an_override_that_is_not_needed_leaves_no_trace(
    organization: Organization, post: Post, start: datetime, key: dict[str, str]
) -> None:
    skipped = [{"date": at(start, week).date().isoformat(), "action": "skip"} for week in (1, 3)]
    assert post("bookings", {**order(start, resolutions=skipped), **REASON}, **key).status_code == 201
    assert recorded(organization) == []


@pytest.mark.parametrize("held", [False, True])
def test_the_dates_of_one_customer_count_against_their_limit_in_order(
    organization: Organization, service: Service, post: Post, key: dict[str, str], held: bool
) -> None:
    """Whether or not the first is held: it is the first to count, and the third and fourth exceed."""
    factories.make_limit(organization, kind="customer", most=2, period="rolling", rolling_days=7)
    monday = factories.monday(organization, 14)
    body = order(monday, "FREQ=DAILY;COUNT=4")
    if held:
        body["hold"] = post("holds", {"service": "massage", "starts_at": monday.isoformat()}).json()["id"]
    refused = post("bookings", body, **key)
    assert (refused.status_code, refused.json()["code"]) == (409, "series_conflict")
    dates = refused.json()["preview"]["dates"]
    assert [each["code"] for each in dates] == [None, None, "customer_limit", "customer_limit"]
    answer = post("bookings", {**body, **REASON}, **key)
    assert answer.status_code == 201, answer.content
    days = [monday.date() + timedelta(days=day) for day in (2, 3)]
    assert [(day, used) for day, _words, used, *_more in recorded(organization)] == [(days[0], 2), (days[1], 3)]


def test_dates_are_moved_beyond_a_limit_with_a_reason(
    organization: Organization, post: Post, start: datetime, key: dict[str, str]
) -> None:
    first = post("bookings", order(start - timedelta(days=1)), **key).json()
    path = f"bookings/{first['reference']}"
    body = {"version": first["version"], "scope": "all", "starts_at": start.isoformat()}
    preview = {"scope": "all", "starts_at": start.isoformat()}
    within = post(f"{path}/preview-change", preview, **key).json()
    assert [each["code"] for each in within["dates"]] == [None, "service_day_limit", None, "service_day_limit"]
    beyond = post(f"{path}/preview-change", {**preview, "beyond_limits": True}, **key).json()
    assert [[one["limit"] for one in each["exceeded"]] for each in beyond["dates"]] == [[], [LIMIT], [], [LIMIT]]
    token = {"X-Manage-Token": first["manage_url"].split("/")[-2]}
    assert post(f"{path}/reschedule", {**body, **REASON}, **token).status_code == 403
    assert post(f"{path}/preview-change", {**preview, "beyond_limits": True}, **token).status_code == 403
    assert post(f"{path}/reschedule", body, **key).status_code == 409
    assert post(f"{path}/reschedule", {**body, **REASON}, **key).status_code == 200
    assert [day for day, *_more in recorded(organization)] == [at(start, 1).date(), at(start, 3).date()]
