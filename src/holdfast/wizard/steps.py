"""The steps of the way, for the progress at the top of each page."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from holdfast.bookings.models import Booking, BookingType
from holdfast.catalog.models import Organization
from holdfast.catalog.queries import team_members
from holdfast.wizard.selection import Selection

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAMES: "dict[str, StrOrPromise]" = {
    "service": pgettext_lazy("step", "Service"),
    "team": pgettext_lazy("step", "Team member"),
    "time": pgettext_lazy("step", "Date and time"),
    "repeat": pgettext_lazy("step", "Repeat"),
    "details": pgettext_lazy("step", "Details"),
    "payment": pgettext_lazy("step", "Payment"),
    "confirmation": pgettext_lazy("step", "Confirmation"),
}

# Where the service lets its customer choose: somebody, and how often. Both have an answer before they are asked.
OPTIONAL = frozenset({"team", "repeat"})


@dataclass(frozen=True, slots=True)
class Step:
    """`state` is done, current or open; only what is done leads back, by `url`."""

    name: str
    state: str
    url: str = ""


def steps(
    organization: Organization,
    current: str,
    selection: Selection,
    *,
    optional: Collection[str] = (),
    made: bool = False,
) -> list[Step]:
    """All steps, of the `OPTIONAL` ones those named; when the booking is `made`, none leads back."""
    order = [name for name in NAMES if name in optional or name not in OPTIONAL]
    here = order.index(current)
    made = made or current == "confirmation"
    found = []
    for number, key in enumerate(order):
        state = "current" if number == here else ("done" if number < here else "open")
        url = _url(organization, key, selection) if state == "done" and not made else ""
        found.append(Step(str(NAMES[key]), state, url))
    return found


def steps_of(organization: Organization, current: str, booking: Booking) -> list[Step]:
    """The same steps once the booking is made, as its customer met them. Inside the tenant's transaction."""
    repeats = booking.service.allows_series and booking.type != BookingType.EMERGENCY
    asked = {"team": bool(team_members(booking.service)), "repeat": repeats}
    optional = [name for name, is_asked in asked.items() if is_asked]
    return steps(organization, current, Selection(), optional=optional, made=True)


def _url(organization: Organization, key: str, selection: Selection) -> str:
    if key == "service":
        return reverse("wizard:choose", args=[organization.slug])
    name = "wizard:choose" if key == "time" else f"wizard:{key}"
    return reverse(name, args=[organization.slug]) + selection.query()
