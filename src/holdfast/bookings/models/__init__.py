"""The booking and what it occupies. The database itself refuses overlap, illegal transitions and lost updates."""

from holdfast.bookings.models.bookings import Booking, BookingState, BookingType, Series
from holdfast.bookings.models.places import Allocation, ToTimestamp
from holdfast.bookings.models.records import KeptBooking, LimitOverride, Note, PromotionUse, Rotation, Transition

__all__ = [
    "Allocation",
    "Booking",
    "BookingState",
    "BookingType",
    "KeptBooking",
    "LimitOverride",
    "Note",
    "PromotionUse",
    "Rotation",
    "Series",
    "ToTimestamp",
    "Transition",
]
