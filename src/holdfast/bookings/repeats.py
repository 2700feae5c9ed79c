"""What is sent again, by a program or by a second tap, gets the first one's answer (docs/algorithms/idempotency.md)."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from holdfast.bookings.places.contention import settle
from holdfast.core.errors import IdempotencyInProgress
from holdfast.core.idempotency import Answer, answer_once

# A second tap waits for the first one's answer; longer than any booking takes.
PATIENCE_SECONDS, PAUSE_SECONDS = 6.0, 0.15


def answer_settled(
    *, organization_id: UUID, key: str | None, operation: str, request: dict[str, Any], work: Callable[[], Answer]
) -> Answer:
    """`answer_once`, each attempt a transaction of its own that is remembered with its answer; races settled around it.

    `work` calls an action's `_once`. Raises what that and `answer_once` raise, and Busy.
    """
    return settle(
        lambda: answer_once(organization_id=organization_id, key=key, operation=operation, request=request, work=work)
    )


def patiently(attempt: Callable[[], Answer]) -> Answer:
    """The attempt's answer, waiting while the same is still being worked on: for people, who cannot ask again.

    Raises IdempotencyInProgress when that takes too long, and what the attempt raises.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return attempt()
        except IdempotencyInProgress:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE_SECONDS)
