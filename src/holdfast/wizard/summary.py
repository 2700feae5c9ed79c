"""What is being booked, for the summary beside each step."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from holdfast.bookings import notice
from holdfast.bookings.details import extras
from holdfast.bookings.details.ladder_words import Rung, rungs
from holdfast.bookings.details.price_words import lines_of
from holdfast.bookings.models import Booking
from holdfast.bookings.stops.telling import stops_of
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.domain import hours
from holdfast.pricing.tax_words import included_words
from holdfast.pricing.wording import LineWords
from holdfast.web import formats


@dataclass(frozen=True, slots=True)
class Summary:
    """`own_zone` is the reader's where its clock differs, else ""; `free_until` None where nothing can be undone.

    `rungs`: what cancelling costs; none where that is a matter of calling.
    """

    booking: Booking
    minutes: int
    own_zone: str
    lines: list[LineWords]
    extras: list[str]
    stops: list[tuple[str, str]]
    taxes: list[str]
    free_until: datetime | None
    rungs: list[Rung]

    @property
    def one_day(self) -> bool:
        """Whether it ends on the day it starts, on the business's calendar."""
        start, end = (formats.moment(at, self.booking.time_zone, "day_long") for at in self._ends)
        return start == end

    @property
    def _ends(self) -> tuple[datetime, datetime]:
        return self.booking.starts_at, self.booking.ends_at


def summary(organization: Organization, booking: Booking, own_zone: str) -> Summary:
    """Of a hold or a booking."""
    until, now = notice.free_until(booking, organization), clock.now()
    return Summary(
        booking=booking,
        minutes=booking.minutes,
        own_zone=own_zone if hours.clocks_differ(booking.starts_at, own_zone, booking.time_zone) else "",
        lines=lines_of(booking),
        extras=extras.in_words(booking.extras),
        stops=stops_of(booking),
        taxes=included_words(booking.price_lines, booking.price_currency),
        free_until=until if until > now else None,
        rungs=rungs(booking, now),
    )


def surcharge_words(service: Service, organization: Organization) -> str:
    """What an emergency costs besides, before anything is chosen."""
    if service.emergency_surcharge_percent:
        return _("It costs %(percent)d%% more.") % {"percent": service.emergency_surcharge_percent}
    if service.emergency_surcharge_amount:
        amount = formats.money_short(service.emergency_surcharge_amount, organization.currency)
        return _("It costs %(amount)s more.") % {"amount": amount}
    return _("It costs nothing more.")
