"""Two people who wait for a time of a day that is taken: cancel a booking of then, and one of them gets a mail."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from holdfast.bookings.availability import engine, plan_cache, reading
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.availability.span import Span, window_of
from holdfast.bookings.details.columns import Customer
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.demo.people import customers_of
from holdfast.demo.spec import OrganizationSpec
from holdfast.domain import hours, slots
from holdfast.domain.hours import DAY
from holdfast.waiting import actions
from holdfast.waiting.actions import Times

# How far ahead a taken part of a day is looked for, and how long such a part is, in minutes.
DAYS_AHEAD, PART = 21, 180
# How long ago each of them joined, in hours.
JOINED = (26, 3)


def let_some_wait(spec: OrganizationSpec, organization: Organization, now: datetime) -> int:
    """Put two customers on the list for the first part of a day that is open and wholly taken. Returns how many."""
    found = next(_taken_parts(spec, organization, now), None)
    if found is None:
        return 0
    wish, times = found
    for ago, customer in zip(JOINED, customers_of(spec)[-len(JOINED) :], strict=True):
        with clock.stopped(now - timedelta(hours=ago)):
            actions.join_once(
                organization=organization,
                wish=wish,
                times=times,
                customer=Customer(customer.name, customer.email, customer.phone, customer.locale, customer.time_zone),
            )
    return len(JOINED)


def _taken_parts(spec: OrganizationSpec, organization: Organization, now: datetime) -> Iterator[tuple[Wish, Times]]:
    zone = organization.time_zone
    today = hours.date_of(zone, clock.to_minute(now))
    for ahead in range(2, DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        for service in spec.services:
            wish = Wish(service=service.slug)
            opened, free = _starts(organization, wish, day, now)
            for since in range(0, DAY, PART):
                part = range(since, since + PART)
                if opened & set(part) and not free & set(part):
                    yield wish, Times(day, day, part.start, part.stop)


def _starts(organization: Organization, wish: Wish, day: date, now: datetime) -> tuple[set[int], set[int]]:
    """Minutes of the local day at which the service could start: with nothing booked, and as it is."""
    zone = organization.time_zone
    question = plan_cache.question_of(organization, wish, now)
    span = Span(day, 1, zone)
    window = window_of(question, span)
    idle = slots.offered(engine.build_request(question, window, None)).minutes()
    start = hours.day_start(zone, day)
    busy = reading.offered(question, span, now).minutes()
    return {minute - start for minute in idle}, {minute - start for minute in busy}
