"""The hosted page of a Checkout Session, as a browser without scripts uses it."""

from typing import Any

import httpx
import pytest
import stripe

from tests.asking import http
from tests.stripe_standin.conftest import Client, Wish

LINE: Any = {
    "quantity": 2,
    "price_data": {"currency": "eur", "unit_amount": 4750, "product_data": {"name": "A <ride>"}},
}


def open_session(client: Client, **more: Any) -> Client:
    asked: Any = {
        "mode": "payment",
        "line_items": [LINE],
        "success_url": "https://book.example/done?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://book.example/back",
        "client_reference_id": "K7MQ2XPD",
        "payment_intent_data": {"metadata": {"booking": "K7MQ2XPD"}},
        **more,
    }
    return client.v1.checkout.sessions.create(asked)


def test_the_page_says_that_it_is_a_test_and_what_is_paid_under_a_strict_policy(client: Client) -> None:
    page = http.get(str(open_session(client, locale="fr").url))
    assert "Aucun argent ne circule" in page.text
    assert "Payer 95.00 EUR" in page.text
    assert "A &lt;ride&gt;" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_paying_completes_the_session_and_leads_back(client: Client) -> None:
    session = open_session(client)
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    sent = http.post(str(session.url), data={"choose": "4242424242424242"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"https://book.example/done?session={session.id}")
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (paid.status, paid.payment_status, paid.amount_total) == ("complete", "paid", 9500)
    assert paid.payment_intent.metadata.to_dict() == {"booking": "K7MQ2XPD"}
    assert [each.type for each in client.v1.events.list({"type": "checkout.session.completed"}).data] == [
        "checkout.session.completed"
    ]
    assert http.post(str(session.url), data={"choose": "4242424242424242"}).status_code == 303
    assert len(client.v1.charges.list().data) == 1


def test_a_declined_card_keeps_the_session_open_for_another_one(client: Client) -> None:
    session = open_session(client)
    told = http.post(str(session.url), data={"choose": "4000000000000002"})
    assert (told.status_code, "Your card was declined." in told.text) == (402, True)
    assert "Never enter a real card here" in http.post(str(session.url), data={"number": "4111111111111111"}).text
    assert http.post(str(session.url), data={"choose": "4242424242424242"}).status_code == 303
    assert len(client.v1.payment_intents.list().data) == 1


@pytest.mark.parametrize(("outcome", "status"), [("pass", "complete"), ("fail", "open")])
def test_the_bank_asks_on_the_way(client: Client, outcome: str, status: str) -> None:
    session = open_session(client)
    with httpx.Client(follow_redirects=False) as browser:
        asked = browser.post(str(session.url), data={"choose": "4000002760003184"})
        decided = browser.post(asked.headers["location"], data={"outcome": outcome})
        back = browser.get(decided.headers["location"])
    assert back.status_code == (303 if outcome == "pass" else 200)
    assert client.v1.checkout.sessions.retrieve(session.id).status == status


def test_a_session_expires_by_time_and_by_request_and_takes_nothing_after(client: Client, wish: Wish) -> None:
    soon = open_session(client, expires_at=wish("clock", advance=0) + 1800)
    at_once = open_session(client)
    client.v1.checkout.sessions.expire(at_once.id)
    wish("clock", advance=1801)
    for each in (soon, at_once):
        assert client.v1.checkout.sessions.retrieve(each.id).status == "expired"
        assert "no longer valid" in http.post(str(each.url), data={"choose": "4242424242424242"}).text
    assert client.v1.charges.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="can be expired"):
        client.v1.checkout.sessions.expire(soon.id)


@pytest.mark.parametrize("seconds", [1000, 25 * 3600])
def test_a_session_lives_between_half_an_hour_and_a_day(client: Client, wish: Wish, seconds: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="at least 30 minutes"):
        open_session(client, expires_at=wish("clock", advance=0) + seconds)
