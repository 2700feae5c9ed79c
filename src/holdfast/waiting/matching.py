"""Which free time an entry waits for: asked of the engine that also answers the page and decides at the commit."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from holdfast.bookings.availability import plan_cache, reading
from holdfast.bookings.availability.question import Question, Wish
from holdfast.bookings.availability.span import Span
from holdfast.bookings.details.extras import chosen_in
from holdfast.bookings.limits.allowances import Known
from holdfast.bookings.stops.stop import kept
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.domain import hours
from holdfast.domain.waiting import Wanted, fitting
from holdfast.waiting.models import WaitingEntry, WaitingOffer

ALTERNATIVES = 5
Dates = tuple[date, date]


def wish_of(entry: WaitingEntry) -> Wish:
    return Wish(
        service=entry.service.slug,
        resource=entry.chosen_resource.slug if entry.chosen_resource else None,
        party_size=entry.party_size,
        duration=entry.duration_minutes,
        extras=chosen_in(entry.extras),
        pickup=kept(entry.pickup),
        dropoff=kept(entry.dropoff),
    )


def wanted_of(entry: WaitingEntry, organization: Organization) -> Wanted:
    return Wanted(
        zone=organization.time_zone,
        first=entry.first_date,
        last=entry.last_date,
        since=entry.since_minute,
        until=entry.until_minute,
        lead=organization.waiting_offer_minutes,
        duration=entry.duration_minutes,
        passed=_passed(entry),
    )


def first_start(entry: WaitingEntry, organization: Organization, among: Dates | None = None) -> datetime | None:
    """The earliest free start that the entry waits for, may book and was not offered before; inside the transaction.

    `among`: only on these local dates. None also when the service is not sold any more, or not as it was wanted.
    """
    found = next(_free(entry, organization, among), None)
    return None if found is None else clock.from_minute(found)


def free_now(entry: WaitingEntry, organization: Organization) -> list[str]:
    """Up to five starts that would suit and are free at this moment, RFC 3339 in the organization's zone."""
    found = islice(_free(entry, organization, None), ALTERNATIVES)
    return [hours.from_minute(organization.time_zone, minute).isoformat(timespec="seconds") for minute in found]


def _free(entry: WaitingEntry, organization: Organization, among: Dates | None) -> Iterator[int]:
    now = clock.now()
    try:
        question = plan_cache.question_of(organization, wish_of(entry), now)
    except HoldfastError:
        return
    wanted = wanted_of(entry, organization)
    span = _span(question, wanted, among)
    if span is not None:
        customer = Known.of(entry.customer_email, entry.customer_phone)
        found = reading.offered(question, span, now, customer=customer)
        yield from fitting(found.minutes(), wanted, clock.to_minute(now))


def _span(question: Question, wanted: Wanted, among: Dates | None) -> Span | None:
    first, last = wanted.first, wanted.last
    if among is not None:
        first, last = max(first, among[0]), min(last, among[1])
    return Span(first, (last - first).days + 1, question.plan.time_zone) if first <= last else None


def _passed(entry: WaitingEntry) -> frozenset[int]:
    starts = WaitingOffer.objects.filter(entry=entry).values_list("starts_at", flat=True)
    return frozenset(clock.to_minute(start) for start in starts)
