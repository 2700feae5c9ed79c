"""A change of the catalog never breaks a booking in silence.

The catalog lies below bookings and cannot ask them itself: `settings.CATALOG_GUARDS` names a list of functions
(config/handlers.py) that say which bookings do not fit the catalog as the running transaction sees it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from holdfast.events import actions as events


@dataclass(frozen=True, slots=True)
class BrokenBooking:
    """A booking to come that the catalog no longer has room for.

    `code` names the reason for programs (and which resource), `reason` says it in words.
    """

    id: UUID
    reference: str
    starts_at: datetime
    time_zone: str
    service_name: str
    customer_name: str
    code: str
    reason: str


Guard = Callable[..., Sequence[BrokenBooking]]


class BookingsWouldBreak(Exception):
    """Raised inside the savepoint of a change, so that leaving it undoes the change."""

    def __init__(self, bookings: Sequence[BrokenBooking]) -> None:
        self.bookings = bookings
        super().__init__(", ".join(booking.reference for booking in bookings))


def broken_bookings(organization_id: UUID) -> list[BrokenBooking]:
    """Every booking that does not fit, those that start first at the top."""
    found = [booking for guard in _guards() for booking in guard(organization_id=organization_id)]
    return sorted(found, key=lambda booking: (booking.starts_at, booking.reference))


def newly_broken(organization_id: UUID, before: Iterable[BrokenBooking]) -> list[BrokenBooking]:
    """The bookings that a change just made breaks. What was broken `before` for the same reason is not counted again.

    The change itself waited for the bookings under way (locking.keep_catalog), so they are seen here.
    """
    known = {(booking.id, booking.code) for booking in before}
    return [booking for booking in broken_bookings(organization_id) if (booking.id, booking.code) not in known]


def check_nothing_breaks(
    *, organization_id: UUID, before: Iterable[BrokenBooking], accepted: Iterable[str]
) -> list[BrokenBooking]:
    """The bookings the change breaks, all of whose references somebody accepted.

    Raises BookingsWouldBreak if there are others.
    """
    newly = newly_broken(organization_id, before)
    if {booking.reference for booking in newly} - set(accepted):
        raise BookingsWouldBreak(newly)
    return newly


def record_override(
    *,
    organization_id: UUID,
    subject: UUID,
    subject_name: str,
    bookings: Sequence[BrokenBooking],
    by: Any,
    reason: str = "",
) -> None:
    """Write down that somebody changed the catalog and kept bookings that no longer fit it."""
    why = {"reason": reason} if reason else {}
    events.record(
        organization_id=organization_id,
        kind="catalog.override",
        subject=subject,
        payload={
            "subject": subject_name,
            "references": [booking.reference for booking in bookings],
            "reasons": {booking.reference: booking.code for booking in bookings},
            "by": {"id": str(by.pk), "name": str(by)},
            **why,
        },
    )


@cache
def _guards() -> Sequence[Guard]:
    guards: Sequence[Guard] = import_string(settings.CATALOG_GUARDS)
    return guards
