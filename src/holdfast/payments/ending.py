"""How a way to pay ends: its money is taken, or let go, or nobody can pay by it any more.

As in `paying`, each step may be cut off anywhere and run again, and nothing here runs inside a transaction.
"""

from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from holdfast.bookings.models import Booking
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import Standing
from holdfast.domain.money import Money
from holdfast.domain.settling import OVER
from holdfast.payments import actions, ledger, looking
from holdfast.payments.errors import StateChanged
from holdfast.payments.gateway import Gateway
from holdfast.payments.gateways import gateway_of
from holdfast.payments.models import Payment, PaymentKind

CLOSE = "payments.close_ways"
# What a payment's id at the company is an id of.
_SUBJECTS = {PaymentKind.CHECKOUT: "checkout.session", PaymentKind.KEPT_CARD: "setup_intent"}


def capture(*, payment: Payment, amount: Money) -> Standing:
    """Take held money, all or part of it, and release the rest; once it was taken or released, nothing more happens."""
    gateway = gateway_for(payment.organization_id)
    with suppress(StateChanged):  # looking says how
        gateway.capture(payment=payment.gateway_id, amount=amount, key=_once())
    return look_again(payment=payment)


def release(*, payment: Payment) -> Standing:
    """Let go of held money, and let nobody pay or leave a card by this any more; what was done meanwhile stays."""
    let_go(gateway_for(payment.organization_id), payment, payment.gateway_id)
    return look_again(payment=payment)


def look_again(*, payment: Payment) -> Standing:
    """Ask the company about a payment, add what is new to the ledger; how its booking stands then."""
    gateway = gateway_for(payment.organization_id)
    sight = looking.see(gateway, _SUBJECTS.get(PaymentKind(payment.kind), "payment_intent"), payment.gateway_id)
    with transaction_for(payment.organization_id):
        booking = ledger.lock_booking(payment.booking_id)
        if sight is not None:
            ledger.add(booking=booking, payment=payment, facts=sight.facts)
        return ledger.standing_of(booking)


def close_ways(*, organization_id: UUID, booking_id: UUID) -> None:
    """Once nothing is owed, let nobody pay by what is still open at the company, and once it is over, leave no card.

    Run again, it does nothing more.
    """
    with transaction_for(organization_id):
        booking = Booking.objects.get(id=booking_id)
        owes = ledger.standing_of(booking).outstanding.amount > 0
    if not owes:
        release_all(booking=booking)
    elif booking.state in OVER:
        release_all(booking=booking, kinds={PaymentKind.KEPT_CARD})


def release_all(*, booking: Booking, kinds: Collection[str] = actions.OPEN) -> None:
    """Let nobody pay, or leave a card, by anything of these kinds that is open now. What held money stays."""
    for other in actions.open_payments(booking=booking):
        if other.kind not in kinds:
            continue
        if other.gateway_id:
            release(payment=other)
        elif other.kind == PaymentKind.KEPT_CARD:
            actions.end_unasked(payment=other)


def let_go(gateway: Gateway, payment: Payment, gateway_id: str) -> None:
    """Have the company end what has this id there; the caller looks again."""
    with suppress(StateChanged):  # looking says how
        if payment.kind == PaymentKind.CHECKOUT:
            gateway.expire_checkout(checkout=gateway_id, key=_once())
        elif payment.kind == PaymentKind.KEPT_CARD:
            gateway.cancel_setup(setup=gateway_id, key=_once())
        else:
            gateway.cancel_payment(payment=gateway_id, key=_once())


def _once() -> str:
    """The key of what the company itself does only once, whoever asks how often; a failure is not remembered by it."""
    return str(uuid7())


def gateway_for(organization_id: UUID) -> Gateway:
    """For steps that stand outside of transactions. Raises GatewayNotSetUp."""
    with transaction_for(organization_id):
        return gateway_of(organization_id)
