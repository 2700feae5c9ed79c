"""Limits: how many bookings may start on a local day, or in a period around it. docs/algorithms/limits.md.

A booking counts on the local date on which it starts, also when it crosses midnight. Dates are local to the
organization's zone; the two odd days of the year are days like others.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Literal

from holdfast.domain import hours
from holdfast.domain.calendar_bits import Window, from_intervals

Code = Literal["customer_limit", "service_day_limit", "team_day_limit"]
Period = Literal["day", "week", "month", "rolling"]
LONGEST_ROLLING_DAYS = 366


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `most` in a day, a week from Monday (ISO 8601), a calendar month, or any `days` days in a row."""

    most: int
    period: Period = "day"
    days: int = 1

    def __post_init__(self) -> None:
        if self.most < 0 or not 1 <= self.days <= LONGEST_ROLLING_DAYS:
            raise ValueError(f"impossible limit: {self}")

    def reach(self, day: date) -> tuple[date, date]:
        """The first and the last date whose bookings have a say in whether one more may start on `day`."""
        if self.period == "week":
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        if self.period == "month":
            return day.replace(day=1), (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        around = timedelta(days=self.days - 1 if self.period == "rolling" else 0)
        return day - around, day + around

    def used(self, taken: Mapping[date, int], day: date) -> int:
        """How much of the limit is used for a start on `day`; of a rolling period, the fullest that contains it."""
        first, last = self.reach(day)
        counts = [taken.get(first + timedelta(days=n), 0) for n in range((last - first).days + 1)]
        if self.period != "rolling":
            return sum(counts)
        sums = list(accumulate(counts, initial=0))
        return max(sums[n + self.days] - sums[n] for n in range(self.days))


@dataclass(frozen=True, slots=True)
class Day:
    """The minutes [start, end) of a local date, how much of the limit is used, and how many more bookings may start."""

    start: int
    end: int
    used: int
    left: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one limit leaves on each day, ascending. Minutes outside the days are not limited."""

    code: Code
    key: object
    most: int
    days: tuple[Day, ...]

    def at(self, minute: int) -> Day | None:
        """The day of a minute."""
        number = bisect_right(self.days, minute, key=lambda day: day.start) - 1
        return self.days[number] if number >= 0 and minute < self.days[number].end else None

    def allows(self, minute: int) -> bool:
        """Whether one more such booking may start there."""
        day = self.at(minute)
        return day is None or day.left > 0

    def full(self, window: Window) -> int:
        """The minutes of the days on which no such booking may start any more, as calendar bits."""
        return from_intervals(window, ((day.start, day.end) for day in self.days if not day.left))


def allowance(
    code: Code, key: object, rule: Rule, *, zone: str, window: Window, taken: Mapping[date, int], weight: int = 1
) -> Allowance:
    """What `rule` leaves on the local dates of the window; `taken` counts what is booked on each date.

    `weight` is what one such booking uses: 1, or its party where people are counted.
    """
    days = []
    for day in hours.local_dates(zone, window):
        used = rule.used(taken, day)
        start, end = hours.day_start(zone, day), hours.day_start(zone, day + timedelta(days=1))
        days.append(Day(start, end, used, max(0, rule.most - used) // weight))
    return Allowance(code, key, rule.most, tuple(days))
