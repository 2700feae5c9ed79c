"""Fair also when everybody comes at once: turns and loads are chosen by one after the other, and why they must be."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.models import Booking, Rotation
from holdfast.catalog.models import Organization, Resource, Service
from holdfast.core import locking
from holdfast.core.tenancy import transaction_for
from tests import factories, proofs
from tests.concurrency import asks
from tests.running import House, at_once, together

WEIGHTS = (3, 2, 2, 1)
ROUNDS = 12


def shop(by: str, *weights: int) -> tuple[Organization, Service, list[Resource]]:
    organization = factories.make_organization()
    team = [factories.make_resource(organization, weight=weight, lanes=40) for weight in weights]
    return organization, factories.make_service(organization, assign_by=by), team


def served(organization: Organization) -> dict[str, int]:
    with transaction_for(organization.id):
        found = Counter(entry["resource"] for booking in Booking.objects.all() for entry in booking.assigned)
    return dict(found)


def test_32_at_once_take_turns_to_within_one_of_their_weights(house: House) -> None:
    organization, service, team = shop("round_robin", *WEIGHTS)
    deadlocks = proofs.deadlocks(house.database)
    start = factories.local(organization, 3, 10)
    # Half of them at one time and half at others, so that some meet and some do not.
    wanted = [asks.book(organization, service, start + timedelta(hours=number % 2)) for number in range(32)]
    assert {each.status for each in together(house, wanted)} == {201}
    counts = served(organization)
    assert [counts[str(each.id)] for each in team] == [12, 8, 8, 4]
    with transaction_for(organization.id):
        row = Rotation.objects.get(service=service)
    assert set(row.owed.values()) == {0}
    assert row.turns == counts
    assert proofs.deadlocks(house.database) == deadlocks
    proofs.assert_sound(house.database)


def test_holds_bookings_and_cancellations_at_once_leave_every_turn_where_it_belongs(house: House) -> None:
    organization, service, _ = shop("round_robin", 1, 1, 1)
    secret = asks.staff_key(organization)
    deadlocks = proofs.deadlocks(house.database)
    start = factories.local(organization, 3, 10)
    booked = together(house, [asks.book(organization, service, start) for _ in range(12)])
    cancels = [
        asks.change(organization, each.body["reference"], "cancel", version=1, secret=secret) for each in booked[:6]
    ]
    moves = [
        asks.change(
            organization,
            each.body["reference"],
            "reschedule",
            version=1,
            secret=secret,
            starts_at=(start + timedelta(hours=1)).isoformat(),
        )
        for each in booked[6:]
    ]
    more = [asks.book(organization, service, start) for _ in range(6)]
    answers = together(house, [*cancels, *moves, *more])
    assert Counter(each.status for each in answers) == {200: 12, 201: 6}
    with transaction_for(organization.id):
        row = Rotation.objects.get(service=service)
        standing = Booking.objects.filter(state="confirmed")
        assert row.turns == dict(Counter(entry["resource"] for each in standing for entry in each.assigned))
        assert sum(row.owed.values()) == 0
    assert proofs.deadlocks(house.database) == deadlocks
    proofs.assert_sound(house.database)


def test_32_at_once_on_one_day_leave_nobody_busier_by_more_than_one(house: House) -> None:
    organization, service, _ = shop("least_busy", 1, 1, 1, 1)
    start = factories.local(organization, 3, 9)
    wanted = [asks.book(organization, service, start + timedelta(hours=number % 8)) for number in range(32)]
    assert {each.status for each in together(house, wanted)} == {201}
    assert sorted(served(organization).values()) == [8, 8, 8, 8]


# --- the same with the lock taken away ----------------------------------------------------------------------------


def book_at_once(organization: Organization, service: Service, starts: list[datetime]) -> None:
    def booking(start: datetime) -> Callable[[], Booking]:
        return lambda: actions.book(
            organization=organization, wish=Wish(service=service.slug), starts_at=start, details=factories.DETAILS
        )

    assert {type(end) for end in at_once([booking(start) for start in starts])} == {Booking}


def rounds_until_unfair(by: str) -> bool:
    """Whether, in some round, eight bookings at once did not give each of four resources two."""
    for number in range(ROUNDS):
        organization, service, _ = shop(by, 1, 1, 1, 1)
        start = factories.local(organization, 3 + number, 9)
        book_at_once(organization, service, [start + timedelta(hours=each) for each in range(8)])
        if sorted(served(organization).values()) != [2, 2, 2, 2]:
            return True
    return False


@pytest.mark.parametrize("by", ["round_robin", "least_busy"])
def test_with_the_lock_every_round_is_fair(committed_db: str, by: str) -> None:
    assert not rounds_until_unfair(by)


@pytest.mark.parametrize("by", ["round_robin", "least_busy"])
def test_without_it_those_who_come_at_once_choose_by_the_same_facts(
    committed_db: str, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "lock_turns", lambda _names: None)
    assert rounds_until_unfair(by), f"fair in {ROUNDS} rounds: this test shows nothing"
