"""Taking a person out of a booking: what says who they are goes, what was booked and what it cost stays."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from holdfast.bookings import steps
from holdfast.bookings.models import Booking, BookingType, Note
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization

# No mail ever arrives there (RFC 2606, 2).
NOWHERE = "erased.invalid"
# The database wants an emergency to have a telephone number and a reason.
NOTHING = "-"


def erase_person(booking: Booking, organization: Organization, actor: Actor) -> None:
    """Of a locked booking, in its transaction. Notes that staff wrote about it go, too; its history stays."""
    is_emergency = booking.type == BookingType.EMERGENCY
    with translation.override(organization.default_language):
        name = _("Erased")
    gone: dict[str, Any] = {
        "customer_name": name,
        "customer_email": f"{booking.reference.lower()}@{NOWHERE}",
        "customer_phone": NOTHING if is_emergency else "",
        "customer_time_zone": "",
        "customer_note": "",
        "answers": {},
        "attendees": [],
        "pickup": {},
        "dropoff": {},
        "emergency_reason": NOTHING if is_emergency else "",
        "holder": "",
        "held_from": "",
    }
    steps.change(booking, **gone)
    steps.log(booking, action="erase", source=booking.state, actor=actor)
    Note.objects.filter(booking=booking).delete()


def erase_attendee(booking: Booking, email: str) -> None:
    """Take whoever has this address (lower case) out of the people that somebody else's booking names."""
    others = [each for each in booking.attendees if each.get("email", "").lower() != email]
    steps.change(booking, attendees=others)
