"""Does what `domain/settling.py` asks for, one step after the other, until nothing is asked for.

Every flow ends here: whatever becomes known is written to the ledger, and a job settles the booking. It may be cut off
anywhere and run again, and two may run at once: each step decides anew under the booking's lock, or carries a key.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from procrastinate.contrib.django import app

from holdfast.bookings.errors import TransitionNotAllowed
from holdfast.bookings.models import Booking
from holdfast.bookings.places.contention import settled
from holdfast.bookings.reinstating import confirm_paid_once
from holdfast.bookings.steps import SYSTEM
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.core.jobs import RetryLater
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind
from holdfast.domain.lifecycle import State
from holdfast.domain.money import Money, total_of
from holdfast.domain.settling import (
    AGREED,
    HOLD_AHEAD,
    LONGEST_HOLD_AHEAD,
    TRY_AGAIN_AFTER,
    Case,
    Do,
    Refusal,
    Step,
    next_step,
)
from holdfast.payments import actions, ending, ledger, paying, refunding
from holdfast.payments.errors import (
    AmountNotChargeable,
    KeyUsedOtherwise,
    NothingOwed,
    PaymentUnderWay,
    RequestRefused,
    StateChanged,
)
from holdfast.payments.facts import Fact
from holdfast.payments.models import LedgerEntry, Payment, PaymentKind

SETTLE = "payments.settle"
# A booking needs three steps at most; more are news that came meanwhile.
MOST_STEPS = 12
AGAIN = timedelta(seconds=20)
# No bank holds money for longer than from before a service until so long after it.
LATEST = timedelta(days=7)
_RESOLVED = (EntryKind.HELD, EntryKind.RECEIVED, EntryKind.CARD_KEPT)


def soon(organization_id: UUID, booking_id: UUID) -> None:
    """Leave a job behind that settles the booking, in the running transaction."""
    job = app.configure_task(SETTLE, lock=f"settle:{booking_id}")
    job.defer(organization_id=str(organization_id), booking_id=str(booking_id))


def settle(*, organization_id: UUID, booking_id: UUID) -> None:
    """Outside of every transaction. Raises the gateway's errors and RetryLater: then it is to be run again."""
    organization = Organization.objects.get(id=organization_id)
    for _ in range(MOST_STEPS):
        with transaction_for(organization_id):
            booking = Booking.objects.select_related("service", "chosen_resource").get(id=booking_id)
            step = next_step(case_of(booking))
        if step is None:
            return
        _DONE_BY[step.do](organization, booking, step)
    raise RetryLater(clock.now() + AGAIN)


def case_of(booking: Booking) -> Case:
    """What is known of a booking's money now; one that decides by it has locked the booking."""
    rows = list(LedgerEntry.objects.filter(booking=booking).select_related("payment"))
    kinds, open_now = {row.kind for row in rows}, actions.open_payments(booking=booking)
    return Case(
        state=State(booking.state),
        standing=ledger.standing_of(booking),
        starts=clock.to_minute(booking.starts_at),
        ends=clock.to_minute(booking.ends_at),
        now=clock.to_minute(clock.now()),
        waits_for=Money(int(booking.terms.get("due_now", 0)), booking.price_currency),
        has_card=bool(_subjects(rows, EntryKind.CARD_KEPT) - _subjects(rows, EntryKind.CANCELLED)),
        given_up=EntryKind.TOO_LATE in kinds,
        is_open=any(each.gateway_id for each in open_now),
        asks_for_card=any(each.gateway_id and each.kind == PaymentKind.KEPT_CARD for each in open_now),
        on_cards=_on_cards(booking, rows),
        refusals=_refusals(rows),
        hold_ahead=int(booking.terms.get("hold_ahead", HOLD_AHEAD)),
        held_since=_held_since(rows),
    )


def due(organization_id: UUID) -> list[UUID]:
    """Bookings for which time may have come: a hold to be placed or taken, a refused card to be tried again. Those with
    nothing to do among them cost a look.
    """
    now = clock.now()
    kept = Q(ledger__kind=EntryKind.CARD_KEPT)
    ahead = timedelta(minutes=LONGEST_HOLD_AHEAD)
    tried = timedelta(minutes=2 * max(TRY_AGAIN_AFTER))
    with transaction_for(organization_id):
        to_hold = Booking.objects.filter(kept, state__in=AGREED, starts_at__lte=now + ahead, ends_at__gt=now - LATEST)
        refused = LedgerEntry.objects.filter(kind=EntryKind.FAILED, payment__kind=PaymentKind.CARD_HOLD)
        to_try = Booking.objects.filter(id__in=refused.filter(at__gt=now - tried).values("booking_id"))
        return list(to_hold.union(to_try).values_list("id", flat=True))


def _subjects(rows: Sequence[LedgerEntry], kind: EntryKind) -> set[str]:
    return {row.subject for row in rows if row.kind == kind}


def _on_cards(booking: Booking, rows: Sequence[LedgerEntry]) -> Money:
    """Without what the company would not give back: that is not tried again by itself, staff are told of it."""
    currency = booking.price_currency
    failed = (Money(row.amount, row.currency) for row in rows if row.kind == EntryKind.REFUND_FAILED)
    paid = {row.payment for row in rows if row.payment and row.kind == EntryKind.RECEIVED and row.payment.gateway_id}
    kept = total_of((ledger.kept_of(payment) for payment in paid), currency)
    return max(Money(0, currency), kept - total_of(failed, currency))


def _held_since(rows: Sequence[LedgerEntry]) -> int | None:
    over = _subjects(rows, EntryKind.RECEIVED) | _subjects(rows, EntryKind.CANCELLED)
    return min(
        (clock.to_minute(row.at) for row in rows if row.kind == EntryKind.HELD and row.subject not in over),
        default=None,
    )


def _refusals(rows: Sequence[LedgerEntry]) -> tuple[Refusal, ...]:
    """Of the kept card, since it was kept, or money was last held or taken."""
    resolved = max((row.at for row in rows if row.kind in _RESOLVED), default=None)
    return tuple(
        Refusal(clock.to_minute(row.at), str(row.details.get("why", "")))
        for row in rows
        if row.kind == EntryKind.FAILED
        and row.payment
        and row.payment.kind == PaymentKind.CARD_HOLD
        and (resolved is None or row.at > resolved)
    )


def _confirm(organization: Organization, booking: Booking, step: Step) -> None:
    """Give the booking its time, or write down that it is gone; what was paid is then given back."""
    try:
        _confirm_as_asked(organization=organization, booking_id=booking.id)
    except TransitionNotAllowed:
        return  # cancelled meanwhile, say: looking again tells what to do about that
    except HoldfastError as refused:
        if refused.status >= 500:
            raise
        _give_up(booking, refused.code)


def _confirm_once(*, organization: Organization, booking_id: UUID) -> None:
    booking = ledger.lock_booking(booking_id)
    if next_step(case_of(booking)) == Step(Do.CONFIRM):
        confirm_paid_once(organization=organization, booking_id=booking_id)


_confirm_as_asked = settled(_confirm_once)


def _give_up(booking: Booking, why: str) -> None:
    with transaction_for(booking.organization_id):
        locked = ledger.lock_booking(booking.id)
        if locked.state == State.EXPIRED:
            fact = Fact(EntryKind.TOO_LATE, str(booking.id), of_payment=False, details={"why": why})
            ledger.add(booking=locked, payment=None, facts=[fact])


def _give_back(organization: Organization, booking: Booking, step: Step) -> None:
    with transaction_for(organization.id):
        locked = ledger.lock_booking(booking.id)
        case = case_of(locked)
        now = next_step(case)
        if now and now.do == Do.GIVE_BACK and now.amount:
            reason = "too_late" if case.given_up else "cancelled" if case.state == State.CANCELLED else "too_much"
            refunding.refund(booking=locked, amount=now.amount, reason=reason, actor=SYSTEM)


def _hold(organization: Organization, booking: Booking, step: Step) -> None:
    """On the kept card. What was refused before is closed first: a try is a payment of its own."""
    assert step.amount is not None  # noqa: S101 - a hold is of an amount
    if _holds_after_all(booking, step.amount):
        return
    try:
        paying.hold_card(booking=booking, amount=step.amount)
    except NothingOwed:
        return  # paid meanwhile
    except PaymentUnderWay:
        raise RetryLater(clock.now() + AGAIN) from None
    except (StateChanged, KeyUsedOtherwise):
        raise RetryLater(clock.now() + AGAIN) from None
    except (RequestRefused, AmountNotChargeable) as refused:
        _note_lost_card(booking, refused.code if isinstance(refused, AmountNotChargeable) else "card_gone")


def _holds_after_all(booking: Booking, wanted: Money) -> bool:
    """Close what was tried before, unless another worker, or its customer, was successful with it this moment."""
    for former in actions.open_payments(booking=booking):
        if former.kind != PaymentKind.CARD_HOLD:
            continue
        if former.gateway_id:
            ending.look_again(payment=former)
        elif former.amount != wanted.amount:
            paying.take_up(payment=former)  # of another amount, when its worker went down
        if former in _held(booking):
            return True
        if former.gateway_id:
            ending.release(payment=former)
    return False


def _note_lost_card(booking: Booking, why: str) -> None:
    """The company does not know the card any more, or will not charge this: only the customer can help, another way.

    First that it failed, which is told; then that neither this try nor the card is anything to wait for.
    """
    over = (PaymentKind.CARD_HOLD, PaymentKind.KEPT_CARD)
    with transaction_for(booking.organization_id):
        locked = ledger.lock_booking(booking.id)
        lost = Payment.objects.filter(booking=locked, kind__in=over).exclude(ledger__kind__in=actions.ENDED)
        tries = [payment for payment in lost if payment.kind == PaymentKind.CARD_HOLD and not payment.gateway_id]
        for payment in tries:
            ledger.add(
                booking=locked,
                payment=payment,
                facts=[Fact(EntryKind.FAILED, str(payment.id), details={"why": why})],
            )
        for payment in [*tries, *(each for each in lost if each.kind == PaymentKind.KEPT_CARD)]:
            fact = Fact(EntryKind.CANCELLED, str(payment.id), details={"why": why})
            ledger.add(booking=locked, payment=payment, facts=[fact])


def _capture(organization: Organization, booking: Booking, step: Step) -> None:
    assert step.amount is not None  # noqa: S101 - what is taken is an amount
    left = step.amount
    for payment in _held(booking):
        share = min(left, Money(payment.amount, payment.currency))
        if share.amount <= 0:
            ending.release(payment=payment)
        else:
            left = left - share
            ending.capture(payment=payment, amount=share)


def _release(organization: Organization, booking: Booking, step: Step) -> None:
    for payment in _held(booking):
        ending.release(payment=payment)


def _held(booking: Booking) -> list[Payment]:
    with transaction_for(booking.organization_id):
        held = Payment.objects.filter(booking=booking, ledger__kind=EntryKind.HELD)
        return list(held.exclude(ledger__kind__in=actions.ENDED).distinct())


def _close(organization: Organization, booking: Booking, step: Step) -> None:
    ending.close_ways(organization_id=organization.id, booking_id=booking.id)


_DONE_BY: dict[Do, Callable[[Organization, Booking, Step], None]] = {
    Do.CONFIRM: _confirm,
    Do.GIVE_BACK: _give_back,
    Do.RELEASE: _release,
    Do.CAPTURE: _capture,
    Do.HOLD: _hold,
    Do.CLOSE: _close,
}
