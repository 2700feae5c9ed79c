"""Services as a customer meets them: what it is, how long, from how much, when next."""

from dataclasses import dataclass
from datetime import datetime

from holdfast.bookings.availability import booker, plan_cache
from holdfast.bookings.availability.question import Wish
from holdfast.catalog import queries
from holdfast.catalog.models import Organization, PriceUnit, Service
from holdfast.domain.pricing import price
from holdfast.web import formats


@dataclass(frozen=True, slots=True)
class Offer:
    """`amount` is what the shortest booking for one person costs; `varies`: longer ones more; `each`: per person."""

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
    services = queries.services_on_offer()
    questions = [plan_cache.question_of(organization, Wish(service.slug), now) for service in services]
    free = booker.first_free_of_all(questions, now)
    return [offer(service, organization, start) for service, start in zip(services, free, strict=True)]


def offer(service: Service, organization: Organization, next_free: datetime | None = None) -> Offer:
    """One service, with its first free time where that was looked for."""
    shortest = service.duration_minutes
    longest = service.longest_duration_minutes or shortest
    unit = service.price_unit
    least = price(service.price_amount, unit, shortest, 1, organization.currency)  # type: ignore[arg-type]
    varies = unit == PriceUnit.HOUR and longest > shortest
    each = unit == PriceUnit.PERSON and service.largest_party > 1
    return Offer(service, shortest, longest, least.total.amount, varies, each, next_free)
