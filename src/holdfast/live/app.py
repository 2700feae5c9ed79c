"""The one public port: hot reads here, everything else to Django (ADR 3)."""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import psycopg
from django.utils import translation
from psycopg_pool import PoolTimeout

from holdfast.core.answers import encode
from holdfast.core.errors import Busy, HoldfastError, ValidationError
from holdfast.live.availability import Availability
from holdfast.live.database import Database

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

logger = logging.getLogger(__name__)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PREFIX, SUFFIX = "/api/v1/", "/availability"


class Live:
    """ASGI application: answers `GET /api/v1/{org}/availability`, hands everything else to `rest`."""

    def __init__(self, rest: App) -> None:
        self._rest = rest
        self._database = Database()
        self._availability = Availability(self._database)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and (slug := _slug_of(scope)):
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
                await self._availability.memory.close()
                await self._database.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, slug: str, scope: Scope, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        as_asked = scope["query_string"].decode("latin-1")
        query = dict(parse_qsl(as_asked, keep_blank_values=True))
        with translation.override(_language(headers)):
            try:
                found = await self._availability.answer(slug, query, as_asked)
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
            await _respond(send, 304, b"", told)
        else:
            await _respond(send, 200, found.body, told)


def _slug_of(scope: Scope) -> str | None:
    path: str = scope["path"]
    if scope["method"] != "GET" or not (path.startswith(PREFIX) and path.endswith(SUFFIX)):
        return None
    slug = path[len(PREFIX) : -len(SUFFIX)]
    return slug if slug and "/" not in slug else None


def _language(headers: dict[str, str]) -> str:
    """For the words of a refusal: the first language the reader names, if we speak it."""
    wanted = headers.get("accept-language", "").split(",")[0].split(";")[0].strip().lower()
    try:
        return translation.get_supported_language_variant(wanted)
    except LookupError:
        return "en"


async def refuse(send: Send, error: HoldfastError) -> None:
    """Answer with the problem document, in the language that is active."""
    await _respond(send, error.status, encode(error.problem()), error.headers, "application/problem+json")


async def _respond(
    send: Send, status: int, body: bytes, headers: dict[str, str], content_type: str = "application/json"
) -> None:
    sent = {"content-type": content_type, "content-length": str(len(body)), **headers}
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        }
    )
    await send({"type": "http.response.body", "body": body})
