"""Limits by day and period, against counting by hand."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain import hours
from holdfast.domain.calendar_bits import Window
from holdfast.domain.limits import Rule, allowance
from tests.domain import oracle
from tests.domain.strategies import brief, thorough

SOME_DAY = date(2026, 3, 1)
days = st.integers(0, 60).map(lambda n: SOME_DAY + timedelta(days=n))
rules = st.builds(Rule, st.integers(1, 5), st.sampled_from(["day", "week", "month", "rolling"]), st.integers(1, 12))


def breaks(rule: Rule, booked: list[date]) -> bool:
    """Whether some period has more bookings than the rule allows, looked at one by one."""
    for first in (SOME_DAY + timedelta(days=n) for n in range(-40, 110)):
        if rule.period == "rolling":
            inside = [day for day in booked if first <= day < first + timedelta(days=rule.days)]
        elif rule.period == "week":
            inside = [day for day in booked if day.isocalendar()[:2] == first.isocalendar()[:2]]
        elif rule.period == "month":
            inside = [day for day in booked if (day.year, day.month) == (first.year, first.month)]
        else:
            inside = [day for day in booked if day == first]
        if len(inside) > rule.most:
            return True
    return False


@thorough
@given(rules, st.lists(days, max_size=12))
def test_one_more_is_allowed_exactly_if_no_period_has_too_many_then(rule: Rule, wishes: list[date]) -> None:
    booked: list[date] = []
    for day in wishes:
        allowed = rule.used(Counter(booked), day) < rule.most
        assert allowed == (not breaks(rule, [*booked, day]))
        if allowed:
            booked.append(day)


@brief
@given(rules, days, st.lists(days, max_size=12))
def test_bookings_out_of_reach_have_no_say(rule: Rule, day: date, booked: list[date]) -> None:
    first, last = rule.reach(day)
    near = [each for each in booked if first <= each <= last]
    assert rule.used(Counter(near), day) == rule.used(Counter(booked), day)


@brief
@given(
    st.sampled_from(["Europe/Paris", "America/Havana", "Pacific/Apia", "UTC"]),
    st.sampled_from([date(2026, 3, 27), date(2026, 10, 24), date(2026, 3, 7), date(2026, 10, 31), date(2011, 12, 29)]),
    st.integers(-700, 700),
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
    st.integers(1, 3),
)
def test_each_minute_is_allowed_as_its_local_date_is(
    zone: str, first: date, offset: int, counts: list[int], weight: int
) -> None:
    """Minute by minute on the wall clock, the odd days of the year among them."""
    window = Window(hours.day_start(zone, first) + offset, 3 * 1440)
    taken = {first + timedelta(days=n - 1): count for n, count in enumerate(counts)}
    left = allowance("service_day_limit", "x", Rule(3), zone=zone, window=window, taken=taken, weight=weight)
    full = oracle.minutes_of(left.full(window), window.origin)
    for minute in range(window.origin, window.end, 7):
        day = hours.date_of(zone, minute)
        room = (3 - taken.get(day, 0)) // weight
        found = left.at(minute)
        assert found is not None
        assert (found.used, found.left) == (taken.get(day, 0), room)
        assert (minute in full) == (room == 0) == (not left.allows(minute))


@pytest.mark.parametrize("rule", [Rule(1, "rolling", 366), Rule(0)])
def test_limits_that_make_sense_are_accepted(rule: Rule) -> None:
    assert rule.used({}, SOME_DAY) == 0


@pytest.mark.parametrize("given", [{"most": -1}, {"most": 1, "days": 0}, {"most": 1, "days": 367}])
def test_limits_that_make_none_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="impossible limit"):
        Rule(**given)
