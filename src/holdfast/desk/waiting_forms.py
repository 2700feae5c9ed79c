"""Putting somebody on the waiting list for them, and what to look for in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer
from holdfast.catalog.models import Organization, Resource, Service
from holdfast.core.fields import in_language
from holdfast.desk.forms import REQUIRED
from holdfast.waiting.forms import TimesForm
from holdfast.waiting.models import WaitingState
from holdfast.web.phones import PhoneField


class AddForm(TimesForm):
    """Who waits for what, when."""

    service = forms.ChoiceField(label=_("Service"), error_messages=REQUIRED)
    resource = forms.ChoiceField(label=_("With"), required=False)
    party_size = forms.IntegerField(label=_("People"), min_value=1, max_value=500, initial=1)
    name = forms.CharField(label=_("Name"), max_length=120, error_messages=REQUIRED)
    email = forms.EmailField(label=_("Email"), max_length=254, error_messages=REQUIRED)
    locale = forms.ChoiceField(label=_("Language of the mails"))

    def __init__(self, organization: Organization, sent: Mapping[str, Any] | None = None, **given: Any) -> None:
        super().__init__(sent, initial={"locale": organization.default_language, **given})
        services = [(each.slug, in_language(each.name)) for each in Service.objects.filter(is_active=True)]
        people = Resource.objects.filter(is_public=True, is_active=True)
        languages = [code for code in organization.languages if code in dict(settings.LANGUAGES)]
        for field, choices in (
            ("service", [("", str(_("Choose a service"))), *services]),
            ("resource", [("", str(_("Whoever is free"))), *((each.slug, each.name) for each in people)]),
            ("locale", [(code, get_language_info(code)["name_local"].capitalize()) for code in languages]),
        ):
            self.fields[field].choices = choices  # type: ignore[attr-defined]
        for bound in ("name", "email"):
            self.fields[bound].widget.attrs["autocomplete"] = "off"  # a colleague's own data has no place here
        self.fields["party_size"].widget.attrs["inputmode"] = "numeric"
        self.fields["phone"] = PhoneField(country=organization.country, label=_("Phone"), required=False)
        self.order_fields(
            ["service", "resource", "party_size", "first", "last", "since", "until", "name", "phone", "email", "locale"]
        )

    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(service=given["service"], resource=given["resource"] or None, party_size=given["party_size"] or 1)

    def customer(self) -> Customer:
        given = self.cleaned_data
        return Customer(given["name"], given["email"], given["phone"], given["locale"])


class RemoveForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, error_messages={"required": _("Please say why: it is kept with the entry.")}
    )


@dataclass(frozen=True, slots=True)
class WaitingFilters:
    """What the address asks for; what it cannot mean is left out. Without a state: those who have a place in line."""

    q: str = ""
    state: str = ""
    service: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "WaitingFilters":
        words, state = " ".join(sent.get("q", "").replace("\0", "").split())[:120], sent.get("state", "")
        known = state if state in (*WaitingState.values, "all") else ""
        return cls(q=words, state=known, service=sent.get("service", "").replace("\0", "")[:50])

    def query(self, **changes: str) -> str:
        changed = replace(self, **changes)
        pairs = {"q": changed.q, "state": changed.state, "service": changed.service}
        return "?" + urlencode({name: value for name, value in pairs.items() if value})

    def matches(self) -> Q:
        """All filters but the state."""
        found = Q(service__slug=self.service) if self.service else Q()
        if self.q:
            digits = "".join(letter for letter in self.q if letter.isdecimal()).lstrip("0")
            by_phone = Q(customer_phone__contains=digits) if len(digits) >= 4 else Q(pk=None)
            found &= Q(customer_name__icontains=self.q) | Q(customer_email__icontains=self.q) | by_phone
        return found
