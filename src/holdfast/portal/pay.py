"""Paying what is outstanding, or letting another card be kept, for the bearer of a booking's link."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from holdfast.bookings.details import facts
from holdfast.bookings.models import Booking, BookingState
from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import ACTIVE
from holdfast.payments import bill, pages
from holdfast.portal.views import for_bearer
from holdfast.pricing.models import PaymentMethod


@require_http_methods(["GET", "HEAD", "POST"])
@for_bearer
def pay(request: HttpRequest, organization: Organization, booking: Booking, token: str) -> HttpResponse:
    """What is asked for now; once nothing is, the booking's own page."""
    home, here = (reverse(f"portal:{name}", args=[organization.slug, token]) for name in ("booking", "pay"))
    may_replace = booking.payment_method == PaymentMethod.CARD_ON_FILE and booking.state == BookingState.CONFIRMED
    asks_for_another = request.GET.get("card") == "another"
    with transaction_for(organization.id):
        shown = {
            "organization": organization,
            "booking": booking,
            "facts": facts.for_customer(booking, organization, stands=booking.state in ACTIVE),
            "bill": bill.for_customer(booking),
            "home_url": home,
            "another_url": f"{here}?card=another" if may_replace and not asks_for_another else "",
        }
    door = pages.Door(
        here=f"{here}?card=another" if asks_for_another else here,
        done=home,
        template="portal/pay.html",
        over="portal/pay_over.html",
        shown=shown,
    )
    return pages.answer(request, organization, booking, door)
