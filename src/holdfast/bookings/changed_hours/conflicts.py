"""Bookings to come that the catalog, as the running transaction sees it, no longer has room for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from holdfast.bookings.availability.schedules import schedules_of
from holdfast.bookings.models import Allocation, Booking, BookingType
from holdfast.catalog import queries as catalog_queries
from holdfast.catalog.guards import BrokenBooking
from holdfast.catalog.models import STOCK, Requirement, Resource
from holdfast.core import clock
from holdfast.core.fields import in_language
from holdfast.domain import hours
from holdfast.domain.calendar_bits import Window, full
from holdfast.domain.hours import Schedule
from holdfast.domain.lifecycle import ACTIVE, FINAL


@dataclass(frozen=True)
class _Catalog:
    """What decides whether a booking fits: rows of one organization."""

    schedules: Mapping[UUID, Schedule]
    requirements: Mapping[UUID, Mapping[UUID, Requirement]]
    fitting: Set[tuple[UUID, UUID]]


def broken_bookings(*, organization_id: UUID) -> list[BrokenBooking]:
    """Active bookings that are not over and no longer fit hours, closures, resources or requirements.

    Each is named once, with the first reason found that it was not kept despite. Inside the organization's transaction.
    """
    now = clock.now()
    bookings = list(_to_come(organization_id, now))
    if not bookings:
        return []
    catalog = _catalog(bookings, now)
    found = []
    for booking in bookings:
        kept = {each.code for each in booking.kept.all() if each.starts_at == booking.starts_at}
        problem = next((each for each in _problems(booking, catalog) if each[0] not in kept), None)
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
        .prefetch_related("allocations__resource", "kept")
        .order_by("starts_at", "reference")
    )


def _problems(booking: Booking, catalog: _Catalog) -> Iterator[tuple[str, str]]:
    """Why the booking does not fit, as (code, words): for each resource the first reason, then what it lacks."""
    allocations = [each for each in booking.allocations.all() if each.active]
    start, end = clock.to_minute(booking.starts_at), clock.to_minute(booking.ends_at)
    service_time = Window(start, end - start)
    requirements = catalog.requirements.get(booking.service_id, {})
    for allocation in allocations:
        if allocation.resource.kind == STOCK:  # it has no hours, and fills no requirement
            if problem := _resource_problem(allocation, booking):
                yield problem
            continue
        schedule = catalog.schedules[allocation.resource_id]
        if booking.type != BookingType.EMERGENCY:
            schedule = replace(schedule, on_call=None)
        problem = _resource_problem(allocation, booking) or _hours_problem(allocation.resource, service_time, schedule)
        problem = problem or _requirement_problem(allocation, requirements, catalog.fitting)
        if problem:
            yield problem
    filled = Counter(requirement for requirement, _resource in {(a.requirement_id, a.resource_id) for a in allocations})
    lacking = [key for key, requirement in requirements.items() if filled[key] < requirement.count]
    if lacking:
        words = ", ".join(sorted(str(requirements[key]) for key in lacking))
        yield "requirement_lacking", _("The service now also needs: %(requirements)s.") % {"requirements": words}


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


def _requirement_problem(
    allocation: Allocation, requirements: Mapping[UUID, Requirement], fitting: Set[tuple[UUID, UUID]]
) -> tuple[str, str] | None:
    """Whether the resource still fills what it was taken for. One whose requirement is gone stands in nobody's way."""
    requirement = requirements.get(allocation.requirement_id) if allocation.requirement_id else None
    if requirement is None or (requirement.pk, allocation.resource_id) in fitting:
        return None
    resource = allocation.resource
    words = {"name": resource.name, "requirement": str(requirement)}
    return f"unfit:{resource.pk}", _("%(name)s no longer fits “%(requirement)s”.") % words


def _catalog(bookings: list[Booking], now: datetime) -> _Catalog:
    resources = {each.resource_id for booking in bookings for each in booking.allocations.all()}
    requirements: dict[UUID, dict[UUID, Requirement]] = {}
    for requirement in Requirement.objects.filter(service__in={booking.service_id for booking in bookings}):
        requirements.setdefault(requirement.service_id, {})[requirement.pk] = requirement
    fitting = catalog_queries.fitting_pairs((key for each in requirements.values() for key in each), resources)
    return _Catalog(schedules_of(resources, now.date()), requirements, fitting)
