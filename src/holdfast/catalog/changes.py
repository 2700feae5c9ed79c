"""What can be changed about when an organization works. Each function makes one change in the running transaction.

They are run by `bookings/changed_hours/resolving.py`, which finds the bookings that a change breaks and lets nobody
forget one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any
from uuid import UUID

from holdfast.catalog.models import Closure, HoursException, Organization, Resource, WorkedHoliday, WorkingHours
from holdfast.core.errors import NotFound
from holdfast.domain.hours import DAY, WeeklyRange
from holdfast.domain.working_week import Day


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did, for the event log: what kind, of whom or what, the resources by name, and the facts."""

    what: str
    subject: UUID
    resources: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


Change = Callable[[], Changed]


def weekly_rows(resource_id: UUID, kind: str) -> list[WeeklyRange]:
    """A resource's weekly ranges of one kind, as the domain has them."""
    rows = WorkingHours.objects.filter(resource=resource_id, kind=kind)
    return [_range_of(row) for row in rows]


def put_weekly(*, resource: Resource, kind: str, ranges: Iterable[WeeklyRange]) -> None:
    """Make these a resource's weekly ranges of one kind; rows that stay the same are not touched."""
    wanted = {replace(each, ends=each.ends % DAY) for each in ranges}
    for row in WorkingHours.objects.filter(resource=resource, kind=kind):
        if (known := _range_of(row)) in wanted:
            wanted.discard(known)
        else:
            row.delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(
            organization_id=resource.organization_id,
            resource=resource,
            kind=kind,
            weekday=each.weekday,
            starts=_time(each.starts),
            ends=_time(each.ends),
            valid_from=each.valid_from,
            valid_until=each.valid_until,
        )
        for each in sorted(wanted, key=lambda each: (each.weekday, each.starts))
    )


def put_days(*, resource: Resource, kind: str, days: Mapping[date, Day | None], reason: str = "") -> None:
    """Make these a resource's exceptions on these dates: ranges, () for a day off, None for a day like any other."""
    HoursException.objects.filter(resource=resource, kind=kind, date__in=list(days)).delete()
    HoursException.objects.bulk_create(
        HoursException(
            organization_id=resource.organization_id,
            resource=resource,
            kind=kind,
            date=day,
            starts=None if each is None else _time(each[0]),
            ends=None if each is None else _time(each[1]),
            reason=reason,
        )
        for day, ranges in sorted(days.items())
        if ranges is not None
        for each in ranges or (None,)
    )


def add_closure(
    *, organization: Organization, starts_on: date, ends_on: date, reason: str, closes_on_call: bool
) -> Changed:
    """Close on local dates, both ends included."""
    closure = Closure.objects.create(
        organization=organization, starts_on=starts_on, ends_on=ends_on, reason=reason, closes_on_call=closes_on_call
    )
    return Changed("closure.added", closure.pk, details=_closure_facts(closure))


def remove_closure(*, closure_id: UUID) -> Changed:
    """Raises NotFound."""
    closure = Closure.objects.filter(pk=closure_id).first()
    if closure is None:
        raise NotFound
    facts = _closure_facts(closure)
    closure.delete()
    return Changed("closure.removed", closure_id, details=facts)


def work_on_holiday(*, organization: Organization, day: date, works: bool) -> Changed:
    """Work on a public holiday, or rest on it again. Doing it twice changes nothing more."""
    found = WorkedHoliday.objects.filter(organization=organization, date=day)
    if works and not found.exists():
        WorkedHoliday.objects.create(organization=organization, date=day)
    if not works:
        found.delete()
    return Changed(
        "holiday.worked" if works else "holiday.observed", organization.pk, details={"date": day.isoformat()}
    )


def observe_holidays(*, organization: Organization, observes: bool, region: str) -> Changed:
    """Close on public holidays, those of a region of the country among them, or on none."""
    organization.observes_holidays, organization.holiday_region = observes, region
    organization.save(update_fields=["observes_holidays", "holiday_region"])
    return Changed("holidays", organization.pk, details={"observed": observes, "region": region})


def resources_named(slugs: Sequence[str]) -> list[Resource]:
    """The resources in use with these slugs, all of them. Raises NotFound."""
    found = list(Resource.objects.filter(slug__in=slugs, is_active=True))
    if not found or len(found) != len(set(slugs)):
        raise NotFound
    return found


def _range_of(row: WorkingHours) -> WeeklyRange:
    return WeeklyRange(row.weekday, _minute(row.starts), _minute(row.ends), row.valid_from, row.valid_until)


def _closure_facts(closure: Closure) -> dict[str, Any]:
    return {
        "starts_on": closure.starts_on.isoformat(),
        "ends_on": closure.ends_on.isoformat(),
        "reason": closure.reason,
        "closes_on_call": closure.closes_on_call,
    }


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(*divmod(minute % DAY, 60))
