"""The only file that locks.

The order, for everybody: first an idempotency key, then a booking's row, then rows of the waiting list as people stand
in line, then the catalog, then whose turn it is, then limits in the order of their numbers, then a promotion, then
resources in sorted order, then an alert's row or that of a difference with the card company. Whoever follows it cannot
deadlock. Plain bookings lock nothing but the catalog, and that together: between them the exclusion constraint is the
last word. Whoever must take something after having given something back, out of this order, waits for nobody longer
than `impatient` allows.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Model
from psycopg import errors as postgres

from holdfast.core import statements

M = TypeVar("M", bound=Model)


def change_catalog() -> None:
    """Take the tenant's catalog alone until the transaction ends, before the first row of it is read or written.

    Waits for the bookings under way; whoever else changes the catalog, or decides by it, waits for this transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(holdfast_catalog_lock())")


def try_lock_key(*parts: Any) -> bool:
    """Take the lock of a key until the transaction ends; False at once when another transaction has it."""
    row = statements.one("SELECT pg_try_advisory_xact_lock(%s::bigint)", [number_of(*parts)])
    return bool(row and row[0])


class WaitedTooLong(Exception):
    """Somebody else had what was wanted, for longer than there was patience; all inside `impatient` is undone."""


@contextmanager
def impatient(milliseconds: int) -> Iterator[None]:
    """A savepoint in which no lock is waited for longer than this: raises WaitedTooLong, and the block is undone.

    Shorter than PostgreSQL's `deadlock_timeout` (a second), so that two who wait for each other part ways before a
    deadlock is found.
    """
    try:
        with transaction.atomic():
            before = _set_lock_timeout(f"{milliseconds}ms")
            yield
            _set_lock_timeout(before)
    except OperationalError as error:
        if isinstance(error.__cause__, postgres.LockNotAvailable):
            raise WaitedTooLong from None
        raise


def _set_lock_timeout(value: str) -> str:
    """For the rest of the transaction, or until its savepoint is undone. Returns what it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        before = str(cursor.fetchone()[0])
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [value])
    return before


def keep_catalog() -> None:
    """Let the tenant's catalog stay as it is until the transaction ends; before asking what is busy.

    Those who keep it do not wait for one another; a change of the catalog waits for them all and is never starved (its
    trigger takes the same lock alone: migration catalog 0002). A query after it has a snapshot of its own, so it sees
    the newest catalog.
    """
    statements.run("SELECT pg_advisory_xact_lock_shared(holdfast_catalog_lock())")


def lock_turns(names: Iterable[tuple[Any, ...]]) -> None:
    """Let those who choose by the same facts (a service's rotation, a day's load) choose one after the other.

    Before any place is claimed or given back: who holds a place never waits for a turn. In order, all at once.
    """
    with connection.cursor() as cursor:
        for number in sorted({number_of("turns", *name) for name in names}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def lock_resources(resource_ids: Iterable[UUID]) -> None:
    """Let moves that touch the same resource wait for one another (sorted, so they cannot wait in a circle)."""
    with connection.cursor() as cursor:
        for resource_id in sorted(resource_ids):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number_of("resource", resource_id)])


def lock_limits(numbers: Iterable[int]) -> None:
    """Let decisions about the same limits wait for one another; `numbers` are of `number_of`. None: no statement."""
    keys = sorted(set(numbers))
    if keys:
        # Who decides about a limit's day does so alone. The function takes the keys in order (a migration of bookings).
        statements.run("SELECT holdfast_lock_limits(%s::bigint[])", [keys])


def lock_row(model: type[M], **lookup: Any) -> M:
    """Read one row and keep others from changing it until the transaction ends. Raises `model.DoesNotExist`."""
    return model._default_manager.select_for_update(of=("self",), no_key=True).get(**lookup)


def lock_rows(model: type[M], **lookup: Any) -> list[M]:
    """Read the matching rows, in the order of their keys, and keep others from changing them."""
    rows = model._default_manager.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(**lookup).order_by("pk"))


def lock_free_rows(model: type[M], **lookup: Any) -> list[M]:
    """The matching rows that nobody else is changing, kept from others until the transaction ends."""
    rows = model._default_manager.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return list(rows.filter(**lookup).order_by("pk"))


def number_of(*parts: Any) -> int:
    """The number of an advisory lock that is named by these parts."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
