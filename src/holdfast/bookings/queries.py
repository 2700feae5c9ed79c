"""Reading bookings, shaped for the API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from holdfast.bookings.details import extras, ladder_words
from holdfast.bookings.details.price_words import lines_document
from holdfast.bookings.models import Booking, LimitOverride
from holdfast.bookings.payment_room import payment_of
from holdfast.bookings.places.allocations import Occupation, Place
from holdfast.bookings.stops.stop import stop_answer
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES, Organization
from holdfast.core import clock, statements
from holdfast.core.fields import in_language
from holdfast.core.signing import manage_token
from holdfast.domain.hours import from_minute

# Asked for by every answer about a booking: as text, so that the ORM need not put it together each time.
RESOURCES = """
SELECT DISTINCT r.slug, r.name, r.kind, r.id FROM bookings_allocation a JOIN catalog_resource r ON r.id = a.resource_id
WHERE a.booking_id = %s AND a.active AND r.kind <> 'stock' ORDER BY r.kind, r.name
"""

SERVES = """
SELECT DISTINCT a.requirement_id, r.id, r.slug, r.name
FROM bookings_allocation a JOIN catalog_resource r ON r.id = a.resource_id
WHERE a.booking_id = %s AND a.active AND r.kind <> 'stock' ORDER BY r.name, r.id
"""
# Whoever occupies a lane of these resources in [start, end) minutes; expired holds occupy nothing (Law 2).
OCCUPANTS = """
SELECT a.resource_id, a.lane, b.reference, b.state, b.starts_at, b.ends_at
FROM bookings_allocation a JOIN bookings_booking b ON b.id = a.booking_id
WHERE a.resource_id = ANY(%(resources)s) AND a.active AND a.start_minute < %(end)s AND a.end_minute > %(start)s
    AND (a.expires_at IS NULL OR a.expires_at > %(now)s) AND b.id IS DISTINCT FROM %(but_for)s
ORDER BY a.resource_id, a.lane, a.start_minute
"""


# Each place of a resource counts for itself: a class of six is six times as much work as one of one.
OCCUPIED_MINUTES = """
SELECT a.resource_id,
    sum(greatest(0, least(a.end_minute, %(day_end)s) - greatest(a.start_minute, %(day)s))),
    sum(least(a.end_minute, %(week_end)s) - greatest(a.start_minute, %(week)s))
FROM bookings_allocation a
WHERE a.resource_id = ANY(%(resources)s) AND a.active
    AND a.start_minute >= %(lowest)s AND a.start_minute < %(week_end)s AND a.end_minute > %(week)s
    AND (a.expires_at IS NULL OR a.expires_at > %(now)s) AND a.booking_id <> %(but_for)s
GROUP BY a.resource_id
"""
# Whatever the service was; bookings that came to nothing do not count.
LAST_SERVED = """
SELECT a.resource_id, max(a.start_minute)
FROM bookings_booking b JOIN bookings_allocation a ON a.booking_id = b.id AND a.active
WHERE lower(b.customer_email) = lower(%(email)s) AND b.id <> %(but_for)s
    AND b.state IN ('requested', 'confirmed', 'in_progress', 'completed') AND a.resource_id = ANY(%(resources)s)
GROUP BY a.resource_id
"""


def resources_of(booking: Booking) -> list[dict[str, Any]]:
    """What the booking occupies, each resource once, as everybody may see it."""
    return [{name: each[name] for name in ("slug", "name", "kind")} for each in serving(booking.id)]


def serving(booking_id: UUID) -> list[dict[str, str]]:
    """What the booking occupies: `id`, `slug`, `name` and `kind` of each resource, once."""
    found = statements.run(RESOURCES, [booking_id])
    return [{"id": str(key), "slug": slug, "name": name, "kind": kind} for slug, name, kind, key in found]


def occupied_by(booking_ids: list[UUID]) -> dict[UUID, Occupation]:
    """What each of these bookings occupies."""
    found: dict[UUID, list[Place]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT booking_id, resource_id, lane, requirement_id, start_minute, end_minute FROM bookings_allocation "
            "WHERE booking_id = ANY(%s) AND active",
            [booking_ids],
        )
        for booking, *place in cursor.fetchall():
            found.setdefault(booking, []).append(Place(*place))
    return {booking: Occupation(tuple(places)) for booking, places in found.items()}


@dataclass(frozen=True, slots=True)
class Serves:
    """A resource that serves a booking, and for which requirement (None: one that is gone)."""

    requirement: UUID | None
    id: UUID
    slug: str
    name: str


def serves(booking_id: UUID) -> list[Serves]:
    """Which resource fills which requirement, each pair once: also one that no longer fits it."""
    found = statements.run(SERVES, [booking_id])
    return [Serves(*row) for row in found]


def occupants(
    resources: list[UUID], start: int, end: int, now: datetime, but_for: UUID | None = None
) -> dict[UUID, list[dict[str, Any]]]:
    """Per resource, the bookings that occupy it in [start, end) minutes, buffers included, as plain JSON."""
    parameters: dict[str, Any] = {
        "resources": resources,
        "start": start,
        "end": end,
        "now": now,
        "but_for": but_for,
    }
    with connection.cursor() as cursor:
        cursor.execute(OCCUPANTS, parameters)
        rows = cursor.fetchall()
    found: dict[UUID, list[dict[str, Any]]] = {}
    for resource, lane, reference, state, starts_at, ends_at in rows:
        found.setdefault(resource, []).append(
            {
                "reference": reference,
                "state": state,
                "place": lane,
                "starts_at": starts_at.isoformat(timespec="seconds"),
                "ends_at": ends_at.isoformat(timespec="seconds"),
            }
        )
    return found


def occupied_minutes(
    resources: list[UUID], *, day: tuple[int, int], week: tuple[int, int], now: datetime, but_for: UUID
) -> dict[UUID, tuple[int, int]]:
    """By resource, the minutes occupied in [start, end) of a day and of its week, buffers included."""
    parameters: dict[str, Any] = {
        "resources": resources,
        "day": day[0],
        "day_end": day[1],
        "week": week[0],
        "week_end": week[1],
        "lowest": week[0] - LONGEST_OCCUPATION_MINUTES,
        "now": now,
        "but_for": but_for,
    }
    with connection.cursor() as cursor:
        cursor.execute(OCCUPIED_MINUTES, parameters)
        return {resource: (int(minutes), int(in_week)) for resource, minutes, in_week in cursor.fetchall()}


def last_served(resources: list[UUID], email: str, but_for: UUID) -> dict[UUID, int]:
    """The start of the last period at which each of the resources serves or served whoever has this address."""
    parameters: dict[str, Any] = {"resources": resources, "email": email, "but_for": but_for}
    with connection.cursor() as cursor:
        cursor.execute(LAST_SERVED, parameters)
        return dict(cursor.fetchall())


def manage_url(organization: Organization, booking: Booking) -> str:
    """The signed page on which its bearer sees, moves and cancels the booking."""
    return f"{settings.BASE_URL}/{organization.slug}/manage/{manage_token(booking.id)}/"


def pay_url(organization: Organization, booking: Booking) -> str:
    """The signed page on which its bearer pays what is outstanding, or lets another card be kept."""
    return f"{manage_url(organization, booking)}pay/"


def calendar_url(organization: Organization, booking: Booking, *, signed: bool = True) -> str:
    """The calendar file; unsigned, it opens for those who may read the booking anyway."""
    query = f"?token={manage_token(booking.id)}" if signed else ""
    return f"{settings.BASE_URL}/api/v1/{organization.slug}/bookings/{booking.reference}.ics{query}"


def booking_document(
    organization: Organization,
    booking: Booking,
    *,
    signed: bool = True,
    for_staff: bool = False,
    is_new: bool = False,
) -> dict[str, Any]:
    """A booking as the API gives it, as plain JSON; `signed`: with the links that let their bearer change it.

    `for_staff`: with the limits that it went beyond, for which the database is asked. `is_new`: as it was just booked,
    so that nobody needs to ask what was paid.
    """
    return {
        "reference": booking.reference,
        "state": booking.state,
        "version": booking.version,
        "type": booking.type,
        "starts_at": _local(booking, clock.to_minute(booking.starts_at)),
        "ends_at": _local(booking, clock.to_minute(booking.ends_at)),
        "time_zone": booking.time_zone,
        "service": booking.service.slug,
        "party_size": booking.party_size,
        "resources": resources_of(booking),
        "pickup": stop_answer(booking.pickup),
        "dropoff": stop_answer(booking.dropoff),
        "extras": extras.documents_of(booking.extras),
        "price": {"amount": booking.price_amount, "currency": booking.price_currency},
        "price_lines": lines_document(booking),
        "cancellation": ladder_words.document(booking, organization, clock.now(), is_new=is_new),
        "payment": payment_of(booking, is_new=is_new),
        "customer": {
            "name": booking.customer_name,
            "email": booking.customer_email,
            "phone": booking.customer_phone,
            "locale": booking.customer_locale,
            "time_zone": booking.customer_time_zone,
        },
        "answers": booking.answers,
        "attendees": booking.attendees,
        "note": booking.customer_note,
        "series": booking.series_id and {"id": str(booking.series_id), "date": str(booking.series_date)},
        "emergency_reason": booking.emergency_reason,
        "manage_url": manage_url(organization, booking) if signed else None,
        "calendar_url": calendar_url(organization, booking, signed=signed),
        "overrides": [override_document(each) for each in booking.overrides.all()] if for_staff else None,
    }


def override_document(override: LimitOverride) -> dict[str, Any]:
    return {
        "code": override.code,
        "limit": in_language(override.words),
        "day": override.day.isoformat(),
        "most": override.most,
        "used": override.used,
        "by": override.actor_name,
        "reason": override.reason,
        "at": override.at.isoformat(timespec="seconds"),
    }


def hold_document(booking: Booking) -> dict[str, Any]:
    """A hold as the API gives it, as plain JSON."""
    assert booking.hold_expires_at is not None  # noqa: S101 - the database keeps holds without an end out
    return {
        "id": str(booking.id),
        "service": booking.service.slug,
        "starts_at": _local(booking, clock.to_minute(booking.starts_at)),
        "ends_at": _local(booking, clock.to_minute(booking.ends_at)),
        "party_size": booking.party_size,
        "pickup": stop_answer(booking.pickup),
        "dropoff": stop_answer(booking.dropoff),
        "extras": extras.documents_of(booking.extras),
        "expires_at": booking.hold_expires_at.isoformat(timespec="seconds"),
        "price": {"amount": booking.price_amount, "currency": booking.price_currency},
    }


def _local(booking: Booking, minute: int) -> str:
    return from_minute(booking.time_zone, minute).isoformat(timespec="seconds")
