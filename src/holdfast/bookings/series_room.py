"""The way up to the room of series, which lies above: the API of bookings asks it by `settings.SERIES_ROOM`.

The same trick as `catalog/guards.py`: a booking may be asked for with a recurrence, and changed together with the
others of its series, at the same addresses as one alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from holdfast.core.idempotency import Answer


@dataclass(frozen=True, slots=True)
class SeriesRoom:
    """`book_once`: one attempt inside the tenant's transaction. The changes settle races themselves."""

    book_once: Callable[..., Answer]
    cancel: Callable[..., dict[str, Any]]
    reschedule: Callable[..., dict[str, Any]]


@cache
def series_room() -> SeriesRoom:
    room: SeriesRoom = import_string(settings.SERIES_ROOM)
    return room
