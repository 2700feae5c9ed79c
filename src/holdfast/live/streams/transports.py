"""The two ways an envelope reaches a listener; both carry the same ones."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any

from holdfast.core.errors import HoldfastError
from holdfast.live.asgi import TRANSPORT, Receive, Scope, Send, refuse, start
from holdfast.live.streams.envelopes import kind_of

# Of what a reader has not read yet so much is kept for it; then its stream waits, and only for so long.
MOST_UNREAD = 16 * 1024
# A connection that is paused begins again below this (asyncio's own quarter): with so little waiting it is not paused.
ROOM = MOST_UNREAD // 4
HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",  # nginx hands on what it gets
}
# Why a WebSocket is closed (RFC 6455, 7.4); a refusal is 4000 and the status that HTTP would give.
CLOSE_CODES = {"lifetime": 1001, "shutdown": 1012, "slow": 1013, "changed": 1001}
REFUSED = 4000
LONGEST_REASON = 123
Beat = Callable[[], Awaitable[None]]


class Transport(ABC):
    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._wire: asyncio.Transport | None = (scope.get("extensions") or {}).get(TRANSPORT)
        if self._wire is not None:
            self._wire.set_write_buffer_limits(high=MOST_UNREAD, low=ROOM)

    @abstractmethod
    async def refuse(self, error: HoldfastError) -> None:
        """Instead of `accept`."""

    @abstractmethod
    async def accept(self) -> None: ...

    @abstractmethod
    async def write(self, number: int, said: bytes) -> None:
        """One envelope, which may have to wait for its reader."""

    @abstractmethod
    async def listen(self, beat: Beat) -> None:
        """Until the listener has left, or the stream has ended."""

    @abstractmethod
    async def end(self, reason: str) -> None: ...

    @property
    def has_room(self) -> bool:
        """Whether a small piece can be written without waiting for the reader."""
        return self._wire is not None and self._wire.get_write_buffer_size() <= ROOM

    def abort(self) -> None:
        """Without a word: there is nobody who reads."""
        if self._wire is not None:
            self._wire.abort()


class ServerSentEvents(Transport):
    """https://html.spec.whatwg.org/multipage/server-sent-events.html"""

    async def refuse(self, error: HoldfastError) -> None:
        await refuse(self._send, error)

    async def accept(self) -> None:
        await start(self._send, 200, HEADERS)

    async def write(self, number: int, said: bytes) -> None:
        piece = b"id: %d\nevent: %s\ndata: %s\n\n" % (number, kind_of(said), said)
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})

    async def listen(self, beat: Beat) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def end(self, reason: str) -> None:
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})


class WebSocket(Transport):
    """RFC 6455. Whatever a client says is answered by a heartbeat: so it measures its way here and back."""

    async def refuse(self, error: HoldfastError) -> None:
        """Accepted and closed: of a handshake that is refused a browser tells its page nothing."""
        await self.accept()
        told = f"{error.code}: {error.detail}"
        await self._close(REFUSED + error.status, told)
        await self.listen(_nothing)

    async def accept(self) -> None:
        await self._receive()
        await self._send({"type": "websocket.accept"})

    async def write(self, number: int, said: bytes) -> None:
        await self._send({"type": "websocket.send", "text": said.decode()})

    async def listen(self, beat: Beat) -> None:
        while True:
            message: Any = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            await beat()

    async def end(self, reason: str) -> None:
        await self._close(CLOSE_CODES[reason], reason)

    async def _close(self, code: int, reason: str) -> None:
        cut = reason.encode()[:LONGEST_REASON].decode(errors="ignore")
        await self._send({"type": "websocket.close", "code": code, "reason": cut})


async def _nothing() -> None:
    """For a listener who was refused."""
