"""The way up to the room of payments, which lies above: what a booking's document says of its money, and what its
customer was let off.

The same trick as `series_room.py`; `settings.PAYMENT_DOCUMENT` and `settings.LET_OFF` name it.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from holdfast.bookings.models import Booking, BookingState


def payment_of(booking: Booking, *, is_new: bool = False) -> dict[str, Any]:
    """`is_new`: booked in this transaction, so nothing was paid and the ledger need not be asked."""
    return _document()(booking, is_new=is_new)


def let_off_of(booking: Booking) -> int:
    """What its price was lowered by after it was booked, while it stood, in minor units. Of what is not written yet, or
    only held, nobody is asked.
    """
    if booking._state.adding or booking.state == BookingState.HELD:
        return 0
    return _let_off()(booking)


@cache
def _document() -> Callable[..., dict[str, Any]]:
    document: Callable[..., dict[str, Any]] = import_string(settings.PAYMENT_DOCUMENT)
    return document


@cache
def _let_off() -> Callable[[Booking], int]:
    let_off: Callable[[Booking], int] = import_string(settings.LET_OFF)
    return let_off
