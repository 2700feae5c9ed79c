"""The people of a party: as many as the service asks for and the party has, named when booking or later."""

from datetime import timedelta
from typing import Any

import pytest

from holdfast.bookings import actions
from holdfast.bookings.details import attending
from holdfast.bookings.details.attendees import check_attendees, in_words
from holdfast.bookings.details.columns import Details
from holdfast.bookings.errors import TransitionNotAllowed, VersionConflict
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories

ANA, BEN = {"name": "Ana", "email": "ana@example.com"}, {"name": "Ben", "email": ""}
STAFF = Actor("staff", "Sam")


def errors(asked: str, party: int, *sent: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        check_attendees(asked, party, sent)
    return {each["field"]: each["message"] for each in refused.value.extra["errors"]}


def test_names_are_trimmed_and_emails_may_be_left_out() -> None:
    assert check_attendees("optional", 3, [{"name": " Ana ", "email": " ana@example.com"}, {"name": "Ben"}]) == [
        ANA,
        BEN,
    ]
    assert check_attendees("optional", 3, []) == []
    assert check_attendees("required", 2, [ANA, BEN]) == [ANA, BEN]
    assert check_attendees("none", 2, []) == []
    assert in_words([ANA, BEN]) == "Ana (ana@example.com)\nBen"


def test_what_does_not_fit_is_named_where_it_is() -> None:
    assert errors("none", 2, ANA) == {"attendees": "was not asked"}
    assert errors("optional", 1, ANA, BEN) == {"attendees": "at most as many as the party has: 1"}
    assert errors("required", 3, ANA, BEN) == {"attendees": "one for each of the party: 3"}
    assert list(errors("optional", 2, ANA, {"name": " ", "email": "no"})) == ["attendees.1.name", "attendees.1.email"]
    assert list(errors("optional", 2, {"name": "A\nB"})) == ["attendees.0.name"]
    assert list(errors("optional", 2, {"name": "x" * 121})) == ["attendees.0.name"]


def shop(**service: Any) -> tuple[Organization, Service]:
    organization = factories.make_organization()
    factories.make_resource(organization, kind="room", lanes=6)
    needs = [{"kind": "room", "per_person": True}]
    return organization, factories.make_service(organization, needs=needs, largest_party=4, **service)


def book(organization: Organization, service: Service, attendees: list[dict[str, str]], party: int = 2) -> Booking:
    details = Details(customer=factories.CUSTOMER, attendees=attendees)
    start = factories.local(organization, 3, 10)
    return factories.make_booking(organization, service, start, party_size=party, details=details)


def test_they_are_kept_with_the_booking_and_wrong_ones_refuse_it(db: None) -> None:
    organization, service = shop(attendees="required")
    assert book(organization, service, [ANA, BEN]).attendees == [ANA, BEN]
    with pytest.raises(ValidationError):
        book(organization, service, [ANA])
    with transaction_for(organization.id):
        assert Booking.objects.count() == 1


def test_they_are_named_anew_by_the_customer_until_it_begins_and_by_staff_until_it_is_over(db: None) -> None:
    organization, service = shop(attendees="optional")
    booking = book(organization, service, [])

    def change(attendees: Any, version: int, actor: Actor = CUSTOMER) -> Booking:
        return attending.change_attendees(
            organization=organization, booking_id=booking.id, attendees=attendees, version=version, actor=actor
        )

    assert change([ANA], 1).attendees == [ANA]
    with pytest.raises(VersionConflict):
        change([BEN], 1)
    with pytest.raises(ValidationError):
        change([ANA, BEN, ANA], 2)
    with clock.stopped(booking.starts_at + timedelta(minutes=1)):
        with pytest.raises(TransitionNotAllowed):
            change([BEN], 2)
        actions.start(organization=organization, booking_id=booking.id, version=2, actor=STAFF)
        assert change([BEN], 3, STAFF).attendees == [BEN]
        actions.complete(organization=organization, booking_id=booking.id, version=4, actor=STAFF)
        with pytest.raises(TransitionNotAllowed):
            change([ANA], 5, STAFF)
    with transaction_for(organization.id):
        assert Event.objects.filter(kind="booking.attendees_changed").count() == 2
