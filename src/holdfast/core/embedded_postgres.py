"""A real PostgreSQL under the data directory, started and stopped by us (docs/adr/0002-embedded-postgresql.md).

    with EmbeddedPostgres(Path("var/data")).attach_or_start() as postgres:
        psycopg.connect(postgres.app_url)

One process owns it and holds the lock; any number of others on the machine attach to it meanwhile.
"""

import contextlib
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from holdfast.core import postgres_cluster
from holdfast.core.data_lock import DataLock, ServerAddress
from holdfast.core.log_file import LogFile
from holdfast.core.postgres_account import (
    SYSTEM_HOME,
    choose_account,
    home_of,
    reachable_binaries,
    settle_home,
)
from holdfast.core.postgres_binaries import EmbeddedPostgresError, find_binaries
from holdfast.core.postgres_cluster import APP, DATABASE, OWNER, SUPERUSER
from holdfast.core.postgres_process import START_TIMEOUT, STOP_TIMEOUT, PostgresProcess
from holdfast.core.postgres_socket import socket_directory

__all__ = ["APP", "DATABASE", "OWNER", "SUPERUSER", "AlreadyRunningError", "EmbeddedPostgres", "EmbeddedPostgresError"]

SOCKET_PORT = 5432  # part of the socket's file name, nothing listens on it
_POLL = 0.05


class AlreadyRunningError(EmbeddedPostgresError):
    """Another process owns the database in this data directory."""


class EmbeddedPostgres:
    """PostgreSQL in `data_dir`, reached through a Unix socket only its own user may enter.

    `bin_dir` names the programs to run instead of looking for them. `tcp_port` makes it listen on 127.0.0.1 as well,
    with passwords (`tcp_url`). `settings` go before those of postgres_cluster.TUNING ({"max_connections": "300"}).
    Start it from the main thread: on Linux the kernel then ends it when we end.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        bin_dir: Path | None = None,
        tcp_port: int | None = None,
        settings: Mapping[str, str] | None = None,
        system_home: Path = SYSTEM_HOME,
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.log_path = self.data_dir / "postgres.log"
        self._server = PostgresProcess(LogFile(self.log_path))
        self._bin_dir = bin_dir
        self._tcp_port = tcp_port
        self._settings = settings or {}
        self._system_home = system_home
        self._lock = DataLock(self.data_dir / "lock")
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
        return self._server.pid

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
            self._server.stop(STOP_TIMEOUT)
            if not was_ours:
                self._lock.release()
            raise

    def stop(self, timeout: float = STOP_TIMEOUT) -> None:
        """End it cleanly (clients are disconnected); after `timeout` seconds at once. Leaves another's server alone."""
        self._server.stop(timeout)
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
            time.sleep(_POLL)
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
        with self._explaining_permissions():
            self.data_dir.mkdir(mode=0o755 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            return self._lock.take()

    def _attach(self) -> bool:
        with self._explaining_permissions():
            self._address = self._lock.address_of_holder()
        return self._address is not None and self._answers()

    @contextlib.contextmanager
    def _explaining_permissions(self) -> Iterator[None]:
        try:
            yield
        except PermissionError as refusal:
            raise EmbeddedPostgresError(
                f"The data directory {self.data_dir} is not ours to use ({refusal.strerror}: {refusal.filename}). "
                "Run holdfast as the user it was made by, or choose another data directory."
            ) from refusal
        except (NotADirectoryError, FileExistsError) as refusal:
            raise EmbeddedPostgresError(
                f"{self.data_dir} cannot be a directory: a file is in the way. Choose another data directory."
            ) from refusal

    def _start_server(self) -> None:
        home = settle_home(self.data_dir, system_home=self._system_home)
        cluster = home / "cluster"
        account = choose_account(home, cluster)
        binaries = find_binaries(bin_dir=self._bin_dir, major=postgres_cluster.existing_major(cluster))
        binaries = reachable_binaries(binaries, account=account, home=home)
        if postgres_cluster.existing_major(cluster) is None:
            postgres_cluster.create_cluster(cluster, binaries=binaries, account=account)
        postgres_cluster.write_settings(cluster, self._settings, account=account)
        port = self._tcp_port or SOCKET_PORT
        sockets = socket_directory(home, account=account, port=port)
        self._address = ServerAddress(str(sockets), port)
        argv = [
            *(str(binaries.postgres), "-D", str(cluster), "-k", str(sockets), "-p", str(port)),
            *("-h", "127.0.0.1" if self._tcp_port else ""),
            *("-c", "fsync=on", "-c", "full_page_writes=on"),  # not for any settings file to change
        ]
        self._server.start(argv, cluster=cluster, account=account, answers=self._answers)
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as admin:
            postgres_cluster.ensure_roles(admin)
            if self._tcp_port:
                for role in (OWNER, APP):
                    postgres_cluster.set_password(admin, role, self._password())
        self.ensure_database(DATABASE)
        self._lock.announce(self._address)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _password(self) -> str:
        path = self.data_dir / "password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24))
        return path.read_text()
