"""What is booked, read as packed integers: one round trip, one value, no object per row."""

import re
import sys
from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from holdfast.bookings.availability.planned import PlannedResource
from holdfast.bookings.limits import counting
from holdfast.bookings.limits.allowances import Seen, by_day
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES
from holdfast.domain.calendar_bits import Window, from_intervals

if TYPE_CHECKING:
    from holdfast.bookings.availability.question import Question

# Four 4-byte integers a row: number of the resource, lane, first and last minute. The lower bound on the start lets
# PostgreSQL read a slice of the covering index instead of the whole past. Expired holds are not busy (Law 2).
BUSY = """
SELECT o.catalog_version, (
    SELECT string_agg(
        int4send(r.number::int) || int4send(a.lane) || int4send(a.start_minute) || int4send(a.end_minute), ''
    )
    FROM unnest(%(resources)s::uuid[]) WITH ORDINALITY AS r(id, number)
    JOIN bookings_allocation a ON a.resource_id = r.id AND a.active
        AND a.start_minute >= %(lowest)s AND a.start_minute < %(until)s AND a.end_minute > %(since)s
        AND (a.expires_at IS NULL OR a.expires_at > %(now)s)
)
FROM catalog_organization o WHERE o.id = %(organization)s
"""
# The same, blind to one booking: for moving it.
BUSY_BUT_FOR = BUSY.replace("%(now)s)\n)", "%(now)s)\n    AND a.booking_id <> %(but_for)s\n)")


def with_counts(query: str) -> str:
    """BUSY with what limits count as a third column: for services that have limits, and for no others."""
    return query.replace("\n)\nFROM catalog_organization", f"\n), ({counting.COUNTED})\nFROM catalog_organization")


BUSY_COUNTED, BUSY_COUNTED_BUT_FOR = with_counts(BUSY), with_counts(BUSY_BUT_FOR)


def look(
    question: "Question", window: Window, now: datetime, but_for: UUID | None = None
) -> tuple[str, dict[str, Any]]:
    """The statement and its parameters that show all that is taken in the window; `seen` reads its row."""
    parameters = busy_parameters(
        organization_id=question.plan.organization_id,
        resources=question.occupied,
        window=window,
        now=now,
        but_for=but_for,
    )
    if not by_day(question):
        return (BUSY_BUT_FOR if but_for else BUSY), parameters
    query = BUSY_COUNTED_BUT_FOR if but_for else BUSY_COUNTED
    return query, parameters | counting.counting(question, window)


def look_at_all(asked: Sequence[tuple["Question", Window]], now: datetime) -> tuple[str, dict[str, Any]]:
    """One statement for several questions of one organization, each with its window; a row for each: its number among
    them, then the row that `seen` reads."""
    parts: list[str] = []
    parameters: dict[str, Any] = {}
    for number, (question, window) in enumerate(asked):
        query, own = look(question, window, now)
        columns = "version, packed, counted" if by_day(question) else "version, packed"
        named = re.sub(r"%\((\w+)\)s", rf"%(\1_{number})s", query)
        counted = "counted" if by_day(question) else "NULL::json"
        parts.append(f"SELECT {number}, version, packed, {counted} FROM ({named}) AS of_{number}({columns})")  # noqa: S608 - constants and numbers
        parameters |= {f"{name}_{number}": value for name, value in own.items()}
    return "\nUNION ALL\n".join(parts), parameters


def seen(question: "Question", window: Window, row: Sequence[Any]) -> Seen:
    """What the row of `look` says."""
    return Seen(row[1], counting.counted(question, window, row[2]) if len(row) > 2 else {})


def busy_parameters(
    *,
    organization_id: UUID,
    resources: Sequence[PlannedResource],
    window: Window,
    now: datetime,
    but_for: UUID | None = None,
) -> dict[str, Any]:
    """What BUSY asks for; `but_for` only with BUSY_BUT_FOR."""
    return {
        "organization": organization_id,
        "resources": [resource.id for resource in resources],
        "lowest": window.origin - LONGEST_OCCUPATION_MINUTES,
        "since": window.origin,
        "until": window.end,
        "now": now,
        "but_for": but_for,
    }


def busy_lanes(packed: bytes | None, resources: Sequence[PlannedResource], window: Window) -> list[tuple[int, ...]]:
    """For each resource, per lane, the calendar bits that are taken."""
    taken: dict[tuple[int, int], list[tuple[int, int]]] = {}
    numbers = array("i", packed or b"")
    if sys.byteorder == "little":
        numbers.byteswap()
    flat = numbers.tolist()
    for number, lane, start, end in zip(flat[::4], flat[1::4], flat[2::4], flat[3::4], strict=True):
        taken.setdefault((number - 1, lane), []).append((start, end))
    return [
        tuple(
            from_intervals(window, taken[number, lane]) if (number, lane) in taken else 0
            for lane in range(resource.lanes)
        )
        for number, resource in enumerate(resources)
    ]
