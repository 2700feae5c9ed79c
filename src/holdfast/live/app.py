"""The one public port: hot reads and live streams here, everything else to Django (ADR 3)."""

import logging
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import psycopg
from django.utils import translation
from psycopg_pool import PoolTimeout

from holdfast.core.errors import Busy, HoldfastError, ValidationError
from holdfast.live.asgi import App, Receive, Scope, Send, headers_of, language_of, packed, refuse, respond, slug_in
from holdfast.live.availability import Answered, Availability
from holdfast.live.database import Database
from holdfast.live.languages import spoken
from holdfast.live.streams.app import Streams

logger = logging.getLogger(__name__)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SUFFIX = "/availability"


class Live:
    """ASGI application: answers `GET /api/v1/{org}/availability` and the streams, hands everything else to `rest`."""

    def __init__(self, rest: App) -> None:
        self._rest = rest
        self._database = Database()
        self._availability = Availability(self._database)
        self._streams = Streams(self._database, self._availability)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif self._streams.answers(scope):
            await self._streams(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "GET" and (slug := slug_in(scope["path"], SUFFIX)):
            await self._answer(slug, scope, send)
        elif scope["type"] == "http":
            await self._rest(scope, receive, send if scope["method"] in SAFE else self._distrusting(send))
        else:
            await send({"type": "websocket.close", "code": 4404})

    def _distrusting(self, send: Send) -> Send:
        """Whoever writes and then asks the same process sees what they wrote."""

        async def sending(message: MutableMapping[str, Any]) -> None:
            self._availability.memory.distrust()
            await send(message)

        return sending

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._streams.close()
                await self._availability.memory.close()
                await self._database.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, slug: str, scope: Scope, send: Send) -> None:
        headers = headers_of(scope)
        as_asked = scope["query_string"].decode("latin-1")
        query = dict(parse_qsl(as_asked, keep_blank_values=True))
        with translation.override(language_of(headers) or "en"):
            try:
                found = await self._found(slug, query, as_asked, headers)
            except HoldfastError as error:
                await refuse(send, error)
                return
            except psycopg.DataError:  # U+0000 in a name: PostgreSQL has no place for it
                await refuse(send, ValidationError())
                return
            except (psycopg.OperationalError, PoolTimeout) as error:
                logger.warning("availability could not be read: %s", error)
                await refuse(send, Busy())
                return
        told = {"etag": found.etag, "cache-control": "no-cache"}
        if found.event_id is not None:
            told["event-id"] = str(found.event_id)
        if found.etag in headers.get("if-none-match", ""):
            await respond(send, 304, b"", told)
        else:
            await respond(send, 200, *packed(found.body, told, headers))

    async def _found(self, slug: str, query: dict[str, str], as_asked: str, headers: dict[str, str]) -> Answered:
        """A refusal is worded anew, in the reader's language among the organization's: an answer needs none of it."""
        try:
            return await self._availability.answer(slug, query, as_asked)
        except HoldfastError:
            translation.activate(await spoken(self._database, slug, headers))
            return await self._availability.answer(slug, query, as_asked)
