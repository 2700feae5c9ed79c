"""Money taken by staff stands in the same ledger, each receipt once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.domain.ledger import PaymentStatus, Standing
from holdfast.domain.money import Money
from holdfast.payments import on_site
from holdfast.payments.errors import NothingOwed, NotRefundable, ReceiptUsed
from tests import factories
from tests.payments.conftest import PRICE

STAFF = Actor("staff", "Sam Owner")


@pytest.fixture
def booking(organization: Organization) -> Booking:
    return booked(organization)


def booked(organization: Organization) -> Booking:
    """100.00 EUR, owed."""
    factories.make_resource(organization)
    service = factories.make_service(organization)
    return factories.make_booking(organization, service, factories.monday(organization, 10))


def take(booking: Booking, amount: int, receipt: str) -> Standing:
    return on_site.record_received(
        booking=booking, amount=Money(amount, "EUR"), how="cash", receipt=receipt, actor=STAFF
    )


def give_back(booking: Booking, amount: int, receipt: str) -> Standing:
    return on_site.record_given_back(
        booking=booking, amount=Money(amount, "EUR"), how="cash", receipt=receipt, actor=STAFF
    )


def test_a_deposit_and_the_rest_are_taken_and_no_more(booking: Booking) -> None:
    assert take(booking, 3000, "A1").status == PaymentStatus.PARTLY_PAID
    assert take(booking, 7000, "A2").status == PaymentStatus.PAID
    with pytest.raises(NothingOwed):
        take(booking, 1, "A3")


def test_a_receipt_is_recorded_once(booking: Booking) -> None:
    take(booking, 3000, "A1")
    with pytest.raises(ReceiptUsed):
        take(booking, 3000, "A1")
    assert take(booking, 7000, "A2").received == PRICE


def test_staff_give_back_what_they_took_and_no_more(booking: Booking) -> None:
    take(booking, 10_000, "A1")
    assert give_back(booking, 4000, "B1").status == PaymentStatus.PARTLY_REFUNDED
    for amount in (6001, 0, -1):
        with pytest.raises(NotRefundable):
            give_back(booking, amount, "B2")
    with pytest.raises(ReceiptUsed):
        give_back(booking, 1000, "B1")
    assert give_back(booking, 6000, "B2").status == PaymentStatus.REFUNDED


def test_two_who_take_the_money_at_once_take_it_once(committed_db: str) -> None:
    booking = booked(factories.make_organization())

    def record(receipt: str) -> str:
        try:
            return take(booking, 10_000, receipt).status.value
        except NothingOwed as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(record, ["A1", "A2"])) == ["nothing_owed", "paid"]


def test_what_came_by_two_receipts_goes_back_by_one(booking: Booking) -> None:
    take(booking, 5000, "A1")
    take(booking, 5000, "A2")
    with pytest.raises(NotRefundable):
        give_back(booking, 10_001, "B1")
    assert give_back(booking, 7000, "B1").refunded == Money(7000, "EUR")
    with pytest.raises(ReceiptUsed):
        give_back(booking, 3000, "B1")
    assert give_back(booking, 3000, "B2").status == PaymentStatus.REFUNDED
