"""A service compiled for the engine: rules, pools and calendars, kept in memory until its catalog changes."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import holidays

from holdfast.catalog.models import Service
from holdfast.core import clock
from holdfast.domain.calendar_bits import Window, reslice
from holdfast.domain.hours import DAY, DateRange, Schedule, WeeklyRange, day_start, open_bits
from holdfast.domain.slots import Rules

# Calendars are compiled from yesterday on; what lies outside is computed when asked for.
DAYS_COMPILED = 95
KEPT_IN_MEMORY = 512


@dataclass(frozen=True, slots=True)
class PlannedResource:
    """A resource that may serve; `schedule` is the number of its working hours in the plan.

    Buffers and notice (minutes) and horizon (days) are its own in place of the service's; None: the service's.
    """

    id: UUID
    slug: str
    name: str
    kind: str
    lanes: int
    largest_party: int | None
    rank: int
    is_public: bool
    schedule: int
    buffer_before: int | None = None
    buffer_after: int | None = None
    notice: int | None = None
    horizon: int | None = None

    @property
    def has_own_rules(self) -> bool:
        return (self.buffer_before, self.buffer_after, self.notice, self.horizon) != (None, None, None, None)

    def changed(self, usual: Rules, minute: int, notice_waived: bool) -> Rules:
        """The service's rules with what this resource has of its own, counted from `minute`."""
        own = {
            "buffer_before": self.buffer_before,
            "buffer_after": self.buffer_after,
            "earliest": None if notice_waived or self.notice is None else minute + self.notice,
            "latest": None if self.horizon is None else minute + self.horizon * DAY,
        }
        return replace(usual, **{name: value for name, value in own.items() if value is not None})


@dataclass(frozen=True, slots=True)
class PlannedNeed:
    """What the service needs: `count` different resources of the pool."""

    id: UUID
    per_person: bool
    is_choosable: bool
    pool: tuple[PlannedResource, ...]
    count: int = 1


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

    def rules(self, *, duration: int, now: datetime, notice_waived: bool = False) -> Rules:
        """The service's rules at `now`. Staff may book at any notice (`notice_waived`), never in the past."""
        minute = clock.to_minute(now) + 1
        notice = 0 if notice_waived else int(self.service["notice_minutes"])
        return Rules(
            duration=duration,
            step=int(self.service["step_minutes"]),
            buffer_before=int(self.service["buffer_before_minutes"]),
            buffer_after=int(self.service["buffer_after_minutes"]),
            earliest=minute + notice,
            latest=minute + int(self.service["horizon_days"]) * DAY,
        )

    def own_rules(
        self, needs: Iterable[PlannedNeed], *, duration: int, now: datetime, notice_waived: bool = False
    ) -> dict[UUID, Rules]:
        """The rules of those resources of the needs that do not keep all of the service's."""
        if not self._has_own_rules:
            return {}
        resources = {each.id: each for need in needs for each in need.pool if each.has_own_rules}
        usual = self.rules(duration=duration, now=now, notice_waived=notice_waived)
        return {key: each.changed(usual, clock.to_minute(now) + 1, notice_waived) for key, each in resources.items()}


class PlanCache:
    """The plans used last, by organization and service; one is used only for the catalog version it was made from."""

    def __init__(self) -> None:
        self._plans: OrderedDict[tuple[UUID, str], ServicePlan] = OrderedDict()

    def get(self, organization_id: UUID, service: str, version: int, today: date) -> ServicePlan | None:
        plan = self._plans.get((organization_id, service))
        if plan is None or plan.version != version or plan.compiled_on != today:
            return None
        return plan

    def newest(self, organization_id: UUID, service: str, today: date) -> ServicePlan | None:
        """The plan of today, whatever version: for whoever compares versions afterwards."""
        plan = self._plans.get((organization_id, service))
        return plan if plan is not None and plan.compiled_on == today else None

    def put(self, organization_id: UUID, service: str, plan: ServicePlan) -> None:
        self._plans[organization_id, service] = plan
        self._plans.move_to_end((organization_id, service))
        while len(self._plans) > KEPT_IN_MEMORY:
            self._plans.popitem(last=False)


def compile_plan(document: Mapping[str, Any], today: date) -> ServicePlan:
    """A plan of the document that `catalog.queries.SERVICE_DOCUMENT` gives."""
    schedules, number_of = _schedules(document, today)
    resources = {
        row["id"]: PlannedResource(
            id=UUID(row["id"]),
            slug=row["slug"],
            name=row["name"],
            kind=row["kind"],
            lanes=row["lanes"],
            largest_party=row["largest_party"],
            rank=row["rank"],
            is_public=row["is_public"],
            schedule=number_of(row["id"]),
            buffer_before=row["buffer_before"],
            buffer_after=row["buffer_after"],
            notice=row["notice"],
            horizon=row["horizon"],
        )
        for row in document["resources"]
    }
    needs = tuple(
        PlannedNeed(
            id=UUID(row["id"]),
            per_person=row["per_person"],
            is_choosable=row["is_choosable"],
            pool=tuple(resources[key] for key in row["pool"]),
            count=row["count"],
        )
        for row in document["needs"]
    )
    return ServicePlan(
        organization=document["organization"],
        service=document["service"],
        questions=tuple(document["questions"]),
        needs=needs,
        resources=tuple(resources.values()),
        schedules=schedules,
        compiled_on=today,
    )


def closed_dates(
    organization: Mapping[str, Any], closures: Iterable[Mapping[str, Any]], today: date
) -> frozenset[date]:
    """Closures and, where observed, the country's public holidays from last year to the year after next."""
    days: set[date] = set()
    for closure in closures:
        first, last = date.fromisoformat(closure["starts_on"]), date.fromisoformat(closure["ends_on"])
        days.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    if organization["observes_holidays"]:
        years = range(today.year - 1, today.year + 3)
        days.update(holidays.country_holidays(organization["country"], years=years))
    return frozenset(days)


def _schedules(document: Mapping[str, Any], today: date) -> tuple[tuple[Schedule, ...], Callable[[str], int]]:
    """The distinct schedules and, for each resource, which is its own: equal hours are compiled once."""
    closed = closed_dates(document["organization"], document["closures"], today)
    zone = document["organization"]["time_zone"]
    weekly: dict[str, list[WeeklyRange]] = {}
    exceptions: dict[str, dict[date, list[DateRange]]] = {}
    for row in document["hours"]:
        weekly.setdefault(row["resource"], []).append(_weekly_range(row))
    for row in document["exceptions"]:
        day = date.fromisoformat(row["date"])
        ranges = exceptions.setdefault(row["resource"], {}).setdefault(day, [])
        if row["starts"] is not None:
            ranges.append(DateRange(day, row["starts"], row["ends"]))
    numbers: dict[Any, int] = {}
    found: list[Schedule] = []

    def number_of(resource: str) -> int:
        ranges = tuple(weekly.get(resource, ()))
        special = {day: tuple(each) for day, each in exceptions.get(resource, {}).items()}
        identity = (ranges, tuple(sorted(special.items(), key=lambda item: item[0])))
        if identity not in numbers:
            numbers[identity] = len(found)
            found.append(Schedule(zone=zone, weekly=ranges, exceptions=special, closed_dates=closed))
        return numbers[identity]

    # Numbers are given here, before the tuple is made, so that every resource's schedule is in it.
    given = {row["id"]: number_of(row["id"]) for row in document["resources"]}
    return tuple(found), given.__getitem__


def _weekly_range(row: Mapping[str, Any]) -> WeeklyRange:
    return WeeklyRange(
        weekday=row["weekday"],
        starts=row["starts"],
        ends=row["ends"],
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
    )
