"""Until when customers may change a booking themselves: its organization's notice, counted back from its start."""

from datetime import datetime

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.domain import cancellation


def free_until(booking: Booking, organization: Organization) -> datetime:
    """The last minute, in UTC, at which moving or cancelling is free."""
    notice = organization.cancellation_notice_minutes
    return clock.from_minute(cancellation.free_until(clock.to_minute(booking.starts_at), notice))


def is_in_time(booking: Booking, organization: Organization, now: datetime) -> bool:
    """Whether a customer may still move or cancel it, as far as time is concerned."""
    notice = organization.cancellation_notice_minutes
    return cancellation.may_cancel(clock.to_minute(now), clock.to_minute(booking.starts_at), notice)
