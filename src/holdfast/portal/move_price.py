"""What moving costs, said before it: the price of the new time, and what happens about the difference."""

from typing import Any

from django.http import HttpRequest

from holdfast.bookings import repricing
from holdfast.bookings.availability.question import Question
from holdfast.bookings.details.paying import BY_CARD, IN_ADVANCE
from holdfast.bookings.models import Booking
from holdfast.payments import ledger


def context(booking: Booking, question: Question, start: int) -> dict[str, Any]:
    """`new_price` only where it is another. In the tenant's transaction. Raises what `repricing.price_at` raises."""
    found = repricing.price_at(booking, question, start)
    if found.price == found.was:
        return {}
    more = found.price - found.was
    seen = ledger.standing_of(booking)
    after = seen.outstanding + more
    from_cards, _on_site = ledger.kept_by_way(ledger.rows_of(booking), booking.price_currency)
    back = min(-after.amount, from_cards.amount)
    return {
        "new_price": found.price,
        "pays_next": more.amount > 0 >= seen.outstanding.amount and booking.payment_method in IN_ADVANCE,
        "gets_back": back if booking.payment_method in BY_CARD and back > 0 else 0,
    }


def amount_in(request: HttpRequest, name: str) -> int | None:
    """What a form says was accepted, in minor units; None where it is no number."""
    sent = request.POST.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else None
