"""The signed links of the waiting list: one for a place in the line, one for an offer."""

from datetime import timedelta
from uuid import UUID

from holdfast.core.signing import read_token, token_of

ENTRY_SALT, OFFER_SALT = "holdfast.waiting-entry", "holdfast.waiting-offer"
# Whoever follows an old link is told what became of it; whether an offer stands is in the database.
LIFETIME = timedelta(days=400)


def entry_token(entry_id: UUID) -> str:
    """Lets its bearer see one entry and leave the list."""
    return token_of(entry_id, salt=ENTRY_SALT)


def read_entry_token(token: str) -> UUID | None:
    return read_token(token, salt=ENTRY_SALT, lifetime=LIFETIME)


def offer_token(offer_id: UUID) -> str:
    """Lets its bearer book or decline one offered time while it is kept."""
    return token_of(offer_id, salt=OFFER_SALT)


def read_offer_token(token: str) -> UUID | None:
    return read_token(token, salt=OFFER_SALT, lifetime=LIFETIME)
