"""Driver and vehicle, wanted in opposite orders by many at once: nobody waits in a circle."""

import asyncio
from collections import Counter
from datetime import timedelta
from random import Random

from holdfast.catalog.models import Organization, Service
from tests import factories, proofs
from tests.concurrency import asks
from tests.running import Ask, Client, House, Record, Told, quantile, together, with_clients

CLIENTS = 32


def opposite_services(organization: Organization, *, drivers: int, vehicles: int) -> tuple[Service, Service]:
    """Two services over the same small pools whose requirements name them in opposite order."""
    for number in range(max(drivers, vehicles)):
        if number < vehicles:
            factories.make_resource(organization, kind="vehicle")
        if number < drivers:
            factories.make_resource(organization)
    driver, vehicle = {"kind": "person"}, {"kind": "vehicle"}
    return (
        factories.make_service(organization, needs=[driver, vehicle], step_minutes=15),
        factories.make_service(organization, needs=[vehicle, driver], step_minutes=15, duration_minutes=45),
    )


def test_bundles_wanted_in_opposite_orders_never_deadlock(house: House, record_property: Record) -> None:
    organization = factories.make_organization()
    services = opposite_services(organization, drivers=3, vehicles=3)
    first, chance = factories.local(organization, 3, 9), Random(7)
    deadlocks = proofs.deadlocks(house.database)

    def next_ask() -> Ask:
        return asks.book(organization, chance.choice(services), first + timedelta(minutes=15 * chance.randrange(12)))

    async def keep_asking(client: Client) -> list[Told]:
        async def one() -> list[Told]:
            return [await client.ask(next_ask()) for _ in range(6)]

        return [told for tolds in await asyncio.gather(*(one() for _ in range(CLIENTS))) for told in tolds]

    answers = with_clients(house.url, keep_asking)
    statuses = Counter(each.status for each in answers)
    assert set(statuses) == {201, 409}
    assert proofs.deadlocks(house.database) == deadlocks
    assert proofs.bookings_in(house.database, organization.id) == statuses[201] >= 9
    proofs.assert_sound(house.database)
    seconds = [each.seconds for each in answers]
    record_property(
        f"bundles in opposite orders, {CLIENTS} clients, p50 / p99 / worst",
        f"{quantile(seconds, 0.5) * 1000:.0f} / {quantile(seconds, 0.99) * 1000:.0f} / {max(seconds) * 1000:.0f} ms",
    )


def test_as_many_bundles_are_given_as_the_scarcer_pool_has(house: House) -> None:
    organization = factories.make_organization()
    services = opposite_services(organization, drivers=4, vehicles=2)
    start = factories.local(organization, 3, 9)
    answers = together(house, [asks.book(organization, services[number % 2], start) for number in range(40)])
    assert Counter(each.status for each in answers) == {201: 2, 409: 38}
    proofs.assert_sound(house.database)
