"""What cancelling a booking costs, and what not coming does: by the ladder that was agreed when it was booked."""

from datetime import datetime

from holdfast.bookings.models import Booking, BookingState
from holdfast.core import clock
from holdfast.domain import cancellation
from holdfast.domain.cancellation import Charge, Ladder
from holdfast.domain.money import Money

# What nobody has given yet, or not all of what is needed for it, may be taken back for nothing.
NOT_YET_GIVEN = frozenset({BookingState.HELD, BookingState.REQUESTED, BookingState.PENDING_PAYMENT})


def ladder_of(booking: Booking) -> Ladder | None:
    """What was agreed; None: free until the organization's notice begins, then not without calling."""
    return cancellation.from_terms(booking.terms)


def fee_for(booking: Booking, now: datetime) -> Money:
    """What cancelling costs at a moment, by the agreed ladder; nothing without one, and of what only waits.

    From the start on it is what not coming costs.
    """
    if booking.state in NOT_YET_GIVEN:
        return Money(0, booking.price_currency)
    return charge_at(booking, now)


def charge_at(booking: Booking, at: datetime) -> Money:
    """The same of a booking that is confirmed, or will be: what is shown before it is booked."""
    ladder = ladder_of(booking)
    if ladder is None:
        return Money(0, booking.price_currency)
    return cost_of(ladder.charge(clock.to_minute(at), clock.to_minute(booking.starts_at)), booking)


def no_show_fee(booking: Booking) -> Money:
    """What not coming costs; nothing without a ladder."""
    ladder = ladder_of(booking)
    return Money(0, booking.price_currency) if ladder is None else cost_of(ladder.no_show, booking)


def shown(booking: Booking) -> list[tuple[datetime, Money]]:
    """(until, what cancelling costs until then), in time, the first free; none without a ladder."""
    ladder = ladder_of(booking)
    if ladder is None:
        return []
    steps = ladder.shown(clock.to_minute(booking.starts_at))
    return [(clock.from_minute(until), cost_of(charge, booking)) for until, charge in steps]


def cost_of(charge: Charge, booking: Booking) -> Money:
    """What a charge comes to: of the price without the tip, for nobody was served."""
    tips = sum(line["amount"] for line in booking.price_lines if line.get("kind") == "tip")
    return charge.of(Money(booking.price_amount - tips, booking.price_currency))
