"""From plain choices to a rule: how often, on which days, until when, and what is chosen for single dates."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from holdfast.core import clock
from holdfast.domain.recurrence import WEEKDAYS, parse
from holdfast.series.wording import dates_in_words

USUAL_COUNT = 6
# Where the resolution of one date stands among what a form sends.
CHOICE = "on-"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form says. `how` is "once" or one of `ways`; `days` are weekdays, 0 is Monday."""

    how: str = "once"
    days: tuple[int, ...] = ()
    end: str = "count"
    count: str = str(USUAL_COUNT)
    until: str = ""
    resolutions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, sent: QueryDict) -> "Choices":
        days = tuple(sorted({int(each) for each in sent.getlist("day") if each in "0123456" and len(each) == 1}))
        chosen = ((name.removeprefix(CHOICE), str(sent[name])) for name in sent if name.startswith(CHOICE))
        return cls(
            how=sent.get("how", "once")[:16],
            days=days,
            end="until" if sent.get("end") == "until" else "count",
            count=sent.get("count", "")[:4],
            until=sent.get("until", "")[:10],
            resolutions=tuple((name[:10], value[:90]) for name, value in chosen if value)[:104],
        )

    def same_rule(self, other: "Choices") -> bool:
        """Whether both name the same dates, whatever is chosen for each; once is once."""
        if self.how == other.how == "once":
            return True
        return replace(self, resolutions=()) == replace(other, resolutions=())

    def kept(self) -> dict[str, Any]:
        """For the session."""
        return {
            "how": self.how,
            "days": list(self.days),
            "end": self.end,
            "count": self.count,
            "until": self.until,
            "resolutions": [list(each) for each in self.resolutions],
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Choices":
        resolutions = tuple((str(name), str(value)) for name, value in kept.get("resolutions", ()))
        return cls(**{**kept, "days": tuple(kept.get("days", ())), "resolutions": resolutions})

    def rrule(self, first: datetime) -> str:
        """The rule as RFC 5545 writes it, the first date always among its days."""
        start = ways(first).get(self.how, "FREQ=WEEKLY")
        if self.how in ("week", "2weeks"):
            names = [WEEKDAYS[day] for day in sorted({*self.days, first.weekday()})]
            start += ";BYDAY=" + ",".join(names)
        return f"{start};UNTIL={self.until.replace('-', '')}" if self.end == "until" else f"{start};COUNT={self.count}"

    def recurrence(self, first: datetime) -> dict[str, Any]:
        """As the API takes it. A date's choice is "skip", "wait", "resource mia" or "move 2026-03-03T15:00:00Z"."""
        found = []
        for name, value in self.resolutions:
            day = _date(name)
            action, _space, more = value.partition(" ")
            if day is None or action not in ("skip", "wait", "move", "resource"):
                continue
            found.append(
                {
                    "date": day,
                    "action": action,
                    "starts_at": clock.read(more) if action == "move" else None,
                    "resource": more[:50] if action == "resource" else None,
                }
            )
        return {"rrule": self.rrule(first), "resolutions": found}


def ways(first: datetime) -> dict[str, str]:
    """How the service can be repeated from its first date on, as the beginning of a rule."""
    position = (first.day - 1) // 7 + 1
    return {
        "day": "FREQ=DAILY",
        "week": "FREQ=WEEKLY",
        "2weeks": "FREQ=WEEKLY;INTERVAL=2",
        "month": f"FREQ=MONTHLY;BYMONTHDAY={first.day}",
        "nth": f"FREQ=MONTHLY;BYDAY={position if position < 5 else -1}{WEEKDAYS[first.weekday()]}",
    }


def ways_in_words(first: datetime) -> Iterator[tuple[str, str]]:
    """(value, words) for the form, "Every Tuesday" being the likely one."""
    yield "once", _("Just this once")
    for name, start in ways(first).items():
        rule = parse(f"{start};COUNT=2")
        if name == "week":
            yield name, _("Every week")
        elif name == "2weeks":
            yield name, _("Every 2 weeks")
        else:
            yield name, dates_in_words(rule, first.date())


def _date(text: str) -> Any:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar date has no zone
    except ValueError:
        return None
