"""Which of some languages somebody asks for."""

from collections.abc import Collection

from django.utils.translation.trans_real import parse_accept_lang_header


def first_spoken(asked: str, languages: Collection[str]) -> str | None:
    """The first of `languages` that an Accept-Language header names, by its weights (RFC 9110, 12.5.4)."""
    codes = (tag.split("-")[0] for tag, weight in parse_accept_lang_header(asked) if weight)
    return next((code for code in codes if code in languages), None)
