"""Where the demo's mail goes: into the database, to be read at /demo/mail."""

from collections.abc import Sequence
from email.header import decode_header, make_header

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from holdfast.core import clock
from holdfast.notifications.models import CaughtMail
from holdfast.notifications.sending import ORGANIZATION_HEADER


class CatchingBackend(BaseEmailBackend):
    """Keeps each mail once, by its Message-ID, as a careful mailbox does; nothing leaves the machine."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Returns how many mails were taken, those it has already included."""
        CaughtMail.objects.bulk_create([_caught(email) for email in email_messages], ignore_conflicts=True)
        return len(email_messages)


def _caught(email: EmailMessage) -> CaughtMail:
    mail = email.message()
    return CaughtMail(
        message_id=str(mail["Message-ID"]).strip(),
        organization_slug=str(mail.get(ORGANIZATION_HEADER, "")),
        sender=str(make_header(decode_header(str(mail["From"]))))[:320],
        recipient=", ".join(email.recipients())[:320],
        subject=str(email.subject)[:250],
        source=mail.as_bytes(),
        caught_at=clock.now(),
    )
