"""The last of a stock, wanted by many at once: no more are in use than there are; without the constraint, more are."""

from collections import Counter
from datetime import timedelta

import pytest

from holdfast.catalog.models import Organization, Service
from tests import factories, proofs
from tests.concurrency import asks
from tests.concurrency.test_without_the_constraint import ROUNDS, unguarded, unguarded_house
from tests.running import Ask, House, together

__all__ = ["unguarded", "unguarded_house"]
MANY, STOCK = 24, 3
# The most places of a stock that are taken at one moment.
MOST_IN_USE = """
SELECT coalesce(max(used), 0) FROM (
    SELECT count(*) AS used FROM bookings_allocation a JOIN bookings_allocation b
        ON b.resource_id = a.resource_id AND b.active
        AND b.start_minute <= a.start_minute AND b.end_minute > a.start_minute
    JOIN catalog_resource r ON r.id = a.resource_id AND r.kind = 'stock' AND r.organization_id = %s
    WHERE a.active GROUP BY a.id
) AS at_each_start
"""


def chauffeurs() -> tuple[Organization, Service, Service]:
    """More drivers than anybody needs, and two services that share three child seats."""
    organization = factories.make_organization()
    for _ in range(MANY):
        factories.make_resource(organization)
    short = factories.make_service(organization)
    long = factories.make_service(organization, duration_minutes=90, buffer_before_minutes=15)
    factories.make_extra(organization, slug="child-seat", stock=STOCK)
    return organization, short, long


def wanted(organization: Organization, services: tuple[Service, ...], day: int, count: int) -> list[Ask]:
    """At two starts that overlap, by services of two lengths."""
    start = factories.local(organization, day, 10)
    return [
        asks.book(
            organization,
            services[number % len(services)],
            start + timedelta(minutes=30 * (number % 2)),
            extras={"child-seat": count},
            customer={"name": "Ana", "email": f"person{number}@example.com"},
        )
        for number in range(MANY)
    ]


def most_in_use(house: House, organization: Organization) -> int:
    return int(proofs.rows(house.database, MOST_IN_USE, [organization.id])[0][0])


@pytest.mark.parametrize(("count", "given"), [(1, 3), (2, 1)])
def test_of_three_never_more_than_three_are_in_use(house: House, count: int, given: int) -> None:
    organization, *services = chauffeurs()
    deadlocks = proofs.deadlocks(house.database)
    answers = together(house, wanted(organization, tuple(services), 3, count))
    assert Counter(each.status for each in answers) == {201: given, 409: MANY - given}
    refused = [each.body for each in answers if each.status == 409]
    assert {(each["code"], each["extra"]) for each in refused} == {("extra_not_available", "child-seat")}
    assert most_in_use(house, organization) == given * count
    assert proofs.deadlocks(house.database) == deadlocks
    proofs.assert_sound(house.database)


def test_without_the_constraint_more_are_given_than_there_are(unguarded: House) -> None:
    organization, *services = chauffeurs()
    for number in range(ROUNDS):
        together(unguarded, wanted(organization, tuple(services), 3 + number, 1))
        if most_in_use(unguarded, organization) > STOCK:
            return
    pytest.fail(f"nothing was oversold in {ROUNDS} rounds: this test shows nothing")
