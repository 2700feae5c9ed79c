"""Calendars as integers, judged as sets of minutes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.calendar_bits import (
    BitCounter,
    Window,
    count_at_least,
    from_intervals,
    full,
    positions,
    reslice,
    runs,
    shift,
    span,
    to_intervals,
    union,
)
from holdfast.domain.intervals import normalize
from tests.domain.oracle import minutes_of
from tests.domain.strategies import intervals, thorough, windows

calendars = st.integers(0, (1 << 120) - 1)


@thorough
@given(windows(), st.data())
def test_bits_are_the_minutes_of_the_intervals_inside_the_window(window: Window, data: st.DataObject) -> None:
    several = data.draw(intervals(window.origin, window.end, 12))
    expected = {m for start, end in several for m in range(start, end) if window.origin <= m < window.end}
    bits = from_intervals(window, several)
    assert minutes_of(bits, window.origin) == expected
    assert union(span(window, *each) for each in several) == bits


@thorough
@given(windows(), st.data())
def test_bits_and_intervals_lead_back_to_each_other(window: Window, data: st.DataObject) -> None:
    bits = data.draw(st.integers(0, full(window)))
    back = to_intervals(window, bits)
    assert from_intervals(window, back) == bits
    assert back == [tuple(each) for each in normalize(back)]


@thorough
@given(calendars)
def test_positions_are_the_ones_in_order(bits: int) -> None:
    assert positions(bits) == sorted(minutes_of(bits))


@thorough
@given(calendars, st.integers(1, 130))
def test_a_run_starts_where_the_next_k_minutes_are_all_set(bits: int, k: int) -> None:
    ones = minutes_of(bits)
    assert minutes_of(runs(bits, k)) == {i for i in ones if all(j in ones for j in range(i, i + k))}


@thorough
@given(windows(), windows(), st.data())
def test_a_slice_is_the_same_minutes_seen_through_another_window(
    one: Window, other: Window, data: st.DataObject
) -> None:
    bits = data.draw(st.integers(0, full(one)))
    seen = minutes_of(reslice(bits, one, other), other.origin)
    assert seen == {m for m in minutes_of(bits, one.origin) if other.origin <= m < other.end}


@thorough
@given(st.lists(st.tuples(calendars, st.integers(1, 5)), max_size=9), st.integers(1, 20))
def test_a_counter_counts(added: list[tuple[int, int]], n: int) -> None:
    counter = BitCounter()
    for bits, weight in added:
        counter.add(bits, weight)
    expected = [sum(weight for bits, weight in added if bits >> i & 1) for i in range(125)]
    assert [counter.value(i) for i in range(125)] == expected
    assert counter.values(range(125)) == expected
    assert minutes_of(counter.at_least(n)) == {i for i, count in enumerate(expected) if count >= n}


@thorough
@given(st.lists(calendars, max_size=9), st.integers(1, 10))
def test_counting_at_once_is_counting_one_by_one(several: list[int], n: int) -> None:
    counts = [sum(bits >> i & 1 for bits in several) for i in range(125)]
    assert BitCounter(several).values(range(125)) == counts
    assert minutes_of(count_at_least(several, n)) == {i for i, count in enumerate(counts) if count >= n}


def test_ten_thousand_intervals_in_three_months() -> None:
    window = Window(29_923_140, 92 * 1440)
    several = [(window.origin + 13 * i, window.origin + 13 * i + 12) for i in range(10_000)]
    assert from_intervals(window, reversed(several)).bit_count() == 120_000
    assert to_intervals(window, from_intervals(window, several)) == several


def test_shifting_earlier_loses_what_falls_below_the_origin() -> None:
    assert shift(0b1011, 2) == 0b101100
    assert shift(0b1011, -1) == 0b101


def test_a_window_clips() -> None:
    window = Window(100, 50)
    assert window.end == 150
    assert window.clip(90, 120) == Window(100, 20)
    assert window.clip(140, 200) == Window(140, 10)
    assert window.clip(200, 300) == Window(150, 0)
    assert window.clip(0, 90).length == window.clip(130, 120).length == 0


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 minutes"):
        Window(0, -1)
    with pytest.raises(ValueError, match="at least one minute"):
        runs(5, 0)
    with pytest.raises(ValueError, match="at least 0"):
        BitCounter([1]).at_least(0)
