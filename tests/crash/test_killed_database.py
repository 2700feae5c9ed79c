"""`kill -9` to PostgreSQL itself, as `holdfast serve` runs it: it comes back, and nothing acknowledged is lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from holdfast.config.environment import database as django_settings
from holdfast.core.embedded_postgres import SUPERUSER, EmbeddedPostgres
from tests.crash.customers import customers
from tests.crash.mailbox import open_postbox
from tests.crash.served import Served
from tests.crash.test_kill_nine import assert_every_booking_is_there_once
from tests.running import Record, environment

BOOKINGS = 120
KILLS = (30, 80)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where PostgreSQL's own user may go too, should root run this."""
    for each in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        each.chmod(0o755)
    return tmp_path


@pytest.fixture
def served(home: Path) -> Iterator[Served]:
    """With a database of its own under its data directory: no DATABASE_URL."""
    with open_postbox() as postbox:
        variables = environment(
            "",
            DATABASE_OWNER_URL="",
            HOLDFAST_DATA_DIR=str(home),
            HOLDFAST_SMTP_HOST="127.0.0.1",
            HOLDFAST_SMTP_PORT=str(postbox.port),
        )
        subprocess.run([sys.executable, "-m", "holdfast", "migrate", "--quiet"], env=variables, check=True)
        with Served(variables) as served:
            yield served


def test_acknowledged_bookings_outlive_the_death_of_the_database(
    served: Served, home: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker, record_property: Record
) -> None:
    connection = connections["default"]
    before = dict(connection.settings_dict)
    with EmbeddedPostgres(home / "database").attach_or_start() as postgres, django_db_blocker.unblock():
        assert not postgres.owned
        connection.close()
        connection.settings_dict.update(django_settings(postgres.app_url))
        try:
            crowd = customers(BOOKINGS)
            killed = []

            def strike(acknowledged: int) -> None:
                if acknowledged in KILLS:
                    killed.append(kill_database(postgres))

            began = time.monotonic()
            crowd.book_all(served.url, strike)
            seconds = time.monotonic() - began
            connection.close()
            assert_every_booking_is_there_once(crowd)
        finally:
            connections.close_all()
            connection.settings_dict.update(before)
    assert len(set(killed)) == len(KILLS), "each time it was another process: it had come back"
    assert crowd.busy + crowd.broken_connections > 0, "nobody noticed: the kills came at the wrong moment"
    record_property(
        "kill -9 of PostgreSQL during 120 bookings",
        f"{len(killed)} times, {crowd.busy} answers 503, {crowd.broken_connections} connections broken, "
        f"{seconds:.0f} s to book all",
    )


def kill_database(postgres: EmbeddedPostgres) -> int:
    """Its first process; the others end when they notice."""
    with psycopg.connect(postgres.url(SUPERUSER)) as connection:
        row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    assert row is not None
    pid = int(row[0].splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    return pid
