"""Intervals, judged as sets of numbers."""

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.intervals import Interval, contains, intersect, normalize, overlaps, subtract
from tests.domain.strategies import intervals, thorough

some = intervals(0, 60)
one = st.tuples(st.integers(-10, 40), st.integers(-10, 40))


def numbers(several: Iterable[tuple[int, int]]) -> set[int]:
    return {number for start, end in several for number in range(start, end)}


@thorough
@given(some)
def test_normalized_intervals_are_the_same_numbers_apart_and_in_order(several: list[tuple[int, int]]) -> None:
    result = normalize(several)
    assert numbers(result) == numbers(several)
    assert all(start < end for start, end in result)
    assert all(left.end < right.start for left, right in pairwise(result))


@thorough
@given(some, some)
def test_intersection_and_difference_are_those_of_the_numbers(
    a: list[tuple[int, int]], b: list[tuple[int, int]]
) -> None:
    assert numbers(intersect(a, b)) == numbers(a) & numbers(b)
    assert numbers(subtract(a, b)) == numbers(a) - numbers(b)
    assert intersect(a, b) == normalize(intersect(a, b))
    assert subtract(a, b) == normalize(subtract(a, b))


@thorough
@given(one, one)
def test_overlapping_and_containing_are_those_of_the_numbers(a: tuple[int, int], b: tuple[int, int]) -> None:
    assert overlaps(a, b) == bool(numbers([a]) & numbers([b]))
    assert contains(a, b) == (numbers([b]) <= numbers([a]))


def test_neighbours_do_not_overlap_and_become_one() -> None:
    assert not overlaps((540, 600), (600, 660))
    assert normalize([(600, 660), (540, 600)]) == [Interval(540, 660)]
