"""Expiring what has waited too long, holds and bookings nobody paid: in somebody's way, and for tidiness (Law 2)."""

from typing import TYPE_CHECKING
from uuid import UUID

from holdfast.bookings import steps
from holdfast.bookings.assignment import turns
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.places import allocations
from holdfast.bookings.steps import SYSTEM
from holdfast.core import clock, locking
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import Action

if TYPE_CHECKING:
    from holdfast.bookings.places.contention import SlotContended

WAITING = (BookingState.HELD, BookingState.PENDING_PAYMENT)


def release_expired_in_the_way(lost: "SlotContended") -> int:
    """Expire the holds that stand where somebody wants to book, in a transaction of their own."""
    with transaction_for(lost.organization_id):
        in_places = allocations.expired_holds(
            resource_ids=lost.resource_ids, start=lost.start, end=lost.end, now=clock.now()
        )
        return _expire([*in_places, *lost.booking_ids])


def release_expired_holds(*, organization_id: UUID, limit: int = 200) -> int:
    """Tidy up what has expired; nothing depends on it (Law 2). Returns how many."""
    with transaction_for(organization_id):
        expired = Booking.objects.filter(state__in=WAITING, hold_expires_at__lte=clock.now())
        return _expire(list(expired.order_by("hold_expires_at").values_list("id", flat=True)[:limit]))


def _expire(booking_ids: list[UUID]) -> int:
    """Locked rows are skipped: whoever has one is booking or expiring it already."""
    now, count = clock.now(), 0
    bookings = locking.lock_free_rows(Booking, id__in=booking_ids)
    turns.lock_those_of(bookings)
    for booking in bookings:
        if booking.state in WAITING and booking.hold_expires_at and booking.hold_expires_at <= now:
            steps.take(booking, action=Action.EXPIRE, actor=SYSTEM)
            count += 1
    return count
