"""Reading an organization's events in the order of their ids, as far as the log is settled (tide.py)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from holdfast.bookings.availability.busy_feed import TOUCHED
from holdfast.core.errors import NotFound
from holdfast.live.database import Database
from holdfast.live.streams.happening import Happening, happening_of

MOST_READ = 500
Subject = UUID | str | None
COLUMNS = f"""
SELECT o.catalog_version, (
    SELECT json_agg(json_build_array(found.id, found.kind, found.subject, found.payload,
        (extract(epoch FROM found.at) * 1000000)::bigint, s.slug, lower(b.customer_email), touched.periods
    ) ORDER BY found.id)
    FROM found LEFT JOIN bookings_booking b ON b.id = found.subject LEFT JOIN catalog_service s ON s.id = b.service_id
    LEFT JOIN LATERAL ({TOUCHED}) touched ON true
)
FROM catalog_organization o WHERE o.id = %(organization)s
"""  # noqa: S608 - put together from constants


def _found(where: str, order: str = "id") -> str:
    return f"""
    WITH found AS MATERIALIZED (
        SELECT * FROM events_event WHERE organization_id = %(organization)s AND id <= %(until)s AND {where}
        ORDER BY {order} LIMIT {MOST_READ}
    ) {COLUMNS}
    """  # noqa: S608 - put together from constants


LAST = _found("true", "id DESC")
AFTER = _found("id > %(after)s")
OF_BOOKING = _found("id > %(after)s AND subject = %(of)s")
BOOKED_WITH = (
    "SELECT id FROM bookings_booking WHERE organization_id = %(organization)s AND lower(customer_email) = %(of)s"
)
OF_ADDRESS = _found(f"id > %(after)s AND subject IN ({BOOKED_WITH})")


@dataclass(frozen=True, slots=True)
class Page:
    """What one look gave, in order; `is_all`: there is no more of what was asked for."""

    happenings: list[Happening]
    catalog_version: int

    @property
    def is_all(self) -> bool:
        return len(self.happenings) < MOST_READ


class Log:
    """One organization's events. Everything raises psycopg.OperationalError, and NotFound when it is gone."""

    def __init__(self, database: Database, organization_id: UUID) -> None:
        self._database, self.organization_id = database, organization_id

    async def last(self, *, until: int) -> Page:
        """The last events up to an id."""
        return await self._read(LAST, {"until": until})

    async def after(self, after: int, *, until: int, of: Subject = None) -> Page:
        """The first events after an id: all, or those of one booking, or of all booked with an address."""
        query = AFTER if of is None else OF_BOOKING if isinstance(of, UUID) else OF_ADDRESS
        return await self._read(query, {"after": after, "until": until, "of": of})

    async def _read(self, query: str, parameters: dict[str, Any]) -> Page:
        row = await self._database.read(self.organization_id, query, parameters)
        if row is None:
            raise NotFound
        return Page([happening_of(each) for each in row[1] or ()], row[0])
