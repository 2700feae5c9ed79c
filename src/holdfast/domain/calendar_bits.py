"""A calendar as one Python integer: bit i stands for the minute `window.origin + i`.

Python's integers are as long as they need to be and combine a machine word at a time, so that thirty days
(43,200 bits, 5.4 kB) are and-ed in about a microsecond. docs/algorithms/availability.md explains the idea.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, count
from operator import add, itemgetter


@dataclass(frozen=True, slots=True)
class Window:
    """The minutes [origin, origin + length) that a calendar's bits stand for."""

    origin: int
    length: int

    def __post_init__(self) -> None:
        if self.length < 0:
            raise ValueError(f"a window cannot have {self.length} minutes")

    @property
    def end(self) -> int:
        """The first minute after the window."""
        return self.origin + self.length

    def clip(self, start: int, end: int) -> "Window":
        """The part of [start, end) inside this window, possibly of length 0."""
        first = min(max(start, self.origin), self.end)
        return Window(first, max(0, min(end, self.end) - first))


def full(window: Window) -> int:
    """Every minute of the window."""
    return (1 << window.length) - 1


def span(window: Window, start: int, end: int) -> int:
    """The minutes [start, end), as far as they lie in the window."""
    part = window.clip(start, end)
    return full(part) << (part.origin - window.origin)


def from_intervals(window: Window, intervals: Iterable[tuple[int, int]]) -> int:
    """The minutes covered by any of the intervals [start, end), in any order, overlapping or not.

    A run of ones from bit s to bit e is 2^e - 2^s. So we note where the merged runs begin and end in two byte
    strings and subtract once, instead of making one long integer per interval.
    """
    origin, length = window.origin, window.length
    size = (length >> 3) + 1
    begins, ends = bytearray(size), bytearray(size)
    opened = reached = -1  # the run being built
    for start, end in sorted(intervals):
        first = start - origin if start > origin else 0
        last = end - origin if end - origin < length else length
        if last <= first:
            continue
        if first > reached:
            if reached > 0:
                begins[opened >> 3] |= 1 << (opened & 7)
                ends[reached >> 3] |= 1 << (reached & 7)
            opened, reached = first, last
        elif last > reached:
            reached = last
    if reached > 0:
        begins[opened >> 3] |= 1 << (opened & 7)
        ends[reached >> 3] |= 1 << (reached & 7)
    return int.from_bytes(ends, "little") - int.from_bytes(begins, "little")


def to_intervals(window: Window, bits: int) -> list[tuple[int, int]]:
    """The runs of ones as [start, end) minutes, ascending: the fewest intervals that give these bits."""
    edges = positions(bits ^ (bits << 1))  # a bit that differs from its left neighbour begins or ends a run
    return [(window.origin + s, window.origin + e) for s, e in zip(edges[::2], edges[1::2], strict=True)]


def positions(bits: int) -> list[int]:
    """The indexes of the ones, ascending.

    The text of the number, cut at its ones: the lengths of the pieces are the distances. All of it happens in C.
    """
    if not bits:
        return []
    zeros = bin(bits)[:1:-1].split("1")
    zeros.pop()
    return list(map(add, accumulate(map(len, zeros)), count()))


def runs(bits: int, k: int) -> int:
    """Bit i is set iff bits i … i+k-1 are all set: where k free minutes begin. O(log k) shifts."""
    if k < 1:
        raise ValueError(f"a run has at least one minute, not {k}")
    known = 1  # each one says: from here, `known` minutes are set
    while known < k and bits:
        step = min(known, k - known)
        bits &= bits >> step
        known += step
    return bits


def shift(bits: int, minutes: int) -> int:
    """The same pattern `minutes` later (earlier when negative; what falls below the origin is lost)."""
    return bits << minutes if minutes >= 0 else bits >> -minutes


def reslice(bits: int, from_window: Window, to_window: Window) -> int:
    """The bits of one window seen through another; minutes outside the first are 0."""
    return shift(bits, from_window.origin - to_window.origin) & full(to_window)


class BitCounter:
    """For each bit position, how many of the added integers have it set.

    The counts are held bit-sliced: plane j holds the j-th binary digit of every position's count, so adding an
    integer is a ripple of whole-calendar additions.
    """

    __slots__ = ("planes",)

    def __init__(self, addends: Iterable[int] = ()) -> None:
        self.planes: list[int] = []
        column = [bits for bits in addends if bits]
        while column:  # full adders: three of a digit become one of it and one of the next
            carries: list[int] = []
            while len(column) > 2:
                a, b, c = column.pop(), column.pop(), column.pop()
                odd = a ^ b
                column.append(odd ^ c)
                carries.append(a & b | odd & c)
            if len(column) == 2:
                a, b = column
                column = [a ^ b]
                carries.append(a & b)
            self.planes.append(column[0])
            column = [carry for carry in carries if carry]

    def add(self, bits: int, weight: int = 1) -> None:
        """Count `weight` more wherever `bits` is set."""
        for digit in range(weight.bit_length()):
            if weight >> digit & 1:
                self._carry(bits, digit)

    def _carry(self, carry: int, digit: int) -> None:
        planes = self.planes
        while carry:
            while digit >= len(planes):
                planes.append(0)
            plane = planes[digit]
            planes[digit] = plane ^ carry
            carry &= plane
            digit += 1

    def at_least(self, n: int) -> int:
        """Where the count is n or more (n >= 1)."""
        if n < 1:
            raise ValueError("every position counts at least 0; ask for 1 or more")
        if n >> len(self.planes):
            return 0
        greater, equal = 0, -1  # -1: every position is equal so far
        for digit in range(len(self.planes) - 1, -1, -1):
            plane = self.planes[digit]
            if n >> digit & 1:
                equal &= plane
            else:
                greater |= equal & plane
                equal &= ~plane
        return greater | equal

    def value(self, position: int) -> int:
        """The count at one position."""
        return sum((plane >> position & 1) << digit for digit, plane in enumerate(self.planes))

    def values(self, wanted: Sequence[int]) -> list[int]:
        """The counts at many positions; far cheaper than `value` for each."""
        if not self.planes or not wanted:
            return [0] * len(wanted)
        size = max(wanted) + 1
        pick = itemgetter(*(-1 - at for at in wanted))  # a number's text has bit 0 at its end
        columns = list(zip(*(pick(f"{plane:0{size}b}") for plane in reversed(self.planes)), strict=True))
        numbers = {column: int("".join(column), 2) for column in set(columns)}
        return [numbers[column] for column in columns]


def count_at_least(calendars: Iterable[int], n: int) -> int:
    """Where at least n of the calendars have a one."""
    return BitCounter(calendars).at_least(n)


def union(calendars: Iterable[int]) -> int:
    """Where any of the calendars has a one."""
    result = 0
    for bits in calendars:
        result |= bits
    return result
