"""`holdfast serve` as people run it: a supervisor with its web processes and worker, to be killed one by one."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

START_SECONDS = 60.0


class Served:
    """Runs inside the block. What it prints is kept in a file: a pipe that nobody reads would stop it."""

    def __init__(self, environment: Mapping[str, str], *, web_processes: int = 2) -> None:
        self._environment = environment
        self._web_processes = web_processes
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._supervisor: subprocess.Popen[bytes] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        command = ["serve", "--port", "0", "--web-processes", str(self._web_processes), "--workers", "1"]
        self._supervisor = subprocess.Popen(
            [sys.executable, "-m", "holdfast", *command],
            env={**self._environment, "PYTHONUNBUFFERED": "1"},
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + START_SECONDS
        while not (found := re.search(r"listens on (\S+:\d+)", self.said())):
            assert time.monotonic() < deadline, self.said()
            assert self._supervisor.poll() is None, self.said()
            time.sleep(0.05)
        self.url = f"http://{found[1]}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._supervisor is not None
        self._supervisor.terminate()
        try:
            self._supervisor.wait(30)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()
            self._supervisor.wait()
        self._output.close()

    def said(self) -> str:
        """From the beginning; the descriptor is the supervisor's too, so its place in the file is left alone."""
        return os.pread(self._output.fileno(), 10_000_000, 0).decode(errors="replace")

    def kill(self, role: str) -> int:
        """`kill -9` to one process of this role ("web" or "worker"); its id, 0 when none was alive.

        The eldest: kept connections are with it, and not with the one that has just been started again.
        """
        assert self._supervisor is not None
        for pid in reversed(children_of(self._supervisor.pid)):
            if f"\0holdfast\0{role}\0" in command_of(pid):
                os.kill(pid, signal.SIGKILL)
                return pid
        return 0


def children_of(parent: int) -> list[int]:
    found = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = (line.split() for line in found.stdout.splitlines())
    return sorted((int(pid) for pid, ppid in pairs if int(ppid) == parent), reverse=True)


def command_of(pid: int) -> str:
    """The arguments of a process, each ended by NUL."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:  # it ended, or this is no Linux
        found = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return "\0".join(["", *found.stdout.split(), ""])
