"""What payments do inside the transaction of an event."""

from holdfast.bookings.details.ladder import ladder_of
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.domain.ledger import EntryKind
from holdfast.domain.money import Money
from holdfast.events import actions as events
from holdfast.events.models import Event
from holdfast.payments import asking, ledger, settling
from holdfast.payments.facts import Fact

FEES = {"booking.cancelled": "late_cancellation", "booking.no_show": "no_show"}


def owe_fee(event: Event) -> None:
    """A booking ended, and its price with it: from here on it costs the fee that was agreed, or nothing.

    What was let off of the price ends with the price; the fee was reckoned of what was left of it.
    """
    fee = event.payload.get("fee")
    if fee is not None:
        _owe(event, Money(int(fee["amount"]), str(fee["currency"])))
        event.is_about_money = True
    elif ledger.is_about_money(event):
        _keep_what_was_paid(event) if event.kind == "booking.no_show" else _owe_nothing(event)


def ask_for_difference(event: Event) -> None:
    """Moved by its customer to a dearer time, what was paid in advance is no longer all of it: they get the page."""
    was = (event.payload.get("before") or {}).get("price")
    booking = Booking.objects.get(id=event.subject) if was else None
    if was and booking and asking.owes_difference(booking, int(was["amount"])):
        payload = {name: event.payload[name] for name in ("reference", "actor", "actor_name")}
        amount = ledger.standing_of(booking).outstanding.amount
        events.record(
            organization_id=event.organization_id,
            kind="payment.asked",
            subject=event.subject,
            payload={**payload, "amount": amount},
        )


def settle_money(event: Event) -> None:
    """News of a booking's money, or of a booking that money is about: a job sees to what follows from it."""
    if ledger.is_about_money(event):
        settling.soon(event.organization_id, event.subject)


def _keep_what_was_paid(event: Event) -> None:
    """Where nothing was agreed about not coming, what was paid for the time that was kept stays paid: staff decide."""
    booking = Booking.objects.get(id=event.subject)
    nothing = Money(0, booking.price_currency)
    _owe(event, nothing if ladder_of(booking) else max(nothing, ledger.standing_of(booking).kept))


def _owe_nothing(event: Event) -> None:
    _owe(event, Money(0, Booking.objects.get(id=event.subject).price_currency))


def _owe(event: Event, cost: Money) -> None:
    """Make it cost this much: `cost` less what the ledger says it costs by now, without its price.

    The entry is that difference; its details say the fee itself, for people to read.
    """
    booking = ledger.lock_booking(event.subject)
    change = cost - ledger.standing_of(booking).owed
    if change.amount:
        actor = Actor(event.payload["actor"], event.payload["actor_name"])
        fact = Fact(
            EntryKind.OWED, str(event.subject), change, part=FEES[event.kind], of_payment=False,
            details={"fee": cost.amount},
        )  # fmt: skip
        ledger.add(booking=booking, payment=None, facts=[fact], actor=actor)
