"""The page on which a customer says who comes, for the bearer of the booking's link."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from holdfast.bookings.details import attending
from holdfast.bookings.details.forms import AttendeesForm
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization
from holdfast.core.errors import HoldfastError, ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.portal.views import explain, for_bearer, home, page_context


@require_http_methods(["GET", "HEAD", "POST"])
@for_bearer
def attendees(request: HttpRequest, organization: Organization, booking: Booking, token: str) -> HttpResponse:
    """GET shows the names there are, POST keeps others."""
    if not attending.may_change(booking, CUSTOMER):
        return home(organization, token)
    form = AttendeesForm(request.POST or None, booking=booking)
    if request.method == "POST" and form.is_valid():
        try:
            attending.change_attendees(
                organization=organization,
                booking_id=booking.id,
                attendees=form.attendees(),
                version=form.cleaned_data["version"],
                actor=CUSTOMER,
            )
        except ValidationError as refused:
            form.refuse(refused.extra["errors"])
        except HoldfastError as refused:
            explain(request, organization, refused)
            return home(organization, token)
        else:
            messages.success(request, _("The names are saved."))
            return home(organization, token)
    context: dict[str, Any] = {**page_context(request, organization, booking, token), "form": form}
    with transaction_for(organization.id):
        return render(request, "portal/attendees.html", context, status=422 if form.is_bound else 200)
