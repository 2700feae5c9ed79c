"""What staff decide about a booking's money, each once: they name the ledger they saw, by how many entries it had.

Whoever gives money back lets off as much of what is owed: otherwise a kept card would be charged for it again.
All that take an amount raise AmountNotChargeable for one that nobody can pay in its currency.
"""

from uuid import UUID

from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind
from holdfast.domain.money import Money, payable
from holdfast.events import actions as events
from holdfast.payments import asking, ending, ledger, on_site, refunding
from holdfast.payments.errors import AmountNotChargeable, MoneyChanged, NothingOwed
from holdfast.payments.facts import Fact
from holdfast.payments.models import LedgerEntry, Payment, PaymentKind
from holdfast.payments.on_site import How

LET_OFF = "let_off"


def give_back(*, booking: Booking, amount: Money, reason: str, seen: int, actor: Actor) -> None:
    """To the cards it came from. Raises MoneyChanged, NotRefundable."""
    _check_payable(amount)
    with transaction_for(booking.organization_id):
        locked = _as_seen(booking, seen)
        _let_off_with(locked, amount, reason, actor)
        refunding.refund(booking=locked, amount=amount, reason=reason, actor=actor)


def give_back_on_site(
    *, booking: Booking, amount: Money, how: How, receipt: str, reason: str, seen: int, actor: Actor
) -> None:
    """Staff gave it back, of what was taken on site. Raises MoneyChanged, NotRefundable, ReceiptUsed."""
    _check_payable(amount)
    with transaction_for(booking.organization_id):
        locked = _as_seen(booking, seen)
        _let_off_with(locked, amount, reason, actor)
        on_site.record_given_back(booking=locked, amount=amount, how=how, receipt=receipt, reason=reason, actor=actor)


def take_on_site(*, booking: Booking, amount: Money, how: How, receipt: str, seen: int, actor: Actor) -> None:
    """Staff took it. Raises MoneyChanged, NothingOwed, ReceiptUsed."""
    _check_payable(amount)
    with transaction_for(booking.organization_id):
        locked = _as_seen(booking, seen)
        on_site.record_received(booking=locked, amount=amount, how=how, receipt=receipt, actor=actor)


def let_off(*, booking: Booking, amount: Money, reason: str, seen: int, actor: Actor) -> None:
    """So much is owed no longer. Raises MoneyChanged, and NothingOwed for more than is owed."""
    _check_payable(amount)
    with transaction_for(booking.organization_id):
        locked = _as_seen(booking, seen)
        owed = ledger.standing_of(locked).owed
        if not Money(0, owed.currency) < amount <= owed:
            raise NothingOwed(outstanding=owed.amount)
        _let_off(locked, amount, reason, actor)
        _say(locked, "payment.let_off", actor, amount=amount.amount)


def take_held(*, booking: Booking, amount: Money, seen: int, actor: Actor) -> None:
    """Take this much of what a bank holds; the rest of it is released. Outside of transactions.

    Raises MoneyChanged, NothingOwed for more than is held or owed, and the gateway's errors.
    """
    _check_payable(amount)
    with transaction_for(booking.organization_id):
        locked = _as_seen(booking, seen)
        now, held = ledger.standing_of(locked), _held(locked)
        most = min(now.held, now.outstanding)
        if held is None or not Money(0, most.currency) < amount <= most:
            raise NothingOwed(outstanding=max(most.amount, 0))
        _say(locked, "payment.capture_asked", actor, amount=amount.amount)
    ending.capture(payment=held, amount=amount)


def let_go(*, booking: Booking, reason: str, seen: int, actor: Actor) -> None:
    """Release what a bank holds, and charge no kept card for this booking any more. Outside of transactions.

    Raises MoneyChanged, and the gateway's errors.
    """
    with transaction_for(booking.organization_id):
        locked = _as_seen(booking, seen)
        held = _held(locked)
        for payment in Payment.objects.filter(booking=locked, kind=PaymentKind.KEPT_CARD):
            fact = Fact(EntryKind.CANCELLED, str(payment.id), details={"why": reason})
            ledger.add(booking=locked, payment=payment, facts=[fact], actor=actor)
        _say(locked, "payment.release_asked", actor, reason=reason)
    if held is not None:
        ending.release(payment=held)


def ask_to_pay(*, booking: Booking, seen: int, actor: Actor) -> None:
    """Send the customer the page on which they pay what is outstanding. Raises MoneyChanged, NothingOwed."""
    with transaction_for(booking.organization_id):
        locked = _as_seen(booking, seen)
        wanted = asking.wanted_of(locked)
        if wanted is None or wanted.amount.amount <= 0:
            raise NothingOwed(outstanding=0)
        _say(locked, "payment.asked", actor, amount=wanted.amount.amount)


def size_of(booking_id: UUID) -> int:
    """How many entries its ledger has: what a form names as what it was made from."""
    return LedgerEntry.objects.filter(booking_id=booking_id).count()


def _check_payable(amount: Money) -> None:
    """What is left would be no amount of its currency that anybody can pay. Raises AmountNotChargeable."""
    if payable(amount) != amount:
        raise AmountNotChargeable


def _as_seen(booking: Booking, seen: int) -> Booking:
    """The booking, locked. Raises MoneyChanged if its ledger is another than whoever decides has seen."""
    locked = ledger.lock_booking(booking.id)
    if size_of(locked.id) != seen:
        raise MoneyChanged
    return locked


def _let_off_with(booking: Booking, given_back: Money, reason: str, actor: Actor) -> None:
    """What is more than was owed goes back first; of the rest the booking costs less."""
    surplus = max(Money(0, given_back.currency), -ledger.standing_of(booking).outstanding)
    if surplus < given_back:
        _let_off(booking, given_back - surplus, reason, actor, part=ledger.GIVEN_BACK)


def _let_off(booking: Booking, amount: Money, reason: str, actor: Actor, part: str = LET_OFF) -> None:
    fact = Fact(EntryKind.OWED, str(booking.id), -amount, part=f"{part}:{uuid7()}", details={"why": reason})
    ledger.add(booking=booking, payment=None, facts=[fact], actor=actor)


def _held(booking: Booking) -> Payment | None:
    over = (EntryKind.RECEIVED, EntryKind.CANCELLED)
    held = Payment.objects.filter(booking=booking, ledger__kind=EntryKind.HELD)
    return held.exclude(ledger__kind__in=over).first()


def _say(booking: Booking, kind: str, actor: Actor, **more: object) -> None:
    """Who asked for it is written before the card company hears of it; what came of it is in the ledger."""
    payload = {"reference": booking.reference, "actor": actor.kind, "actor_name": actor.name, **more}
    events.record(organization_id=booking.organization_id, kind=kind, subject=booking.id, payload=payload)
