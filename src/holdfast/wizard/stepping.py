"""What every step with a held time shows: the summary beside it, the progress above it, the ways back."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.catalog.pages import zone_of
from holdfast.core import clock
from holdfast.series import repeat_page
from holdfast.series.choices import Choices
from holdfast.wizard import ways
from holdfast.wizard.flow import Flow
from holdfast.wizard.steps import steps
from holdfast.wizard.summary import summary


def step_context(
    request: HttpRequest, organization: Organization, flow: Flow, held: Booking, name: str
) -> dict[str, Any]:
    """Inside the tenant's transaction."""
    series = series_of(organization, flow, held) if name != "repeat" else None
    return {
        "organization": organization,
        "held": held,
        "now": clock.now(),
        "series": series,
        "series_dates": _booked_dates(series) if series else [],
        "amount": series["total"]["amount"] if series else held.price_amount,
        "summary": summary(organization, held, zone_of(request)),
        "times_url": reverse("wizard:choose", args=[organization.slug]) + flow.selection.query(),
        "repeat_url": reverse("wizard:repeat", args=[organization.slug]) + flow.selection.query(),
        "details_url": reverse("wizard:details", args=[organization.slug]) + flow.selection.query(),
        "keep_url": reverse("wizard:keep", args=[organization.slug]),
        "step": name,
        "steps": steps(organization, name, flow.selection, optional=ways.optional_steps(organization, flow.selection)),
    }


def _booked_dates(series: dict[str, Any]) -> list[datetime]:
    """What would be booked, in the order of the calendar: a date may have been moved before another."""
    return sorted(datetime.fromisoformat(each["starts_at"]) for each in series["dates"] if each["status"] == "ok")


def series_of(organization: Organization, flow: Flow, held: Booking) -> dict[str, Any] | None:
    """The preview of what is to be repeated, None where it is booked once."""
    if not flow.series or not ways.repeats(organization, flow.selection):
        return None
    choices = Choices.of(flow.series)
    shown = repeat_page.context(organization, flow.selection.wish(), held.starts_at, choices, hold=held)
    return shown.get("preview")
