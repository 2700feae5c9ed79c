"""The last step of those who pay by card: the page for it, and the way back to another choice."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.bookings import unpaid
from holdfast.bookings.details import facts
from holdfast.bookings.details.paying import BY_CARD
from holdfast.bookings.models import Booking, BookingState
from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import ACTIVE
from holdfast.payments import asking, bill, pages
from holdfast.pricing.models import PaymentMethod
from holdfast.wizard import ways
from holdfast.wizard.flow import Flow
from holdfast.wizard.steps import steps_of

# States in which a booking by card may still ask something of the session that made it.
UNDECIDED = (BookingState.PENDING_PAYMENT, BookingState.EXPIRED)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_organization
def pay(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Only for the session that booked; others have the link of their mail."""
    booking = booked_here(organization, Flow(request, organization), request.GET.get("reference", ""))
    if booking is None:
        return HttpResponseRedirect(reverse("wizard:choose", args=[organization.slug]))
    return pages.answer(request, organization, booking, door_of(organization, booking))


def onward(request: HttpRequest, organization: Organization, reference: str, method: str) -> HttpResponse:
    """From the booking that was just made: to the company's own page, to the card form, or to the confirmation.

    Inside another site's page the company's own page opens in a tab, by a link.
    """
    flow = Flow(request, organization)
    booking = booked_here(organization, flow, reference)
    if booking is None or method not in BY_CARD or not booking.price_amount:
        return ways.confirmed(organization, reference)
    door = door_of(organization, booking)
    if method == PaymentMethod.CHECKOUT and booking.state == BookingState.PENDING_PAYMENT and not flow.is_framed:
        return pages.to_their_page(request, booking, door)
    return HttpResponseRedirect(door.here)


@require_POST
@for_organization
def again(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Back to the choice of how to pay: the time is given back and held again, all that was typed is still there."""
    flow = Flow(request, organization)
    booking = booked_here(organization, flow, request.GET.get("reference", ""))
    if booking is None or flow.given_back is None:
        return HttpResponseRedirect(reverse("wizard:choose", args=[organization.slug]))
    booking = asking.withdraw(booking)
    if booking.state not in UNDECIDED:
        return ways.confirmed(organization, booking.reference)
    unpaid.give_back(booking=booking)
    selection = flow.given_back
    try:
        flow.hold(selection)
    except HoldfastError as refused:
        return ways.refused(request, organization, selection, refused)
    return ways.to("payment", organization, selection)


def booked_here(organization: Organization, flow: Flow, reference: str) -> Booking | None:
    """A booking of this session by its reference, the latest if none is named."""
    wanted = reference or flow.latest
    if not flow.shows(wanted):
        return None
    with transaction_for(organization.id):
        return Booking.objects.select_related("service", "organization", "chosen_resource").get(reference=wanted)


def door_of(organization: Organization, booking: Booking) -> pages.Door:
    query = f"?reference={booking.reference}"
    with transaction_for(organization.id):
        shown: dict[str, Any] = {
            "organization": organization,
            "booking": booking,
            "facts": facts.for_customer(booking, organization, stands=booking.state in ACTIVE),
            "bill": bill.for_customer(booking),
            "steps": steps_of(organization, "payment", booking),
            "again_url": reverse("wizard:pay-again", args=[organization.slug]) + query,
        }
    return pages.Door(
        here=reverse("wizard:pay", args=[organization.slug]) + query,
        done=reverse("wizard:confirmation", args=[organization.slug]) + query,
        template="wizard/pay.html",
        over="wizard/pay_over.html",
        shown=shown,
    )
