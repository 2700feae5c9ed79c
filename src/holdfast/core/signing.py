"""Signed links that expire: what a mail may carry so that its reader needs no account."""

from datetime import timedelta
from uuid import UUID

from django.core import signing

MANAGE_SALT = "holdfast.manage-booking"
MANAGE_LIFETIME = timedelta(days=400)
ALERT_SALT = "holdfast.acknowledge-alert"
ALERT_LIFETIME = timedelta(days=30)


def manage_token(booking_id: UUID) -> str:
    """The token that lets its bearer see, move and cancel one booking."""
    return signing.dumps(booking_id.hex, salt=MANAGE_SALT, compress=False)


def read_manage_token(token: str) -> UUID | None:
    """The booking a token is for; None when it was altered, made with another key, or is too old."""
    return _read(token, MANAGE_SALT, MANAGE_LIFETIME)


def alert_token(notice_id: UUID) -> str:
    """The token with which somebody who was told of an alert sees it and takes care of it, in their own name."""
    return signing.dumps(notice_id.hex, salt=ALERT_SALT, compress=False)


def read_alert_token(token: str) -> UUID | None:
    """The notice a token is for; None when it was altered, made with another key, or is too old."""
    return _read(token, ALERT_SALT, ALERT_LIFETIME)


def _read(token: str, salt: str, lifetime: timedelta) -> UUID | None:
    try:
        return UUID(hex=signing.loads(token, salt=salt, max_age=lifetime))
    except (signing.BadSignature, ValueError, TypeError):
        return None
