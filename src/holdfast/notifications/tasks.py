"""Jobs of notifications."""

from datetime import timedelta
from uuid import UUID

from procrastinate import JobContext
from procrastinate.contrib.django import app

from holdfast.catalog.queries import organization_ids
from holdfast.core import clock
from holdfast.core.jobs import Backoff
from holdfast.notifications import actions


@app.task(name="notifications.send_booking_mail", queue="mail", retry=Backoff())
def send_booking_mail(organization_id: str, event_id: int) -> None:
    """Word the mails of an event; each is then sent by a job of its own."""
    actions.compose_messages(organization_id=UUID(organization_id), event_id=event_id)


@app.task(name=actions.DELIVER, queue="mail", retry=Backoff())
def deliver_message(organization_id: str, message_id: str) -> None:
    """Send one worded mail."""
    actions.deliver_message(organization_id=UUID(organization_id), message_id=UUID(message_id))


def forget_mails_about_accounts(context: JobContext, timestamp: int) -> None:
    """Periodic: links to sign in are soon of no use, and the answer to an erasure is the last that names who."""
    for organization_id in organization_ids():
        actions.forget_mails_about_accounts(organization_id=organization_id, before=clock.now() - timedelta(days=30))
