"""A booking that waits for its customer's card: its time waits a little longer, or is given back."""

from datetime import datetime, timedelta

from holdfast.bookings import steps
from holdfast.bookings.assignment import turns
from holdfast.bookings.errors import HoldExpired
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.places import allocations, claims
from holdfast.bookings.steps import SYSTEM
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import Action

# However often it is asked for: nobody keeps a time without paying for longer than this, from when it was booked.
LONGEST = timedelta(hours=2)


def wait_until(*, booking: Booking, until: datetime) -> Booking:
    """Let its time wait until then, if it does not anyway. Raises HoldExpired if it ran out, or would wait too long."""
    with transaction_for(booking.organization_id):
        locked = claims.locked(id=booking.id)
        ends = locked.hold_expires_at
        if not waits(locked) or ends is None or until > _since(locked) + LONGEST:
            raise HoldExpired
        if until > ends:
            allocations.keep(booking_id=locked.id, expires_at=until)
            steps.change(locked, hold_expires_at=until)
        return locked


def _since(booking: Booking) -> datetime:
    """When it began to wait; how long the time had been held before does not matter."""
    return booking.transitions.filter(to_state=BookingState.PENDING_PAYMENT).latest("at", "id").at


def give_back(*, booking: Booking) -> None:
    """Free its time for others, or for the same customer to book it another way; what is paid or over stays."""
    with transaction_for(booking.organization_id):
        locked = claims.locked(id=booking.id)
        if locked.state == BookingState.PENDING_PAYMENT:
            turns.lock_those_of([locked])
            steps.take(locked, action=Action.EXPIRE, actor=SYSTEM)


def waits(booking: Booking) -> bool:
    """Whether its time is still kept for whoever is about to pay."""
    ends = booking.hold_expires_at
    return booking.state == BookingState.PENDING_PAYMENT and ends is not None and ends > clock.now()


def ran_out(booking: Booking) -> bool:
    """Whether it waited for its customer's card for too long, even if no job has seen that yet."""
    return booking.state == BookingState.PENDING_PAYMENT and not waits(booking)
