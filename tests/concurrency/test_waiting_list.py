"""Freed places and those who wait: the first in line get one each, nobody two, and no stranger comes between."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

from holdfast.bookings import actions as bookings
from holdfast.bookings.errors import SlotTaken
from holdfast.bookings.holds import expiring
from holdfast.bookings.models import Booking
from holdfast.core import clock
from holdfast.core.errors import Busy
from holdfast.core.tenancy import transaction_for
from holdfast.domain.waiting import Step, target
from holdfast.waiting import actions, entries, handlers, offering
from holdfast.waiting.errors import OfferOver
from holdfast.waiting.models import WaitingEntry
from tests import factories, proofs
from tests.running import at_once
from tests.waiting.conftest import STAFF, Shop, make_shop

ROUNDS = 8
ONE_OFFER = "DROP INDEX waiting_one_offer_at_a_time"


@pytest.fixture
def shop(committed_db: str) -> Shop:
    return make_shop()


def cancelling(shop: Shop, booking: Booking) -> Callable[[], Any]:
    return lambda: bookings.cancel(
        organization=shop.organization, booking_id=booking.id, version=booking.version, actor=STAFF
    )


def two_freed_for_three(shop: Shop, days: int) -> tuple[list[Any], list[WaitingEntry]]:
    """A full day of two times, three who wait for it, both times cancelled at the same moment."""
    both = shop.fill(days)
    people = [shop.join(name, days=days) for name in ("Ana", "Ben", "Cleo")]
    return at_once([cancelling(shop, booking) for booking in both]), people


def unguarded(entry: WaitingEntry, step: Step, *, reason: str = "") -> None:
    """As `entries.take`, believing what was read."""
    goal = target(entry.state, step)  # type: ignore[arg-type]
    WaitingEntry.objects.filter(id=entry.id).update(state=goal)
    entry.state = str(goal)


def test_two_freed_places_go_to_the_two_who_waited_longest_and_the_third_waits(shop: Shop, committed_db: str) -> None:
    for number in range(ROUNDS):
        ends, people = two_freed_for_three(shop, 3 + number)
        assert all(isinstance(end, Booking) for end in ends), ends
        offering.offer_to_all(organization_id=shop.organization.id)  # the job, had one been left behind
        assert [shop.state(each) for each in people] == ["offered", "offered", "waiting"]
        starts = {offer.starts_at for each in people for offer in shop.offers(each)}
        assert starts == {shop.start(10, days=3 + number), shop.start(11, days=3 + number)}
    assert proofs.deadlocks(committed_db) == 0
    proofs.assert_sound(committed_db)


def test_without_the_guard_the_database_still_keeps_a_person_from_two_offers(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "take", unguarded)
    for number in range(ROUNDS):
        ends, people = two_freed_for_three(shop, 3 + number)
        assert all(len(shop.offers(each)) <= 1 for each in people)
        if any(isinstance(end, IntegrityError) for end in ends):
            return
    pytest.fail("the race was never met: this test shows nothing")


def test_without_guard_and_constraint_one_person_is_offered_both(
    shop: Shop, committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "take", unguarded)
    proofs.as_owner(committed_db, ONE_OFFER)
    for number in range(ROUNDS):
        _ends, people = two_freed_for_three(shop, 3 + number)
        if len(shop.offers(people[0])) == 2:
            return
    pytest.fail("the race was never met: this test shows nothing")


def strangers_and_a_cancellation(shop: Shop, days: int) -> tuple[list[Any], WaitingEntry, datetime]:
    booked, _other = shop.fill(days)
    entry = shop.join("Ana", days=days)
    start = shop.start(10, days=days)

    def keep_asking() -> Booking:
        for _ in range(12):
            with suppress(SlotTaken):
                return factories.make_booking(shop.organization, shop.service, start)
        raise SlotTaken

    return at_once([cancelling(shop, booked), *[keep_asking] * 4]), entry, start


def test_strangers_who_come_as_a_booking_is_cancelled_do_not_get_what_somebody_waits_for(
    shop: Shop, committed_db: str
) -> None:
    for number in range(ROUNDS):
        ends, entry, start = strangers_and_a_cancellation(shop, 3 + number)
        assert Counter(type(end) for end in ends) == {SlotTaken: 4, Booking: 1}
        offer = shop.offered(entry)
        assert offer is not None
        assert offer.starts_at == start
    assert proofs.deadlocks(committed_db) == 0
    proofs.assert_sound(committed_db)


def test_if_a_job_alone_offered_it_a_stranger_would_be_faster(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offering, "offer_at_once", lambda *_: False)
    for number in range(ROUNDS):
        ends, entry, _start = strangers_and_a_cancellation(shop, 3 + number)
        offering.offer_to_all(organization_id=shop.organization.id)
        if sum(isinstance(end, Booking) for end in ends) == 2:
            assert shop.state(entry) == "waiting"
            return
    pytest.fail("no stranger was fast enough: this test shows nothing")


def test_claiming_twice_at_once_gives_one_booking(shop: Shop, committed_db: str) -> None:
    booked, _ = shop.fill()
    entry = shop.join("Ana")
    shop.cancel(booked)
    offer = shop.offered(entry)
    assert offer is not None
    ends = at_once([lambda: shop.claim(offer)] * 6)
    assert {end.reference for end in ends if isinstance(end, Booking)} == {offer.booking.reference}
    assert all(isinstance(end, Booking) for end in ends), ends
    assert shop.state(entry) == "claimed"
    proofs.assert_sound(committed_db)


def test_claiming_leaving_declining_and_running_out_at_once_end_in_one_of_them(shop: Shop, committed_db: str) -> None:
    for number in range(ROUNDS):
        days = 3 + number
        booked, _ = shop.fill(days)
        first, second = shop.join("Ana", days=days), shop.join("Ben", days=days)
        shop.cancel(booked)
        offer = shop.offered(first)
        assert offer is not None

        def run_out() -> None:
            with clock.stopped(clock.now() + timedelta(minutes=31)):
                expiring.release_expired_holds(organization_id=shop.organization.id)

        def leave(entry: WaitingEntry = first) -> None:
            actions.leave(organization=shop.organization, entry_id=entry.id)

        works: list[Callable[[], Any]] = [partial(shop.claim, offer), leave, run_out]
        ends = at_once(works)
        offering.offer_to_all(organization_id=shop.organization.id)
        claimed = isinstance(ends[0], Booking)
        assert claimed or isinstance(ends[0], OfferOver), ends
        assert [end for end in ends[1:] if end is not None] == []
        assert shop.state(first) == ("claimed" if claimed else "left")
        if not claimed:
            assert shop.offers(second) != []
    assert proofs.deadlocks(committed_db) == 0
    proofs.assert_sound(committed_db)


def test_bundles_that_are_cancelled_booked_and_waited_for_at_once_never_deadlock(committed_db: str) -> None:
    """Giving back and taking in one transaction goes against the order of resources: nobody waits for long there."""
    organization = factories.make_organization()
    for kind in ("person", "vehicle") * 2:
        factories.make_resource(organization, kind=kind)
    services = [
        factories.make_service(organization, needs=[{"kind": a}, {"kind": b}], step_minutes=15)
        for a, b in (("person", "vehicle"), ("vehicle", "person"))
    ]
    shop = Shop(organization, services[0], None)  # type: ignore[arg-type]
    starts = [factories.local(organization, 3, 8) + timedelta(minutes=15 * n) for n in range(45)]

    def book(number: int) -> Booking | None:
        try:
            return factories.make_booking(organization, services[number % 2], starts[number % 45])
        except (SlotTaken, Busy):
            return None

    booked = [made for number in range(45) for _ in range(2) if (made := book(number))]
    for number in range(12):
        shop.join(f"P{number}", wish={}, service=services[number % 2])
    strangers = [partial(book, number) for number in range(0, 45, 5)]
    works: list[Callable[[], Any]] = [*(cancelling(shop, booking) for booking in booked[:9]), *strangers]
    ends = at_once(works)
    assert [end for end in ends if isinstance(end, Exception)] == []
    offering.offer_to_all(organization_id=organization.id)
    assert len(shop.offers()) >= 9
    assert proofs.deadlocks(committed_db) == 0
    proofs.assert_sound(committed_db)


def test_what_could_not_be_decided_at_once_is_done_by_the_job_left_behind(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked, _ = shop.fill()
    entry = shop.join("Ana")
    monkeypatch.setattr(offering, "offer_at_once", lambda *_: False)
    left: list[Any] = []
    monkeypatch.setattr(handlers, "_offer_after_commit", left.append)
    shop.cancel(booked)
    assert (left, shop.state(entry)) == ([shop.organization.id], "waiting")
    with transaction_for(shop.organization.id):
        assert WaitingEntry.objects.count() == 1
