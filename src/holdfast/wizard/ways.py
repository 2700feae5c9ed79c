"""Where a customer goes next: the step they may take, or the one before it, with the reason said calmly."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from holdfast.bookings.availability import plan_cache
from holdfast.bookings.errors import LIMITS, ExtraNotAvailable, SlotTaken
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core.errors import HoldfastError, NotFound
from holdfast.core.tenancy import transaction_for
from holdfast.wizard.flow import Flow
from holdfast.wizard.places import NOT_SAID
from holdfast.wizard.selection import Selection


def held_or_way_out(request: HttpRequest, organization: Organization, flow: Flow) -> Booking | HttpResponse:
    """The hold this step needs, made anew if it has run out; else the way to where it can be chosen."""
    try:
        held = flow.held_again()
    except HoldfastError as error:
        return refused(request, organization, flow.selection, error)
    return held or first_a_time(request, organization, flow)


def optional_steps(organization: Organization, selection: Selection) -> frozenset[str]:
    """Those of `steps.OPTIONAL` that the chosen service has."""
    if not selection.service:
        return frozenset()
    with transaction_for(organization.id):
        try:
            plan = plan_cache.plan_for(organization.id, organization.catalog_version, selection.service)
        except NotFound:
            return frozenset()
    repeatable = bool(plan.service["allows_series"]) and not selection.type
    return frozenset(name for name, is_asked in (("team", plan.choosable()), ("repeat", repeatable)) if is_asked)


def repeats(organization: Organization, selection: Selection) -> bool:
    """Whether the customer may repeat it: the service allows it, and it is no emergency."""
    return "repeat" in optional_steps(organization, selection)


def first_a_time(request: HttpRequest, organization: Organization, flow: Flow) -> HttpResponse:
    """Nothing is chosen: either all is booked already, or a step was skipped."""
    asked = Selection.read(request.GET)
    if flow.has_just_booked(asked):
        return confirmed(organization, flow.latest)
    messages.info(request, _("Choose a time first; the next steps follow."))
    return back_to_times(organization, asked)


def first_the_details(request: HttpRequest, organization: Organization, flow: Flow) -> HttpResponse:
    messages.info(request, _("A few details first, then you see what it costs."))
    return to("details", organization, flow.selection)


def say_what_changed(request: HttpRequest) -> None:
    """Another page of this browser has chosen something else: what follows is of that."""
    messages.info(request, _("Your choice has changed in the meantime. This is what you would book now."))


def refused(
    request: HttpRequest, organization: Organization, selection: Selection, error: HoldfastError
) -> HttpResponse:
    """A time that cannot be had leads to those that can; the reason is said there."""
    if isinstance(error, ExtraNotAvailable):
        return back_to_times(organization, selection, lost=selection.at, why=error.code)
    if isinstance(error, SlotTaken):
        return back_to_times(organization, selection, lost=selection.at)
    if isinstance(error, LIMITS):
        return back_to_times(organization, selection, lost=selection.at, why=error.code)
    if any(each["field"] in selection.places for each in error.extra.get("errors", ())):
        return back_to_times(organization, selection, why=NOT_SAID)  # said at the fields
    said = [each["message"] for each in error.extra.get("errors", ())]
    messages.warning(request, " ".join(dict.fromkeys(said)) or str(error.detail))
    return back_to_times(organization, selection)


def back_to_times(organization: Organization, selection: Selection, **lost: str) -> HttpResponse:
    fields = selection.fields()
    if selection.starts_at and not selection.date:
        fields["date"] = selection.day_in(organization.time_zone)
    fields.pop("at", None)
    query = Selection.read(fields).query(**lost)
    return HttpResponseRedirect(reverse("wizard:choose", args=[organization.slug]) + query)


def to(name: str, organization: Organization, selection: Selection, **more: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"wizard:{name}", args=[organization.slug]) + selection.query(**more))


def confirmed(organization: Organization, reference: str) -> HttpResponse:
    url = reverse("wizard:confirmation", args=[organization.slug])
    return HttpResponseRedirect(f"{url}?reference={reference}")
