"""What may be sent. Times are RFC 3339 with an offset."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import phonenumbers
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import (
    AwareDatetime,
    BeforeValidator,
    EmailStr,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from holdfast.bookings.stops.schemas import StopIn
from holdfast.catalog.validators import known_zones
from holdfast.core import clock
from holdfast.core.words import is_one_line


def _moment(value: Any) -> datetime:
    """Text alone: a number would be taken for seconds or milliseconds, whichever it looks like."""
    moment = clock.read(value) if isinstance(value, str) else None
    if moment is None:
        raise ValueError(_("whole minutes, with an offset from UTC"))
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]


class TipIn(Schema):
    """One of the two: an `amount` in minor units, or a whole `percent` of the price with its tax."""

    amount: int | None = Field(None, ge=0, le=100_000_000)
    percent: int | None = Field(None, ge=0, le=100)

    @model_validator(mode="after")
    def one_of_both(self) -> "TipIn":
        if (self.amount is None) == (self.percent is None):
            raise ValueError(_("either an amount or a percentage"))
        return self


# How many of which extras, by slug.
ExtrasIn = Annotated[
    dict[Annotated[str, Field(max_length=40)], Annotated[int, Field(ge=0, le=500)]], Field(max_length=100)
]


class WishIn(Schema):
    """What is wanted: a service at a time; from where to where, if it asks for that (one place is its pick-up).

    `extras`: how many of which, by slug.
    """

    service: str = Field(max_length=50)
    starts_at: Moment
    resource: str | None = Field(None, max_length=50)
    party_size: int = Field(1, ge=1, le=500)
    duration_minutes: int | None = Field(None, ge=1)
    type: Literal["standard", "emergency"] = "standard"
    promo_code: str | None = Field(None, max_length=40)
    pickup: StopIn | None = None
    dropoff: StopIn | None = None
    # Lines of the price: the fee of how it is paid, where the customer bears one, and what is added for who serves.
    payment_method: Literal["card", "card_on_file", "checkout", "on_site", "none"] = "on_site"
    tip: TipIn | None = None
    extras: ExtrasIn = Field(default_factory=dict)


class OverrideIn(Schema):
    """Staff and keys that may write: book beyond a limit, and say why."""

    reason: str = Field(min_length=1, max_length=500)

    @field_validator("reason", mode="before")
    @classmethod
    def trimmed(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value


class HoldIn(WishIn):
    """`holder`: what you call the person or session that holds; with an `email`, that tells them apart."""

    replaces: UUID | None = None
    holder: str = Field("", max_length=255)
    email: EmailStr | None = Field(None, max_length=254)


class CustomerIn(Schema):
    """Who books. `time_zone`: an IANA name, such as America/New_York, or nothing."""

    name: str = Field(min_length=1, max_length=120)
    email: EmailStr = Field(max_length=254)
    phone: str = Field("", max_length=32)
    locale: str = Field("", max_length=8)
    time_zone: str = Field("", max_length=64)

    @field_validator("name", "email", "phone", mode="before")
    @classmethod
    def trimmed(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @field_validator("time_zone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        if value and value not in known_zones():
            raise ValueError(_("“%(zone)s” is not a time zone. Use a name such as Europe/Paris.") % {"zone": value})
        return value

    @field_validator("name", "phone")
    @classmethod
    def one_line(cls, value: str) -> str:
        if not is_one_line(value):
            raise ValueError(_("Please write it on one line, without invisible characters."))
        return value

    @field_validator("phone")
    @classmethod
    def can_be_dialled(cls, value: str, info: ValidationInfo) -> str:
        """Here, so that it is said with whatever else is wrong; it stays as sent (`normal_phone`)."""
        organization = getattr((info.context or {}).get("request"), "organization", None)
        if organization is not None:
            normal_phone(value, organization.country)
        return value


class ResolutionIn(Schema):
    """What to do about one date of a series. `move` names another time (and resource), `resource` another resource."""

    date: date
    action: Literal["skip", "move", "resource", "wait"]
    starts_at: Moment | None = None
    resource: str | None = Field(None, max_length=50)


class RecurrenceIn(Schema):
    """An RRULE of RFC 5545 in the organization's local time (docs/algorithms/recurrence.md), at most 104 dates."""

    rrule: str = Field(max_length=200)
    resolutions: list[ResolutionIn] = Field(default_factory=list, max_length=104)


class AttendeeIn(Schema):
    name: str = Field(max_length=200)
    email: str = Field("", max_length=254)


class BookingIn(WishIn):
    hold: UUID | None = None
    customer: CustomerIn
    answers: dict[str, str | int | bool | None] = Field(default_factory=dict)
    attendees: list[AttendeeIn] = Field(default_factory=list, max_length=500)
    note: str = Field("", max_length=4000)
    # What has happened: required for `"type": "emergency"`, as is the customer's phone.
    emergency_reason: str = Field("", max_length=500)
    # Of `POST quotes`: the booking costs exactly this, or is refused with `quote_expired`.
    quote: str | None = Field(None, max_length=20_000)
    recurrence: RecurrenceIn | None = None
    override: OverrideIn | None = None


class ChangeIn(Schema):
    """A change names the version it saw."""

    version: int = Field(ge=1)
    reason: str = Field("", max_length=500)
    # For a booking of a series: this date, it and those after it, or all that can still be changed.
    scope: Literal["this", "following", "all"] = "this"
    # Dates of the series that were moved by themselves stay as they are, unless this says otherwise.
    with_moved: bool = False


class StepIn(ChangeIn):
    """`accept_fee`: what cancelling may cost the customer, in minor units, as they were shown it.

    `charge`: of staff and keys: whether the agreed fee is owed. Not coming is charged unless this says otherwise,
    cancelling only if it says so.
    """

    accept_fee: int | None = Field(None, ge=0)
    charge: bool | None = None


class InsteadIn(Schema):
    """Of a series that moves, where the date that its rule gave goes by itself; `resource` only for another one."""

    date: date
    starts_at: Moment
    resource: str | None = Field(None, max_length=50)


class RescheduleIn(ChangeIn):
    """`accept_price`: what the customer was shown that it costs at the new time, in minor units, all dates together.

    Without it a customer's move is refused where it would cost more than before. Staff's and keys' keep the price.
    """

    starts_at: Moment
    accept_price: int | None = Field(None, ge=0)
    resource: str | None = Field(None, max_length=50)
    # Dates of the series that stay where they are.
    keep: list[date] = Field(default_factory=list, max_length=104)
    # Dates of the series that go elsewhere than as far as the others.
    instead: list[InsteadIn] = Field(default_factory=list, max_length=104)
    override: OverrideIn | None = None


class AttendeesIn(ChangeIn):
    attendees: list[AttendeeIn] = Field(max_length=500)


class ReassignIn(ChangeIn):
    """`resource` serves instead of `instead_of` (slugs); that may be left out where only one can be meant."""

    resource: str = Field(max_length=50)
    instead_of: str | None = Field(None, max_length=50)


def normal_phone(phone: str, country: str) -> str:
    """The number as E.164, read in the organization's country when it has no country code. Raises ValueError."""
    if not phone:
        return ""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        raise ValueError(_("Please give a telephone number, such as +33 1 99 00 12 34.")) from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError(_("This telephone number has too few or too many digits."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
