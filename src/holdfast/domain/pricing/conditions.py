"""When a rule applies: what is asked of the booking as such, and of each minute of it.

Times are read on the local clock by `domain/hours.py`, as working hours are: a range that runs past midnight belongs
to the date on which it starts ("Friday 22:00-06:00" includes Saturday until 06:00), the hour that a changed clock
leaves out has no minutes, and a range that begins or ends within the repeated hour does so the first time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from holdfast.domain import hours
from holdfast.domain.calendar_bits import Window, full
from holdfast.domain.hours import DateRange, Schedule, WeeklyRange

Attribute = int | Decimal | str
WHOLE_DAY = (0, 0)


class InputMissing(ValueError):
    """A rule needs a quantity that nobody has said: how many kilometres, how many bags."""

    def __init__(self, unit: str) -> None:
        super().__init__(f"nothing says how many {unit}")
        self.unit = unit


class NoPriceForWay(ValueError):
    """A table of zones has no price from here to there, and nothing else is charged in its place."""

    def __init__(self, origin: tuple[str, ...], destination: tuple[str, ...]) -> None:
        super().__init__(f"no price from {origin} to {destination}")
        self.origin, self.destination = origin, destination


@dataclass(frozen=True, slots=True)
class Serving:
    """What is known to serve: what a service requires, or a resource that was chosen, with kind, skills, attributes."""

    kind: str
    skills: frozenset[str] = frozenset()
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be priced. Minutes are UTC; `zone` is whose clock decides; `booked` is when the booking is made.

    `origin` and `destination`: the tariff zones that those places lie in, the first of them first. `units`: how many
    of what is priced by the unit; a party's people are known. `holidays`: local dates, at least those of the stay
    and of the eve of its first day.
    """

    zone: str
    start: int
    end: int
    booked: int
    service: str = ""
    type: str = "standard"
    party: int = 1
    serving: tuple[Serving, ...] = ()
    origin: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    units: Mapping[str, Fraction] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.end <= self.start or self.party < 1:
            raise ValueError("a price needs a duration and a party")

    @property
    def window(self) -> Window:
        return Window(self.start, self.end - self.start)

    def quantity(self, unit: str) -> Fraction:
        """How many of a unit. Raises InputMissing."""
        if unit == "person":
            return Fraction(self.party)
        if unit not in self.units:
            raise InputMissing(unit)
        return Fraction(self.units[unit])


@dataclass(frozen=True, slots=True)
class Condition:
    """All of what is given must hold; what is left empty or None does not matter.

    Of each minute: `weekdays` (0 is Monday), `times` (ranges in minutes of the local day, an end at or before its
    start is the next day), `dates` (both ends inclusive, either may be open), `holiday` (True: on public holidays
    only; False: on other days only). Of the booking: notice and duration in minutes, `shortest_notice` <= notice <
    `longest_notice`, and both ends inclusive of duration and party; one of the resources that serve has all of kind,
    skills and attributes (a number at least, a word exactly); it goes from one of the zones to one of the zones.
    """

    weekdays: frozenset[int] = frozenset()
    times: tuple[tuple[int, int], ...] = ()
    dates: tuple[tuple[date | None, date | None], ...] = ()
    holiday: bool | None = None
    types: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    shortest_notice: int | None = None
    longest_notice: int | None = None
    shortest: int | None = None
    longest: int | None = None
    smallest_party: int | None = None
    largest_party: int | None = None
    resource_kind: str = ""
    skills: frozenset[str] = frozenset()
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    origin: frozenset[str] = frozenset()
    destination: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekdays <= frozenset(range(7)):
            raise ValueError("weekdays are 0 (Monday) to 6 (Sunday)")
        for starts, ends in self.times:
            WeeklyRange(0, starts, ends)

    def minutes(self, asked: Asked) -> int:
        """The minutes of the stay at which it holds, as bits of the stay's window."""
        return self.of_time(asked.zone, asked.holidays, asked.window) if self.of_booking(asked) else 0

    def holds_at_start(self, asked: Asked) -> bool:
        """Whether it holds at the first minute."""
        return bool(self.minutes(asked) & 1)

    def as_params(self) -> dict[str, Any]:
        """What is given of it, as JSON can hold it: what sentences are made of."""
        return {each.name: _plain(value) for each in fields(self) if not _empty(value := getattr(self, each.name))}

    def of_booking(self, asked: Asked) -> bool:
        """Whether what is asked of the booking as such holds."""
        notice = asked.start - asked.booked
        return (
            _among(asked.type, self.types)
            and _among(asked.service, self.services)
            and (self.shortest_notice is None or self.shortest_notice <= notice)
            and (self.longest_notice is None or notice < self.longest_notice)
            and _within(asked.end - asked.start, self.shortest, self.longest)
            and _within(asked.party, self.smallest_party, self.largest_party)
            and (not self.origin or not self.origin.isdisjoint(asked.origin))
            and (not self.destination or not self.destination.isdisjoint(asked.destination))
            and self._of_resources(asked)
        )

    def _of_resources(self, asked: Asked) -> bool:
        if not self.is_of_resources:
            return True
        return any(
            _among(each.kind, frozenset([self.resource_kind] if self.resource_kind else []))
            and self.skills <= each.skills
            and all(_has(each.attributes.get(name), wanted) for name, wanted in self.attributes.items())
            for each in asked.serving
        )

    @property
    def is_of_time(self) -> bool:
        """Whether anything is asked of single minutes."""
        return bool(self.weekdays or self.times or self.dates or self.holiday is not None)

    @property
    def is_of_way(self) -> bool:
        """Whether it asks where the booking goes from or to."""
        return bool(self.origin or self.destination)

    @property
    def is_of_resources(self) -> bool:
        return bool(self.resource_kind or self.skills or self.attributes)

    @property
    def is_of_notice(self) -> bool:
        return self.shortest_notice is not None or self.longest_notice is not None

    def of_time(self, zone: str, holidays: frozenset[date], window: Window) -> int:
        """The minutes of a window at which what is asked of the clock holds, as bits."""
        return hours.open_bits(self._schedule(zone, holidays), window) if self.is_of_time else full(window)

    def _schedule(self, zone: str, holidays: frozenset[date]) -> Schedule:
        ranges, dates = self.times or (WHOLE_DAY,), self.dates or ((None, None),)
        if self.holiday:
            days = [day for day in holidays if self._has_date(day)]
            return Schedule(zone, (), {day: tuple(DateRange(day, *each) for each in ranges) for day in days})
        weekly = tuple(
            WeeklyRange(weekday, *each, *between)
            for weekday in sorted(self.weekdays or range(7))
            for each in ranges
            for between in dates
        )
        return Schedule(zone, weekly, {} if self.holiday is None else dict.fromkeys(holidays, ()))

    def _has_date(self, day: date) -> bool:
        return (not self.weekdays or day.weekday() in self.weekdays) and (
            not self.dates
            or any((not first or first <= day) and (not last or day <= last) for first, last in self.dates)
        )


ALWAYS = Condition()


def _among(value: str, choices: frozenset[str]) -> bool:
    return not choices or value in choices


def _within(value: int, least: int | None, most: int | None) -> bool:
    return (least is None or least <= value) and (most is None or value <= most)


def _has(value: Attribute | None, wanted: Attribute) -> bool:
    """As the catalog's `catalog_fits`: a number asks for at least as much, a word for exactly that."""
    if isinstance(wanted, str):
        return value == wanted
    return isinstance(value, int | Decimal) and value >= wanted


def _empty(value: Any) -> bool:
    return value is None or value in ("", (), {}, frozenset())


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, Decimal):
        return float(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
