"""The product running for real, in processes of its own, and many clients that come at the same moment."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Thread
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from django.db import connections

from holdfast.core.child_process import start_child
from holdfast.core.embedded_postgres import APP
from holdfast.core.listening_socket import ListeningSocket
from tests import database

T = TypeVar("T")
Record = Callable[[str, object], None]  # pytest's `record_property`: figures, told at the end of the run
START_SECONDS = 30.0


def environment(database_url: str, **more: str) -> dict[str, str]:
    """What a process of the product is told; the secret key is this process's, so links made here are good there."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "holdfast.config.settings",
        "DATABASE_URL": database_url,
        "HOLDFAST_DEMO": "0",
        "HOLDFAST_LOG_LEVEL": "ERROR",
    }
    return {**os.environ, **ours, **more}


class House:
    """Web processes that share one port and work on one database of the run's server, as the application's role."""

    def __init__(self, name: str, *, web_processes: int = 2, **variables: str) -> None:
        self.database = name
        self._environment = environment(database.url(APP, name), **variables)
        self._web_processes = web_processes
        self._listening = ListeningSocket("127.0.0.1", 0)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._children: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.port}"

    def __enter__(self) -> Self:
        for _ in range(self._web_processes):
            self._children.append(self._start_web())
        self._wait_until_it_answers()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._listening.close()
        self._log.close()

    def stop(self) -> None:
        """As a supervisor does, and wait until they have ended."""
        for child in self._children:
            child.terminate()
        for child in self._children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def restart(self) -> None:
        """As a supervisor does for a new version; whoever comes meanwhile waits at the port."""
        self.stop()
        self._children = [self._start_web() for _ in self._children]
        self._wait_until_it_answers()

    def said(self) -> str:
        """What the processes have printed: for the message of a failing test."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def _start_web(self) -> subprocess.Popen[bytes]:
        return start_child(
            [sys.executable, "-m", "holdfast", "web", "--fd", str(self._listening.fd)],
            on_parent_death=signal.SIGKILL,
            env=self._environment,
            cwd=Path(__file__).parent.parent,
            output=self._log,
            pass_fds=(self._listening.fd,),
        )

    def _wait_until_it_answers(self) -> None:
        """Every process has to be up: a request on a connection of its own for each, until none fails."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(f"{self.url}/api/v1/nobody", timeout=START_SECONDS)
            except httpx.HTTPError:
                assert time.monotonic() < deadline, self.said()
                time.sleep(0.05)
            else:
                return


@dataclass(frozen=True)
class Ask:
    """One request of the API: the path below /api/v1/."""

    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True)
class Told:
    """What came back, and after how many seconds."""

    status: int
    body: Any
    headers: httpx.Headers
    seconds: float


class Client:
    """One of many: every request under way has a connection of its own."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=60.0, limits=httpx.Limits(max_connections=None))

    async def ask(self, what: Ask) -> Told:
        began = time.perf_counter()
        answer = await self._http.request(
            what.method,
            f"/api/v1/{what.path}",
            json=what.body if what.method == "POST" else None,
            headers=dict(what.headers),
        )
        body = answer.json() if answer.content else None
        return Told(answer.status_code, body, answer.headers, time.perf_counter() - began)

    async def close(self) -> None:
        await self._http.aclose()


def together(house: House, asks: Iterable[Ask]) -> list[Told]:
    """All at the same moment, each on a connection of its own; answers in the order of the asks."""

    async def run(client: Client) -> list[Told]:
        return list(await asyncio.gather(*(client.ask(each) for each in asks)))

    return with_clients(house.url, run)


def with_clients(url: str, work: Callable[[Client], Coroutine[Any, Any, T]]) -> T:
    """Run `work` with clients of a house."""

    async def run() -> T:
        client = Client(url)
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


def at_once(works: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run each on a thread with a database connection of its own, all let go at the same moment.

    What each returned or raised, in order.
    """
    gate = Barrier(len(works))
    ends: list[T | Exception] = [RuntimeError("it never ended")] * len(works)

    def run(number: int) -> None:
        try:
            connections["default"].ensure_connection()
            gate.wait()
            ends[number] = works[number]()
        except Exception as error:
            ends[number] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(number,), daemon=True) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ends


def quantile(numbers: Iterable[float], share: float) -> float:
    """The smallest number that at least this share of all does not exceed."""
    ordered = sorted(numbers)
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]
