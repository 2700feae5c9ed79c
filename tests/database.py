"""One PostgreSQL for the whole run, one migrated template, a copy for each worker and for each test that commits.

Tests work as the application's role, so row-level security holds in every one of them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import psycopg
from django.db import connections
from psycopg import sql

from holdfast.config.environment import database
from holdfast.core.embedded_postgres import APP, DATABASE, OWNER, SUPERUSER, EmbeddedPostgres

# Set for the workers of pytest-xdist, who inherit our environment.
SOCKET_VARIABLE = "HOLDFAST_TEST_SOCKET"


class TestServer:
    """The PostgreSQL of this test run."""

    __test__ = False

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="holdfast-test-"))
        self._home.chmod(0o755)
        # No test outlives a power cut, which is all that waiting for the disk is good for.
        self._postgres = EmbeddedPostgres(self._home, settings={"synchronous_commit": "off"})

    def start(self) -> None:
        self._postgres.start()
        os.environ[SOCKET_VARIABLE] = self._postgres.url("ROLE", "NAME")
        environment = os.environ | {"DATABASE_URL": url(OWNER, DATABASE), "DATABASE_OWNER_URL": url(OWNER, DATABASE)}
        subprocess.run(
            [sys.executable, "-m", "holdfast", "migrate", "--grant-to", APP],
            env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def stop(self) -> None:
        self._postgres.stop()
        shutil.rmtree(self._home, ignore_errors=True)


def url(role: str, name: str) -> str:
    """The address of a database of the run's server."""
    return os.environ[SOCKET_VARIABLE].replace("ROLE@", f"{role}@").replace("/NAME", f"/{name}")


def copy_template(prefix: str) -> str:
    """A fresh database, migrated and empty; its name."""
    name = f"{prefix}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url(SUPERUSER, "postgres"), autocommit=True) as admin:
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        admin.execute(statement.format(sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(DATABASE)))
    return name


def drop(name: str) -> None:
    with psycopg.connect(url(SUPERUSER, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class Lent:
    """A copy of the template that tests which commit use one after the other.

    It is emptied in between, which costs a tenth of a new copy; one whose schema was changed is thrown away.
    """

    def __init__(self) -> None:
        self._name = ""
        self._schema: object = None
        self._emptying = sql.Composed([])

    def take(self) -> str:
        """The name of a database that is migrated and empty."""
        if not self._name:
            self._name = copy_template("test")
            with self._admin() as admin:
                self._schema = _one(admin, _SCHEMA)
                self._emptying = _emptying(admin)
        return self._name

    def give_back(self) -> None:
        """Nobody is connected any more, and nothing is left of what was done with it."""
        try:
            with self._admin() as admin:
                admin.execute(_LEAVE)
                if _one(admin, _SCHEMA) == self._schema:
                    admin.execute(self._emptying)
                    return
        except psycopg.OperationalError:  # a thread of the test's server came back meanwhile
            pass
        self.drop()

    def drop(self) -> None:
        if self._name:
            drop(self._name)
            self._name = ""

    def _admin(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(url(SUPERUSER, self._name), autocommit=True)


_LEAVE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# Of all that a test could have altered: how much there is, and which transaction wrote last.
_CATALOGS = ("pg_class", "pg_attribute", "pg_constraint", "pg_index", "pg_trigger", "pg_proc", "pg_policy")
_WRITTEN = sql.SQL("(SELECT (count(*), max(xmin::text::bigint)) FROM {})")
_SCHEMA = sql.SQL("SELECT concat({})").format(
    sql.SQL(", ").join(_WRITTEN.format(sql.Identifier(name)) for name in _CATALOGS)
)
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_SEQUENCES = "SELECT relname, seqstart FROM pg_sequence JOIN pg_class ON pg_class.oid = seqrelid"


def _emptying(admin: "psycopg.Connection[tuple[object, ...]]") -> sql.Composed:
    """The statements after which a database is as the template; what migrations wrote, tests do not change."""
    tables = [sql.Identifier(str(name)) for (name,) in admin.execute(_TABLES)]
    empty = [each for each in tables if not _one(admin, sql.SQL("SELECT EXISTS (SELECT FROM {})").format(each))]
    starts = admin.execute(_SEQUENCES).fetchall()
    return sql.SQL("; ").join(
        [
            sql.SQL("SET session_replication_role = replica"),  # no trigger, no reference has a say
            sql.SQL("SET lock_timeout = '2s'"),
            *(sql.SQL("DELETE FROM {}").format(each) for each in empty),
            *(sql.SQL("SELECT setval({}, {}, false)").format(name, start) for name, start in starts),
            sql.SQL("SELECT pg_stat_reset()"),
        ]
    )


def _one(admin: "psycopg.Connection[tuple[object, ...]]", query: sql.Composed) -> object:
    row = admin.execute(query).fetchone()
    assert row is not None
    return row[0]


def use(name: str) -> None:
    """Let Django work with this database, as the application's role."""
    connection = connections["default"]
    connection.close()
    connection.settings_dict.update(database(url(APP, name)))
