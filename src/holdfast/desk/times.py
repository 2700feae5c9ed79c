"""Free times for staff, by the engine that serves customers; notice and choice of resource are theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from holdfast.bookings.availability import reading
from holdfast.bookings.availability.month import part_of_day
from holdfast.bookings.availability.question import Question
from holdfast.bookings.availability.span import MOST_DAYS, Span
from holdfast.bookings.limits import allowances as limits
from holdfast.bookings.limits.allowances import Exceeded
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.domain import hours, slots
from holdfast.web.formats import current_locale

WEEK = 7
# How far ahead the next free time is looked for.
LOOKED_AHEAD = MOST_DAYS


@dataclass(frozen=True, slots=True)
class Day:
    """A local date of the organization and its free starts, aware, in its zone."""

    date: date
    starts: tuple[datetime, ...]
    # The limits that are reached on it.
    limits: tuple[Exceeded, ...] = ()

    @property
    def parts(self) -> list[tuple[str, list[datetime]]]:
        """The starts by part of the day: morning, afternoon, evening, those that have any."""
        grouped = groupby(self.starts, key=lambda start: part_of_day(start.hour))
        return [(name, list(found)) for name, found in grouped]


def week(
    question: Question, day: date, now: datetime, *, but_for: UUID | None = None, beyond_limits: bool = False
) -> list[Day]:
    """Seven days with `day` among them: from the first weekday of the reader's language, or today if that is later.

    `beyond_limits`: with the times that only a limit refuses.
    """
    first = day - timedelta(days=(day.weekday() - current_locale().first_week_day) % WEEK)
    present = hours.date_of(question.plan.time_zone, clock.to_minute(now))
    return _days(question, max(first, present), WEEK, now, but_for, beyond_limits=beyond_limits)


def next_free(question: Question, day: date, now: datetime, *, but_for: UUID | None = None) -> date | None:
    """The first date from `day` on with a free time, looked for as far as one answer may reach."""
    return next((each.date for each in _days(question, day, LOOKED_AHEAD, now, but_for) if each.starts), None)


def _days(
    question: Question,
    first: date,
    count: int,
    now: datetime,
    but_for: UUID | None,
    *,
    beyond_limits: bool = False,
) -> list[Day]:
    zone = question.plan.time_zone
    found = reading.offered(question, Span(first, count, zone), now, but_for)
    shown = slots.offered(found.request.without_limits()) if beyond_limits else found
    starts = _by_date(hours.from_minute(zone, minute) for minute in shown.minutes())
    dates = (first + timedelta(days=number) for number in range(count))
    return [
        Day(
            each,
            tuple(starts.get(each, ())),
            tuple(limits.reached(question, found.request, hours.day_start(zone, each))),
        )
        for each in dates
    ]


def _by_date(starts: Iterable[datetime]) -> dict[date, list[datetime]]:
    return {day: list(found) for day, found in groupby(starts, key=lambda start: start.date())}


def today(organization: Organization) -> date:
    """The date on the organization's calendar."""
    return hours.date_of(organization.time_zone, clock.to_minute(clock.now()))


def in_reach(moment: datetime) -> bool:
    """Whether a time that somebody typed is one that calendars can be asked about."""
    return 1970 < moment.year < 2200
