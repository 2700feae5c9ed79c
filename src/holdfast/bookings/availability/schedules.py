"""Working hours, exceptions, closures and holidays become schedules: for the engine and for whoever changes them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from holdfast.catalog import queries as catalog
from holdfast.catalog.public_holidays import public_holidays
from holdfast.domain.hours import DateRange, Schedule, WeeklyRange


def schedules_of(resources: Iterable[UUID], today: date) -> dict[UUID, Schedule]:
    """When each of these resources works, on-call hours beside, as the transaction of the organization sees it."""
    document = catalog.hours_document(resources)
    schedules, numbers = compile_schedules(document, today, emergency=True)
    return {UUID(row["id"]): schedules[numbers[row["id"]][1]] for row in document["resources"]}


def compile_schedules(
    document: Mapping[str, Any], today: date, *, emergency: bool
) -> tuple[tuple[Schedule, ...], Mapping[str, tuple[int, int]]]:
    """The distinct schedules (equal hours are compiled once), and for each resource the numbers of two of them.

    The first is of its regular hours; the second has the on-call hours beside them where `emergency` is wanted.
    `document`: the organization, its resources' keys, and what `catalog.queries.HOURS` gives.
    """
    closures, zone = document["closures"], document["organization"]["time_zone"]
    closed, off_call = _closed_dates(document, today), _closed_on_call(closures)
    regular, on_call = _hours_of(document, "regular"), _hours_of(document, "on_call")
    found: dict[tuple[_Hours, _Hours], Schedule] = {}
    numbers: dict[tuple[_Hours, _Hours], int] = {}

    def number_of(resource: str, *, with_on_call: bool) -> int:
        own, more = regular.get(resource, _NO_HOURS), on_call.get(resource, _NO_HOURS) if with_on_call else _NO_HOURS
        if (own, more) not in found:
            besides = None if more == _NO_HOURS else Schedule(zone, more[0], dict(more[1]), off_call)
            found[own, more] = Schedule(zone, own[0], dict(own[1]), closed, besides)
            numbers[own, more] = len(numbers)
        return numbers[own, more]

    given = {
        row["id"]: (number_of(row["id"], with_on_call=False), number_of(row["id"], with_on_call=emergency))
        for row in document["resources"]
    }
    return tuple(found.values()), given


def _closed_dates(document: Mapping[str, Any], today: date) -> frozenset[date]:
    """Closures and, where observed, public holidays that are not worked, from last year to the year after next."""
    organization, days = document["organization"], set[date]()
    if organization["observes_holidays"]:
        years = range(today.year - 1, today.year + 3)
        days.update(public_holidays(organization["country"], organization["holiday_region"], years))
        days.difference_update(map(date.fromisoformat, document["worked_holidays"]))
    return frozenset(days.union(_days_of(document["closures"])))


def _closed_on_call(closures: Iterable[Mapping[str, Any]]) -> frozenset[date]:
    """The dates on which nobody is on call: closures that say so. Public holidays are what on-call hours are for."""
    return frozenset(_days_of(closure for closure in closures if closure["closes_on_call"]))


def _days_of(closures: Iterable[Mapping[str, Any]]) -> Iterator[date]:
    for closure in closures:
        first, last = date.fromisoformat(closure["starts_on"]), date.fromisoformat(closure["ends_on"])
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


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
