"""What is asked for: a service, a rule from a first date, and what to do about single dates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from django.utils.translation import gettext as _

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.places import placing
from holdfast.core.errors import ValidationError
from holdfast.domain import hours, recurrence
from holdfast.domain.recurrence import Rule, RuleError
from holdfast.series import wording

Action = Literal["skip", "move", "resource", "wait"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What to do instead on one date. `starts_at` to `move` to; `resource` is a slug, for `move` and `resource`."""

    action: Action
    starts_at: datetime | None = None
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A series as asked for. `walls` are naive wall times in `zone`, ascending, at most one on a date."""

    wish: Wish
    rule: Rule
    zone: str
    walls: tuple[datetime, ...]
    resolutions: Mapping[date, Resolution] = field(default_factory=dict)

    @property
    def first_date(self) -> date:
        return self.walls[0].date()

    @property
    def start_minute(self) -> int:
        """The wall time of every date, in minutes of the local day."""
        return self.walls[0].hour * 60 + self.walls[0].minute

    def start_of(self, wall: datetime) -> int:
        """The minute (UTC) that a wall time of the series means."""
        return hours.to_minute(self.zone, wall)


def read(*, wish: Wish, starts_at: datetime, zone: str, recurrence: Mapping[str, Any]) -> Asked:
    """From the API's words, or a form's. `recurrence` is {"rrule", "resolutions"?}. Raises ValidationError."""
    start = placing.whole_minute(starts_at)
    first = hours.from_minute(zone, start).replace(tzinfo=None)
    if wish.type != "standard":
        raise refused("type", _("an emergency is booked once"))
    rule, walls = dates_of(str(recurrence.get("rrule") or ""), first, zone)
    if hours.to_minute(zone, first) != start:
        raise refused("starts_at", _("a time that the clock shows once on that day"))
    resolutions = _resolutions(recurrence.get("resolutions") or (), {wall.date() for wall in walls})
    return Asked(wish, rule, zone, walls, resolutions)


def dates_of(text: str, first: datetime, zone: str) -> tuple[Rule, tuple[datetime, ...]]:
    """The rule and its wall times from `first`. Raises ValidationError in words, naming the part of the rule."""
    try:
        rule = recurrence.parse(text)
        return rule, recurrence.occurrences(rule, first, zone)
    except RuleError as error:
        raise refused("recurrence.rrule", wording.problem_in_words(error)) from error


def _resolutions(given: Iterable[Mapping[str, Any]], dates: set[date]) -> dict[date, Resolution]:
    found: dict[date, Resolution] = {}
    for each in given:
        day, action, starts_at, resource = each["date"], each["action"], each.get("starts_at"), each.get("resource")
        if day not in dates:
            raise refused("recurrence.resolutions", _("%(date)s is none of the dates") % {"date": day.isoformat()})
        if day in found:
            raise refused("recurrence.resolutions", _("%(date)s is there twice") % {"date": day.isoformat()})
        if (action == "move") != (starts_at is not None) or (action == "resource" and not resource):
            raise refused("recurrence.resolutions", _("moving needs a time, another person or thing its name"))
        found[day] = Resolution(action, starts_at, resource)
    return found


def refused(name: str, message: str) -> ValidationError:
    """One field, one message."""
    return ValidationError(errors=[{"field": name, "message": message}])
