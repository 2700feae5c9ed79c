"""A series that needs approval is approved whole, by staff, and told once; a session may look ahead of a change."""

from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.actions import create_api_key
from holdfast.accounts.models import Role
from holdfast.bookings.models import Booking, Transition
from holdfast.catalog.models import Organization, Service
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories
from tests.series.conftest import Post, at
from tests.series.test_booking_a_series import order

START_DAYS, HOUR = 10, 14


@pytest.fixture
def rows(organization: Organization, service: Service, post: Post) -> list[Booking]:
    """Four Tuesdays or so that wait for approval."""
    with transaction_for(organization.id):
        Service.objects.filter(id=service.id).update(needs_approval=True)
    answer = post("bookings", order(factories.local(organization, START_DAYS, HOUR)))
    assert answer.status_code == 201, answer.content
    return stored(organization)


def stored(organization: Organization) -> list[Booking]:
    with transaction_for(organization.id):
        return list(Booking.objects.order_by("series_date"))


def states(organization: Organization) -> list[str]:
    return [row.state for row in stored(organization)]


@pytest.fixture
def key(organization: Organization) -> dict[str, str]:
    _key, secret = create_api_key(organization_id=organization.id, name="till", may_write=True)
    return {"Authorization": f"Bearer {secret}"}


def change(client: Client, row: Booking, verb: str, headers: dict[str, str], **body: Any) -> Any:
    path = f"/api/v1/salon/bookings/{row.reference}/{verb}"
    return client.post(path, body, content_type="application/json", headers=headers)


def told(organization: Organization, kind: str) -> list[str | None]:
    with transaction_for(organization.id):
        return list(Event.objects.filter(kind=kind).values_list("payload__told_by", flat=True))


def test_a_key_approves_all_dates_at_once_and_one_event_tells_of_them(
    organization: Organization, client: Client, rows: list[Booking], key: dict[str, str]
) -> None:
    answer = change(client, rows[0], "confirm", key, version=1, scope="all")
    assert answer.status_code == 200, answer.content
    series = answer.json()["series"]
    assert [each["reference"] for each in series["bookings"]] == [row.reference for row in rows]
    assert series["kept"] == []
    assert states(organization) == ["confirmed"] * 4
    assert told(organization, "booking.confirmed") == ["series.confirmed"] * 4
    assert told(organization, "series.confirmed") == [None]
    with transaction_for(organization.id):
        assert Transition.objects.filter(action="confirm", actor_kind="staff").count() == 4


def test_this_and_following_leaves_the_earlier_dates_waiting(
    organization: Organization, client: Client, rows: list[Booking], key: dict[str, str]
) -> None:
    assert change(client, rows[2], "confirm", key, version=1, scope="following").status_code == 200
    assert states(organization) == ["requested", "requested", "confirmed", "confirmed"]


def test_what_was_approved_cancelled_or_moved_by_itself_before_is_no_obstacle(
    organization: Organization, client: Client, rows: list[Booking], key: dict[str, str]
) -> None:
    start = factories.local(organization, START_DAYS, HOUR + 1)
    change(client, rows[0], "confirm", key, version=1)
    change(client, rows[1], "cancel", key, version=1)
    moved = change(client, rows[2], "reschedule", key, version=1, starts_at=at(start, 2).isoformat())
    assert moved.status_code == 200, moved.content
    series = change(client, rows[3], "confirm", key, version=1, scope="all").json()["series"]
    assert [each["reference"] for each in series["bookings"]] == [rows[2].reference, rows[3].reference]
    assert [(each["reference"], each["reason"]) for each in series["kept"]] == [
        (rows[0].reference, "is approved already")
    ]
    assert states(organization) == ["confirmed", "cancelled", "confirmed", "confirmed"]


def test_approving_again_changes_nothing_and_says_so(
    organization: Organization, client: Client, rows: list[Booking], key: dict[str, str]
) -> None:
    change(client, rows[0], "confirm", key, version=1, scope="all")
    again = change(client, rows[0], "confirm", key, version=2, scope="all")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_change")
    assert again.json()["detail"] == "None of these dates waits for approval any more"
    assert [row.version for row in stored(organization)] == [2] * 4


def test_a_date_that_changed_meanwhile_stops_the_approval(
    organization: Organization, client: Client, rows: list[Booking], key: dict[str, str]
) -> None:
    start = factories.local(organization, START_DAYS, HOUR + 1)
    change(client, rows[0], "reschedule", key, version=1, starts_at=start.isoformat())
    stale = change(client, rows[0], "confirm", key, version=1, scope="all")
    assert (stale.status_code, stale.json()["code"]) == (409, "version_conflict")
    assert states(organization) == ["requested"] * 4


def test_a_customer_approves_nothing(organization: Organization, client: Client, rows: list[Booking]) -> None:
    token = {"X-Manage-Token": manage_token(rows[0].id)}
    refused = change(client, rows[0], "confirm", token, version=1, scope="all")
    assert (refused.status_code, refused.json()["code"]) == (409, "transition_not_allowed")
    assert states(organization) == ["requested"] * 4


def test_a_session_sees_what_a_change_would_do_but_changes_nothing_here(
    organization: Organization, client: Client, rows: list[Booking]
) -> None:
    client.force_login(factories.make_staff(organization, Role.DISPATCHER))
    to = factories.local(organization, START_DAYS, HOUR + 1).isoformat()
    ahead = change(client, rows[0], "preview-change", {}, scope="all", starts_at=to)
    assert ahead.status_code == 200, ahead.content
    assert ahead.json()["counts"] == {"ok": 4, "conflict": 0, "kept": 0}
    for verb, more in (("reschedule", {"starts_at": to}), ("confirm", {}), ("cancel", {})):
        assert change(client, rows[0], verb, {}, version=1, scope="all", **more).status_code == 403
    assert states(organization) == ["requested"] * 4


@pytest.mark.parametrize(("role", "status"), [(Role.MEMBER, 403), (Role.READ_ONLY, 403), (None, 404)])
def test_whoever_may_not_change_a_booking_sees_no_preview_of_it(
    organization: Organization, client: Client, rows: list[Booking], role: Role | None, status: int
) -> None:
    if role:
        client.force_login(factories.make_staff(organization, role))
    assert change(client, rows[0], "preview-change", {}, scope="all").status_code == status


def test_staff_of_another_organization_see_nothing(
    other_organization: Organization, client: Client, rows: list[Booking]
) -> None:
    client.force_login(factories.make_staff(other_organization, Role.OWNER))
    assert change(client, rows[0], "preview-change", {}, scope="all").status_code == 404
