"""A room with 12 places sells 12, alone or in parties."""

from collections import Counter

import pytest

from holdfast.catalog.models import Organization, Service
from tests import factories, proofs
from tests.concurrency import asks
from tests.running import House, together

PLACES = 12


def workshop(organization: Organization) -> Service:
    factories.make_resource(organization, kind="room", lanes=PLACES)
    return factories.make_service(
        organization, needs=[{"kind": "room", "per_person": True}], largest_party=PLACES, duration_minutes=120
    )


@pytest.mark.parametrize(("party", "bookings"), [(1, 12), (3, 4), (5, 2)])
def test_a_workshop_for_12_wanted_by_40_is_sold_out_and_never_oversold(house: House, party: int, bookings: int) -> None:
    organization = factories.make_organization()
    service = workshop(organization)
    start = factories.local(organization, 3, 9)
    answers = together(house, [asks.book(organization, service, start, party_size=party)] * 40)
    assert Counter(each.status for each in answers) == {201: bookings, 409: 40 - bookings}
    assert proofs.bookings_in(house.database, organization.id) == bookings
    places = proofs.rows(
        house.database,
        "SELECT count(*) FROM bookings_allocation WHERE active AND organization_id = %s",
        [organization.id],
    )
    assert places == [(bookings * party,)]
    proofs.assert_sound(house.database)


def test_parties_of_every_size_fill_the_room_and_no_more(house: House) -> None:
    organization = factories.make_organization()
    service = workshop(organization)
    start = factories.local(organization, 3, 9)
    answers = together(
        house, [asks.book(organization, service, start, party_size=1 + number % 4) for number in range(40)]
    )
    given = sum(each.body["party_size"] for each in answers if each.status == 201)
    assert given == PLACES  # there are ten of each size: the last places go to those who come alone
    assert {each.status for each in answers} == {201, 409}
    proofs.assert_sound(house.database)
