"""Free times as the booking pages look for them: by month and day. The same for booking and for moving."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from holdfast.bookings.availability import reading
from holdfast.bookings.availability.month import FreeTime, Month, months_on
from holdfast.bookings.availability.question import Question
from holdfast.bookings.availability.span import Span, span_of
from holdfast.bookings.errors import LIMITS, ExtraNotAvailable
from holdfast.bookings.limits.allowances import Known
from holdfast.core import clock
from holdfast.domain import hours

MOST_MONTHS_SEARCHED = 24


def month(question: Question, wanted: str, now: datetime, but_for: UUID | None = None, *, priced: bool = True) -> Month:
    """The month around a wanted day ("2026-03-12") or month ("2026-03"); else the one with the first free time.

    `but_for` is the reader's own hold or booking, whose time is free for them. Inside the tenant's transaction.
    """
    zone = question.plan.time_zone
    today = hours.date_of(zone, clock.to_minute(now))
    last = hours.date_of(zone, question.reach[1])
    day, is_day = _wanted(wanted, today, last)
    first = (day or today).replace(day=1)
    found = _free(question, first, now, but_for)
    if day is None:
        while not found and months_on(first, 1) <= last:
            first = months_on(first, 1)
            found = _free(question, first, now, but_for)
    days = [hours.date_of(zone, minute) for minute, _left in found]
    chosen = day if is_day else (days[0] if days else None)
    next_free = None
    if chosen not in days:
        after = chosen or months_on(first, 1)
        next_free = next((each for each in days if each > after), None) or _first_free_after(
            question, first, last, now, but_for
        )
    return Month(question, first, today, last, chosen, tuple(found), next_free, priced and not question.unpriced)


def first_free_of_all(questions: Sequence[Question], now: datetime, days: int = 31) -> list[datetime | None]:
    """The first free start of each within so many days, in the business's zone; one round trip for all of them."""
    asked = [(each, span_of(each.plan, first=None, days=days, zone=None, now=now)) for each in questions]
    found = [offered.minutes() for offered in reading.offered_of_all(asked, now)]
    return [
        hours.from_minute(question.plan.time_zone, minutes[0]) if minutes else None
        for question, minutes in zip(questions, found, strict=True)
    ]


def is_free(
    question: Question,
    starts_at: datetime,
    now: datetime,
    but_for: UUID | None = None,
    *,
    customer: Known | None = None,
) -> bool:
    """Whether this start could be booked now; with a `customer`, by them."""
    minute = clock.to_minute(starts_at)
    span = Span(hours.date_of(question.plan.time_zone, minute), 1, question.plan.time_zone)
    return minute in reading.offered(question, span, now, but_for, customer=customer).minutes()


def lost(
    question: Question,
    starts_at: datetime,
    now: datetime,
    why: str = "",
    *,
    but_for: UUID | None = None,
    customer: Known | None = None,
) -> dict[str, Any]:
    """A time that cannot be had: the code `why` said in words, if it is a limit, and up to five of the nearest free.

    With a `customer`, those that their limits allow.
    """
    reason = next((str(error.title) for error in LIMITS if error.code == why), "")
    if why == ExtraNotAvailable.code:
        extra = reading.lacking(question, clock.to_minute(starts_at), now, but_for)
        reason = str(ExtraNotAvailable.of(extra).detail if extra else ExtraNotAvailable.title)
    found = reading.nearby(question, clock.to_minute(starts_at), now, but_for, customer=customer)
    moments = [datetime.fromisoformat(each) for each in found]
    times = [FreeTime(clock.to_minute(each), each) for each in moments]
    return {"starts_at": starts_at, "reason": reason, "alternatives": times}


def _free(question: Question, first: date, now: datetime, but_for: UUID | None) -> Sequence[tuple[int, int]]:
    days = (months_on(first, 1) - first).days
    found = reading.offered(question, Span(first, days, question.plan.time_zone), now, but_for)
    return list(zip(found.minutes(), found.remainders(), strict=True))


def _first_free_after(question: Question, first: date, last: date, now: datetime, but_for: UUID | None) -> date | None:
    for ahead in range(1, MOST_MONTHS_SEARCHED):
        month_ahead = months_on(first, ahead)
        if month_ahead > last:
            return None
        if found := _free(question, month_ahead, now, but_for):
            return hours.date_of(question.plan.time_zone, found[0][0])
    return None


def _wanted(text: str, today: date, last: date) -> tuple[date | None, bool]:
    """(day, whether that very day is meant); what lies in the past or too far ahead is as good as nothing."""
    try:
        day = date.fromisoformat(text if len(text) != len("2026-03") else f"{text}-01")
    except ValueError:
        return None, False
    if not today.replace(day=1) <= day <= last:
        return None, False
    is_day = len(text) != len("2026-03") and day >= today
    return day, is_day
