"""A booking's receipt as an answer to whoever may see the booking."""

from django.http import HttpResponse
from django.utils import translation

from holdfast.bookings.models import Booking
from holdfast.bookings.queries import customer_language
from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.payments.receipts.contents import receipt_of
from holdfast.payments.receipts.drawing import drawn


def receipt_answer(booking: Booking, organization: Organization) -> HttpResponse:
    """The PDF, in the customer's language. Raises NothingPaid."""
    booking.organization = organization
    with translation.override(customer_language(booking)):
        with transaction_for(organization.id):
            receipt = receipt_of(booking, organization)
        content = drawn(receipt)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{booking.reference}.pdf"',
            "Cache-Control": "private, no-store",
            "X-Robots-Tag": "noindex",
        },
    )
