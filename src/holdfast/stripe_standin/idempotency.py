"""Idempotency keys as Stripe has them: remembered for 24 hours, with whatever was answered, declines included."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from holdfast.stripe_standin.refusals import Refusal
from holdfast.stripe_standin.store import Store

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Remembered:
    status: int
    body: str
    request: str


def fingerprint(values: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def earlier(store: Store, account: str, key: str, path: str, values: dict[str, Any]) -> Remembered | None:
    """The answer that this key got; None for a new key. Raises when it was used for something else."""
    store.database.execute("DELETE FROM answer WHERE at <= ?", [store.now() - KEPT_SECONDS])
    row = store.database.execute(
        "SELECT path, fingerprint, status, body, request FROM answer WHERE account = ? AND key = ?", [account, key]
    ).fetchone()
    if row is None:
        return None
    if row[0] != path:
        raise _mismatch(f"for the same endpoint they were first used for ('{row[0]}' vs. '{path}')", key)
    if row[1] != fingerprint(values):
        raise _mismatch("with the same parameters they were first used with", key)
    return Remembered(row[2], row[3], row[4])


def _mismatch(how: str, key: str) -> Refusal:
    return Refusal(
        f"Keys for idempotent requests can only be used {how}. Try using a key other than '{key}' if you meant to "
        "execute a different request.", kind="idempotency_error", remembered=False,
    )  # fmt: skip


def in_use(key: str) -> Refusal:
    return Refusal(
        f"There is currently another in-progress request using this Idempotent Key ({key}). Please try again later.",
        status=409, kind="idempotency_error", code="idempotency_key_in_use", remembered=False,
    )  # fmt: skip


def remember(store: Store, account: str, key: str, path: str, values: dict[str, Any], answer: Remembered) -> None:
    store.database.execute(
        "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [account, key, path, fingerprint(values), answer.request, store.now(), answer.status, answer.body],
    )
