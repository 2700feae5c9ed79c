"""A code is entered where the price is shown, in plain forms, and taken away again."""

import re

import pytest

from holdfast.bookings.models import PromotionUse
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.wizard.conftest import Customer


@pytest.fixture
def held(customer: Customer) -> Customer:
    """With a time held and details told."""
    customer.take(factories.local(customer.organization, 3, 10))
    customer.tell()
    return customer


def enter(customer: Customer, code: str) -> str:
    """The payment page that follows."""
    answer = customer.client.post(f"{customer.home}/code", {"code": code}, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/salon/booking/payment")
    return str(answer.content.decode())


def test_where_there_are_no_codes_none_is_asked_for(held: Customer) -> None:
    assert "Promotion code" not in held.client.get(f"{held.home}/payment").content.decode()


def test_a_code_is_used_shown_and_booked(held: Customer) -> None:
    factories.make_promotion(held.organization)
    assert 'name="code"' in held.client.get(f"{held.home}/payment").content.decode()
    page = enter(held, " spring ")
    assert "Promotion code SPRING is used." in page
    assert "€90" in page
    held.book()
    (booking,) = held.bookings()
    assert (booking.price_amount, booking.promo_code) == (9000, "SPRING")
    with transaction_for(held.organization.id):
        assert PromotionUse.objects.get().booking_id == booking.id


def test_a_code_is_taken_away_again(held: Customer) -> None:
    factories.make_promotion(held.organization)
    enter(held, "spring")
    assert "is used" not in enter(held, "")
    held.book()
    (booking,) = held.bookings()
    assert (booking.price_amount, booking.promo_code) == (10_000, "")


def test_a_refusal_is_said_and_the_time_stays_held(held: Customer) -> None:
    factories.make_promotion(held.organization, minimum=20_000)
    assert "This promotion is for larger bookings." in enter(held, "spring")
    page = enter(held, "nonsense")
    assert page.count("This promotion code is not known here.") == 1
    field = re.search('<input[^>]*name="code"[^>]*>', page)
    assert field
    assert 'value="nonsense"' in field[0]
    assert 'aria-invalid="true" aria-describedby="promotion-code_error"' in field[0]
    assert 'id="promotion-code_error"' in page
    assert "not known" not in held.client.get(f"{held.home}/payment").content.decode()  # loaded again: it was read
    assert held.states() == ["held"]
    assert held.book().headers["Location"].startswith("/salon/booking/confirmation")


def test_whoever_is_too_late_with_a_code_keeps_the_time_at_the_price_without_it(held: Customer) -> None:
    factories.make_promotion(held.organization, uses=1)
    enter(held, "spring")
    sent = held.price_page()
    start = factories.local(held.organization, 3, 12)
    details = factories.details_of("faster@example.com")
    factories.make_booking(held.organization, held.service, start, promo_code="SPRING", details=details)
    answer = held.client.post(f"{held.home}/payment", sent, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith("/salon/booking/payment")
    assert "This promotion has been used up." in page
    assert "€100" in page
    assert held.book().headers["Location"].startswith("/salon/booking/confirmation")
    assert sorted(booking.price_amount for booking in held.bookings()) == [9000, 10_000]
