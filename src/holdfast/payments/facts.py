"""What the card company's view of a payment says for our ledger. Pure: the same view, the same facts, each named."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from holdfast.domain.ledger import EntryKind
from holdfast.domain.money import Money
from holdfast.payments.gateway import (
    Checkout,
    CheckoutState,
    Dispute,
    DisputeState,
    IntentState,
    PaymentIntent,
    Refund,
    RefundState,
    SetupIntent,
)

# What a refund of ours carries: the name under which the ledger knows of it since it was decided.
REFUND = "holdfast_refund"
_OF_REFUNDS = {
    RefundState.PENDING: EntryKind.REFUND_PENDING,
    RefundState.SUCCEEDED: EntryKind.REFUNDED,
    RefundState.FAILED: EntryKind.REFUND_FAILED,
    RefundState.CANCELLED: EntryKind.REFUND_FAILED,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """`about` is the company's id of it. `of_payment`: it is said of our payment, and not of a refund or a dispute,
    which are known by `subject` (else by `about`).
    """

    kind: EntryKind
    about: str
    amount: Money | None = None  # None where the kind is about no money
    part: str = ""
    of_payment: bool = True
    subject: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return ":".join(each for each in (self.about, self.kind.value, self.part) if each)


def of_payment(seen: PaymentIntent, refunds: Iterable[Refund], disputes: Iterable[Dispute]) -> tuple[Fact, ...]:
    return (
        *_of_intent(seen),
        *(fact for refund in refunds for fact in of_refund(refund)),
        *(fact for dispute in disputes for fact in of_dispute(dispute)),
    )


def _of_intent(seen: PaymentIntent) -> Iterator[Fact]:
    card = {"card": f"{seen.card.brand} {seen.card.last4}"} if seen.card else {}
    if seen.state == IntentState.HELD:
        until = {"held_until": seen.held_until.isoformat()} if seen.held_until else {}
        yield Fact(EntryKind.HELD, seen.id, seen.held, details=card | until)
    if seen.received.amount:
        yield Fact(EntryKind.RECEIVED, seen.id, seen.received, details=card)
    if seen.fee and seen.fee.amount and seen.fee.currency == seen.amount.currency:
        yield Fact(EntryKind.FEE, seen.id, seen.fee)
    if seen.state == IntentState.CANCELLED:
        yield Fact(EntryKind.CANCELLED, seen.id)
    if seen.state == IntentState.NEEDS_CARD and seen.failure:
        yield Fact(EntryKind.FAILED, seen.id, part=seen.charge or seen.failure, details={"why": seen.failure})


def of_refund(refund: Refund) -> Iterator[Fact]:
    if refund.gives_back:
        ours = refund.metadata.get(REFUND, "")
        yield Fact(_OF_REFUNDS[refund.state], refund.id, refund.amount, of_payment=False, subject=ours)


def of_dispute(dispute: Dispute) -> Iterator[Fact]:
    """An inquiry has taken nothing yet."""
    if dispute.state == DisputeState.WARNING:
        return
    due = {"answer_until": dispute.answer_until.isoformat()} if dispute.answer_until else {}
    yield Fact(EntryKind.DISPUTED, dispute.id, dispute.amount, of_payment=False, details={"why": dispute.reason, **due})
    if dispute.state == DisputeState.WON:
        yield Fact(EntryKind.DISPUTE_WON, dispute.id, dispute.amount, of_payment=False)
    if dispute.state == DisputeState.LOST:
        yield Fact(EntryKind.DISPUTE_LOST, dispute.id, dispute.amount, of_payment=False)


def of_setup(seen: SetupIntent) -> tuple[Fact, ...]:
    if seen.state == IntentState.SUCCEEDED:
        kept = {"card": seen.card, "customer": seen.customer}
        return (Fact(EntryKind.CARD_KEPT, seen.id, details=kept),)
    if seen.state == IntentState.CANCELLED:
        return (Fact(EntryKind.CANCELLED, seen.id),)
    if seen.state == IntentState.NEEDS_CARD and seen.failure:
        return (Fact(EntryKind.FAILED, seen.id, part=seen.failure, details={"why": seen.failure}),)
    return ()


def of_checkout(seen: Checkout) -> tuple[Fact, ...]:
    """Of a page on which nobody has paid; once somebody has, the payment says the rest."""
    return (Fact(EntryKind.CANCELLED, seen.id),) if seen.state == CheckoutState.EXPIRED else ()
