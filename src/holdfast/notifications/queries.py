"""Reading the delivery log."""

from uuid import UUID

from holdfast.notifications.models import Message, MessageState


def messages_of(booking_id: UUID) -> list[Message]:
    """Every mail about a booking, oldest first, without their bodies; inside the tenant's transaction."""
    return list(
        Message.objects.filter(booking_id=booking_id).defer("text", "html", "calendar").order_by("created_at", "id")
    )


def sent_to_customer(booking_id: UUID, email: str) -> list[Message]:
    """Every mail about a booking that reached its customer's address, with its text, oldest first."""
    sent = Message.objects.filter(booking_id=booking_id, recipient=email, state=MessageState.SENT)
    return list(sent.defer("html", "calendar").order_by("sent_at", "id"))
