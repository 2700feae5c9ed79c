"""A customer pays by card, lets a card be kept, or pays on the card company's page; whatever goes wrong is said."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from holdfast.bookings import steps
from holdfast.bookings.models import Booking
from holdfast.bookings.places import allocations
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import PaymentStatus
from holdfast.payments import ledger
from holdfast.payments.models import Consent, Payment
from holdfast.pricing.models import PaymentOption
from holdfast.stripe_standin.serve import InThread
from holdfast.web import formats
from tests import cards, factories
from tests.stripe_standin.conftest import standin
from tests.wizard.conftest import Customer
from tests.wizard.test_repeating import allow

__all__ = ["standin"]


@pytest.fixture
def payer(customer: Customer, standin: InThread, settings: Settings) -> Customer:
    cards.take_cards(customer.organization, standin, settings, "card", "checkout", "card_on_file", "on_site")
    return customer


def as_far_as_paying(payer: Customer, method: str) -> Any:
    payer.take(factories.local(payer.organization, 3, 10))
    payer.tell()
    return payer.book(payer.price_page() | {"method": method})


def card_form(payer: Customer, method: str = "card") -> Any:
    """The page with the form, as it is shown after booking."""
    return payer.client.get(as_far_as_paying(payer, method).headers["Location"])


def the_booking(payer: Customer) -> Booking:
    with transaction_for(payer.organization.id):
        return Booking.objects.exclude(customer_email="").get()


def status(payer: Customer) -> PaymentStatus:
    booking = the_booking(payer)
    with transaction_for(payer.organization.id):
        return ledger.standing_of(booking).status


def let_it_run_out(booking: Booking) -> None:
    with transaction_for(booking.organization_id):
        past = clock.now() - timedelta(minutes=1)
        allocations.keep(booking_id=booking.id, expires_at=past)
        steps.change(booking, hold_expires_at=past)


def test_who_pays_by_card_is_booked_when_they_come_back(payer: Customer, standin: InThread) -> None:
    page = card_form(payer)
    assert the_booking(payer).state == "pending_payment"
    cards.confirm(standin, page.context["asked"].client_secret)
    back = payer.client.get(page.context["return_url"])
    assert back.headers["Location"].startswith("/salon/booking/confirmation")
    assert "You are booked" in payer.client.get(back.headers["Location"]).content.decode()
    assert (the_booking(payer).state, status(payer)) == ("confirmed", "paid")


@pytest.mark.parametrize("number", [cards.DECLINED, cards.POOR])
def test_a_refused_card_leaves_the_same_form_and_another_card_pays(
    payer: Customer, standin: InThread, number: str
) -> None:
    page = card_form(payer)
    secret = page.context["asked"].client_secret
    assert cards.confirm(standin, secret, number)["error"]["type"] == "card_error"
    again = payer.client.get(page.context["return_url"])
    assert (again.context["asked"].client_secret, status(payer)) == (secret, "failed")
    cards.confirm(standin, secret)
    assert payer.client.get(page.context["return_url"]).status_code == 302
    assert the_booking(payer).state == "confirmed"


def test_the_card_page_shows_the_steps_as_before_and_how_long_the_time_waits_now(payer: Customer) -> None:
    allow(payer.organization, payer.service)
    payer.take(factories.local(payer.organization, 3, 10))
    payer.tell()
    before = payer.client.get("/salon/booking/payment")
    assert "Once you go on, the time is held for you for 20 minutes." in before.content.decode()
    page = card_form(payer)
    assert [(step.name, step.state) for step in page.context["steps"]] == [
        (step.name, step.state) for step in before.context["steps"]
    ]
    ends = the_booking(payer).hold_expires_at
    assert ends is not None
    until = formats.moment(ends, payer.organization.time_zone, "time")
    assert f"The time is held for you anew, until {until}" in page.content.decode()


def test_a_series_is_paid_on_site_and_says_so_where_only_cards_are_taken(
    customer: Customer, standin: InThread, settings: Settings
) -> None:
    cards.take_cards(customer.organization, standin, settings, "card")
    allow(customer.organization, customer.service)
    customer.take(factories.local(customer.organization, 3, 10))
    asked = customer.client.post("/salon/booking/repeat", {"how": "week", "count": "2", "next": "show"}, follow=True)
    said = "Dates that repeat are paid one by one, each on its day."
    assert said in asked.content.decode()
    customer.client.post("/salon/booking/repeat", {"how": "week", "count": "2", "next": "go"})
    customer.tell()
    page = customer.client.get("/salon/booking/payment")
    assert said in page.content.decode()
    assert [method.value for method in page.context["methods"]] == ["on_site"]
    customer.book({"key": page.context["key"], "amount": "20000", "terms": page.context["terms"]})
    assert [(each.state, each.payment_method) for each in customer.bookings()] == [("confirmed", "on_site")] * 2


def test_leaving_and_coming_back_goes_on_with_the_same_payment(payer: Customer) -> None:
    page = card_form(payer)
    for address in ("/salon/booking/payment", "/salon/booking/confirmation"):
        back = payer.client.get(address, follow=True)
        assert back.context["asked"].client_secret == page.context["asked"].client_secret
    with transaction_for(payer.organization.id):
        assert Payment.objects.count() == 1


def test_tapping_twice_books_and_asks_once(payer: Customer) -> None:
    payer.take(factories.local(payer.organization, 3, 10))
    payer.tell()
    sent = payer.price_page() | {"method": "card"}
    first, second = payer.book(sent), payer.book(sent)
    assert payer.client.get(second.headers["Location"]).headers["Location"] == first.headers["Location"]
    assert len(payer.bookings()) == 1


def test_a_time_that_was_not_paid_in_time_is_offered_again_with_all_that_was_typed(payer: Customer) -> None:
    page = card_form(payer)
    booking = the_booking(payer)
    let_it_run_out(booking)
    over = payer.client.get(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"])
    assert over.context["again"]
    assert "Nothing was charged" in over.content.decode()
    payer.client.post("/salon/booking", over.context["fields"] | {"at": booking.starts_at.isoformat()})
    assert payer.client.get("/salon/booking/payment").context["form"].cleaned_data["name"] == "Ana Reyes"


def test_money_that_comes_after_the_time_ran_out_books_it_all_the_same_while_it_is_free(
    payer: Customer, standin: InThread
) -> None:
    page = card_form(payer)
    let_it_run_out(the_booking(payer))
    cards.confirm(standin, page.context["asked"].client_secret)
    assert payer.client.get(page.context["return_url"]).headers["Location"].startswith("/salon/booking/confirmation")
    assert the_booking(payer).state == "confirmed"


def test_a_kept_card_comes_with_the_words_that_were_agreed_to(payer: Customer, standin: InThread) -> None:
    page = card_form(payer, "card_on_file")
    text = page.context["consent"]
    here = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    assert payer.client.post(here, {"do": "agree", "consent": "something else"}).status_code == 409
    assert page.context["asked"].client_secret not in page.content.decode()
    agreed = payer.client.post(here, {"do": "agree", "consent": text}).json()
    cards.confirm(standin, agreed["client_secret"])
    assert payer.client.get(page.context["return_url"]).status_code == 302
    booking = the_booking(payer)
    assert (booking.state, status(payer)) == ("confirmed", "card_kept")
    with transaction_for(payer.organization.id):
        kept = Consent.objects.get()
    assert (kept.text, kept.language, kept.booking_id) == (text, "en", booking.id)
    assert "€100.00" in text


def test_the_companys_own_page_is_opened_for_the_booking_and_leads_back(payer: Customer) -> None:
    there = as_far_as_paying(payer, "checkout").headers["Location"]
    booking = the_booking(payer)
    assert booking.state == "pending_payment"
    back = cards.pay_on_their_page(there).headers["location"]
    assert payer.client.get(back).headers["Location"].startswith("/salon/booking/confirmation")
    assert (the_booking(payer).state, status(payer)) == ("confirmed", "paid")


def test_who_comes_back_from_the_companys_page_without_paying_may_go_there_again(payer: Customer) -> None:
    there = as_far_as_paying(payer, "checkout").headers["Location"]
    page = payer.client.get("/salon/booking/confirmation", follow=True)
    assert page.context["hosted"]
    assert payer.client.post(page.request["PATH_INFO"], {"do": "page"}).headers["Location"] == there


def test_without_scripts_a_card_booking_is_paid_on_the_companys_page_and_waits_as_long_as_that(
    payer: Customer,
) -> None:
    page = card_form(payer)
    before = the_booking(payer).hold_expires_at
    there = payer.client.post(page.request["PATH_INFO"], {"do": "page"}).headers["Location"]
    after = the_booking(payer).hold_expires_at
    assert before is not None
    assert after is not None
    assert after > before
    back = cards.pay_on_their_page(there).headers["location"]
    assert payer.client.get(back).status_code == 302
    assert the_booking(payer).state == "confirmed"


def test_another_way_to_pay_is_chosen_with_the_same_time_and_words(payer: Customer) -> None:
    card_form(payer)
    reference = the_booking(payer).reference
    chosen = payer.client.post(f"/salon/booking/pay/again?reference={reference}")
    assert chosen.headers["Location"].startswith("/salon/booking/payment")
    payer.book(payer.price_page() | {"method": "on_site"})
    (booking,) = payer.bookings()
    assert (booking.state, booking.payment_method) == ("confirmed", "on_site")


def test_a_page_that_pays_shows_no_key_and_may_reach_the_configured_addresses_only(
    payer: Customer, standin: InThread
) -> None:
    page = card_form(payer)
    text, policy = page.content.decode(), page.headers["Content-Security-Policy"]
    assert cards.PUBLIC_KEY in text
    assert cards.KEY not in text
    assert f"frame-src 'self' {standin.url};" in policy
    assert f"connect-src 'self' {standin.url};" in policy
    assert standin.url not in payer.client.get("/salon/booking").headers["Content-Security-Policy"]


def test_nobody_else_sees_the_page(payer: Customer) -> None:
    where = as_far_as_paying(payer, "card").headers["Location"]
    assert Client().get(where).headers["Location"] == "/salon/booking"


def test_without_an_account_cards_are_not_offered(
    organization: Organization, service: Service, customer: Customer, standin: InThread, settings: Settings
) -> None:
    account = cards.take_cards(organization, standin, settings, "card", "on_site")
    with transaction_for(organization.id):
        account.delete()
    customer.take(factories.local(organization, 3, 10))
    customer.tell()
    page = customer.client.get("/salon/booking/payment")
    assert [each.value for each in page.context["methods"]] == ["on_site"]


def in_frame(payer: Customer, *methods: str) -> list[str]:
    """Inside another site's page, with these ways to pay on offer: those that are shown."""
    with transaction_for(payer.organization.id):
        PaymentOption.objects.exclude(method__in=methods).update(is_active=False)
    payer.organization.refresh_from_db()
    payer.client = Client(headers={"Sec-Fetch-Dest": "iframe"})
    payer.take(factories.local(payer.organization, 3, 10))
    payer.tell()
    return [each.value for each in payer.client.get(f"{payer.home}/payment").context["methods"]]


def test_inside_another_site_the_companys_own_page_is_offered_only_where_nothing_else_is(payer: Customer) -> None:
    assert in_frame(payer, "card", "checkout", "on_site") == ["card", "on_site"]


def test_inside_another_site_the_companys_own_page_opens_in_a_tab_by_the_bookings_link(payer: Customer) -> None:
    assert in_frame(payer, "checkout") == ["checkout"]
    onward = payer.book(payer.price_page() | {"method": "checkout"}).headers["Location"]
    assert onward.startswith("/salon/booking/pay?")
    shown = payer.client.get(onward).content.decode()
    link = re.search(r'href="[^"]*(/salon/manage/[^"/]+/pay/)" target="_blank"', shown)
    assert link
    assert "Pay in a new tab" in shown
    assert Client().post(link[1], {"do": "page"}).headers["Location"].startswith("http://127.0.0.1")
