"""What cancelling late and not coming cost: kept with the booking, shown before, accepted or refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.bookings import actions
from holdfast.bookings.details.ladder import fee_for, ladder_of, no_show_fee
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.money import Money
from holdfast.events.models import Event
from tests import factories

STAFF = Actor("staff", "Camille")


@pytest.fixture
def laddered(organization: Organization, service: Service) -> Service:
    """Half within a day, 80.00 within two hours, all of it for who does not come."""
    factories.make_policy(organization, (1440, "50"), (120, 8000))
    return service


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/salon/{path}", body, content_type="application/json")


def booked_for(organization: Organization, service: Service, hour: int = 10) -> Booking:
    return factories.make_booking(organization, service, factories.monday(organization, hour))


def before(booking: Booking, minutes: int) -> datetime:
    return booking.starts_at - timedelta(minutes=minutes)


def test_a_booking_keeps_the_ladder_that_was_agreed_whatever_is_agreed_with_others_later(
    organization: Organization, laddered: Service
) -> None:
    booking = booked_for(organization, laddered)
    factories.make_policy(organization, (9999, "100"), service=laddered, percent="0")
    again = booked_for(organization, laddered, 12)
    assert booking.terms == {
        "ladder": [{"within": 1440, "percent": "50"}, {"within": 120, "amount": 8000}],
        "no_show": {"percent": "100"},
    }
    fees = [fee_for(booking, before(booking, notice)).amount for notice in (1440, 1439, 120, 119, 0)]
    assert fees == [0, 5000, 5000, 8000, 10_000]
    assert no_show_fee(booking) == Money(10_000, "EUR")
    assert again.terms["ladder"] == [{"within": 9999, "percent": "100"}]
    assert no_show_fee(again) == Money(0, "EUR")


def test_nothing_is_kept_where_nothing_was_laid_down_or_nothing_is_to_be_paid(
    organization: Organization, service: Service
) -> None:
    plain = booked_for(organization, service)
    assert plain.terms == {}
    assert ladder_of(plain) is None
    factories.make_policy(organization, (1440, "50"))
    with transaction_for(organization.id):
        Service.objects.update(price_amount=0)
    assert booked_for(organization, service, 12).terms == {}


def test_a_customer_cancels_late_for_the_fee_that_was_shown_and_not_without(
    client: Client, organization: Organization, laddered: Service
) -> None:
    booking = booked_for(organization, laddered)
    cancel = f"bookings/{booking.reference}/cancel?token={factories.token_of(booking)}"
    with clock.stopped(before(booking, 600)):
        refused = post(client, cancel, version=1)
        assert (refused.status_code, refused.json()["code"]) == (409, "cancellation_fee")
        assert refused.json()["fee"] == {"amount": 5000, "currency": "EUR"}
        assert post(client, cancel, version=1, accept_fee=4999).status_code == 409
    with clock.stopped(before(booking, 60)):
        assert post(client, cancel, version=1, accept_fee=5000).json()["fee"]["amount"] == 8000
        assert post(client, cancel, version=1, accept_fee=8000).json()["state"] == "cancelled"
    with transaction_for(organization.id):
        event = Event.objects.get(kind="booking.cancelled")
        assert event.payload["fee"] == {"amount": 8000, "currency": "EUR"}
        assert Booking.objects.get().terms["fee"] == 8000


def test_cancelling_in_time_is_free_and_says_so(client: Client, organization: Organization, laddered: Service) -> None:
    booking = booked_for(organization, laddered)
    cancel = f"bookings/{booking.reference}/cancel?token={factories.token_of(booking)}"
    with clock.stopped(before(booking, 1440)):
        assert post(client, cancel, version=1).json()["state"] == "cancelled"
    with transaction_for(organization.id):
        assert "fee" not in Event.objects.get(kind="booking.cancelled").payload


def test_when_it_has_begun_nobody_cancels_by_themselves(
    client: Client, organization: Organization, laddered: Service
) -> None:
    booking = booked_for(organization, laddered)
    with clock.stopped(booking.starts_at):
        cancel = f"bookings/{booking.reference}/cancel?token={factories.token_of(booking)}"
        assert post(client, cancel, version=1, accept_fee=10_000).json()["code"] == "too_late_to_change"


def test_what_costs_something_to_cancel_cannot_be_moved_out_of_the_way_first(
    client: Client, organization: Organization, laddered: Service
) -> None:
    booking = booked_for(organization, laddered)
    move = f"bookings/{booking.reference}/reschedule?token={factories.token_of(booking)}"
    later = (booking.starts_at + timedelta(days=7)).isoformat()
    with clock.stopped(before(booking, 1439)):
        assert post(client, move, version=1, starts_at=later).json()["code"] == "too_late_to_change"
    with clock.stopped(before(booking, 1440)):
        assert post(client, move, version=1, starts_at=later).status_code == 200


@pytest.mark.parametrize(("charge", "owed"), [(False, None), (True, {"amount": 5000, "currency": "EUR"})])
def test_staff_say_whether_a_cancellation_is_charged(
    organization: Organization, laddered: Service, charge: bool, owed: dict[str, Any] | None
) -> None:
    booking = booked_for(organization, laddered)
    with clock.stopped(before(booking, 600)):
        actions.cancel(organization=organization, booking_id=booking.id, version=1, actor=STAFF, charge=charge)
    with transaction_for(organization.id):
        assert Event.objects.get(kind="booking.cancelled").payload.get("fee") == owed


@pytest.mark.parametrize(("said", "owed"), [({}, {"amount": 10_000, "currency": "EUR"}), ({"charge": False}, None)])
def test_who_does_not_come_owes_what_was_agreed_unless_staff_let_it_go(
    organization: Organization, laddered: Service, said: dict[str, Any], owed: dict[str, Any] | None
) -> None:
    booking = booked_for(organization, laddered)
    actions.no_show(organization=organization, booking_id=booking.id, version=1, actor=STAFF, **said)
    with transaction_for(organization.id):
        assert Event.objects.get(kind="booking.no_show").payload.get("fee") == owed


def test_a_tip_is_not_owed_by_who_was_not_served(organization: Organization, laddered: Service) -> None:
    factories.make_tips(organization)
    booking = factories.make_booking(organization, laddered, factories.monday(organization, 10), tip=factories.tip(10))
    assert booking.price_amount == 11_000
    assert no_show_fee(booking).amount == 10_000
