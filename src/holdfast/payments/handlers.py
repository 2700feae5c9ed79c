"""What payments do inside the transaction of an event."""

from holdfast.events.models import Event
from holdfast.payments import settling
from holdfast.payments.models import Payment


def settle_money(event: Event) -> None:
    """News of a booking's money, or of a booking that money is about: a job sees to what follows from it."""
    if event.kind.startswith("payment.") or Payment.objects.filter(booking_id=event.subject).exists():
        settling.soon(event.organization_id, event.subject)
