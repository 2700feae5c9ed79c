"""Listening: `GET /api/v1/{org}/events` (server-sent events) and `/api/v1/{org}/ws` (WebSocket), raw ASGI.

No connection to the database is kept by a stream, and nothing is kept for each but how far it is.
"""

import asyncio
import logging
from urllib.parse import parse_qsl

import psycopg
from django.conf import settings
from django.utils import translation
from psycopg_pool import PoolTimeout

from holdfast.core.errors import Busy, HoldfastError, MethodNotAllowed, ValidationError
from holdfast.live.asgi import Receive, Scope, Send, headers_of, language_of, slug_in
from holdfast.live.availability import Availability
from holdfast.live.database import Database
from holdfast.live.streams import leaving
from holdfast.live.streams.catching_up import Start, start_of
from holdfast.live.streams.envelopes import Listening, Public, SignedIn, Staff
from holdfast.live.streams.feed import Feed
from holdfast.live.streams.follower import Follower
from holdfast.live.streams.seats import Seats
from holdfast.live.streams.stream import Slow, Stream
from holdfast.live.streams.transports import ServerSentEvents, Transport, WebSocket
from holdfast.live.streams.visitors import Asking, Visitors

SUFFIXES = {"http": "/events", "websocket": "/ws"}

logger = logging.getLogger(__name__)


class Streams:
    """ASGI application for the streams of all organizations, with one follower of the log."""

    def __init__(self, database: Database, availability: Availability) -> None:
        self._follower = Follower(database)
        self._visitors = Visitors(database, availability)
        self._renewing = asyncio.Lock()
        self._seats = Seats(settings.STREAMS_PER_PROCESS, settings.STREAMS_PER_ADDRESS)
        leaving.when_asked(self._follower.end)

    def answers(self, scope: Scope) -> bool:
        return _slug(scope) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_socket = scope["type"] == "websocket"
        transport: Transport = WebSocket(scope, receive, send) if is_socket else ServerSentEvents(scope, receive, send)
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        asking = Asking(_slug(scope) or "", query, headers_of(scope), is_socket)
        address = (scope.get("client") or ("", 0))[0]
        with translation.override(language_of(asking.headers) or "en"):
            try:
                if scope.get("method", "GET") != "GET":
                    raise MethodNotAllowed(allowed=["GET"])
                self._seats.take(address)
            except HoldfastError as error:
                await transport.refuse(error)
                return
            try:
                await self._listen(asking, transport)
            finally:
                self._seats.give_back(address)

    async def close(self) -> None:
        await self._follower.close()

    async def _listen(self, asking: Asking, transport: Transport) -> None:
        try:
            listening, feed, start = await self._begun(asking)
        except HoldfastError as error:
            await transport.refuse(error)
            return
        except (psycopg.DataError, UnicodeError):  # U+0000 in a name
            await transport.refuse(ValidationError())
            return
        except (psycopg.OperationalError, PoolTimeout) as error:
            logger.warning("a stream could not begin: %s", error)
            await transport.refuse(Busy())
            return
        try:
            await self._speak(asking.slug, transport, feed, start, listening)
        finally:
            self._follower.leave(feed)

    async def _begun(self, asking: Asking) -> tuple[Listening, Feed, Start]:
        """The feed has one listener more, who is to leave."""
        last_event_id = asking.last_event_id
        organization_id, listening = await self._visitors.recognize(asking)
        feed = await self._follower.join(organization_id)
        try:
            return listening, feed, await start_of(self._follower, feed, listening, last_event_id)
        except BaseException:
            self._follower.leave(feed)
            raise

    async def _speak(self, slug: str, transport: Transport, feed: Feed, start: Start, listening: Listening) -> None:
        async def still_may(known: SignedIn | Staff) -> None:
            await self._visitors.check(feed.log.organization_id, known)

        async def renew(known: Public, version: int) -> Public:
            async with self._renewing:  # of thousands who ask at once, the first reads the plan
                return await self._visitors.renewed(slug, known, version)

        await transport.accept()
        stream = Stream(
            feed,
            start,
            listening,
            transport=transport,
            renew=renew,
            still_may=still_may,
            is_ending=lambda: self._follower.is_ending,
        )
        speaking = asyncio.create_task(_until_it_ends(stream, transport))
        try:
            await transport.listen(stream.beat)
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)


async def _until_it_ends(stream: Stream, transport: Transport) -> None:
    try:
        reason = await stream.run()
    except Slow:
        transport.abort()
    except (psycopg.OperationalError, PoolTimeout) as error:
        logger.warning("a stream could not go on: %s", error)
        transport.abort()
    except Exception:
        transport.abort()
        raise
    else:
        await transport.end(reason)


def _slug(scope: Scope) -> str | None:
    return slug_in(scope["path"], SUFFIXES[scope["type"]]) if scope["type"] in SUFFIXES else None
