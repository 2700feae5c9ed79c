"""Reading the delivery log."""

from uuid import UUID

from django.db.models.functions import Lower

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


def mails_to(email: str) -> list[dict[str, str | None]]:
    """Every mail to an address (lower case), oldest first, as plain JSON without links that open something."""
    sent = Message.objects.alias(to=Lower("recipient")).filter(to=email).exclude(kind__startswith="customer.")
    return [
        {
            "subject": each.subject,
            "written_at": each.created_at.isoformat(timespec="seconds"),
            "sent_at": each.sent_at.isoformat(timespec="seconds") if each.sent_at else None,
            "text": each.text,
        }
        for each in sent.defer("html", "calendar").order_by("created_at", "id")
    ]
