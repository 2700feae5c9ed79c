"""Half-open intervals [start, end) of whole numbers: what ends at noon does not touch what begins at noon."""

from collections.abc import Iterable
from typing import NamedTuple


class Interval(NamedTuple):
    """[start, end); empty when end <= start."""

    start: int
    end: int


def overlaps(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether some number lies in both. An empty interval overlaps nothing."""
    return max(a[0], b[0]) < min(a[1], b[1])


def contains(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    """Whether every number of `inner` lies in `outer`. An empty interval lies everywhere."""
    return inner[1] <= inner[0] or (outer[0] <= inner[0] and inner[1] <= outer[1])


def normalize(intervals: Iterable[tuple[int, int]]) -> list[Interval]:
    """The same numbers as the fewest intervals: sorted, apart from one another, none empty."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if merged and start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, end))
        else:
            merged.append(Interval(start, end))
    return merged


def intersect(a: Iterable[tuple[int, int]], b: Iterable[tuple[int, int]]) -> list[Interval]:
    """The numbers in both, normalized."""
    left, right = normalize(a), normalize(b)
    common: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i].start, right[j].start), min(left[i].end, right[j].end)
        if start < end:
            common.append(Interval(start, end))
        if left[i].end < right[j].end:
            i += 1
        else:
            j += 1
    return common


def subtract(a: Iterable[tuple[int, int]], b: Iterable[tuple[int, int]]) -> list[Interval]:
    """The numbers of `a` that are not in `b`, normalized."""
    base = normalize(a)
    if not base:
        return []
    gaps: list[Interval] = []
    cursor = base[0].start
    for start, end in normalize(b):
        gaps.append(Interval(cursor, start))
        cursor = max(cursor, end)
    gaps.append(Interval(cursor, max(cursor, base[-1].end)))
    return intersect(base, gaps)
