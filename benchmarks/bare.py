"""Floors over HTTP: bare ASGI applications that do the least, under the same uvicorn as the product.

`same` answers with the product's own bytes, kept ready. `busy` answers with the packed busy time of the pool it is
asked for, in one round trip to PostgreSQL as the application's role: no calendar, no slots, no text. `hello` answers a
word. `/cpu` gives the CPU seconds used so far.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from psycopg import AsyncClientCursor, AsyncConnection
from psycopg_pool import AsyncConnectionPool

from holdfast.core.listening_socket import inherited

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# The query of bookings/availability/busy.py, with the tenant's name before it.
QUERY = """
SELECT set_config('holdfast.organization', %(organization)s, true);
SELECT string_agg(
    int4send(r.number::int) || int4send(a.lane) || int4send(a.start_minute) || int4send(a.end_minute), ''
)
FROM unnest(%(resources)s::uuid[]) WITH ORDINALITY AS r(id, number)
JOIN bookings_allocation a ON a.resource_id = r.id AND a.active
    AND a.start_minute >= %(lowest)s AND a.start_minute < %(until)s AND a.end_minute > %(since)s
    AND (a.expires_at IS NULL OR a.expires_at > %(now)s)
"""
# The folder with the bodies that `same` may be asked for, a file each.
BODIES = "BENCHMARK_BODIES"
# What `busy` may be asked for: {name: parameters of QUERY} as JSON.
QUESTIONS = "BENCHMARK_QUESTIONS"


def with_cpu_clock(application: App) -> App:
    """The same, and the CPU seconds of the process at `/cpu`."""

    async def clocked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/cpu":
            await _answer(send, str(time.process_time()).encode())
        else:
            await application(scope, receive, send)

    return clocked


async def _hello(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await _answer(send, b"hello")


class _Same:
    def __init__(self) -> None:
        folder = Path(os.environ.get(BODIES, "/nowhere"))
        self._bodies = {each.name: each.read_bytes() for each in folder.glob("*")}

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked = dict(parse_qsl(scope["query_string"].decode()))
            await _answer(send, self._bodies.get(asked.get("question", ""), b"ready"))


class _Busy:
    def __init__(self) -> None:
        self._questions: dict[str, Any] = json.loads(os.environ.get(QUESTIONS, "{}"))
        self._pool: AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]] | None = None

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] == "/":
            await _answer(send, b"ready")
            return
        name = dict(parse_qsl(scope["query_string"].decode()))["question"]
        pool = await self._ready()
        async with pool.connection() as connection, AsyncClientCursor(connection) as cursor:
            await cursor.execute(QUERY, self._questions[name])
            cursor.nextset()
            row = await cursor.fetchone()
        assert row is not None
        await _answer(send, row[0] or b"")

    async def _ready(self) -> "AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]]":
        if self._pool is None:
            pool = AsyncConnectionPool(
                os.environ["DATABASE_URL"], min_size=1, max_size=4, open=False, kwargs={"autocommit": True}
            )
            await pool.open()
            self._pool = pool
        return self._pool


class _Stream:
    """Server-sent events: each POST says one to all who listen. The least that a live connection can be."""

    def __init__(self) -> None:
        self._said = asyncio.Event()

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] == "POST" or scope["path"] == "/":
            rung, self._said = self._said, asyncio.Event()
            rung.set()
            await _answer(send, b"said")
            return
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"event: hello\ndata: {}\n\n", "more_body": True})
        while True:
            await self._said.wait()
            piece = b"id: 1\nevent: availability-updated\ndata: " + b"x" * 150 + b"\n\n"
            await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _answer(send: Send, body: bytes) -> None:
    headers = [(b"content-type", b"application/octet-stream"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


hello = with_cpu_clock(_hello)
busy, same, stream = _Busy(), _Same(), _Stream()


def main() -> None:
    """`python -m benchmarks.bare module:application fd`: serve as config/serving.py does, without anything else."""
    config = uvicorn.Config(sys.argv[1], access_log=False, log_level="warning", server_header=False)
    uvicorn.Server(config).run(sockets=[inherited(int(sys.argv[2]))])


if __name__ == "__main__":
    main()
