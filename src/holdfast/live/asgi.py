"""What the applications in front of Django share: ASGI's types, and how one of them answers and refuses."""

import gzip
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

from holdfast.core.answers import encode
from holdfast.core.errors import HoldfastError
from holdfast.core.languages import first_spoken

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PREFIX = "/api/v1/"
WORTH_PACKING = 1_000  # bytes
# The extension of a scope that holds its connection's transport (config/protocols.py).
TRANSPORT = "holdfast.transport"


def slug_in(path: str, suffix: str) -> str | None:
    """The organization in `/api/v1/{org}{suffix}`; None for every other path."""
    if not (path.startswith(PREFIX) and path.endswith(suffix)):
        return None
    slug = path[len(PREFIX) : -len(suffix)]
    return slug if slug and "/" not in slug else None


def headers_of(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def language_of(headers: dict[str, str]) -> str | None:
    """For the words of a refusal: the first language the reader asks for that we speak; None: no such is named."""
    return first_spoken(headers.get("accept-language", ""), dict(settings.LANGUAGES))


async def refuse(send: Send, error: HoldfastError) -> None:
    """Answer with the problem document, in the language that is active."""
    await respond(send, error.status, encode(error.problem()), error.headers, "application/problem+json")


def packed(body: bytes, told: dict[str, str], asked: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    """A body with nothing secret in it, in a tenth of its bytes for whoever reads that (RFC 9110, 12.5.3)."""
    told = {**told, "vary": "Accept-Encoding"}
    if len(body) < WORTH_PACKING or "gzip" not in asked.get("accept-encoding", ""):
        return body, told
    return gzip.compress(body, compresslevel=3, mtime=0), {**told, "content-encoding": "gzip"}


async def respond(
    send: Send, status: int, body: bytes, headers: dict[str, str], content_type: str = "application/json"
) -> None:
    sent = {"content-type": content_type, "content-length": str(len(body)), **headers}
    await start(send, status, sent)
    await send({"type": "http.response.body", "body": body})


async def start(send: Send, status: int, headers: dict[str, str]) -> None:
    """The status and the headers of an answer whose body follows."""
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
