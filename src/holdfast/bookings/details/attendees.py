"""The people of a party: a name each, an email if they like; as many as the service asks for and the party has."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError as InvalidInput
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from holdfast.catalog.models import Attendees
from holdfast.core.errors import ValidationError
from holdfast.core.words import is_one_line

LONGEST_NAME, LONGEST_EMAIL = 120, 254
Sent = Sequence[Mapping[str, Any]]


def check_attendees(asked: str, party_size: int, sent: Sent) -> list[dict[str, str]]:
    """The attendees as they are kept; `asked` is the service's `attendees`.

    Raises ValidationError naming `attendees`, or every `attendees.<number>.name` and `.email` that does not fit.
    """
    if asked == Attendees.NONE and sent:
        raise ValidationError(errors=[{"field": "attendees", "message": _("was not asked")}])
    if len(sent) > party_size:
        message = _("at most as many as the party has: %(most)d") % {"most": party_size}
        raise ValidationError(errors=[{"field": "attendees", "message": message}])
    if asked == Attendees.REQUIRED and len(sent) < party_size:
        message = _("one for each of the party: %(number)d") % {"number": party_size}
        raise ValidationError(errors=[{"field": "attendees", "message": message}])
    checked, errors = [], []
    for number, each in enumerate(sent):
        person = {name: str(each.get(name) or "").strip() for name in ("name", "email")}
        checked.append(person)
        problems = {"name": _name_problem(person["name"]), "email": _email_problem(person["email"])}
        errors += [
            {"field": f"attendees.{number}.{name}", "message": message} for name, message in problems.items() if message
        ]
    if errors:
        raise ValidationError(errors=errors)
    return checked


def in_words(attendees: Sent) -> str:
    """A line for each: the name, and the email in brackets."""
    return "\n".join(f"{each['name']} ({each['email']})" if each["email"] else each["name"] for each in attendees)


def _name_problem(name: str) -> str:
    if not name:
        return _("Please give a name.")
    if len(name) > LONGEST_NAME:
        return _("Please use at most %(most)d characters.") % {"most": LONGEST_NAME}
    return "" if is_one_line(name) else _("Please write it on one line, without invisible characters.")


def _email_problem(email: str) -> str:
    if not email:
        return ""
    try:
        validate_email(email)
    except InvalidInput:
        return _("This is not a whole email address, such as name@example.com.")
    return "" if len(email) <= LONGEST_EMAIL else _("Please use at most %(most)d characters.") % {"most": LONGEST_EMAIL}
