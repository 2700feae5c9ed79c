"""What the desk asks for. Times travel as RFC 3339 with an offset, never as a wall clock alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError as InvalidInput
from django.utils.translation import gettext_lazy as _

from holdfast.bookings.availability.extras import chosen_of
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details import extras
from holdfast.bookings.models import BookingType
from holdfast.catalog.models import Service
from holdfast.core import clock
from holdfast.core.fields import in_language
from holdfast.desk import place_fields, times
from holdfast.web import formats

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
