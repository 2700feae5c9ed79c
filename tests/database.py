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
        self._postgres = EmbeddedPostgres(self._home)

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


def use(name: str) -> None:
    """Let Django work with this database, as the application's role."""
    connection = connections["default"]
    connection.close()
    connection.settings_dict.update(database(url(APP, name)))
