"""What payments do inside the transaction of an event."""

from holdfast.bookings.details.ladder import ladder_of
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.domain.ledger import EntryKind
from holdfast.domain.money import Money
from holdfast.events.models import Event
from holdfast.payments import ledger, settling
from holdfast.payments.facts import Fact
from holdfast.payments.models import Payment

FEES = {"booking.cancelled": "late_cancellation", "booking.no_show": "no_show"}


def owe_fee(event: Event) -> None:
    """A booking ended by which something stays owed: from here on, that is what it costs."""
    fee = event.payload.get("fee")
    if fee is not None:
        _owe(event, Money(int(fee["amount"]), str(fee["currency"])))
    elif event.kind == "booking.no_show" and Payment.objects.filter(booking_id=event.subject).exists():
        _keep_what_was_paid(event)


def settle_money(event: Event) -> None:
    """News of a booking's money, or of a booking that money is about: a job sees to what follows from it."""
    if event.kind.startswith("payment.") or Payment.objects.filter(booking_id=event.subject).exists():
        settling.soon(event.organization_id, event.subject)


def _keep_what_was_paid(event: Event) -> None:
    """Where nothing was agreed about not coming, what was paid for the time that was kept stays paid: staff decide."""
    booking = Booking.objects.get(id=event.subject)
    kept = ledger.standing_of(booking).kept
    if ladder_of(booking) is None and kept.amount > 0:
        _owe(event, kept)


def _owe(event: Event, fee: Money) -> None:
    actor = Actor(event.payload["actor"], event.payload["actor_name"])
    fact = Fact(EntryKind.OWED, str(event.subject), fee, part=FEES[event.kind], of_payment=False)
    ledger.add(booking=ledger.lock_booking(event.subject), payment=None, facts=[fact], actor=actor)
