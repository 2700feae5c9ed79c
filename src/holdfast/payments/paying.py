"""Being paid by card: each step is written, committed, done at the card company, and looked at.

Any of these may be cut off anywhere and run again: the payment's id is the key of what is asked, and what is known of
it comes from looking. Nothing here runs inside a transaction.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from holdfast.bookings.models import Booking
from holdfast.core import clock
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import Standing
from holdfast.domain.money import Money
from holdfast.payments import actions, ledger, looking
from holdfast.payments.ending import gateway_for, let_go, look_again, release
from holdfast.payments.errors import (
    AnotherWayOpen,
    AuthenticationNeeded,
    CardRefused,
    GatewayUnavailable,
    KeyUsedOtherwise,
    NoCardKept,
    PaymentUnderWay,
)
from holdfast.payments.gateway import (
    Checkout,
    CheckoutState,
    Gateway,
    IntentState,
    Order,
    PaymentIntent,
    SetupIntent,
    Window,
)
from holdfast.payments.models import Payment, PaymentKind

T = TypeVar("T")
# How far clocks may be apart, and how long a request may take.
AROUND = timedelta(minutes=10)
# An idempotency key is remembered for a day. After this long nothing is asked for by it before it is looked for.
KEY_IS_GOOD = timedelta(hours=23)
ATTEMPTS = 3  # to close what others open at the same moment


def ask_to_pay(*, booking: Booking, amount: Money) -> PaymentIntent:
    """What the customer's browser needs to pay now; the same again until it is paid or cancelled.

    Raises NothingOwed, PaymentUnderWay, and the gateway's errors.
    """
    gateway = gateway_for(booking.organization_id)
    payment = _opened(booking, PaymentKind.PREPAID, amount)
    if payment.gateway_id:
        seen = gateway.payment(payment.gateway_id)
        if seen.state not in {IntentState.CANCELLED, IntentState.SUCCEEDED}:
            return seen
        look_again(payment=payment)  # it ended, and the news of it is still on its way
        if seen.state == IntentState.SUCCEEDED:
            return seen
        payment = _opened(booking, PaymentKind.PREPAID, amount)
    order = _order(booking, payment)
    made = _asked_again(payment, lambda key: gateway.create_payment(order=order, key=key))
    return made if _keep_id(gateway, payment, made.id) else gateway.payment(payment.gateway_id)


def open_checkout(
    *,
    booking: Booking,
    amount: Money,
    success_url: str,
    cancel_url: str,
    expires_at: datetime,
    description: str = "",
) -> Checkout:
    """A page of the company's own on which this booking is paid, until `expires_at`; the same while it is open.

    `description`: what the customer reads there, instead of the reference. Raises as `ask_to_pay`.
    """
    gateway = gateway_for(booking.organization_id)
    payment = _opened(booking, PaymentKind.CHECKOUT, amount)
    if payment.gateway_id:
        seen = gateway.checkout(payment.gateway_id)
        if seen.state == CheckoutState.OPEN:
            return seen
        look_again(payment=payment)
        if seen.state == CheckoutState.COMPLETE:
            return seen
        payment = _opened(booking, PaymentKind.CHECKOUT, amount)
    order = _order(booking, payment)
    order = replace(order, description=description or order.description)
    page = {"success_url": success_url, "cancel_url": cancel_url, "expires_at": expires_at}
    language = booking.customer_locale
    made = _asked_again(
        payment,
        lambda key: gateway.open_checkout(order=order, language=language, key=key, **page),  # type: ignore[arg-type]
    )
    return made if _keep_id(gateway, payment, made.id) else gateway.checkout(payment.gateway_id)


def ask_for_card(*, booking: Booking, another: bool = False) -> SetupIntent:
    """What the customer's browser needs to let us keep a card for later, with their consent: the same until it is
    kept, and also then, unless it is to be `another` card. Until that is kept, the one before it goes on.
    """
    gateway = gateway_for(booking.organization_id)
    payment = actions.open_kept_card(booking=booking, another=another)
    if payment.gateway_id:
        seen = gateway.kept_card(payment.gateway_id)
        if seen.state != IntentState.CANCELLED:
            return seen
        look_again(payment=payment)  # it ended, and the news of it is still on its way
        payment = actions.open_kept_card(booking=booking, another=another)
    metadata = looking.metadata_of(booking.organization_id, payment.id, booking.reference)
    who = {"name": booking.customer_name, "email": booking.customer_email}
    customer = _asked_again(
        payment, lambda key: gateway.create_customer(**who, metadata=metadata, key=f"{key}:customer")
    )
    made = _asked_again(payment, lambda key: gateway.keep_card(customer=customer, metadata=metadata, key=key))
    return made if _keep_id(gateway, payment, made.id) else gateway.kept_card(payment.gateway_id)


def hold_card(*, booking: Booking, amount: Money) -> tuple[Payment, Standing]:
    """Have the bank keep money on the card that is kept for this booking; a refusal is in the standing (`failed`).

    Raises NoCardKept, NothingOwed, and the gateway's errors for which it may be asked again.
    """
    gateway = gateway_for(booking.organization_id)
    with transaction_for(booking.organization_id):
        cards = ledger.kept_cards(booking)
    if not cards:
        raise NoCardKept
    kept = cards[-1]
    payment = _opened(booking, PaymentKind.CARD_HOLD, amount)
    if not payment.gateway_id:
        order = _order(booking, payment, customer=kept.details["customer"], hold=True)
        _keep_id(gateway, payment, _charge(gateway, payment, order, kept.details["card"]))
    return payment, look_again(payment=payment)


def _asked_again(payment: Payment, ask: Callable[[str], T]) -> T:
    """What is made by this costs nobody anything before the customer acts, and they hear of the second one only.

    A failure of the company's is remembered with its key, and so is a page that was asked for to lead elsewhere: asking
    again takes another. Raises the gateway's errors.
    """
    try:
        return ask(str(payment.id))
    except (GatewayUnavailable, KeyUsedOtherwise):
        return ask(str(uuid7()))


def _charge(gateway: Gateway, payment: Payment, order: Order, card: str) -> str:
    """The company's id of it, also when the bank refused: then it is what the customer may take up again.

    Nobody charges a card twice: after a failure, and when the key may be forgotten, the company's own list says whether
    it was done. If it failed, this payment ends, because its key is remembered with the failure; the next try is
    another payment.
    """
    if clock.now() - payment.created_at > KEY_IS_GOOD and (made := _made_before(gateway, payment)):
        return made
    try:
        return gateway.charge_kept_card(order=order, card=card, key=str(payment.id)).id
    except (CardRefused, AuthenticationNeeded) as refused:
        if not refused.payment:
            raise
        return refused.payment
    except GatewayUnavailable as failed:
        if made := _made_before(gateway, payment):
            return made
        if failed.has_answered:
            actions.end_unasked(payment=payment)
        raise


def _made_before(gateway: Gateway, payment: Payment) -> str:
    """The company's id of what was asked for this payment, if its answer was lost; "" if it has nothing."""
    around = Window(payment.created_at - AROUND, clock.now() + AROUND)
    found = (each.id for each in gateway.payments(around) if each.metadata.get(looking.PAYMENT) == str(payment.id))
    return next(found, "")


def take_up(*, payment: Payment) -> None:
    """A hold of which no answer came: what the company has of it is known from now on; what it does not have by the
    time every request must have ended, ends here.
    """
    gateway = gateway_for(payment.organization_id)
    if made := _made_before(gateway, payment):
        _keep_id(gateway, payment, made)
        look_again(payment=payment)
    elif clock.now() - payment.created_at > AROUND:
        actions.end_unasked(payment=payment)


def _opened(booking: Booking, kind: PaymentKind, amount: Money) -> Payment:
    """Nobody can pay twice: what else is open is closed first, and what was paid by it meanwhile is known then."""
    for _ in range(ATTEMPTS):
        try:
            return actions.open_payment(booking=booking, kind=kind, amount=amount)
        except AnotherWayOpen:
            for other in actions.open_payments(booking=booking):
                if other.gateway_id and other.kind in actions.ASKING:
                    release(payment=other)
    raise PaymentUnderWay


def _keep_id(gateway: Gateway, payment: Payment, gateway_id: str) -> bool:
    """Whether it is this one that people hear of: of two asked for at the same moment the later one is closed again.

    Raises PaymentUnderWay when somebody opened another way to pay meanwhile: then this one is closed, too.
    """
    is_wanted = actions.note_gateway_id(payment=payment, gateway_id=gateway_id)
    is_first = payment.gateway_id == gateway_id
    if not is_first:
        let_go(gateway, payment, gateway_id)
    if not is_wanted:
        release(payment=payment)
        raise PaymentUnderWay
    return is_first


def _order(booking: Booking, payment: Payment, *, customer: str = "", hold: bool = False) -> Order:
    return Order(
        Money(payment.amount, payment.currency),
        f"{booking.reference}",
        looking.metadata_of(booking.organization_id, payment.id, booking.reference),
        customer=customer,
        hold=hold,
    )
