"""Reading the delivery log."""

from uuid import UUID

from holdfast.notifications.models import Message


def messages_of(booking_id: UUID) -> list[Message]:
    """Every mail about a booking, oldest first, without their bodies; inside the tenant's transaction."""
    return list(
        Message.objects.filter(booking_id=booking_id).defer("text", "html", "calendar").order_by("created_at", "id")
    )
