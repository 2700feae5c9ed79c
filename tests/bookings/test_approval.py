"""Requests that staff approve, and what every action makes of every state."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.actions import create_api_key
from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.errors import SlotTaken, TransitionNotAllowed
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.domain import lifecycle
from holdfast.domain.lifecycle import Action, State
from tests import factories

STAFF = Actor("staff", "Sam")
REACHED: dict[State, tuple[str, ...]] = {
    State.CONFIRMED: ("confirm",),
    State.REQUESTED: (),
    State.IN_PROGRESS: ("confirm", "start"),
    State.COMPLETED: ("confirm", "complete"),
    State.CANCELLED: ("cancel",),
    State.NO_SHOW: ("confirm", "no-show"),
}


@pytest.fixture
def visit(organization: Organization) -> Service:
    factories.make_resource(organization)
    return factories.make_service(organization, slug="visit", needs_approval=True, horizon_days=60)


def test_a_request_that_nobody_has_approved_keeps_its_time_from_others(
    organization: Organization, visit: Service
) -> None:
    start = factories.local(organization, 3, 10)
    assert factories.make_booking(organization, visit, start).state == "requested"
    with clock.stopped(clock.now() + timedelta(days=2)), pytest.raises(SlotTaken):  # and not only for minutes
        factories.make_booking(organization, visit, start)


def test_a_request_that_is_declined_gives_its_time_back(organization: Organization, visit: Service) -> None:
    start = factories.local(organization, 3, 10)
    asked = factories.make_booking(organization, visit, start)
    actions.cancel(organization=organization, booking_id=asked.id, version=1, actor=STAFF, reason="We are away")
    assert factories.make_booking(organization, visit, start).state == "requested"


def test_a_held_time_becomes_a_request_without_being_given_up(organization: Organization, visit: Service) -> None:
    start = factories.local(organization, 3, 10)
    held = holds.hold(organization=organization, wish=Wish(service="visit"), starts_at=start)
    asked = actions.book(
        organization=organization,
        wish=Wish(service="visit"),
        starts_at=start,
        details=factories.DETAILS,
        hold_id=held.id,
    )
    assert (asked.id, asked.state, asked.hold_expires_at) == (held.id, "requested", None)


def test_customers_do_not_approve_their_own_requests(organization: Organization, visit: Service) -> None:
    asked = factories.make_booking(organization, visit, factories.local(organization, 3, 10))
    with pytest.raises(TransitionNotAllowed):
        actions.confirm(organization=organization, booking_id=asked.id, version=1, actor=CUSTOMER)


def brought_to(state: State, organization: Organization, service: Service, start: datetime) -> Booking:
    booking = factories.make_booking(organization, service, start)
    for name in REACHED[state]:
        change: Callable[..., Booking] = actions.CHANGES[name]
        booking = change(organization=organization, booking_id=booking.id, version=booking.version, actor=STAFF)
    assert booking.state == state
    return booking


@pytest.mark.parametrize("state", list(REACHED))
@pytest.mark.parametrize("name", list(actions.CHANGES))
def test_every_action_makes_of_every_state_what_the_table_says(
    client: Client, organization: Organization, visit: Service, state: State, name: str
) -> None:
    """By the API, with the version that is true: where the table has a way, there it leads; elsewhere 409."""
    booking = brought_to(state, organization, visit, factories.local(organization, 3, 10))
    _key, secret = create_api_key(organization_id=organization.id, name="Front desk", may_write=True)
    answer: Any = client.post(
        f"/api/v1/salon/bookings/{booking.reference}/{name}",
        {"version": booking.version},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    ways = lifecycle.targets(state, Action(name.replace("-", "_")), lifecycle.Actor.STAFF)
    if ways:
        assert (answer.status_code, answer.json()["state"]) == (200, ways[0])
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "transition_not_allowed")
        assert answer.json()["current"] == {"version": booking.version, "state": state}
