"""Money that staff take or give back themselves, in cash or on their own terminal, each with a receipt's number."""

from typing import Literal

from procrastinate.contrib.django import app

from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind, Standing
from holdfast.domain.money import Money
from holdfast.payments import actions, ending, ledger
from holdfast.payments.errors import ReceiptUsed
from holdfast.payments.facts import Fact
from holdfast.payments.models import Payment, PaymentKind

How = Literal["cash", "card"]


def record_received(*, booking: Booking, amount: Money, how: How, receipt: str, actor: Actor) -> Standing:
    """Staff took this much; a job then closes what else the customer could pay by.

    Raises NothingOwed for more than is owed and not held, and ReceiptUsed.
    """
    if amount.amount <= 0:
        raise ValueError("what was taken is more than nothing")
    with transaction_for(booking.organization_id):
        locked = ledger.lock_booking(booking.id)
        payment = actions.open_payment(booking=locked, kind=PaymentKind.ON_SITE, amount=amount)
        details = {"how": how, "receipt": receipt}
        fact = Fact(EntryKind.RECEIVED, f"receipt {receipt}", amount, details=details)
        if not ledger.add(booking=locked, payment=payment, facts=[fact], actor=actor):
            raise ReceiptUsed
        app.configure_task(ending.CLOSE).defer(organization_id=str(locked.organization_id), booking_id=str(locked.id))
        return ledger.standing_of(locked)


def record_given_back(
    *, booking: Booking, amount: Money, how: How, receipt: str, actor: Actor, reason: str = ""
) -> Standing:
    """Staff gave this much back, of what was taken on site, the latest first. Raises NotRefundable for more, and
    ReceiptUsed.
    """
    with transaction_for(booking.organization_id):
        locked = ledger.lock_booking(booking.id)
        paid = Payment.objects.filter(booking=locked, kind=PaymentKind.ON_SITE).order_by("-created_at", "-id")
        shares = ledger.shares([(payment, ledger.kept_of(payment)) for payment in paid], amount)
        details = {"how": how, "receipt": receipt} | ({"why": reason} if reason else {})
        part = ""  # the first has the receipt's own key, which nobody can use again; the others are told apart by more
        for payment, share in shares:
            fact = Fact(EntryKind.REFUNDED, f"receipt {receipt}", share, part, of_payment=False, details=details)
            if not ledger.add(booking=locked, payment=payment, facts=[fact], actor=actor):
                raise ReceiptUsed
            part = f"after {payment.id}"
        return ledger.standing_of(locked)
