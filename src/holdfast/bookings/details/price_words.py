"""Why a booking costs what it does, line by line, in the reader's language."""

from typing import Any

from holdfast.bookings.models import Booking
from holdfast.core.fields import in_language
from holdfast.pricing.wording import LineWords, in_words


def lines_of(booking: Booking) -> list[LineWords]:
    """The lines that the booking keeps, with their reasons. They add up to its price."""
    return in_words(
        booking.price_lines,
        currency=booking.price_currency,
        zone=booking.time_zone,
        service=in_language(booking.service.name),
        minutes=booking.minutes,
    )


def lines_document(booking: Booking) -> list[dict[str, Any]]:
    """The same for the API."""
    return [
        {
            "key": line["key"],
            "kind": line.get("kind", "service"),
            "amount": line["amount"],
            "minutes": sum(end - start for start, end in line.get("spans", [])),
            "words": said.words,
            "because": said.because,
        }
        for line, said in zip(booking.price_lines, lines_of(booking), strict=True)
    ]
