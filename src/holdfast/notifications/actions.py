"""Writing and sending mail: worded once for a reason, sent by one process at a time, tried again for days.

Nothing here talks to a mail server inside a transaction: the claim is committed, the mail is sent, the result is
committed (docs/algorithms/notifications.md, docs/adr/0007-mail-at-least-once.md).
"""

import hashlib
import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from procrastinate.contrib.django import app

from holdfast.bookings.models import Booking
from holdfast.core import clock, locking
from holdfast.core.jobs import RetryLater
from holdfast.core.tenancy import transaction_for
from holdfast.events import actions as events
from holdfast.events.models import Event
from holdfast.notifications import sending
from holdfast.notifications.alerts import alert_drafts
from holdfast.notifications.customer_drafts import customer_drafts
from holdfast.notifications.drafts import Draft, booking_drafts
from holdfast.notifications.models import Message, MessageState
from holdfast.notifications.payment_drafts import payment_drafts
from holdfast.notifications.reconciliation_drafts import reconciliation_drafts
from holdfast.notifications.series_drafts import series_drafts
from holdfast.notifications.waiting import waiting_drafts

logger = logging.getLogger(__name__)

DELIVER = "notifications.deliver_message"
# Goes before everything that waits.
URGENT = 10
# After this long a mail that no server would take is given up, and says so in the event log.
GIVE_UP_AFTER = timedelta(days=3)


def compose_messages(*, organization_id: UUID, event_id: int) -> list[UUID]:
    """Word an event's mails and queue each, in one transaction; doing it again adds nothing. Returns the new ones."""
    with transaction_for(organization_id):
        event = Event.objects.get(id=event_id)
        return [message_id for draft in _drafts(event) if (message_id := _write_once(event, draft))]


def deliver_message(*, organization_id: UUID, message_id: UUID) -> None:
    """Send a message unless it was sent, given up, or is just being sent.

    Raises RetryLater while somebody else is sending it, and whatever the mail server answered when it is to be tried
    again; a refusal for good, or three days of trying, makes it failed and records `message.failed`.
    """
    message = _claim(organization_id, message_id)
    if message is None:
        return
    try:
        sending.send(message, message.organization, before=message.leased_until or clock.now())
    except Exception as error:
        if not _give_up_or_release(message, error):
            raise
        logger.warning("mail %s to %s is given up: %s", message.kind, message.recipient, error)
    else:
        _mark_sent(message)


def _drafts(event: Event) -> Iterator[Draft]:
    """The mails an event asks for: of a series, the waiting list, a customer's account, a reconciliation, money, an
    alert, a booking.
    """
    if event.kind.startswith("series."):
        return iter(series_drafts(event))
    if event.kind.startswith("waiting."):
        return waiting_drafts(event)
    if event.kind.startswith("customer."):
        return customer_drafts(event)
    if event.kind.startswith("reconciliation."):
        return reconciliation_drafts(event)
    booking = Booking.objects.select_related("organization", "service").get(id=event.subject)
    if event.kind.startswith("payment."):
        return payment_drafts(event, booking)
    drafts = alert_drafts if event.kind.startswith("alert.") else booking_drafts
    return drafts(event, booking)


def _write_once(event: Event, draft: Draft) -> UUID | None:
    """The new message's id; None when this reason was worded already."""
    reason = f"{event.kind}:{event.id}:{draft.audience}"
    message = Message(
        organization_id=event.organization_id,
        reason=reason,
        message_id=_message_id(event.organization_id, reason),
        kind=f"{event.kind}.{draft.audience}",
        booking_id=draft.booking_id or _booking_of(event),
        recipient=draft.recipient,
        language=draft.language,
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
        calendar=draft.calendar,
        created_at=clock.now(),
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if not Message.objects.filter(id=message.id).exists():
        return None
    # One recipient's mails about one booking go out in the order in which they were worded.
    lock, priority = f"mail:{event.subject}:{draft.audience}", URGENT if draft.is_urgent else 0
    app.configure_task(DELIVER, lock=lock, priority=priority).defer(
        organization_id=str(event.organization_id), message_id=str(message.id)
    )
    return message.id


def _booking_of(event: Event) -> UUID | str | None:
    """What a mail is about: the booking; of the waiting list's, the hold that is offered, if any; else nothing."""
    is_of_something_else = event.kind.startswith(("waiting.", "reconciliation.", "customer."))
    return event.payload.get("booking") if is_of_something_else else event.subject


def _message_id(organization_id: UUID, reason: str) -> str:
    """The Message-ID header (RFC 5322, 3.6.4), the same for the same reason for ever."""
    digest = hashlib.blake2b(f"{organization_id}:{reason}".encode(), digest_size=16).hexdigest()
    return f"<{digest}@{sending.sender_domain()}>"


def _claim(organization_id: UUID, message_id: UUID) -> Message | None:
    """Take the lease of a queued message; None when there is nothing left to send. Raises RetryLater."""
    with transaction_for(organization_id):
        now = clock.now()
        lease = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
        if not Message.objects.filter(id=message_id, state=MessageState.QUEUED).exists():
            return None
        for message in locking.lock_free_rows(Message, id=message_id):
            message.organization  # noqa: B018 - read here: no query may be needed while sending
            if message.state != MessageState.QUEUED:
                return None
            if message.leased_until and message.leased_until > now:
                raise RetryLater(message.leased_until)
            message.leased_until, message.attempts = now + lease, message.attempts + 1
            message.save(update_fields=["leased_until", "attempts"])
            return message
        raise RetryLater(now + lease)  # somebody is claiming or finishing it at this very moment


def _mark_sent(message: Message) -> None:
    with transaction_for(message.organization_id):
        Message.objects.filter(id=message.id).exclude(state=MessageState.SENT).update(
            state=MessageState.SENT, sent_at=clock.now(), leased_until=None, last_error=""
        )


def _give_up_or_release(message: Message, error: Exception) -> bool:
    """Whether the message is now failed; otherwise the next attempt may claim it."""
    now = clock.now()
    hopeless = sending.is_permanent(error) or now - message.created_at >= GIVE_UP_AFTER
    words = f"{type(error).__name__}: {error}"[:1000]
    with transaction_for(message.organization_id):
        own = Message.objects.filter(id=message.id, state=MessageState.QUEUED, leased_until=message.leased_until)
        state = MessageState.FAILED if hopeless else MessageState.QUEUED
        if not own.update(state=state, leased_until=None, last_error=words):
            return False  # our lease had run out and another attempt is under way: it decides
        if hopeless:
            events.record(
                organization_id=message.organization_id,
                kind="message.failed",
                subject=message.booking_id or message.id,
                payload={
                    "message": str(message.id),
                    "mail": message.kind,
                    "recipient": message.recipient,
                    "attempts": message.attempts,
                    "error": words,
                },
            )
    return hopeless
