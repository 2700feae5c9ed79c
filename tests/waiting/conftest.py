"""A small shop whose times are taken, and people who wait for one."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from holdfast.bookings import actions as bookings
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.holds import expiring
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization, Resource, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.waiting import actions, offering
from holdfast.waiting.actions import Times
from holdfast.waiting.models import WaitingEntry, WaitingOffer
from tests import factories

STAFF = Actor("staff", "Sam Owner")


@dataclass
class Shop:
    """One person works from ten to noon, so two massages of an hour fill a day."""

    organization: Organization
    service: Service
    person: Resource
    booked: list[Booking] = field(default_factory=list)

    def start(self, hour: int = 10, minute: int = 0, days: int = 3) -> datetime:
        """`days` from when the shop was made, also when `later` has gone past midnight."""
        with clock.stopped(self.organization.created_at):
            return factories.local(self.organization, days, hour, minute)

    def day(self, days: int = 3) -> date:
        return self.start(days=days).date()

    def fill(self, days: int = 3) -> list[Booking]:
        """Book the whole day."""
        made = [factories.make_booking(self.organization, self.service, self.start(hour, 0, days)) for hour in (10, 11)]
        self.booked += made
        return made

    def join(self, name: str, *, days: int = 3, last: int | None = None, **given: Any) -> WaitingEntry:
        wish = Wish(service=given.pop("service", self.service).slug, **given.pop("wish", {}))
        times = Times(self.day(days), self.day(last or days), **given)
        customer = Customer(name=name, email=f"{name.lower()}@example.com", locale="en")
        return actions.join(organization=self.organization, wish=wish, times=times, customer=customer)

    def cancel(self, booking: Booking) -> None:
        bookings.cancel(organization=self.organization, booking_id=booking.id, version=booking.version, actor=STAFF)

    def claim(self, offer: WaitingOffer, name: str = "Ana") -> Booking:
        details = Details(customer=Customer(name=name, email=f"{name.lower()}@example.com"))
        return actions.claim(organization=self.organization, offer_id=offer.id, details=details)

    def state(self, entry: WaitingEntry) -> str:
        with transaction_for(self.organization.id):
            return WaitingEntry.objects.get(id=entry.id).state

    def offers(self, entry: WaitingEntry | None = None) -> list[WaitingOffer]:
        """Oldest first."""
        with transaction_for(self.organization.id):
            found = WaitingOffer.objects.select_related("entry", "booking").order_by("offered_at", "id")
            return list(found.filter(entry=entry) if entry else found)

    def offered(self, entry: WaitingEntry) -> WaitingOffer | None:
        """What stands for the entry."""
        return next((offer for offer in self.offers(entry) if not offer.outcome), None)

    def sweep(self) -> None:
        """What the worker does each minute."""
        expiring.release_expired_holds(organization_id=self.organization.id)
        actions.expire_entries(organization_id=self.organization.id)
        offering.offer_to_all(organization_id=self.organization.id)

    def later(self, minutes: int) -> Any:
        return clock.stopped(clock.now() + timedelta(minutes=minutes))


def make_shop(**organization: Any) -> Shop:
    made = factories.make_organization(**organization)
    person = factories.make_resource(made, hours=(time(10), time(12)), is_public=True, slug="lea")
    service = factories.make_service(made, needs=[{"kind": "person", "is_choosable": True}])
    return Shop(made, service, person)


@pytest.fixture
def shop(db: None) -> Shop:
    shop = make_shop(slug="salon", name="Salon")
    shop.fill()
    return shop
