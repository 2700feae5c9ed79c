"""What an emergency must say of itself (BK7): a telephone number that can be called, and why it cannot wait."""

import phonenumbers
from django.utils.translation import gettext as _

from holdfast.bookings.models import BookingType


def problems(*, type: str, phone: str, reason: str) -> list[dict[str, str]]:  # noqa: A002 - the column's name
    """What is missing or out of place, as a field of the API and a message each; nothing for what is complete.

    `phone` is E.164 or empty.
    """
    if type != BookingType.EMERGENCY:
        return [{"field": "emergency_reason", "message": _("only for emergencies")}] if reason else []
    found = []
    if not phone:
        found.append({"field": "customer.phone", "message": _("Please give a number that we can call at once.")})
    elif not phonenumbers.is_valid_number(phonenumbers.parse(phone)):
        found.append({"field": "customer.phone", "message": _("Check the number: nobody can be called there.")})
    if not reason:
        found.append({"field": "emergency_reason", "message": _("Please say what has happened.")})
    return found
