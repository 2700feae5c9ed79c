"""What the API says of organizations and services."""

from typing import Literal

from ninja import Schema
from pydantic import Field


class MoneyOut(Schema):
    """Minor units and an ISO 4217 code: 9500 EUR is 95.00 €."""

    amount: int
    currency: str


class OrganizationOut(Schema):
    slug: str
    name: str
    tagline: str
    about: str
    time_zone: str
    currency: str
    country: str
    languages: list[str]
    default_language: str
    email: str
    phone: str
    address: str
    accent: str
    policies: dict[str, int]


class QuestionOut(Schema):
    key: str
    kind: str
    label: str
    hint: str
    required: bool
    choices: list[dict[str, str]]
    smallest: int | None
    largest: int | None


class EmergencyOut(Schema):
    """On what terms a service takes emergencies; the surcharge is in percent or in minor units, or there is none."""

    notice_minutes: int
    horizon_hours: int
    surcharge_percent: int
    surcharge_amount: int


class OfferedExtraOut(Schema):
    """What may be taken besides, `most` of it in one booking; the first `included` are free.

    The price is for the booking, however many are taken, or for each: once, for each hour, or for each person.
    """

    slug: str
    name: str
    about: str
    price: MoneyOut
    per: Literal["booking", "unit", "hour", "person"]
    most: int
    included: int


class ServiceOut(Schema):
    slug: str
    name: str
    summary: str
    description: str
    place: str
    durations_minutes: list[int]
    step_minutes: int
    notice_minutes: int
    horizon_days: int
    largest_party: int
    price: MoneyOut
    price_unit: Literal["booking", "hour", "person"]
    needs_approval: bool
    allows_series: bool
    emergency: EmergencyOut | None
    has_team_members: bool
    attendees: Literal["none", "optional", "required"] = Field(
        description="Whether a booking's `attendees` are asked for: not at all; as many as one likes, up to the party; "
        "or one for each of the party.",
    )
    asks_places: Literal["none", "one", "way"] = Field(
        description="Whether a booking says where: not at all; one place, its `pickup`; or a `pickup` and a `dropoff`.",
    )
    questions: list[QuestionOut]
    extras: list[OfferedExtraOut]


class NamedPlaceOut(Schema):
    """Degrees of WGS 84, as exact text."""

    slug: str
    name: str
    latitude: str
    longitude: str


class TeamMemberOut(Schema):
    """Who can be chosen; nothing private.

    `languages`: codes of those they speak. `attributes`: a number or a word each, those that the organization shows.
    """

    slug: str
    name: str
    kind: str
    about: str
    languages: list[str]
    attributes: dict[str, float | str]
    photo: str | None = None
