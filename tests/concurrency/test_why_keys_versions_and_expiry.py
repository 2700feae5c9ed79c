"""What the lock of a key, the version and the release of expired holds are for: each is taken away in turn."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from holdfast.bookings import actions, steps
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.errors import VersionConflict
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking
from holdfast.bookings.places.contention import settle
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock, locking
from holdfast.core.errors import Busy, IdempotencyInProgress
from holdfast.core.idempotency import Answer, answer_once
from holdfast.core.tenancy import transaction_for
from tests import factories, proofs
from tests.running import at_once

ROUNDS = 15


@pytest.fixture
def shop(committed_db: str) -> tuple[Organization, Service]:
    organization = factories.make_organization()
    for _ in range(8):
        factories.make_resource(organization)
    return organization, factories.make_service(organization)


def repeat_at_once(shop: tuple[Organization, Service], key: str, start: datetime) -> list[Answer | Exception]:
    """Eight repetitions of one booking with one key, each an attempt as the API makes it."""
    organization, service = shop

    def work() -> Answer:
        booking = actions.book_once(
            organization=organization,
            wish=Wish(service=service.slug),
            starts_at=start,
            details=factories.DETAILS,
        )
        return Answer(201, {"reference": booking.reference})

    def attempt() -> Answer:
        return settle(
            lambda: answer_once(organization_id=organization.id, key=key, operation="book", request={}, work=work),
        )

    return at_once([attempt] * 8)


def rounds_until(shop: tuple[Organization, Service], enough: type[Exception] | int) -> list[Answer | Exception]:
    """Rounds with a fresh key each until the exception was met, or so many bookings came of one key."""
    organization, _ = shop
    for number in range(ROUNDS):
        before = booked(organization)
        ends = repeat_at_once(shop, f"key-{number}", factories.local(organization, 2 + number, 10))
        if isinstance(enough, int):
            if booked(organization) - before >= enough:
                return ends
        elif any(isinstance(end, enough) for end in ends):
            return ends
    pytest.fail(f"not seen in {ROUNDS} rounds: this test shows nothing")


def booked(organization: Organization) -> int:
    with transaction_for(organization.id):
        return Booking.objects.count()


def test_with_the_keys_lock_there_is_one_booking_and_whoever_is_too_early_is_told(
    shop: tuple[Organization, Service],
) -> None:
    ends = rounds_until(shop, IdempotencyInProgress)
    assert {type(end) for end in ends} <= {Answer, IdempotencyInProgress}
    assert len({end.body["reference"] for end in ends if isinstance(end, Answer)}) == 1


def test_without_it_repetitions_break_on_the_unique_answer(
    shop: tuple[Organization, Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Still one booking, but an error instead of an answer."""
    monkeypatch.setattr(locking, "try_lock_key", lambda *_parts: True)
    rounds_until(shop, IntegrityError)


def test_without_either_one_request_becomes_several_bookings(
    shop: tuple[Organization, Service], committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "try_lock_key", lambda *_parts: True)
    proofs.as_owner(committed_db, "ALTER TABLE core_idempotentanswer DROP CONSTRAINT idempotent_answer_once")
    rounds_until(shop, 2)


def two_moves(shop: tuple[Organization, Service]) -> tuple[list[Booking | Exception], Booking]:
    """Two of the staff looked at version 1 and each moves the booking to another time; what became of it."""
    organization, service = shop
    start = factories.local(organization, 3, 10)
    booking = factories.make_booking(organization, service, start)

    def move(hours: int) -> Any:
        return lambda: actions.reschedule(
            organization=organization,
            booking_id=booking.id,
            starts_at=start + timedelta(hours=hours),
            version=1,
            actor=steps.Actor("staff", "Sam"),
        )

    ends = at_once([move(1), move(2)])
    with transaction_for(organization.id):
        return ends, Booking.objects.get(id=booking.id)


def test_with_versions_the_second_of_two_changes_is_told(shop: tuple[Organization, Service]) -> None:
    ends, booking = two_moves(shop)
    won = [end for end in ends if isinstance(end, Booking)]
    assert [type(end) for end in ends if isinstance(end, Exception)] == [VersionConflict]
    assert [each.starts_at for each in won] == [booking.starts_at]


def test_without_them_one_change_is_lost_in_silence(
    shop: tuple[Organization, Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "check_version", lambda *_: None)
    ends, booking = two_moves(shop)
    told = {end.starts_at for end in ends if isinstance(end, Booking)}
    assert len(told) == 2, "both were told that their change was made"
    assert booking.version == 3


def test_without_releasing_it_an_expired_hold_would_block_the_time(shop: tuple[Organization, Service]) -> None:
    organization, service = shop
    start = factories.local(organization, 3, 10)
    with clock.stopped(clock.now() - timedelta(minutes=20)):
        for _ in range(8):
            holds.hold(organization=organization, wish=Wish(service=service.slug), starts_at=start)

    def attempt() -> Booking:
        with transaction_for(organization.id):
            return actions.book_once(
                organization=organization, wish=Wish(service=service.slug), starts_at=start, details=factories.DETAILS
            )

    with pytest.raises(Busy):
        settle(attempt, lambda _lost: 0)
    assert settle(attempt).state == "confirmed"
