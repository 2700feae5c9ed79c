"""One organization's busy time as calendar bits: all of it as one snapshot of the database showed it."""

import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from holdfast.domain.calendar_bits import Window, from_intervals, reslice, span
from holdfast.domain.hours import DAY
from holdfast.events.following import STANDING_COLUMNS, Place, Standing

# However far ahead a service may be booked, calendars in memory end here; what lies beyond is read when asked for.
MOST_DAYS = 400
# Beyond the last start that may be booked: the longest occupation, and the day of the zone that is furthest ahead.
MARGIN_DAYS = 5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)

Lane = tuple[UUID, int]
_revisions = count(1)


@dataclass(frozen=True, slots=True)
class Held:
    """A period of a lane that frees itself at `until`."""

    lane: int
    start: int
    end: int
    until: datetime


class Calendars:
    """What is taken, lane by lane, in `window`. `place`: the snapshot it is true for, with `version` of the catalog.

    `latest`: the last revision that anything of them got.
    """

    def __init__(self, window: Window, place: Place, version: int) -> None:
        self.window, self.place, self.version = window, place, version
        self._since_loading = next(_revisions)
        self._taken: dict[Lane, int] = {}
        self._held: dict[UUID, list[Held]] = {}
        self._revisions: dict[UUID, int] = {}
        self._changes: dict[int, int] = {}  # by day of UTC
        self.latest = self._since_loading

    def revision(self, resource_id: UUID) -> int:
        """Another number whenever something of the resource changes; no two calendars share one."""
        return self._revisions.get(resource_id, self._since_loading)

    def last_change(self, days: Iterable[int]) -> int:
        """Another number whenever something changes on one of these days of UTC, of whichever resource."""
        return max(self._since_loading, *[self._changes.get(day, 0) for day in days])

    def covers(self, window: Window) -> bool:
        return self.window.origin <= window.origin and window.end <= self.window.end

    def size(self) -> int:
        """Bytes, about."""
        return sum(map(sys.getsizeof, self._taken.values())) + 1000

    def busy(self, resource_id: UUID, lanes: int, window: Window, now: datetime) -> tuple[tuple[int, ...], datetime]:
        """For each lane of a resource the bits taken in `window`, and when a hold ends and changes them."""
        found = [reslice(self._taken.get((resource_id, lane), 0), self.window, window) for lane in range(lanes)]
        until = NEVER
        for held in self._held.get(resource_id, ()):
            if held.until > now and held.lane < lanes:
                found[held.lane] |= span(window, held.start, held.end)
                until = min(until, held.until)
        return tuple(found), until

    def apply(self, row: Sequence[Any]) -> None:
        """Bring up to the snapshot of a row of `busy_feed.NEWS`."""
        version, touched, taken = row[STANDING_COLUMNS:]
        for resource, lane, start, end in touched or ():
            self._clear(UUID(resource), lane, start, end)
        self._take(taken or ())
        self.place, self.version = self.place.moved(standing(row)), version

    def _clear(self, resource_id: UUID, lane: int, start: int, end: int) -> None:
        self._revisions[resource_id] = self.latest = next(_revisions)
        self._changes |= dict.fromkeys(range(start // DAY, end // DAY + 1), self.latest)
        key = resource_id, lane
        if key in self._taken:
            self._taken[key] &= ~span(self.window, start, end)
        if resource_id in self._held:
            self._held[resource_id] = [
                each for each in self._held[resource_id] if each.lane != lane or each.start >= end or each.end <= start
            ]

    def _take(self, taken: Iterable[Sequence[Any]]) -> None:
        """(resource, lane, start, end, microseconds until it frees itself or None) each, perhaps more than once."""
        for resource, lane, start, end, microseconds in taken:
            resource_id = UUID(resource)
            if microseconds is None:
                key = resource_id, lane
                self._taken[key] = self._taken.get(key, 0) | span(self.window, start, end)
            else:
                held = Held(lane, start, end, EPOCH + timedelta(microseconds=microseconds))
                others = self._held.setdefault(resource_id, [])
                if held not in others:
                    others.append(held)

    def load(self, resources: Sequence[UUID], packed: bytes | None, held: Iterable[Sequence[Any]] | None) -> None:
        """The first contents, as `busy_feed.EVERYTHING` gives them."""
        intervals: dict[Lane, list[tuple[int, int]]] = {}
        numbers = array("i", packed or b"")
        if sys.byteorder == "little":
            numbers.byteswap()
        flat = numbers.tolist()
        for number, lane, start, end in zip(flat[::4], flat[1::4], flat[2::4], flat[3::4], strict=True):
            intervals.setdefault((resources[number], lane), []).append((start, end))
        self._taken = {key: from_intervals(self.window, each) for key, each in intervals.items()}
        self._take(held or ())


def standing(row: Sequence[Any]) -> Standing:
    return Standing(*row[:STANDING_COLUMNS])


def calendars_of(row: Sequence[Any], since: int, place: Place) -> Calendars:
    """The calendars of a row of `busy_feed.EVERYTHING`, which was asked for what ends after `since`."""
    version, horizon_days, resources, packed, held = row[STANDING_COLUMNS:]
    window = Window(since, (min(horizon_days, MOST_DAYS) + MARGIN_DAYS) * DAY)
    calendars = Calendars(window, place, version)
    calendars.load(resources or (), packed, held)
    return calendars
