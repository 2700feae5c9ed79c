"""What the API says of alerts."""

from datetime import datetime

from ninja import Schema


class ToldOut(Schema):
    """Somebody who was told. `rung`: duty, managers, owners or organization."""

    name: str
    channel: str
    rung: str
    at: datetime


class AlertOut(Schema):
    """`state`: open, acknowledged or over; `due_at`: when the next ones are told."""

    id: str
    kind: str
    booking: str
    reason: str
    starts_at: datetime
    state: str
    rung: str
    raised_at: datetime
    due_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    told: list[ToldOut]
