"""Signed links that expire: what a mail may carry so that its reader needs no account."""

from datetime import timedelta
from uuid import UUID

from django.core import signing

MANAGE_SALT = "holdfast.manage-booking"
MANAGE_LIFETIME = timedelta(days=400)


def manage_token(booking_id: UUID) -> str:
    """The token that lets its bearer see, move and cancel one booking."""
    return token_of(booking_id, salt=MANAGE_SALT)


def read_manage_token(token: str) -> UUID | None:
    """The booking a token is for; None when it was altered, made with another key, or is too old."""
    return read_token(token, salt=MANAGE_SALT, lifetime=MANAGE_LIFETIME)


def token_of(row_id: UUID, *, salt: str) -> str:
    """A signed token for one row; each purpose has a salt of its own, so that none opens another's door."""
    return signing.dumps(row_id.hex, salt=salt, compress=False)


def read_token(token: str, *, salt: str, lifetime: timedelta) -> UUID | None:
    """The row a token is for; None when it was altered, made with another key or salt, or is too old."""
    try:
        return UUID(hex=signing.loads(token, salt=salt, max_age=lifetime))
    except (signing.BadSignature, ValueError, TypeError):
        return None
