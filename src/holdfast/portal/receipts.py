"""A booking's receipt, for the bearer of its link and for whoever is signed in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.customers import queries
from holdfast.customers.models import CustomerSession
from holdfast.payments.errors import NothingPaid
from holdfast.payments.receipts.pages import receipt_answer
from holdfast.portal.access import for_customer
from holdfast.portal.views import for_bearer, home


@require_safe
@for_bearer
def of_link(request: HttpRequest, organization: Organization, booking: Booking, token: str) -> HttpResponse:
    """Where nothing was paid yet, the booking's page says so."""
    try:
        return receipt_answer(booking, organization)
    except NothingPaid as refused:
        messages.info(request, str(refused.detail))
        return home(organization, token)


@require_safe
@for_customer
def of_mine(request: HttpRequest, organization: Organization, session: CustomerSession, reference: str) -> HttpResponse:
    """Of a booking with one's own address; somebody else's does not exist."""
    with transaction_for(organization.id):
        own = queries.bookings_of(session.account.email).select_related("service", "chosen_resource", "organization")
        booking = own.filter(reference=reference.upper()).first()
    if booking is None:
        raise Http404
    try:
        return receipt_answer(booking, organization)
    except NothingPaid:
        raise Http404 from None
