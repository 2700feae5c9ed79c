"""Who comes: the people of a party, named anew by staff."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from holdfast.bookings.details import attending
from holdfast.bookings.details.forms import AttendeesForm
from holdfast.bookings.errors import TransitionNotAllowed
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.queries import booking_by_reference
from holdfast.desk.views.booking import found_at, refused
from holdfast.desk.views.today import row_of


@desk_view(may="change", transaction=False)
def attendees(desk: Desk, reference: str) -> HttpResponseBase:
    """GET shows the names there are, POST keeps others."""
    with transaction_for(desk.organization.id):
        found = booking_by_reference(reference)
        if not attending.may_change(found, desk.actor):
            return refused(desk, reference, TransitionNotAllowed())
        form = AttendeesForm(desk.request.POST or None, booking=found)
        context = {"booking": found, "row": row_of(found, clock.now()), "form": form}
        if desk.request.method != "POST" or not form.is_valid():
            return desk.page("desk/attendees.html", context, status=422 if form.is_bound else 200)
    try:
        attending.change_attendees(
            organization=desk.organization,
            booking_id=found.id,
            attendees=form.attendees(),
            version=form.cleaned_data["version"],
            actor=desk.actor,
        )
    except ValidationError as error:
        form.refuse(error.extra["errors"])
        with transaction_for(desk.organization.id):
            return desk.page("desk/attendees.html", context, status=422)
    except HoldfastError as error:
        return refused(desk, reference, error)
    messages.success(desk.request, _("The names are saved."))
    return redirect(found_at(found))
