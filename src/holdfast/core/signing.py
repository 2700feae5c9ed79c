"""Signed links that expire: what a mail may carry so that its reader needs no account."""

from datetime import timedelta
from uuid import UUID

from django.core import signing

MANAGE_SALT = "holdfast.manage-booking"
MANAGE_LIFETIME = timedelta(days=400)


def manage_token(booking_id: UUID) -> str:
    """The token that lets its bearer see, move and cancel one booking."""
    return signing.dumps(booking_id.hex, salt=MANAGE_SALT, compress=False)


def read_manage_token(token: str) -> UUID | None:
    """The booking a token is for; None when it was altered, made with another key, or is too old."""
    try:
        return UUID(hex=signing.loads(token, salt=MANAGE_SALT, max_age=MANAGE_LIFETIME))
    except (signing.BadSignature, ValueError, TypeError):
        return None
