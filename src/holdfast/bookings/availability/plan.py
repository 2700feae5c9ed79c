"""A service compiled for the engine: rules, pools and calendars, kept in memory until its catalog changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from holdfast.bookings.availability.extras import compile_extras, open_always
from holdfast.bookings.availability.planned import PlannedExtra, PlannedNeed, PlannedResource
from holdfast.bookings.availability.schedules import compile_schedules
from holdfast.bookings.limits.allowances import PlannedLimit, planned
from holdfast.catalog.models import Service
from holdfast.catalog.public_holidays import public_holidays
from holdfast.core import clock
from holdfast.domain.calendar_bits import Window, reslice
from holdfast.domain.cancellation import Ladder
from holdfast.domain.hours import DAY, Schedule, day_start, open_bits
from holdfast.domain.pricing import Price
from holdfast.domain.pricing.conditions import Serving
from holdfast.domain.pricing.paying import NO_TIPS, Deposit, Tips
from holdfast.domain.pricing.promotions import Promotion
from holdfast.domain.pricing.whole import Terms
from holdfast.domain.slots import Rules
from holdfast.pricing.geography import Geography, compile_geography
from holdfast.pricing.options import compile_deposit, compile_hold_ahead, compile_ladder, compile_tips
from holdfast.pricing.terms import codes_elsewhere, compile_codes, compile_terms, exact_attributes

# Calendars are compiled from yesterday on; what lies outside is computed when asked for.
DAYS_COMPILED = 95
MOST_FLAT_PRICES = 1_000


@dataclass(frozen=True)
class ServicePlan:
    """All that decides about a service's slots, but for what is booked."""

    organization: Mapping[str, Any]
    service: Mapping[str, Any]
    questions: tuple[Mapping[str, Any], ...]
    needs: tuple[PlannedNeed, ...]
    resources: tuple[PlannedResource, ...]
    schedules: tuple[Schedule, ...]
    compiled_on: date
    terms: Terms
    # Promotions that a code gives, by pricing.terms.code_key.
    codes: Mapping[str, Promotion]
    codes_elsewhere: frozenset[str]
    # In the organization's order; none where nothing is said about it.
    payment_methods: tuple[str, ...] = ()
    tips: Tips = NO_TIPS
    deposit: Deposit | None = None
    hold_ahead: int = 0
    ladder: Ladder | None = None
    limits: tuple[PlannedLimit, ...] = ()
    geography: Geography = field(default_factory=Geography)
    # By slug: those on offer with it, and others that a booking may have taken before.
    extras: Mapping[str, PlannedExtra] = field(default_factory=dict)

    @property
    def organization_id(self) -> UUID:
        return UUID(self.organization["id"])

    @property
    def service_id(self) -> UUID:
        return UUID(self.service["id"])

    def service_row(self) -> Service:
        """The service as the catalog had it at `version`, without reading it again."""
        return Service(**{**self.service, "id": self.service_id, "organization_id": self.organization_id})

    @property
    def version(self) -> int:
        return int(self.organization["catalog_version"])

    @property
    def time_zone(self) -> str:
        return str(self.organization["time_zone"])

    @cached_property
    def emergency_needs(self) -> tuple[PlannedNeed, ...]:
        """The needs, each resource with the hours that emergencies may use."""
        return tuple(
            replace(need, pool=tuple(replace(each, schedule=each.emergency_schedule) for each in need.pool))
            for need in self.needs
        )

    @cached_property
    def _compiled(self) -> tuple[Window, tuple[int, ...]]:
        window = Window(day_start("UTC", self.compiled_on - timedelta(days=1)), DAYS_COMPILED * DAY)
        return window, tuple(open_bits(schedule, window) for schedule in self.schedules)

    @cached_property
    def _has_own_rules(self) -> bool:
        return any(resource.has_own_rules for resource in self.resources)

    def open(self, schedule: int, window: Window) -> int:
        """Working hours inside `window`, as calendar bits."""
        whole, bits = self._compiled
        if whole.origin <= window.origin and window.end <= whole.end:
            return reslice(bits[schedule], whole, window)
        return open_bits(self.schedules[schedule], window)

    def durations(self) -> list[int]:
        """The durations a customer may choose, in minutes; one when it is fixed."""
        shortest = int(self.service["duration_minutes"])
        longest = self.service["longest_duration_minutes"] or shortest
        return list(range(shortest, int(longest) + 1, int(self.service["duration_step_minutes"])))

    def choosable(self) -> list[PlannedResource]:
        """Whom a customer may choose: public ones of a choosable need, each once."""
        found = (each for need in self.needs if need.is_choosable for each in need.pool if each.is_public)
        return list({each.slug: each for each in found}.values())

    @cached_property
    def holidays(self) -> frozenset[date]:
        """The public holidays of its country and region that prices may ask for, worked or not."""
        if not self.terms.asks_for_holidays:
            return frozenset()
        years = range(self.compiled_on.year - 1, self.compiled_on.year + 3)
        return frozenset(public_holidays(self.organization["country"], self.organization["holiday_region"], years))

    @cached_property
    def flat_prices(self) -> dict[object, Price]:
        """Prices that are the same at any time, by what they depend on: worked out once for each."""
        return {}

    def remember_flat(self, key: object, price: Price) -> Price:
        """Keep a price that is the same at any time; a thousand of them at most, for ways can be many."""
        if len(self.flat_prices) >= MOST_FLAT_PRICES:
            self.flat_prices.clear()
        self.flat_prices[key] = price
        return price

    def serving(self, chosen: str | None) -> tuple[Serving, ...]:
        """What is promised: all that the service requires, and the resource that was chosen (its slug).

        Whoever happens to serve besides decides no price: it is shown before that is known.
        """
        named = [each.serving for each in self.resources if each.slug == chosen]
        return (*(need.asks for need in self.needs if need.asks), *named)

    def rules(self, *, duration: int, now: datetime, notice_waived: bool = False, emergency: bool = False) -> Rules:
        """The service's rules at `now`. Staff may book at any notice (`notice_waived`), never in the past."""
        minute = clock.to_minute(now) + 1
        service = self.service
        notice = int(service["emergency_notice_minutes"] if emergency else service["notice_minutes"])
        horizon = int(service["emergency_horizon_hours"]) * 60 if emergency else int(service["horizon_days"]) * DAY
        return Rules(
            duration=duration,
            step=int(self.service["step_minutes"]),
            buffer_before=int(self.service["buffer_before_minutes"]),
            buffer_after=int(self.service["buffer_after_minutes"]),
            earliest=minute if notice_waived else minute + notice,
            latest=minute + horizon,
        )

    def own_rules(
        self,
        needs: Iterable[PlannedNeed],
        usual: Rules,
        now: datetime,
        *,
        notice_waived: bool = False,
        emergency: bool = False,
    ) -> dict[UUID, Rules]:
        """The rules of those resources of the needs that do not keep all of the service's, which are `usual`.

        An emergency's notice and horizon are the service's for everybody; buffers stay.
        """
        if not self._has_own_rules:
            return {}
        resources = {each.id: each for need in needs for each in need.pool if each.has_own_rules}
        minute = clock.to_minute(now) + 1
        return {
            key: each.changed(
                usual,
                earliest=None if notice_waived or emergency or each.notice is None else minute + each.notice,
                latest=None if emergency or each.horizon is None else minute + each.horizon * DAY,
            )
            for key, each in resources.items()
        }


def compile_plan(document: Mapping[str, Any], today: date) -> ServicePlan:
    """A plan of the document that `document.document_of` gives."""
    schedules, numbers = compile_schedules(document, today, emergency=document["service"]["offers_emergency"])
    extras = compile_extras(document["extras"], always=len(schedules))
    if any(extra.stock for extra in extras.values()):
        schedules = (*schedules, open_always(document["organization"]["time_zone"]))
    resources = {row["id"]: _resource(row, *numbers[row["id"]]) for row in document["resources"]}
    needs = tuple(_need(row, resources) for row in document["needs"])
    return ServicePlan(
        organization=document["organization"],
        service=document["service"],
        questions=tuple(document["questions"]),
        needs=needs,
        resources=tuple(resources.values()),
        schedules=schedules,
        compiled_on=today,
        terms=compile_terms(document),
        codes=compile_codes(document),
        codes_elsewhere=codes_elsewhere(document),
        payment_methods=tuple(row["method"] for row in document["pricing"]["options"]),
        tips=compile_tips(document),
        deposit=compile_deposit(document),
        hold_ahead=compile_hold_ahead(document),
        ladder=compile_ladder(document),
        limits=planned(document["limits"]),
        geography=compile_geography(document),
        extras=extras,
    )


def _resource(row: Mapping[str, Any], schedule: int, emergency_schedule: int) -> PlannedResource:
    return PlannedResource(
        id=UUID(row["id"]),
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        lanes=row["lanes"],
        largest_party=row["largest_party"],
        rank=row["rank"],
        weight=row["weight"],
        is_public=row["is_public"],
        team=UUID(row["team"]) if row["team"] else None,
        schedule=schedule,
        emergency_schedule=emergency_schedule,
        buffer_before=row["buffer_before"],
        buffer_after=row["buffer_after"],
        notice=row["notice"],
        horizon=row["horizon"],
        skills=frozenset(row["skills"]),
        attributes=exact_attributes(row["attributes"]),
    )


def _need(row: Mapping[str, Any], resources: Mapping[str, PlannedResource]) -> PlannedNeed:
    return PlannedNeed(
        id=UUID(row["id"]),
        per_person=row["per_person"],
        is_choosable=row["is_choosable"],
        pool=tuple(resources[key] for key in row["pool"]),
        count=row["count"],
        asks=Serving(row["kind"], frozenset(row["skills"]), exact_attributes(row["attributes"])),
    )
