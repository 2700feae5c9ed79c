"""The same request, sent again, gets the same answer (docs/algorithms/idempotency.md).

The answer is stored in the transaction that made it true: either both are there or neither is.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from holdfast.core import clock, locking, statements
from holdfast.core.errors import HoldfastError, IdempotencyInProgress, IdempotencyMismatch
from holdfast.core.models import IdempotentAnswer
from holdfast.core.rows import insert
from holdfast.core.tenancy import transaction_for

# Refusals that may turn out differently a moment later, or for whoever is allowed, are never remembered.
_PASSING = frozenset({401, 403, 409, 429})
# Asked before everything that creates: as text, so that the ORM need not put it together each time.
STORED = "SELECT fingerprint, status, body FROM core_idempotentanswer WHERE operation = %s AND key = %s"
REMEMBERED_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and its JSON body. `event_id`: the event that the work recorded; a replayed answer has none."""

    status: int
    body: dict[str, Any]
    replayed: bool = False
    event_id: int | None = None


def answer_once(
    *, organization_id: UUID, key: str | None, operation: str, request: dict[str, Any], work: Callable[[], Answer]
) -> Answer:
    """Run `work` once for `key`, in the organization's transaction; the same key and body again get the stored answer.

    A refusal undoes whatever `work` wrote; if it is a lasting one, it is the answer, stored by itself. Raises
    IdempotencyInProgress (409) while the first is being worked on, IdempotencyMismatch (422) for another body, and
    passing refusals. Without a key, `work` simply runs.
    """
    if not key:
        with transaction_for(organization_id):
            return work()
    fingerprint = _fingerprint(request)
    try:
        return _first_answer(organization_id, key, operation, fingerprint, work)
    except HoldfastError as error:
        if error.status in _PASSING or error.status >= 500:
            raise
        refusal = Answer(error.status, error.problem())
    return _first_answer(organization_id, key, operation, fingerprint, lambda: refusal)


def _first_answer(
    organization_id: UUID, key: str, operation: str, fingerprint: str, work: Callable[[], Answer]
) -> Answer:
    """What was answered before, else the answer of `work`, stored in the transaction that made it true."""
    with transaction_for(organization_id):
        if not locking.try_lock_key("idempotency", organization_id, operation, key):
            raise IdempotencyInProgress(retry_after=1)
        stored = _stored(operation, key)
        if stored:
            if stored[0] != fingerprint:
                raise IdempotencyMismatch
            return stored[1]
        answer = work()
        insert(
            IdempotentAnswer(
                organization_id=organization_id,
                key=key,
                operation=operation,
                fingerprint=fingerprint,
                status=answer.status,
                body=answer.body,
                created_at=clock.now(),
            )
        )
        return answer


def _stored(operation: str, key: str) -> tuple[str, Answer] | None:
    """The fingerprint of the request that came with this key, and the answer it got."""
    row = statements.one(STORED, [operation, key])
    return row and (row[0], Answer(row[1], json.loads(row[2]), replayed=True))


def forget_old_answers(*, organization_id: UUID) -> int:
    """Remove answers older than a day; a repetition after that is a new request. Returns how many."""
    with transaction_for(organization_id):
        removed, _ = IdempotentAnswer.objects.filter(created_at__lt=clock.now() - REMEMBERED_FOR).delete()
        return removed


def _fingerprint(request: dict[str, Any]) -> str:
    canonical = json.dumps(request, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
