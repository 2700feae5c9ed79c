"""Losing a race, and what follows: release what has expired, look again, and only then say no.

Each attempt is one transaction. Releasing is another, in between: a transaction that frees one resource and then
waits for a second could be waited for by the second's holder.
"""

import time
from collections.abc import Callable, Sequence
from functools import wraps
from random import SystemRandom
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import OperationalError
from psycopg import errors as postgres

from holdfast.bookings.holds.expiring import release_expired_in_the_way
from holdfast.catalog.models import Organization
from holdfast.core import tenancy
from holdfast.core.errors import Busy
from holdfast.core.tenancy import transaction_for

T = TypeVar("T")
P = ParamSpec("P")
# Each loss means that somebody else was served in the meantime; a class of 12 places may be lost 11 times.
MOST_ATTEMPTS = 40
_random = SystemRandom()


class SlotContended(Exception):
    """Somebody else took one of the places between our look and our claim, or an expired hold stands there.

    `booking_ids`: expired holds that are known to stand in the way by other means than their places.
    """

    def __init__(
        self,
        *,
        organization_id: UUID,
        resource_ids: list[UUID],
        start: int,
        end: int,
        booking_ids: Sequence[UUID] = (),
    ) -> None:
        self.organization_id, self.resource_ids, self.start, self.end = organization_id, resource_ids, start, end
        self.booking_ids = booking_ids
        super().__init__("a place was taken meanwhile")


def settle(attempt: Callable[[], T], release_expired: Callable[[SlotContended], int] = release_expired_in_the_way) -> T:
    """Run `attempt` until it is decided; it rolls back and raises SlotContended when it lost a place.

    The next look shows what the winner took, so that the domain decides anew: another resource, or the refusal.
    Never inside a transaction: its rollback would undo what others must see released.
    """
    if tenancy.in_transaction():
        raise RuntimeError("a race is settled between transactions, never inside one")
    for number in range(MOST_ATTEMPTS):
        try:
            return attempt()
        except SlotContended as lost:
            release_expired(lost)
        except OperationalError as error:
            if not isinstance(error.__cause__, postgres.DeadlockDetected | postgres.LockNotAvailable):
                raise
            time.sleep(_random.uniform(0, 0.02 * (number + 1)))
    raise Busy


def settled(once: Callable[P, T]) -> Callable[P, T]:
    """The action of which `once` is one attempt: it is tried until it is decided, each time in a transaction of the
    `organization` it is given. `once` itself is for whoever has a transaction, which SlotContended must undo.
    """

    @wraps(once)
    def action(*args: P.args, **kwargs: P.kwargs) -> T:
        organization = kwargs["organization"]
        assert isinstance(organization, Organization)  # noqa: S101 - every action is given one

        def attempt() -> T:
            with transaction_for(organization.id):
                return once(*args, **kwargs)

        return settle(attempt)

    return action
