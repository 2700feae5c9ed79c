"""The API's words for the waiting list. Dates and times of day are local to the organization."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, Field

from holdfast.bookings.schemas import AttendeeIn, CustomerIn, ExtraOut, ExtrasIn


def _end_of_day(given: Any) -> Any:
    """24:00 is what an answer says of a day's end, and a `time` cannot."""
    return None if given == "24:00" else given


class WaitIn(Schema):
    """What would suit: starts on the dates, both included, from `earliest` on and before `latest` of each day.

    Without `latest`, or with 24:00, until the day ends.
    """

    service: str = Field(max_length=50)
    from_: date = Field(alias="from")
    until: date
    earliest: time | None = None
    latest: Annotated[time | None, BeforeValidator(_end_of_day)] = None
    resource: str | None = Field(None, max_length=50)
    party_size: int = Field(1, ge=1, le=500)
    duration_minutes: int | None = Field(None, ge=1)
    extras: ExtrasIn = Field(default_factory=dict)
    customer: CustomerIn


class StandingOfferOut(Schema):
    """A time that is held for the person until `expires_at`."""

    starts_at: datetime
    ends_at: datetime
    expires_at: datetime


class WaitOut(Schema):
    id: UUID
    state: str
    service: str
    from_: date = Field(serialization_alias="from")
    until: date
    earliest: str
    latest: str
    resource: str | None
    party_size: int
    duration_minutes: int
    extras: list[ExtraOut]
    joined_at: datetime
    customer: dict[str, str]
    offer: StandingOfferOut | None
    # For those who may change the entry; its token is all that the customer needs for it.
    token: str | None
    manage_url: str | None


class ClaimIn(Schema):
    answers: dict[str, str | int | bool | None] = Field(default_factory=dict)
    attendees: list[AttendeeIn] = Field(default_factory=list, max_length=500)
    note: str = Field("", max_length=4000)


class WaitingListOut(Schema):
    entries: list[dict[str, Any]]
