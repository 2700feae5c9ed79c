"""However many want it, a time is given once; who loses is told what is left."""

from collections import Counter
from datetime import datetime, timedelta

from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories, proofs
from tests.concurrency import asks
from tests.running import House, Record, quantile, together

CLIENTS = 64


def test_of_64_clients_one_gets_the_slot_and_63_get_alternatives(house: House, record_property: Record) -> None:
    organization = factories.make_organization()
    factories.make_resource(organization)
    service = factories.make_service(organization)
    start = factories.local(organization, 3, 10)
    deadlocks = proofs.deadlocks(house.database)
    answers = together(house, [asks.book(organization, service, start)] * CLIENTS)

    assert Counter(each.status for each in answers) == {201: 1, 409: 63}
    losers = [each for each in answers if each.status == 409]
    assert {each.body["code"] for each in losers} == {"slot_taken"}
    assert {each.headers["Content-Type"] for each in losers} == {"application/problem+json"}
    for each in losers:
        alternatives = [datetime.fromisoformat(text) for text in each.body["alternatives"]]
        assert len(alternatives) == 5
        assert all(abs(other - start) >= timedelta(hours=1) for other in alternatives)
    assert proofs.bookings_in(house.database, organization.id) == 1
    with transaction_for(organization.id):
        assert Event.objects.filter(kind="booking.confirmed").count() == 1
    assert proofs.deadlocks(house.database) == deadlocks
    proofs.assert_sound(house.database)
    record_property("one slot, 64 clients, p99", f"{quantile([each.seconds for each in answers], 0.99) * 1000:.0f} ms")


def test_overlapping_times_of_unequal_length_never_both_hold(house: House) -> None:
    """Services of 30, 60 and 90 minutes with starts 15 minutes apart, all on one resource."""
    organization = factories.make_organization()
    factories.make_resource(organization)
    lengths = [
        factories.make_service(organization, duration_minutes=minutes, step_minutes=15) for minutes in (30, 60, 90)
    ]
    first = factories.local(organization, 4, 9)
    wanted = [
        asks.book(organization, lengths[number % 3], first + timedelta(minutes=15 * (number * 7 % 24)))
        for number in range(72)
    ]
    answers = together(house, wanted)

    statuses = Counter(each.status for each in answers)
    assert set(statuses) == {201, 409}
    assert proofs.bookings_in(house.database, organization.id) == statuses[201]
    assert statuses[201] >= 4  # six hours, at most 90 minutes each
    proofs.assert_sound(house.database)


def test_several_equal_resources_are_all_given_and_none_twice(house: House) -> None:
    organization = factories.make_organization()
    for _ in range(5):
        factories.make_resource(organization)
    service = factories.make_service(organization)
    answers = together(house, [asks.book(organization, service, factories.local(organization, 3, 10))] * 40)
    assert Counter(each.status for each in answers) == {201: 5, 409: 35}
    taken = [each.body["resources"][0]["slug"] for each in answers if each.status == 201]
    assert len(set(taken)) == 5
    proofs.assert_sound(house.database)
