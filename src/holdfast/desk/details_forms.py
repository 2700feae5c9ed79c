"""Whom a new booking is for, as the desk asks for it: the customer, the service's own questions, who comes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.details.forms import attendee_fields, field_of, given_attendees
from holdfast.bookings.stops.fields import AskedStop, address_fields
from holdfast.catalog.models import Organization
from holdfast.core.fields import in_language
from holdfast.desk.forms import REQUIRED
from holdfast.web.phones import PhoneField


class DetailsForm(forms.Form):
    """Who it is for, and the service's own questions as `answers.<key>`."""

    name = forms.CharField(label=_("Name"), max_length=120, error_messages=REQUIRED)
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("The confirmation goes here."),
        error_messages={**REQUIRED, "invalid": _("Enter a whole address, such as name@example.com.")},
    )
    locale = forms.ChoiceField(label=_("Language of the mails"))
    note = forms.CharField(
        label=_("What the customer said"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self,
        organization: Organization,
        plan: ServicePlan,
        sent: Mapping[str, Any] | None = None,
        *,
        is_emergency: bool = False,
        party_size: int = 1,
        stops: Iterable[AskedStop] = (),
    ) -> None:
        super().__init__(sent, initial={"locale": organization.default_language})
        for bound in ("name", "email"):
            self.fields[bound].widget.attrs["autocomplete"] = "off"  # a colleague's own data has no place here
        languages = [code for code in organization.languages if code in dict(settings.LANGUAGES)]
        choices = [(code, get_language_info(code)["name_local"].capitalize()) for code in languages]
        locale = self.fields["locale"]
        assert isinstance(locale, forms.ChoiceField)  # noqa: S101 - declared above
        locale.choices = choices
        phone = PhoneField(
            country=organization.country, label=_("Phone"), required=is_emergency, error_messages=REQUIRED
        )
        self.fields["phone"] = phone
        if is_emergency:
            self.fields["emergency_reason"] = forms.CharField(
                label=_("What has happened?"),
                max_length=500,
                help_text=_("Those on duty are alerted with it at once."),
                widget=forms.Textarea({"rows": 2}),
                error_messages=REQUIRED,
            )
        self.questions = {f"answers.{question['key']}": question for question in plan.questions}
        self.fields |= {name: question_field(question) for name, question in self.questions.items()}
        self._party_size = party_size
        people = attendee_fields(plan.service["attendees"], party_size)
        self.fields |= people
        doors = {name: _not_required(field) for name, field in address_fields(stops).items()}
        self.fields |= doors
        first = ["emergency_reason", "name", "phone", "email", "locale"]
        self.order_fields([*first, *doors, *people, *self.questions, "note"])

    def customer(self) -> Customer | None:
        """Who it is for, as soon as there is an address to know them by."""
        given = self.cleaned_data if self.is_bound and self.errors is not None else {}
        if not given.get("email"):
            return None
        known = {name: given.get(name) or "" for name in ("name", "phone", "locale")}
        return Customer(email=given["email"], **known)

    def not_yet_judged(self) -> "DetailsForm":
        """The same with all that was typed and nothing marked: something else is asked first."""
        self.errors.clear()
        return self

    def details(self) -> Details:
        given = self.cleaned_data
        answers = {
            str(question["key"]): _plain(given[name])
            for name, question in self.questions.items()
            if given.get(name) not in (None, "")
        }
        customer = Customer(name=given["name"], email=given["email"], phone=given["phone"], locale=given["locale"])
        return Details(
            customer=customer,
            answers=answers,
            attendees=given_attendees(given, self._party_size),
            note=given["note"],
            emergency_reason=given.get("emergency_reason", ""),
        )

    def refuse(self, errors: Sequence[Mapping[str, str]]) -> None:
        """Put a refusal's errors at their fields."""
        for error in errors:
            name: str | None = error["field"].removeprefix("customer.")
            if error["field"].startswith("attendees"):
                name = field_of(error["field"], self.cleaned_data, self._party_size)
            self.add_error(name if name in self.fields else None, error["message"])


def question_field(question: Mapping[str, Any]) -> forms.Field:
    """The field of one of a service's own questions; `bookings/details/answers.py` has the last word on the answer."""
    base: dict[str, Any] = {
        "label": in_language(question["label"]),
        "help_text": in_language(question["hint"]),
        "required": question["is_required"],
        "error_messages": REQUIRED,
    }
    smallest, largest = question["smallest"], question["largest"]
    match question["kind"]:
        case "number":
            return forms.IntegerField(**base, min_value=smallest, max_value=largest)
        case "choice":
            choices = [(each["value"], in_language(each["label"])) for each in question["choices"]]
            return forms.ChoiceField(**base, choices=[("", _("Please choose")), *choices])
        case "yes_no":
            return forms.ChoiceField(**base, choices=[("", _("Please choose")), ("yes", _("Yes")), ("no", _("No"))])
        case "date":
            return forms.DateField(**base, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        case "long_text":
            return forms.CharField(**base, max_length=largest or 4000, widget=forms.Textarea({"rows": 3}))
    return forms.CharField(**base, max_length=largest or 200)


def _not_required(field: forms.Field) -> forms.Field:
    """Staff may leave it open: it can be asked for later."""
    field.required = False
    return field


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
