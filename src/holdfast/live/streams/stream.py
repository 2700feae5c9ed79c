"""One listener's way through a feed: what was missed, what happens, a heartbeat when nothing does, and a goodbye."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from django.conf import settings

from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.live.streams.catching_up import Start
from holdfast.live.streams.envelopes import BYE, HEARTBEAT, HELLO, Listening, Public, SignedIn, envelope, told
from holdfast.live.streams.feed import Behind, Feed
from holdfast.live.streams.happening import Happening

HEARTBEAT_SECONDS = 15.0
# Streams end by themselves: credentials are looked at again, and processes get their share of listeners again.
LIFETIME_SECONDS = (720.0, 1080.0)
# Why a stream ends, and in how many milliseconds its listener should come again.
RETRY_MS = {"lifetime": (0, 3_000), "shutdown": (250, 4_000), "slow": (1_000, 10_000), "changed": (0, 3_000)}

Write = Callable[[int, bytes], Awaitable[None]]
Renew = Callable[[Public, int], Awaitable[Public]]
StillMay = Callable[[SignedIn], Awaitable[None]]


class Slow(Exception):
    """The reader does not read. It goes on after the last id that it has."""


class Stream:
    """Says envelopes by `write` (id, JSON), each once and in the log's order, until it ends."""

    __slots__ = ("_feed", "_is_ending", "_listening", "_number", "_renew", "_start", "_still_may", "_write", "last_id")

    def __init__(
        self,
        feed: Feed,
        start: Start,
        listening: Listening,
        *,
        write: Write,
        renew: Renew,
        still_may: StillMay,
        is_ending: Callable[[], bool],
    ) -> None:
        self._feed, self._start, self._listening = feed, start, listening
        self._write, self._renew, self._still_may, self._is_ending = write, renew, still_may, is_ending
        self._number = 0
        self.last_id = start.after

    async def run(self) -> str:
        """Why it ended, which its listener has been told. Raises Slow."""
        try:
            return await self._bye(await self._speak())
        except Behind:
            return await self._bye("slow")
        except HoldfastError:  # its service is gone, or who listens is signed in no more
            return await self._bye("changed")

    async def _speak(self) -> str:
        """Until there is a reason to end. Raises Slow, Behind, HoldfastError."""
        loop = asyncio.get_running_loop()
        lifetime = random.uniform(*LIFETIME_SECONDS)  # noqa: S311 - no secret
        ends = loop.time() + lifetime
        await self._hello(int(lifetime))
        await self._replay()
        beat = loop.time() + HEARTBEAT_SECONDS
        while True:
            news = self._feed.news
            if await self._catch_up():
                beat = loop.time() + HEARTBEAT_SECONDS
            if self._is_ending():
                return "shutdown"
            if loop.time() >= ends:
                return "lifetime"
            if loop.time() >= beat:
                await self.beat()
                beat = loop.time() + HEARTBEAT_SECONDS
            await _either(news, min(beat, ends))

    async def beat(self) -> None:
        """Say that the line is alive, and up to where all is told."""
        await self._say(HEARTBEAT)

    async def _hello(self, lifetime: int) -> None:
        told = {
            "scope": self._listening.scope,
            "heartbeat_seconds": int(HEARTBEAT_SECONDS),
            "lifetime_seconds": lifetime,
        }
        await self._say(HELLO, **told)

    async def _bye(self, reason: str) -> str:
        await self._say(BYE, reason=reason, retry_ms=random.randint(*RETRY_MS[reason]))  # noqa: S311 - no secret
        return reason

    async def _replay(self) -> None:
        """What lies before all that the feed keeps."""
        if self._start.is_lost and isinstance(self._listening, Public):
            now = clock.now().isoformat()
            await self._send(self.last_id, self._listening.updated(self.last_id, now, None))
        while (number := self._feed.number_after(self.last_id)) is None:
            until = self._feed.begin
            page = await self._feed.log.after(self.last_id, until=until, of=self._start.subject)
            for happening in page.happenings:
                await self._tell(happening)
            if page.is_all:
                self.last_id = until
        self._number = number

    async def _catch_up(self) -> bool:
        """Whether there was anything to say. Raises Behind, Slow, HoldfastError."""
        spoke = False
        if isinstance(self._listening, Public) and self._listening.version != self._feed.version:
            self._listening = await self._renew(self._listening, self._feed.version)
            now = clock.now().isoformat()
            await self._send(self.last_id, self._listening.updated(self.last_id, now, None))
            spoke = True
        while self._number < self._feed.end:
            for happening in list(self._feed.since(self._number)):
                self._number += 1
                if happening.id > self.last_id:
                    spoke |= await self._tell(happening)
        self.last_id = max(self.last_id, self._feed.settled)
        return spoke

    async def _tell(self, happening: Happening) -> bool:
        """Whether it is one for this listener."""
        said = told(self._listening, happening)
        if said is not None:
            if isinstance(self._listening, SignedIn):
                await self._still_may(self._listening)
            await self._send(happening.id, said)
        self.last_id = happening.id
        return said is not None

    async def _say(self, kind: str, **data: object) -> None:
        await self._send(self.last_id, envelope(self.last_id, kind, clock.now().isoformat(), data))

    async def _send(self, number: int, said: bytes) -> None:
        try:
            async with asyncio.timeout(settings.STREAMS_PATIENCE_SECONDS):
                await self._write(number, said)
        except TimeoutError:
            raise Slow from None


async def _either(news: asyncio.Event, until: float) -> None:
    """Until there is news, or this moment of the loop's clock."""
    try:
        async with asyncio.timeout_at(until):
            await news.wait()
    except TimeoutError:
        pass
