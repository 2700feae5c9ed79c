"""Recurrence rules: the dates of a series, in wall-clock time (RFC 5545, 3.3.10).

A rule speaks of local dates, so a series at 14:30 stays at 14:30 however the clocks are changed; `domain/hours.py`
turns each wall time into a minute of UTC. Stepping is dateutil's; here is what may be said, and what it must mean.
docs/algorithms/recurrence.md is the specification.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple

from dateutil import rrule

from holdfast.domain import hours

MOST_DATES = 104
# A rule that names few dates ("the 31st, every 7 months") ends here, whatever its count.
MOST_YEARS = 20

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY"]
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_STEPS = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY}
_MOST_INTERVAL = 99
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_MOMENT = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}(T[0-9:]{4,8}(Z|[+-][0-9]{2}:?[0-9]{2})?)?")

Problem = Literal[
    "malformed",
    "twice",
    "not_supported",
    "missing",
    "not_a_number",
    "not_a_day",
    "not_a_moment",
    "not_with",
    "no_end",
    "two_ends",
    "too_many",
    "too_long",
    "not_the_first",
    "empty",
]


class RuleError(ValueError):
    """The rule cannot be followed: `part` names which of its parts is to blame, `problem` what is wrong with it."""

    def __init__(self, part: str, problem: Problem, value: str = "") -> None:
        self.part, self.problem, self.value = part, problem, value
        super().__init__(f"{part}: {problem} {value}".rstrip())


class Weekday(NamedTuple):
    """A day of the week, 0 is Monday; `position` counts it within the month (-1 the last), 0 every one."""

    day: int
    position: int = 0

    def __str__(self) -> str:
        return f"{self.position or ''}{WEEKDAYS[self.day]}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule. `until` is inclusive: a date, a naive wall time, or an aware moment in UTC."""

    frequency: Frequency
    interval: int = 1
    by_day: tuple[Weekday, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_set_position: tuple[int, ...] = ()
    count: int | None = None
    until: date | datetime | None = None
    week_start: int = 0

    def __str__(self) -> str:
        """As RFC 5545 writes it; `parse` gives the same rule back."""
        parts = [
            ("FREQ", self.frequency),
            ("INTERVAL", str(self.interval) if self.interval > 1 else ""),
            ("BYDAY", ",".join(map(str, self.by_day))),
            ("BYMONTHDAY", ",".join(map(str, self.by_month_day))),
            ("BYSETPOS", ",".join(map(str, self.by_set_position))),
            ("WKST", WEEKDAYS[self.week_start] if self.week_start else ""),
            ("COUNT", str(self.count or "")),
            ("UNTIL", _until_text(self.until)),
        ]
        return ";".join(f"{name}={value}" for name, value in parts if value)


def parse(text: str) -> Rule:
    """Read an RRULE, with or without its name. Raises RuleError naming the part."""
    parts = _parts(text.strip().removeprefix("RRULE:"))
    unknown = [name for name in parts if name not in _READERS]
    if unknown:
        raise RuleError(unknown[0], "not_supported")
    read = {field: reader(parts[name]) for name, (field, reader) in _READERS.items() if name in parts}
    if "frequency" not in read:
        raise RuleError("FREQ", "missing")
    rule = Rule(**read)
    _check(rule)
    return rule


def occurrences(rule: Rule, first: datetime, zone: str) -> tuple[datetime, ...]:
    """The wall times of the series that starts at `first` (naive, in `zone`), ascending.

    Raises RuleError: `first` must be one of the dates (RFC 5545 leaves anything else undefined), and there may be at
    most 104 dates within 20 years.
    """
    found: list[datetime] = []
    for wall in _stepped(rule, first):
        if not _in_time(rule, wall, zone):
            break
        found.append(wall)
        if len(found) > MOST_DATES:
            raise RuleError("UNTIL", "too_many", str(MOST_DATES))
        if len(found) == rule.count:
            break
    if not found and rule.until is not None:
        raise RuleError("UNTIL", "empty")
    if not found or found[0] != first:
        raise RuleError(_dates_part(rule), "not_the_first", first.date().isoformat())
    if rule.count and len(found) < rule.count:
        raise RuleError("COUNT", "too_long", str(MOST_YEARS))
    return tuple(found)


def shifted(rule: Rule, days: int) -> Rule:
    """The rule whose dates all lie `days` later, without its end. Raises RuleError where no rule says that.

    Weeks move as a whole: their days and their start by the same number, so that "every second week" stays in step.
    """
    endless = replace(rule, count=None, until=None)
    if not days:
        return endless
    if rule.frequency == "MONTHLY" or (rule.frequency == "DAILY" and rule.by_month_day):
        raise RuleError(_dates_part(rule), "not_with", "")
    by_day = tuple(sorted(Weekday((each.day + days) % 7) for each in rule.by_day))
    return replace(endless, by_day=by_day, week_start=(rule.week_start + days) % 7)


def ended(rule: Rule, last: datetime) -> Rule:
    """The same rule, up to and including a wall time of its own."""
    return replace(rule, count=None, until=last)


def _stepped(rule: Rule, first: datetime) -> rrule.rrule:
    by_day = [rrule.weekday(each.day, each.position or None) for each in rule.by_day]
    return rrule.rrule(
        _STEPS[rule.frequency],
        dtstart=first,
        interval=rule.interval,
        wkst=rule.week_start,
        byweekday=by_day or None,
        bymonthday=rule.by_month_day or None,
        bysetpos=rule.by_set_position or None,
        until=first + timedelta(days=366 * MOST_YEARS),
    )


def _in_time(rule: Rule, wall: datetime, zone: str) -> bool:
    """Whether `wall` is not past the rule's UNTIL, which is itself included."""
    until = rule.until
    if until is None:
        return True
    if not isinstance(until, datetime):
        return wall.date() <= until
    if until.tzinfo is None:
        return wall <= until
    return hours.to_minute(zone, wall) * 60 <= until.timestamp()


def _dates_part(rule: Rule) -> str:
    return "BYDAY" if rule.by_day else "BYMONTHDAY" if rule.by_month_day else "FREQ"


def _check(rule: Rule) -> None:
    """What RFC 5545 forbids to stand together, and what would never end."""
    if rule.count is None and rule.until is None:
        raise RuleError("COUNT", "no_end")
    if rule.count is not None and rule.until is not None:
        raise RuleError("UNTIL", "two_ends")
    if rule.frequency != "MONTHLY" and any(each.position for each in rule.by_day):
        raise RuleError("BYDAY", "not_with", f"FREQ={rule.frequency}")
    if rule.frequency == "WEEKLY" and rule.by_month_day:
        raise RuleError("BYMONTHDAY", "not_with", "FREQ=WEEKLY")
    if rule.by_set_position and (rule.frequency == "DAILY" or not (rule.by_day or rule.by_month_day)):
        raise RuleError("BYSETPOS", "not_with", f"FREQ={rule.frequency}")


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for each in filter(None, text.split(";")):
        name, equals, value = each.partition("=")
        name = name.strip().upper()
        if not equals or not value.strip():
            raise RuleError(name or "FREQ", "malformed")
        if name in parts:
            raise RuleError(name, "twice")
        parts[name] = value.strip().upper()
    return parts


def _frequency(value: str) -> str:
    if value not in _STEPS:
        raise RuleError("FREQ", "not_supported", value)
    return value


def _number(part: str, value: str, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(value) or not least <= int(value) <= most or not int(value):
        raise RuleError(part, "not_a_number", f"{least}…{most}")
    return int(value)


def _numbers(part: str, least: int, most: int) -> Callable[[str], tuple[int, ...]]:
    def read(value: str) -> tuple[int, ...]:
        return tuple(sorted({_number(part, each, least, most) for each in value.split(",")}))

    return read


def _days(value: str) -> tuple[Weekday, ...]:
    found = set()
    for each in value.split(","):
        if each[-2:] not in WEEKDAYS:
            raise RuleError("BYDAY", "not_a_day", each)
        position = _number("BYDAY", each[:-2], -5, 5) if each[:-2] else 0
        found.add(Weekday(WEEKDAYS.index(each[-2:]), position))
    return tuple(sorted(found))


def _week_start(value: str) -> int:
    if value not in WEEKDAYS:
        raise RuleError("WKST", "not_a_day", value)
    return WEEKDAYS.index(value)


def _count(value: str) -> int:
    if _NUMBER.fullmatch(value) and int(value) > MOST_DATES:
        raise RuleError("COUNT", "too_many", str(MOST_DATES))
    return _number("COUNT", value, 1, MOST_DATES)


def _until(value: str) -> date | datetime:
    """20261231, 20261231T143000 (the organization's clock) or 20261231T133000Z; also with the dashes of RFC 3339."""
    if not _MOMENT.fullmatch(value):  # `fromisoformat` reads weeks too, and a time after any letter
        raise RuleError("UNTIL", "not_a_moment", value)
    try:
        moment = datetime.fromisoformat(value)
        if "T" not in value:
            return moment.date()
        return moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):  # the latter: an offset leads out of the years 1 to 9999
        raise RuleError("UNTIL", "not_a_moment", value) from None


def _until_text(until: date | datetime | None) -> str:
    if until is None:
        return ""
    if not isinstance(until, datetime):
        return until.strftime("%Y%m%d")
    return until.strftime("%Y%m%dT%H%M%S") + ("Z" if until.tzinfo else "")


_READERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "FREQ": ("frequency", _frequency),
    "INTERVAL": ("interval", lambda value: _number("INTERVAL", value, 1, _MOST_INTERVAL)),
    "BYDAY": ("by_day", _days),
    "BYMONTHDAY": ("by_month_day", _numbers("BYMONTHDAY", -31, 31)),
    "BYSETPOS": ("by_set_position", _numbers("BYSETPOS", -366, 366)),
    "COUNT": ("count", _count),
    "UNTIL": ("until", _until),
    "WKST": ("week_start", _week_start),
}


def wall_time(day: date, minute: int) -> datetime:
    """The naive wall time of a minute of a local date."""
    return datetime.combine(day, time(minute // 60, minute % 60))
