"""A customer who moves a booking gets the price of the new time, having seen it; staff's moves keep the price."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.bookings import actions
from holdfast.bookings.errors import AnotherPrice
from holdfast.bookings.models import Booking, PromotionUse
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization, Service
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories

# From four o'clock on half as much again.
EVENING = {"effect": "percent", "percent": 50, "from_time": time(16), "until_time": time(20)}
LATER = timedelta(hours=6)


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization)
    return factories.make_service(organization)


@pytest.fixture
def booking(organization: Organization, service: Service) -> Booking:
    """Of 100.00 EUR, at ten."""
    factories.make_tariff(organization, EVENING)
    return factories.make_booking(organization, service, factories.local(organization, 3, 10))


def now_of(booking: Booking) -> Booking:
    with transaction_for(booking.organization_id):
        return Booking.objects.get(id=booking.id)


def test_a_cheap_hour_is_not_moved_to_a_dear_one_before_its_price_was_seen(client: Client, booking: Booking) -> None:
    link = f"/salon/manage/{manage_token(booking.id)}/reschedule"
    evening = {"at": (booking.starts_at + LATER).isoformat(), "version": "1"}
    page = client.post(link, evening, follow=True).content.decode()
    assert (now_of(booking).starts_at, now_of(booking).price_amount) == (booking.starts_at, 10_000)
    assert "At the new time it costs <strong>€150.00</strong> instead of €100.00." in page
    assert '<input type="hidden" name="accept_price" value="15000">' in page
    client.post(link, {**evening, "accept_price": "15000"})
    moved = now_of(booking)
    assert (moved.starts_at, moved.price_amount) == (booking.starts_at + LATER, 15_000)
    assert sum(line["amount"] for line in moved.price_lines) == 15_000


def test_less_is_taken_without_asking_and_staff_move_at_the_agreed_price(
    organization: Organization, service: Service
) -> None:
    factories.make_tariff(organization, EVENING)
    dear = factories.make_booking(organization, service, factories.local(organization, 3, 16))
    assert dear.price_amount == 15_000
    change: dict[str, Any] = {"organization": organization, "booking_id": dear.id}
    by_staff = actions.reschedule(
        **change, starts_at=dear.starts_at - LATER, version=1, actor=Actor("staff", "Sam Owner")
    )
    assert by_staff.price_amount == 15_000
    moved = actions.reschedule(**change, starts_at=dear.starts_at - LATER * 1.25, version=2, actor=CUSTOMER)
    assert moved.price_amount == 10_000


def test_what_cost_nothing_is_paid_by_card_where_only_that_is_offered(organization: Organization) -> None:
    factories.make_resource(organization)
    factories.make_option(organization, "card")
    factories.make_tariff(organization, {**EVENING, "effect": "add", "percent": None, "amount": 15_000})
    details = replace(factories.DETAILS, payment_method="card")
    free = factories.make_booking(
        organization,
        factories.make_service(organization, price_amount=0),
        factories.local(organization, 3, 10),
        details=details,
    )
    assert (free.payment_method, free.state) == ("none", "confirmed")
    change: dict[str, Any] = {"organization": organization, "booking_id": free.id, "version": 1, "actor": CUSTOMER}
    moved = actions.reschedule(**change, starts_at=free.starts_at + LATER, accept_price=15_000)
    assert (moved.payment_method, moved.price_amount) == ("card", 15_000)
    with transaction_for(organization.id):
        assert Event.objects.filter(kind="payment.asked", subject=free.id).count() == 1


def test_a_code_that_is_used_up_by_this_very_booking_moves_with_it(
    organization: Organization, service: Service
) -> None:
    factories.make_tariff(organization, EVENING)
    factories.make_promotion(organization, code="ONCE", percent=10, uses=1)
    booked = factories.make_booking(organization, service, factories.local(organization, 3, 10), promo_code="ONCE")
    change: dict[str, Any] = {"organization": organization, "booking_id": booked.id, "version": 1, "actor": CUSTOMER}
    with pytest.raises(AnotherPrice) as refused:
        actions.reschedule(**change, starts_at=booked.starts_at + LATER)
    assert (booked.price_amount, refused.value.extra["price"]["amount"]) == (9_000, 13_500)
    moved = actions.reschedule(**change, starts_at=booked.starts_at + LATER, accept_price=13_500)
    with transaction_for(organization.id):
        assert (moved.price_amount, PromotionUse.objects.filter(booking=booked).count()) == (13_500, 1)
