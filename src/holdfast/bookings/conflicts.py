"""Bookings to come that the catalog, as the running transaction sees it, no longer has room for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from holdfast.bookings.models import Allocation, Booking, BookingType
from holdfast.bookings.plan import closed_dates, closed_on_call
from holdfast.catalog.guards import BrokenBooking
from holdfast.catalog.models import (
    Closure,
    HoursException,
    HoursKind,
    Organization,
    Requirement,
    Resource,
    WorkingHours,
)
from holdfast.core import clock
from holdfast.core.fields import in_language
from holdfast.domain import hours
from holdfast.domain.calendar_bits import Window, full
from holdfast.domain.hours import DateRange, Schedule, WeeklyRange
from holdfast.domain.lifecycle import ACTIVE, FINAL


@dataclass(frozen=True)
class _Catalog:
    """What decides whether a booking fits: rows of one organization."""

    schedules: Mapping[UUID, Schedule]
    requirements: Mapping[UUID, Mapping[UUID, Requirement]]


def broken_bookings(*, organization_id: UUID) -> list[BrokenBooking]:
    """Active bookings that are not over and no longer fit hours, closures, resources or requirements.

    Each is named once, with the first reason found. Inside the organization's transaction.
    """
    now = clock.now()
    bookings = list(_to_come(organization_id, now))
    if not bookings:
        return []
    catalog = _catalog(organization_id, bookings, now)
    found = []
    for booking in bookings:
        problem = _problem(booking, catalog)
        if problem:
            found.append(
                BrokenBooking(
                    id=booking.pk,
                    reference=booking.reference,
                    starts_at=booking.starts_at,
                    time_zone=booking.time_zone,
                    service_name=in_language(booking.service.name),
                    customer_name=booking.customer_name,
                    code=problem[0],
                    reason=problem[1],
                )
            )
    return found


def _to_come(organization_id: UUID, now: datetime) -> Iterable[Booking]:
    return (
        Booking.objects.filter(organization_id=organization_id, state__in=ACTIVE - FINAL, ends_at__gt=now)
        .exclude(Q(state="held") & Q(hold_expires_at__lte=now))
        .select_related("service")
        .prefetch_related("allocations__resource")
        .order_by("starts_at", "reference")
    )


def _problem(booking: Booking, catalog: _Catalog) -> tuple[str, str] | None:
    """Why the booking does not fit, as (code, words)."""
    allocations = [each for each in booking.allocations.all() if each.active]
    start, end = clock.to_minute(booking.starts_at), clock.to_minute(booking.ends_at)
    service_time = Window(start, end - start)
    requirements = catalog.requirements.get(booking.service_id, {})
    for allocation in allocations:
        schedule = catalog.schedules[allocation.resource_id]
        if booking.type != BookingType.EMERGENCY:
            schedule = replace(schedule, on_call=None)
        problem = _resource_problem(allocation, booking) or _hours_problem(allocation.resource, service_time, schedule)
        problem = problem or _requirement_problem(allocation, requirements)
        if problem:
            return problem
    lacking = set(requirements) - {allocation.requirement_id for allocation in allocations}
    if lacking:
        words = ", ".join(sorted(str(requirements[key]) for key in lacking))
        return "requirement_lacking", _("The service now also needs: %(requirements)s.") % {"requirements": words}
    return None


def _resource_problem(allocation: Allocation, booking: Booking) -> tuple[str, str] | None:
    resource = allocation.resource
    name = {"name": resource.name}
    if not resource.is_active:
        return f"resource_inactive:{resource.pk}", _("%(name)s is no longer in use.") % name
    if allocation.lane >= resource.lanes:
        return f"lane_gone:{resource.pk}", _("%(name)s has fewer places now.") % name
    if resource.largest_party is not None and resource.largest_party < booking.party_size:
        return f"party_too_large:{resource.pk}", _("%(name)s takes smaller parties now.") % name
    return None


def _hours_problem(resource: Resource, service_time: Window, schedule: Schedule) -> tuple[str, str] | None:
    if hours.open_bits(schedule, service_time) == full(service_time):
        return None
    if schedule.closed_dates.intersection(hours.local_dates(schedule.zone, service_time)):
        return "closed", _("The business is closed then.")
    return f"outside_hours:{resource.pk}", _("%(name)s does not work then.") % {"name": resource.name}


def _requirement_problem(allocation: Allocation, requirements: Mapping[UUID, Requirement]) -> tuple[str, str] | None:
    """Whether the resource still fills what it was taken for. One whose requirement is gone stands in nobody's way."""
    requirement = requirements.get(allocation.requirement_id) if allocation.requirement_id else None
    if requirement is None:
        return None
    resource = allocation.resource
    fits = (
        resource.kind == requirement.kind
        and set(requirement.skills) <= set(resource.skills)
        and requirement.team_id in (None, resource.team_id)
    )
    if fits:
        return None
    words = {"name": resource.name, "requirement": str(requirement)}
    return f"unfit:{resource.pk}", _("%(name)s no longer fits “%(requirement)s”.") % words


def _catalog(organization_id: UUID, bookings: list[Booking], now: datetime) -> _Catalog:
    resources = {each.resource_id for booking in bookings for each in booking.allocations.all()}
    requirements: dict[UUID, dict[UUID, Requirement]] = {}
    for requirement in Requirement.objects.filter(service__in={booking.service_id for booking in bookings}):
        requirements.setdefault(requirement.service_id, {})[requirement.pk] = requirement
    return _Catalog(_schedules(organization_id, resources, now), requirements)


def _schedules(organization_id: UUID, resources: set[UUID], now: datetime) -> dict[UUID, Schedule]:
    """Each resource's regular hours, its on-call hours beside them."""
    organization = Organization.objects.get(pk=organization_id)
    closures = [
        {"starts_on": str(each.starts_on), "ends_on": str(each.ends_on), "closes_on_call": each.closes_on_call}
        for each in Closure.objects.filter(organization_id=organization_id)
    ]
    observed = {"observes_holidays": organization.observes_holidays, "country": organization.country}
    closed = {
        HoursKind.REGULAR: closed_dates(observed, closures, now.date()),
        HoursKind.ON_CALL: closed_on_call(closures),
    }
    weekly = _by_resource(WorkingHours.objects.filter(resource__in=resources), _weekly_range)
    special = _by_resource(HoursException.objects.filter(resource__in=resources), lambda row: row)

    def schedule(key: UUID, kind: HoursKind, on_call: Schedule | None = None) -> Schedule:
        ranges, dates = tuple(weekly.get((key, kind), ())), _exceptions(special.get((key, kind), ()))
        return Schedule(organization.time_zone, ranges, dates, closed[kind], on_call)

    return {key: schedule(key, HoursKind.REGULAR, schedule(key, HoursKind.ON_CALL)) for key in resources}


def _by_resource(rows: Any, make: Any) -> dict[tuple[UUID, str], list[Any]]:
    """What is made of the rows of each resource and kind."""
    grouped = groupby(rows.order_by("resource_id", "kind"), key=lambda row: (row.resource_id, row.kind))
    return {key: [make(row) for row in group] for key, group in grouped}


def _exceptions(rows: Iterable[HoursException]) -> dict[date, tuple[DateRange, ...]]:
    found: dict[date, tuple[DateRange, ...]] = {}
    for row in rows:
        ranges = found.setdefault(row.date, ())
        if row.starts is not None and row.ends is not None:
            found[row.date] = (*ranges, DateRange(row.date, _minute_of_day(row.starts), _minute_of_day(row.ends)))
    return found


def _weekly_range(row: WorkingHours) -> WeeklyRange:
    starts, ends = _minute_of_day(row.starts), _minute_of_day(row.ends)
    return WeeklyRange(row.weekday, starts, ends, row.valid_from, row.valid_until)


def _minute_of_day(at: time) -> int:
    return at.hour * 60 + at.minute
