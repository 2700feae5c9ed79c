"""Wall clocks: the only module that steps a time zone.

A schedule speaks wall-clock time in an IANA zone ("Monday 09:00-12:30 in Paris"); a calendar speaks minutes of UTC.
Two rules settle the two odd nights of the year:

* a wall time that does not exist (the clock jumps over it) moves forward;
* a wall time that exists twice (the clock is set back) means the first.

"Moves forward" for an appointment is by the length of the gap, as in RFC 5545 section 3.3.5 and in Temporal's
`compatible`: 02:30 becomes 03:30 (`to_minute`). The *edge of an opening* moves to the moment of the jump itself, so
that nobody is open at a wall time outside their hours: "until 02:30" ends when the clock jumps from 02:00 to 03:00.

Offsets must be whole minutes, which every zone's have been since 1972.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holdfast.domain.calendar_bits import Window, from_intervals, full

DAY = 1440
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class WeeklyRange:
    """Open every week. `starts` and `ends` are minutes of the local day, `weekday` 0 is Monday.

    `ends <= starts` or `ends > 1440` runs past midnight (22:00-02:00; 00:00-00:00 is the whole day). The validity
    dates are those on which the range *starts*, both inclusive.
    """

    weekday: int
    starts: int
    ends: int
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday {self.weekday} is not 0 (Monday) to 6 (Sunday)")
        _check_range(self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Open on one date: an exception's range, minutes of the local day as in WeeklyRange."""

    date: date
    starts: int
    ends: int

    def __post_init__(self) -> None:
        _check_range(self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a resource works.

    `exceptions` replace the weekly ranges that *start* on that date (an empty tuple: none do). A range that began the
    evening before still runs into it. `closed_dates` (closures, holidays) win over everything: nothing is open on
    that local date, and a range that crosses into or out of it is cut at midnight.

    `on_call` is open besides, by its own exceptions and closed dates: the hours that only emergencies may use
    (docs/algorithms/emergency.md). Without it this is the schedule that everybody may use.
    """

    zone: str
    weekly: tuple[WeeklyRange, ...] = ()
    exceptions: Mapping[date, tuple[DateRange, ...]] = field(default_factory=dict)
    closed_dates: frozenset[date] = frozenset()
    on_call: "Schedule | None" = None


class Closing(NamedTuple):
    """Why a schedule is not open: a closure or holiday, an exception of that local date, or the weekly hours."""

    rule: Literal["closed_date", "exception", "weekly"]
    date: date


class _Day(NamedTuple):
    """A local date: its first minute in UTC, and how many minutes it has (1440 unless the clock is changed)."""

    start: int
    length: int


def to_minute(zone: str, local: datetime) -> int:
    """The minute of a naive wall-clock time. A non-existent time moves forward by the gap; of two, the first.

    Seconds are dropped. Raises ValueError if `local` has a zone of its own.
    """
    if local.tzinfo is not None:
        raise ValueError("a wall-clock time carries no zone of its own")
    return _wall_minutes(local) - _offset(local.replace(tzinfo=ZoneInfo(zone), fold=0))


def from_minute(zone: str, minute: int) -> datetime:
    """The minute as an aware datetime on that zone's wall clock."""
    return datetime.fromtimestamp(minute * 60, ZoneInfo(zone))


def date_of(zone: str, minute: int) -> date:
    """The local date of a minute."""
    return from_minute(zone, minute).date()


def clocks_differ(at: datetime, zone: str, other: str) -> bool:
    """Whether clocks in two zones show different times at an instant; False while one of the zones is unknown."""
    if not zone or not other or zone == other:
        return False
    try:
        return at.astimezone(ZoneInfo(zone)).utcoffset() != at.astimezone(ZoneInfo(other)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a browser may name what is no zone of IANA's
        return False


def exists(zone: str, local: datetime) -> bool:
    """Whether the zone's clocks ever show this naive wall-clock time."""
    aware = local.replace(tzinfo=ZoneInfo(zone))
    # PEP 495: in a gap the first reading (fold 0) has the smaller offset; in an overlap the larger one.
    return _offset(aware.replace(fold=0)) >= _offset(aware.replace(fold=1))


def is_ambiguous(zone: str, local: datetime) -> bool:
    """Whether the zone's clocks show this naive wall-clock time twice."""
    aware = local.replace(tzinfo=ZoneInfo(zone))
    return _offset(aware.replace(fold=0)) > _offset(aware.replace(fold=1))


def day_start(zone: str, day: date) -> int:
    """The first minute of a local date: its midnight, or the moment of the jump where midnight does not exist."""
    return _day(zone, day.toordinal()).start


def local_dates(zone: str, window: Window) -> tuple[date, ...]:
    """The local dates that have a minute in the window, ascending."""
    return tuple(date.fromordinal(number) for number in _ordinals(zone, window))


def open_bits(schedule: Schedule, window: Window) -> int:
    """The minutes of the window at which the schedule is open, on call or not."""
    regular = _regular_bits(schedule, window)
    return regular if schedule.on_call is None else regular | open_bits(schedule.on_call, window)


def _regular_bits(schedule: Schedule, window: Window) -> int:
    days = _ordinals(schedule.zone, window)
    if not days:
        return 0
    # A range lasts at most a day past its own, so only the eve's can reach in.
    opened = from_intervals(window, _openings(schedule, range(days.start - 1, days.stop)))
    closed = [number for number in map(date.toordinal, schedule.closed_dates) if number in days]
    if closed:
        opened &= ~from_intervals(window, (_whole_day(schedule.zone, number) for number in closed))
    return opened


def closed_by(schedule: Schedule, start: int, end: int) -> Closing | None:
    """What first keeps [start, end) minutes from being open throughout; None when nothing does.

    Where on-call hours would not help either, the rule is that of the regular ones.
    """
    window = Window(start, max(0, end - start))
    shut = full(window) & ~open_bits(schedule, window)
    if not shut:
        return None
    day = from_minute(schedule.zone, start + (shut & -shut).bit_length() - 1).date()
    if day in schedule.closed_dates:
        return Closing("closed_date", day)
    return Closing("exception" if day in schedule.exceptions else "weekly", day)


def grid_bits(zone: str, step: int, window: Window) -> int:
    """Where a slot may start: the wall clock's minute of the day is a multiple of `step`.

    Wall times that do not exist are left out; of those that exist twice only the first counts.
    """
    if step < 1:
        raise ValueError(f"a step has at least one minute, not {step}")
    return _grid(zone, step, window)


def _check_range(starts: int, ends: int) -> None:
    if not (0 <= starts < DAY and 0 <= ends <= 2 * DAY and ends - starts <= DAY):
        raise ValueError(f"{starts}-{ends} is not a range of minutes of a day")


def _wall_minutes(local: datetime) -> int:
    return (local.toordinal() - _EPOCH_ORDINAL) * DAY + local.hour * 60 + local.minute


def _offset(aware: datetime) -> int:
    offset = aware.utcoffset()
    if offset is None:
        raise ValueError("no zone, no offset")
    return offset // timedelta(minutes=1)


def _ordinals(zone: str, window: Window) -> range:
    if not window.length:
        return range(0)
    first = from_minute(zone, window.origin).toordinal()
    return range(first, from_minute(zone, window.end - 1).toordinal() + 1)


@lru_cache(maxsize=65_536)
def _day(zone: str, ordinal: int) -> _Day:
    start = _wall_edge(zone, ordinal, 0)
    return _Day(start, _wall_edge(zone, ordinal + 1, 0) - start)


@lru_cache(maxsize=65_536)
def _wall_edge(zone: str, ordinal: int, minute_of_day: int) -> int:
    """Like to_minute, but a wall time in a gap becomes the moment of the jump."""
    local = datetime.combine(date.fromordinal(ordinal), time(*divmod(minute_of_day, 60)))
    after = to_minute(zone, local)
    if exists(zone, local):
        return after
    jumped = _offset(from_minute(zone, after))
    before = _wall_minutes(local) - jumped
    while after - before > 1:  # the offset changes once between them: halve until the two sides are neighbours
        middle = (before + after) // 2
        if _offset(from_minute(zone, middle)) == jumped:
            after = middle
        else:
            before = middle
    return after


def _edge(zone: str, ordinal: int, minute: int) -> int:
    """The minute at which a local date's clock shows `minute` (0..2880) minutes."""
    if minute >= DAY:
        ordinal, minute = ordinal + 1, minute - DAY
    start, length = _day(zone, ordinal)
    return start + minute if length == DAY else _wall_edge(zone, ordinal, minute)


def _whole_day(zone: str, ordinal: int) -> tuple[int, int]:
    start, length = _day(zone, ordinal)
    return start, start + length


def _openings(schedule: Schedule, days: range) -> Iterator[tuple[int, int]]:
    """[start, end) minutes of every range that starts on one of the days, closures not yet heeded."""
    zone, exceptions = schedule.zone, schedule.exceptions
    weekly: list[list[WeeklyRange]] = [[] for _ in range(7)]
    for rule in schedule.weekly:
        weekly[rule.weekday].append(rule)
    for ordinal in days:
        day = date.fromordinal(ordinal)
        start, length = _day(zone, ordinal)
        ranges: Iterable[WeeklyRange | DateRange] = (rule for rule in weekly[day.weekday()] if _valid(rule, day))
        if day in exceptions:
            ranges = exceptions[day]
        for each in ranges:
            starts, ends = each.starts, each.ends
            if length == DAY and starts < ends <= DAY:
                yield start + starts, start + ends
            else:
                yield _edge(zone, ordinal, starts), _edge(zone, ordinal, ends if ends > starts else ends + DAY)


def _valid(rule: WeeklyRange, day: date) -> bool:
    return (rule.valid_from is None or rule.valid_from <= day) and (rule.valid_until is None or day <= rule.valid_until)


@lru_cache(maxsize=256)
def _grid(zone: str, step: int, window: Window) -> int:
    result = 0
    for ordinal in _ordinals(zone, window):
        start = _day(zone, ordinal).start - window.origin
        marks = _marks(zone, ordinal, step)
        result |= marks << start if start >= 0 else marks >> -start
    return result & ((1 << window.length) - 1)


@lru_cache(maxsize=4096)
def _marks(zone: str, ordinal: int, step: int) -> int:
    """The grid of one local date, bit 0 being the date's first minute."""
    start, length = _day(zone, ordinal)
    if length == DAY:
        return _plain_marks(step)
    midnight = datetime.combine(date.fromordinal(ordinal), time())
    walls = (midnight + timedelta(minutes=minute) for minute in range(0, DAY, step))
    return sum(1 << (to_minute(zone, wall) - start) for wall in walls if exists(zone, wall))


@lru_cache(maxsize=64)
def _plain_marks(step: int) -> int:
    return sum(1 << minute for minute in range(0, DAY, step))
