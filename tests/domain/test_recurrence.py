"""Recurrence: what a rule says in wall-clock time, judged by the words of RFC 5545 and by dateutil's own parser."""

import doctest
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain import hours
from holdfast.domain.recurrence import (
    MOST_DATES,
    Rule,
    RuleError,
    Weekday,
    ended,
    occurrences,
    parse,
    shifted,
)
from tests.domain.strategies import brief
from tests.domain.test_hours import CHANGES

MANUAL = Path(__file__).parents[2] / "docs" / "algorithms" / "recurrence.md"

YEARS = datetime.fromisoformat("2026-01-01T00:00"), datetime.fromisoformat("2029-12-31T23:59")
firsts = st.datetimes(*YEARS).map(lambda at: at.replace(second=0, microsecond=0))
days = st.lists(st.integers(0, 6).map(Weekday), max_size=4, unique=True).map(lambda each: tuple(sorted(each)))
placed_days = st.lists(
    st.builds(Weekday, st.integers(0, 6), st.sampled_from([0, 1, 2, 3, 4, 5, -1, -2])), max_size=3, unique=True
).map(lambda each: tuple(sorted(each)))
month_days = st.lists(st.integers(-31, 31).filter(bool), max_size=3, unique=True).map(lambda each: tuple(sorted(each)))
counts = st.integers(1, MOST_DATES)
rules = st.one_of(
    st.builds(Rule, st.just("DAILY"), st.integers(1, 9), days, month_days, count=counts),
    st.builds(Rule, st.just("WEEKLY"), st.integers(1, 9), days, count=counts, week_start=st.integers(0, 6)),
    st.builds(Rule, st.just("MONTHLY"), st.integers(1, 9), placed_days, month_days, count=counts),
    st.builds(
        Rule, st.just("MONTHLY"), st.integers(1, 3), days.filter(bool), st.just(()), st.just((-1,)), count=counts
    ),
)


def by_dateutil(rule: Rule, first: datetime) -> list[datetime]:
    """What dateutil's own parser of RRULE texts makes of it, within 20 years."""
    horizon = first + timedelta(days=366 * 20)
    found = []
    for wall in rrulestr(str(rule), dtstart=first):
        if wall > horizon:
            break
        found.append(wall)
    return found


def test_every_example_of_the_manual_is_true() -> None:
    outcome = doctest.testfile(str(MANUAL), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 20
    assert outcome.failed == 0


@brief
@given(rules, firsts)
def test_the_dates_are_those_of_the_text_read_by_another_parser_or_the_rule_is_refused(
    rule: Rule, first: datetime
) -> None:
    expected = by_dateutil(rule, first)
    unfit = not expected or expected[0] != first
    if unfit or len(expected) < (rule.count or 0):
        with pytest.raises(RuleError) as refused:
            occurrences(rule, first, "Europe/Paris")
        assert refused.value.problem == ("not_the_first" if unfit else "too_long")
    else:
        assert list(occurrences(rule, first, "Europe/Paris")) == expected


@brief
@given(rules, firsts, st.sampled_from(sorted(CHANGES)))
def test_the_wall_time_is_the_same_on_every_date_in_every_zone_whose_clocks_change(
    rule: Rule, first: datetime, zone: str
) -> None:
    try:
        walls = occurrences(rule, first, zone)
    except RuleError:
        return
    for wall in walls:
        assert wall.time() == first.time()
        moment = hours.from_minute(zone, hours.to_minute(zone, wall)).replace(tzinfo=None)
        assert moment == wall or (not hours.exists(zone, wall) and moment > wall)


@pytest.mark.parametrize("zone", sorted(CHANGES))
def test_a_daily_series_across_each_change_of_the_clock_keeps_its_hour(zone: str) -> None:
    """Half past two in the afternoon exists once every day, everywhere: 14:30 stays 14:30."""
    first = hours.from_minute(zone, CHANGES[zone][0]).replace(hour=14, minute=30, tzinfo=None) - timedelta(days=3)
    walls = occurrences(parse("FREQ=DAILY;COUNT=7"), first, zone)
    shown = [hours.from_minute(zone, hours.to_minute(zone, wall)) for wall in walls]
    assert [(moment.hour, moment.minute) for moment in shown] == [(14, 30)] * 7
    assert len({moment.utcoffset() for moment in shown}) == 2


@brief
@given(rules, firsts, st.integers(0, MOST_DATES - 1), st.sampled_from(sorted(CHANGES)))
def test_until_includes_the_date_it_names_in_all_three_forms_and_nothing_after_it(
    rule: Rule, first: datetime, number: int, zone: str
) -> None:
    try:
        walls = occurrences(rule, first, zone)
    except RuleError:
        return
    last = walls[number % len(walls)]
    expected = walls[: walls.index(last) + 1]
    moment = datetime.fromtimestamp(hours.to_minute(zone, last) * 60, UTC)
    for until in (last, last.date(), moment):
        again = parse(str(replace(rule, count=None, until=until)))
        assert occurrences(again, first, zone) == expected
    just_before = replace(rule, count=None, until=moment - timedelta(minutes=1))
    if len(expected) > 1:
        assert occurrences(just_before, first, zone) == expected[:-1]


@brief
@given(rules)
def test_what_a_rule_is_written_as_is_read_as_the_same_rule(rule: Rule) -> None:
    assert parse(str(rule)) == rule
    assert parse(f"RRULE:{str(rule).lower()}".replace("rrule:", "RRULE:")) == rule


@brief
@given(
    st.builds(Rule, st.just("WEEKLY"), st.integers(1, 5), days, count=counts, week_start=st.integers(0, 6)),
    firsts,
    st.integers(-9, 9),
)
def test_a_shifted_weekly_rule_gives_each_date_shifted(rule: Rule, first: datetime, by: int) -> None:
    try:
        walls = occurrences(rule, first, "Europe/Paris")
    except RuleError:
        return
    ahead = timedelta(days=by)
    moved = ended(shifted(rule, by), walls[-1] + ahead)
    assert occurrences(moved, first + ahead, "Europe/Paris") == tuple(wall + ahead for wall in walls)


@pytest.mark.parametrize(
    ("text", "part", "problem"),
    [
        ("", "FREQ", "missing"),
        ("COUNT=3", "FREQ", "missing"),
        ("FREQ", "FREQ", "malformed"),
        ("FREQ=;COUNT=3", "FREQ", "malformed"),
        ("FREQ=YEARLY;COUNT=3", "FREQ", "not_supported"),
        ("FREQ=WEEKLY;BYHOUR=9;COUNT=3", "BYHOUR", "not_supported"),
        ("FREQ=WEEKLY;COUNT=3;COUNT=4", "COUNT", "twice"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20261231", "UNTIL", "two_ends"),
        ("FREQ=WEEKLY", "COUNT", "no_end"),
        ("FREQ=WEEKLY;COUNT=0", "COUNT", "not_a_number"),
        ("FREQ=WEEKLY;COUNT=-3", "COUNT", "not_a_number"),
        ("FREQ=WEEKLY;COUNT=105", "COUNT", "too_many"),
        ("FREQ=WEEKLY;INTERVAL=0;COUNT=3", "INTERVAL", "not_a_number"),
        ("FREQ=WEEKLY;INTERVAL=100;COUNT=3", "INTERVAL", "not_a_number"),
        ("FREQ=WEEKLY;INTERVAL=²;COUNT=3", "INTERVAL", "not_a_number"),
        ("FREQ=WEEKLY;BYDAY=XX;COUNT=3", "BYDAY", "not_a_day"),
        ("FREQ=WEEKLY;BYDAY=1MO;COUNT=3", "BYDAY", "not_with"),
        ("FREQ=DAILY;BYDAY=-1MO;COUNT=3", "BYDAY", "not_with"),
        ("FREQ=MONTHLY;BYDAY=6MO;COUNT=3", "BYDAY", "not_a_number"),
        ("FREQ=MONTHLY;BYDAY=0MO;COUNT=3", "BYDAY", "not_a_number"),
        ("FREQ=WEEKLY;BYMONTHDAY=1;COUNT=3", "BYMONTHDAY", "not_with"),
        ("FREQ=MONTHLY;BYMONTHDAY=0;COUNT=3", "BYMONTHDAY", "not_a_number"),
        ("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3", "BYMONTHDAY", "not_a_number"),
        ("FREQ=MONTHLY;BYSETPOS=1;COUNT=3", "BYSETPOS", "not_with"),
        ("FREQ=DAILY;BYDAY=MO;BYSETPOS=1;COUNT=3", "BYSETPOS", "not_with"),
        ("FREQ=WEEKLY;UNTIL=tomorrow", "UNTIL", "not_a_moment"),
        ("FREQ=WEEKLY;UNTIL=2026-W50", "UNTIL", "not_a_moment"),
        ("FREQ=WEEKLY;UNTIL=20261231 143000", "UNTIL", "not_a_moment"),
        ("FREQ=WEEKLY;UNTIL=00010101T000000+1400", "UNTIL", "not_a_moment"),
        ("FREQ=WEEKLY;UNTIL=99991231T235959-1400", "UNTIL", "not_a_moment"),
        ("FREQ=WEEKLY;COUNT=٣", "COUNT", "not_a_number"),
        ("FREQ=MONTHLY;BYMONTHDAY=+-5;COUNT=3", "BYMONTHDAY", "not_a_number"),
        ("FREQ=MONTHLY;BYDAY=+-1MO;COUNT=3", "BYDAY", "not_a_number"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=--1;COUNT=3", "BYSETPOS", "not_a_number"),
        ("FREQ=WEEKLY;WKST=9;COUNT=3", "WKST", "not_a_day"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_the_name_of_its_part(text: str, part: str, problem: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse(text)
    assert (refused.value.part, refused.value.problem) == (part, problem)


@pytest.mark.parametrize(
    ("text", "first", "part", "problem"),
    [
        ("FREQ=DAILY;UNTIL=20270101", "2026-03-03T14:30", "UNTIL", "too_many"),
        ("FREQ=DAILY;UNTIL=20260302", "2026-03-03T14:30", "UNTIL", "empty"),
        ("FREQ=WEEKLY;BYDAY=WE;COUNT=3", "2026-03-03T14:30", "BYDAY", "not_the_first"),
        ("FREQ=MONTHLY;BYMONTHDAY=4;COUNT=3", "2026-03-03T14:30", "BYMONTHDAY", "not_the_first"),
        ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1;COUNT=3", "2026-03-03T14:30", "BYDAY", "not_the_first"),
        ("FREQ=MONTHLY;INTERVAL=99;COUNT=9", "2026-03-03T14:30", "COUNT", "too_long"),
    ],
)
def test_what_has_no_such_dates_is_refused_too(text: str, first: str, part: str, problem: str) -> None:
    with pytest.raises(RuleError) as refused:
        occurrences(parse(text), datetime.fromisoformat(first), "Europe/Paris")
    assert (refused.value.part, refused.value.problem) == (part, problem)


def test_a_monthly_rule_cannot_be_shifted_by_days_and_keeps_its_dates_otherwise() -> None:
    rule = parse("FREQ=MONTHLY;BYDAY=1MO;COUNT=3")
    with pytest.raises(RuleError):
        shifted(rule, 1)
    assert str(shifted(rule, 0)) == "FREQ=MONTHLY;BYDAY=1MO"
