"""What is said to a customer about being charged: before they agree, and when a card is refused."""

from django.utils.translation import gettext as _

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.payments.errors import WORDS, CardRefused
from holdfast.web import formats


def consent(booking: Booking, organization: Organization) -> str:
    """What a customer agrees to who lets us keep a card for a booking, in the active language. It is kept as it is."""
    said = {
        "name": organization.name,
        "price": formats.money(booking.price_amount, booking.price_currency),
        "when": formats.moment(booking.starts_at, booking.time_zone, "when_long"),
        "reference": booking.reference,
    }
    return " ".join(
        [
            _("I let %(name)s keep my card and charge it for booking %(reference)s on %(when)s: %(price)s, afterwards.")
            % said,
            _("Shortly before, my bank may be asked to set this amount aside."),
            _("If I cancel later than is free or do not come, %(name)s may charge what was shown, at most this price.")
            % said,
        ]
    )


def refusals() -> dict[str, str]:
    """By reason (errors.py:REASONS), for the page: the browser hears of a refusal before we do."""
    said = {reason: str(words) for reason, words in WORDS.items()}
    return {
        **said,
        "declined": str(CardRefused.title),
        "unknown": _("The card service does not answer. You are never charged twice; please try again in a moment."),
    }
