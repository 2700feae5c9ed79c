"""What came of booking or changing a series, as the API gives it: plain JSON in the active language."""

from typing import Any

from holdfast.bookings.models import Booking, Series
from holdfast.bookings.queries import booking_document
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain import hours
from holdfast.domain.recurrence import parse, wall_time
from holdfast.series.actions import Booked
from holdfast.series.changes import Changed
from holdfast.series.wording import rule_in_words


def booked_document(organization: Organization, booked: Booked) -> dict[str, Any]:
    """The answer to booking a series: its first booking, and under `series` all of it."""
    first = booked.bookings[0]
    return {
        **booking_document(organization, first, is_new=True),
        "series": {
            "id": str(booked.series.id),
            "date": str(first.series_date),
            "rrule": booked.series.rule,
            "words": words_of(booked.series),
            "bookings": [one_of_series(each) for each in booked.bookings],
            "without": [{"date": str(each.date), "status": each.status} for each in booked.others],
            "total": {"amount": sum(each.price_amount for each in booked.bookings), "currency": first.price_currency},
        },
    }


def one_of_series(booking: Booking) -> dict[str, Any]:
    return {
        "reference": booking.reference,
        "date": str(booking.series_date),
        "starts_at": hours.from_minute(booking.time_zone, clock.to_minute(booking.starts_at)).isoformat(
            timespec="seconds"
        ),
        "ends_at": hours.from_minute(booking.time_zone, clock.to_minute(booking.ends_at)).isoformat(timespec="seconds"),
        "state": booking.state,
        "version": booking.version,
        "price": {"amount": booking.price_amount, "currency": booking.price_currency},
    }


def words_of(series: Series) -> str:
    """Its rule in one sentence, in the active language."""
    start = wall_time(series.first_date, series.start_minute)
    return rule_in_words(parse(series.rule), start.time(), series.first_date)


def changed_document(organization: Organization, changed: Changed) -> dict[str, Any]:
    """The answer to changing a series: the booking it was asked from, and under `series` what came of it."""
    with transaction_for(organization.id):
        named = next((each for each in changed.bookings if each.id == changed.named.id), changed.named)
        return {
            **booking_document(organization, named),
            "series": {
                "id": str(changed.series.id),
                "date": str(named.series_date),
                "rrule": changed.series.rule,
                "words": words_of(changed.series),
                "bookings": [one_of_series(each) for each in changed.bookings],
                "kept": [
                    {"date": str(each.booking.series_date), "reference": each.booking.reference, "reason": each.words}
                    for each in changed.kept
                ],
            },
        }
