"""Where a booking begins and ends, as pages, mails and calendars say it."""

from django.utils.translation import gettext as _

from holdfast.bookings.models import Booking
from holdfast.bookings.stops.stop import words
from holdfast.catalog.models import AsksPlaces


def label_of(end: str, asks: str) -> str:
    """What people call an end of the way."""
    if asks == AsksPlaces.ONE:
        return _("Where")
    return {"pickup": _("Pick-up"), "dropoff": _("Drop-off")}[end]


def stops_of(booking: Booking) -> list[tuple[str, str]]:
    """(what it is, where it is) of those that are said."""
    asks = booking.service.asks_places
    ends = {"pickup": booking.pickup, "dropoff": booking.dropoff}
    return [(label_of(name, asks), words(stop)) for name, stop in ends.items() if stop]


def way_of(booking: Booking) -> str:
    """ "Louvre → Orly (ORY)" on one line, for a calendar; "" where nothing is said."""
    return " → ".join(filter(None, (words(booking.pickup), words(booking.dropoff))))
