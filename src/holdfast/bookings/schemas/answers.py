"""What comes back. Times are RFC 3339 with an offset."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from holdfast.bookings.stops.schemas import StopOut
from holdfast.catalog.schemas import MoneyOut


class SlotOut(Schema):
    starts_at: datetime
    ends_at: datetime
    remaining: int
    price: MoneyOut | None = None


class AvailabilityOut(Schema):
    service: str
    time_zone: str
    from_: Annotated[str, Field(alias="from")]
    days: int
    duration_minutes: int
    step_minutes: int
    slots: list[SlotOut]
    as_of: datetime


class ExplanationOut(Schema):
    """Why a time is on offer or not. `rules` and `resources` only for staff: each rule, and what is responsible."""

    service: str
    starts_at: datetime
    time_zone: str
    offered: bool
    code: str | None
    sentence: str
    alternatives: list[datetime]
    rules: list[dict[str, Any]] | None = None
    resources: list[dict[str, Any]] | None = None


class OverrideOut(Schema):
    """A limit that a booking went beyond: how much of it was used before, by whose decision, why."""

    code: str
    limit: str
    day: str
    most: int
    used: int
    by: str
    reason: str
    at: datetime


class ExtraOut(Schema):
    """What is taken besides, and how many of it."""

    slug: str
    name: str
    count: int


class HoldOut(Schema):
    id: UUID
    service: str
    starts_at: datetime
    ends_at: datetime
    party_size: int
    extras: list[ExtraOut]
    expires_at: datetime
    pickup: StopOut | None
    dropoff: StopOut | None
    price: MoneyOut


class AttendeeOut(Schema):
    name: str
    email: str


class ResourceOut(Schema):
    slug: str
    name: str
    kind: str


class SeriesBookingOut(Schema):
    """One booking of a series; `date` is the one that the rule gave it."""

    reference: str
    date: date
    starts_at: datetime
    ends_at: datetime
    state: str
    version: int
    price: MoneyOut


class SeriesOut(Schema):
    """To which series a booking belongs. The rest where the series itself is booked or changed."""

    id: UUID
    date: date
    rrule: str | None = None
    words: str | None = None
    bookings: list[SeriesBookingOut] | None = None
    # Dates of the rule without a booking: skipped, or waited for.
    without: list[dict[str, str]] | None = None
    # Dates that a change left as they are, and why.
    kept: list[dict[str, str]] | None = None
    total: MoneyOut | None = None


class AssignedOut(Schema):
    """Who serves, and why: a code of docs/algorithms/assignment.md with its facts, and a sentence."""

    resource: str
    name: str
    kind: str
    because: dict[str, Any]


class CancellationStepOut(Schema):
    """The last minute at which cancelling costs this."""

    until: datetime
    fee: MoneyOut


class CancellationOut(Schema):
    """What cancelling costs, as it was agreed. Without `steps` it is free until `free_until`, then a matter of calling.

    `fee_now`: what it costs at this moment; null where the customer cannot cancel by themselves (any more).
    """

    free_until: datetime
    steps: list[CancellationStepOut]
    no_show: MoneyOut | None
    fee_now: MoneyOut | None
    words: list[str]


class LineTaxOut(Schema):
    """The part of a line that is tax, in minor units. `percent`: exact, a whole number or a fraction.

    `net` and `amount` make the line's amount; of prices to which tax is added, `net` does, and a line `tax` follows.
    """

    words: str
    percent: str | None
    net: int
    amount: int


class PriceLineOut(Schema):
    """A line of a price, in minor units of its currency. `because`: when its rule applies; "" where it always does."""

    key: str
    kind: str
    amount: int
    # How many minutes of the booking it is for; 0: for the booking as such.
    minutes: int
    words: str
    because: str
    # null where no tax is configured.
    tax: LineTaxOut | None


class PaymentOut(Schema):
    """How the booking's money stands (docs/algorithms/ledger.md), in minor units of `currency`.

    `due_now`: asked for at once; `paid`: taken, of which `refunded` went back, what is on its way included;
    `outstanding`: still owed, and negative when too much was taken.
    """

    method: str
    status: str
    due_now: int
    owed: int
    paid: int
    refunded: int
    held: int
    disputed: int
    outstanding: int
    currency: str


class BookingOut(Schema):
    reference: str
    state: str
    version: int
    type: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    service: str
    party_size: int
    resources: list[ResourceOut]
    pickup: StopOut | None
    dropoff: StopOut | None
    # For staff and keys.
    assigned: list[AssignedOut] | None = None
    extras: list[ExtraOut]
    price: MoneyOut
    # They add up to the price.
    price_lines: list[PriceLineOut]
    cancellation: CancellationOut
    payment: PaymentOut
    customer: dict[str, str]
    answers: dict[str, Any]
    attendees: list[AttendeeOut]
    note: str
    emergency_reason: str
    series: SeriesOut | None
    # For those who may change the booking; its token is all that the customer needs for it.
    manage_url: str | None
    calendar_url: str
    # For staff and keys: the limits that it went beyond.
    overrides: list[OverrideOut] | None = None
