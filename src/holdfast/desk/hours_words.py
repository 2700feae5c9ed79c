"""Working hours in words: ranges of a day, the nights on which the clocks change, days off that belong together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_time, get_day_names
from django.utils.translation import gettext as _

from holdfast.catalog.models import HoursException
from holdfast.domain import hours
from holdfast.domain.calendar_bits import Window
from holdfast.domain.hours import DAY, DateRange, Schedule
from holdfast.domain.working_week import Day, worked_on
from holdfast.web import formats

# How far ahead the next change of the clocks is looked for: there is one in every half year, where there are any.
LOOKED_AHEAD = 200


@dataclass(frozen=True, slots=True)
class DaysApart:
    """Consecutive dates that differ from the week in the same way, for the same reason."""

    first: date
    last: date
    ranges: Day
    reason: str

    @property
    def words(self) -> str:
        return day_words(self.ranges)


def range_words(starts: int, ends: int) -> str:
    """Minutes of a day: 09:00–12:30; 22:00–02:00 the next day; all day."""
    if (starts, ends % DAY) == (0, 0):
        return _("all day")
    words = f"{clock_words(starts)}–{clock_words(ends)}"
    return _("%(range)s the next day") % {"range": words} if ends % DAY and (ends <= starts or ends > DAY) else words


def day_words(ranges: Iterable[tuple[int, int]]) -> str:
    return ", ".join(range_words(*each) for each in ranges) or _("not at work")


def clock_words(minute: int) -> str:
    return format_time(time(*divmod(minute % DAY, 60)), "short", locale=formats.current_locale())


def weekday_names() -> list[str]:
    """Monday first, as they stand at the head of a line."""
    names = get_day_names("wide", "stand-alone", formats.current_locale())
    return [str(names[number]).capitalize() for number in range(7)]


def clock_changes(schedule: Schedule, first: date) -> Iterator[str]:
    """For each range of the next change of the clocks that is longer or shorter for it, a sentence."""
    days = (first + timedelta(days=number) for number in range(LOOKED_AHEAD))
    changed = next((day for day in days if _minutes(schedule.zone, day) != DAY), None)
    if changed is None:
        return
    for day in (changed - timedelta(days=1), changed):
        for starts, ends in worked_on(schedule, day):
            only = Schedule(schedule.zone, exceptions={day: (DateRange(day, starts, ends),)})
            opened = _open_minutes(only, day)
            nominal = (ends - starts) % DAY or DAY
            if opened != nominal:
                yield _("%(day)s, %(range)s: the clocks change, so it lasts %(length)s instead of %(usual)s.") % {
                    "day": formats.day(day),
                    "range": range_words(starts, ends),
                    "length": formats.minutes(opened),
                    "usual": formats.minutes(nominal),
                }


def days_apart(rows: Sequence[HoursException]) -> list[DaysApart]:
    """Exceptions by date, consecutive dates of one kind put together."""
    by_date: dict[date, tuple[list[tuple[int, int]], str]] = {}
    for row in rows:
        ranges, _reason = by_date.setdefault(row.date, ([], row.reason))
        if row.starts is not None and row.ends is not None:
            ranges.append((row.starts.hour * 60 + row.starts.minute, row.ends.hour * 60 + row.ends.minute))
    found: list[DaysApart] = []
    for day, (ranges, reason) in sorted(by_date.items()):
        before, own = found[-1] if found else None, tuple(sorted(ranges))
        if before and before.last + timedelta(days=1) == day and (before.ranges, before.reason) == (own, reason):
            found[-1] = DaysApart(before.first, day, own, reason)
        else:
            found.append(DaysApart(day, day, own, reason))
    return found


def wall_clock(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def _minutes(zone: str, day: date) -> int:
    return hours.day_start(zone, day + timedelta(days=1)) - hours.day_start(zone, day)


def _open_minutes(schedule: Schedule, day: date) -> int:
    start = hours.day_start(schedule.zone, day)
    return hours.open_bits(schedule, Window(start, 3 * DAY)).bit_count()
