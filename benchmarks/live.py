"""Live connections: how many one process holds, what each costs, and how soon an event has reached all of them."""

import asyncio
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import load, serving
from benchmarks.bookings import API, Places
from benchmarks.report import Figure, percentile, say
from benchmarks.world import World
from holdfast.core.listening_socket import ListeningSocket

CONNECTIONS, QUICK_CONNECTIONS = 2_000, 500
EVENTS, QUICK_EVENTS = 40, 10
AT_ONCE = 50
PAUSE_SECONDS = 0.5
PRODUCT = (sys.executable, "-m", "holdfast", "web", "--fd")
FLOOR = (sys.executable, "-m", "benchmarks.bare", "benchmarks.bare:stream")
EVENT = re.compile(rb"^event: (?!hello|heartbeat|bye)", re.MULTILINE)


def measure(world: World, *, quick: bool) -> list[Figure]:
    """Of one web process, and of a bare ASGI application that sends the same bytes to as many."""
    count, events = (QUICK_CONNECTIONS, QUICK_EVENTS) if quick else (CONNECTIONS, EVENTS)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    environment = {**world.environment(), "HOLDFAST_STREAMS_PER_ADDRESS": str(count)}
    path = f"{API}/events?service=group-0&days=92"
    found = {}
    for name, command in ("product", PRODUCT), ("floor", FLOOR):
        with _serving(command, environment) as (port, pid):
            posts = (
                [each for each in Places(port, days=60).requests(40 * events) if '"group-0"' in each][:events]
                if name == "product"
                else [load.post("/say", {}, {})] * events
            )
            found[name] = asyncio.run(_listen(port, pid, path, count, posts))
            held, memory, p99, cpu = found[name]
            say(f"{name}: {held} listen, {memory:.1f} kB each, p99 {p99:.0f} ms, {cpu:.0f} ms of CPU an event")
    (held, memory, p99, cpu), (floor_held, floor_memory, floor_p99, floor_cpu) = found["product"], found["floor"]
    return [
        Figure("live_connections", held, "", floor_held),
        Figure("live_memory_per_connection_kb", memory, "kB", floor_memory),
        Figure("live_event_p99_ms", p99, "ms", floor_p99),
        Figure("live_event_cpu_ms", cpu, "ms", floor_cpu),
    ]


async def _listen(port: int, pid: int, path: str, count: int, posts: list[str]) -> tuple[int, float, float, float]:
    """How many got every event, kB of memory for each, p99 from answer to arrival, and CPU of an event (ms)."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def open_one() -> asyncio.StreamReader:
        async with gate:
            return await _open(port, path)

    # The first half takes what is loaded once, and the free room that a process has from its start.
    readers = await asyncio.gather(*(open_one() for _ in range(count // 2)))
    before = _resident(pid)
    readers += await asyncio.gather(*(open_one() for _ in range(count - len(readers))))
    memory = (_resident(pid) - before) / 1024 / (count - count // 2)
    came: list[list[float]] = [[] for _ in readers]
    listening = [asyncio.create_task(_note(each, times)) for each, times in zip(readers, came, strict=True)]
    began = _cpu(pid)
    told = [await _post(port, each) for each in posts]
    await asyncio.sleep(2.0)
    cpu = (_cpu(pid) - began) * 1000 / len(told)
    for task in listening:
        task.cancel()
    held = sum(len(times) == len(told) for times in came)
    ages = [max(0.0, at - said) * 1000 for times in came for at, said in zip(times, told, strict=False)]
    return held, memory, percentile(ages, 99), cpu


async def _open(port: int, path: str) -> asyncio.StreamReader:
    reader, writer = await asyncio.open_connection(load.HOST, port)
    reader._writer = writer  # type: ignore[attr-defined]  # noqa: SLF001 - which would close the connection when forgotten
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
    await reader.readuntil(b"\n\n")  # its hello
    return reader


async def _note(reader: asyncio.StreamReader, times: list[float]) -> None:
    while True:
        if EVENT.search(await reader.readuntil(b"\n\n")):
            times.append(time.perf_counter())


async def _post(port: int, request: str) -> float:
    """When it was answered."""
    await asyncio.sleep(PAUSE_SECONDS)
    reader, writer = await asyncio.open_connection(load.HOST, port)
    writer.write(request.encode())
    assert b" 20" in await reader.readuntil(b"\r\n\r\n")
    answered = time.perf_counter()
    writer.close()
    return answered


def _resident(pid: int) -> int:
    """Bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _cpu(pid: int) -> float:
    """Seconds that a process has worked (proc(5): utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _serving(command: tuple[str, ...], environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Port and process id of one server."""
    with ListeningSocket(load.HOST, 0) as listening:
        more = {"DJANGO_SETTINGS_MODULE": "holdfast.config.settings", **environment}
        server = subprocess.Popen([*command, str(listening.fd)], env={**os.environ, **more}, pass_fds=(listening.fd,))
        try:
            serving.wait_for(listening.port, API if command == PRODUCT else "/")
            yield listening.port, server.pid
        finally:
            serving.stop(server)
