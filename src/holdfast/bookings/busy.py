"""What is booked, read as packed integers: one round trip, one value, no object per row."""

import sys
from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from holdfast.bookings.plan import PlannedResource
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES
from holdfast.domain.calendar_bits import Window, from_intervals

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
