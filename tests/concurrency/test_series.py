"""Series that want the same dates, or those of single bookings: whole or not at all, and nobody deadlocks."""

import random
from datetime import datetime, timedelta

import pytest

from holdfast.catalog.models import Organization, Service
from tests import factories, proofs
from tests.concurrency import asks
from tests.running import Ask, House, together
from tests.series.conftest import at

WEEKS = 8


@pytest.fixture
def shop(house: House) -> tuple[Organization, Service]:
    """Two people and two vans; a booking needs one of each."""
    organization = factories.make_organization()
    for kind in ("person", "person", "vehicle", "vehicle"):
        factories.make_resource(organization, kind=kind)
    needs = [{"kind": "vehicle"}, {"kind": "person"}]
    return organization, factories.make_service(organization, needs=needs, allows_series=True, series_horizon_days=400)


def series(organization: Organization, service: Service, start: datetime, rrule: str) -> Ask:
    return asks.book(organization, service, start, recurrence={"rrule": rrule})


def test_of_eight_equal_series_two_fit_and_the_others_get_nothing(
    house: House, shop: tuple[Organization, Service]
) -> None:
    organization, service = shop
    start = factories.local(organization, 3, 10)
    deadlocks = proofs.deadlocks(house.database)
    told = together(house, [series(organization, service, start, f"FREQ=WEEKLY;COUNT={WEEKS}")] * 8)
    assert sorted(each.status for each in told) == [201] * 2 + [409] * 6
    assert {each.body["code"] for each in told if each.status == 409} == {"series_conflict"}
    assert proofs.bookings_in(house.database, organization.id) == 2 * WEEKS
    assert proofs.deadlocks(house.database) == deadlocks
    proofs.assert_sound(house.database)


def test_series_that_cross_and_single_bookings_among_them_never_wait_in_a_circle(
    house: House, shop: tuple[Organization, Service]
) -> None:
    """Weekly and daily series over the same weeks, and single bookings on their dates, all at once, six rounds."""
    organization, service = shop
    chance = random.Random(7)
    deadlocks = proofs.deadlocks(house.database)
    for number in range(6):
        first = factories.local(organization, 3 + number, 9)
        wanted = [
            series(organization, service, first, "FREQ=WEEKLY;COUNT=5"),
            series(organization, service, first, "FREQ=DAILY;COUNT=15"),
            series(organization, service, first, "FREQ=DAILY;INTERVAL=2;COUNT=10"),
            *(asks.book(organization, service, at(first, week)) for week in range(5) for _ in range(2)),
        ]
        chance.shuffle(wanted)
        told = together(house, wanted)
        assert {each.status for each in told} <= {201, 409}
    assert proofs.deadlocks(house.database) == deadlocks
    proofs.assert_sound(house.database)


def test_series_that_move_into_each_other_end_somewhere_sound(house: House, shop: tuple[Organization, Service]) -> None:
    """Two daily series, three days apart in the same weeks, each moved by a day and an hour while bookings come in."""
    organization, service = shop
    deadlocks = proofs.deadlocks(house.database)
    first = factories.local(organization, 5, 10)
    told = together(house, [series(organization, service, first, "FREQ=DAILY;COUNT=12")] * 2)
    assert [each.status for each in told] == [201, 201]
    moves = [
        asks.change(
            organization,
            each.body["reference"],
            "reschedule",
            version=1,
            token=str(each.body["manage_url"]).split("/")[-2],
            scope="all",
            starts_at=(first + timedelta(days=sign, minutes=30 * sign)).isoformat(),
        )
        for each, sign in zip(told, (1, -1), strict=True)
    ]
    singles = [asks.book(organization, service, at(first, 1) + timedelta(days=number)) for number in range(4)]
    answers = together(house, [*moves, *singles])
    assert {each.status for each in answers} <= {200, 201, 409}
    assert [each.status for each in answers[:2]] == [200, 200]
    assert proofs.deadlocks(house.database) == deadlocks
    proofs.assert_sound(house.database)


def test_held_series_that_go_to_who_knows_their_customer_never_wait_in_a_circle(house: House) -> None:
    """Four customers, each known to one of eight people, hold an hour with whomever the lot gives and book six days."""
    organization = factories.make_organization()
    people = [factories.make_resource(organization, is_public=True) for _ in range(8)]
    needs = [{"kind": "person", "is_choosable": True}]
    service = factories.make_service(organization, needs=needs, assign_by="last_seen", allows_series=True)
    customers = [{**asks.CUSTOMER, "email": f"{person.slug}@example.com", "phone": ""} for person in people[:4]]
    first = factories.local(organization, 4, 9)
    for person, customer in zip(people[:4], customers, strict=True):
        details = factories.details_of(customer["email"])
        factories.make_booking(organization, service, first - timedelta(days=1), resource=person.slug, details=details)
    deadlocks = proofs.deadlocks(house.database)
    for number in range(3):
        start = first + timedelta(hours=2 * number)
        held = together(house, [asks.hold(organization, service, start)] * 4)
        assert [each.status for each in held] == [201] * 4
        wanted = [
            asks.book(
                organization,
                service,
                start,
                hold=hold.body["id"],
                customer=customer,
                recurrence={"rrule": "FREQ=DAILY;COUNT=6"},
            )
            for hold, customer in zip(held, customers, strict=True)
        ]
        told = together(house, wanted)
        assert [each.status for each in told] == [201] * 4, [each.body for each in told]
    assert proofs.deadlocks(house.database) == deadlocks
    proofs.assert_sound(house.database)
