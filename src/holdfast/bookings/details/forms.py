"""Fields that several rooms ask for: the people of a party."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from holdfast.bookings.details.attendees import LONGEST_EMAIL, LONGEST_NAME
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Attendees

NAME, EMAIL = "attendee_name_", "attendee_email_"


def attendee_fields(asked: str, party_size: int) -> dict[str, forms.Field]:
    """A name and an email for each person of the party; nothing where the service does not ask."""
    found: dict[str, forms.Field] = {}
    for number in range(1, party_size + 1) if asked != Attendees.NONE else ():
        found[f"{NAME}{number}"] = forms.CharField(
            label=_("Person %(number)d: name") % {"number": number},
            max_length=LONGEST_NAME,
            required=asked == Attendees.REQUIRED,
            error_messages={"required": _("Please give a name.")},
            widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}),
        )
        found[f"{EMAIL}{number}"] = forms.EmailField(
            label=_("Person %(number)d: email") % {"number": number},
            max_length=LONGEST_EMAIL,
            required=False,
            error_messages={"invalid": _("This is not a whole email address, such as name@example.com.")},
            widget=forms.EmailInput({"autocomplete": "off", "inputmode": "email"}),
        )
    return found


def given_attendees(given: Mapping[str, Any], party_size: int) -> list[dict[str, str]]:
    """The people that were named; a row that was left empty is nobody."""
    rows = (
        {"name": str(given.get(f"{NAME}{number}") or ""), "email": str(given.get(f"{EMAIL}{number}") or "")}
        for number in range(1, party_size + 1)
    )
    return [row for row in rows if row["name"] or row["email"]]


def field_of(error: str, given: Mapping[str, Any], party_size: int) -> str | None:
    """Which field of the form `attendees.<number>.<part>` means: the numbers there skip empty rows."""
    _attendees, _dot, rest = error.partition(".")
    if not rest:
        return None
    number, part = rest.split(".")
    filled = [each for each in range(1, party_size + 1) if given.get(f"{NAME}{each}") or given.get(f"{EMAIL}{each}")]
    return f"{NAME if part == 'name' else EMAIL}{filled[int(number)]}"


class AttendeesForm(forms.Form):
    """Who comes, to be changed later, by the customer or by staff; and which version of the booking was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, sent: Mapping[str, Any] | None, *, booking: Booking) -> None:
        named = {f"{NAME}{number}": each["name"] for number, each in enumerate(booking.attendees, 1)}
        mailed = {f"{EMAIL}{number}": each["email"] for number, each in enumerate(booking.attendees, 1)}
        initial = {**named, **mailed, "version": booking.version}
        super().__init__(sent, initial=initial, label_suffix="", use_required_attribute=False)
        self._party_size = booking.party_size
        self.fields |= attendee_fields(booking.service.attendees, booking.party_size)

    def attendees(self) -> list[dict[str, str]]:
        return given_attendees(self.cleaned_data, self._party_size)

    def refuse(self, errors: Iterable[Mapping[str, str]]) -> None:
        """Put a refusal's errors at their fields."""
        for error in errors:
            self.add_error(field_of(error["field"], self.cleaned_data, self._party_size), error["message"])
