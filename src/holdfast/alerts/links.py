"""The signed link with which somebody who was told of an alert sees it and takes care of it, in their own name."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from holdfast.core.signing import read_token, token_of

SALT, LIFETIME = "holdfast.acknowledge-alert", timedelta(days=30)


def alert_url(organization_slug: str, notice_id: UUID) -> str:
    """The page for one who was told."""
    return f"{settings.BASE_URL}/{organization_slug}/alerts/{token_of(notice_id, salt=SALT)}/"


def read_alert_token(token: str) -> UUID | None:
    """The notice a token is for; None when it was altered, made with another key, or is too old."""
    return read_token(token, salt=SALT, lifetime=LIFETIME)
