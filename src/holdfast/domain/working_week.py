"""From working hours to working hours: a new week from a date on, time off, a week copied. What is not asked for stays.

Everything here is wall-clock time: ranges of minutes of local dates, as in `hours`, which alone makes minutes of UTC
of them. Closed dates are not heeded: a closure may be lifted, and what was planned below it is still there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import combinations

from holdfast.domain.hours import DAY, DateRange, Schedule, WeeklyRange

WEEK = 7 * DAY
_ONE = timedelta(days=1)

# The ranges that start on one date, as (starts, ends) minutes of it, sorted.
Day = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Dates from `first` to `last`, both inclusive (None: without end), on which the same week is worked.

    The ranges carry no validity dates of their own.
    """

    first: date | None
    last: date | None
    week: tuple[WeeklyRange, ...]


def periods(ranges: Iterable[WeeklyRange]) -> list[Period]:
    """All of time, cut where the week becomes another."""
    known = list(ranges)
    cuts = {each.valid_from for each in known if each.valid_from}
    cuts |= {each.valid_until + _ONE for each in known if each.valid_until}
    found: list[Period] = []
    starts: list[date | None] = [None, *sorted(cuts)]
    for first, following in zip(starts, [*starts[1:], None], strict=True):
        last = following - _ONE if following else None
        week = _week_on(known, first, last)
        if found and found[-1].week == week:
            found[-1] = replace(found[-1], last=last)
        else:
            found.append(Period(first, last, week))
    return found


def replace_week(
    ranges: Iterable[WeeklyRange], week: Iterable[WeeklyRange], first: date | None, last: date | None
) -> list[WeeklyRange]:
    """The ranges when `week` is what is worked from `first` to `last` (inclusive; None: without end).

    On every other date the same ranges start as before.
    """
    found = []
    for each in ranges:
        if first is None and last is None:
            break
        if first is not None and (each.valid_from is None or each.valid_from < first):
            until = first - _ONE if each.valid_until is None else min(each.valid_until, first - _ONE)
            found.append(replace(each, valid_until=until))
        if last is not None and (each.valid_until is None or each.valid_until > last):
            since = last + _ONE if each.valid_from is None else max(each.valid_from, last + _ONE)
            found.append(replace(each, valid_from=since))
    return found + [replace(each, valid_from=first, valid_until=last) for each in week]


def add_to_week(
    ranges: Iterable[WeeklyRange], more: Iterable[WeeklyRange], first: date | None, last: date | None
) -> list[WeeklyRange]:
    """The ranges when `more` is worked besides from `first` to `last`; what touches or overlaps becomes one range."""
    found, added = list(ranges), list(more)
    for period in periods(found):
        since, until = _later(period.first, first), _earlier(period.last, last)
        if since is None or until is None or since <= until:
            found = replace_week(found, united([*period.week, *added]), since, until)
    return found


def united(week: Iterable[WeeklyRange]) -> list[WeeklyRange]:
    """The same hours, ranges of one weekday that touch or meet being one; those longer than a day together stay two."""
    found: list[WeeklyRange] = []
    for each in sorted(week, key=lambda one: (one.weekday, one.starts)):
        before = found[-1] if found else None
        start, end = _of_day(each.starts, each.ends)
        until = _of_day(before.starts, before.ends)[1] if before and before.weekday == each.weekday else -1
        if before is None or until < start or max(end, until) > before.starts + DAY:
            found.append(each)
        else:
            found[-1] = replace(before, ends=max(end, until))
    return found


def overlap(week: Iterable[WeeklyRange]) -> tuple[WeeklyRange, WeeklyRange] | None:
    """Two ranges of one week that are open at the same time, Sunday night's reaching into Monday; None: no two are."""
    for one, other in combinations(week, 2):
        start, end = _of_week(one)
        other_start, other_end = _of_week(other)
        if any(start < other_end + shift and other_start + shift < end for shift in (-WEEK, 0, WEEK)):
            return one, other
    return None


def worked_on(schedule: Schedule, day: date) -> Day:
    """The ranges that start on a date: its exception's, else the week's."""
    if day in schedule.exceptions:
        return tuple(sorted((each.starts, each.ends) for each in schedule.exceptions[day]))
    return weekly_on(schedule, day)


def weekly_on(schedule: Schedule, day: date) -> Day:
    """The ranges that start on a date by the week alone, as if it had no exception."""
    valid = (each for each in schedule.weekly if each.weekday == day.weekday() and _covers(each, day))
    return tuple(sorted((each.starts, each.ends) for each in valid))


def time_off(schedule: Schedule, starts: datetime, ends: datetime) -> dict[date, Day]:
    """The exceptions that keep [starts, ends) free, naive wall-clock times: what is left of each date it touches.

    A date that lies in it whole is there even if nothing is worked on it, so that it stays free when the week changes.
    """
    if starts >= ends or starts.tzinfo or ends.tzinfo:
        raise ValueError(f"{starts} to {ends} is no stretch of wall-clock time")
    off = _minute(starts), _minute(ends)
    days = list(dates(starts.date() - _ONE, ends.date()))
    before = {day: worked_on(schedule, day) for day in days}
    left: dict[date, list[tuple[int, int]]] = {day: [] for day in days}
    for day, ranges in before.items():
        for start, end in _absolute(day, ranges):
            for piece in _without(start, end, *off):
                number, minute = divmod(piece[0], DAY)
                left[date.fromordinal(number)].append((minute, minute + piece[1] - piece[0]))
    found = {}
    for day in days:
        rest = tuple(sorted(left[day]))
        whole = off[0] <= day.toordinal() * DAY and (day.toordinal() + 1) * DAY <= off[1]
        if whole or [*_absolute(day, rest)] != [*_absolute(day, before[day])]:
            found[day] = rest
    return found


def copied_week(schedule: Schedule, monday: date, weeks: int) -> dict[date, Day | None]:
    """The exceptions that make each of the `weeks` weeks after the one from `monday` like it. None: no exception.

    Dates that are alike already are left out.
    """
    found: dict[date, Day | None] = {}
    for number in range(7 * weeks):
        source, target = monday + timedelta(days=number % 7), monday + timedelta(days=7 + number)
        wanted = worked_on(schedule, source)
        if wanted != worked_on(schedule, target):
            found[target] = None if wanted == weekly_on(schedule, target) else wanted
    return found


def with_exceptions(schedule: Schedule, days: Mapping[date, Day | None]) -> Schedule:
    """The schedule when these dates differ as told; None takes a date's exception away."""
    kept = {day: ranges for day, ranges in schedule.exceptions.items() if day not in days}
    told = {day: tuple(DateRange(day, *each) for each in ranges) for day, ranges in days.items() if ranges is not None}
    return replace(schedule, exceptions={**kept, **told})


def dates(first: date, last: date) -> Iterator[date]:
    """Every date from `first` to `last`, both inclusive."""
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def _week_on(ranges: Sequence[WeeklyRange], first: date | None, last: date | None) -> tuple[WeeklyRange, ...]:
    """The week of a stretch in which no range begins or ends to be valid."""
    in_force = (
        each
        for each in ranges
        if (each.valid_from is None or (first is not None and each.valid_from <= first))
        and (each.valid_until is None or (last is not None and last <= each.valid_until))
    )
    plain = (replace(each, valid_from=None, valid_until=None) for each in in_force)
    return tuple(sorted(plain, key=lambda each: (each.weekday, each.starts, each.ends)))


def _covers(each: WeeklyRange, day: date) -> bool:
    return (each.valid_from is None or each.valid_from <= day) and (each.valid_until is None or day <= each.valid_until)


def _of_day(starts: int, ends: int) -> tuple[int, int]:
    """An end at or before the start is the next day's."""
    return starts, ends if ends > starts else ends + DAY


def _of_week(each: WeeklyRange) -> tuple[int, int]:
    start, end = _of_day(each.starts, each.ends)
    return each.weekday * DAY + start, each.weekday * DAY + end


def _absolute(day: date, ranges: Day) -> Iterator[tuple[int, int]]:
    for each in ranges:
        start, end = _of_day(*each)
        yield day.toordinal() * DAY + start, day.toordinal() * DAY + end


def _minute(wall: datetime) -> int:
    return wall.toordinal() * DAY + wall.hour * 60 + wall.minute


def _without(start: int, end: int, off_start: int, off_end: int) -> Iterator[tuple[int, int]]:
    """What is left of [start, end) without [off_start, off_end)."""
    if start < min(end, off_start):
        yield start, min(end, off_start)
    if max(start, off_end) < end:
        yield max(start, off_end), end


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else one or other


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other
