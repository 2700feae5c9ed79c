"""A small asynchronous pool of the application's role, and one round trip for each read."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from psycopg import AsyncClientCursor, AsyncConnection, conninfo
from psycopg_pool import AsyncConnectionPool

POOL_SIZE = 4
# Seconds a request waits for a connection before it is told to come again.
PATIENCE = 5.0
TENANT = "SELECT set_config('holdfast.organization', %(organization)s, true)"


class Database:
    """Reads for one organization at a time."""

    def __init__(self) -> None:
        self._pool: AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]] | None = None
        self._opening = asyncio.Lock()

    async def read(self, organization_id: UUID | None, query: str, parameters: dict[str, Any]) -> Sequence[Any] | None:
        """The first row of `query`, seen as `organization_id`. Raises psycopg.OperationalError, also when none is free.

        Tenant and query travel together as one simple-protocol message, which PostgreSQL runs as one transaction:
        the tenant's name ends with it, through PgBouncer too.
        """
        pool = await self._ready()
        bound = {**parameters, "organization": str(organization_id or "")}
        async with pool.connection(timeout=PATIENCE) as connection, AsyncClientCursor(connection) as cursor:
            await cursor.execute(f"{TENANT}; {query}", bound)
            cursor.nextset()
            return await cursor.fetchone()

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()

    async def _ready(self) -> "AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]]":
        """Opened at the first read, so that starting needs no database and a restart of it is survived."""
        async with self._opening:
            if self._pool is None:
                pool = AsyncConnectionPool(
                    _conninfo(),
                    min_size=1,
                    max_size=POOL_SIZE,
                    open=False,
                    kwargs={"autocommit": True, "prepare_threshold": None},
                    check=AsyncConnectionPool.check_connection,
                )
                await pool.open()
                self._pool = pool
        return self._pool


def _conninfo() -> str:
    given = settings.DATABASES["default"]
    options = {name: value for name, value in given["OPTIONS"].items() if name != "prepare_threshold"}
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return conninfo.make_conninfo(**options, **{theirs: given[ours] for theirs, ours in names.items() if given[ours]})
