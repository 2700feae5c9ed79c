"""What legacy does inside the transaction of an event."""

from holdfast.events.models import Event
from holdfast.legacy.models import LegacyImportedBooking


def forget_rows(event: Event) -> None:
    """Somebody's data is erased: that a row was imported stays known, what stood in it does not."""
    LegacyImportedBooking.objects.filter(booking_id__in=event.payload["bookings"]).update(row={})
