"""What is wrong with a field that was sent, in the reader's language: pydantic speaks English only."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# By the type of the error (https://docs.pydantic.dev/latest/errors/validation_errors/), with what it says besides.
WORDS: dict[str, str | Promise] = {
    "missing": gettext_lazy("is needed"),
    "extra_forbidden": gettext_lazy("is not known here"),
    "string_too_long": gettext_lazy("at most %(max_length)s characters"),
    "string_too_short": gettext_lazy("at least %(min_length)s characters"),
    "string_pattern_mismatch": gettext_lazy("does not look as it should: %(pattern)s"),
    "too_long": gettext_lazy("at most %(max_length)s of them"),
    "too_short": gettext_lazy("at least %(min_length)s of them"),
    "greater_than": gettext_lazy("more than %(gt)s"),
    "greater_than_equal": gettext_lazy("%(ge)s or more"),
    "less_than": gettext_lazy("less than %(lt)s"),
    "less_than_equal": gettext_lazy("%(le)s or less"),
    "literal_error": gettext_lazy("one of %(expected)s"),
    "enum": gettext_lazy("one of %(expected)s"),
}
# By the beginning of the type.
KINDS: dict[str, str | Promise] = {
    "string": gettext_lazy("a text"),
    "int": gettext_lazy("a whole number"),
    "float": gettext_lazy("a number"),
    "decimal": gettext_lazy("a number"),
    "bool": gettext_lazy("true or false"),
    "uuid": gettext_lazy("an id such as 0192f1a0-7c3e-7b1a-8f00-2d1c5e9a4b10"),
    "datetime": gettext_lazy("a moment such as 2026-03-29T10:00:00+02:00"),
    "timezone": gettext_lazy("a moment such as 2026-03-29T10:00:00+02:00"),
    "date": gettext_lazy("a date such as 2026-03-29"),
    "time": gettext_lazy("a time such as 09:30"),
    "list": gettext_lazy("a list"),
    "dict": gettext_lazy("an object"),
    "model": gettext_lazy("an object"),
}
EMAIL = "value is not a valid email address"


def said(error: dict[str, Any]) -> str:
    """An error of pydantic's in words; what a check of ours said stays as it is."""
    kind, message = str(error["type"]), str(error["msg"]).removeprefix("Value error, ")
    if kind in ("value_error", "assertion_error"):
        return _("This is not an email address.") if message.startswith(EMAIL) else message
    words = WORDS.get(kind) or KINDS.get(kind.split("_")[0])
    return str(words) % error.get("ctx", {}) if words else _("cannot be used")
