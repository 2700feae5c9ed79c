"""A booking whose time had run out before it was paid: what became of the money, and what can be booked instead."""

from typing import Any

from holdfast.bookings.actions import wish_of
from holdfast.bookings.availability import booker, plan_cache
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from holdfast.payments import ledger


def context(organization: Organization, booking: Booking) -> dict[str, Any]:
    """What the page says: `paid` is what had come all the same; `again` the time itself, if it is still free."""
    now = clock.now()
    with transaction_for(organization.id):
        seen = ledger.standing_of(booking)
        wish = wish_of(booking, None, CUSTOMER)
        try:
            question = plan_cache.question_of(organization, wish, now)
            free = booker.is_free(question, booking.starts_at, now, booking.id)
            others = [] if free else booker.lost(question, booking.starts_at, now)["alternatives"]
        except HoldfastError:  # it is not sold any more, or not as it was
            free, others = False, []
    return {
        "paid": seen.received if seen.received.amount else None,
        "booking": booking,
        "fields": {
            "service": wish.service,
            "type": wish.type if wish.type != "standard" else "",
            "resource": wish.resource or "",
            "duration": wish.duration,
            "party": wish.party_size,
        },
        "again": free,
        "alternatives": others,
    }
