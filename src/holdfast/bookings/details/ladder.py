"""What cancelling a booking costs, and what not coming does: by the ladder that was agreed when it was booked."""

from datetime import datetime

from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.payment_room import let_off_of
from holdfast.core import clock
from holdfast.domain import cancellation
from holdfast.domain.cancellation import FREE, Ladder
from holdfast.domain.money import Money

# What nobody has given yet, or not all of what is needed for it, may be taken back for nothing.
NOT_YET_GIVEN = frozenset({BookingState.HELD, BookingState.REQUESTED, BookingState.PENDING_PAYMENT})


def ladder_of(booking: Booking) -> Ladder | None:
    """What was agreed; None: free until the organization's notice begins, then not without calling."""
    return cancellation.from_terms(booking.terms)


def fee_for(booking: Booking, now: datetime, basis: Money | None = None) -> Money:
    """What cancelling costs at a moment, by the agreed ladder; nothing without one, and of what only waits.

    From the start on it is what not coming costs. `basis`: as `basis_of`, if it is known.
    """
    ladder = ladder_of(booking)
    if ladder is None or booking.state in NOT_YET_GIVEN:
        return Money(0, booking.price_currency)
    charge = ladder.charge(clock.to_minute(now), clock.to_minute(booking.starts_at))
    return Money(0, booking.price_currency) if charge == FREE else charge.of(basis or basis_of(booking))


def no_show_fee(booking: Booking) -> Money:
    """What not coming costs; nothing without a ladder."""
    ladder = ladder_of(booking)
    return Money(0, booking.price_currency) if ladder is None else ladder.no_show.of(basis_of(booking))


def basis_of(booking: Booking, *, is_new: bool = False) -> Money:
    """What a fee is reckoned of, and never more than: the price without the tip, for nobody was served, and without
    what was let off of it. `is_new`: booked in this transaction, so nothing was, and nobody is asked.
    """
    tips = sum(line["amount"] for line in booking.price_lines if line.get("kind") == "tip")
    agreed = booking.price_amount - tips
    let_off = 0 if is_new or not agreed else let_off_of(booking)
    return Money(max(0, agreed - let_off), booking.price_currency)
