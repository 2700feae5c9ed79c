"""Every pair of features meets in some booking that is made, moved and cancelled, and all stays sound at each step."""

from datetime import timedelta
from pathlib import Path

import pytest

from holdfast.bookings import actions
from holdfast.bookings.availability import plan_cache, reading
from holdfast.bookings.availability.span import span_of
from holdfast.bookings.models import Booking
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from tests import proofs
from tests.composition import features
from tests.composition.page import PAGE, as_markdown
from tests.composition.world import STAFF, World

CODES = {
    "of the team and day": "team_day_limit",
    "of the service and day": "service_day_limit",
    "of the customer and week": "customer_limit",
}
ROWS = features.rows()


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_what_is_booked_moved_and_cancelled_stays_sound(committed_db: str, number: int) -> None:
    world = World(ROWS[number])
    with clock.stopped(world.now):
        world.build()
        bookings = world.book()
        _check_booked(world, bookings)
        proofs.assert_sound(committed_db)
        _check_limit(world)
        first = _confirmed(world, bookings[0])
        moved = _moved(world, first)
        proofs.assert_sound(committed_db)
        for each in [moved, *bookings[1:]]:
            _cancelled(world, each)
            proofs.assert_sound(committed_db)
        assert _is_offered(world)
        again = world.try_again()  # what was given back can be booked again, the limits' share of it too
        assert clock.to_minute(again.starts_at) == clock.to_minute(world.start)
        proofs.assert_sound(committed_db)


def test_every_pair_that_can_meet_does() -> None:
    for pair in features.pairs():
        assert pair in features.IMPOSSIBLE or any(features.has(row, pair) for row in ROWS), pair


def test_the_published_table_is_that_of_the_code() -> None:
    assert Path(PAGE).read_text(encoding="utf-8") == as_markdown(), "run: python -m tests.composition.page"


def _check_booked(world: World, bookings: list[Booking]) -> None:
    assert len(bookings) == (4 if world.row["way"] == "a series of four" else 1)
    state = "requested" if world.row["approval"] == "by staff" else "confirmed"
    for week, booking in enumerate(bookings):
        wall = (world.start.replace(tzinfo=None) + timedelta(weeks=week)).replace(tzinfo=world.start.tzinfo)
        assert (booking.state, booking.type) == (state, world.row["type"])
        assert clock.to_minute(booking.starts_at) == clock.to_minute(wall)  # an hour that comes twice equals none
        assert booking.price_amount == world.price
        assert booking.minutes == (90 if world.row["duration"] == "chosen" else 60)
        assert len(booking.attendees) == (booking.party_size if world.row["attendees"] == "named" else 0)
        assert [each["count"] for each in booking.extras] == ([2] if world.wish.extras else [])
        assert (booking.pickup.get("place"), booking.dropoff.get("longitude")) == (
            ("louvre", "4.5") if world.goes else (None, None)
        )
        assert not world.goes or [line["amount"] for line in booking.price_lines if line["key"] == "by_zones"] == [7000]
    chosen = {each["resource"] for each in bookings[0].assigned}
    assert len(chosen) == (2 if world.row["resources"] in ("a person and a vehicle", "two people") else 1)


def _check_limit(world: World) -> None:
    """One more is refused by the limit, by its name, and without one it is exactly as free as was offered."""
    offered = _is_offered(world)
    code = CODES.get(world.row["limit"])
    if code is None:
        assert offered
        return
    assert offered == (code == "customer_limit")  # who asks for free times is not known yet
    with pytest.raises(HoldfastError) as refused:
        world.try_again()
    assert refused.value.code == code


def _is_offered(world: World) -> bool:
    now = clock.now()
    world.organization.refresh_from_db()
    with transaction_for(world.organization.id):
        question = plan_cache.question_of(world.organization, world.wish, now)
        first = world.start.date()
        span = span_of(question.plan, first=first, days=1, zone=None, now=now)
        return clock.to_minute(world.start) in reading.offered(question, span, now).minutes()


def _confirmed(world: World, booking: Booking) -> Booking:
    if booking.state == "confirmed":
        return booking
    return actions.confirm(organization=world.organization, booking_id=booking.id, version=booking.version, actor=STAFF)


def _moved(world: World, booking: Booking) -> Booking:
    later = clock.from_minute(clock.to_minute(booking.starts_at) + 120)
    moved = actions.reschedule(
        organization=world.organization,
        booking_id=booking.id,
        starts_at=later,
        version=booking.version,
        actor=world.actor,
    )
    assert moved.starts_at == later
    return moved


def _cancelled(world: World, booking: Booking) -> None:
    done = actions.cancel(
        organization=world.organization, booking_id=booking.id, version=booking.version, actor=world.actor
    )
    assert done.state == "cancelled"
