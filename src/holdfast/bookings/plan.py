"""A service compiled for the engine: rules, pools and calendars, kept in memory until its catalog changes."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import holidays

from holdfast.bookings.limits import PlannedLimit, planned
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

    `emergency_schedule`: of those with its on-call hours, where the service takes emergencies.
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
    team: UUID | None
    emergency_schedule: int


@dataclass(frozen=True, slots=True)
class PlannedNeed:
    """What the service needs one of."""

    id: UUID
    per_person: bool
    is_choosable: bool
    pool: tuple[PlannedResource, ...]


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
    limits: tuple[PlannedLimit, ...] = ()

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
    schedules, numbers = _schedules(document, today)
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
            team=UUID(row["team"]) if row["team"] else None,
            schedule=numbers[row["id"]][0],
            emergency_schedule=numbers[row["id"]][1],
        )
        for row in document["resources"]
    }
    needs = tuple(
        PlannedNeed(
            id=UUID(row["id"]),
            per_person=row["per_person"],
            is_choosable=row["is_choosable"],
            pool=tuple(resources[key] for key in row["pool"]),
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
        limits=planned(document["limits"]),
    )


def closed_dates(
    organization: Mapping[str, Any], closures: Iterable[Mapping[str, Any]], today: date
) -> frozenset[date]:
    """Closures and, where observed, the country's public holidays from last year to the year after next."""
    days = set(_days_of(closures))
    if organization["observes_holidays"]:
        years = range(today.year - 1, today.year + 3)
        days.update(holidays.country_holidays(organization["country"], years=years))
    return frozenset(days)


def closed_on_call(closures: Iterable[Mapping[str, Any]]) -> frozenset[date]:
    """The dates on which nobody is on call: closures that say so. Public holidays are what on-call hours are for."""
    return frozenset(_days_of(closure for closure in closures if closure["closes_on_call"]))


def _days_of(closures: Iterable[Mapping[str, Any]]) -> Iterator[date]:
    for closure in closures:
        first, last = date.fromisoformat(closure["starts_on"]), date.fromisoformat(closure["ends_on"])
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _schedules(document: Mapping[str, Any], today: date) -> tuple[tuple[Schedule, ...], Mapping[str, tuple[int, int]]]:
    """The distinct schedules (equal hours are compiled once), and for each resource the numbers of two of them.

    The first is of its regular hours; the second with its on-call hours too, if the service takes emergencies.
    """
    closures, zone = document["closures"], document["organization"]["time_zone"]
    closed, off_call = closed_dates(document["organization"], closures, today), closed_on_call(closures)
    regular, on_call = _hours_of(document, "regular"), _hours_of(document, "on_call")
    found: dict[tuple[_Hours, _Hours], Schedule] = {}
    numbers: dict[tuple[_Hours, _Hours], int] = {}

    def number_of(resource: str, *, emergency: bool) -> int:
        own, more = regular.get(resource, _NO_HOURS), on_call.get(resource, _NO_HOURS) if emergency else _NO_HOURS
        if (own, more) not in found:
            besides = None if more == _NO_HOURS else Schedule(zone, more[0], dict(more[1]), off_call)
            found[own, more] = Schedule(zone, own[0], dict(own[1]), closed, besides)
            numbers[own, more] = len(numbers)
        return numbers[own, more]

    takes = document["service"]["offers_emergency"]
    given = {
        row["id"]: (number_of(row["id"], emergency=False), number_of(row["id"], emergency=takes))
        for row in document["resources"]
    }
    return tuple(found.values()), given


# Weekly ranges, and the ranges of each date that differs, in the order of dates.
_Hours = tuple[tuple[WeeklyRange, ...], tuple[tuple[date, tuple[DateRange, ...]], ...]]
_NO_HOURS: _Hours = ((), ())


def _hours_of(document: Mapping[str, Any], kind: str) -> dict[str, _Hours]:
    """The hours of one kind that each resource has."""
    weekly: dict[str, list[WeeklyRange]] = {}
    exceptions: dict[str, dict[date, list[DateRange]]] = {}
    for row in document["hours"]:
        if row["kind"] == kind:
            weekly.setdefault(row["resource"], []).append(_weekly_range(row))
    for row in document["exceptions"]:
        if row["kind"] != kind:
            continue
        day = date.fromisoformat(row["date"])
        ranges = exceptions.setdefault(row["resource"], {}).setdefault(day, [])
        if row["starts"] is not None:
            ranges.append(DateRange(day, row["starts"], row["ends"]))
    return {
        resource: (
            tuple(weekly.get(resource, ())),
            tuple((day, tuple(ranges)) for day, ranges in sorted(exceptions.get(resource, {}).items())),
        )
        for resource in {*weekly, *exceptions}
    }


def _weekly_range(row: Mapping[str, Any]) -> WeeklyRange:
    return WeeklyRange(
        weekday=row["weekday"],
        starts=row["starts"],
        ends=row["ends"],
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
    )
