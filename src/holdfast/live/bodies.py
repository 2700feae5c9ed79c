"""Django is given a request when all of it is here: its few threads never wait for somebody's slow connection."""

import asyncio

from holdfast.core.errors import TooLarge, TooSlow
from holdfast.live.asgi import App, Receive, Scope, Send, refuse

# As much as Django reads of a form (DATA_UPLOAD_MAX_MEMORY_SIZE); nothing of ours takes files.
MOST_BYTES = 2_621_440
PATIENCE_SECONDS = 20.0


class WholeBodies:
    """ASGI application: reads each request's body, bounded in size and time, and hands it to `rest` in one piece."""

    def __init__(self, rest: App) -> None:
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                body = await _whole_body(receive)
        except TimeoutError:
            await refuse(send, TooSlow())
        except TooLarge as error:
            await refuse(send, error)
        else:
            if body is not None:
                await self._rest(_with_length(scope, body), _giving(body, receive), send)


async def _whole_body(receive: Receive) -> bytes | None:
    """None when the client left before it had sent everything. Raises TooLarge."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise TooLarge
        if not message.get("more_body", False):
            return bytes(body)


def _with_length(scope: Scope, body: bytes) -> Scope:
    """WSGI reads as far as the length says; a body that came in chunks did not say."""
    if not body or any(name == b"content-length" for name, _value in scope["headers"]):
        return scope
    return {**scope, "headers": [*scope["headers"], (b"content-length", str(len(body)).encode())]}


def _giving(body: bytes, receive: Receive) -> Receive:
    """First the body, then whatever else comes."""
    given = False

    async def message() -> dict[str, object]:
        nonlocal given
        if given:
            return dict(await receive())
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return message
