"""What a customer is asked for now, and what their browser needs for it. The same for pages and programs.

Amounts come from the booking and its ledger. Nothing here runs inside a transaction.
"""

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from holdfast.bookings import unpaid
from holdfast.bookings.details.paying import IN_ADVANCE
from holdfast.bookings.models import Booking, BookingState
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.core.fields import in_language
from holdfast.core.jobs import RetryLater
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind, PaymentStatus, due_now
from holdfast.domain.lifecycle import State
from holdfast.domain.money import Money
from holdfast.domain.settling import AGREED
from holdfast.payments import actions, ending, ledger, paying, settling
from holdfast.payments.errors import GatewayNotSetUp, NothingOwed
from holdfast.payments.gateway import Checkout, IntentState
from holdfast.payments.gateways import gateway_of
from holdfast.payments.models import LedgerEntry, Payment, PaymentKind, StripeAccount
from holdfast.pricing.models import PaymentMethod

logger = logging.getLogger(__name__)

# The company keeps a page of its own open for half an hour at least; clocks may differ a little. What is asked again
# within minutes asks for the same end, or the company would take it for something else under the same key.
SHORTEST, LATER = timedelta(minutes=31), timedelta(minutes=36)
TAKES_A_CARD = (BookingState.PENDING_PAYMENT, BookingState.REQUESTED, BookingState.CONFIRMED)
# The customer has done their part: what becomes of it is known, or will be.
DONE = frozenset({IntentState.SUCCEEDED, IntentState.HELD, IntentState.PROCESSING})


class Way(StrEnum):
    """PAY: now. HOLD: the bank keeps it, as agreed, and wants its customer for that. KEEP: a card, for later."""

    PAY = "pay"
    HOLD = "hold"
    KEEP = "keep_card"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`amount` is of money that moves or is held now; what a kept card is for is the booking's price."""

    way: Way
    amount: Money


@dataclass(frozen=True, slots=True)
class Asked:
    """What the customer's browser needs. The secret lets it confirm this one thing, and is never logged."""

    wanted: Wanted
    payment: Payment
    state: IntentState
    publishable_key: str
    client_secret: str = field(repr=False)


def wanted_of(booking: Booking, *, another_card: bool = False) -> Wanted | None:
    """What is to be asked for; None when nothing is, or its time has run out. In a transaction of the organization.

    `another_card`: to replace the one that is kept.
    """
    if booking.state == BookingState.PENDING_PAYMENT and not unpaid.waits(booking):
        return None
    nothing = Money(0, booking.price_currency)
    by_kept_card = booking.payment_method == PaymentMethod.CARD_ON_FILE
    if by_kept_card and booking.state in TAKES_A_CARD and (another_card or not _has_kept_card(booking)):
        return Wanted(Way.KEEP, nothing)
    seen = ledger.standing_of(booking)
    open_now = seen.outstanding - seen.held
    if booking.state == BookingState.PENDING_PAYMENT:
        open_now = due_now(seen, State(booking.state), int(booking.terms.get("due_now", 0)))
    if open_now <= nothing or booking.state == BookingState.REQUESTED:
        return None
    refused = _refused_hold(booking)
    if by_kept_card and booking.state in AGREED and not refused and seen.status != PaymentStatus.FAILED:
        return None if _can_be_charged(booking) else Wanted(Way.PAY, open_now)  # the card is charged when that is due
    if refused and booking.state in AGREED and refused.amount <= open_now.amount:
        return Wanted(Way.HOLD, Money(refused.amount, refused.currency))
    return Wanted(Way.PAY, open_now)  # a hold that was refused is closed when this is asked for


def ask(booking: Booking, wanted: Wanted) -> Asked:
    """Ask the company for what the browser needs: the same until it is done. Raises as `paying.ask_to_pay` does."""
    with transaction_for(booking.organization_id):
        account = StripeAccount.objects.first()
        if account is None:
            raise GatewayNotSetUp
        hold = _refused_hold(booking) if wanted.way == Way.HOLD else None
        kept = bool(ledger.kept_cards(booking))
        gateway = gateway_of(booking.organization_id)
    if wanted.way == Way.KEEP:
        setup = paying.ask_for_card(booking=booking, another=kept)
        state, secret, name = setup.state, setup.client_secret, setup.id
    else:
        intent = gateway.payment(hold.gateway_id) if hold else paying.ask_to_pay(booking=booking, amount=wanted.amount)
        state, secret, name = intent.state, intent.client_secret, intent.id
    with transaction_for(booking.organization_id):
        payment = Payment.objects.get(gateway_id=name)
    return Asked(wanted, payment, state, account.publishable_key, secret)


def open_page(booking: Booking, wanted: Wanted, *, success_url: str, cancel_url: str) -> Checkout:
    """The company's own page for it; the booking's time waits as long as that is open.

    Raises NothingOwed where no money is to be paid now, HoldExpired, and as `paying.open_checkout` does.
    """
    if wanted.way == Way.KEEP:
        raise NothingOwed(outstanding=0)
    now, ends = clock.now(), booking.hold_expires_at
    if ends is None or ends < now + SHORTEST:
        later = now + LATER
        ends = later.replace(minute=later.minute // 5 * 5, second=0, microsecond=0)
    if booking.state == BookingState.PENDING_PAYMENT:
        unpaid.wait_until(booking=booking, until=ends)
    with transaction_for(booking.organization_id):
        name = in_language(booking.service.name, booking.customer_locale)
    return paying.open_checkout(
        booking=booking,
        amount=wanted.amount,
        description=f"{name} · {booking.reference}",
        success_url=success_url,
        cancel_url=cancel_url,
        expires_at=ends,
    )


def look(booking: Booking) -> Booking:
    """Ask the company how what is open went, and let the booking become what follows; it is returned as it then is.

    What cannot be known now is left to the jobs: they look again.
    """
    with transaction_for(booking.organization_id):
        over = [*actions.ENDED, EntryKind.CARD_KEPT]
        asked = Payment.objects.filter(booking=booking).exclude(gateway_id="").exclude(ledger__kind__in=over)
        payments = list(asked)
    try:
        for payment in payments:
            ending.look_again(payment=payment)
        settling.settle(organization_id=booking.organization_id, booking_id=booking.id)
    except (HoldfastError, RetryLater) as error:
        logger.warning("%s is looked at again later: %s", booking.reference, error)
    with transaction_for(booking.organization_id):
        return Booking.objects.select_related("service", "chosen_resource", "organization").get(id=booking.id)


def withdraw(booking: Booking) -> Booking:
    """Let nobody pay, or leave a card, by what is open: it is to be paid another way; the booking as it then is."""
    ending.release_all(booking=booking)
    return look(booking)


def owes_difference(booking: Booking, was: int) -> bool:
    """Whether what was paid in advance, when it cost `was` (minor units), is no longer all of it."""
    if booking.payment_method not in IN_ADVANCE:
        return False
    return 0 < ledger.standing_of(booking).outstanding.amount <= booking.price_amount - was


def _refused_hold(booking: Booking) -> Payment | None:
    """A hold that the bank refused, and that the customer may take up. In a transaction of the organization."""
    refused = Payment.objects.filter(booking=booking, kind=PaymentKind.CARD_HOLD, ledger__kind=EntryKind.FAILED)
    over = [*actions.ENDED, EntryKind.HELD]
    return refused.exclude(gateway_id="").exclude(ledger__kind__in=over).distinct().last()


def _has_kept_card(booking: Booking) -> bool:
    """Whether the customer has left a card, or did until it was let go: from then on the money is asked for instead."""
    if booking.state == BookingState.CONFIRMED:
        return LedgerEntry.objects.filter(booking=booking, kind=EntryKind.CARD_KEPT).exists()
    return bool(ledger.kept_cards(booking))


def _can_be_charged(booking: Booking) -> bool:
    """Whether a kept card stands that the company has not lost since."""
    kept = ledger.kept_cards(booking)
    lost = LedgerEntry.objects.filter(booking=booking, kind=EntryKind.FAILED, details__why="card_gone")
    return bool(kept) and not lost.filter(at__gte=kept[-1].at).exists()
