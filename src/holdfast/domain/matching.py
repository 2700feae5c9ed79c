"""Can distinct resources fill every need? Answered for all minutes at once, by Hall's theorem.

P. Hall (1935): needs can all be given a resource of their own if and only if every set of needs can together be
served by at least as many resources as it has needs. "At least n of these calendars have a one" is bit arithmetic, so
that no slot is looked at by itself. Needs with the same pool count as one group with a demand, which keeps the
sets few: three rooms' worth of sets for three different pools (7), one for ten nurses from one pool.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Generic, TypeVar

from holdfast.domain.calendar_bits import count_at_least, union

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Group(Generic[K]):
    """`demand` needs served from one pool: for each resource a calendar (or a number) that says when (or how often)."""

    pool: Mapping[K, int]
    demand: int = 1


def matchable(groups: Sequence[Group[K]], everywhere: int) -> int:
    """Where (within the bits of `everywhere`) distinct resources can fill all demands of all groups."""
    result = everywhere
    for groups_together in components(groups):
        for pool, demand in _hall_sets(groups_together):
            calendars = [union(bits) for bits in pool.values()]
            result &= union(calendars) if demand == 1 else count_at_least(calendars, demand)
            if not result:
                return 0
    return result


def most(groups: Sequence[Group[K]]) -> int:
    """How many times over all demands can be filled when `pool` tells how often each resource can serve.

    Within one of those times the resources are distinct; over all times a resource serves as often as it can. n times
    are possible iff every set of groups finds n x its demand in its resources, each counted at most n times: Hall's
    condition for n copies, which by König's edge-colouring theorem fall apart into n complete matchings.
    """
    sets = [
        ([max(units) for units in pool.values()], demand)
        for groups_together in components(groups)
        for pool, demand in _hall_sets(groups_together)
    ]
    times = min((sum(units) // demand for units, demand in sets), default=0)
    while times and any(sum(min(u, times) for u in units) < times * demand for units, demand in sets):
        times -= 1
    return times


def components(groups: Sequence[Group[K]]) -> list[list[Group[K]]]:
    """The groups, kept together only where their pools share a resource (directly or through others)."""
    parts: list[tuple[set[K], list[Group[K]]]] = []
    for group in groups:
        keys, members, apart = set(group.pool), [group], []
        for part in parts:
            if keys.isdisjoint(part[0]):
                apart.append(part)
            else:
                keys |= part[0]
                members = [*part[1], *members]
        parts = [*apart, (keys, members)]
    return [members for _, members in parts]


def _hall_sets(groups: Sequence[Group[K]]) -> Iterator[tuple[dict[K, list[int]], int]]:
    """Every non-empty set of groups: per resource what each group says of it, and the demand."""
    for size in range(1, len(groups) + 1):
        for chosen in combinations(groups, size):
            pool: dict[K, list[int]] = {}
            for group in chosen:
                for key, value in group.pool.items():
                    pool.setdefault(key, []).append(value)
            yield pool, sum(group.demand for group in chosen)
