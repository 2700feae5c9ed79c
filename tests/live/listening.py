"""A listener over either transport: envelopes one by one, as dictionaries."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal
from urllib.parse import urlencode

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

Transport = Literal["sse", "ws"]
Envelope = dict[str, Any]
PATIENCE_SECONDS = 10


class Refused(Exception):
    """Status and code, whichever way they came: 4404 is 404."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(status, code)
        self.status, self.code = status, code


class Listener:
    def __init__(self, envelopes: Iterator[Envelope]) -> None:
        self._envelopes = envelopes
        self.hello = self._next()

    def _next(self) -> Envelope:
        return next(self._envelopes)

    def next(self) -> Envelope:
        """The next that is not a heartbeat."""
        while (found := self._next())["kind"] == "heartbeat":
            pass
        return found

    def until(self, event_id: int) -> list[Envelope]:
        """Everything that is said up to the moment at which this event is told or known to be none of ours."""
        found = []
        while (each := self._next())["id"] < event_id or each["kind"] == "hello":
            found.append(each)
        return [each for each in [*found, each] if each["kind"] not in ("heartbeat", "bye")]


@contextmanager
def listen(
    base: str, slug: str, transport: Transport, headers: dict[str, str] | None = None, **query: Any
) -> Iterator[Listener]:
    """Raises Refused."""
    asked = urlencode({name.rstrip("_"): value for name, value in query.items()})
    if transport == "ws":
        address = f"{base.replace('http', 'ws', 1)}/api/v1/{slug}/ws?{asked}"
        with connect(address, additional_headers=headers or {}, open_timeout=PATIENCE_SECONDS) as socket:
            try:
                yield Listener(_of_socket(socket))
            except ConnectionClosed as closed:
                if closed.rcvd is None or closed.rcvd.code < 4000:
                    raise
                raise Refused(closed.rcvd.code - 4000, closed.rcvd.reason.partition(":")[0]) from None
        return
    address = f"{base}/api/v1/{slug}/events?{asked}"
    with httpx.stream("GET", address, headers=headers, timeout=PATIENCE_SECONDS) as answer:
        if answer.status_code != 200:
            problem = json.loads(answer.read())
            assert answer.headers["Content-Type"] == "application/problem+json"
            raise Refused(answer.status_code, problem["code"])
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        listener = Listener(_of_stream(answer))  # kept here: without a reader httpx would close
        yield listener


def _of_socket(socket: Any) -> Iterator[Envelope]:
    while True:
        yield json.loads(socket.recv(timeout=PATIENCE_SECONDS))


def _of_stream(answer: httpx.Response) -> Iterator[Envelope]:
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        envelope = json.loads(fields["data"])
        assert (fields["id"], fields["event"]) == (str(envelope["id"]), envelope["kind"])
        yield envelope
