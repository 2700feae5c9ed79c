"""Which PostgreSQL: the one DATABASE_URL names, else the embedded one under the data directory."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from holdfast.config import environment as env
from holdfast.core.embedded_postgres import EmbeddedPostgres


def embedded() -> EmbeddedPostgres | None:
    """The embedded PostgreSQL, not started; None when DATABASE_URL names another."""
    return None if env.text("DATABASE_URL") else EmbeddedPostgres(env.data_dir() / "database")


def announce(postgres: EmbeddedPostgres) -> None:
    """Let this process and its children find the started server."""
    os.environ["DATABASE_URL"] = postgres.app_url
    os.environ["DATABASE_OWNER_URL"] = postgres.owner_url
    os.environ.setdefault("HOLDFAST_PREPARED_STATEMENTS", "1")  # nothing stands between us and it


@contextmanager
def available() -> Iterator[EmbeddedPostgres | None]:
    """A database to work with inside the block: the embedded one is attached to, or started and stopped again."""
    postgres = embedded()
    if postgres is None:
        yield None
        return
    with postgres.attach_or_start():
        announce(postgres)
        yield postgres
