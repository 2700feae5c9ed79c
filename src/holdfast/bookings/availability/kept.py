"""What a booking was booked for, as a wish: to price it again, to move it, to look for the like."""

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.extras import chosen_in
from holdfast.bookings.models import Booking
from holdfast.bookings.stops.stop import kept


def wish_kept(booking: Booking) -> Wish:
    """A customer's; its stops are where they were, whatever has become of the named places."""
    return Wish(
        service=booking.service.slug,
        resource=booking.chosen_resource.slug if booking.chosen_resource else None,
        party_size=booking.party_size,
        duration=booking.minutes,
        type=booking.type,
        extras=chosen_in(booking.extras),
        keeps_extras=True,
        pickup=kept(booking.pickup),
        dropoff=kept(booking.dropoff),
    )
