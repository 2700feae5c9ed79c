"""How a booking's money stands, as the API gives it."""

from typing import Any

from holdfast.bookings.models import Booking
from holdfast.domain.ledger import due_now, standing
from holdfast.domain.lifecycle import State
from holdfast.payments import ledger


def payment_document(booking: Booking, *, is_new: bool = False) -> dict[str, Any]:
    """Plain JSON, in minor units of the price's currency. `is_new`: it has no ledger yet, so none is read."""
    seen = standing([], ledger.agreed(booking)) if is_new else ledger.standing_of(booking)
    return {
        "method": booking.payment_method,
        "status": seen.status.value,
        "due_now": due_now(seen, State(booking.state), booking.terms.get("due_now", 0)).amount,
        "owed": seen.owed.amount,
        "paid": seen.received.amount,
        "refunded": seen.refunded.amount,
        "held": seen.held.amount,
        "disputed": seen.disputed.amount,
        "outstanding": seen.outstanding.amount,
        "currency": booking.price_currency,
    }
