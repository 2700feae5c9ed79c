"""Where a booking's price ended: what it cost then, and what was decided about it before and since."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.bookings.models import Booking, BookingState
from holdfast.core import tenancy
from holdfast.domain.ledger import EntryKind
from holdfast.domain.money import Money, total_of
from holdfast.payments import entry_words
from holdfast.payments.models import LedgerEntry

# Its price ended with it; what it costs is what the ledger says.
WITHOUT_PRICE = frozenset({BookingState.CANCELLED, BookingState.NO_SHOW})


@dataclass(frozen=True, slots=True)
class Ended:
    """`fee`: what it cost when it ended. `before`, `since`: what was added (negative: let off), oldest first."""

    fee: Money
    before: Sequence[LedgerEntry]
    since: Sequence[LedgerEntry]


def ended(booking: Booking, rows: Sequence[LedgerEntry]) -> Ended:
    """Of a booking that is over without having been given; `rows` of its ledger, oldest first.

    The entry that its end made is a difference: from what was added or let off until then, to the fee.
    """
    owed = [row for row in rows if row.kind == EntryKind.OWED]
    ends = [number for number, row in enumerate(owed, 1) if entry_words.owed_for(row) in entry_words.ENDS]
    until = ends[0] if ends else 0
    fee = total_of((Money(row.amount, row.currency) for row in owed[:until]), booking.price_currency)
    return Ended(fee, owed[: max(0, until - 1)], owed[until:])


def let_off(booking: Booking) -> int:
    """What was taken off its price while it stood, in minor units. With one query."""
    if tenancy.in_transaction():
        return _let_off(booking)
    with tenancy.transaction_for(booking.organization_id):
        return _let_off(booking)


def _let_off(booking: Booking) -> int:
    rows = list(LedgerEntry.objects.filter(booking=booking, kind=EntryKind.OWED).order_by("at", "id"))
    while_it_stood = ended(booking, rows).before if booking.state in WITHOUT_PRICE else rows
    return -sum(row.amount for row in while_it_stood if row.amount < 0)
