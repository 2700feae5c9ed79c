"""Until when customers may change a booking for free: its ladder says it, or else its organization's notice."""

from datetime import datetime

from holdfast.bookings.details.ladder import ladder_of
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.domain import cancellation


def free_until(booking: Booking, organization: Organization) -> datetime:
    """The last minute, in UTC, at which moving or cancelling is free."""
    return clock.from_minute(
        cancellation.free_until(clock.to_minute(booking.starts_at), _notice(booking, organization))
    )


def is_in_time(booking: Booking, organization: Organization, now: datetime) -> bool:
    """Whether a customer may still move it, or cancel it for nothing, as far as time is concerned.

    What costs something to cancel cannot be moved either: else one would move it first.
    """
    notice = _notice(booking, organization)
    return cancellation.may_cancel(clock.to_minute(now), clock.to_minute(booking.starts_at), notice)


def _notice(booking: Booking, organization: Organization) -> int:
    ladder = ladder_of(booking)
    return organization.cancellation_notice_minutes if ladder is None else ladder.free_notice
