"""What the desk asks for. Times travel as RFC 3339 with an offset, never as a wall clock alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError as InvalidInput
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from holdfast.bookings.availability.extras import chosen_of
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details import extras
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.details.forms import attendee_fields, field_of, given_attendees
from holdfast.bookings.models import BookingType
from holdfast.bookings.stops.fields import AskedStop, address_fields
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.fields import in_language
from holdfast.desk import place_fields, times
from holdfast.web import formats
from holdfast.web.phones import PhoneField

REQUIRED = {"required": _("Please fill this in.")}


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        error_messages={**REQUIRED, "invalid": _("Enter a whole address, such as name@example.com.")},
        widget=forms.EmailInput({"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class MomentField(forms.CharField):
    """An aware datetime from RFC 3339 text with an offset."""

    def clean(self, value: Any) -> datetime:
        moment = clock.read(super().clean(value))
        if moment is None:
            raise InvalidInput(_("Please choose one of the times."), code="invalid")
        return moment


class MoveForm(forms.Form):
    """To when, with whom, why; and which version of the booking was looked at."""

    starts_at = MomentField(max_length=40, error_messages={"required": _("Please choose one of the times.")})
    version = forms.IntegerField(widget=forms.HiddenInput)
    resource = forms.SlugField(required=False, max_length=50)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)


# What begins the names of the fields for extras.
EXTRA = "extra-"


class ReassignForm(forms.Form):
    """Who serves instead of whom, why; and which version of the booking was looked at."""

    resource = forms.SlugField(max_length=50)
    instead_of = forms.SlugField(max_length=50)
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)


class ChangeForm(forms.Form):
    """One step of one booking."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)
    # The agreed fee is owed; the box is there only where there is one.
    charge = forms.BooleanField(required=False)


class WishForm(forms.Form):
    """What is wanted, before when: the fields depend on the service."""

    service = forms.ChoiceField(label=_("Service"))
    type = forms.ChoiceField(label=_("How urgent"), required=False)
    duration = forms.TypedChoiceField(label=_("Duration"), coerce=int)
    party_size = forms.IntegerField(label=_("People"), min_value=1, max_value=500)
    resource = forms.ChoiceField(label=_("With"), required=False)

    def __init__(self, sent: Mapping[str, str], services: Sequence[Service], plan: ServicePlan | None) -> None:
        usual = {"party_size": "1", "duration": str(plan.durations()[0]), **place_fields.usual(plan)} if plan else {}
        given = {name: value for name, value in sent.items() if value}
        super().__init__({**usual, **given} if "service" in given else None)  # nothing asked is nothing wrong
        self._field("service").choices = [
            ("", _("Choose a service")),
            *((each.slug, in_language(each.name)) for each in services),
        ]
        self.plan = plan
        if plan is None:
            for name in ("type", "duration", "party_size", "resource"):
                del self.fields[name]
            return
        self._keep_what_is_open(plan)
        self.fields |= place_fields.place_fields(plan, given)

    def _keep_what_is_open(self, plan: ServicePlan) -> None:
        """A fixed duration and a party of one are not asked for, nor how urgent it is where no emergency is taken."""
        if plan.service["offers_emergency"]:
            self._field("type").choices = [("", _("It can wait")), (BookingType.EMERGENCY, _("Emergency"))]
        else:
            del self.fields["type"]
        durations = plan.durations()
        if len(durations) > 1:
            self._field("duration").choices = [(each, formats.minutes(each)) for each in durations]
        else:
            del self.fields["duration"]
        if int(plan.service["largest_party"]) == 1:
            del self.fields["party_size"]
        else:
            self.fields["party_size"].widget.attrs["inputmode"] = "numeric"
        self._field("resource").choices = resource_choices(plan)
        for each in extras.offered(plan, ()):
            counts = [(count, str(count)) for count in each.counts]
            self.fields[f"{EXTRA}{each.slug}"] = forms.TypedChoiceField(
                label=each.name, choices=counts, coerce=int, required=False, help_text=each.price
            )

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        return field

    def wish(self) -> Wish | None:
        """What was wished, once it is clear; by staff, so at any notice and with any resource."""
        if self.plan is None or not self.is_valid():
            return None
        given = self.cleaned_data
        wish = Wish(
            service=given["service"],
            resource=given.get("resource") or None,
            party_size=given.get("party_size") or 1,
            duration=given.get("duration") or None,
            type=given.get("type") or BookingType.STANDARD,
            extras=chosen_of({name[len(EXTRA) :]: given[name] or 0 for name in given if name.startswith(EXTRA)}),
            by_staff=True,
        )
        return wish.between(place_fields.stops_in(given))


class WhyForm(WishForm):
    """What is wanted, and the time that is asked about, on the business's wall clock."""

    time = forms.DateTimeField(
        label=_("Time"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def wish(self) -> Wish | None:
        wish = super().wish()
        self.fields["time"].required = True  # it is asked for, and nobody is blamed before they could answer
        return wish

    def clean_time(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["time"]
        if moment and not times.in_reach(moment):
            raise forms.ValidationError(self.fields["time"].error_messages["invalid"])
        return moment.replace(tzinfo=None) if moment else None


def resource_choices(plan: ServicePlan, *, empty: object = "") -> list[tuple[str, Any]]:
    """Every resource that may serve, by name."""
    found = {each.slug: each.name for need in plan.needs for each in need.pool}
    named: list[tuple[str, Any]] = sorted(found.items(), key=lambda choice: choice[1].casefold())
    return [("", empty or _("Whoever is free")), *named]


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
