"""Fields for the addresses of a way: the place is chosen with the time, the door is said with the details."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.stops.stop import LONGEST_ADDRESS, Stop, document_of, words
from holdfast.bookings.stops.telling import label_of
from holdfast.core.words import is_one_line

ADDRESS = "address_"


@dataclass(frozen=True, slots=True)
class AskedStop:
    """An end of the way that a service asks for: its `place` in words, "" where none was chosen."""

    name: str
    label: str
    place: str = ""


def asked_stops(plan: ServicePlan, wish: Wish) -> list[AskedStop]:
    geography = plan.geography
    return [
        AskedStop(name, label_of(name, geography.asks), words(document_of(geography, wish.stops[name])))
        for name in geography.ends
    ]


def address_fields(stops: Iterable[AskedStop]) -> dict[str, forms.Field]:
    """Needed where no place was chosen."""
    return {ADDRESS + stop.name: _field(stop) for stop in stops}


def typed(sent: Mapping[str, Any]) -> dict[str, str]:
    """What these fields say, once they are found right."""
    return {name: str(sent.get(ADDRESS + name) or "").strip()[:LONGEST_ADDRESS] for name in ("pickup", "dropoff")}


def with_addresses(wish: Wish, addresses: Mapping[str, str]) -> Wish:
    """The places that were chosen, each with the address that was typed."""
    stops: dict[str, Stop | None] = {}
    for name, stop in wish.stops.items():
        address = addresses.get(name, "")
        stops[name] = replace(stop or Stop(), address=address) if address else stop
    return wish.between(stops)


def _field(stop: AskedStop) -> forms.Field:
    label = _("%(end)s: address") % {"end": stop.label}
    hint = _("%(place)s: street and number, terminal or door.") % {"place": stop.place} if stop.place else ""
    field = forms.CharField(
        label=label, help_text=hint, required=not stop.place, max_length=LONGEST_ADDRESS,
        widget=forms.TextInput({"autocomplete": "off"}), error_messages={"required": _("Please say where.")},
    )  # fmt: skip
    field.validators.append(_one_line)
    return field


def _one_line(text: str) -> None:
    if not is_one_line(text):
        raise forms.ValidationError(_("Please write the address on one line, without invisible characters."))
