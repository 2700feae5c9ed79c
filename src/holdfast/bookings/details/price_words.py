"""Why a booking costs what it does, line by line, in the reader's language."""

from typing import Any

from holdfast.bookings.models import Booking
from holdfast.core.fields import in_language
from holdfast.pricing.tax_words import tax_name
from holdfast.pricing.wording import LineWords, in_words


def lines_of(booking: Booking) -> list[LineWords]:
    """The lines that the booking keeps, with their reasons. They add up to its price."""
    return in_words(booking.price_lines, **_facts(booking))


def lines_document(booking: Booking) -> list[dict[str, Any]]:
    """The same for the API."""
    return documents_of(booking.price_lines, **_facts(booking))


def documents_of(
    lines: list[dict[str, Any]], *, currency: str, zone: str, service: str, minutes: int
) -> list[dict[str, Any]]:
    """Any price's lines for the API."""
    said = in_words(lines, currency=currency, zone=zone, service=service, minutes=minutes)
    return [
        {
            "key": line["key"],
            "kind": line.get("kind", "service"),
            "amount": line["amount"],
            "minutes": sum(end - start for start, end in line.get("spans", [])),
            "words": words.words,
            "because": words.because,
            "tax": _tax(line),
        }
        for line, words in zip(lines, said, strict=True)
    ]


def _tax(line: dict[str, Any]) -> dict[str, Any] | None:
    if "tax_rate" not in line:
        return None
    taxed = line.get("taxed", {})
    percent = str(taxed["percent"]) if "percent" in taxed else None
    return {"words": tax_name(taxed), "percent": percent, "net": line["net"], "amount": line["tax"]}


def _facts(booking: Booking) -> dict[str, Any]:
    return {
        "currency": booking.price_currency,
        "zone": booking.time_zone,
        "service": in_language(booking.service.name),
        "minutes": booking.minutes,
    }
