"""Services as a customer meets them: what it is, how long, from how much, when next."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from holdfast.bookings.availability import booker, plan_cache
from holdfast.bookings.availability.question import Question, Wish
from holdfast.bookings.errors import NoPriceHere
from holdfast.bookings.stops.stop import Stop
from holdfast.catalog import queries
from holdfast.catalog.models import Organization, PriceUnit, Service
from holdfast.core import clock
from holdfast.pricing.geography import WAY
from holdfast.web import formats

MOST_WAYS = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """`amount` is what the shortest booking for one person costs, None where no named place has a price; `varies`:
    others cost more; `each`: per person; `free_notice`: so many minutes before it begins it can be changed or
    cancelled for nothing, None where nothing that can be booked now can be.
    """

    service: Service
    minutes: int
    longest: int
    amount: int | None
    varies: bool
    each: bool
    next_free: datetime | None = None
    free_notice: int | None = None

    @property
    def next_free_words(self) -> str:
        """ "Thu, Mar 12, 2:00 PM" on the business's clock."""
        return formats.moment(self.next_free, str(self.next_free.tzinfo)) if self.next_free else ""


def offers(organization: Organization, now: datetime) -> list[Offer]:
    """Every service on offer, with its first free time in the next month. Inside the tenant's transaction."""
    services = queries.services_on_offer()
    questions = [plan_cache.question_of(organization, Wish(service.slug), now) for service in services]
    free = booker.first_free_of_all(questions, now)
    return [offer(service, question, start) for service, question, start in zip(services, questions, free, strict=True)]


def free_notice(question: Question) -> int | None:
    """As `Offer.free_notice`: by the ladder of the service's policy, else the organization's notice."""
    plan, (first, last) = question.plan, question.reach
    notice = plan.ladder.free_notice if plan.ladder else int(plan.organization["cancellation_notice_minutes"])
    return notice if first + notice <= last else None


def same_notice(found: list[Offer]) -> int | None:
    """What can be said of all of them; None where they differ."""
    notices = {each.free_notice for each in found}
    return notices.pop() if len(notices) == 1 else None


def offer(service: Service, question: Question, next_free: datetime | None = None) -> Offer:
    """One service, as `question` asks for it, with its first free time where that was looked for."""
    return replace(_priced(service, question, next_free), free_notice=free_notice(question))


def _priced(service: Service, question: Question, next_free: datetime | None) -> Offer:
    shortest = service.duration_minutes
    longest = service.longest_duration_minutes or shortest
    asked = replace(question, duration=shortest, wish=Wish(service.slug), extras=())
    start = clock.to_minute(next_free) if next_free else asked.reach[0]
    if asked.plan.terms.is_of_way:
        amounts = _amounts_of_ways(asked, start)
        return Offer(service, shortest, longest, min(amounts, default=None), True, False, next_free)
    varies = asked.flat_price() is None or (service.price_unit == PriceUnit.HOUR and longest > shortest)
    each = service.price_unit == PriceUnit.PERSON and service.largest_party > 1
    return Offer(service, shortest, longest, asked.price(start).total.amount, varies, each, next_free)


def _amounts_of_ways(asked: Question, start: int) -> list[int]:
    """What the ways between named places cost, those that are priced alike once."""
    geography, found = asked.plan.geography, dict[object, Wish]()
    for pickup, dropoff in list(product(geography.places, repeat=2))[:MOST_WAYS]:
        if pickup != dropoff:
            way = geography.way(geography.places[pickup].place, geography.places[dropoff].place)
            ends = {"pickup": Stop(pickup), "dropoff": Stop(dropoff) if geography.asks == WAY else None}
            found.setdefault((way.origin, way.destination, *way.units.values()), asked.wish.between(ends))
    amounts = []
    for wish in found.values():
        with suppress(NoPriceHere):
            amounts.append(replace(asked, wish=wish).price(start).total.amount)
    return amounts
