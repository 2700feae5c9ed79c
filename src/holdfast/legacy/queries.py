"""What was imported before, and what a booking occupies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from holdfast.bookings.models import Allocation
from holdfast.legacy.models import LegacyImportedBooking

V312 = "v312"


@dataclass(frozen=True, slots=True)
class Imported:
    """An earlier import of a row: the row as it was then, and its booking as it is now."""

    row: dict[str, Any]
    reference: str
    state: str
    starts_at: datetime
    service: str


def imported(legacy_ids: Iterable[str]) -> dict[str, Imported]:
    """Those of the ids that the transaction's organization has already, by id."""
    found = LegacyImportedBooking.objects.filter(source=V312, legacy_id__in=list(legacy_ids))
    return {
        each.legacy_id: Imported(
            each.row,
            each.booking.reference,
            each.booking.state,
            each.booking.starts_at,
            each.booking.service.slug,
        )
        for each in found.select_related("booking__service")
    }


def resource_slugs(booking_id: UUID) -> tuple[str, ...]:
    """What the booking occupies, sorted, each once."""
    occupied = Allocation.objects.filter(booking=booking_id, active=True)
    return tuple(sorted(set(occupied.values_list("resource__slug", flat=True))))
