"""Model fields that PostgreSQL has and Django lacks, and text in several languages."""

from typing import Any

from django.db import models
from django.utils.translation import get_language


def in_language(texts: dict[str, str] | None, language: str | None = None) -> str:
    """The text for `language` (default: the active one), else English, else whichever there is."""
    texts = texts or {}
    wanted = (language or get_language() or "en").split("-")[0]
    return texts.get(wanted) or texts.get("en") or next((text for text in texts.values() if text), "")


class LocalizedField(models.JSONField):
    """Text in several languages, stored as `{"en": "...", "fr": "..."}`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)


class TransactionIdField(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's `xid8`: the 64-bit id of the transaction that wrote a row."""

    def db_type(self, connection: Any) -> str:
        return "xid8"
