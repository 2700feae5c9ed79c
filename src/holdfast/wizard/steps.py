"""The steps of the way, for the progress at the top of each page."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from holdfast.bookings.models import Booking, BookingType
from holdfast.catalog.models import Organization
from holdfast.wizard.selection import Selection

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAMES: "dict[str, StrOrPromise]" = {
    "service": pgettext_lazy("step", "Service"),
    "time": pgettext_lazy("step", "Date and time"),
    "repeat": pgettext_lazy("step", "Repeat"),
    "details": pgettext_lazy("step", "Details"),
    "payment": pgettext_lazy("step", "Payment"),
    "confirmation": pgettext_lazy("step", "Confirmation"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """`state` is done, current or open; only what is done leads back, by `url`."""

    name: str
    state: str
    url: str = ""


def steps(
    organization: Organization, current: str, selection: Selection, *, repeats: bool = False, made: bool = False
) -> list[Step]:
    """All steps, "Repeat" only where the service may be repeated; when the booking is `made`, none leads back."""
    order = [name for name in NAMES if repeats or name != "repeat"]
    here = order.index(current)
    made = made or current == "confirmation"
    found = []
    for number, key in enumerate(order):
        state = "current" if number == here else ("done" if number < here else "open")
        url = _url(organization, key, selection) if state == "done" and not made else ""
        found.append(Step(str(NAMES[key]), state, url))
    return found


def steps_of(organization: Organization, current: str, booking: Booking) -> list[Step]:
    """The same steps once the booking is made: those that its customer was led through."""
    repeats = booking.service.allows_series and booking.type != BookingType.EMERGENCY
    return steps(organization, current, Selection(), repeats=repeats, made=True)


def _url(organization: Organization, key: str, selection: Selection) -> str:
    if key == "service":
        return reverse("wizard:choose", args=[organization.slug])
    name = "wizard:choose" if key == "time" else f"wizard:{key}"
    return reverse(name, args=[organization.slug]) + selection.query()
