"""The API's words for series. Dates are local to the organization; times are RFC 3339 with an offset."""

import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from holdfast.bookings.schemas import Moment, RecurrenceIn
from holdfast.catalog.schemas import MoneyOut


class PreviewSeriesIn(Schema):
    """`starts_at` is the first date; the rule must name it."""

    service: str = Field(max_length=50)
    starts_at: Moment
    resource: str | None = Field(None, max_length=50)
    party_size: int = Field(1, ge=1, le=500)
    duration_minutes: int | None = Field(None, ge=1)
    recurrence: RecurrenceIn


class ResourceNameOut(Schema):
    slug: str
    name: str


class AlternativeOut(Schema):
    """`resource` only where it is another one than asked for."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    resource: ResourceNameOut | None
    price: MoneyOut


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
