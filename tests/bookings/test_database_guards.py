"""What the database itself refuses, whoever asks: actions, admin, scripts or SQL."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.errors import CheckViolation, ExclusionViolation

from holdfast.bookings.models import Allocation, Booking
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES, Organization, Resource, Service
from holdfast.core import clock
from holdfast.core.keys import new_reference, uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.domain import lifecycle
from holdfast.domain.lifecycle import State
from tests import factories


@pytest.fixture
def resource(organization: Organization) -> Resource:
    return factories.make_resource(organization, lanes=2)


@pytest.fixture
def service(organization: Organization, resource: Resource) -> Service:
    return factories.make_service(organization)


@pytest.fixture
def start(organization: Organization) -> datetime:
    return factories.local(organization, 3, 10)


def refused(work: Callable[[], Any], by: str, error: type[psycopg.Error] = CheckViolation) -> None:
    """`work` breaks on the constraint (or the trigger's rule) of this name, and on nothing else."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        work()
    cause = caught.value.__cause__
    assert isinstance(cause, error), cause
    assert cause.diag.constraint_name == by


def new_booking(organization: Organization, service: Service, start: datetime, **columns: Any) -> Booking:
    now = clock.now()
    given: dict[str, Any] = {
        "id": uuid7(),
        "organization": organization,
        "reference": new_reference(),
        "service": service,
        "state": State.CONFIRMED,
        "starts_at": start,
        "ends_at": start + timedelta(hours=1),
        "time_zone": organization.time_zone,
        "price_amount": 0,
        "price_currency": "EUR",
        "customer_email": "ana@example.com",
        "hold_expires_at": now if columns.get("state") == State.HELD else None,
        "created_at": now,
        "updated_at": now,
    }
    booking = Booking(**{**given, **columns})
    booking.save(force_insert=True)
    return booking


@pytest.mark.django_db
def test_the_databases_table_of_transitions_is_that_of_the_domain() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT from_state, to_state FROM bookings_legal_transition")
        known = set(cursor.fetchall())
    assert known == {(str(source), str(target)) for source, target in lifecycle.pairs()} | {
        ("", str(state)) for state in lifecycle.initial()
    }


def test_every_transition_that_the_domain_does_not_know_is_refused(
    organization: Organization, service: Service, start: datetime
) -> None:
    """All 81 pairs of states, one by one, by plain UPDATE; a row is put into its state with the trigger's help."""
    for source, target in product(State, State):
        with transaction_for(organization.id):
            booking = brought_to(organization, service, start, source)
            changed = Booking.objects.filter(id=booking.id)
            columns = {"state": target, "version": booking.version + 1, "hold_expires_at": clock.now()}
            if source == target or (source, target) in lifecycle.pairs():
                assert changed.update(**columns) == 1, f"{source} → {target}"
            else:
                refused(lambda: changed.update(**columns), "booking_transition_legal")  # noqa: B023 - called here
            transaction.set_rollback(True)


def brought_to(organization: Organization, service: Service, start: datetime, state: State) -> Booking:
    """A booking in this state, by legal steps only."""
    path = next(_paths(state))
    booking = new_booking(organization, service, start, state=path[0])
    for step in path[1:]:
        booking.version += 1
        booking.state = step
        booking.save()
    return booking


def _paths(state: State) -> Any:
    """Ways from a first state to this one, shortest first."""
    ways: list[list[State]] = [[first] for first in sorted(lifecycle.initial())]
    while ways:
        way = ways.pop(0)
        if way[-1] == state:
            yield way
        ways += [[*way, target] for source, target in sorted(lifecycle.pairs()) if source == way[-1]]


@pytest.mark.parametrize("state", [state for state in State if state not in lifecycle.initial()])
def test_no_booking_is_born_in_the_middle_of_its_life(
    organization: Organization, service: Service, start: datetime, state: State
) -> None:
    with transaction_for(organization.id):
        refused(lambda: new_booking(organization, service, start, state=state), "booking_transition_legal")


@pytest.mark.parametrize("version", [1, 3, 0])
def test_a_change_that_does_not_raise_the_version_by_one_is_refused(
    organization: Organization, service: Service, start: datetime, version: int
) -> None:
    """So an update made from an old reading cannot overwrite a newer one, wherever it comes from."""
    with transaction_for(organization.id):
        booking = new_booking(organization, service, start)
        refused(
            lambda: Booking.objects.filter(id=booking.id).update(customer_name="Eve", version=version),
            "booking_version_rises",
        )


def allocate(booking: Booking, resource: Resource, start: int, end: int, **columns: Any) -> Allocation:
    given = {"lane": 0, "start_minute": start, "end_minute": end, "organization_id": booking.organization_id}
    row = Allocation(booking=booking, resource=resource, **{**given, **columns})
    row.save(force_insert=True)
    return row


def test_a_second_allocation_of_a_lane_in_the_same_minute_is_refused(
    organization: Organization, service: Service, resource: Resource, start: datetime
) -> None:
    with transaction_for(organization.id):
        booking = new_booking(organization, service, start)
        first = allocate(booking, resource, 600, 660)
        for begin, end in ((600, 660), (659, 700), (500, 601), (610, 620), (0, 4000)):
            refused(
                lambda: allocate(booking, resource, begin, end),  # noqa: B023 - called here
                "allocation_no_overlap",
                ExclusionViolation,
            )
        allocate(booking, resource, 660, 720)  # half-open: the next may begin where it ends
        allocate(booking, resource, 540, 600)
        allocate(booking, resource, 600, 660, lane=1)
        allocate(booking, resource, 600, 660, active=False)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE bookings_allocation SET active = false WHERE id = %s", [first.id])
        allocate(booking, resource, 610, 620)


@pytest.mark.parametrize("end", [600, 599, 600 + LONGEST_OCCUPATION_MINUTES + 1])
def test_an_allocation_lasts_a_minute_at_least_and_three_days_at_most(
    organization: Organization, service: Service, resource: Resource, start: datetime, end: int
) -> None:
    """Reads of busy time rely on the longest: a longer one would not be seen by them."""
    with transaction_for(organization.id):
        booking = new_booking(organization, service, start)
        if end <= 600:  # the generated range refuses a negative one first, by its own error
            with pytest.raises(Exception, match=r"allocation_bounded|range lower bound"), transaction.atomic():
                allocate(booking, resource, 600, end)
        else:
            refused(lambda: allocate(booking, resource, 600, end), "allocation_bounded")
        allocate(booking, resource, 600, 600 + LONGEST_OCCUPATION_MINUTES)


def test_a_lane_is_never_negative(
    organization: Organization, service: Service, resource: Resource, start: datetime
) -> None:
    with transaction_for(organization.id):
        booking = new_booking(organization, service, start)
        refused(lambda: allocate(booking, resource, 600, 660, lane=-1), "allocation_lane_positive")


@pytest.mark.parametrize(
    ("columns", "guard"),
    [
        ({"state": State.HELD, "hold_expires_at": None}, "booking_hold_expires"),
        ({"state": State.CONFIRMED, "customer_email": ""}, "booking_has_a_customer"),
        ({"state": State.REQUESTED, "customer_email": ""}, "booking_has_a_customer"),
        ({"party_size": 0}, "booking_has_a_party"),
        ({"ends_at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")}, "booking_ends_after_it_starts"),
    ],
)
def test_a_booking_without_what_makes_it_one_is_refused(
    organization: Organization, service: Service, start: datetime, columns: dict[str, Any], guard: str
) -> None:
    with transaction_for(organization.id):
        refused(lambda: new_booking(organization, service, start, **columns), guard)


def test_a_hold_needs_no_customer(organization: Organization, service: Service, start: datetime) -> None:
    with transaction_for(organization.id):
        assert new_booking(organization, service, start, state=State.HELD, customer_email="").version == 1


def test_a_reference_is_given_once_in_an_organization(
    organization: Organization, service: Service, start: datetime
) -> None:
    with transaction_for(organization.id):
        new_booking(organization, service, start, reference="ABCD2345")
        with pytest.raises(IntegrityError, match="booking_reference_once"), transaction.atomic():
            new_booking(organization, service, start, reference="ABCD2345")


def test_the_manual_shows_the_table_as_it_is() -> None:
    manual = Path(__file__).parents[2] / "docs/algorithms/lifecycle.md"
    assert lifecycle.as_markdown() in manual.read_text()
