"""One event of the log with all that its listeners are told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """What of a resource a booking occupies or has occupied: [start, end) in minutes of UTC."""

    resource: UUID
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Happening:
    """An event; `told` keeps what it became for each kind of listener, so that it is written once for all of them."""

    id: int
    kind: str
    subject: UUID
    payload: Mapping[str, Any]
    at: datetime
    # Of its booking; "" for events that are not about one. The address is in lower case, and told to nobody.
    service: str
    email: str
    periods: tuple[Period, ...]
    told: dict[object, bytes | None] = field(default_factory=dict)


def happening_of(row: Sequence[Any]) -> Happening:
    """From a row of `log.COLUMNS`."""
    number, kind, subject, payload, microseconds, service, email, periods = row
    return Happening(
        id=number,
        kind=kind,
        subject=UUID(subject),
        payload=payload,
        at=EPOCH + timedelta(microseconds=microseconds),
        service=service or "",
        email=email or "",
        periods=tuple(Period(UUID(resource), start, end) for resource, start, end in periods or ()),
    )
