"""A limit holds however many book at once; with its lock taken away the same clients go beyond it."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.errors import ServiceDayLimit
from holdfast.bookings.holds import actions as holds
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from tests import factories, proofs
from tests.concurrency import asks
from tests.concurrency.test_changes_racing import move
from tests.running import Client, House, Told, at_once, together, with_clients

# In its place stands one that lets everybody pass.
NO_LOCK = "CREATE OR REPLACE FUNCTION holdfast_lock_limits(keys bigint[]) RETURNS void LANGUAGE plpgsql AS 'BEGIN END'"
ROUNDS = 12


def firm(people: int = 12) -> tuple[Organization, Service]:
    organization = factories.make_organization()
    for _ in range(people):
        factories.make_resource(organization)
    return organization, factories.make_service(organization)


def test_of_40_who_want_a_day_with_5_left_exactly_5_get_it(house: House) -> None:
    organization, service = firm()
    factories.make_limit(organization, kind="service", service=service, most=5)
    start = factories.local(organization, 3, 9)
    deadlocks = proofs.deadlocks(house.database)
    answers = together(
        house, [asks.book(organization, service, start + timedelta(hours=number % 8)) for number in range(40)]
    )
    assert Counter(each.status for each in answers) == {201: 5, 422: 35}
    assert {each.body["code"] for each in answers if each.status == 422} == {"service_day_limit"}
    assert proofs.deadlocks(house.database) == deadlocks
    proofs.assert_sound(house.database)


def test_teams_services_and_customers_with_limits_at_once_are_kept_exactly(house: House) -> None:
    """Two teams of four with 3 a day each and a customer who may have 4: three services that draw on both teams."""
    organization = factories.make_organization()
    teams = [factories.make_team(organization) for _ in range(2)]
    for team in teams:
        for _ in range(4):
            factories.make_resource(organization, team=team)
        factories.make_limit(organization, kind="team", team=team, most=3)
    services = [factories.make_service(organization) for _ in range(3)]
    factories.make_limit(organization, kind="customer", most=4, period="week")
    monday = factories.monday(organization, 9)
    deadlocks = proofs.deadlocks(house.database)
    people = [{"name": "Ana", "email": f"person{number % 3}@example.com"} for number in range(48)]
    answers = together(
        house,
        [
            asks.book(
                organization,
                services[number % 3],
                monday + timedelta(days=number % 2, hours=number % 5),
                customer=person,
            )
            for number, person in enumerate(people)
        ],
    )
    statuses = Counter(each.status for each in answers)
    assert set(statuses) == {201, 422}
    assert statuses[201] == 12  # 2 teams × 3 × 2 days, and 3 people × 4
    for team in teams:
        assert counted_of_team(house, team.id) == [(3,), (3,)]
    assert proofs.deadlocks(house.database) == deadlocks
    proofs.assert_sound(house.database)


def counted_of_team(house: House, team_id: Any) -> list[tuple[Any, ...]]:
    return proofs.rows(
        house.database,
        """SELECT count(DISTINCT b.id) FROM bookings_booking b JOIN bookings_allocation a ON a.booking_id = b.id
        JOIN catalog_resource r ON r.id = a.resource_id WHERE r.team_id = %s AND a.active
        GROUP BY (b.starts_at AT TIME ZONE 'Europe/Paris')::date""",
        [team_id],
    )


def test_moves_that_cross_between_full_days_neither_deadlock_nor_go_beyond(house: House) -> None:
    """Two days with room for 4 hold 3 each: every booking wants to the other day, again and again."""
    organization, service = firm()
    factories.make_limit(organization, kind="service", service=service, most=4)
    day = factories.local(organization, 3, 9)
    deadlocks = proofs.deadlocks(house.database)
    starts = [day + timedelta(days=number % 2, hours=number) for number in range(6)]
    booked = together(house, [asks.book(organization, service, start) for start in starts])
    assert {each.status for each in booked} == {201}

    async def wander(client: Client, told: Told, start: datetime, number: int) -> Counter[int]:
        outcomes: Counter[int] = Counter()
        for step in range(8):
            there = start + timedelta(days=-1 if (number + step) % 2 else 1) * ((step + 1) % 2)
            answer = await client.ask(move(organization, told, there))
            outcomes[answer.status] += 1
            told = answer if answer.status == 200 else told
        return outcomes

    async def run(client: Client) -> Counter[int]:
        ends = await asyncio.gather(
            *(wander(client, told, start, n) for n, (told, start) in enumerate(zip(booked, starts, strict=True)))
        )
        return sum(ends, Counter())

    outcomes = with_clients(house.url, run)
    assert set(outcomes) <= {200, 422}
    assert outcomes[200] >= 8
    assert proofs.deadlocks(house.database) == deadlocks
    counts = proofs.rows(
        house.database,
        """SELECT count(*) FROM bookings_booking WHERE organization_id = %s AND state = 'confirmed'
        GROUP BY (starts_at AT TIME ZONE 'Europe/Paris')::date""",
        [organization.id],
    )
    assert sum(count for (count,) in counts) == 6
    assert max(count for (count,) in counts) <= 4
    proofs.assert_sound(house.database)


def test_an_expired_hold_gives_its_count_to_exactly_one_of_many(house: House) -> None:
    organization, service = firm()
    factories.make_limit(organization, kind="service", service=service, most=1)
    start = factories.local(organization, 3, 9)
    with clock.stopped(clock.now() - timedelta(minutes=20)):
        left = holds.hold(organization=organization, wish=Wish(service=service.slug), starts_at=start)
    late = asks.book(organization, service, start, hold=str(left.id))
    others = [asks.book(organization, service, start + timedelta(hours=number % 6)) for number in range(20)]
    answers = together(house, [late, *others])
    assert answers[0].body["code"] == "hold_expired"
    assert Counter(each.status for each in answers[1:]) == {201: 1, 422: 19}
    assert proofs.bookings_in(house.database, organization.id, "confirmed") == 1
    proofs.assert_sound(house.database)


def book_at_once(organization: Organization, service: Service, start: datetime) -> list[Any]:
    """Twelve, each another hour of the same day, so that nothing but the limit stands between them."""

    def attempt(number: int) -> Any:
        return lambda: actions.book(
            organization=organization,
            wish=Wish(service=service.slug),
            starts_at=start + timedelta(hours=number % 6),
            details=factories.DETAILS,
        )

    return at_once([attempt(number) for number in range(12)])


@pytest.mark.parametrize("locked", [True, False], ids=["with the lock", "without it"])
def test_the_lock_is_what_keeps_a_limit(committed_db: str, locked: bool) -> None:
    """The last place of a day, wanted by twelve: with the lock one gets it, each round; without it several do."""
    organization, service = firm()
    factories.make_limit(organization, kind="service", service=service, most=1)
    if not locked:
        proofs.as_owner(committed_db, NO_LOCK)
    won = []
    for number in range(ROUNDS):
        ends = book_at_once(organization, service, factories.local(organization, 3 + number, 9))
        assert {type(end) for end in ends if isinstance(end, Exception)} <= {ServiceDayLimit}
        won.append(sum(not isinstance(end, Exception) for end in ends))
        if not locked and won[-1] > 1:
            return
    assert locked, "nothing was oversold: this test shows nothing"
    assert won == [1] * ROUNDS
