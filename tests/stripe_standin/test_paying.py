"""Payment intents, setup intents, refunds and disputes behave as Stripe's do, by the official SDK over HTTP."""

from typing import Any

import httpx
import pytest
import stripe

from holdfast.stripe_standin.serve import InThread
from tests.asking import http
from tests.stripe_standin.conftest import NEVER_REDIRECTS, Client, Wish, paying


def kinds(client: Client) -> list[str]:
    """Of what happened, oldest first."""
    return [each.type for each in client.v1.events.list({"limit": 100}).data][::-1]


def test_a_payment_confirmed_at_once_succeeds_and_its_money_reaches_the_balance_a_little_later(
    client: Client,
) -> None:
    told = client.v1.payment_intents.create(paying(metadata={"booking": "K7MQ2XPD"}, expand=["latest_charge"]))
    assert (told.status, told.amount_received, told.metadata.to_dict()) == ("succeeded", 9500, {"booking": "K7MQ2XPD"})
    assert told.latest_charge.balance_transaction is None
    later = client.v1.payment_intents.retrieve(told.id, {"expand": ["latest_charge.balance_transaction"]})
    balance = later.latest_charge.balance_transaction
    assert (balance.amount, balance.fee, balance.net) == (9500, 168, 9332)
    assert kinds(client) == [
        "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("card", "code", "decline"),
    [
        ("chargeDeclined", "card_declined", "generic_decline"),
        ("chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("chargeDeclinedExpiredCard", "expired_card", None),
        ("chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
        ("chargeCustomerFail", "card_declined", "generic_decline"),
    ],
)
def test_a_declined_card_leaves_a_failed_charge_and_an_intent_that_waits_for_another_card(
    client: Client, card: str, code: str, decline: str | None
) -> None:
    with pytest.raises(stripe.CardError) as refused:
        client.v1.payment_intents.create(paying(f"pm_card_{card}"))
    error: Any = refused.value.error
    assert (refused.value.http_status, error.code, error.decline_code) == (402, code, decline)
    intent = client.v1.payment_intents.retrieve(error.payment_intent.id, {"expand": ["latest_charge"]})
    assert (intent.status, intent.payment_method, intent.latest_charge.status) == (
        "requires_payment_method",
        None,
        "failed",
    )
    assert intent.last_payment_error.code == code
    assert client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"


def test_a_card_hold_is_captured_in_part_and_the_rest_is_released(client: Client) -> None:
    held = client.v1.payment_intents.create(paying(capture_method="manual"))
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 9500, 0)
    with pytest.raises(stripe.InvalidRequestError, match="greater than the amount you can capture"):
        client.v1.payment_intents.capture(held.id, {"amount_to_capture": 9501})
    taken = client.v1.payment_intents.capture(held.id, {"amount_to_capture": 9000})
    assert (taken.status, taken.amount_capturable, taken.amount_received) == ("succeeded", 0, 9000)
    released = client.v1.refunds.list({"payment_intent": held.id}).data
    assert [(each.amount, each.balance_transaction) for each in released] == [(500, None)]
    with pytest.raises(stripe.InvalidRequestError, match="has a status of succeeded"):
        client.v1.payment_intents.capture(held.id)


def test_a_card_hold_is_released_by_cancelling_and_lapses_after_seven_days(client: Client, wish: Wish) -> None:
    cancelled = client.v1.payment_intents.create(paying(capture_method="manual"))
    assert client.v1.payment_intents.cancel(cancelled.id).status == "canceled"
    forgotten = client.v1.payment_intents.create(paying(capture_method="manual"))
    wish("clock", advance=7 * 24 * 3600 - 60)
    assert client.v1.payment_intents.retrieve(forgotten.id).status == "requires_capture"
    wish("clock", advance=60)
    lapsed = client.v1.payment_intents.retrieve(forgotten.id)
    assert (lapsed.status, lapsed.cancellation_reason, lapsed.amount_received) == ("canceled", "automatic", 0)


def test_a_card_kept_with_consent_pays_later_without_its_owner(client: Client) -> None:
    customer = client.v1.customers.create({"email": "ana@example.com"}).id
    kept = client.v1.setup_intents.create(
        {"customer": customer, "usage": "off_session", "automatic_payment_methods": NEVER_REDIRECTS}
    )
    kept = client.v1.setup_intents.confirm(kept.id, {"payment_method": "pm_card_visa"})
    assert kept.status == "succeeded"
    later: Any = paying(str(kept.payment_method), customer=customer, off_session=True, capture_method="manual")
    assert client.v1.payment_intents.create(later).status == "requires_capture"
    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment method"):
        client.v1.payment_intents.create(paying(str(kept.payment_method)))


def authenticate(client: Client, url: str, outcome: str) -> httpx.Response:
    return http.post(url, data={"outcome": outcome})


@pytest.mark.parametrize(("outcome", "status"), [("pass", "succeeded"), ("fail", "requires_payment_method")])
def test_the_bank_asks_for_its_customer_and_the_customer_comes_back(client: Client, outcome: str, status: str) -> None:
    asked = client.v1.payment_intents.create(
        paying("pm_card_authenticationRequired", return_url="https://x.example/back")
    )
    assert (asked.status, asked.next_action.type) == ("requires_action", "redirect_to_url")
    sent = authenticate(client, asked.next_action.redirect_to_url.url, outcome)
    assert sent.status_code == 303
    assert sent.headers["location"].startswith(f"https://x.example/back?payment_intent={asked.id}&")
    assert client.v1.payment_intents.retrieve(asked.id).status == status


def test_authentication_that_is_finished_after_the_intent_was_cancelled_changes_nothing(
    client: Client,
) -> None:
    asked = client.v1.payment_intents.create(paying("pm_card_authenticationRequired", return_url="https://x.example/"))
    client.v1.payment_intents.cancel(asked.id)
    assert authenticate(client, asked.next_action.redirect_to_url.url, "pass").status_code == 200
    assert client.v1.payment_intents.retrieve(asked.id).status == "canceled"


def test_without_its_owner_a_card_that_always_wants_authentication_is_declined(client: Client) -> None:
    customer = client.v1.customers.create({}).id
    kept = client.v1.setup_intents.create(
        {
            "customer": customer, "confirm": True, "payment_method": "pm_card_authenticationRequired",
            "return_url": "https://x.example/",
        }
    )  # fmt: skip
    authenticate(client, kept.next_action.redirect_to_url.url, "pass")
    method = client.v1.setup_intents.retrieve(kept.id).payment_method
    with pytest.raises(stripe.CardError) as refused:
        client.v1.payment_intents.create(paying(str(method), customer=customer, off_session=True))
    assert refused.value.code == "authentication_required"
    error: Any = refused.value.error
    intent = error.payment_intent
    again = client.v1.payment_intents.confirm(
        intent.id, {"payment_method": str(method), "return_url": "https://x.example/"}
    )
    assert again.status == "requires_action"


def test_refunds_never_give_back_more_than_was_taken(client: Client) -> None:
    paid = client.v1.payment_intents.create(paying())
    assert client.v1.refunds.create({"payment_intent": paid.id, "amount": 9000}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        client.v1.refunds.create({"payment_intent": paid.id, "amount": 501})
    assert client.v1.refunds.create({"payment_intent": paid.id}).amount == 500
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": paid.id})
    assert refused.value.code == "charge_already_refunded"


def test_a_refund_may_come_back_from_the_bank(client: Client) -> None:
    paid = client.v1.payment_intents.create(paying("pm_card_refundFail"))
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    assert refund.status == "succeeded"
    assert client.v1.refunds.retrieve(refund.id).status == "failed"
    assert kinds(client)[-2:] == ["refund.updated", "refund.failed"]


def test_a_dispute_takes_the_money_until_evidence_wins_it_back(client: Client) -> None:
    paid = client.v1.payment_intents.create(paying("pm_card_createDispute"))
    (disputed,) = client.v1.disputes.list({"payment_intent": paid.id}).data
    assert (disputed.status, disputed.reason, disputed.amount) == ("needs_response", "fraudulent", 9500)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": paid.id})
    assert refused.value.code == "charge_disputed"
    client.v1.disputes.update(disputed.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert client.v1.disputes.retrieve(disputed.id).status == "won"
    assert kinds(client)[-2:] == ["charge.dispute.closed", "charge.dispute.funds_reinstated"]


def test_a_dispute_comes_weeks_later_for_any_charge(client: Client, wish: Wish) -> None:
    paid = client.v1.payment_intents.create(paying())
    wish("clock", advance=30 * 24 * 3600)
    disputed = client.v1.disputes.retrieve(wish("dispute", charge=paid.latest_charge))
    assert (disputed.payment_intent, client.v1.disputes.close(disputed.id).status) == (paid.id, "lost")


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [(49, "eur", "amount_too_small"), (100_000_000, "eur", "amount_too_large"), (5124, "kwd", "parameter_invalid")],
)
def test_amounts_are_checked_as_stripe_does(client: Client, amount: int, currency: str, code: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create({"amount": amount, "currency": currency})
    assert (refused.value.code, refused.value.param) == (code, "amount")


def test_the_client_secret_opens_one_intent_to_the_publishable_key_and_no_other(
    client: Client, standin: InThread
) -> None:
    mine, other = (client.v1.payment_intents.create({"amount": 9500, "currency": "eur"}) for _ in range(2))
    data = {"key": "pk_test_standin0001", "client_secret": mine.client_secret}
    card = {"payment_method_data[card][number]": "4242424242424242", "payment_method_data[card][exp_month]": "12"}
    card |= {"payment_method_data[card][exp_year]": "34", "payment_method_data[type]": "card"}
    refused = http.post(f"{standin.url}/v1/payment_intents/{other.id}/confirm", data=data | card)
    assert refused.status_code == 404
    assert http.post(f"{standin.url}/v1/payment_intents/{mine.id}/capture", data=data).status_code == 401
    told = http.post(f"{standin.url}/v1/payment_intents/{mine.id}/confirm", data=data | card)
    assert (told.status_code, told.json()["status"]) == (200, "succeeded")
