"""On the payment page: how it is paid, a tip, what cancelling will cost; nobody books what they were not shown."""

from typing import Any

import pytest
from pytest_django import Settings

from holdfast.core.tenancy import transaction_for
from holdfast.pricing.models import CancellationStep
from holdfast.stripe_standin.serve import InThread
from tests import cards, factories
from tests.stripe_standin.conftest import standin
from tests.wizard.conftest import Customer

__all__ = ["standin"]


def at_the_price(customer: Customer) -> Any:
    customer.take(factories.local(customer.organization, 3, 10))
    customer.tell()
    return customer.client.get(f"{customer.home}/payment")


def text(customer: Customer) -> str:
    return " ".join(customer.client.get(f"{customer.home}/payment").content.decode().split())


def kinds(customer: Customer) -> list[tuple[str, int]]:
    (booking,) = customer.bookings()
    return [(line["kind"], line["amount"]) for line in booking.price_lines]


def test_a_tip_that_is_chosen_is_shown_in_the_price_and_booked_with_it(customer: Customer) -> None:
    factories.make_tips(customer.organization)
    assert [each.amount for each in at_the_price(customer).context["tip"].choices] == ["", "€5.00", "€10.00", "€15.00"]
    shown = customer.client.post(f"{customer.home}/paying", {"tip": "10"})
    assert shown.headers["Location"].startswith("/salon/booking/payment")
    page = text(customer)
    assert "Tip, 10%" in page
    assert "Book · €110" in page
    customer.book(customer.price_page() | {"tip": "10"})
    assert kinds(customer) == [("service", 10_000), ("tip", 1000)]
    lines = customer.client.get(f"{customer.home}/confirmation").context["bill"].lines
    assert [(line.words, line.amount) for line in lines] == [("Massage", 10_000), ("Tip, 10%", 1000), ("Price", 11_000)]


def test_without_scripts_a_tip_is_shown_before_it_is_booked(customer: Customer) -> None:
    factories.make_tips(customer.organization)
    at_the_price(customer)
    customer.book(customer.price_page() | {"tip": "other", "tip_amount": "7,50"})
    assert customer.bookings() == []
    assert "Nothing is booked yet" in text(customer)
    customer.book(customer.price_page() | {"tip": "other", "tip_amount": "7.50"})
    assert kinds(customer) == [("service", 10_000), ("tip", 750)]


@pytest.mark.parametrize(
    "sent", [{"tip": "other", "tip_amount": "a lot"}, {"tip": "12"}, {"tip": "other", "tip_amount": "7.505"}]
)
def test_what_cannot_be_a_tip_is_none_and_is_said(customer: Customer, sent: dict[str, str]) -> None:
    factories.make_tips(customer.organization)
    at_the_price(customer)
    customer.book(customer.price_page() | sent)
    assert customer.bookings() == []
    page = text(customer)
    assert "Please give the tip as an amount, such as 5." in page
    assert "Book · €100" in page


def test_a_method_that_costs_something_says_so_and_is_in_the_price(
    customer: Customer, standin: InThread, settings: Settings
) -> None:
    cards.take_cards(customer.organization, standin, settings, "on_site")
    factories.make_option(customer.organization, "card", position=90, fee_fixed=150, fee_borne_by="customer")
    at_the_price(customer)
    assert "A fee of €1.50 is in it." in text(customer)
    customer.client.post(f"{customer.home}/paying", {"method": "card"})
    assert "Payment fee" in text(customer)
    customer.book(customer.price_page() | {"method": "card"})
    assert kinds(customer) == [("service", 10_000), ("fee", 150)]


def test_a_deposit_is_said_with_what_is_left_for_later(
    customer: Customer, standin: InThread, settings: Settings
) -> None:
    cards.take_cards(customer.organization, standin, settings, "card", "on_site")
    factories.make_deposit(customer.organization, percent="30")
    at_the_price(customer)
    shown = text(customer)
    assert "You enter your card on the next page and pay €30.00. Then the time is yours." in shown
    assert "Then the time is yours. The rest, €70.00, you pay on the day." in shown
    customer.book(customer.price_page() | {"method": "card"})
    (booking,) = customer.bookings()
    assert booking.terms == {"due_now": 3000}


def test_nobody_books_under_a_ladder_that_they_were_not_shown(customer: Customer) -> None:
    factories.make_policy(customer.organization, (1440, "50"))
    at_the_price(customer)
    page = text(customer)
    assert "What cancelling costs:" in page
    assert "50% = €50.00" in page
    sent = customer.price_page()
    assert customer.client.get(f"{customer.home}/payment").context["terms"] == sent["terms"] != ""
    customer.book(sent | {"terms": "another"})
    assert customer.bookings() == []
    with transaction_for(customer.organization.id):
        CancellationStep.objects.update(percent="90")  # the held time keeps what it was shown with
    customer.book(customer.price_page())
    (booking,) = customer.bookings()
    assert booking.terms["ladder"] == [{"within": 1440, "percent": "50"}]
    confirmation = " ".join(customer.client.get(f"{customer.home}/confirmation").content.decode().split())
    assert "If you cancel" in confirmation
