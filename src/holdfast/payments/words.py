"""What is said to a customer about being charged: before they agree, and when a card is refused."""

from django.utils.translation import gettext as _

from holdfast.bookings.details import ladder_words
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.payments.errors import WORDS, CardRefused
from holdfast.web import formats


def consent(booking: Booking, organization: Organization) -> str:
    """What a customer agrees to who lets us keep a card for a booking, in the active language. It is kept as it is.

    Of fees it names those that were agreed, as they are shown; it speaks of none where there are none.
    """
    said = {
        "name": organization.name,
        "price": formats.money(booking.price_amount, booking.price_currency),
        "when": formats.moment(booking.starts_at, booking.time_zone, "when_long"),
        "reference": booking.reference,
    }
    sentences = [
        _("I let %(name)s keep my card and charge it for booking %(reference)s on %(when)s: %(price)s, afterwards."),
        _("Shortly before, my bank may be asked to set this amount aside."),
    ]
    if rungs := ladder_words.rungs(booking, clock.now(), form="when_long"):
        said["costs"] = "; ".join(map(str, rungs))
        sentences.append(_("If I cancel late or miss it, %(name)s may charge what that costs: %(costs)s."))
    return " ".join(sentence % said for sentence in sentences)


def refusals() -> dict[str, str]:
    """By reason (errors.py:REASONS), for the page: the browser hears of a refusal before we do."""
    said = {reason: str(words) for reason, words in WORDS.items()}
    return {
        **said,
        "declined": str(CardRefused.title),
        "unknown": _("The card service does not answer. You are never charged twice; please try again in a moment."),
    }
