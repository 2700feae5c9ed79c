"""The PostgreSQL server as a process of ours: started until it answers, ended in order."""

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from holdfast.core.child_process import start_child
from holdfast.core.log_file import LogFile
from holdfast.core.postgres_account import Account
from holdfast.core.postgres_binaries import EmbeddedPostgresError
from holdfast.core.postgres_cluster import server_environment
from holdfast.core.postgres_leftovers import clear_leftovers

START_TIMEOUT = 120.0  # seconds: recovery after a crash replays up to max_wal_size
STOP_TIMEOUT = 10.0  # seconds a fast shutdown may take before an immediate one
_POLL = 0.01
_RETRY = 0.1


class PostgresProcess:
    """At most one server at a time, started by us, its output in `log`."""

    def __init__(self, log: LogFile) -> None:
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The postmaster's process number while it lives."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self, argv: list[str], *, cluster: Path, account: Account | None, answers: Callable[[], bool]) -> None:
        """Run `argv` until `answers()`. Raises EmbeddedPostgresError quoting the log when it ends or stays silent."""
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            clear_leftovers(cluster, deadline=deadline)
            self._log.begin()
            with self._log.path.open("ab") as output:
                self._process = start_child(
                    argv,
                    on_parent_death=signal.SIGINT,  # "fast shutdown" to PostgreSQL
                    env=server_environment(cluster),
                    cwd=cluster.parent,
                    output=output,
                    user=None if account is None else account.uid,
                    group=None if account is None else account.gid,
                )
            while self._process.poll() is None:
                if answers():
                    return
                if time.monotonic() > deadline:
                    raise self._failure(f"PostgreSQL did not answer within {START_TIMEOUT:.0f} s")
                time.sleep(_POLL)
            said = self._log.since_begin()
            # Processes of a server killed a moment ago may need another moment to notice.
            passing = "postmaster.pid" in said or "shared memory block" in said
            if not passing or time.monotonic() > deadline:
                raise self._failure("PostgreSQL did not start")
            time.sleep(_RETRY)

    def stop(self, timeout: float) -> None:
        """Fast shutdown; after `timeout` seconds an immediate one (the next start recovers); at last SIGKILL."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        for request, patience in ((signal.SIGINT, timeout), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            process.send_signal(request)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(patience)
                return

    def _failure(self, what: str) -> EmbeddedPostgresError:
        return EmbeddedPostgresError(
            f"{what}. The last lines of {self._log.path}:\n{self._log.last_lines()}\n"
            "Correct what they name and start again, or set DATABASE_URL to use a PostgreSQL you run yourself."
        )
