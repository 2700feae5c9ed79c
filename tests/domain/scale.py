"""Availability at a real size: `PYTHONPATH=src:. python -m tests.domain.scale` prints the figures of the manual.

Every resource works 09:00-19:00 each day, with 90 bookings of 80 minutes (buffers included) spread over 30 days at
random, some overlapping others. Slots of 60 minutes with buffers of 10 on either side may start at every quarter.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from random import Random
from timeit import repeat

from holdfast.domain.calendar_bits import Window, from_intervals, to_intervals
from holdfast.domain.hours import Schedule, WeeklyRange, grid_bits, open_bits, to_minute
from holdfast.domain.slots import Candidate, Need, Request, Rules, decide, offered

ZONE = "Europe/Paris"
ORIGIN = to_minute(ZONE, datetime(2026, 11, 23))  # noqa: DTZ001 - a wall clock's time
WORK = tuple(WeeklyRange(day, 540, 1140) for day in range(7))


def bookings(count: int, days: int, seed: int) -> list[tuple[int, int]]:
    """Random periods of 80 minutes, as rows come from an index: by start."""
    chance = Random(seed)
    starts = sorted(ORIGIN + 15 * chance.randrange(96 * days) for _ in range(count))
    return [(start, start + 80) for start in starts]


def request(resources: int, days: int = 30, overlapping: bool = False) -> Request:
    """One need with all resources as its pool, or two with pools that share two thirds of them."""
    window = Window(ORIGIN, days * 1440)
    hours = open_bits(Schedule(ZONE, WORK), window)
    pool = tuple(
        Candidate(number, hours, (from_intervals(window, bookings(3 * days, days, number)),))
        for number in range(resources)
    )
    needs = (Need("driver", pool), Need("guide", pool[resources // 3 :])) if overlapping else (Need("driver", pool),)
    return Request(window, Rules(60, 15, 10, 10, ORIGIN, window.end), grid_bits(ZONE, 15, window), needs)


def microseconds(work: Callable[[], object]) -> float:
    """The best of five rounds, after a first one that fills the caches."""
    work()
    number = 3
    return min(repeat(work, number=number, repeat=5)) / number * 1e6


def figures() -> dict[str, float]:
    """What is measured: microseconds by what was done."""
    quarter = Window(ORIGIN, 92 * 1440)
    split = tuple(WeeklyRange(day, 480 + 180 * i, 600 + 180 * i) for day in range(7) for i in range(4))
    found = {"open_bits, 4 ranges a day": microseconds(partial(open_bits, Schedule(ZONE, split), quarter))}
    for count in (100, 1000, 5000):
        rows = bookings(count, 92, 1)
        found[f"from_intervals, {count:,} bookings"] = microseconds(partial(from_intervals, quarter, rows))
    bits = from_intervals(quarter, bookings(1000, 92, 1))
    found["to_intervals, 1,000 bookings"] = microseconds(partial(to_intervals, quarter, bits))
    for resources, overlapping in ((1, False), (10, False), (10, True), (200, False), (200, True)):
        asked = request(resources, overlapping=overlapping)
        answer = offered(asked)
        middle = answer.minutes()[answer.bits.bit_count() // 2]
        name = f"{resources} × 30 days" + (", two overlapping pools" if overlapping else "")
        found[f"{name}: offered"] = microseconds(partial(offered, asked))
        found[f"{name}: minutes"] = microseconds(answer.minutes)
        found[f"{name}: remainders"] = microseconds(answer.remainders)
        found[f"{name}: decide"] = microseconds(partial(decide, asked, middle))
    return found


if __name__ == "__main__":
    sys.stdout.write("| what | µs |\n| --- | ---: |\n")
    for name, cost in figures().items():
        sys.stdout.write(f"| {name} | {cost:,.0f} |\n")
