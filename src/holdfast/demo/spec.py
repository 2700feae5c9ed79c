"""What a demo organization is made of, as plain data: `paris_elite.py` and `harbor_home.py` fill it in."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from holdfast.bookings.stops.stop import Stop

Texts = Mapping[str, str]
# What somebody answers: chance, their email (what stays the same each time is drawn from it), their language.
Answers = Callable[[Random, str, str], dict[str, Any]]

ALWAYS = "mon-sun 00:00-00:00"


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Away from `first` (days after the day the demo was loaded, negative: before) for `days` days."""

    first: int
    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """Worked on one date (days after loading) from/until wall-clock times instead of the weekly hours."""

    day: int
    starts: str
    ends: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResourceSpec:
    """`hours`: "mon-fri 05:00-13:00, sat 08:00-12:00". They hold since `hours_since` days before loading, if given;
    until then `hours_before` did (empty: the person had not joined yet). `account` is the email of a person of the
    staff: whose account it is, told of emergencies during the hours `on_call`."""

    slug: str
    name: str
    kind: str
    rank: int
    weight: int = 1
    hours: str = ALWAYS
    hours_before: str = ""
    hours_since: int | None = None
    about: Texts = field(default_factory=dict)
    team: str | None = None
    skills: tuple[str, ...] = ()
    attributes: Mapping[str, float | str] = field(default_factory=dict)
    lanes: int = 1
    largest_party: int | None = None
    is_public: bool = False
    time_off: tuple[TimeOff, ...] = ()
    special_days: tuple[SpecialDay, ...] = ()
    on_call: str = ""
    account: str | None = None
    buffer_after: int | None = None  # minutes, in place of the service's


@dataclass(frozen=True, slots=True)
class RequirementSpec:
    kind: str
    skills: tuple[str, ...] = ()
    team: str | None = None
    count: int = 1
    attributes: Mapping[str, float | str] = field(default_factory=dict)
    per_person: bool = False
    is_choosable: bool = False


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    key: str
    kind: str
    label: Texts
    hint: Texts = field(default_factory=dict)
    choices: tuple[tuple[str, Texts], ...] = ()
    is_required: bool = False
    smallest: int | None = None
    largest: int | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """How people ask for a service. Shares are weights (they need not add up); probabilities are 0 to 1."""

    per_day: float
    weekdays: tuple[float, ...]  # Monday first, around 1
    months: tuple[float, ...]  # January first, around 1
    hours: Mapping[int, float]  # local hour of the start: share
    lead_days: float  # median of how long before they book
    durations: Mapping[int, float] = field(default_factory=dict)  # minutes: share; empty where it is fixed
    parties: Mapping[int, float] = field(default_factory=lambda: {1: 1.0})
    chooses_member: float = 0.0
    cancelled: float = 0.08
    missed: float = 0.02
    is_started: bool = True  # staff mark when the work begins


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """`settings` are the other fields of catalog.Service, in its own words and units."""

    slug: str
    name: Texts
    summary: Texts
    description: Texts
    place: Texts
    settings: Mapping[str, Any]
    requirements: tuple[RequirementSpec, ...]
    demand: Demand
    questions: tuple[QuestionSpec, ...] = ()
    answers: Answers = lambda chance, email, locale: {}
    customer_notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # From where to where people go, and the named places that are chosen at first.
    way: Callable[[Random], Mapping[str, Stop | None]] = lambda _rng: {}
    usual: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class PlaceSpec:
    """A named place; degrees as text."""

    slug: str
    name: Texts
    latitude: str
    longitude: str


@dataclass(frozen=True, slots=True)
class ZoneSpec:
    """A tariff zone: the corners (longitude, latitude) of a ring, which is closed here."""

    slug: str
    name: Texts
    ring: tuple[tuple[float, float], ...]

    @property
    def area(self) -> str:
        """As GeoJSON."""
        ring = [list(each) for each in (*self.ring, self.ring[0])]
        return json.dumps({"type": "MultiPolygon", "coordinates": [[ring]]})


@dataclass(frozen=True, slots=True)
class DistanceSpec:
    """Metres by road from one named place to another."""

    origin: str
    destination: str
    metres: int


@dataclass(frozen=True, slots=True)
class StaffSpec:
    email: str
    name: str
    role: str
    locale: str


@dataclass(frozen=True, slots=True)
class ClosureSpec:
    """Closed from `first` (days after loading) for `days` days."""

    first: int
    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class LimitSpec:
    """A limit of catalog.Limit; `team` and `service` by slug. Roomy enough for the year that is made up."""

    kind: str
    most: int
    team: str = ""
    service: str = ""
    counts: str = "bookings"
    period: str = "day"
    rolling_days: int = 1


@dataclass(frozen=True, slots=True)
class ExtraSpec:
    """What may be taken besides; `settings` are the other fields of catalog.Extra. With all services, or those named.

    `share`: how many of those who may take it do; 0 to 1.
    """

    slug: str
    name: Texts
    about: Texts
    settings: Mapping[str, Any]
    share: float
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TariffSpec:
    """A tariff with its rules in their order, each the fields of pricing.TariffRule.

    Services are slugs; `zone_prices` are amounts by the slugs of two zones.
    """

    name: str
    rules: tuple[Mapping[str, Any], ...]
    in_force: bool = True


@dataclass(frozen=True, slots=True)
class Audience:
    """One group of customers: its share, language, zones and the fictional telephone ranges its numbers come from."""

    share: float
    locale: str
    names: str
    time_zones: tuple[str, ...]
    phones: tuple[str, ...]  # prefixes of numbers reserved for fiction; digits follow for each "#"


@dataclass(frozen=True, slots=True)
class PolicySpec:
    """What cancelling costs, a percentage within so many minutes; not coming costs all of it. "": all services."""

    steps: Mapping[int, str]
    service: str = ""


@dataclass(frozen=True, slots=True)
class OrganizationSpec:
    """`settings` are the other fields of catalog.Organization, in its own words."""

    slug: str
    name: str
    settings: Mapping[str, Any]
    teams: Mapping[str, str]
    resources: tuple[ResourceSpec, ...]
    services: tuple[ServiceSpec, ...]
    staff: tuple[StaffSpec, ...]
    password: str
    closures: tuple[ClosureSpec, ...]
    # The business works on the first so many public holidays to come.
    works_holidays: int = field(default=0, kw_only=True)
    limits: tuple[LimitSpec, ...]
    tariffs: tuple[TariffSpec, ...] = field(default=(), kw_only=True)
    places: tuple[PlaceSpec, ...] = field(default=(), kw_only=True)
    zones: tuple[ZoneSpec, ...] = field(default=(), kw_only=True)
    distances: tuple[DistanceSpec, ...] = field(default=(), kw_only=True)
    extras: tuple[ExtraSpec, ...] = field(default=(), kw_only=True)
    # The fields of pricing.Promotion; an extra by its slug.
    promotions: tuple[Mapping[str, Any], ...] = field(default=(), kw_only=True)
    # Included in prices: (name by language, percent).
    tax: tuple[Mapping[str, str], str] | None = field(default=None, kw_only=True)
    # The fields of pricing.Deposit and pricing.TipChoices; `service` is a slug.
    deposits: tuple[Mapping[str, Any], ...] = field(default=(), kw_only=True)
    tips: Mapping[str, Any] | None = field(default=None, kw_only=True)
    policies: tuple["PolicySpec", ...] = field(default=(), kw_only=True)
    audiences: tuple[Audience, ...]
    customers: int
    cancel_reasons: Mapping[str, tuple[str, ...]]  # customers' words by language
    staff_cancel_reasons: tuple[str, ...]
    staff_notes: tuple[str, ...]
