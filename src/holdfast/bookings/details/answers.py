"""Answers to a service's own questions: typed, complete, and nothing that was not asked."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from holdfast.core.errors import ValidationError
from holdfast.core.fields import in_language
from holdfast.web import formats

Question = Mapping[str, Any]
LONGEST = {"text": 200, "long_text": 4000}


def check_answers(questions: Iterable[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers in their types. Raises ValidationError naming every field `answers.<key>` that does not fit."""
    asked = {question["key"]: question for question in questions}
    checked: dict[str, Any] = {}
    errors = [{"field": f"answers.{key}", "message": _("was not asked")} for key in answers if key not in asked]
    for key, question in asked.items():
        try:
            value = _check(question, answers.get(key))
        except ValueError as error:
            errors.append({"field": f"answers.{key}", "message": str(error)})
        else:
            if value is not None:
                checked[key] = value
    if errors:
        raise ValidationError(errors=errors)
    return checked


def in_words(kind: str, choices: Iterable[Mapping[str, Any]], answer: Any) -> str:
    """A stored answer as people read it; one that was given before its question changed, as it was given."""
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    if kind == "choice":
        return next((in_language(each["label"]) for each in choices if each["value"] == answer), str(answer))
    try:
        return formats.day(date.fromisoformat(answer)) if kind == "date" else str(answer)
    except (TypeError, ValueError):
        return str(answer)


def _check(question: Question, value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        if question["is_required"]:
            raise ValueError(_("Please answer this."))
        return None
    return _CHECKS[question["kind"]](question, value)


def _text(question: Question, value: Any) -> str:
    most = question["largest"] or LONGEST[question["kind"]]
    if not isinstance(value, str):
        raise ValueError(_("Please answer with text."))  # noqa: TRY004 - an answer, not a programming error
    if len(value) > most:
        raise ValueError(_("Please use at most %(most)d characters.") % {"most": most})
    return value


def _number(question: Question, value: Any) -> int:
    try:
        number = int(str(value))
    except (TypeError, ValueError):
        raise ValueError(_("Please answer with a whole number.")) from None
    smallest, largest = question["smallest"], question["largest"]
    if smallest is not None and number < smallest:
        raise ValueError(_("Please answer with %(least)d or more.") % {"least": smallest})
    if largest is not None and number > largest:
        raise ValueError(_("Please answer with %(most)d or less.") % {"most": largest})
    return number


def _choice(question: Question, value: Any) -> str:
    if value not in [choice["value"] for choice in question["choices"]]:
        raise ValueError(_("Please choose one of the list."))
    return str(value)


def _yes_no(_question: Question, value: Any) -> bool:
    if value in (True, "true", "yes", "on"):
        return True
    if value in (False, "false", "no"):
        return False
    raise ValueError(_("Please answer yes or no."))


def _date(_question: Question, value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError(_("Please answer with a date.")) from None


_CHECKS: dict[str, Callable[[Question, Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "choice": _choice,
    "yes_no": _yes_no,
    "date": _date,
}
