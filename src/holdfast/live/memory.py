"""Calendars in memory, each at most `FRESH_SECONDS` behind what is committed (docs/algorithms/live.md).

Nothing runs while nobody asks: whoever asks and finds the calendars older reads the news first, in one small round
trip that all who ask at that moment share.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from holdfast.bookings.availability import busy_feed
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES
from holdfast.core import clock
from holdfast.core.errors import Busy
from holdfast.domain.hours import DAY
from holdfast.events.following import place_at
from holdfast.live.calendars import Calendars, calendars_of, standing
from holdfast.live.database import Database
from holdfast.live.kept import Kept

logger = logging.getLogger(__name__)
FRESH_SECONDS = 0.05
# How long a reader waits for an event that is not to be seen: it names one of the future, or none.
PATIENCE_SECONDS = 1.0
# Loading begins when no transaction is open that was so before; a long one is not waited for longer than this.
MOST_LOOKS = 200
PAUSE_SECONDS = 0.02
MOST_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Seen:
    """Calendars, and the moment at which nothing committed was missing in them."""

    calendars: Calendars
    as_of: datetime


class Memory:
    """The calendars of the organizations that were asked for last."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._followers: Kept[UUID, Follower] = Kept(MOST_BYTES)
        self._loading: dict[UUID, asyncio.Task[None]] = {}
        self._distrusted = 0.0

    def distrust(self) -> None:
        """Something was written by this process: whoever asks next reads the news first."""
        self._distrusted = time.monotonic()

    async def seen(self, organization_id: UUID, after: int | None) -> Seen | None:
        """The calendars, fresh, and not without event `after`; None while they are being loaded.

        Raises Busy when the event does not appear, and psycopg.OperationalError.
        """
        follower = self._followers.get(organization_id)
        if follower is None or follower.is_of_yesterday():
            self._load(organization_id)
        if follower is None:
            return None
        asked = time.monotonic()
        if after is None:
            return await follower.fresh(max(asked - FRESH_SECONDS, self._distrusted))
        # An event's number is known when it is committed, so one look that begins now is enough for an honest reader.
        while (found := await follower.fresh(time.monotonic())).calendars.place.last_id < after:
            if time.monotonic() > asked + PATIENCE_SECONDS:
                raise Busy(retry_after=1)
            await asyncio.sleep(PAUSE_SECONDS)
        return found

    async def ready(self, organization_id: UUID) -> None:
        """Wait until the calendars are loaded: for tests and for whoever warms up."""
        if self._followers.get(organization_id) is None:
            self._load(organization_id)
            await self._loading[organization_id]

    async def close(self) -> None:
        for task in self._loading.values():
            task.cancel()
        await asyncio.gather(*self._loading.values(), return_exceptions=True)

    def _load(self, organization_id: UUID) -> None:
        if organization_id not in self._loading:
            task = asyncio.create_task(self._loaded(organization_id))
            self._loading[organization_id] = task
            task.add_done_callback(lambda _: self._loading.pop(organization_id, None))

    async def _loaded(self, organization_id: UUID) -> None:
        try:
            follower = await load(self._database, organization_id)
        except (psycopg.OperationalError, PoolTimeout) as error:
            logger.warning("calendars could not be loaded: %s", error)
        else:
            if follower is not None:
                self._followers.put(organization_id, follower, follower.size())


class Follower:
    """One organization's calendars, brought up to date by the news since they were last read."""

    def __init__(self, database: Database, organization_id: UUID, seen: Seen, began: float) -> None:
        self._database, self._organization_id = database, organization_id
        self._seen, self._began, self._reading = seen, began, asyncio.Lock()

    async def fresh(self, not_before: float) -> Seen:
        """As the database showed them not before this moment (time.monotonic)."""
        if self._began < not_before:
            async with self._reading:  # whoever waited here finds it read
                if self._began < not_before:
                    await self._read_news()
        return self._seen

    def is_of_yesterday(self) -> bool:
        """Calendars begin anew each day: they would end too early, and remember the past."""
        return self._seen.calendars.window.origin < since(clock.now())

    def size(self) -> int:
        return self._seen.calendars.size()

    async def _read_news(self) -> None:
        calendars, began, as_of = self._seen.calendars, time.monotonic(), clock.now()
        asked = {
            "seen": calendars.place.seen,
            "low": calendars.place.low,
            "since": calendars.window.origin,
        }
        row = await read(self._database, self._organization_id, busy_feed.NEWS, asked)
        calendars.apply(row)
        self._seen, self._began = Seen(calendars, as_of), began


async def load(database: Database, organization_id: UUID) -> Follower | None:
    """A follower with everything that is booked; None when a long transaction leaves no moment to begin at."""
    earlier = standing(await read(database, organization_id, busy_feed.STANDS, {}))
    for _ in range(MOST_LOOKS):
        if place_at(standing(await read(database, organization_id, busy_feed.STANDS, {})), earlier):
            break
        await asyncio.sleep(PAUSE_SECONDS)
    began, as_of = time.monotonic(), clock.now()
    row = await read(database, organization_id, busy_feed.EVERYTHING, {"since": since(as_of)})
    place = place_at(standing(row), earlier)
    if place is None:
        return None
    calendars = await asyncio.to_thread(calendars_of, row, since(as_of), place)
    return Follower(database, organization_id, Seen(calendars, as_of), began)


def since(now: datetime) -> int:
    """What ended before this minute is not remembered: nothing that can still be booked may touch it."""
    return clock.to_minute(now) // DAY * DAY - LONGEST_OCCUPATION_MINUTES


async def read(database: Database, organization_id: UUID, query: str, parameters: dict[str, Any]) -> Sequence[Any]:
    row = await database.read(organization_id, query, parameters)
    if row is None:
        raise psycopg.OperationalError("the organization is gone")
    return row
