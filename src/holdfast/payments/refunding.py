"""Giving money back: decided in a transaction, asked of the card company by a job, done once."""

from uuid import UUID

from procrastinate.contrib.django import app

from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind, PaymentStatus, is_overtaken
from holdfast.domain.money import Money
from holdfast.payments import ending, ledger
from holdfast.payments.errors import AmountNotChargeable, NotAtGateway, RequestRefused
from holdfast.payments.facts import REFUND, Fact
from holdfast.payments.gateway import Gateway
from holdfast.payments.gateways import gateway_of
from holdfast.payments.models import LedgerEntry, Payment

SEND = "payments.send_refund"


def refund(*, booking: Booking, amount: Money, reason: str, actor: Actor) -> list[LedgerEntry]:
    """Give back this much of what was taken from cards, the latest payment first: from now on it counts as given back.

    One transaction; jobs then ask the company. Raises NotRefundable, also while a dispute is open: it decides first.
    """
    with transaction_for(booking.organization_id):
        locked = ledger.lock_booking(booking.id)
        shares = _shares(locked, amount)
        asked = [
            entry for payment, share in shares for entry in _ask(locked, payment, share, reason=reason, actor=actor)
        ]
        for entry in asked:
            app.configure_task(SEND).defer(organization_id=str(booking.organization_id), entry_id=str(entry.id))
        return asked


def _shares(booking: Booking, amount: Money) -> list[tuple[Payment, Money]]:
    disputed = ledger.standing_of(booking).status == PaymentStatus.DISPUTED
    paid = Payment.objects.filter(booking=booking, ledger__kind=EntryKind.RECEIVED).exclude(gateway_id="").distinct()
    kept = [] if disputed else [(payment, ledger.kept_of(payment)) for payment in paid.order_by("-created_at", "-id")]
    return ledger.shares(kept, amount)


def _ask(booking: Booking, payment: Payment, amount: Money, *, reason: str, actor: Actor) -> list[LedgerEntry]:
    name = str(uuid7())
    fact = Fact(EntryKind.REFUND_ASKED, name, amount, of_payment=False, details={"why": reason})
    return list(ledger.add(booking=booking, payment=payment, facts=[fact], actor=actor))


def send_refund(*, organization_id: UUID, entry_id: UUID) -> None:
    """Ask the company for a refund that was decided, unless it has it; then look. Run again, it does nothing more.

    An idempotency key is forgotten after a day, so the company's own list is asked first. Raises the gateway's errors.
    """
    with transaction_for(organization_id):
        asked = LedgerEntry.objects.select_related("payment__booking").get(id=entry_id)
        payment = asked.payment
        if payment is None or is_overtaken(*ledger.among_its_own(asked)):
            return
        intent = LedgerEntry.objects.filter(payment=payment, kind=EntryKind.RECEIVED).first()
        gateway = gateway_of(organization_id)
    if intent is None:
        return
    try:
        _send(gateway, intent.key.partition(":")[0], asked)
    except (RequestRefused, AmountNotChargeable) as refused:
        _note_refusal(asked, refused)
        if isinstance(refused, NotAtGateway):
            return  # there is nothing to look at
    ending.look_again(payment=payment)


def _send(gateway: Gateway, intent: str, asked: LedgerEntry) -> None:
    if any(each.metadata.get(REFUND) == asked.subject for each in gateway.refunds_of(intent)):
        return
    amount = Money(asked.amount, asked.currency)
    gateway.refund(payment=intent, amount=amount, metadata={REFUND: asked.subject}, key=asked.subject)


def _note_refusal(asked: LedgerEntry, refused: RequestRefused | AmountNotChargeable) -> None:
    """The company will not: given back elsewhere, disputed, another account's. It counts no longer; people are told."""
    amount = Money(asked.amount, asked.currency)
    why = {"why": str(refused)[:200]}
    with transaction_for(asked.organization_id):
        booking = ledger.lock_booking(asked.booking_id)
        fact = Fact(EntryKind.REFUND_FAILED, asked.subject, amount, of_payment=False, details=why)
        ledger.add(booking=booking, payment=asked.payment, facts=[fact])
