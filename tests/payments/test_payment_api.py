"""A program lets a booking be paid on its own page, or on the card company's, and does nothing else."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.payments.models import Consent, Payment
from holdfast.stripe_standin.serve import InThread
from tests import cards, factories
from tests.stripe_standin.conftest import Wish

WHERE = "/api/v1/salon"


@pytest.fixture
def book(organization: Organization, standin: InThread, settings: Settings, client: Client) -> Any:
    cards.take_cards(organization, standin, settings, "card", "checkout", "card_on_file")
    factories.make_resource(organization)
    factories.make_service(organization, slug="massage")

    def booked(method: str) -> dict[str, Any]:
        sent = {
            "service": "massage",
            "starts_at": factories.local(organization, 3, 10).isoformat(),
            "payment_method": method,
            "customer": {"name": "Ana Reyes", "email": "ana@example.com", "locale": "fr"},
        }
        answer = client.post(f"{WHERE}/bookings", sent, content_type="application/json")
        assert answer.status_code == 201
        return dict(answer.json())

    return booked


def ask(client: Client, booking: dict[str, Any], **sent: Any) -> Any:
    where = f"{WHERE}/bookings/{booking['reference']}/payment"
    return client.post(where, sent, content_type="application/json", headers=token_of(booking))


def token_of(booking: dict[str, Any]) -> dict[str, str]:
    return {"X-Manage-Token": booking["manage_url"].rstrip("/").rpartition("/")[2]}


def test_a_card_is_asked_for_once_and_the_booking_is_confirmed_when_it_has_paid(
    book: Any, client: Client, standin: InThread
) -> None:
    booking = book("card")
    assert (booking["state"], booking["payment"]["due_now"]) == ("pending_payment", 10_000)
    first, second = ask(client, booking).json(), ask(client, booking, amount=1).json()
    assert first["client_secret"] == second["client_secret"]
    assert (first["way"], first["amount"], first["publishable_key"]) == (
        "pay",
        {"amount": 10_000, "currency": "EUR"},
        cards.PUBLIC_KEY,
    )
    cards.confirm(standin, first["client_secret"])
    paid = ask(client, booking).json()
    assert (paid["state"], paid["way"], paid["client_secret"]) == ("confirmed", None, None)
    assert (paid["payment"]["status"], paid["payment"]["paid"]) == ("paid", 10_000)


def test_the_secret_that_keeps_a_card_comes_when_the_customer_has_agreed(
    book: Any, client: Client, standin: InThread, organization: Organization
) -> None:
    booking = book("card_on_file")
    before = ask(client, booking).json()
    assert (before["way"], before["client_secret"]) == ("keep_card", None)
    assert before["consent"].startswith("J’autorise Salon à conserver ma carte")
    with transaction_for(organization.id):
        assert not Consent.objects.exists()
    agreed = ask(client, booking, agreed=True).json()
    cards.confirm(standin, agreed["client_secret"])
    assert ask(client, booking).json()["state"] == "confirmed"
    with transaction_for(organization.id):
        kept = Consent.objects.get()
    assert (kept.text, kept.language) == (before["consent"], "fr")


def test_the_companys_page_is_the_same_while_it_is_open_and_leads_where_it_was_told(book: Any, client: Client) -> None:
    booking = book("checkout")
    sent = {"reference": booking["reference"], "success_url": "https://shop.example/thanks", "amount": 1}
    answers = [
        client.post(f"{WHERE}/payments/checkout", sent, content_type="application/json", headers=token_of(booking))
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    first, second = (answer.json() for answer in answers)
    assert (first["url"], first["amount"]["amount"]) == (second["url"], 10_000)
    assert cards.pay_on_their_page(first["url"]).headers["location"] == "https://shop.example/thanks"
    assert ask(client, booking).json()["state"] == "confirmed"
    over = client.post(f"{WHERE}/payments/checkout", sent, content_type="application/json", headers=token_of(booking))
    assert over.json()["code"] == "nothing_owed"


def test_a_page_of_which_nobody_heard_keeps_nobody_from_another_one(book: Any, client: Client, wish: Wish) -> None:
    booking = book("checkout")
    sent = {"reference": booking["reference"], "success_url": "https://shop.example/thanks"}
    there = f"{WHERE}/payments/checkout"
    wish(
        "fault", do="drop_after", on="request", match="POST /v1/checkout/sessions", times=6
    )  # two keys, three times each
    lost = client.post(there, sent, content_type="application/json", headers=token_of(booking))
    assert lost.json()["code"] == "payments_unavailable"
    again = {"reference": booking["reference"], "success_url": "https://shop.example/elsewhere"}
    found = client.post(there, again, content_type="application/json", headers=token_of(booking))
    assert cards.pay_on_their_page(found.json()["url"]).headers["location"] == "https://shop.example/elsewhere"
    assert ask(client, booking).json()["payment"]["paid"] == 10_000


def test_only_its_customer_and_keys_may_pay_for_a_booking(
    book: Any, client: Client, organization: Organization
) -> None:
    booking = book("card")
    where = f"{WHERE}/bookings/{booking['reference']}/payment"
    assert client.post(where, {}, content_type="application/json").status_code == 404
    with transaction_for(organization.id):
        assert not Payment.objects.exists()


def test_no_key_is_in_any_answer_and_a_broken_account_is_said_calmly(
    book: Any, client: Client, standin: InThread, organization: Organization, settings: Settings
) -> None:
    booking = book("card")
    asked = ask(client, booking)
    settings.STRIPE_API_URL, settings.STRIPE_RETRIES = "http://127.0.0.1:9", 0
    refused = ask(client, booking)
    assert (refused.status_code, refused.json()["code"]) == (503, "payments_unavailable")
    for answer in (asked, refused):
        assert cards.KEY not in answer.content.decode()


def test_the_link_of_a_booking_pays_what_is_outstanding(
    organization: Organization, standin: InThread, settings: Settings, client: Client
) -> None:
    cards.take_cards(organization, standin, settings)
    factories.make_resource(organization)
    service = factories.make_service(organization)
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10))
    here = f"{WHERE.removeprefix('/api/v1')}/manage/{manage_token(booking.id)}/"
    page = client.get(f"{here}pay/")
    assert page.context["asked"].wanted.amount.amount == 10_000
    cards.confirm(standin, page.context["asked"].client_secret)
    assert client.get(page.context["return_url"]).headers["Location"] == here
    assert client.get(f"{here}pay/").headers["Location"] == here
    with transaction_for(organization.id):
        assert Booking.objects.get().state == "confirmed"
