"""Changing hours: what was asked for changes, and nothing else does."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.calendar_bits import Window, full
from holdfast.domain.hours import DAY, DateRange, Schedule, WeeklyRange, day_start, open_bits
from holdfast.domain.working_week import (
    add_to_week,
    copied_week,
    dates,
    overlap,
    periods,
    replace_week,
    time_off,
    united,
    weekly_on,
    with_exceptions,
    worked_on,
)
from tests.domain.strategies import thorough

MONDAY = date(2026, 3, 23)  # the week in which Paris puts its clocks forward, on Sunday the 29th
HORIZON = list(dates(MONDAY - timedelta(days=10), MONDAY + timedelta(days=40)))
ZONES = ["UTC", "Europe/Paris", "America/Havana"]

minutes = st.sampled_from([0, 60, 120, 150, 540, 720, 1080, 1320, 1439])
plain = st.builds(WeeklyRange, st.integers(0, 6), minutes, minutes)
days = st.sampled_from(HORIZON[5:-10])
maybe = st.none() | days


@st.composite
def weekly(draw: st.DrawFn) -> WeeklyRange:
    each = draw(plain)
    first, last = sorted([draw(days), draw(days)])
    return WeeklyRange(
        each.weekday, each.starts, each.ends, draw(st.sampled_from([None, first])), draw(st.sampled_from([None, last]))
    )


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    special = draw(st.dictionaries(days, st.lists(st.tuples(minutes, minutes), max_size=2), max_size=3))
    return Schedule(
        draw(st.sampled_from(ZONES)),
        tuple(draw(st.lists(weekly(), max_size=4))),
        {day: tuple(DateRange(day, *each) for each in ranges) for day, ranges in special.items()},
    )


at = datetime.fromisoformat


def on(ranges: list[WeeklyRange], day: date) -> set[tuple[int, int]]:
    return set(weekly_on(Schedule("UTC", tuple(ranges)), day))


@thorough
@given(st.lists(weekly(), max_size=5), st.lists(plain, max_size=4), maybe, maybe)
def test_a_new_week_holds_on_its_dates_and_every_other_date_is_as_before(
    ranges: list[WeeklyRange], week: list[WeeklyRange], first: date | None, last: date | None
) -> None:
    after = replace_week(ranges, week, first, last) if not (first and last and last < first) else ranges
    for day in HORIZON:
        within = (first is None or first <= day) and (last is None or day <= last)
        if not (first and last and last < first):
            assert on(after, day) == (on(week, day) if within else on(ranges, day))


@thorough
@given(st.lists(weekly(), max_size=5))
def test_periods_are_all_of_time_and_each_says_what_is_worked_in_it(ranges: list[WeeklyRange]) -> None:
    found = periods(ranges)
    assert found[0].first is None
    assert found[-1].last is None
    for before, after in pairwise(found):
        assert before.last is not None
        assert before.last + timedelta(days=1) == after.first
        assert before.week != after.week
    for day in HORIZON:
        (period,) = [p for p in found if (not p.first or p.first <= day) and (not p.last or day <= p.last)]
        assert on(list(period.week), day) == on(ranges, day)


@thorough
@given(schedules(), st.lists(plain, min_size=1, max_size=2), maybe, maybe)
def test_hours_added_are_open_besides_and_nothing_closes(
    schedule: Schedule, more: list[WeeklyRange], first: date | None, last: date | None
) -> None:
    if first and last and last < first:
        first, last = last, first
    bare = Schedule("UTC", schedule.weekly)
    added = Schedule("UTC", tuple(replace_week([], more, first, last)))
    after = Schedule("UTC", tuple(add_to_week(bare.weekly, more, first, last)))
    window = Window(day_start("UTC", HORIZON[0]), len(HORIZON) * DAY)
    assert open_bits(after, window) == open_bits(bare, window) | open_bits(added, window)


@thorough
@given(st.lists(plain, max_size=6))
def test_united_ranges_are_the_same_hours(week: list[WeeklyRange]) -> None:
    window = Window(day_start("UTC", HORIZON[0]), len(HORIZON) * DAY)
    assert open_bits(Schedule("UTC", tuple(united(week))), window) == open_bits(Schedule("UTC", tuple(week)), window)


@thorough
@given(schedules(), days, st.integers(0, 1439), st.integers(1, 3 * DAY))
def test_time_off_closes_exactly_its_own_minutes(schedule: Schedule, day: date, minute: int, length: int) -> None:
    starts = datetime.combine(day, time()) + timedelta(minutes=minute)
    ends = starts + timedelta(minutes=length)
    after = with_exceptions(schedule, time_off(schedule, starts, ends))
    window = Window(day_start(schedule.zone, HORIZON[0]), len(HORIZON) * DAY)
    off = Schedule(schedule.zone, (), _all_of(starts, ends))
    assert open_bits(after, window) == open_bits(schedule, window) & (full(window) ^ open_bits(off, window))


def _all_of(starts: datetime, ends: datetime) -> dict[date, tuple[DateRange, ...]]:
    """[starts, ends) as one range for each date."""
    found: dict[date, tuple[DateRange, ...]] = {}
    for day in dates(starts.date(), ends.date()):
        midnight = datetime.combine(day, time())
        first = max(0, int((starts - midnight).total_seconds()) // 60)
        last = min(DAY, int((ends - midnight).total_seconds()) // 60)
        if first < last:
            found[day] = (DateRange(day, first, last),)
    return found


@thorough
@given(schedules(), st.integers(1, 4))
def test_a_copied_week_is_worked_in_the_weeks_after_it(schedule: Schedule, weeks: int) -> None:
    copied = copied_week(schedule, MONDAY, weeks)
    after = with_exceptions(schedule, copied)
    for number in range(7 * weeks):
        day = MONDAY + timedelta(days=7 + number)
        assert worked_on(after, day) == worked_on(schedule, MONDAY + timedelta(days=number % 7))
    for day in HORIZON:
        if not MONDAY + timedelta(days=7) <= day < MONDAY + timedelta(days=7 + 7 * weeks):
            assert worked_on(after, day) == worked_on(schedule, day)


def test_a_night_cut_in_two_leaves_the_morning_to_its_own_date() -> None:
    night = Schedule("Europe/Paris", (WeeklyRange(0, 1320, 360),))  # Monday 22:00 to 06:00
    left = time_off(night, at("2026-03-24T02:00"), at("2026-03-24T04:00"))
    assert left == {MONDAY: ((1320, 1560),), MONDAY + timedelta(days=1): ((240, 360),)}


def test_a_whole_day_off_stays_off_when_the_week_changes() -> None:
    idle = Schedule("Europe/Paris")
    assert time_off(idle, at("2026-03-24T00:00"), at("2026-03-26T00:00")) == {
        date(2026, 3, 24): (),
        date(2026, 3, 25): (),
    }


def test_sunday_night_overlaps_monday_morning() -> None:
    night, morning = WeeklyRange(6, 1320, 120), WeeklyRange(0, 60, 300)
    assert overlap([night, morning]) == (night, morning)
    assert overlap([WeeklyRange(6, 1320, 60), morning]) is None
