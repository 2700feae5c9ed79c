"""Where from and where to, in the desk's forms: a named place, or coordinates; the address comes with the details."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.stops.stop import LONGEST_PLACE, Stop, place_of, said_in_a_word
from holdfast.bookings.stops.telling import label_of
from holdfast.core.fields import in_language

ELSEWHERE, TYPED = "elsewhere", "_at"
NAMES = ("pickup", "dropoff", f"pickup{TYPED}", f"dropoff{TYPED}")


def usual(plan: ServicePlan) -> dict[str, str]:
    """What is chosen before anybody chooses."""
    geography = plan.geography
    return {"pickup": geography.usual_pickup, "dropoff": geography.usual_dropoff} if plan.terms.is_of_way else {}


def place_fields(plan: ServicePlan, given: Mapping[str, Any]) -> dict[str, forms.Field]:
    """For each end of the way, where prices ask for it; coordinates where no place of the list is meant."""
    found: dict[str, forms.Field] = {}
    if not plan.terms.is_of_way:
        return found
    geography = plan.geography
    places = [(slug, in_language(dict(each.name))) for slug, each in geography.places.items()]
    for end in geography.ends:
        label = label_of(end, geography.asks)
        choices = [("", _("Please choose")), *places, (ELSEWHERE, _("Elsewhere"))]
        found[end] = forms.ChoiceField(label=label, choices=choices, required=False)
        if given.get(end) == ELSEWHERE:
            found[end + TYPED] = _coordinates(plan, label)
    return found


def stops_in(given: Mapping[str, Any]) -> dict[str, Stop | None]:
    """By end, as the wish has them."""
    chosen = {end: given.get(end) or "" for end in ("pickup", "dropoff")}
    return {end: said_in_a_word(given.get(end + TYPED) if slug == ELSEWHERE else slug) for end, slug in chosen.items()}


def _coordinates(plan: ServicePlan, label: str) -> forms.Field:
    field = forms.CharField(
        label=_("%(end)s: latitude and longitude") % {"end": label}, required=False, max_length=LONGEST_PLACE,
        help_text=_("Such as 48.8566, 2.3522. Addresses are not looked up."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip

    def known(text: str) -> None:
        if place_of(plan.geography, Stop(text.strip())) is None:
            raise forms.ValidationError(_("This is no latitude and longitude. Write it like 48.8566, 2.3522."))

    field.validators.append(known)
    return field
