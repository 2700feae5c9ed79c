"""The only place that reads a clock. Everything else is told what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

# Far enough from where dates end that zones and days can be reckoned from every moment between.
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

_stopped: ContextVar[datetime | None] = ContextVar("stopped_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _stopped.get() or datetime.now(UTC)


def read(text: str) -> datetime | None:
    """The moment that RFC 3339 text with an offset names; None for other text, and for a moment of another century."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo and FIRST <= moment < LAST else None


def to_minute(moment: datetime) -> int:
    """Whole minutes since the Unix epoch (UTC), rounded down; `moment` must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place on the time line")
    return int(moment.timestamp() // 60)


def from_minute(minute: int) -> datetime:
    """The aware UTC datetime of a minute since the Unix epoch."""
    return datetime.fromtimestamp(minute * 60, UTC)


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """Let `now()` answer `at` inside the block: for tests and for sample data of the past."""
    token = _stopped.set(at)
    try:
        yield
    finally:
        _stopped.reset(token)
