"""What is owed, taken, held and given back for a booking: computed from its ledger, never stored.

The ledger is a set of facts. The same fact twice counts once, and no order matters, because that is how news of money
arrives. The manual is docs/algorithms/ledger.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from holdfast.domain.lifecycle import State
from holdfast.domain.money import Money, total_of


class EntryKind(StrEnum):
    """OWED is besides the price; it and CORRECTED may be negative. Of the others the amount is what it says; zero:
    there is none.
    """

    OWED = "owed"
    STARTED = "started"  # somebody was asked to pay
    CARD_KEPT = "card_kept"
    HELD = "held"
    RECEIVED = "received"
    FAILED = "failed"
    CANCELLED = "cancelled"  # nobody can pay by this any more; what it held is released, a card it kept let go
    REFUND_ASKED = "refund_asked"  # decided by us; the card company is about to hear of it
    REFUND_PENDING = "refund_pending"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    TOO_LATE = "too_late"  # money or a card came when the booking's time was gone
    CORRECTED = "corrected"  # a person took the card company's word: so much more is kept than the other facts say
    FEE = "fee"  # what the card company took from what was received


class PaymentStatus(StrEnum):
    """One meaning everywhere; `standing` says which holds. In the order in which they are asked."""

    DISPUTED = "disputed"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"
    PAID = "paid"
    PARTLY_PAID = "partly_paid"
    HELD = "held"
    PENDING = "pending"
    FAILED = "failed"
    CARD_KEPT = "card_kept"
    UNPAID = "unpaid"
    NOTHING_DUE = "nothing_due"


# What makes a fact old news: it was learned of only after the other one of the same subject.
_OVERTAKEN_BY = {
    EntryKind.HELD: {EntryKind.RECEIVED, EntryKind.CANCELLED},
    EntryKind.FAILED: {EntryKind.RECEIVED, EntryKind.HELD, EntryKind.CARD_KEPT, EntryKind.CANCELLED},
    EntryKind.REFUND_ASKED: {EntryKind.REFUND_PENDING, EntryKind.REFUNDED, EntryKind.REFUND_FAILED},
    EntryKind.REFUND_PENDING: {EntryKind.REFUNDED, EntryKind.REFUND_FAILED},
    EntryKind.REFUNDED: {EntryKind.REFUND_FAILED},
    EntryKind.DISPUTED: {EntryKind.DISPUTE_WON, EntryKind.DISPUTE_LOST},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact. `key` names it: the same key is the same fact. `subject` is what it is about: a payment (STARTED to
    CANCELLED, FEE), a refund or a dispute.
    """

    key: str
    kind: EntryKind
    subject: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Standing:
    """How a booking stands. `refunded` includes what is on its way back; `lost` went in disputes; `fees` is known fees.

    `kept` is what the business has of it; `outstanding` what is still owed (negative: too much was taken).
    """

    status: PaymentStatus
    owed: Money
    received: Money
    refunded: Money
    lost: Money
    disputed: Money
    held: Money
    fees: Money

    @property
    def kept(self) -> Money:
        return self.received - self.refunded - self.lost

    @property
    def outstanding(self) -> Money:
        return self.owed - self.kept


# In these a booking costs its price; in the others what the ledger says, a fee perhaps.
COSTS_ITS_PRICE = frozenset(State) - {State.HELD, State.EXPIRED, State.CANCELLED, State.NO_SHOW}
# Nothing comes after them but what is still to be paid.
_OVER = frozenset({State.COMPLETED, State.CANCELLED, State.NO_SHOW})


def agreed_for(state: State, price: Money) -> Money:
    """What a booking costs by itself; entries of OWED are added to it."""
    return price if state in COSTS_ITS_PRICE else Money(0, price.currency)


def standing(entries: Iterable[Entry], agreed: Money) -> Standing:
    """Where a booking that costs `agreed` stands by its ledger, all of one currency. Raises ValueError for another."""
    facts, currency = _Facts({entry.key: entry for entry in entries}, agreed.currency), agreed.currency
    ended = facts.subjects(EntryKind.RECEIVED, EntryKind.CANCELLED)
    decided = facts.subjects(EntryKind.DISPUTE_WON, EntryKind.DISPUTE_LOST)
    sums = {
        "owed": total_of([agreed, facts.total(EntryKind.OWED)], currency),
        "received": total_of([facts.total(EntryKind.RECEIVED), facts.total(EntryKind.CORRECTED)], currency),
        "refunded": _given_back(facts),
        "lost": facts.total(EntryKind.DISPUTE_LOST),
        "disputed": facts.total(EntryKind.DISPUTED, without=decided),
        "held": facts.total(EntryKind.HELD, without=ended),
        "fees": facts.total(EntryKind.FEE),
    }
    return Standing(status=_status(facts, **{name: money.amount for name, money in sums.items()}), **sums)


def due_now(seen: Standing, state: State, agreed_now: int) -> Money:
    """What is asked for at once: of a booking that waits for its card `agreed_now` (minor units), of one that is over
    whatever is still owed; otherwise there is time.
    """
    nothing, outstanding = Money(0, seen.owed.currency), max(seen.outstanding, Money(0, seen.owed.currency))
    if state == State.PENDING_PAYMENT:
        asked = Money(agreed_now, seen.owed.currency) - seen.kept - seen.held
        return max(nothing, min(asked, outstanding))
    return outstanding if state in _OVER else nothing


def is_overtaken(entry: Entry, entries: Iterable[Entry]) -> bool:
    """Whether another fact of its subject says what came after it: then nobody has to hear of it any more."""
    later: set[EntryKind] = _OVERTAKEN_BY.get(entry.kind, set())
    return any(each.subject == entry.subject and each.kind in later for each in entries)


@dataclass(frozen=True, slots=True)
class _Facts:
    by_key: dict[str, Entry]
    currency: str

    def subjects(self, *kinds: EntryKind) -> frozenset[str]:
        return frozenset(entry.subject for entry in self.by_key.values() if entry.kind in kinds)

    def total(self, kind: EntryKind, *, without: frozenset[str] = frozenset()) -> Money:
        entries = (each for each in self.by_key.values() if each.kind == kind and each.subject not in without)
        return total_of((entry.amount for entry in entries), self.currency)


def _given_back(facts: _Facts) -> Money:
    """A refund counts from the moment it is decided, once, until it fails."""
    failed = facts.subjects(EntryKind.REFUND_FAILED)
    arrived = facts.subjects(EntryKind.REFUND_FAILED, EntryKind.REFUNDED)
    on_its_way = arrived | facts.subjects(EntryKind.REFUND_PENDING)
    return total_of(
        [
            facts.total(EntryKind.REFUNDED, without=failed),
            facts.total(EntryKind.REFUND_PENDING, without=arrived),
            facts.total(EntryKind.REFUND_ASKED, without=on_its_way),
        ],
        facts.currency,
    )


def _status(
    facts: _Facts, *, owed: int, received: int, refunded: int, lost: int, disputed: int, held: int, fees: int
) -> PaymentStatus:
    kept = received - refunded - lost
    over = facts.subjects(EntryKind.RECEIVED, EntryKind.CANCELLED, EntryKind.HELD, EntryKind.CARD_KEPT)
    failed = facts.subjects(EntryKind.FAILED) - over
    waiting = facts.subjects(EntryKind.STARTED) - over - failed
    kept_cards = facts.subjects(EntryKind.CARD_KEPT) - facts.subjects(EntryKind.CANCELLED)
    holds = {
        PaymentStatus.DISPUTED: disputed > 0,
        PaymentStatus.REFUNDED: received > 0 and kept <= 0,
        PaymentStatus.PARTLY_REFUNDED: refunded + lost > 0,
        PaymentStatus.PAID: received > 0 and kept >= owed,
        PaymentStatus.PARTLY_PAID: received > 0,
        PaymentStatus.HELD: held > 0,
        PaymentStatus.PENDING: bool(waiting),
        PaymentStatus.FAILED: bool(failed),
        PaymentStatus.CARD_KEPT: owed > 0 and bool(kept_cards),
        PaymentStatus.UNPAID: owed > 0,
    }
    return next((status for status, is_so in holds.items() if is_so), PaymentStatus.NOTHING_DUE)
