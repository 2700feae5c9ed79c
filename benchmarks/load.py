"""The load generator: keep-alive clients on raw sockets, in a process of its own so that they cost the server little.

    sent = run(port, [get("/health")] * 1000, clients=8)

Each client sends its next request when the last one is answered. Bounded by the number of requests and by time.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, cast

import uvloop

HOST = "127.0.0.1"
PATIENCE = 30.0  # seconds that the last answers may take after the limit


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a load: milliseconds of each answer in order of arrival, and how many had which status."""

    milliseconds: list[float]
    statuses: dict[str, int]
    seconds: float

    def per_second(self, status: int) -> float:
        return self.statuses.get(str(status), 0) / self.seconds

    def all_were(self, status: int) -> bool:
        return set(self.statuses) == {str(status)}


def get(path: str) -> str:
    return f"GET {path} HTTP/1.1\r\nhost: {HOST}\r\n\r\n"


def post(path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    text = json.dumps(body)
    given = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\n"
    return f"{head}{given}content-length: {len(text.encode())}\r\n\r\n{text}"


def run(port: int, requests: Sequence[str], *, clients: int, limit_seconds: float = 60.0) -> Sent:
    """Send all requests, shared among `clients`; stop asking for more after the limit."""
    generator = _generator()
    assert generator.stdin is not None
    assert generator.stdout is not None
    job = {"port": port, "requests": list(requests), "clients": clients, "limit": limit_seconds}
    generator.stdin.write(json.dumps(job) + "\n")
    generator.stdin.flush()
    answer = generator.stdout.readline()
    if not answer:
        raise RuntimeError("the load generator died; it has said why")
    return Sent(**json.loads(answer))


@cache
def _generator() -> subprocess.Popen[str]:
    """Started at the first load; it ends when its input does, which is when we end."""
    command = [sys.executable, "-m", "benchmarks.load"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


class _Client(asyncio.Protocol):
    """One keep-alive connection. Answers are told apart by their Content-Length."""

    def __init__(self, requests: Iterator[bytes], deadline: float) -> None:
        self._requests, self._deadline = requests, deadline
        self._buffer, self._expected = bytearray(), -1
        self._began = 0.0
        self._transport: asyncio.Transport | None = None
        self.milliseconds: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none of asyncio's classes

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.statuses["closed"] += 1
            self.done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._expected < 0:
            head = self._buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            self._expected = head + 4 + _content_length(self._buffer[:head])
        if len(self._buffer) < self._expected:
            return
        self.milliseconds.append((time.perf_counter() - self._began) * 1000)
        self.statuses[self._buffer[9:12].decode()] += 1
        self._buffer, self._expected = bytearray(), -1
        self.send_next()

    def send_next(self) -> None:
        assert self._transport is not None
        request = next(self._requests, None) if time.perf_counter() < self._deadline else None
        if request is None:
            self.done.set_result(None)
            self._transport.close()
        else:
            self._began = time.perf_counter()
            self._transport.write(request)


def _content_length(head: bytearray) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


async def _generate(job: dict[str, Any]) -> Sent:
    requests = iter([text.encode() for text in job["requests"]])
    loop = asyncio.get_running_loop()
    deadline = time.perf_counter() + job["limit"]
    clients = []
    for _ in range(job["clients"]):
        _transport, client = await loop.create_connection(lambda: _Client(requests, deadline), HOST, job["port"])
        clients.append(client)
    began = time.perf_counter()
    for client in clients:
        client.send_next()
    async with asyncio.timeout(job["limit"] + PATIENCE):
        await asyncio.gather(*(client.done for client in clients))
    seconds = time.perf_counter() - began
    statuses: Counter[str] = sum((client.statuses for client in clients), Counter())
    return Sent([each for client in clients for each in client.milliseconds], dict(statuses), seconds)


def main() -> None:
    """One job a line in, one result a line out."""
    for job in sys.stdin:
        print(json.dumps(asdict(uvloop.run(_generate(json.loads(job))))), flush=True)


if __name__ == "__main__":
    main()
