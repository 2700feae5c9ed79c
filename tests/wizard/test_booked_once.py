"""However often it is sent, it is one booking, and the one that was shown."""

from holdfast.catalog.models import Service
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.wizard.conftest import Customer


def ready(customer: Customer) -> dict[str, str]:
    customer.take(factories.local(customer.organization, 3, 10))
    customer.tell()
    return customer.price_page()


def test_sending_the_same_page_twice_books_once(customer: Customer) -> None:
    sent = ready(customer)
    first, second = customer.book(sent), customer.book(sent)
    assert len(customer.bookings()) == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_a_second_tap_whose_session_is_older_gets_the_first_ones_booking(customer: Customer) -> None:
    sent = ready(customer)
    session = customer.client.session
    before = dict(session["wizard"])
    first = customer.book(sent)
    session = customer.client.session
    session["wizard"] = before  # as the second request read it, before the first had answered
    session.save()
    second = customer.book(sent)
    assert len(customer.bookings()) == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_a_page_of_an_earlier_choice_books_nothing_and_shows_the_present_one(customer: Customer) -> None:
    sent = ready(customer)
    customer.take(factories.local(customer.organization, 3, 15))
    refused = customer.book(sent)
    assert refused.headers["Location"].startswith("/salon/booking/payment")
    assert customer.bookings() == []


def test_a_price_that_is_not_the_one_shown_is_shown_first(customer: Customer) -> None:
    sent = ready(customer)
    assert customer.book(sent | {"amount": "9" * 5000}).status_code == 302
    refused = customer.book(sent | {"amount": "1"})
    assert customer.bookings() == []
    page = customer.client.get(refused.headers["Location"])
    assert "The price has changed" in page.content.decode()


def test_a_held_price_holds(customer: Customer) -> None:
    sent = ready(customer)
    with transaction_for(customer.organization.id):
        Service.objects.filter(id=customer.service.id).update(price_amount=99_900)
    customer.book(sent)
    assert customer.bookings()[0].price_amount == 10_000
