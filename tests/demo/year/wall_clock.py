"""Working hours read slowly and obviously, from the rows alone: the oracle for what the demo placed."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import holidays

from holdfast.catalog.models import Closure, HoursException, Organization, WorkedHoliday, WorkingHours

Range = tuple[time, time]


class WallClock:
    """When each resource of the transaction's organization is at work, asked moment by moment."""

    def __init__(self, organization: Organization) -> None:
        self.zone = ZoneInfo(organization.time_zone)
        self._weekly: dict[UUID, list[WorkingHours]] = {}
        for weekly in WorkingHours.objects.filter(kind="regular"):
            self._weekly.setdefault(weekly.resource_id, []).append(weekly)
        self._special: dict[tuple[UUID, date], list[Range]] = {}
        for row in HoursException.objects.filter(kind="regular"):
            ranges = self._special.setdefault((row.resource_id, row.date), [])
            if row.starts is not None and row.ends is not None:
                ranges.append((row.starts, row.ends))
        self._closures = [(row.starts_on, row.ends_on) for row in Closure.objects.all()]
        self._holidays = (
            holidays.country_holidays(organization.country, years=range(2025, 2029))
            if organization.observes_holidays
            else {}
        )

        self._worked = set(WorkedHoliday.objects.values_list("date", flat=True))

    def works(self, resource_id: UUID, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether it is at work at every tenth minute of [starts_at, ends_at)."""
        minutes = int((ends_at - starts_at).total_seconds()) // 60
        return all(self.is_open(resource_id, starts_at + timedelta(minutes=m)) for m in range(0, minutes, 10))

    def is_open(self, resource_id: UUID, moment: datetime) -> bool:
        local = moment.astimezone(self.zone)
        today, clock = local.date(), local.time()
        holiday = today in self._holidays and today not in self._worked
        if holiday or any(first <= today <= last for first, last in self._closures):
            return False
        eve = today - timedelta(days=1)
        return any(
            starts <= clock < ends if starts < ends else starts <= clock
            for starts, ends in self._on(resource_id, today)
        ) or any(clock < ends <= starts for starts, ends in self._on(resource_id, eve))

    def _on(self, resource_id: UUID, day: date) -> Iterator[Range]:
        """The ranges that start on a date."""
        if (resource_id, day) in self._special:
            yield from self._special[resource_id, day]
            return
        for row in self._weekly.get(resource_id, ()):
            begun = row.valid_from is None or row.valid_from <= day
            over = row.valid_until is not None and day > row.valid_until
            if row.weekday == day.weekday() and begun and not over:
                yield row.starts, row.ends
