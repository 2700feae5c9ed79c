"""Statements of the busiest paths: values bound by PostgreSQL, plans kept by it (benchmarks/README.md says what for).

Django puts values into the text of each query, which PostgreSQL then reads and plans anew. Most queries may; those that
every booking runs go through here, on the same connection and in the same transaction. Where a pooler hands the
connection to somebody else after each transaction, nothing is prepared (HOLDFAST_PREPARED_STATEMENTS).
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import psycopg
from django.db import connection


def run(query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> "psycopg.Cursor[tuple[Any, ...]]":
    """One statement of a constant text. JSON columns come back as text, as from Django's own cursors.

    Raises Django's database errors.
    """
    connection.validate_thread_sharing()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    if connection.queries_logged:  # whoever counts queries counts these
        connection.queries_log.append({"sql": query, "time": ""})
    with connection.wrap_database_errors:
        cursor = psycopg.Cursor(cast("psycopg.Connection[tuple[Any, ...]]", connection.connection))
        return cursor.execute(query, parameters, prepare=True)


def one(query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
    """The first row of `run`."""
    return run(query, parameters).fetchone()
