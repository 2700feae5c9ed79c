"""What notifications does inside the transaction of an event: leave a job behind, nothing more."""

from holdfast.events.models import Event
from holdfast.notifications import tasks
from holdfast.notifications.actions import URGENT


def queue_mail_to_who_chose(event: Event) -> None:
    """Somebody else serves: that is news only to a customer who had chosen who does."""
    if event.payload["was_chosen"]:
        queue_booking_mail(event)


def queue_booking_mail(event: Event) -> None:
    """Defer the wording and sending of an event's mails; the job commits or rolls back with the event.

    The lock keeps the mails of one booking in the order of its events. What the event of a series tells (`told_by`) is
    not told again for each of its bookings.
    """
    if event.payload.get("told_by"):
        return
    tasks.send_booking_mail.configure(lock=f"mail:{event.subject}").defer(
        organization_id=str(event.organization_id), event_id=event.id
    )


def queue_alert_mail(event: Event) -> None:
    """The same for an alert, before every other mail and beside the booking's own, so that it waits for none."""
    tasks.send_booking_mail.configure(lock=f"alert:{event.subject}", priority=URGENT).defer(
        organization_id=str(event.organization_id), event_id=event.id
    )


def queue_customer_mail(event: Event) -> None:
    """About a customer's account: before all others, because somebody waits for it in front of a page."""
    tasks.send_booking_mail.configure(lock=f"customer:{event.subject}", priority=URGENT).defer(
        organization_id=str(event.organization_id), event_id=event.id
    )
