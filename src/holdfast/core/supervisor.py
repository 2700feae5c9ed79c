"""One command that runs the whole house: named children and the embedded PostgreSQL, kept alive and ended together."""

import contextlib
import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import TextIO

from holdfast.core.child_output import ChildOutput
from holdfast.core.child_process import start_child
from holdfast.core.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError

FIRST_DELAY = 0.1  # seconds before a dead child is started again; doubles while it keeps dying young
LONGEST_DELAY = 10.0
GROWN_UP = 10.0  # seconds a child has to live for its deaths to be forgotten
HURRY = 1.0  # seconds all children together get after a second Ctrl-C
_NOW = 3  # a third Ctrl-C waits for nothing
_STOP_TICK = 0.05
_TICK = 0.25  # seconds between looks at things no signal tells of
_ATTACHED_LOOK = 1.0  # seconds between looks at a server of another process, each a connection
_POSTGRES = "postgres"


@dataclass(frozen=True)
class ChildSpec:
    """A program to keep running. `env` is added to our own environment; `pass_fds` are descriptors it inherits."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    pass_fds: tuple[int, ...] = ()


class Backoff:
    """How long to wait before the next start: 0.1 s, then twice as long each time, at most 10 s."""

    def __init__(self) -> None:
        self._deaths = 0

    def next_delay(self, *, lived: float) -> float:
        """`lived` is how many seconds the last life lasted."""
        self._deaths = 1 if lived >= GROWN_UP else self._deaths + 1
        return min(FIRST_DELAY * 2.0 ** (self._deaths - 1), LONGEST_DELAY)


class _Child:
    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        self.process: subprocess.Popen[bytes] | None = None
        self.backoff = Backoff()
        self.started = 0.0  # monotonic
        self.due = 0.0  # monotonic; when to start it (again)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_group(self, number: signal.Signals) -> None:
        """To the child and whatever it started: it leads a session, and so a process group, of its own."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Runs children until SIGINT, SIGTERM or SIGHUP, and starts again whatever dies before. For the main thread.

    `postgres`, if this process owns it, is started first, kept alive and stopped last; attached to another
    process's, it is left alone. Should we be killed outright, the kernel ends the children (see child_process).
    """

    def __init__(
        self,
        children: Sequence[ChildSpec],
        *,
        postgres: EmbeddedPostgres | None = None,
        output: TextIO | None = None,
        stop_timeout: float = 10.0,
    ) -> None:
        self._children = [_Child(spec) for spec in children]
        self._postgres = postgres
        self._postgres_seen = postgres is not None and (postgres.owned or postgres.is_running)
        self._postgres_due = 0.0
        self._postgres_started = time.monotonic()
        self._postgres_backoff = Backoff()
        self._stop_timeout = stop_timeout
        self._stops_asked = 0
        self._hurried_until = math.inf
        self._output = ChildOutput([*(spec.name for spec in children), _POSTGRES], output or sys.stdout)

    def run(self) -> int:
        """Blocks; the exit code, 0 when it was asked to stop."""
        with self._signals():
            try:
                while not self._stops_asked:
                    self._keep_postgres()
                    for child in self._children:
                        self._keep(child)
                    self._output.pump(self._next_look())
            finally:
                self._stop_all()
                self._output.close()
        return 0

    # Keeping alive

    def _keep(self, child: _Child) -> None:
        now = time.monotonic()
        if child.alive or self._stops_asked:
            return
        if child.process is not None:
            child.signal_group(signal.SIGKILL)  # what it started must not go on without it, holding its port
            delay = child.backoff.next_delay(lived=now - child.started)
            self._output.say(child.spec.name, f"{_ending(child.process.returncode)}; starting again in {delay:.1f} s")
            child.process, child.due = None, now + delay
        if now >= child.due:
            self._start(child)

    def _start(self, child: _Child) -> None:
        child.started = time.monotonic()
        try:
            child.process = start_child(
                child.spec.argv,
                on_parent_death=signal.SIGKILL,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **child.spec.env},
                pass_fds=child.spec.pass_fds,
            )
        except OSError as refusal:
            delay = child.backoff.next_delay(lived=0.0)
            child.due = child.started + delay
            self._output.say(child.spec.name, f"cannot be started ({refusal}); trying again in {delay:.1f} s")
            return
        if child.process.stdout is not None:
            self._output.add(child.spec.name, child.process.stdout)

    def _keep_postgres(self) -> None:
        postgres, now = self._postgres, time.monotonic()
        if postgres is None or postgres.pid is not None or now < self._postgres_due:
            return
        if not postgres.owned and postgres.is_running:  # another process's, which we are attached to
            self._postgres_due = now + _ATTACHED_LOOK
            return
        first, self._postgres_seen = not self._postgres_seen, True
        if not first:
            self._output.say(_POSTGRES, "ended unexpectedly; starting it again")
        try:
            postgres.start()
        except EmbeddedPostgresError as refusal:
            if first:
                raise
            delay = self._postgres_backoff.next_delay(lived=now - self._postgres_started)
            self._postgres_due = time.monotonic() + delay
            self._output.say(_POSTGRES, f"{refusal} Trying again in {delay:.1f} s.")
            return
        self._postgres_started = time.monotonic()
        if not first:
            self._output.say(_POSTGRES, f"is back after {self._postgres_started - now:.2f} s")

    def _next_look(self) -> float:
        now = time.monotonic()
        return max(0.0, min([_TICK, *(child.due - now for child in self._children if not child.alive)]))

    # Ending

    def _stop_all(self) -> None:
        """Last started, first stopped, one after the other; PostgreSQL when nobody needs it any more."""
        for child in reversed(self._children):
            child.signal_group(signal.SIGTERM)
            deadline = time.monotonic() + self._stop_timeout
            while child.alive:
                if time.monotonic() > min(deadline, self._hurry()):
                    child.signal_group(signal.SIGKILL)
                self._output.pump(_STOP_TICK)
            child.signal_group(signal.SIGKILL)  # whatever it left behind
        self._output.drain()
        if self._postgres is not None and self._postgres.owned:
            self._postgres.stop(HURRY if self._stops_asked > 1 else self._stop_timeout)

    def _hurry(self) -> float:
        """When patience ends (monotonic): a second Ctrl-C asks all children at once and gives them one second."""
        if self._stops_asked > 1 and self._hurried_until == math.inf:
            self._hurried_until = time.monotonic() + HURRY
            for child in self._children:
                child.signal_group(signal.SIGTERM)
        return self._hurried_until if self._stops_asked < _NOW else -math.inf

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Signals only count and wake the loop: nothing is done inside a handler."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setblocking(False)
        asking = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._count) for number in asking}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, _notice)
        wakeup = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        self._output.wake_on(ours.fileno())
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            ours.close()
            theirs.close()

    def _count(self, number: int, frame: FrameType | None) -> None:
        self._stops_asked += 1


def _notice(number: int, frame: FrameType | None) -> None:
    """A child ended: being called is enough, the wake-up descriptor interrupts the loop's wait."""


def _ending(code: int) -> str:
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
