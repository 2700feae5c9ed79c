"""Asking the database what is taken, inside a tenant's transaction. `live/` has its own way, without the ORM."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from holdfast.bookings.availability.busy import look, look_at_all, seen
from holdfast.bookings.availability.engine import build_request
from holdfast.bookings.availability.planned import PlannedExtra
from holdfast.bookings.availability.question import Question
from holdfast.bookings.availability.span import Span, window_of
from holdfast.bookings.limits import allowances as limits
from holdfast.bookings.limits import counting
from holdfast.bookings.limits.allowances import Known, Seen
from holdfast.core import locking, statements
from holdfast.core.errors import NotFound
from holdfast.domain import hours, slots
from holdfast.domain.calendar_bits import Window
from holdfast.domain.hours import DAY

ALTERNATIVES = 5
# How far from a wished time alternatives are looked for.
ALTERNATIVE_DAYS = 14


def busy(
    question: Question,
    window: Window,
    now: datetime,
    but_for: UUID | None = None,
    *,
    decides: int | None = None,
    customer: Known | None = None,
) -> tuple[int, Seen]:
    """The catalog's version now, and what is taken in the window: the question's resources, and its limits.

    With `decides` (a start), the catalog stays at that version until the transaction ends: whoever changes it waits for
    this booking and sees it (catalog/guards.py). Nor does anybody else decide about the limits of that start's day, or
    about the customer's. Of the customer, bookings are counted only where a limit asks for it.
    """
    query, parameters = look(question, window, now, but_for)
    if decides is not None:
        locking.keep_catalog()
        if keys := limits.locks(question, [decides], customer):
            locking.lock_limits(keys)
    row = statements.one(query, parameters)
    if row is None:
        raise NotFound
    taken = seen(question, window, row)
    if customer is not None:
        own = counting.counted_of_customer(question, window, customer, now, but_for)
        taken = replace(taken, counted={**taken.counted, **own})
    return row[0], taken


def offered(
    question: Question, span: Span, now: datetime, but_for: UUID | None = None, *, customer: Known | None = None
) -> slots.Offered:
    """The starts on offer in the span; `but_for` is a booking that is being moved, whose time is free for itself.

    With a `customer`, those that their limits allow.
    """
    window = window_of(question, span)
    _version, taken = busy(question, window, now, but_for, customer=customer)
    return slots.offered(build_request(question, window, taken))


def offered_of_all(asked: Sequence[tuple[Question, Span]], now: datetime) -> list[slots.Offered]:
    """As `offered`, of several questions of one organization, in one round trip."""
    if not asked:
        return []
    windows = [(question, window_of(question, span)) for question, span in asked]
    query, parameters = look_at_all(windows, now)
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    return [
        slots.offered(build_request(question, window, seen(question, window, rows[number])))
        for number, (question, window) in enumerate(windows)
    ]


def lacking(question: Question, start: int, now: datetime, but_for: UUID | None = None) -> PlannedExtra | None:
    """The chosen extra of which there are not enough at a start that is free but for it."""
    window = question.window(start, start + 1)
    _version, taken = busy(question, window, now, but_for)
    decision = slots.decide(build_request(question, window, taken), start)
    return question.extra_held_as(decision.need_key) if isinstance(decision, slots.Refused) else None


def nearby(
    question: Question, start: int, now: datetime, but_for: UUID | None = None, *, customer: Known | None = None
) -> list[str]:
    """Up to five starts nearest to `start` that are free, RFC 3339 in the organization's zone. `but_for` as above.

    With a `customer`, those that their limits allow.
    """
    days = ALTERNATIVE_DAYS * DAY
    earliest, latest = question.reach
    first, last = max(start - days, earliest), min(start + days, latest)
    window = question.window(first, max(first, last) + 1)
    _, taken = busy(question, window, now, but_for, customer=customer)
    zone = question.plan.time_zone
    found = slots.alternatives(build_request(question, window, taken), start, ALTERNATIVES)
    return [hours.from_minute(zone, minute).isoformat(timespec="seconds") for minute in sorted(found)]
