"""From a worded message to a mail on the wire. No database here, and no transaction may be open."""

import contextlib
from datetime import datetime, timedelta
from email.mime.text import MIMEText
from email.utils import formataddr, parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused
from urllib.parse import urlsplit

from anymail.exceptions import AnymailInvalidAddress, AnymailRecipientsRefused
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives, SafeMIMEText
from django.db import connection as database

from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.notifications.models import Message

# What handing over may still take once connected: four answers of EMAIL_TIMEOUT seconds each.
HANDING_OVER = timedelta(seconds=80)
ORGANIZATION_HEADER = "X-Holdfast-Organization"


class TooSlow(HoldfastError):
    """Connecting took so long that the lease might run out while sending; nothing was sent."""


def send(message: Message, organization: Organization, *, before: datetime) -> None:
    """Hand a message to the mail server. Raises what the backend raises, and TooSlow.

    Handing over begins only while it is sure to end `before` the moment the lease runs out.
    """
    if database.in_atomic_block:
        raise RuntimeError("a mail is never sent inside a transaction")
    email = email_of(message, organization)
    server = mail.get_connection()
    server.open()
    try:
        if clock.now() + HANDING_OVER > before:
            raise TooSlow
        server.send_messages([email])
    finally:
        # The mail is accepted or not by now; a server that hangs up badly must not make us send it twice.
        with contextlib.suppress(Exception):
            server.close()


def email_of(message: Message, organization: Organization) -> EmailMultiAlternatives:
    """The mail from the business's name, answered to the business's own address."""
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=formataddr((organization.name, sender_address())),
        to=[message.recipient],
        reply_to=[formataddr((organization.name, organization.email))],
        headers={
            "Message-ID": message.message_id,
            # Mails of one booking stand together, whoever wrote the first.
            **({"References": f"<booking-{message.booking_id}@{sender_domain()}>"} if message.booking_id else {}),
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            ORGANIZATION_HEADER: organization.slug,
        },
    )
    email.attach_alternative(message.html, "text/html")
    if message.calendar:
        email.attach(_calendar_part(message.calendar))
    return email


def _calendar_part(calendar: str) -> MIMEText:
    """An attachment that mail programs know for what it is; the method is told outside too (RFC 6047, 2.4)."""
    method = next(line for line in calendar.splitlines() if line.startswith("METHOD:")).removeprefix("METHOD:")
    part = SafeMIMEText(calendar, "calendar", "utf-8")
    part.set_param("method", method)
    part.set_param("name", "booking.ics")
    part["Content-Disposition"] = 'attachment; filename="booking.ics"'
    return part


def sender_address() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def sender_domain() -> str:
    return sender_address().rpartition("@")[2] or urlsplit(settings.BASE_URL).hostname or "localhost"


def is_permanent(error: Exception) -> bool:
    """Whether trying again cannot help: the address or the mail itself was refused for good (5xx)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, AnymailRecipientsRefused | AnymailInvalidAddress)
