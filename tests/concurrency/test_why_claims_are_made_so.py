"""Why a claim is `INSERT … ON CONFLICT`, in the order of resources, and why moves wait: each other way deadlocks."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Thread
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import errors, sql

from holdfast.bookings import actions
from holdfast.bookings.models import Booking
from holdfast.bookings.places import allocations
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization, Resource
from holdfast.core import clock
from holdfast.core.embedded_postgres import APP, SUPERUSER
from holdfast.core.keys import uuid7
from tests import database, factories, proofs
from tests.running import at_once

PLAIN = allocations.INSERT.replace("ON CONFLICT ON CONSTRAINT allocation_no_overlap DO NOTHING\n", "")
GIVE_BACK = "UPDATE bookings_allocation SET active = false WHERE resource_id = %s AND active"
CLIENTS, ROUNDS = 8, 60
STAFF = Actor("staff", "Sam")


@dataclass(frozen=True)
class Shop:
    """An organization with resources in sorted order, in a database of its own."""

    database: str
    organization: Organization
    resources: list[Resource]

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(database.url(APP, self.database)) as connection:
            connection.execute("SET lock_timeout = '5s'")
            connection.commit()
            yield connection
            connection.rollback()

    def claim(self, connection: psycopg.Connection[Any], statement: str, *resources: Resource, start: int) -> int:
        """Take an hour from `start`, in one statement in the given order; how many places it got."""
        self.work_for(connection)
        booking = uuid7()
        got = connection.execute(
            statement,
            {
                "organization": self.organization.id,
                "expires_at": None,
                "ids": [uuid7() for _ in resources],
                "bookings": [booking for _ in resources],
                "starts": [start for _ in resources],
                "ends": [start + 60 for _ in resources],
                "requirements": [UUID(int=0)] * len(resources),
                "resources": [each.id for each in resources],
                "lanes": [0] * len(resources),
            },
        )
        return got.rowcount

    def work_for(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute("SELECT set_config('holdfast.organization', %s, true)", [str(self.organization.id)])


@pytest.fixture
def shop(committed_db: str) -> Shop:
    """Deadlocks are looked for after 50 ms instead of a second, so that the test is short."""
    organization = factories.make_organization()
    resources = sorted((factories.make_resource(organization) for _ in range(2)), key=lambda each: each.id)
    with psycopg.connect(database.url(SUPERUSER, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} SET deadlock_timeout = '50ms'").format(sql.Identifier(committed_db)))
    return Shop(committed_db, organization, resources)


def race(shop: Shop, statement: str, rounds: int, enough: Callable[[Counter[str]], bool]) -> Counter[str]:
    """All clients claim the same hour in each round; how each attempt ended."""
    outcomes: Counter[str] = Counter()

    def client(connection: psycopg.Connection[Any], start: int) -> Callable[[], str]:
        def attempt() -> str:
            try:
                won = shop.claim(connection, statement, shop.resources[0], start=start)
            except psycopg.Error as error:
                return type(error).__name__
            else:
                return "won" if won else "lost"
            finally:
                connection.rollback()  # so that the booking that is not there is never missed

        return attempt

    with ExitStack() as stack:
        opened = [stack.enter_context(shop.connect()) for _ in range(CLIENTS)]
        for number in range(rounds):
            outcomes.update(map(str, at_once([client(each, number * 60) for each in opened])))
            if enough(outcomes):
                break
    return outcomes


def test_claims_of_the_same_place_never_deadlock(shop: Shop) -> None:
    outcomes = race(shop, allocations.INSERT, ROUNDS, lambda _: False)
    assert set(outcomes) == {"won"}  # each rolls back, so the next in line gets it
    assert outcomes["won"] == CLIENTS * ROUNDS


def test_plain_inserts_of_the_same_place_do(shop: Shop) -> None:
    """A plain INSERT puts its row in first and waits afterwards, so two can wait for each other."""
    outcomes = race(shop, PLAIN, ROUNDS, lambda seen: seen["DeadlockDetected"] > 0)
    assert outcomes["DeadlockDetected"] > 0, outcomes


def two_bundles(shop: Shop, order: Sequence[Resource], other: Sequence[Resource]) -> list[str]:
    """Two bookings take the two resources one after the other, in step with each other; how each ended."""
    ends = ["", ""]
    with shop.connect() as mine, shop.connect() as theirs:

        def take(number: int, connection: psycopg.Connection[Any], resources: Sequence[Resource]) -> None:
            try:
                got = [shop.claim(connection, allocations.INSERT, each, start=0) for each in resources]
                ends[number] += "won" if all(got) else "lost"
            except errors.DeadlockDetected:
                ends[number] += "deadlock"
            connection.rollback()

        # Each has taken its first, unless they met there already; then both go on at the same time.
        meet_at_once = order[0] == other[0]
        assert shop.claim(mine, allocations.INSERT, order[0], start=0) == 1
        if not meet_at_once:
            assert shop.claim(theirs, allocations.INSERT, other[0], start=0) == 1
        both([partial(take, 0, mine, order[1:]), partial(take, 1, theirs, other if meet_at_once else other[1:])])
    return ends


def both(works: Sequence[Callable[[], None]]) -> None:
    threads = [Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_bundles_taken_in_one_order_never_deadlock(shop: Shop) -> None:
    first, second = shop.resources
    assert "deadlock" not in two_bundles(shop, [first, second], [first, second])


def test_bundles_taken_in_opposite_orders_do(shop: Shop) -> None:
    first, second = shop.resources
    assert sorted(two_bundles(shop, [first, second], [second, first])) == ["deadlock", "won"]


def swap(shop: Shop, rounds: int) -> None:
    """Two bookings on one resource want each other's time, at the same moment, round after round."""
    service = factories.make_service(shop.organization)
    resource = shop.resources[0].slug
    for number in range(rounds):
        hours = [factories.local(shop.organization, 2 + number, hour) for hour in (10, 11)]
        pair = [
            factories.make_booking(shop.organization, service, hour, resource=resource, by_staff=True) for hour in hours
        ]
        half = timedelta(minutes=30)
        at_once([move(shop, pair[0], hours[1] + half), move(shop, pair[1], hours[0] - half)])
        at_once([move(shop, pair[0], hours[1]), move(shop, pair[1], hours[0])])


def move(shop: Shop, booking: Booking, starts_at: datetime) -> Callable[[], Booking]:
    return lambda: actions.reschedule(
        organization=shop.organization, booking_id=booking.id, starts_at=starts_at, version=1, actor=STAFF
    )


def test_moves_in_opposite_directions_never_deadlock(shop: Shop) -> None:
    swap(shop, 10)
    assert proofs.deadlocks(shop.database) == 0
    proofs.assert_sound(shop.database)


def test_moves_that_give_back_first_and_do_not_wait_for_one_another_do(shop: Shop) -> None:
    """Each gives back its own place and then wants the other's: step by step, without the lock of the resources."""
    service, start = factories.make_service(shop.organization), factories.local(shop.organization, 2, 10)
    for resource in shop.resources:
        factories.make_booking(shop.organization, service, start, resource=resource.slug, by_staff=True)
    ends: list[str] = []

    def take(connection: psycopg.Connection[Any], there: Resource) -> None:
        try:
            shop.claim(connection, allocations.INSERT, there, start=clock.to_minute(start))
            ends.append("moved")
        except errors.DeadlockDetected:
            ends.append("deadlock")
        connection.rollback()

    first, second = shop.resources
    with shop.connect() as mine, shop.connect() as theirs:
        for connection, here in ((mine, first), (theirs, second)):
            shop.work_for(connection)
            connection.execute(GIVE_BACK, [here.id])
        both([partial(take, mine, second), partial(take, theirs, first)])
    assert sorted(ends) == ["deadlock", "moved"]
