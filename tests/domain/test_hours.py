"""Hours: wall clocks in zones, judged by watching the clock minute after minute.

The zones are all those whose clocks are changed in the two years after TODAY, by the data installed; the date is
fixed so that the test says the same every day.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.calendar_bits import Window, to_intervals
from holdfast.domain.hours import (
    DateRange,
    Schedule,
    WeeklyRange,
    clocks_differ,
    day_start,
    exists,
    from_minute,
    grid_bits,
    local_dates,
    open_bits,
    to_minute,
)
from tests.domain import oracle
from tests.domain.strategies import brief

TODAY = datetime(2026, 11, 21, tzinfo=UTC)
ODD_ZONES = ["Asia/Kathmandu", "Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Chatham", "America/St_Johns"]
MIDNIGHT_ZONES = ["Asia/Beirut", "America/Havana", "Africa/Cairo", "America/Santiago", "America/Scoresbysund"]


def change_days(zone: str, start: datetime, days: int) -> list[int]:
    """The minute at noon UTC before each change of the zone's offset."""
    noons = [start.replace(hour=12) + timedelta(days=number) for number in range(days)]
    offsets = [noon.astimezone(ZoneInfo(zone)).utcoffset() for noon in noons]
    return [
        int(noon.timestamp()) // 60
        for noon, before, after in zip(noons, offsets, offsets[1:], strict=False)
        if before != after
    ]


CHANGES = {zone: days for zone in sorted(available_timezones()) if (days := change_days(zone, TODAY, 731))}

# Ranges that open and shut in the hours that get skipped or repeated, across midnight, and all day.
DAILY = [
    [(0, 150), (1320, 1400)],
    [(135, 200), (210, 1260)],
    [(1320, 120), (600, 605)],
    [(1425, 1470), (60, 119), (120, 180)],
    [(60, 60)],
    [(1, 31), (23 * 60, 24 * 60)],
]


def weekly(*ranges: tuple[int, int], days: range = range(7)) -> tuple[WeeklyRange, ...]:
    return tuple(WeeklyRange(day, starts, ends) for day in days for starts, ends in ranges)


def opened(schedule: Schedule, window: Window) -> set[int]:
    return oracle.minutes_of(open_bits(schedule, window), window.origin)


def test_every_zone_that_changes_its_clocks_is_tested() -> None:
    assert len(CHANGES) > 150
    assert {"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll", "Asia/Beirut"} <= set(
        CHANGES
    )


@pytest.mark.parametrize("zone", CHANGES)
def test_hours_grid_and_conversions_at_every_change_of_the_clocks(zone: str) -> None:
    for noon in CHANGES[zone]:
        window = Window(noon - 60, 26 * 60)
        clock = oracle.Clock(zone, noon - 1440, noon + 1440 + 120)
        for ranges in DAILY:
            schedule = Schedule(zone, weekly(*ranges))
            assert opened(schedule, window) == oracle.open_minutes(schedule, window.origin, window.end, clock), ranges
        assert oracle.minutes_of(grid_bits(zone, 15, window), window.origin) == oracle.grid_minutes(clock, 15, window)
        assert_conversions_hold(zone, clock, window)


def assert_conversions_hold(zone: str, clock: oracle.Clock, window: Window) -> None:
    """Both directions: what is shown leads back to its first minute, what is skipped moves on by the skip."""
    shown = clock.during(window.origin, window.end)
    for (_, earlier), (minute, local) in pairwise(shown):
        if local == earlier + timedelta(minutes=1) and local.minute % 5:
            continue  # an ordinary minute: every fifth will do
        assert from_minute(zone, minute).replace(tzinfo=None, fold=0) == local
        assert exists(zone, local)
        assert to_minute(zone, local) == clock.first[local]
        skipped = local - earlier - timedelta(minutes=1)
        for number in range(skipped // timedelta(minutes=1)):
            missing = earlier + timedelta(minutes=1 + number)
            assert not exists(zone, missing)
            assert oracle.wall(ZoneInfo(zone), to_minute(zone, missing)) == missing + skipped


@pytest.mark.parametrize("zone", [*ODD_ZONES, *MIDNIGHT_ZONES, "Europe/Paris", "America/Asuncion", "UTC"])
def test_hours_across_the_whole_year_of_odd_zones(zone: str) -> None:
    schedule = Schedule(zone, (*weekly((540, 750), (1260, 90), days=range(5)), WeeklyRange(6, 0, 1440)))
    for month in range(1, 13):
        origin = to_minute(zone, datetime(2027, month, 27)) - 17  # noqa: DTZ001 - a wall clock's time
        window = Window(origin, 5 * 1440 + 31)
        assert opened(schedule, window) == oracle.open_minutes(schedule, window.origin, window.end)


def test_a_day_that_was_skipped_altogether_has_no_hours() -> None:
    # Samoa went from Thursday 29 to Saturday 31 December 2011.
    zone = "Pacific/Apia"
    window = Window(to_minute(zone, datetime(2011, 12, 29)), 3 * 1440)  # noqa: DTZ001
    schedule = Schedule(zone, weekly((540, 600)))
    assert [from_minute(zone, start).day for start, _ in to_intervals(window, open_bits(schedule, window))] == [
        29,
        31,
        1,
    ]
    assert opened(schedule, window) == oracle.open_minutes(schedule, window.origin, window.end)


@st.composite
def schedules(draw: st.DrawFn, on_call: bool = True) -> Schedule:
    """Any schedule, on call or not, around the spring and autumn changes of Paris or Lord Howe, or an ordinary week."""
    minute, dates = st.integers(0, 1439), st.dates(date(2027, 3, 24), date(2027, 4, 6))
    range_ = st.tuples(minute, minute)
    validity = st.none() | dates
    rules = [
        WeeklyRange(draw(st.integers(0, 6)), *draw(range_), valid_from=draw(validity), valid_until=draw(validity))
        for _ in range(draw(st.integers(0, 9)))
    ]
    exceptions = {
        day: tuple(DateRange(day, *pair) for pair in pairs)
        for day, pairs in draw(st.dictionaries(dates, st.lists(range_, max_size=2), max_size=4)).items()
    }
    closed = draw(st.frozensets(dates, max_size=3))
    zone = draw(
        st.sampled_from(["Europe/Paris", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Beirut", "Antarctica/Troll"])
    )
    besides = draw(st.none() | schedules(on_call=False)) if on_call else None
    besides = besides and replace(besides, zone=zone)
    return Schedule(zone, tuple(rules), exceptions, closed, besides)


@brief
@given(schedules(), st.integers(0, 9 * 1440), st.integers(0, 3 * 1440))
def test_any_schedule_is_open_when_its_clock_says_so(schedule: Schedule, offset: int, length: int) -> None:
    window = Window(to_minute("UTC", datetime(2027, 3, 25)) + offset, length)  # noqa: DTZ001
    assert opened(schedule, window) == oracle.open_minutes(schedule, window.origin, window.end)


@brief
@given(
    st.sampled_from(["Europe/Paris", "Australia/Lord_Howe"]),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.integers(1, 2000),
)
def test_a_window_is_a_view_and_changes_nothing(zone: str, starts: int, ends: int, cut: int) -> None:
    schedule = Schedule(zone, weekly((starts, ends)))
    whole = Window(to_minute(zone, datetime(2027, 3, 27)), 3000)  # noqa: DTZ001
    left, right = Window(whole.origin, cut), Window(whole.origin + cut, whole.length - cut)
    assert opened(schedule, left) | opened(schedule, right) == opened(schedule, whole)


# --- promises, one example each -------------------------------------------------------------------------------------

PARIS = "Europe/Paris"


def local(text: str, zone: str = PARIS) -> int:
    return to_minute(zone, datetime.fromisoformat(text))


def spans(schedule: Schedule, start: str, end: str) -> list[tuple[str, str]]:
    """The openings as "Sa 22:00" in the schedule's zone."""
    window = Window(local(start, schedule.zone), local(end, schedule.zone) - local(start, schedule.zone))
    return [
        (f"{from_minute(schedule.zone, a):%a %H:%M}", f"{from_minute(schedule.zone, b):%a %H:%M}")
        for a, b in to_intervals(window, open_bits(schedule, window))
    ]


def test_paris_in_winter_and_summer() -> None:
    assert local("2026-12-01T09:00") == to_minute("UTC", datetime(2026, 12, 1, 8))  # noqa: DTZ001
    assert local("2027-07-01T09:00") == to_minute("UTC", datetime(2027, 7, 1, 7))  # noqa: DTZ001
    assert from_minute(PARIS, 0).isoformat() == "1970-01-01T01:00:00+01:00"


def test_a_time_that_does_not_exist_moves_forward_and_of_two_the_first_counts() -> None:
    assert from_minute(PARIS, local("2027-03-28T02:30")).isoformat() == "2027-03-28T03:30:00+02:00"
    assert from_minute(PARIS, local("2027-10-31T02:30")).isoformat() == "2027-10-31T02:30:00+02:00"
    assert not exists(PARIS, datetime(2027, 3, 28, 2, 30))  # noqa: DTZ001
    assert exists(PARIS, datetime(2027, 10, 31, 2, 30))  # noqa: DTZ001


def test_an_opening_never_reaches_a_wall_time_outside_its_hours() -> None:
    until_half_past_two = Schedule(PARIS, weekly((0, 150)))
    assert spans(until_half_past_two, "2027-03-28T00:00", "2027-03-28T12:00") == [("Sun 00:00", "Sun 03:00")]
    within_the_gap = Schedule(PARIS, weekly((120, 180)))
    assert spans(within_the_gap, "2027-03-28T00:00", "2027-03-28T12:00") == []


def test_the_long_night_is_an_hour_longer() -> None:
    night = Schedule(PARIS, weekly((1320, 360)))
    for day, hours in (("27", 8), ("30", 9)):
        month = {"27": "03", "30": "10"}[day]
        window = Window(local(f"2027-{month}-{day}T12:00"), 1440)
        assert open_bits(night, window).bit_count() == (hours if day == "30" else 7) * 60


def test_a_range_across_midnight_belongs_to_the_day_it_starts() -> None:
    friday = Schedule(PARIS, (WeeklyRange(4, 1320, 120),))
    assert spans(friday, "2026-11-16T00:00", "2026-11-23T00:00") == [("Fri 22:00", "Sat 02:00")]
    assert Schedule(PARIS, (WeeklyRange(4, 1320, 1560),)) != friday
    assert spans(Schedule(PARIS, (WeeklyRange(4, 1320, 1560),)), "2026-11-16T00:00", "2026-11-23T00:00") == [
        ("Fri 22:00", "Sat 02:00")
    ]


def test_an_exception_replaces_what_starts_that_day_and_leaves_what_the_eve_began() -> None:
    nights = weekly((1320, 120))
    saturday = date(2026, 11, 21)
    closed = Schedule(PARIS, nights, {saturday: ()})
    assert spans(closed, "2026-11-20T12:00", "2026-11-22T12:00") == [("Fri 22:00", "Sat 02:00")]
    early = Schedule(PARIS, nights, {saturday: (DateRange(saturday, 600, 720),)})
    assert spans(early, "2026-11-20T12:00", "2026-11-22T12:00") == [
        ("Fri 22:00", "Sat 02:00"),
        ("Sat 10:00", "Sat 12:00"),
    ]


def test_a_closed_date_is_cut_out_from_midnight_to_midnight() -> None:
    nights = weekly((1320, 120))
    saturday = date(2026, 11, 21)
    closed = Schedule(PARIS, nights, {saturday: (DateRange(saturday, 600, 720),)}, frozenset({saturday}))
    assert spans(closed, "2026-11-20T12:00", "2026-11-22T12:00") == [("Fri 22:00", "Sat 00:00")]


def test_on_call_hours_are_open_besides_and_outlast_a_closed_date_that_is_not_theirs() -> None:
    saturday = date(2026, 11, 21)
    on_call = Schedule(PARIS, weekly((1080, 120)))
    day = Schedule(PARIS, weekly((540, 1080)), closed_dates=frozenset({saturday}), on_call=on_call)
    assert spans(day, "2026-11-20T12:00", "2026-11-22T00:00") == [
        ("Fri 12:00", "Sat 02:00"),
        ("Sat 18:00", "Sun 00:00"),
    ]
    off = replace(day, on_call=replace(on_call, closed_dates=frozenset({saturday})))
    assert spans(off, "2026-11-20T12:00", "2026-11-22T00:00") == [("Fri 12:00", "Sat 00:00")]


def test_validity_dates_are_those_on_which_a_range_starts() -> None:
    rule = WeeklyRange(4, 1320, 120, valid_from=date(2026, 11, 20), valid_until=date(2026, 11, 27))
    assert spans(Schedule(PARIS, (rule,)), "2026-11-01T00:00", "2026-12-31T00:00") == [
        ("Fri 22:00", "Sat 02:00"),
        ("Fri 22:00", "Sat 02:00"),
    ]


def test_the_whole_day_can_be_said_in_two_ways() -> None:
    window = Window(local("2027-03-27T00:00"), 3 * 1440)
    for pair in ((0, 1440), (0, 0)):
        assert open_bits(Schedule(PARIS, weekly(pair)), window).bit_count() == 3 * 1440


def test_lord_howe_moves_half_an_hour() -> None:
    zone = "Australia/Lord_Howe"  # 3 October 2027: 02:00 -> 02:30; 4 April 2027: 02:00 -> 01:30
    assert from_minute(zone, local("2027-10-03T02:10", zone)).isoformat() == "2027-10-03T02:40:00+11:00"
    short = Window(local("2027-10-03T01:00", zone), 120)
    shown = [
        f"{from_minute(zone, short.origin + i):%H:%M}" for i in sorted(oracle.minutes_of(grid_bits(zone, 15, short)))
    ]
    assert shown == ["01:00", "01:15", "01:30", "01:45", "02:30", "02:45", "03:00", "03:15"]
    long = Window(local("2027-04-04T01:00", zone), 120)
    shown = [
        f"{from_minute(zone, long.origin + i):%H:%M}" for i in sorted(oracle.minutes_of(grid_bits(zone, 15, long)))
    ]
    assert shown == ["01:00", "01:15", "01:30", "01:45", "02:00", "02:15"]


def test_a_day_starts_at_the_jump_where_midnight_does_not_exist() -> None:
    assert (
        from_minute("Asia/Beirut", day_start("Asia/Beirut", date(2027, 3, 28))).isoformat()
        == "2027-03-28T01:00:00+03:00"
    )


def test_local_dates_of_a_window() -> None:
    start = local("2026-11-20T23:59")
    assert local_dates(PARIS, Window(start, 2)) == (date(2026, 11, 20), date(2026, 11, 21))
    assert local_dates(PARIS, Window(start, 1)) == (date(2026, 11, 20),)
    assert local_dates(PARIS, Window(start, 0)) == ()


def test_an_empty_window_is_never_open() -> None:
    assert open_bits(Schedule(PARIS, weekly((0, 0))), Window(5, 0)) == grid_bits(PARIS, 15, Window(5, 0)) == 0


@pytest.mark.parametrize(
    ("weekday", "starts", "ends"), [(7, 0, 60), (-1, 0, 60), (0, -1, 60), (0, 1440, 60), (0, 0, 2881), (0, 60, 1501)]
)
def test_impossible_ranges_are_refused(weekday: int, starts: int, ends: int) -> None:
    with pytest.raises(ValueError, match="not"):
        WeeklyRange(weekday, starts, ends)


def test_a_wall_clock_time_with_a_zone_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone of its own"):
        to_minute(PARIS, datetime(2026, 11, 21, tzinfo=UTC))


def test_a_grid_needs_a_step() -> None:
    with pytest.raises(ValueError, match="at least one minute"):
        grid_bits(PARIS, 0, Window(0, 10))


def test_clocks_differ_where_they_show_different_times_and_never_where_a_zone_is_unknown() -> None:
    winter, summer = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)
    assert [clocks_differ(at, "Europe/Paris", "Africa/Lagos") for at in (winter, summer)] == [False, True]
    assert not clocks_differ(summer, "Europe/Paris", "Europe/Madrid")
    unknown = ["", "Europe", "Mars/Phobos", "../Paris", "Paris\0"]
    assert [clocks_differ(summer, zone, "Europe/Paris") for zone in unknown] == [False] * 5
    assert [clocks_differ(summer, "Europe/Paris", zone) for zone in unknown] == [False] * 5
