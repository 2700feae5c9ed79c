"""Which organization a transaction works for.

Row-level security shows a transaction only the rows of the organization named here. The name is set with
`set_config(…, is_local => true)`, so it ends with the transaction and works through PgBouncer's transaction mode.
Forgetting it yields nothing, never everything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

from holdfast.core import statements

ORGANIZATION_SETTING = "holdfast.organization"
USER_SETTING = "holdfast.user"

_current: ContextVar[UUID | None] = ContextVar("organization_of_transaction", default=None)


@contextmanager
def transaction_for(organization_id: UUID) -> Iterator[None]:
    """One transaction (a savepoint when inside another) that sees and writes the rows of one organization."""
    nested, outer = connection.in_atomic_block, _current.get()
    if nested and outer == organization_id:
        with transaction.atomic():
            yield
        return
    with transaction.atomic():
        set_organization(organization_id)
        token = _current.set(organization_id)
        try:
            yield
        finally:
            _current.reset(token)
    # A setting made inside a savepoint outlives it; the outer transaction gets back whom it works for.
    if nested:
        set_organization(outer)


@contextmanager
def transaction_for_user(user_id: UUID) -> Iterator[None]:
    """One transaction that sees a person's own memberships in every organization, and nothing else."""
    with transaction.atomic():
        _set(USER_SETTING, str(user_id))
        yield
        _set(USER_SETTING, "")  # inside another transaction, the rest of it sees no more than before


def in_transaction() -> bool:
    """Whether a transaction of some organization is open here."""
    return connection.in_atomic_block and _current.get() is not None


def set_organization(organization_id: UUID | None) -> None:
    """Name the organization for the rest of the running transaction; `None` names nobody."""
    if not connection.in_atomic_block:
        raise RuntimeError("a tenant is set inside a transaction only, so that it cannot leak to the next one")
    _set(ORGANIZATION_SETTING, str(organization_id or ""))


def _set(name: str, value: str) -> None:
    statements.run("SELECT set_config(%s, %s, true)", [name, value])
