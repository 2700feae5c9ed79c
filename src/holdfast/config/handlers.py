"""Who reacts to what: event kind → handlers, called inside the transaction that recorded the event."""

from collections.abc import Mapping, Sequence

from holdfast.bookings.conflicts import broken_bookings
from holdfast.catalog.guards import Guard
from holdfast.events.actions import Handler
from holdfast.notifications.handlers import queue_booking_mail, queue_mail_to_who_chose

HANDLERS: Mapping[str, Sequence[Handler]] = {
    "booking.requested": [queue_booking_mail],
    "booking.confirmed": [queue_booking_mail],
    "booking.rescheduled": [queue_booking_mail],
    "booking.reassigned": [queue_mail_to_who_chose],
    "booking.cancelled": [queue_booking_mail],
}
# Who is asked, before a change of the catalog is kept, which bookings it would break (catalog/guards.py).
CATALOG_GUARDS: Sequence[Guard] = [broken_bookings]
