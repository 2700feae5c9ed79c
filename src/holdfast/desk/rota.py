"""A week of everybody's hours: for each resource and date what is worked, drawn and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from holdfast.bookings.availability.schedules import schedules_of
from holdfast.catalog.models import Resource
from holdfast.core import clock
from holdfast.desk.hours_words import day_words
from holdfast.domain import hours
from holdfast.domain.calendar_bits import Window, to_intervals
from holdfast.domain.hours import Schedule
from holdfast.domain.working_week import worked_on

# A day is drawn as so many units, however many minutes it has.
UNITS = 96


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the drawn day, in units from its left."""

    left: float
    width: float


@dataclass(frozen=True, slots=True)
class RotaDay:
    date: date
    bars: tuple[Bar, ...]
    on_call: tuple[Bar, ...]
    words: str
    on_call_words: str
    is_closed: bool
    differs: bool


@dataclass(frozen=True, slots=True)
class RotaRow:
    resource: Resource
    days: tuple[RotaDay, ...]

    @property
    def works(self) -> bool:
        return any(day.bars for day in self.days)


def rota(resources: Sequence[Resource], monday: date) -> list[RotaRow]:
    """The week from `monday` of each resource; inside the organization's transaction."""
    schedules = schedules_of([each.pk for each in resources], clock.now().date())
    days = [monday + timedelta(days=number) for number in range(7)]
    return [RotaRow(each, tuple(_day(schedules[each.pk], day) for day in days)) for each in resources]


def _day(schedule: Schedule, day: date) -> RotaDay:
    regular = Schedule(schedule.zone, schedule.weekly, schedule.exceptions, schedule.closed_dates)
    on_call, closed = schedule.on_call, day in schedule.closed_dates
    return RotaDay(
        date=day,
        bars=_bars(regular, day),
        on_call=_bars(on_call, day) if on_call else (),
        words="" if closed else day_words(worked_on(regular, day)),
        on_call_words=day_words(ranges) if on_call and (ranges := worked_on(on_call, day)) else "",
        is_closed=closed,
        differs=day in schedule.exceptions,
    )


def _bars(schedule: Schedule, day: date) -> tuple[Bar, ...]:
    start, end = (hours.day_start(schedule.zone, each) for each in (day, day + timedelta(days=1)))
    window = Window(start, end - start)
    scale = UNITS / window.length
    found = to_intervals(window, hours.open_bits(schedule, window))
    return tuple(Bar(round((first - start) * scale, 2), round((last - first) * scale, 2)) for first, last in found)
