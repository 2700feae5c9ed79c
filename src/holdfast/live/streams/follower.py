"""One follower for a process: it sees what is settled, reads it once for each organization, and wakes who listens."""

import asyncio
import logging
import time
from contextlib import suppress
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from holdfast.core.errors import NotFound
from holdfast.live.database import Database
from holdfast.live.streams.feed import Feed
from holdfast.live.streams.log import Log
from holdfast.live.streams.tide import Tide

EVERY_SECONDS = 0.05
# While somebody is about to commit.
SOON_SECONDS = 0.015
# Nothing of the log says that the catalog has changed.
CATALOG_SECONDS = 1.0
# The follower rests for as long as it asked, however many organizations it follows; but on a machine that is slow for
# other reasons nobody is to wait for its rest.
LONGEST_REST_SECONDS = 0.2
PAUSE_SECONDS = 1.0
# A feed without listeners is kept for those who come back.
KEPT_SECONDS = 60.0

logger = logging.getLogger(__name__)


class Follower:
    """Feeds of the organizations that are listened to. Nothing runs while nobody listens."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tide = Tide()
        self._feeds: dict[UUID, Feed] = {}
        self._reading = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._looked_at_catalogs = 0.0
        self.is_ending = False

    async def join(self, organization_id: UUID) -> Feed:
        """The organization's feed, one listener more. Raises NotFound, psycopg.OperationalError."""
        async with self._reading:
            feed = self._feeds.get(organization_id) or await self._load(organization_id)
        feed.listeners += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._follow())
        return feed

    def leave(self, feed: Feed) -> None:
        feed.listeners -= 1
        feed.idle_since = time.monotonic()

    async def exists(self, event_id: int) -> bool:
        """Whether an event may have this id: that it was drawn by now. Raises psycopg.OperationalError."""
        if event_id > self._tide.drawn:
            await self._tide.look(self._database)
        return event_id <= self._tide.drawn

    def end(self) -> None:
        """Let everybody go: this process ends."""
        self.is_ending = True
        for feed in self._feeds.values():
            feed.ring()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _load(self, organization_id: UUID) -> Feed:
        await self._tide.look(self._database)
        log, settled = Log(self._database, organization_id), self._tide.settled
        feed = self._feeds[organization_id] = Feed(log, await log.last(until=settled), settled)
        return feed

    async def _follow(self) -> None:
        while self._feeds:
            began = time.monotonic()
            try:
                async with self._reading:
                    await self._look()
            except (psycopg.OperationalError, PoolTimeout) as error:
                logger.warning("events could not be read: %s", error)
                await asyncio.sleep(PAUSE_SECONDS)
            pause = SOON_SECONDS if self._tide.is_waiting else EVERY_SECONDS
            await asyncio.sleep(max(pause, min(time.monotonic() - began, LONGEST_REST_SECONDS)))

    async def _look(self) -> None:
        await self._tide.look(self._database)
        now, settled = time.monotonic(), self._tide.settled
        with_catalogs = now - self._looked_at_catalogs > CATALOG_SECONDS
        if with_catalogs:
            self._looked_at_catalogs = now
        for organization_id, feed in list(self._feeds.items()):
            if not feed.listeners and now - feed.idle_since > KEPT_SECONDS:
                del self._feeds[organization_id]
            elif with_catalogs or feed.settled < settled:
                with suppress(NotFound):  # its listeners find nothing when they come again
                    feed.take(await feed.log.after(feed.settled, until=settled), settled)
