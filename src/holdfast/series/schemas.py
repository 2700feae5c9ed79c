"""The API's words for series. Dates are local to the organization; times are RFC 3339 with an offset."""

import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from holdfast.bookings.schemas import ExtrasIn, InsteadIn, Moment, RecurrenceIn
from holdfast.bookings.stops.schemas import StopIn
from holdfast.catalog.schemas import MoneyOut


class PreviewSeriesIn(Schema):
    """`starts_at` is the first date; the rule must name it."""

    service: str = Field(max_length=50)
    starts_at: Moment
    resource: str | None = Field(None, max_length=50)
    party_size: int = Field(1, ge=1, le=500)
    duration_minutes: int | None = Field(None, ge=1)
    extras: ExtrasIn = Field(default_factory=dict)
    pickup: StopIn | None = None
    dropoff: StopIn | None = None
    recurrence: RecurrenceIn
    # For staff and keys: what an `override` would come to. Dates then say which limits they exceed.
    beyond_limits: bool = False


class ResourceNameOut(Schema):
    slug: str
    name: str


class AlternativeOut(Schema):
    """`resource` only where it is another one than asked for."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    resource: ResourceNameOut | None
    price: MoneyOut


class ExceededOut(Schema):
    """A limit that a date goes beyond: `used` of its `most` on the local `day`, before it."""

    code: str
    limit: str
    day: datetime.date
    most: int
    used: int


class SeriesDateOut(Schema):
    """`date` names the date of the rule, whatever is done about it; `reason` is polite, `code` stable."""

    date: datetime.date
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    status: Literal["ok", "conflict", "skipped", "waiting"]
    action: Literal["skip", "move", "resource", "wait"] | None
    resource: str | None
    code: str | None
    reason: str | None
    price: MoneyOut | None
    exceeded: list[ExceededOut]
    alternatives: list[AlternativeOut]


class SeriesPreviewOut(Schema):
    rrule: str
    words: str
    service: str
    time_zone: str
    dates: list[SeriesDateOut]
    counts: dict[str, int]
    total: MoneyOut
    bookable: bool


class PreviewChangeIn(Schema):
    """`starts_at`: where the booking itself would move; the others move as far."""

    scope: Literal["following", "all"]
    starts_at: Moment | None = None
    resource: str | None = Field(None, max_length=50)
    with_moved: bool = False
    keep: list[datetime.date] = Field(default_factory=list, max_length=104)
    instead: list[InsteadIn] = Field(default_factory=list, max_length=104)
    # For staff and keys: what an `override` would come to.
    beyond_limits: bool = False


class ChangedDateOut(Schema):
    reference: str
    date: datetime.date
    starts_at: datetime.datetime
    new_starts_at: datetime.datetime | None
    status: Literal["ok", "conflict", "kept"]
    code: str | None
    reason: str | None
    exceeded: list[ExceededOut]
    # Of a conflict: what the date could have instead, at the price that was agreed.
    alternatives: list[AlternativeOut]


class ChangePreviewOut(Schema):
    dates: list[ChangedDateOut]
    counts: dict[str, int]
