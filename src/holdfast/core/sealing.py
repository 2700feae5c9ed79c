"""Secrets at rest: encrypted and authenticated, each organization's and each purpose's under a key of its own.

The keys are derived from the secret key of the installation (HKDF, RFC 5869). When that is changed, the old ones stay
in HOLDFAST_OLD_SECRET_KEYS: they still open, and whatever is sealed again is sealed with the new one.
"""

import base64
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotOpen(Exception):
    """It was altered, belongs to somebody else, or was sealed with a key that is no longer known."""


def seal(secret: str, *, organization_id: UUID, purpose: str) -> str:
    """Text that shows nothing of `secret`, and another one each time."""
    return _box(organization_id, purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, organization_id: UUID, purpose: str) -> str:
    """Raises CannotOpen."""
    try:
        return _box(organization_id, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpen from None


def _box(organization_id: UUID, purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_key(key, f"holdfast {purpose} {organization_id}") for key in keys])


def _key(secret_key: str, info: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info.encode()).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
