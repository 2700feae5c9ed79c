"""The twins of the other tests: with the last word taken away, the same clients sell the same time many times over."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests import database, factories, proofs
from tests.concurrency import asks
from tests.running import House, together

# Under its own name, so that the claim's ON CONFLICT still finds it; but it excludes nothing.
NO_GUARD = [
    "ALTER TABLE bookings_allocation DROP CONSTRAINT allocation_no_overlap",
    "ALTER TABLE bookings_allocation ADD CONSTRAINT allocation_no_overlap EXCLUDE USING gist (id WITH =)",
]
ROUNDS = 10


@pytest.fixture(scope="module")
def unguarded_house(django_db_setup: None) -> Iterator[House]:
    name = database.copy_template("unguarded")
    proofs.as_owner(name, *NO_GUARD)
    with House(name) as house:
        yield house
    database.drop(name)


@pytest.fixture
def unguarded(unguarded_house: House, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        database.use(unguarded_house.database)
        yield unguarded_house
        connections.close_all()
        database.use(before)


def test_without_it_64_clients_get_one_slot_several_times(unguarded: House) -> None:
    organization = factories.make_organization()
    factories.make_resource(organization)
    service = factories.make_service(organization)
    for number in range(ROUNDS):
        start = factories.local(organization, 3 + number, 10)
        answers = together(unguarded, [asks.book(organization, service, start)] * 64)
        statuses = Counter(each.status for each in answers)
        assert set(statuses) <= {201, 409}, unguarded.said()
        if statuses[201] > 1:
            break
    else:
        pytest.fail(f"no slot was sold twice in {ROUNDS} rounds: this test shows nothing")
    assert proofs.overlaps(unguarded.database) > 0


def test_without_it_a_workshop_for_12_is_oversold(unguarded: House) -> None:
    """Choosing a free place after a look is not enough, however random the choice."""
    organization = factories.make_organization()
    factories.make_resource(organization, kind="room", lanes=12)
    service = factories.make_service(organization, needs=[{"kind": "room", "per_person": True}])
    start = factories.local(organization, 3, 10)
    for number in range(ROUNDS):
        answers = together(unguarded, [asks.book(organization, service, start + timedelta(days=number))] * 40)
        statuses = Counter(each.status for each in answers)
        assert set(statuses) <= {201, 409}, unguarded.said()
        if statuses[201] > 12:
            break
    else:
        pytest.fail(f"nothing was oversold in {ROUNDS} rounds: this test shows nothing")
    assert proofs.overlaps(unguarded.database) > 0
