"""The rows that occupy resources: the only place that writes them (Law 1; docs/algorithms/booking.md).

A plain INSERT against an exclusion constraint puts its row in first and waits afterwards, so two of them can wait for
each other. `ON CONFLICT ON CONSTRAINT … DO NOTHING` waits before it inserts; done in the order of (resource, lane) by
everybody, nobody can wait in a circle. The rows that come back tell who lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from holdfast.core import locking, statements
from holdfast.core.keys import uuid7

INSERT = """
INSERT INTO bookings_allocation
    (id, organization_id, booking_id, requirement_id, resource_id, lane, start_minute, end_minute, active, expires_at)
SELECT id, %(organization)s::uuid, booking, requirement, resource, lane, start_minute, end_minute, true,
    %(expires_at)s::timestamptz
FROM unnest(%(ids)s::uuid[], %(bookings)s::uuid[], %(requirements)s::uuid[], %(resources)s::uuid[], %(lanes)s::int[],
    %(starts)s::int[], %(ends)s::int[]) AS wanted(id, booking, requirement, resource, lane, start_minute, end_minute)
ON CONFLICT ON CONSTRAINT allocation_no_overlap DO NOTHING
RETURNING id
"""
DEACTIVATE_LANE = """
UPDATE bookings_allocation SET active = false
WHERE booking_id = ANY(%s) AND resource_id = %s AND lane = %s AND active
"""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A lane of a resource for [start, end) minutes, its own buffers included, and the requirement it fills.

    `requirement_id` None: a place of an extra's stock, which no requirement asks for.
    """

    resource_id: UUID
    lane: int
    requirement_id: UUID | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Occupation:
    """Places to be taken together; `expires_at` only for a hold."""

    places: tuple[Place, ...]
    expires_at: datetime | None = None

    @property
    def start(self) -> int:
        """The first minute that any of the places is taken for."""
        return min(place.start for place in self.places)

    @property
    def end(self) -> int:
        """The first minute at which all of them are free again."""
        return max(place.end for place in self.places)


def claim(*, organization_id: UUID, booking_id: UUID, wanted: Occupation) -> bool:
    """Take all places or report False; the caller then rolls back at once, because some rows may be in."""
    return _insert(organization_id, [(place, wanted, booking_id) for place in wanted.places])


def claim_all(*, organization_id: UUID, wanted: Iterable[tuple[UUID, Occupation]]) -> bool:
    """Take the places of many bookings in one statement, or report False: the caller then rolls back at once.

    In the order of (resource, lane, start), in which nobody can wait in a circle as long as whoever takes several
    periods of a lane takes them in that order (docs/algorithms/booking.md). For that, moves of the same resources,
    which give back and take, wait.
    """
    rows = [(place, occupation, booking_id) for booking_id, occupation in wanted for place in occupation.places]
    locking.lock_resources({place.resource_id for place, _occupation, _booking in rows})
    return _insert(organization_id, rows)


def free(*, booking_id: UUID) -> None:
    """Give back whatever the booking occupies."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bookings_allocation SET active = false WHERE booking_id = %s AND active", [booking_id])


def keep(*, booking_id: UUID, expires_at: datetime | None) -> None:
    """Make a hold's places permanent (None) or extend them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bookings_allocation SET expires_at = %s WHERE booking_id = %s AND active", [expires_at, booking_id]
        )


def exchange_all(*, organization_id: UUID, wanted: Sequence[tuple[UUID, Occupation]]) -> bool:
    """Move many bookings together, or report False and let the caller roll back. As `exchange`, in the same order."""
    bookings = [booking_id for booking_id, _occupation in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT resource_id, lane FROM bookings_allocation WHERE booking_id = ANY(%s) AND active",
            [bookings],
        )
        given_back: set[tuple[UUID, int]] = set(cursor.fetchall())
    taken: dict[tuple[UUID, int], list[tuple[Place, Occupation, UUID]]] = {}
    for booking_id, occupation in wanted:
        for place in occupation.places:
            taken.setdefault((place.resource_id, place.lane), []).append((place, occupation, booking_id))
    locking.lock_resources({resource_id for resource_id, _ in given_back | set(taken)})
    for lane in sorted(given_back | set(taken)):
        if lane in given_back:
            with connection.cursor() as cursor:
                cursor.execute(DEACTIVATE_LANE, [bookings, *lane])
        if lane in taken and not _insert(organization_id, taken[lane]):
            return False
    return True


def exchange(*, organization_id: UUID, booking_id: UUID, wanted: Occupation) -> bool:
    """Move a booking: give back its places and take the wanted ones, or report False and let the caller roll back.

    Giving back and taking are done lane by lane in one order, and moves of the same resource wait for one another:
    two moves in opposite directions would otherwise each hold what the other wants.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT resource_id, lane FROM bookings_allocation WHERE booking_id = %s AND active", [booking_id]
        )
        given_back: set[tuple[UUID, int]] = set(cursor.fetchall())
    taken = {(place.resource_id, place.lane): place for place in wanted.places}
    locking.lock_resources({resource_id for resource_id, _ in given_back | set(taken)})
    for lane in sorted(given_back | set(taken)):
        if lane in given_back:
            with connection.cursor() as cursor:
                cursor.execute(DEACTIVATE_LANE, [[booking_id], *lane])
        if lane in taken and not _insert(organization_id, [(taken[lane], wanted, booking_id)]):
            return False
    return True


def _insert(organization_id: UUID, rows: Sequence[tuple[Place, Occupation, UUID]]) -> bool:
    """Whether all of the places could be taken, each for its booking."""
    ordered = sorted(rows, key=lambda row: (row[0].resource_id, row[0].lane, row[0].start))
    inserted = statements.run(
        INSERT,
        {
            "organization": organization_id,
            "expires_at": ordered[0][1].expires_at,
            "ids": [uuid7() for _ in ordered],
            "bookings": [booking_id for _place, _occupation, booking_id in ordered],
            "requirements": [place.requirement_id for place, _occupation, _booking in ordered],
            "resources": [place.resource_id for place, _occupation, _booking in ordered],
            "lanes": [place.lane for place, _occupation, _booking in ordered],
            "starts": [place.start for place, _occupation, _booking in ordered],
            "ends": [place.end for place, _occupation, _booking in ordered],
        },
    )
    return inserted.rowcount == len(ordered)


def expired_holds(*, resource_ids: Iterable[UUID], start: int, end: int, now: datetime) -> list[UUID]:
    """Bookings whose expired holds still stand in [start, end) of these resources."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT booking_id FROM bookings_allocation
            WHERE resource_id = ANY(%s) AND active AND start_minute < %s AND end_minute > %s AND expires_at <= %s""",
            [list(resource_ids), end, start, now],
        )
        return [row[0] for row in cursor.fetchall()]
