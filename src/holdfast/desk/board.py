"""A day of every resource, as rows of a table: who works when, what is booked, buffers included, and what is free.

Pure but for the two reads at the end. A table's cells are quarter hours; what begins between two begins with the first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Prefetch, Q

from holdfast.bookings.availability.plan_cache import plan_for
from holdfast.bookings.models import Allocation, Booking
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES, Organization, Resource, Service
from holdfast.core import clock
from holdfast.domain import hours
from holdfast.domain.calendar_bits import Window, to_intervals
from holdfast.payments.statuses import with_status

UNIT = 15
# An empty cell is half an hour: what one asks about, and wide enough to be tapped.
EMPTY_UNITS = 2
USUAL_DAY = (8, 18)
MOST_RESOURCES = 200

Kind = Literal["open", "closed", "buffer", "booking"]


@dataclass(frozen=True, slots=True)
class Occupied:
    """A lane taken for [start, end) minutes, of which [service_start, service_end) is the service itself."""

    lane: int
    start: int
    end: int
    service_start: int
    service_end: int
    booking: Booking


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of one line of the table, `units` columns wide; `start` is its first minute."""

    kind: Kind
    start: int
    units: int
    booking: Booking | None = None

    @property
    def starts_at(self) -> datetime:
        return clock.from_minute(self.start)


@dataclass(frozen=True, slots=True)
class Line:
    """One resource's lane, or all its lanes that nothing occupies together (`lanes` of them)."""

    cells: tuple[Cell, ...]
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class ResourceRows:
    resource: Resource
    lines: tuple[Line, ...]
    bookings: tuple[Booking, ...]
    works: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The minutes [start, end) of a local date; `hours` are the moments at which a column is headed."""

    start: int
    end: int
    hours: tuple[datetime, ...]
    rows: tuple[ResourceRows, ...]

    @property
    def absent(self) -> list[str]:
        """The names of those that neither work nor are booked."""
        return [row.resource.name for row in self.rows if not row.works and not row.bookings]


def lay_out(
    zone: str,
    day: date,
    resources: Sequence[Resource],
    opening: Mapping[UUID, Sequence[tuple[int, int]]],
    occupied: Mapping[UUID, Sequence[Occupied]],
) -> Board:
    """The table of a local date. `opening`: per resource the [start, end) minutes it works."""
    start, end = _shown(zone, day, opening, occupied)
    rows = tuple(_rows(each, opening.get(each.pk, ()), occupied.get(each.pk, ()), start, end) for each in resources)
    marks = tuple(clock.from_minute(minute) for minute in range(start, end, 60))
    return Board(start, end, marks, rows)


def _shown(
    zone: str,
    day: date,
    opening: Mapping[UUID, Sequence[tuple[int, int]]],
    occupied: Mapping[UUID, Sequence[Occupied]],
) -> tuple[int, int]:
    """Whole hours from the first thing of the day to the last; the usual day when there is nothing."""
    midnight, next_midnight = hours.day_start(zone, day), hours.day_start(zone, day + timedelta(days=1))
    spans = [span for spans in opening.values() for span in spans]
    spans += [(each.start, each.end) for taken in occupied.values() for each in taken]
    if not spans:
        return midnight + USUAL_DAY[0] * 60, midnight + USUAL_DAY[1] * 60
    first = max(midnight, min(start for start, _end in spans))
    last = min(next_midnight, max(end for _start, end in spans))
    return midnight + (first - midnight) // 60 * 60, midnight - (midnight - last) // 60 * 60


def _rows(
    resource: Resource, opening: Sequence[tuple[int, int]], occupied: Sequence[Occupied], start: int, end: int
) -> ResourceRows:
    lanes: dict[int, list[Occupied]] = {}
    for each in occupied:
        lanes.setdefault(each.lane, []).append(each)
    lines = [Line(_cells(opening, lanes[lane], start, end)) for lane in sorted(lanes)]
    idle = resource.lanes - len(lines)
    if idle > 0:
        lines.append(Line(_cells(opening, (), start, end), idle))
    bookings = {each.booking.pk: each.booking for each in sorted(occupied, key=lambda each: each.start)}
    return ResourceRows(resource, tuple(lines), tuple(bookings.values()), bool(opening))


def _cells(opening: Iterable[tuple[int, int]], occupied: Iterable[Occupied], start: int, end: int) -> tuple[Cell, ...]:
    """The line's units, each painted with what is there, then put together."""
    units: list[tuple[Kind, Booking | None]] = [("closed", None)] * ((end - start) // UNIT)

    def paint(first: int, last: int, kind: Kind, booking: Booking | None = None) -> None:
        until = min(len(units), -(-(last - start) // UNIT))
        for number in range(max(0, (first - start) // UNIT), until):
            units[number] = (kind, booking)

    for first, last in opening:
        paint(first, last, "open")
    for each in occupied:
        paint(each.start, each.end, "buffer", each.booking)
    for each in occupied:
        paint(each.service_start, each.service_end, "booking", each.booking)
    return tuple(_joined(units, start))


def _joined(units: Sequence[tuple[Kind, Booking | None]], start: int) -> Iterable[Cell]:
    at = 0
    while at < len(units):
        kind, booking = units[at]
        most = len(units) if booking else at - at % EMPTY_UNITS + EMPTY_UNITS
        until = at + 1
        while until < min(most, len(units)) and units[until] == units[at]:
            until += 1
        yield Cell(kind, start + at * UNIT, until - at, booking)
        at = until


# Reading, inside the organization's transaction.


def board_of(organization: Organization, day: date) -> Board:
    """The board of a local date of the organization, for every resource in use."""
    zone = organization.time_zone
    start, end = hours.day_start(zone, day), hours.day_start(zone, day + timedelta(days=1))
    resources = list(Resource.objects.filter(is_active=True)[:MOST_RESOURCES])
    return lay_out(zone, day, resources, _opening(organization, start, end), _occupied(start, end))


def _opening(organization: Organization, start: int, end: int) -> dict[UUID, list[tuple[int, int]]]:
    """Working hours as the services' plans have them; who serves nothing works for nobody."""
    window, found = Window(start, end - start), {}
    for slug in Service.objects.filter(is_active=True).values_list("slug", flat=True):
        plan = plan_for(organization.id, organization.catalog_version, slug)
        for resource in plan.resources:
            if resource.id not in found:
                found[resource.id] = to_intervals(window, plan.open(resource.schedule, window))
    return found


def _occupied(start: int, end: int) -> dict[UUID, list[Occupied]]:
    now = clock.now()
    rows = (
        Allocation.objects.filter(active=True, start_minute__gte=start - LONGEST_OCCUPATION_MINUTES)
        .filter(start_minute__lt=end, end_minute__gt=start)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .prefetch_related(Prefetch("booking", with_status(Booking.objects.select_related("service"))))
        .order_by("start_minute")
    )
    found: dict[UUID, list[Occupied]] = {}
    for row in rows:
        booking = row.booking
        found.setdefault(row.resource_id, []).append(
            Occupied(
                lane=row.lane,
                start=row.start_minute,
                end=row.end_minute,
                service_start=clock.to_minute(booking.starts_at),
                service_end=clock.to_minute(booking.ends_at),
                booking=booking,
            )
        )
    return found
