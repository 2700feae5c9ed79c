"""Matching over overlapping pools, judged by trying everything; and the choice of lanes."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.capacity import choose_lanes
from holdfast.domain.matching import Group, components, matchable, times
from tests.domain.strategies import thorough

BITS = 6
calendars = st.integers(0, (1 << BITS) - 1)


@st.composite
def groups(draw: st.DrawFn) -> list[Group[str]]:
    """Up to three pools of up to five resources, each with up to three levels, the higher within the lower."""
    levels: dict[str, list[int]] = {}
    for name in "abcde":
        levels[name] = []
        for bits in draw(st.lists(calendars, min_size=1, max_size=3)):
            levels[name].append(bits & levels[name][-1] if levels[name] else bits)
    pools = st.lists(st.sampled_from("abcde"), unique=True, max_size=5)
    return [
        Group({name: levels[name] for name in draw(pools)}, draw(st.integers(1, 2)))
        for _ in range(draw(st.integers(1, 3)))
    ]


def brute_force(groups: list[Group[str]], at: int) -> int:
    """How often all demands can be filled at one position, trying every choice."""
    places = [group for group in groups for _ in range(group.demand)]
    left = {key: sum(bits >> at & 1 for bits in levels) for g in groups for key, levels in g.pool.items()}
    choices = [c for c in product(*(place.pool for place in places)) if len(set(c)) == len(places)]

    def best(left: dict[str, int]) -> int:
        tries = [0]
        for choice in choices:
            if all(left[key] > 0 for key in choice):
                tries.append(1 + best({key: count - (key in choice) for key, count in left.items()}))
                if tries[-1] * len(places) + len(places) > sum(left.values()):
                    break  # as many as there can be at all
        return max(tries)

    return best(left)


@thorough
@given(groups())
def test_halls_condition_is_trying_everything(several: list[Group[str]]) -> None:
    expected = [brute_force(several, at) for at in range(BITS)]
    assert times(several, range(BITS)) == expected
    everywhere = (1 << BITS) - 1
    assert matchable(several, everywhere) == sum(1 << at for at, count in enumerate(expected) if count)


def test_pools_are_kept_together_by_what_they_share() -> None:
    a, b, c, d = (Group(dict.fromkeys(names, (1,))) for names in ("ab", "cd", "bc", "e"))
    assert [len(part) for part in components([a, b, c, d])] == [3, 1]
    assert [len(part) for part in components([a, b, d])] == [1, 1, 1]


def test_lanes_are_the_first_free_or_from_where_the_lot_falls() -> None:
    assert choose_lanes([1, 4, 6], 2) == (1, 4)
    assert {choose_lanes([1, 4, 6], 2, lot) for lot in range(30)} == {(1, 4), (4, 6), (1, 6)}
    assert choose_lanes([3, 5], 2, 1) == (3, 5)
    for count in (0, 3):
        with pytest.raises(ValueError, match="lanes wanted"):
            choose_lanes([3, 5], count)
