"""Services as a customer meets them: what it is, how long, from how much, when next."""

from dataclasses import dataclass
from datetime import datetime

from holdfast.bookings.availability import booker, plan_cache
from holdfast.bookings.availability.question import Wish
from holdfast.catalog import queries
from holdfast.catalog.models import Organization, PriceUnit, Service
from holdfast.core import clock
from holdfast.web import formats


@dataclass(frozen=True, slots=True)
class Offer:
    """`amount` is what the shortest booking for one person costs; `varies`: others cost more; `each`: per person."""

    service: Service
    minutes: int
    longest: int
    amount: int
    varies: bool
    each: bool
    next_free: datetime | None = None

    @property
    def next_free_words(self) -> str:
        """ "Thu, Mar 12, 2:00 PM" on the business's clock."""
        return formats.moment(self.next_free, str(self.next_free.tzinfo)) if self.next_free else ""


def offers(organization: Organization, now: datetime) -> list[Offer]:
    """Every service on offer, with its first free time in the next month. Inside the tenant's transaction."""
    return [offer(service, organization, now, look=True) for service in queries.services_on_offer()]


def offer(service: Service, organization: Organization, now: datetime, *, look: bool = False) -> Offer:
    """One service; its first free time only where it is to be looked for."""
    shortest = service.duration_minutes
    longest = service.longest_duration_minutes or shortest
    question = plan_cache.question_of(organization, Wish(service.slug), now)
    next_free = booker.first_free(question, now) if look else None
    start = clock.to_minute(next_free) if next_free else question.reach[0]
    varies = question.flat_price() is None or (service.price_unit == PriceUnit.HOUR and longest > shortest)
    each = service.price_unit == PriceUnit.PERSON and service.largest_party > 1
    return Offer(service, shortest, longest, question.price(start).total.amount, varies, each, next_free)
