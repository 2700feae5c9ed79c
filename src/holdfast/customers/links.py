"""Signed links of customers' accounts: one to sign in, one to confirm an erasure."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from holdfast.catalog.models import Organization
from holdfast.core.signing import read_token, token_of

SIGN_IN_SALT, ERASURE_SALT = "holdfast.customer-sign-in", "holdfast.customer-erasure"
SIGN_IN_LIFETIME = timedelta(minutes=15)
ERASURE_LIFETIME = timedelta(days=7)


def sign_in_url(organization: Organization, link_id: UUID) -> str:
    """Whether it is still good is in the database; the signature only keeps it from being guessed."""
    token = token_of(link_id, salt=SIGN_IN_SALT)
    return f"{settings.BASE_URL}/{organization.slug}/portal/sign-in/{token}/"


def read_sign_in_token(token: str) -> UUID | None:
    return read_token(token, salt=SIGN_IN_SALT, lifetime=SIGN_IN_LIFETIME)


def erasure_url(organization: Organization, request_id: UUID) -> str:
    token = token_of(request_id, salt=ERASURE_SALT)
    return f"{settings.BASE_URL}/{organization.slug}/portal/erasure/{token}/"


def read_erasure_token(token: str) -> UUID | None:
    return read_token(token, salt=ERASURE_SALT, lifetime=ERASURE_LIFETIME)


def portal_url(organization: Organization, page: str = "") -> str:
    return f"{settings.BASE_URL}/{organization.slug}/portal/{page}"
