"""Can distinct resources fill every need, and how often? Answered for all minutes at once, by Hall's theorem.

P. Hall (1935): every need can be given a resource of its own if and only if every set of needs can together draw on
at least as many resources as it has needs. "At least n of these calendars have a one" is bit arithmetic, so no slot
is looked at by itself. Needs with the same pool count as one group with a demand, which keeps the sets few: ten
nurses from one pool are one set; three pools that overlap are seven. Pools that do not overlap are judged apart.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, zip_longest
from typing import Generic, TypeVar

from holdfast.domain.calendar_bits import BitCounter, count_at_least, union

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Group(Generic[K]):
    """`demand` needs served from one pool.

    For each resource its levels: the calendar of when it can serve once, of when it can serve twice, and so on.
    """

    pool: Mapping[K, Sequence[int]]
    demand: int = 1


def matchable(groups: Sequence[Group[K]], everywhere: int) -> int:
    """Where, among the bits of `everywhere`, distinct resources can fill all demands of all groups."""
    result = everywhere
    for part in components(groups):
        for resources, demand in _hall_sets(part):
            able = [levels[0] for levels in resources if levels]
            result &= union(able) if demand == 1 else count_at_least(able, demand)
            if not result:
                return 0
    return result


def times(groups: Sequence[Group[K]], wanted: Sequence[int]) -> list[int]:
    """For each wanted bit position, how many times over all demands of all groups can be filled.

    Within one of those times the resources are distinct; over all of them each serves as often as its levels say.
    """
    if not groups:
        return [0] * len(wanted)
    first, *others = [_count(part).values(wanted) for part in components(groups)]
    return list(map(min, first, *others)) if others else first


def components(groups: Sequence[Group[K]]) -> list[list[Group[K]]]:
    """The groups, kept together only where their pools share a resource, directly or through others."""
    parts: list[tuple[set[K], list[Group[K]]]] = []
    for group in groups:
        keys, members = set(group.pool), [group]
        apart: list[tuple[set[K], list[Group[K]]]] = []
        for part in parts:
            if keys.isdisjoint(part[0]):
                apart.append(part)
            else:
                keys |= part[0]
                members = [*part[1], *members]
        parts = [*apart, (keys, members)]
    return [members for _, members in parts]


def _count(groups: Sequence[Group[K]]) -> BitCounter:
    """How many times over these groups, whose pools overlap, can be filled at each position.

    n times are possible iff every set of groups finds n x its demand in its resources, each counted at most n times:
    Hall's condition for n copies of the needs. By Koenig's edge-colouring theorem (1916) such an assignment falls
    apart into n complete matchings, so that no copy uses a resource twice.
    """
    if len(groups) == 1 and groups[0].demand == 1:
        return BitCounter(bits for levels in groups[0].pool.values() for bits in levels)
    sets = [(resources, demand, BitCounter()) for resources, demand in _hall_sets(groups)]
    result = BitCounter()
    possible, n = -1, 0
    while possible:
        n += 1
        for resources, demand, counter in sets:
            for levels in resources:
                if n <= len(levels):
                    counter.add(levels[n - 1])
            possible &= counter.at_least(n * demand)
        result.add(possible)
    return result


def _hall_sets(groups: Sequence[Group[K]]) -> list[tuple[list[Sequence[int]], int]]:
    """For every non-empty set of groups, the levels of each resource they can draw on, and their demand."""
    return [
        (_merged(chosen), sum(group.demand for group in chosen))
        for size in range(1, len(groups) + 1)
        for chosen in combinations(groups, size)
    ]


def _merged(groups: Sequence[Group[K]]) -> list[Sequence[int]]:
    """Per resource of any of the groups, its levels in whichever of them it can serve more."""
    if len(groups) == 1:
        return list(groups[0].pool.values())
    pool: dict[K, list[Sequence[int]]] = {}
    for group in groups:
        for key, levels in group.pool.items():
            pool.setdefault(key, []).append(levels)
    return [[union(level) for level in zip_longest(*several, fillvalue=0)] for several in pool.values()]
