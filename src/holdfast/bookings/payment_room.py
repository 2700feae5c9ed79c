"""The way up to the room of payments, which lies above: what a booking's document says of its money.

The same trick as `series_room.py`; `settings.PAYMENT_DOCUMENT` names it.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from holdfast.bookings.models import Booking


def payment_of(booking: Booking, *, is_new: bool = False) -> dict[str, Any]:
    """`is_new`: booked in this transaction, so nothing was paid and the ledger need not be asked."""
    return _document()(booking, is_new=is_new)


@cache
def _document() -> Callable[..., dict[str, Any]]:
    document: Callable[..., dict[str, Any]] = import_string(settings.PAYMENT_DOCUMENT)
    return document
