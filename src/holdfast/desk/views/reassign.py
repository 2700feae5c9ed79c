"""Giving a booking to somebody else: who is free at its time, and why the others are not."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from holdfast.bookings.assignment import reassigning
from holdfast.bookings.assignment.reassigning import Choice
from holdfast.bookings.availability.planned import PlannedResource
from holdfast.bookings.errors import ResourceNotFree, TransitionNotAllowed, VersionConflict
from holdfast.bookings.models import Booking
from holdfast.bookings.queries import Serves
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.forms import ReassignForm
from holdfast.desk.queries import booking_by_reference
from holdfast.desk.reasons import ResourceReasons, resource_reasons
from holdfast.desk.views.booking import found_at, refused
from holdfast.desk.views.today import row_of


@dataclass(frozen=True, slots=True)
class Offer:
    """One resource that serves the booking, who could instead, and why the rest could not."""

    serving: Serves
    free: tuple[PlannedResource, ...]
    others: list[ResourceReasons]
    was_asked_for: bool


@desk_view(may="change", transaction=False)
def reassign(desk: Desk, reference: str) -> HttpResponseBase:
    """GET shows who could serve instead; POST `resource` and `instead_of` (slugs) gives the booking away."""
    with transaction_for(desk.organization.id):
        found = booking_by_reference(reference)
        if found.state not in reassigning.REASSIGNABLE:
            return refused(desk, reference, TransitionNotAllowed())
        if desk.request.method != "POST":
            return _page(desk, found)
        form = ReassignForm(desk.request.POST)
        if not form.is_valid():
            return _page(desk, found, problem=_("Please choose who takes it over."), status=422)
    try:
        done = reassigning.reassign(
            organization=desk.organization, booking_id=found.id, actor=desk.actor, **form.cleaned_data
        )
    except (VersionConflict, TransitionNotAllowed) as error:
        return refused(desk, reference, error)
    except HoldfastError as error:
        words = _("Somebody else has just taken that time.") if isinstance(error, ResourceNotFree) else error.detail
        with transaction_for(desk.organization.id):
            return _page(desk, booking_by_reference(reference), problem=str(words), status=error.status)
    messages.success(desk.request, _("Reassigned."))
    return redirect(found_at(done))


def _page(desk: Desk, found: Booking, *, problem: str = "", status: int = 200) -> HttpResponseBase:
    """Inside the tenant's transaction. A service that is not sold any more has nobody; that is said."""
    context: dict[str, Any] = {
        "booking": found,
        "row": row_of(found, clock.now()),
        "problem": problem,
        "sent": desk.request.POST,
    }
    try:
        choices = reassigning.choices(desk.organization, found, desk.actor)
    except HoldfastError as error:
        context["impossible"] = str(error.detail)
    else:
        context["offers"] = [_offer(choice, found, desk.zone) for choice in choices]
    return desk.page("desk/reassign.html", context, status=status)


def _offer(choice: Choice, found: Booking, zone: str) -> Offer:
    return Offer(
        serving=choice.serving,
        free=choice.free,
        others=[resource_reasons(each, zone) for each in choice.others],
        was_asked_for=found.chosen_resource_id == choice.serving.id,
    )
