"""The stand-in as an ASGI application: the API, its pages, and webhooks on their way."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from holdfast.stripe_standin import api, endpoints, forms, idempotency, pages
from holdfast.stripe_standin.api import Answer, Request
from holdfast.stripe_standin.control import Control
from holdfast.stripe_standin.faults import Fault, Faults
from holdfast.stripe_standin.store import Store

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LARGEST_BODY = 1_000_000
TICK_SECONDS = 0.1
# A browser asks from another origin: the page is ours, the script and the API are the stand-in's.
CORS = {"access-control-allow-origin": "*", "access-control-expose-headers": "request-id"}


class Standin:
    """Works in one thread, one request after the other, so that nothing needs a lock; webhooks are sent by others."""

    def __init__(self, path: str = ":memory:", *, base: str = "") -> None:
        self.store, self.faults = Store(path), Faults()
        self.control = Control(self.store, self.faults)
        self.base = base
        self._under_way: set[tuple[str, str]] = set()
        self._background: asyncio.Task[None] | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._background = asyncio.create_task(self._tick())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._background.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._background
        self.store.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _tick(self) -> None:
        while True:
            api.tick(self.store, self.base)
            if not self.control.held:
                for delivery in endpoints.owed(self.store):
                    await self._deliver(delivery)
            await asyncio.sleep(TICK_SECONDS)

    async def _deliver(self, delivery: endpoints.Delivery) -> None:
        fault = self.faults.next("webhook", delivery.kind)
        do = fault.do if fault else ""
        if fault and do == "delay":
            wait = self.store.moment() + fault.seconds
            self.store.database.execute("UPDATE delivery SET due = ? WHERE seq = ?", [wait, delivery.seq])
        elif do == "lose":
            self.store.database.execute("UPDATE delivery SET done = 1 WHERE seq = ?", [delivery.seq])
        elif do == "drop":
            endpoints.note(self.store, delivery, None)
        else:
            for _ in range(2 if do == "duplicate" else 1):
                status = await asyncio.to_thread(delivery.send)
            endpoints.note(self.store, delivery, status)

    async def _http(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _body(receive)
        base = self.base or f"http://{headers.get('host', 'localhost')}"
        path, method = scope["path"], scope["method"]
        if path.startswith("/v1/") and method == "OPTIONS":
            allowed = {"access-control-allow-headers": "*", "access-control-allow-methods": "*"}
            await _respond(send, Answer(204, "", CORS | allowed))
        elif path.startswith("/v1/"):
            values = forms.decode(scope["query_string"].decode() if method in {"GET", "DELETE"} else body.decode())
            await self._api(Request(method, path, values, headers, base), receive, send)
        elif path.startswith("/_standin/"):
            await self._control(path.removeprefix("/_standin/"), body, send)
        else:
            api.tick(self.store, base)
            query = dict(parse_qsl(scope["query_string"].decode()))
            visit = pages.Visit(self.store, base, method, path, query, dict(parse_qsl(body.decode())), headers)
            await _respond(send, pages.answer(visit))

    async def _control(self, what: str, body: bytes, send: Send) -> None:
        wish = json.loads(body or b"{}")
        try:
            told = await self.control.run(what, wish)
        except (LookupError, TypeError, ValueError) as error:
            await _respond(send, Answer(400, json.dumps({"error": repr(error)}), {}))
        else:
            api.tick(self.store, self.base)
            await _respond(send, Answer(200, json.dumps(told), {}))

    async def _api(self, request: Request, receive: Receive, send: Send) -> None:
        fault = self.faults.next("request", f"{request.method} {request.path}")
        key = request.headers.get("idempotency-key", "")
        claim = (request.headers.get("authorization", ""), key)
        if key and claim in self._under_way:
            refused = idempotency.in_use(key)
            await _respond(send, Answer(refused.status, json.dumps({"error": refused.error}), CORS))
            return
        self._under_way.add(claim)
        try:
            if fault and not fault.do.endswith("_after") and await _spoiled(fault, receive, send):
                return
            api.tick(self.store, request.base)
            told = api.answer(self.store, request)
            if fault and fault.do == "500_after":
                told = self._spoil_for_good(request, told)
            elif fault and fault.do.endswith("_after") and await _spoiled(fault, receive, send):
                return
            await _respond(send, Answer(told.status, told.body, told.headers | CORS))
        finally:
            self._under_way.discard(claim)

    def _spoil_for_good(self, request: Request, told: Answer) -> Answer:
        """The work is done and the answer says otherwise; the key remembers the answer, as Stripe's do."""
        self.store.database.execute(
            "UPDATE answer SET status = 500, body = ? WHERE key = ?",
            [_OOPS, request.headers.get("idempotency-key", "")],
        )
        return Answer(500, _OOPS, told.headers)


_OOPS = json.dumps(
    {"error": {"type": "api_error", "message": "An unknown error occurred (a fault that was wished for)."}}
)
_TOO_MANY = json.dumps(
    {"error": {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests."}}
)


async def _spoiled(fault: Fault, receive: Receive, send: Send) -> bool:
    """Make it go wrong; False when, after a delay, all goes on as usual."""
    do = fault.do.removesuffix("_after")
    if do == "500":
        await _respond(send, Answer(500, _OOPS, CORS | {"stripe-should-retry": "true"}))
    elif do == "429":
        await _respond(send, Answer(429, _TOO_MANY, CORS))
    elif do == "drop":
        # uvicorn's own object, of which ASGI shows only `send`: nothing else closes a connection without an answer.
        send.__self__.transport.abort()  # type: ignore[attr-defined]
        await receive()
    elif do == "timeout":
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(receive(), fault.seconds)
        send.__self__.transport.abort()  # type: ignore[attr-defined]
    else:
        await asyncio.sleep(fault.seconds)
        return False
    return True


async def _body(receive: Receive) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if not message.get("more_body") or size > LARGEST_BODY:
            return b"".join(parts)


async def _respond(send: Send, told: Answer) -> None:
    body = told.body.encode()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **told.headers,
    }
    await send(
        {
            "type": "http.response.start",
            "status": told.status,
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": body})
