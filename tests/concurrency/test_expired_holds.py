"""A hold that has run out stands in nobody's way, though no sweeper has come (Law 2)."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from tests import factories, proofs
from tests.concurrency import asks
from tests.running import Ask, House, together


def leave_expired_hold(organization: Organization, service: Service, start: datetime) -> UUID:
    """Taken 20 minutes ago for 10."""
    with clock.stopped(clock.now() - timedelta(minutes=20)):
        return holds.hold(organization=organization, wish=Wish(service=service.slug), starts_at=start).id


def state_of(organization: Organization, booking_id: UUID) -> str:
    with transaction_for(organization.id):
        return Booking.objects.get(id=booking_id).state


def test_a_booking_takes_the_place_of_an_expired_hold(house: House) -> None:
    organization = factories.make_organization()
    factories.make_resource(organization)
    service, start = factories.make_service(organization), factories.local(organization, 3, 10)
    left = leave_expired_hold(organization, service, start)
    (answer,) = together(house, [asks.book(organization, service, start)])
    assert answer.status == 201
    assert state_of(organization, left) == "expired"
    proofs.assert_sound(house.database)


def test_of_20_who_meet_the_same_expired_hold_one_wins(house: House) -> None:
    organization = factories.make_organization()
    factories.make_resource(organization)
    service, start = factories.make_service(organization), factories.local(organization, 3, 10)
    left = leave_expired_hold(organization, service, start)
    answers = together(house, [asks.book(organization, service, start)] * 20)
    assert Counter(each.status for each in answers) == {201: 1, 409: 19}
    assert state_of(organization, left) == "expired"
    proofs.assert_sound(house.database)


def test_one_booking_may_meet_several_expired_holds(house: House) -> None:
    organization = factories.make_organization()
    factories.make_resource(organization)
    factories.make_resource(organization, kind="vehicle")
    short = factories.make_service(organization)
    long = factories.make_service(organization, duration_minutes=180, needs=[{"kind": "person"}, {"kind": "vehicle"}])
    start = factories.local(organization, 3, 10)
    left = [leave_expired_hold(organization, short, start + timedelta(hours=number)) for number in range(3)]
    (answer,) = together(house, [asks.book(organization, long, start)])
    assert answer.status == 201
    assert {state_of(organization, each) for each in left} == {"expired"}
    proofs.assert_sound(house.database)


def test_a_hold_that_has_run_out_cannot_be_booked_and_its_owner_may_choose_again(house: House) -> None:
    organization = factories.make_organization()
    factories.make_resource(organization)
    service, start = factories.make_service(organization), factories.local(organization, 3, 10)
    left = leave_expired_hold(organization, service, start)
    late, extended = together(
        house,
        [
            asks.book(organization, service, start, hold=str(left)),
            Ask(f"{organization.slug}/holds/{left}/extend"),
        ],
    )
    assert [(each.status, each.body["code"]) for each in (late, extended)] == [(409, "hold_expired")] * 2
    (again,) = together(house, [asks.hold(organization, service, start)])
    assert again.status == 201
    proofs.assert_sound(house.database)


def test_of_64_who_want_to_hold_one_slot_one_does(house: House) -> None:
    organization = factories.make_organization()
    factories.make_resource(organization)
    service, start = factories.make_service(organization), factories.local(organization, 3, 10)
    answers = together(house, [asks.hold(organization, service, start)] * 64)
    assert Counter(each.status for each in answers) == {201: 1, 409: 63}
    proofs.assert_sound(house.database)
