"""The customer's details: who they are, and the service's own questions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.bookings import emergency
from holdfast.bookings.details.answers import LONGEST, check_answers, in_words
from holdfast.bookings.details.attendees import check_attendees
from holdfast.bookings.details.attendees import in_words as in_lines
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.details.forms import attendee_fields, field_of, given_attendees
from holdfast.bookings.stops.fields import ADDRESS, AskedStop, address_fields
from holdfast.catalog.models import Attendees, Organization
from holdfast.core.errors import ValidationError
from holdfast.core.fields import in_language
from holdfast.core.words import is_one_line
from holdfast.web.phones import PhoneField

Question = Mapping[str, Any]

LONGEST_CODE = 40
# A list this short is shown whole; a longer one unfolds.
MOST_RADIOS = 4
ANSWER, ATTENDEE = "answer_", "attendee_"


class CodeForm(forms.Form):
    """A promotion's code. The form that sends it stands beside the page's own, by its id."""

    code = forms.CharField(
        label=gettext_lazy("Promotion code"),
        required=False,
        max_length=LONGEST_CODE,
        widget=forms.TextInput(
            {
                "class": "input",
                "form": "code",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, refused: tuple[str, str]) -> None:
        """`refused`: as `Flow.refused_code` tells it."""
        typed, why = refused
        super().__init__({"code": typed}, auto_id="promotion-%s", label_suffix="", use_required_attribute=False)
        if why:
            self.add_error("code", why)
            self.fields["code"].widget.attrs["autofocus"] = True


class DetailsForm(forms.Form):
    """Name, email, phone, each question as `answer_<key>`, note. `details()` once it is valid."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name", "autocapitalize": "words", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Please give your name.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        help_text=gettext_lazy("The confirmation is sent here."),
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": gettext_lazy("Please give your email address: the confirmation is sent there."),
            "invalid": gettext_lazy("This is not a whole email address, such as name@example.com."),
        },
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        organization: Organization,
        questions: Iterable[Question],
        asked_attendees: str = Attendees.NONE,
        party_size: int = 1,
        is_emergency: bool = False,
        stops: Iterable[AskedStop] = (),
        typed: QueryDict | None = None,
    ) -> None:
        """`typed`: what was typed before, shown as it was and not judged."""
        super().__init__(data, label_suffix="", use_required_attribute=False)
        self._questions, self._party_size = list(questions), party_size
        self._asked_attendees = asked_attendees
        self.fields["phone"] = PhoneField(
            country=organization.country,
            label=_("Phone"),
            required=is_emergency,
            help_text=_("We call you here at once.") if is_emergency else _("Only for questions about this booking."),
            error_messages={"required": _("Please give a number that we can call at once.")},
        )
        self._stops = list(stops)
        self.fields |= address_fields(self._stops)
        self.fields |= attendee_fields(asked_attendees, party_size)
        if is_emergency:
            self.fields["emergency_reason"] = _emergency_reason()
            self.order_fields(["emergency_reason", "phone", "name", "email"])
        for question in self._questions:
            self.fields[ANSWER + question["key"]] = _field(question)
        self.fields["note"] = forms.CharField(
            label=_("Anything we should know"),
            required=False,
            max_length=4000,
            widget=forms.Textarea({"rows": 2}),
        )
        if typed is not None:
            self._show(typed)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not is_one_line(name):
            raise forms.ValidationError(_("Please write it on one line, without invisible characters."))
        return name

    def clean(self) -> dict[str, Any]:
        """Judged by the same rules as everywhere (bookings/details/answers.py, bookings/emergency.py)."""
        self._judge_emergency()
        wrong = {name.removeprefix(ANSWER) for name in self.errors if name.startswith(ANSWER)}
        asked = [question for question in self._questions if question["key"] not in wrong]
        try:
            self._answers = check_answers(asked, self._answered(asked))
        except ValidationError as refused:
            for each in refused.extra["errors"]:
                self.add_error(ANSWER + each["field"].removeprefix("answers."), each["message"])
        self._attendees = given_attendees(self.cleaned_data, self._party_size)
        self._check_attendees()
        return self.cleaned_data

    def _judge_emergency(self) -> None:
        given = self.cleaned_data
        if "emergency_reason" not in self.fields or "phone" not in given:
            return
        found = emergency.problems(type="emergency", phone=given["phone"], reason=given.get("emergency_reason") or "-")
        for each in found:
            self.add_error(each["field"].removeprefix("customer."), each["message"])

    def details(self, *, locale: str, time_zone: str, payment_method: str) -> Details:
        given = self.cleaned_data
        return Details(
            customer=Customer(
                name=given["name"], email=given["email"], phone=given["phone"], locale=locale, time_zone=time_zone
            ),
            answers=self._answers,
            attendees=self._attendees,
            note=given["note"],
            payment_method=payment_method,
            method_is_given=True,
            emergency_reason=given.get("emergency_reason", ""),
        )

    def addresses(self) -> dict[str, str]:
        """By end of the way, what was typed."""
        return {stop.name: self.cleaned_data[ADDRESS + stop.name] for stop in self._stops}

    def given_stops(self) -> list[tuple[str, str]]:
        """(what it is, where it is) in words."""
        said = [
            (stop.label, ", ".join(filter(None, (stop.place, self.addresses()[stop.name])))) for stop in self._stops
        ]
        return [(label, where) for label, where in said if where]

    def given_people(self) -> str:
        """Who comes, a line each."""
        return in_lines(self._attendees)

    def wrong_fields(self) -> list[forms.BoundField]:
        """Those with an error, in the page's order."""
        return [field for field in self if field.errors]

    def given_answers(self) -> list[tuple[str, str]]:
        """(question, answer) in words, of what was answered."""
        words = []
        for question in self._questions:
            answer = self._answers.get(question["key"])
            if answer not in (None, ""):
                said = in_words(question["kind"], question["choices"], answer)
                words.append((in_language(question["label"]), said))
        return words

    def _check_attendees(self) -> None:
        """What a field cannot see alone: an email without a name, a name on two lines."""
        if any(name.startswith(ATTENDEE) for name in self.errors):
            return
        try:
            check_attendees(self._asked_attendees, self._party_size, self._attendees)
        except ValidationError as refused:
            for each in refused.extra["errors"]:
                self.add_error(field_of(each["field"], self.cleaned_data, self._party_size), each["message"])

    def _answered(self, questions: Iterable[Question]) -> dict[str, Any]:
        return {question["key"]: self.cleaned_data.get(ANSWER + question["key"]) for question in questions}

    def _show(self, typed: QueryDict) -> None:
        for name in self.fields:
            if name == "phone":
                self.initial[name] = [typed.get("phone_country", ""), typed.get("phone", "")]
            elif name in typed:
                self.initial[name] = typed[name]


def _field(question: Question) -> forms.Field:
    """A form field for a question; what it takes is judged by `check_answers`, here only that something was said."""
    given: dict[str, Any] = {
        "label": in_language(question["label"]),
        "help_text": in_language(question["hint"]),
        "required": question["is_required"],
        "error_messages": {"required": _("Please answer this."), "invalid_choice": _("Please choose one of the list.")},
    }
    kind = question["kind"]
    if kind == "choice":
        choices = [(each["value"], in_language(each["label"])) for each in question["choices"]]
        if len(choices) <= MOST_RADIOS:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **given)
        return forms.ChoiceField(choices=[("", _("Please choose")), *choices], **given)
    if kind == "yes_no":
        return forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect, **given)
    return forms.CharField(widget=_widget(question), **given)


def _widget(question: Question) -> forms.Widget:
    kind = question["kind"]
    if kind == "number":
        limits = {"min": question["smallest"], "max": question["largest"]}
        attributes = {name: limit for name, limit in limits.items() if limit is not None}
        return forms.TextInput({"inputmode": "numeric", "class": "input-short", "autocomplete": "off"} | attributes)
    if kind == "date":
        return forms.DateInput({"type": "date", "class": "input-short"})
    longest = question["largest"] or LONGEST[kind]
    if kind == "long_text":
        return forms.Textarea({"rows": 3, "data-longest": longest})
    return forms.TextInput({"data-longest": longest, "autocomplete": "off"})


def _emergency_reason() -> forms.Field:
    return forms.CharField(
        label=_("What has happened?"),
        max_length=500,
        help_text=_("Those on duty read this at once."),
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Please say what has happened.")},
    )
