"""An answer's days, each made once and again only when something of it changed: a booking touches one of thirty."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from holdfast.bookings.availability.free_times import NOTHING, Part
from holdfast.bookings.availability.question import Question
from holdfast.bookings.availability.span import Span
from holdfast.core import clock
from holdfast.domain import hours
from holdfast.domain.hours import DAY
from holdfast.live.calendars import NEVER, Calendars
from holdfast.live.kept import Kept

MOST_BYTES = 64 * 1024 * 1024
# More days than these are made in one go, whose cost depends less on how many they are.
MOST_ALONE = 6

# Makes the days of a span: their parts, and when the first hold ends that they were made with.
Make = Callable[[Span], tuple[list[Part], datetime]]


class Day(NamedTuple):
    """A day's slots: good as long as its calendars have this revision, until a hold ends.

    `minute`: good in this minute only, because somebody's notice or horizon ends on this day, or prices ask
    for the notice; None otherwise.
    """

    part: Part
    revision: int
    until: datetime
    minute: int | None


class Dated(NamedTuple):
    """A local date: its minutes [start, end), and the days of UTC that its slots may reach into."""

    day: date
    start: int
    end: int
    reaches: range


class Days:
    """The days that were asked for last, by question."""

    def __init__(self) -> None:
        # With the revision of the calendars at which all of them were last seen to be good.
        self._kept: Kept[Any, tuple[int, dict[date, Day]]] = Kept(MOST_BYTES)

    def of(
        self, question: Question, span: Span, calendars: Calendars, now: datetime, make: Make, *, pricing: bool
    ) -> tuple[list[Part], datetime]:
        """One part for each day of the span, and until when all of them are good if nothing changes."""
        key, minute = _key(question, span, pricing), clock.to_minute(now)
        checked, known = self._kept.get(key) or (0, {})
        dates = _dates_of(question, span)
        found = {
            each.day: day
            for each in dates
            if (day := known.get(each.day))
            and (checked == calendars.latest or day.revision == calendars.last_change(each.reaches))
            and now < day.until
            and day.minute in (None, minute)
        }
        missing = [each for each in dates if each.day not in found]
        if missing:
            found |= _made(question, span, missing, calendars, minute, make)
        if missing or checked != calendars.latest:
            self._kept.put(key, (calendars.latest, found), sum(len(day.part.text) + 500 for day in found.values()))
        days = [found[each.day] for each in dates]
        return [day.part for day in days], min(day.until for day in days)


def _made(
    question: Question, span: Span, missing: Sequence[Dated], calendars: Calendars, minute: int, make: Make
) -> Mapping[date, Day]:
    """The days that are missing, in one go if they are many."""
    earliest, latest = question.reach
    asked = [each for each in missing if earliest < each.end and each.start <= latest]
    found: dict[date, Part] = {each.day: NOTHING for each in missing}
    until = NEVER
    for days in _spans(asked, span):
        parts, ends = make(days)
        found |= {days.first + timedelta(days=number): part for number, part in enumerate(parts)}
        until = min(until, ends)
    return {
        each.day: Day(
            found[each.day],
            calendars.last_change(each.reaches),
            until,
            minute if question.terms.is_of_now or _moves(question, each) else None,
        )
        for each in missing
    }


def _spans(asked: Sequence[Dated], span: Span) -> list[Span]:
    if len(asked) <= MOST_ALONE:
        return [replace(span, first=each.day, days=1) for each in asked]
    first, last = asked[0].day, asked[-1].day
    return [replace(span, first=first, days=(last - first).days + 1)]


def _key(question: Question, span: Span, pricing: bool) -> Any:
    """Without notice and horizon, which move with the clock: the rest of a question is its plan's."""
    plan, wish = question.plan, replace(question.wish, duration=question.duration)
    return plan.organization_id, plan.version, plan.compiled_on, wish, span, pricing


def _moves(question: Question, each: Dated) -> bool:
    """Whether somebody's notice or horizon ends on this day, or has yet to reach it."""
    return any(rules.earliest > each.start or each.end > rules.latest for rules in question.all_rules)


def _dates_of(question: Question, span: Span) -> tuple[Dated, ...]:
    window = question.window(0, 1)
    return _dates(span, -window.origin, window.end)


@lru_cache(maxsize=1024)
def _dates(span: Span, before: int, after: int) -> tuple[Dated, ...]:
    """The dates of a span; a start's slot reaches so many minutes before and after it."""
    days = [span.first + timedelta(days=number) for number in range(span.days + 1)]
    starts = [hours.day_start(span.zone, day) for day in days]
    return tuple(
        Dated(day, start, end, range((start - before) // DAY, (end + after) // DAY + 1))
        for day, start, end in zip(days, starts, starts[1:], strict=False)
    )
