"""Reading bookings, shaped for the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from holdfast.bookings.models import Booking, LimitOverride
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.fields import in_language
from holdfast.core.signing import manage_token
from holdfast.domain.hours import from_minute

# Asked for by every answer about a booking: as text, so that the ORM need not put it together each time.
RESOURCES = """
SELECT DISTINCT r.slug, r.name, r.kind FROM bookings_allocation a JOIN catalog_resource r ON r.id = a.resource_id
WHERE a.booking_id = %s AND a.active ORDER BY r.kind, r.name
"""

# Whoever occupies a lane of these resources in [start, end) minutes; expired holds occupy nothing (Law 2).
OCCUPANTS = """
SELECT a.resource_id, a.lane, b.reference, b.state, b.starts_at, b.ends_at
FROM bookings_allocation a JOIN bookings_booking b ON b.id = a.booking_id
WHERE a.resource_id = ANY(%(resources)s) AND a.active AND a.start_minute < %(end)s AND a.end_minute > %(start)s
    AND (a.expires_at IS NULL OR a.expires_at > %(now)s)
ORDER BY a.resource_id, a.lane, a.start_minute
"""


def resources_of(booking: Booking) -> list[dict[str, Any]]:
    """What the booking occupies, each resource once."""
    with connection.cursor() as cursor:
        cursor.execute(RESOURCES, [booking.id])
        return [{"slug": slug, "name": name, "kind": kind} for slug, name, kind in cursor.fetchall()]


def occupants(resources: list[UUID], start: int, end: int, now: datetime) -> dict[UUID, list[dict[str, Any]]]:
    """Per resource, the bookings that occupy it in [start, end) minutes, buffers included, as plain JSON."""
    parameters: dict[str, Any] = {"resources": resources, "start": start, "end": end, "now": now}
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


def manage_url(organization: Organization, booking: Booking) -> str:
    """The signed page on which its bearer sees, moves and cancels the booking."""
    return f"{settings.BASE_URL}/{organization.slug}/manage/{manage_token(booking.id)}/"


def calendar_url(organization: Organization, booking: Booking, *, signed: bool = True) -> str:
    """The calendar file; unsigned, it opens for those who may read the booking anyway."""
    query = f"?token={manage_token(booking.id)}" if signed else ""
    return f"{settings.BASE_URL}/api/v1/{organization.slug}/bookings/{booking.reference}.ics{query}"


def booking_document(
    organization: Organization, booking: Booking, *, signed: bool = True, for_staff: bool = False
) -> dict[str, Any]:
    """A booking as the API gives it, as plain JSON; `signed`: with the links that let their bearer change it.

    `for_staff`: with the limits that it went beyond, for which the database is asked.
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
        "price": {"amount": booking.price_amount, "currency": booking.price_currency},
        "payment": {"method": booking.payment_method, "status": "due_on_site" if booking.price_amount else "none"},
        "customer": {
            "name": booking.customer_name,
            "email": booking.customer_email,
            "phone": booking.customer_phone,
            "locale": booking.customer_locale,
            "time_zone": booking.customer_time_zone,
        },
        "answers": booking.answers,
        "note": booking.customer_note,
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
        "expires_at": booking.hold_expires_at.isoformat(timespec="seconds"),
        "price": {"amount": booking.price_amount, "currency": booking.price_currency},
    }


def _local(booking: Booking, minute: int) -> str:
    return from_minute(booking.time_zone, minute).isoformat(timespec="seconds")
