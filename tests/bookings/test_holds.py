"""How long a hold lasts."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.errors import HoldExpired
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from tests import factories


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization)
    return factories.make_service(organization)


@pytest.fixture
def start(organization: Organization) -> datetime:
    return factories.local(organization, 3, 10)


def test_a_hold_can_be_extended_to_three_times_its_length_and_no_further(
    organization: Organization, service: Service, start: datetime
) -> None:
    began = clock.now()
    with clock.stopped(began):
        held = holds.hold(organization=organization, wish=Wish(service=service.slug), starts_at=start)
    assert held.hold_expires_at == began + timedelta(minutes=10)
    for minutes, until in ((5, 15), (14, 24), (23, 30), (29, 30)):
        with clock.stopped(began + timedelta(minutes=minutes)):
            extended = holds.extend_hold(organization=organization, hold_id=held.id)
        assert extended.hold_expires_at == began + timedelta(minutes=until)
    with clock.stopped(began + timedelta(minutes=30)), pytest.raises(HoldExpired):
        holds.extend_hold(organization=organization, hold_id=held.id)


def test_extending_a_hold_never_shortens_it(organization: Organization, service: Service, start: datetime) -> None:
    """A hold that was exchanged for another slot late in its life ends later than three times its first length."""
    wish, began = Wish(service=service.slug), clock.now()

    def at(minutes: int) -> Any:
        return clock.stopped(began + timedelta(minutes=minutes))

    with at(0):
        held = holds.hold(organization=organization, wish=wish, starts_at=start)
    for minutes in (9, 18):
        with at(minutes):
            holds.extend_hold(organization=organization, hold_id=held.id)
    with at(27):
        moved = holds.hold(organization=organization, wish=wish, starts_at=start + timedelta(hours=1), replaces=held.id)
    assert moved.hold_expires_at == began + timedelta(minutes=37)
    with at(31):
        extended = holds.extend_hold(organization=organization, hold_id=held.id)
    assert extended.hold_expires_at == began + timedelta(minutes=37)


def test_a_hold_on_one_persons_time_does_not_book_anothers(organization: Organization, start: datetime) -> None:
    for name in ("lea", "max"):
        factories.make_resource(organization, slug=name, is_public=True)
    service = factories.make_service(organization, needs=[{"kind": "person", "is_choosable": True}])
    lea, anybody = Wish(service=service.slug, resource="lea"), Wish(service=service.slug)

    def book(wish: Wish, hold_id: UUID) -> Booking:
        return actions.book(
            organization=organization, wish=wish, starts_at=start, details=factories.DETAILS, hold_id=hold_id
        )

    held = holds.hold(organization=organization, wish=lea, starts_at=start)
    with pytest.raises(ValidationError):
        book(Wish(service=service.slug, resource="max"), held.id)
    booked = book(anybody, held.id)
    assert (booked.state, booked.chosen_resource and booked.chosen_resource.slug) == ("confirmed", "lea")
    held = holds.hold(organization=organization, wish=anybody, starts_at=start)
    with pytest.raises(ValidationError):
        book(lea, held.id)
