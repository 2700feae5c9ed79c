"""What a date of a series could have instead: another person at the same time, or another time close by."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from holdfast.bookings.availability import engine, plan_cache, reading
from holdfast.bookings.availability.question import Question, Wish
from holdfast.bookings.limits.allowances import Known
from holdfast.bookings.places.among import Among
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.domain import hours, slots
from holdfast.domain.money import Money

MOST = 3
# Beyond the day itself, how many days before and after it are looked at.
DAYS_AROUND = 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """A start (minute of UTC) that could be booked now; `resource` (slug, name) only where another one than asked."""

    start: int
    price: Money
    resource: tuple[str, str] | None = None


def other_times(
    organization: Organization, wish: Wish, start: int, among: Among, customer: Known | None = None
) -> list[Alternative]:
    """Up to three, best first: the same time with somebody else, the same day, the days around it.

    Of a known `customer`, those that their limits allow.
    """
    return list(islice(_best_first(organization, wish, start, among, customer), MOST))


def _best_first(
    organization: Organization, wish: Wish, start: int, among: Among, customer: Known | None
) -> Iterator[Alternative]:
    now = clock.now()
    anybody = among.reaching(plan_cache.question_of(organization, replace(wish, resource=None), now))
    if wish.resource is not None:
        decision = slots.decide(_request(anybody, start, start + 1, among, customer), start)
        if isinstance(decision, slots.Placed) and (other := _choosable(anybody, decision)):
            yield Alternative(start, anybody.price(start).total, other)
    question = among.reaching(plan_cache.question_of(organization, wish, now))
    zone = question.plan.time_zone
    day = hours.date_of(zone, start)
    same_day = hours.day_start(zone, day), hours.day_start(zone, day + timedelta(days=1))
    seen = set()
    for minute in _nearest(question, start, *same_day, among, customer):
        seen.add(minute)
        yield Alternative(minute, question.price(minute).total)
    first, last = day - timedelta(days=DAYS_AROUND), day + timedelta(days=DAYS_AROUND + 1)
    around = hours.day_start(zone, first), hours.day_start(zone, last)
    for minute in _nearest(question, start, *around, among, customer):
        if minute not in seen:
            yield Alternative(minute, question.price(minute).total)


def _nearest(question: Question, start: int, first: int, last: int, among: Among, customer: Known | None) -> list[int]:
    earliest, latest = question.reach
    first, last = max(first, earliest), min(last, latest + 1)
    if last <= first:
        return []
    return slots.alternatives(_request(question, first, last, among, customer), start, MOST * 2)


def _request(question: Question, first: int, last: int, among: Among, customer: Known | None) -> slots.Request:
    window = question.window(first, last)
    _version, seen = reading.busy(question, window, clock.now(), customer=customer)
    return engine.build_request(question, window, among.added(seen, question))


def _choosable(question: Question, decision: slots.Placed) -> tuple[str, str] | None:
    """Who would serve of those whom customers may choose."""
    served_by = {each.resource_key for each in decision.assignments}
    for need in question.needs:
        for resource in need.pool:
            if resource.id in served_by and ((need.is_choosable and resource.is_public) or question.wish.by_staff):
                return resource.slug, resource.name
    return None
