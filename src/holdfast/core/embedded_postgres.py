"""A real PostgreSQL under the data directory, started and stopped by us (docs/adr/0002-embedded-postgresql.md).

    with EmbeddedPostgres(Path("var/data")).attach_or_start() as postgres:
        psycopg.connect(postgres.app_url)

One process owns it and holds the lock; any number of others on the machine attach to it meanwhile.
"""

import contextlib
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from holdfast.core import postgres_cluster
from holdfast.core.child_process import start_child
from holdfast.core.data_lock import DataLock, ServerAddress
from holdfast.core.log_file import LogFile
from holdfast.core.postgres_account import (
    SYSTEM_HOME,
    Account,
    choose_account,
    home_of,
    reachable_binaries,
    settle_home,
)
from holdfast.core.postgres_binaries import EmbeddedPostgresError, find_binaries
from holdfast.core.postgres_cluster import APP, DATABASE, OWNER, SUPERUSER
from holdfast.core.postgres_leftovers import clear_leftovers
from holdfast.core.postgres_socket import socket_directory

__all__ = ["APP", "DATABASE", "OWNER", "SUPERUSER", "AlreadyRunningError", "EmbeddedPostgres", "EmbeddedPostgresError"]

START_TIMEOUT = 120.0  # seconds: recovery after a crash replays up to max_wal_size
STOP_TIMEOUT = 10.0  # seconds a fast shutdown may take before an immediate one
SOCKET_PORT = 5432  # part of the socket's file name, nothing listens on it
_POLL = 0.01


class AlreadyRunningError(EmbeddedPostgresError):
    """Another process owns the database in this data directory."""


class EmbeddedPostgres:
    """PostgreSQL in `data_dir`, reached through a Unix socket only its own user may enter.

    `bin_dir` names the programs to run instead of looking for them. `tcp_port` makes it listen on 127.0.0.1 as well,
    with passwords (`tcp_url`). Start it from the main thread: on Linux the kernel then ends it when we end.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        bin_dir: Path | None = None,
        tcp_port: int | None = None,
        system_home: Path = SYSTEM_HOME,
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.log_path = self.data_dir / "postgres.log"
        self._log = LogFile(self.log_path)
        self._bin_dir = bin_dir
        self._tcp_port = tcp_port
        self._system_home = system_home
        self._lock = DataLock(self.data_dir / "lock")
        self._server: subprocess.Popen[bytes] | None = None
        self._address: ServerAddress | None = None

    # Where it is

    @property
    def owner_url(self) -> str:
        """For migrations: the role that owns the tables."""
        return self.url(OWNER)

    @property
    def app_url(self) -> str:
        """For everything else: the role row-level security holds for."""
        return self.url(APP)

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        """A libpq URL through the socket. Raises EmbeddedPostgresError before start() or attach."""
        if self._address is None:
            raise EmbeddedPostgresError("The embedded PostgreSQL has no address before it is started.")
        host = quote(self._address.socket_directory, safe="")
        return f"postgresql://{role}@/{quote(database)}?host={host}&port={self._address.port}"

    def tcp_url(self, role: str = APP, database: str = DATABASE) -> str:
        """A libpq URL through 127.0.0.1; only with `tcp_port`. The superuser has none."""
        if self._tcp_port is None:
            raise EmbeddedPostgresError("The embedded PostgreSQL listens on no TCP port: none was asked for.")
        return f"postgresql://{role}:{self._password()}@127.0.0.1:{self._tcp_port}/{quote(database)}"

    @property
    def home(self) -> Path:
        """Where the cluster is: `data_dir`, or elsewhere if root keeps that where PostgreSQL's user cannot go."""
        return home_of(self.data_dir)

    @property
    def owned(self) -> bool:
        """Whether this process runs the server (else it is attached to another's, or nothing was started)."""
        return self._lock.held

    @property
    def pid(self) -> int | None:
        """The postmaster's process number while we run it."""
        return self._server.pid if self._server is not None and self._server.poll() is None else None

    @property
    def is_running(self) -> bool:
        """Whether it is there: our own process alive, or another's answering."""
        return self.pid is not None if self.owned else self._address is not None and self._answers()

    # Its life

    def start(self) -> None:
        """Create the data if there is none, start the server, make roles and database. Does nothing if it runs.

        Also brings it back after it died. Raises AlreadyRunningError if another process owns this data, and
        EmbeddedPostgresError, with the last lines of the log, for whatever else is in the way.
        """
        if self.pid is not None:
            return
        was_ours = self._lock.held
        if not self._take_lock():
            raise AlreadyRunningError(
                f"Another holdfast (process {self._lock.holder()}) already runs the database in {self.data_dir}. "
                "Stop that one first, or choose another data directory."
            )
        try:
            self._start_server()
        except BaseException:
            self._end_server()
            if not was_ours:
                self._lock.release()
            raise

    def stop(self, timeout: float = STOP_TIMEOUT) -> None:
        """End it cleanly (clients are disconnected); after `timeout` seconds at once. Leaves another's server alone."""
        self._end_server(timeout)
        if self._lock.held:
            if self._address is not None:
                with contextlib.suppress(OSError):  # not empty: a server that had to be killed left its socket
                    Path(self._address.socket_directory).rmdir()
            self._lock.release()
        self._address = None

    @contextlib.contextmanager
    def attach_or_start(self) -> Iterator[Self]:
        """Use the server another process already runs on this data, else start one and stop it at the end."""
        deadline = time.monotonic() + START_TIMEOUT
        while not self._attach():
            if self._take_lock():
                try:
                    self.start()
                    yield self
                finally:
                    self.stop()
                return
            if time.monotonic() > deadline:
                raise AlreadyRunningError(
                    f"Another holdfast (process {self._lock.holder()}) holds the database in {self.data_dir} but it "
                    f"does not answer. Look in {self.log_path}, or stop that process."
                )
            time.sleep(5 * _POLL)
        try:
            yield self
        finally:
            self._address = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # Its databases

    def ensure_database(self, name: str) -> None:
        """One more database like ours (tests use it): same owner, same extensions."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as admin:
            postgres_cluster.ensure_database(admin, name)
        with psycopg.connect(self.url(SUPERUSER, name), autocommit=True) as admin:
            postgres_cluster.ensure_extensions(admin)

    def drop_database(self, name: str) -> None:
        """Remove a database, if it is there, and disconnect whoever uses it."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    # How it is done

    def _take_lock(self) -> bool:
        self.data_dir.mkdir(mode=0o755 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        return self._lock.take()

    def _attach(self) -> bool:
        self._address = self._lock.address_of_holder()
        return self._address is not None and self._answers()

    def _start_server(self) -> None:
        home = settle_home(self.data_dir, system_home=self._system_home)
        cluster = home / "cluster"
        account = choose_account(home, cluster)
        binaries = find_binaries(bin_dir=self._bin_dir, major=postgres_cluster.existing_major(cluster))
        binaries = reachable_binaries(binaries, account=account, home=home)
        if postgres_cluster.existing_major(cluster) is None:
            postgres_cluster.create_cluster(cluster, binaries=binaries, account=account)
        postgres_cluster.write_settings(cluster, account=account)
        port = self._tcp_port or SOCKET_PORT
        sockets = socket_directory(home, account=account, port=port)
        self._address = ServerAddress(str(sockets), port)
        argv = [
            *(str(binaries.postgres), "-D", str(cluster), "-k", str(sockets), "-p", str(port)),
            *("-h", "127.0.0.1" if self._tcp_port else ""),
            *("-c", "fsync=on", "-c", "full_page_writes=on"),  # not for any settings file to change
        ]
        self._launch(argv, cluster=cluster, account=account)
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as admin:
            postgres_cluster.ensure_roles(admin)
            if self._tcp_port:
                for role in (OWNER, APP):
                    postgres_cluster.set_password(admin, role, self._password())
        self.ensure_database(DATABASE)
        self._lock.announce(self._address)

    def _launch(self, argv: list[str], *, cluster: Path, account: Account | None) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            clear_leftovers(cluster, deadline=deadline)
            self._log.begin()
            with self.log_path.open("ab") as log:
                self._server = start_child(
                    argv,
                    on_parent_death=signal.SIGINT,  # "fast shutdown" to PostgreSQL
                    env=postgres_cluster.server_environment(cluster),
                    cwd=cluster.parent,
                    output=log,
                    user=None if account is None else account.uid,
                    group=None if account is None else account.gid,
                )
            while self._server.poll() is None:
                if self._answers():
                    return
                if time.monotonic() > deadline:
                    raise self._failure(f"PostgreSQL did not answer within {START_TIMEOUT:.0f} s")
                time.sleep(_POLL)
            said = self._log.since_begin()
            # Processes of a server killed a moment ago may need another moment to notice.
            passing = "postmaster.pid" in said or "shared memory block" in said
            if not passing or time.monotonic() > deadline:
                raise self._failure("PostgreSQL did not start")
            time.sleep(10 * _POLL)

    def _end_server(self, timeout: float = STOP_TIMEOUT) -> None:
        server, self._server = self._server, None
        if server is None or server.poll() is not None:
            return
        for request, patience in ((signal.SIGINT, timeout), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            server.send_signal(request)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(patience)
                return

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _failure(self, what: str) -> EmbeddedPostgresError:
        return EmbeddedPostgresError(
            f"{what}. The last lines of {self.log_path}:\n{self._log.last_lines()}\n"
            "Correct what they name and start again, or set DATABASE_URL to use a PostgreSQL you run yourself."
        )

    def _password(self) -> str:
        path = self.data_dir / "password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24))
        return path.read_text()
