"""Changes of the same bookings at the same moment: one wins, nobody is lost, nothing is held for nobody."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest

from holdfast.catalog.models import Organization, Service
from tests import factories, proofs
from tests.concurrency import asks
from tests.running import Ask, Client, House, Told, together, with_clients


def token_of(told: Told) -> str:
    return str(told.body["manage_url"]).split("/")[-2]


def move(organization: Organization, told: Told, start: datetime) -> Ask:
    return asks.change(
        organization,
        told.body["reference"],
        "reschedule",
        version=told.body["version"],
        token=token_of(told),
        starts_at=start.isoformat(),
    )


def small_shop(**service: object) -> tuple[Organization, Service]:
    organization = factories.make_organization()
    factories.make_resource(organization)
    return organization, factories.make_service(organization, **service)


def test_cancelling_and_booking_again_never_gives_a_time_twice_nor_loses_it(house: House) -> None:
    """The holder cancels while eight want the time, 12 rounds: each round at most one more gets it."""
    organization, service = small_shop()
    start = factories.local(organization, 3, 10)

    async def rounds(client: Client) -> None:
        holder = await client.ask(asks.book(organization, service, start))
        for _ in range(12):
            assert holder.status == 201
            cancel = asks.change(
                organization,
                holder.body["reference"],
                "cancel",
                version=holder.body["version"],
                token=token_of(holder),
            )
            wanting = [asks.book(organization, service, start)] * 8
            cancelled, *answers = await asyncio.gather(*(client.ask(each) for each in [cancel, *wanting]))
            assert cancelled.status == 200
            assert {each.status for each in answers} <= {201, 409}
            winners = [each for each in answers if each.status == 201]
            assert len(winners) <= 1
            # If all came before the cancellation, the time is free now and must be given.
            holder = winners[0] if winners else await client.ask(asks.book(organization, service, start))

    with_clients(house.url, rounds)
    assert proofs.bookings_in(house.database, organization.id) == 1
    assert proofs.bookings_in(house.database, organization.id, "cancelled") == 12
    proofs.assert_sound(house.database)


@pytest.mark.parametrize("bundle", [False, True], ids=["one resource", "a bundle"])
def test_two_bookings_that_swap_places_at_once_end_somewhere_sound(house: House, bundle: bool) -> None:
    """Each wants the other's time: both must be answered, nobody deadlocks, and both still hold one place each."""
    organization = factories.make_organization()
    factories.make_resource(organization)
    factories.make_resource(organization, kind="vehicle")
    needs = [{"kind": "vehicle"}, {"kind": "person"}] if bundle else [{"kind": "person"}]
    service = factories.make_service(organization, needs=needs)
    starts = [factories.local(organization, 3, hour) for hour in (10, 11)]
    deadlocks = proofs.deadlocks(house.database)

    async def rounds(client: Client) -> Counter[int]:
        pair = [await client.ask(asks.book(organization, service, each)) for each in starts]
        outcomes: Counter[int] = Counter()
        for number in range(10):
            # Half-hour steps too: then each move overlaps the other's place only in part.
            there = [start + timedelta(minutes=30 * (number % 2)) for start in reversed(starts)]
            answers = await asyncio.gather(
                *(client.ask(move(organization, told, start)) for told, start in zip(pair, there, strict=True))
            )
            outcomes.update(each.status for each in answers)
            pair = [new if new.status == 200 else old for new, old in zip(answers, pair, strict=True)]
        return outcomes

    outcomes = with_clients(house.url, rounds)
    assert set(outcomes) <= {200, 409}
    assert proofs.deadlocks(house.database) == deadlocks
    assert proofs.bookings_in(house.database, organization.id, "confirmed") == 2
    proofs.assert_sound(house.database)


def test_many_moves_among_few_places_neither_deadlock_nor_lose_a_booking(house: House) -> None:
    organization = factories.make_organization()
    for kind in ("person", "person", "vehicle", "vehicle"):
        factories.make_resource(organization, kind=kind)
    service = factories.make_service(organization, needs=[{"kind": "vehicle"}, {"kind": "person"}])
    first = factories.local(organization, 3, 9)
    deadlocks = proofs.deadlocks(house.database)
    booked = together(house, [asks.book(organization, service, first + timedelta(hours=n)) for n in range(8)])
    assert {each.status for each in booked} == {201}

    async def wander(client: Client, told: Told, number: int) -> Counter[int]:
        outcomes: Counter[int] = Counter()
        for step in range(6):
            there = first + timedelta(minutes=30 * ((number * 5 + step * 7) % 18))
            answer = await client.ask(move(organization, told, there))
            outcomes[answer.status] += 1
            told = answer if answer.status == 200 else told
        return outcomes

    async def run(client: Client) -> Counter[int]:
        ends = await asyncio.gather(*(wander(client, told, number) for number, told in enumerate(booked)))
        return sum(ends, Counter())

    outcomes = with_clients(house.url, run)
    assert set(outcomes) <= {200, 409}
    assert outcomes[200] >= 8
    assert proofs.deadlocks(house.database) == deadlocks
    assert proofs.bookings_in(house.database, organization.id) == 8
    proofs.assert_sound(house.database)


def test_of_two_who_confirm_at_once_one_does_and_the_other_is_told(house: House) -> None:
    organization, service = small_shop(needs_approval=True)
    secret = asks.staff_key(organization)
    (told,) = together(house, [asks.book(organization, service, factories.local(organization, 3, 10))])
    assert told.body["state"] == "requested"
    confirm = asks.change(organization, told.body["reference"], "confirm", version=1, secret=secret)
    answers = together(house, [confirm] * 8)
    assert Counter(each.status for each in answers) == {200: 1, 409: 7}
    for each in answers:
        if each.status == 409:
            assert each.body["code"] == "version_conflict"
            assert each.body["current"] == {"version": 2, "state": "confirmed"}
    proofs.assert_sound(house.database)


@pytest.mark.parametrize("action", ["cancel", "confirm", "start", "complete", "no-show", "reschedule"])
def test_a_change_of_what_has_changed_meanwhile_is_refused(house: House, action: str) -> None:
    organization, service = small_shop()
    secret = asks.staff_key(organization)
    start = factories.local(organization, 3, 10)
    (told,) = together(house, [asks.book(organization, service, start)])
    reference, later = told.body["reference"], (start + timedelta(hours=1)).isoformat()
    moved = asks.change(organization, reference, "reschedule", version=1, secret=secret, starts_at=later)
    assert together(house, [moved])[0].status == 200
    body = {"starts_at": later} if action == "reschedule" else {}
    (stale,) = together(house, [asks.change(organization, reference, action, version=1, secret=secret, **body)])
    assert (stale.status, stale.body["code"]) == (409, "version_conflict")
    assert stale.body["current"] == {"version": 2, "state": "confirmed"}


def test_a_hold_booked_and_released_at_once_ends_one_way_or_the_other(house: House) -> None:
    organization, service = small_shop()
    start = factories.local(organization, 3, 10)

    async def rounds(client: Client) -> None:
        for number in range(8):
            when = start + timedelta(hours=number)
            held = await client.ask(asks.hold(organization, service, when))
            release = Ask(f"{organization.slug}/holds/{held.body['id']}", method="DELETE")
            book = asks.book(organization, service, when, hold=held.body["id"])
            booked, released = await asyncio.gather(client.ask(book), client.ask(release))
            assert (booked.status, released.status) in {(201, 409), (409, 204)}

    with_clients(house.url, rounds)
    proofs.assert_sound(house.database)
