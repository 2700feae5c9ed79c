"""What must be true of the database whatever happened: plain SQL as the superuser, nothing of ours in between."""

from typing import Any
from uuid import UUID

import psycopg

from holdfast.core.embedded_postgres import OWNER, SUPERUSER
from holdfast.domain.lifecycle import ACTIVE
from tests import database

OVERLAPS = """
SELECT count(*) FROM bookings_allocation a JOIN bookings_allocation b
    ON a.resource_id = b.resource_id AND a.lane = b.lane AND a.id < b.id
WHERE a.active AND b.active AND a.start_minute < b.end_minute AND b.start_minute < a.end_minute
"""
# A booking in an active state occupies what its requirements ask for, and of the stocks what it took besides, for its
# time with its buffers (a resource's own, else the service's); others nothing.
MISPLACED = """
WITH occupied AS (
    SELECT a.booking_id, count(*) FILTER (WHERE r.kind <> 'stock') AS places,
        count(DISTINCT a.requirement_id) AS needs,
        count(DISTINCT a.resource_id) FILTER (WHERE r.kind <> 'stock') AS resources,
        count(*) FILTER (WHERE r.kind = 'stock') AS taken_besides,
        bool_or(a.expires_at IS NOT NULL) AS expires,
        bool_or(a.start_minute <> extract(epoch FROM b.starts_at) / 60
            - coalesce(r.buffer_before_minutes, s.buffer_before_minutes)) AS starts_wrong,
        bool_or(a.end_minute <> extract(epoch FROM b.ends_at) / 60
            + coalesce(r.buffer_after_minutes, s.buffer_after_minutes)) AS ends_wrong
    FROM bookings_allocation a JOIN bookings_booking b ON b.id = a.booking_id
    JOIN catalog_service s ON s.id = b.service_id JOIN catalog_resource r ON r.id = a.resource_id
    WHERE a.active GROUP BY a.booking_id
), wanted AS (
    SELECT service_id, count(*) AS needs, sum(count) AS resources,
        sum(count) FILTER (WHERE per_person) AS places_each, sum(count) FILTER (WHERE NOT per_person) AS places
    FROM catalog_requirement GROUP BY service_id
)
SELECT b.reference, b.state, o.* FROM bookings_booking b
LEFT JOIN wanted w ON w.service_id = b.service_id LEFT JOIN occupied o ON o.booking_id = b.id
WHERE CASE WHEN b.state = ANY(%(active)s) THEN (
    o.places IS NULL OR o.starts_wrong OR o.ends_wrong
    OR o.expires <> (b.state = 'held')
    OR o.needs <> w.needs OR o.resources <> w.resources
    OR o.places <> coalesce(w.places_each, 0) * b.party_size + coalesce(w.places, 0)
    OR o.taken_besides <> (
        SELECT coalesce(sum((entry ->> 'count')::int), 0) FROM jsonb_array_elements(b.extras) entry
        JOIN catalog_extra x ON x.organization_id = b.organization_id AND x.slug = entry ->> 'slug'
        WHERE x.stock IS NOT NULL
    )
) ELSE o.places IS NOT NULL END
"""
# Versions rise by one with every event of a booking, and its history ends in the state it is in.
UNTOLD = """
SELECT b.reference, b.state, b.version FROM bookings_booking b
WHERE b.version <> (SELECT count(*) FROM events_event e WHERE e.subject = b.id AND e.kind LIKE 'booking.%%')
OR b.state IS DISTINCT FROM (
    SELECT t.to_state FROM bookings_transition t WHERE t.booking_id = b.id ORDER BY t.at DESC, t.id DESC LIMIT 1
)
"""
# Whatever last changed an allocation recorded an event of its booking in the same transaction: calendars in memory
# follow the events alone. (A row's xmin is the transaction that wrote it, in 32 bits, or the savepoint in it: then the
# event's own row was written in that savepoint, too, and both are undone together.)
UNANNOUNCED = """
SELECT a.id, a.booking_id FROM bookings_allocation a WHERE NOT EXISTS (
    SELECT FROM events_event e WHERE e.subject = a.booking_id AND a.xmin IN (e.xid::xid, e.xmin)
)
"""


def rows(name: str, query: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """Of every organization: the superuser passes row-level security."""
    with psycopg.connect(database.url(SUPERUSER, name)) as connection:
        return connection.execute(query, parameters).fetchall()


def as_owner(name: str, *statements: str) -> None:
    """Change the schema of one test's own database, as the role that may."""
    with psycopg.connect(database.url(OWNER, name), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def overlaps(name: str) -> int:
    """How many pairs of active allocations share a lane and a minute."""
    return int(rows(name, OVERLAPS)[0][0])


def bookings_in(name: str, organization_id: UUID, *states: str) -> int:
    query = "SELECT count(*) FROM bookings_booking WHERE organization_id = %s AND state = ANY(%s)"
    return int(rows(name, query, [organization_id, list(states or ACTIVE)])[0][0])


def deadlocks(name: str) -> int:
    """How many PostgreSQL has had to break in this database so far."""
    return int(rows(name, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0][0])


def assert_sound(name: str) -> None:
    """No overlap, no booking without its places or places without their booking, no change without its event."""
    with psycopg.connect(database.url(SUPERUSER, name)) as connection:
        assert connection.execute(OVERLAPS).fetchone() == (0,)
        assert connection.execute(MISPLACED, {"active": list(ACTIVE)}).fetchall() == []
        assert connection.execute(UNTOLD.replace("%%", "%")).fetchall() == []
        assert connection.execute(UNANNOUNCED).fetchall() == []
