"""Changing when resources work: each function makes one change in the running transaction (catalog/changes.py).

They are run by `resolving.change_catalog`, so what they read is what stays until the commit.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from holdfast.bookings.availability.schedules import schedules_of
from holdfast.catalog import changes
from holdfast.catalog.changes import Changed
from holdfast.catalog.models import HoursException, HoursKind, Resource
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.domain import working_week
from holdfast.domain.hours import Schedule, WeeklyRange
from holdfast.domain.working_week import Day


class HoursChanged(HoldfastError):
    """Somebody else changed the same hours since they were read."""

    code, status, title = "hours_changed", 409, _("Somebody changed these hours in the meantime")


def fingerprint(resource: Resource, kind: str) -> str:
    """A short text that is another when the resource's hours of this kind are."""
    weekly = sorted(map(repr, changes.weekly_rows(resource.pk, kind)))
    days = HoursException.objects.filter(resource=resource, kind=kind).order_by("date", "starts", "id")
    rows = [*weekly, *map(repr, days.values_list("date", "starts", "ends", "reason"))]
    return hashlib.blake2b("\n".join(rows).encode(), digest_size=8).hexdigest()


def set_week(
    *,
    resource: Resource,
    kind: str,
    week: Sequence[WeeklyRange],
    first: date | None,
    last: date | None,
    seen: str | None = None,
) -> Changed:
    """Work this week from `first` to `last` (inclusive; None: without end); other dates stay as they are.

    `seen`: the fingerprint of the hours that were looked at. Raises HoursChanged.
    """
    if seen is not None and seen != fingerprint(resource, kind):
        raise HoursChanged
    rows = changes.weekly_rows(resource.pk, kind)
    changes.put_weekly(resource=resource, kind=kind, ranges=working_week.replace_week(rows, week, first, last))
    return _changed("hours.week", [resource], kind, first=_iso(first), last=_iso(last), ranges=_plain_week(week))


def add_to_week(
    *, resources: Sequence[Resource], kind: str, more: Sequence[WeeklyRange], first: date | None, last: date | None
) -> Changed:
    """Work these ranges besides, each of the resources."""
    for each in resources:
        rows = changes.weekly_rows(each.pk, kind)
        changes.put_weekly(resource=each, kind=kind, ranges=working_week.add_to_week(rows, more, first, last))
    return _changed("hours.added", resources, kind, first=_iso(first), last=_iso(last), ranges=_plain_week(more))


def copy_hours(*, source: Resource, resources: Sequence[Resource], kind: str) -> Changed:
    """Give others the weekly hours of one, validity dates included; their exceptions stay theirs."""
    rows = changes.weekly_rows(source.pk, kind)
    for each in resources:
        changes.put_weekly(resource=each, kind=kind, ranges=rows)
    return _changed("hours.copied", resources, kind, source=source.name)


def set_day(
    *, resources: Sequence[Resource], kind: str, day: date, ranges: Day | None, reason: str, seen: str | None = None
) -> Changed:
    """Work these ranges on one date, () for none, None for what the week says. Raises HoursChanged as `set_week`."""
    if seen is not None and seen != fingerprint(resources[0], kind):
        raise HoursChanged
    for each in resources:
        changes.put_days(resource=each, kind=kind, days={day: ranges}, reason=reason)
    return _changed("hours.day", resources, kind, date=day.isoformat(), ranges=ranges, why=reason)


def take_time_off(*, resources: Sequence[Resource], starts: datetime, ends: datetime, reason: str) -> Changed:
    """Keep [starts, ends) free, naive wall-clock times of the organization: neither at work nor on call."""
    for each, schedule in _schedules(resources):
        for kind, own in _kinds(schedule):
            days = working_week.time_off(own, starts, ends)
            changes.put_days(resource=each, kind=kind, days=days, reason=reason)
    return _changed("hours.time_off", resources, starts=starts.isoformat(), ends=ends.isoformat(), why=reason)


def copy_week(*, resource: Resource, monday: date, weeks: int, reason: str = "") -> Changed:
    """Work the `weeks` weeks after the one from `monday` like that one, by exceptions where they differ."""
    for each, schedule in _schedules([resource]):
        for kind, own in _kinds(schedule):
            days = working_week.copied_week(own, monday, weeks)
            changes.put_days(resource=each, kind=kind, days=days, reason=reason)
    return _changed("hours.week_copied", [resource], monday=monday.isoformat(), weeks=weeks)


def _schedules(resources: Sequence[Resource]) -> Iterable[tuple[Resource, Schedule]]:
    found = schedules_of([each.pk for each in resources], clock.now().date())
    return [(each, found[each.pk]) for each in resources]


def _kinds(schedule: Schedule) -> Iterable[tuple[str, Schedule]]:
    yield HoursKind.REGULAR, schedule
    if schedule.on_call is not None:
        yield HoursKind.ON_CALL, schedule.on_call


def _changed(what: str, resources: Sequence[Resource], kind: str = "", **details: Any) -> Changed:
    subject: UUID = resources[0].pk if len(resources) == 1 else resources[0].organization_id
    facts: Mapping[str, Any] = {"kind": kind, **details} if kind else details
    return Changed(what, subject, tuple(each.name for each in resources), facts)


def _plain_week(week: Iterable[WeeklyRange]) -> list[list[int]]:
    return [[each.weekday, each.starts, each.ends] for each in week]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
