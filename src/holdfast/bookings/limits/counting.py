"""Counting bookings by local day: what limits compare themselves with. Days begin where domain/hours says."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from holdfast.bookings.limits.allowances import Known, PlannedLimit, Taken, by_day
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES
from holdfast.domain import hours
from holdfast.domain.calendar_bits import Window

if TYPE_CHECKING:
    from holdfast.bookings.availability.question import Question

# Which bookings a limit `l` of a service counts, and a limit `t` of a team. Expired holds and what was cancelled do not
# count. The lower bound on an allocation's start lets PostgreSQL read a slice of its index, as in busy.BUSY.
_OF_SERVICE = """
    JOIN bookings_booking b ON b.service_id = l.service_id AND b.starts_at >= %(counted_from)s
        AND b.starts_at < %(counted_until)s AND b.state NOT IN ('cancelled', 'expired')
        AND (b.hold_expires_at IS NULL OR b.hold_expires_at > %(now)s) AND b.id IS DISTINCT FROM %(but_for)s
"""
_OF_TEAM = """
    JOIN catalog_resource r ON r.team_id = t.team_id
    JOIN bookings_allocation a ON a.resource_id = r.id AND a.active AND a.start_minute >= %(counted_lowest)s
        AND a.start_minute < %(last_minute)s AND (a.expires_at IS NULL OR a.expires_at > %(now)s)
    JOIN bookings_booking b ON b.id = a.booking_id AND b.starts_at >= %(counted_from)s
        AND b.starts_at < %(counted_until)s AND b.id IS DISTINCT FROM %(but_for)s
"""
# [limit's number (negative: of a team), number of the local day, how many]. Where days begin is said by domain/hours.
COUNTED = f"""
SELECT json_agg(json_build_array(found.number, found.day, found.used)) FROM (
    SELECT l.number, width_bucket(b.starts_at, %(days)s::timestamptz[]) AS day,
        sum(CASE WHEN l.people THEN b.party_size ELSE 1 END) AS used
    FROM unnest(%(limited_services)s::uuid[], %(people)s::bool[]) WITH ORDINALITY AS l(service_id, people, number)
    {_OF_SERVICE}
    GROUP BY 1, 2
    UNION ALL
    SELECT -t.number, width_bucket(b.starts_at, %(days)s::timestamptz[]), count(DISTINCT b.id)
    FROM unnest(%(limited_teams)s::uuid[]) WITH ORDINALITY AS t(team_id, number)
    {_OF_TEAM}
    GROUP BY 1, 2
) AS found
"""  # noqa: S608 - put together from constants
_NAMED = "SELECT DISTINCT b.starts_at, b.ends_at, b.reference, b.state"
NAMED_OF_SERVICE = f"{_NAMED} FROM (SELECT %(subject)s::uuid AS service_id) l {_OF_SERVICE} ORDER BY 1, 3"
NAMED_OF_TEAM = f"{_NAMED} FROM (SELECT %(subject)s::uuid AS team_id) t {_OF_TEAM} ORDER BY 1, 3"

OF_CUSTOMER = """
SELECT b.service_id, width_bucket(b.starts_at, %(days)s::timestamptz[]), count(*) FROM bookings_booking b
WHERE b.organization_id = %(organization)s AND b.starts_at >= %(counted_from)s AND b.starts_at < %(counted_until)s
    AND b.id IN (
        SELECT id FROM bookings_booking WHERE organization_id = %(organization)s AND lower(customer_email) = %(email)s
        UNION ALL
        SELECT id FROM bookings_booking
        WHERE organization_id = %(organization)s AND customer_phone = %(phone)s AND customer_phone <> ''
    )
    AND b.state NOT IN ('cancelled', 'expired') AND (b.hold_expires_at IS NULL OR b.hold_expires_at > %(now)s)
    AND b.id IS DISTINCT FROM %(but_for)s
GROUP BY 1, 2
"""


def counting(question: "Question", window: Window) -> dict[str, Any]:
    """What COUNTED asks for, beside busy.BUSY's parameters: whole local days."""
    zone, limits = question.plan.time_zone, by_day(question)
    services = [limit for limit in limits if limit.kind == "service"]
    first, last = _days_of(zone, window)
    return {
        "limited_services": [limit.service for limit in services],
        "people": [limit.counts_people for limit in services],
        "limited_teams": [limit.team for limit in limits if limit.kind == "team"],
        **_moments(zone, first, last),
    }


def counted(question: "Question", window: Window, rows: Sequence[Sequence[Any]] | None) -> Taken:
    """What COUNTED found in the window's days, by limit."""
    first, _last = _days_of(question.plan.time_zone, window)
    services = [limit.id for limit in by_day(question) if limit.kind == "service"]
    teams = [limit.id for limit in by_day(question) if limit.kind == "team"]
    found: dict[UUID, dict[date, int]] = {}
    for number, day, used in rows or ():
        key = services[number - 1] if number > 0 else teams[-number - 1]
        found.setdefault(key, {})[first + timedelta(days=day - 1)] = int(used)
    return found


def counted_of_customer(
    question: "Question", window: Window, customer: Known, now: datetime, but_for: UUID | None
) -> Taken:
    """How often the customer is booked on each date that has a say in the window, by limit. One statement."""
    limits = [limit for limit in question.plan.limits if limit.kind == "customer"]
    if not limits:
        return {}
    zone = question.plan.time_zone
    days = _days_of(zone, window)
    reaches = [limit.rule.reach(day) for limit in limits for day in days]
    first, last = min(first for first, _last in reaches), max(last for _first, last in reaches)
    parameters = {
        "organization": question.plan.organization_id,
        "email": customer.email,
        "phone": customer.phone,
        "now": now,
        "but_for": but_for,
        **_moments(zone, first, last),
    }
    with connection.cursor() as cursor:
        cursor.execute(OF_CUSTOMER, parameters)
        rows = cursor.fetchall()
    found: dict[UUID, dict[date, int]] = {limit.id: {} for limit in limits}
    for limit in limits:
        for service, number, used in rows:
            if limit.service in (None, service):
                day = first + timedelta(days=number - 1)
                found[limit.id][day] = found[limit.id].get(day, 0) + used
    return found


def counted_bookings(
    question: "Question", limit: PlannedLimit, start: int, now: datetime, but_for: UUID | None = None
) -> list[dict[str, Any]]:
    """The bookings that a limit of a service or a team counts on the day of a start, as plain JSON."""
    zone = question.plan.time_zone
    day = hours.date_of(zone, start)
    parameters = {"subject": limit.service or limit.team, "now": now, "but_for": but_for, **_moments(zone, day, day)}
    with connection.cursor() as cursor:
        cursor.execute(NAMED_OF_TEAM if limit.kind == "team" else NAMED_OF_SERVICE, parameters)
        return [
            {
                "reference": reference,
                "state": state,
                "starts_at": starts_at.isoformat(timespec="seconds"),
                "ends_at": ends_at.isoformat(timespec="seconds"),
            }
            for starts_at, ends_at, reference, state in cursor.fetchall()
        ]


def _days_of(zone: str, window: Window) -> tuple[date, date]:
    return hours.date_of(zone, window.origin), hours.date_of(zone, max(window.origin, window.end - 1))


def _moments(zone: str, first: date, last: date) -> dict[str, Any]:
    """Where the local days begin, and the end of the last."""
    starts = [hours.day_start(zone, first + timedelta(days=n)) for n in range((last - first).days + 2)]
    moments = [hours.from_minute("UTC", start) for start in starts]
    return {
        "days": moments[:-1],
        "counted_from": moments[0],
        "counted_until": moments[-1],
        "counted_lowest": starts[0] - LONGEST_OCCUPATION_MINUTES,
        "last_minute": starts[-1],
    }
