"""The way up to the room of series, which lies above: the API of bookings asks it by `settings.SERIES_ROOM`.

The same trick as `catalog/guards.py`: a booking may be asked for with a recurrence, and changed together with the
others of its series, at the same addresses as one alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from holdfast.bookings import access
from holdfast.bookings.details.columns import Details
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.models import Booking
from holdfast.bookings.requests import wish_of, with_event
from holdfast.bookings.schemas import BookingIn, ChangeIn
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization
from holdfast.core.answers import json_response, private
from holdfast.core.idempotency import Answer


@dataclass(frozen=True, slots=True)
class SeriesRoom:
    """`book_once`: one attempt inside the tenant's transaction. The changes settle races themselves."""

    book_once: Callable[..., Answer]
    cancel: Callable[..., Answer]
    confirm: Callable[..., Answer]
    reschedule: Callable[..., Answer]


@cache
def series_room() -> SeriesRoom:
    room: SeriesRoom = import_string(settings.SERIES_ROOM)
    return room


def booked_series(
    request: HttpRequest, organization: Organization, body: BookingIn, details: Details, override: Override | None
) -> Answer:
    """All of the dates, inside the tenant's transaction. A key that may write books as staff do."""
    caller = access.staff_caller(request, organization.id)
    by_staff = caller is not None and caller.may_change and not caller.by_session
    return series_room().book_once(
        organization=organization,
        wish=replace(wish_of(body), by_staff=by_staff),
        starts_at=body.starts_at,
        recurrence=body.recurrence.model_dump() if body.recurrence else {},
        details=details,
        hold_id=body.hold,
        actor=caller.actor if caller and by_staff else CUSTOMER,
        override=override,
    )


def series_answer(
    change: Callable[..., Answer],
    organization: Organization,
    booking: Booking,
    caller: access.Caller,
    body: ChangeIn,
    **to: Any,
) -> HttpResponse:
    changed = change(
        organization=organization,
        booking_id=booking.id,
        version=body.version,
        scope=body.scope,
        actor=caller.actor,
        reason=body.reason,
        with_moved=body.with_moved,
        **to,
    )
    return with_event(private(json_response(changed.status, changed.body)), changed.event_id)
