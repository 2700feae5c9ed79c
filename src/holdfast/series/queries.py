"""Reading series."""

from collections.abc import Iterable
from uuid import UUID

from holdfast.bookings.models import Booking, Series
from holdfast.core.errors import NotFound
from holdfast.domain.lifecycle import State


def dates_of(booking: Booking) -> list[Booking]:
    """All bookings of its series that still stand or stood, in the order of their starts; none if it has no series."""
    if booking.series_id is None:
        return []
    rows = Booking.objects.filter(series_id=booking.series_id).select_related("service", "series", "organization")
    return list(rows.order_by("starts_at", "id"))


def price_of(dates: Iterable[Booking]) -> int:
    """What they cost together, in minor units: those that were cancelled or given up cost nothing."""
    return sum(each.price_amount for each in dates if each.state not in (State.CANCELLED, State.EXPIRED))


def place_of(booking: Booking) -> tuple[int, int] | None:
    """Which date of its series it is, from 1, and of how many, cancelled ones counted; None for a booking of none."""
    if booking.series_id is None or booking.series_date is None:
        return None
    dates = list(Booking.objects.filter(series_id=booking.series_id).values_list("series_date", flat=True))
    return sum(date <= booking.series_date for date in dates if date), len(dates)


def series_by_id(series_id: UUID) -> Series:
    """Raises NotFound."""
    found = Series.objects.select_related("service", "continues").filter(id=series_id).first()
    if found is None:
        raise NotFound
    return found
