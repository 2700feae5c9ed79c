"""What each scope is told of an event: the table, without a network."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from holdfast.bookings.availability.span import Span
from holdfast.config.handlers import HANDLERS
from holdfast.domain import hours
from holdfast.live.streams.envelopes import (
    CHANGE_PLACES,
    CUSTOMER,
    Customer,
    Listening,
    Public,
    Staff,
    kind_of,
    told,
)
from holdfast.live.streams.happening import Happening, Period

BOOKING, OTHER = UUID(int=1), UUID(int=2)
ROOM, DESK = UUID(int=3), UUID(int=4)
PUBLIC = Public("massage", Span(date(2026, 3, 28), 3, "Europe/Paris"), frozenset({ROOM}), before=60, after=0, version=1)


def happening(kind: str, *periods: Period, subject: UUID = BOOKING, service: str = "", **payload: Any) -> Happening:
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    return Happening(
        7, kind, subject, {"reference": "K7MQ2XPD", **payload}, at, service, "ana@example.com", tuple(periods)
    )


def period(resource: UUID, day: date, first: int, last: int) -> Period:
    """Hours of a day in Paris."""
    start = hours.day_start("Europe/Paris", day)
    return Period(resource, start + first * 60, start + last * 60)


def data(listening: Listening, what: Happening) -> Any:
    said = told(listening, what)
    return None if said is None else json.loads(said)["data"]


SATURDAY, SUNDAY, TUESDAY = date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 31)


@pytest.mark.parametrize(
    ("periods", "service", "dates"),
    [
        ([period(ROOM, SATURDAY, 10, 11)], "", ["2026-03-28"]),
        ([period(ROOM, SUNDAY, 0, 1)], "", ["2026-03-28", "2026-03-29"]),  # who would start an hour before
        ([period(ROOM, SATURDAY, 23, 24)], "", ["2026-03-28"]),
        ([period(ROOM, SATURDAY, 10, 11), period(ROOM, SUNDAY, 12, 13)], "", ["2026-03-28", "2026-03-29"]),  # moved
        ([period(ROOM, TUESDAY, 12, 13)], "", None),  # not asked for
        ([period(DESK, SATURDAY, 10, 11)], "", None),  # nothing that the service needs
        ([period(DESK, SATURDAY, 10, 11)], "massage", ["2026-03-28"]),  # its limits count bookings
        ([], "massage", None),
    ],
)
def test_the_public_is_told_dates(periods: list[Period], service: str, dates: list[str] | None) -> None:
    expected = None if dates is None else {"service": "massage", "dates": dates}
    assert data(PUBLIC, happening("booking.confirmed", *periods, service=service)) == expected


def test_the_public_hears_of_nothing_but_places() -> None:
    for kind in ("booking.attendees_changed", "payment.received", "alert.raised", "waiting.joined"):
        assert data(PUBLIC, happening(kind, period(ROOM, SATURDAY, 10, 11))) is None


def test_customers_hear_of_money_what_they_may_and_of_others_nothing() -> None:
    received = happening("payment.received", amount=100, currency="EUR", why="fraud?", entry="x", outstanding=0)
    assert data(Customer(BOOKING), received) == {
        "reference": "K7MQ2XPD",
        "amount": 100,
        "currency": "EUR",
        "outstanding": 0,
    }
    assert data(Customer(OTHER), received) is None
    assert data(Customer(BOOKING), happening("payment.difference_found")) is None
    assert data(Customer(BOOKING), happening("alert.raised")) is None


def test_staff_hear_of_their_work_without_anybodys_name() -> None:
    said = happening("booking.no_show", state="no_show", actor="staff", actor_name="Sam Owner", reason="rude")
    assert data(Staff(), said) == {
        "subject": str(BOOKING),
        "reference": "K7MQ2XPD",
        "state": "no_show",
        "actor": "staff",
    }
    envelope = told(Staff(), said)
    assert envelope is not None
    assert kind_of(envelope) == b"booking-no-show"
    assert data(Staff(), happening("catalog.changed")) is None


def test_what_is_told_is_written_once_for_all_who_hear_the_same() -> None:
    said = happening("booking.confirmed", period(ROOM, SATURDAY, 10, 11))
    assert told(PUBLIC, said) is told(PUBLIC, said)
    assert told(Staff(), said) is told(Staff(), said)


def test_the_table_names_kinds_that_are_recorded() -> None:
    """Those without handlers are named here, so that a kind which is renamed is noticed."""
    silent = {f"booking.{name}" for name in ("held", "imported", "no_show", "attendees_changed")}
    assert (CHANGE_PLACES | set(CUSTOMER)) - silent - set(HANDLERS) == set()
