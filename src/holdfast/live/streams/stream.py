"""One listener's way through a feed: what was missed, what happens, a heartbeat when nothing does, and a goodbye."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from django.conf import settings

from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.live.streams.catching_up import Start
from holdfast.live.streams.envelopes import BYE, HEARTBEAT, HELLO, Listening, Public, SignedIn, Staff, envelope, told
from holdfast.live.streams.feed import Behind, Feed
from holdfast.live.streams.happening import Happening
from holdfast.live.streams.transports import Transport

HEARTBEAT_SECONDS = 15.0
# Streams end by themselves: credentials are looked at again, and processes get their share of listeners again.
LIFETIME_SECONDS = (720.0, 1080.0)
# Why a stream ends, and in how many milliseconds its listener should come again.
RETRY_MS = {"lifetime": (0, 3_000), "shutdown": (250, 4_000), "slow": (1_000, 10_000), "changed": (0, 3_000)}

Renew = Callable[[Public, int], Awaitable[Public]]
StillMay = Callable[[SignedIn | Staff], Awaitable[None]]


class Slow(Exception):
    """The reader does not read. It goes on after the last id that it has."""


class Stream:
    """Says envelopes over a transport, each once and in the log's order, until it ends."""

    __slots__ = (
        *(
            "_alarm",
            "_feed",
            "_is_ending",
            "_listening",
            "_looked",
            "_number",
            "_renew",
            "_start",
            "_still_may",
            "_transport",
        ),
        *("_waiter", "last_id"),
    )

    def __init__(
        self,
        feed: Feed,
        start: Start,
        listening: Listening,
        *,
        transport: Transport,
        renew: Renew,
        still_may: StillMay,
        is_ending: Callable[[], bool],
    ) -> None:
        self._feed, self._start, self._listening = feed, start, listening
        self._transport, self._is_ending = transport, is_ending
        self._renew, self._still_may = renew, still_may
        self._alarm: asyncio.TimerHandle | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._number = 0
        self._looked = asyncio.get_running_loop().time()
        self.last_id = start.after

    async def run(self) -> str:
        """Why it ended, which its listener has been told. Raises Slow."""
        try:
            return await self._bye(await self._until_the_end())
        except Behind:
            return await self._bye("slow")
        except HoldfastError:  # its service is gone, or who listens is signed in no more
            return await self._bye("changed")
        finally:
            if self._alarm is not None:
                self._alarm.cancel()

    async def _until_the_end(self) -> str:
        """Until there is a reason to end. Raises Slow, Behind, HoldfastError."""
        loop = asyncio.get_running_loop()
        lifetime = random.uniform(*LIFETIME_SECONDS)  # noqa: S311 - no secret
        ends = loop.time() + lifetime
        await self._hello(int(lifetime))
        await self._replay()
        beat = loop.time() + HEARTBEAT_SECONDS
        while True:
            rings = self._feed.rings
            if await self._catch_up():
                beat = loop.time() + HEARTBEAT_SECONDS
            if self._is_ending():
                return "shutdown"
            if loop.time() >= ends:
                return "lifetime"
            if loop.time() >= beat:
                await self.beat()
                beat = loop.time() + HEARTBEAT_SECONDS
            if rings == self._feed.rings:
                await self._news_or(min(beat, ends))

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
            await self._look_again()
            await self._send(happening.id, said)
        self.last_id = happening.id
        return said is not None

    async def _look_again(self) -> None:
        """Whether who signed in is still signed in. Raises HoldfastError."""
        now = asyncio.get_running_loop().time()
        if isinstance(self._listening, SignedIn | Staff) and now - self._looked >= self._listening.sure_seconds:
            await self._still_may(self._listening)
            self._looked = now

    async def _say(self, kind: str, **data: object) -> None:
        await self._send(self.last_id, envelope(self.last_id, kind, clock.now().isoformat(), data))

    async def _send(self, number: int, said: bytes) -> None:
        if self._transport.has_room:  # as nearly always: a timer for each of thousands costs more than what is said
            await self._transport.write(number, said)
            return
        try:
            async with asyncio.timeout(settings.STREAMS_PATIENCE_SECONDS):
                await self._transport.write(number, said)
        except TimeoutError:
            raise Slow from None

    async def _news_or(self, until: float) -> None:
        """Until there is news, or this moment of the loop's clock; sometimes sooner."""
        loop = asyncio.get_running_loop()
        if self._alarm is None or self._alarm.when() > until:
            if self._alarm is not None:
                self._alarm.cancel()
            self._alarm = loop.call_at(until, self._wake)
        self._waiter = loop.create_future()
        waiting = self._feed.waiting
        waiting.add(self._waiter)
        try:
            await self._waiter
        finally:
            waiting.discard(self._waiter)

    def _wake(self) -> None:
        self._alarm = None
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
