"""What the stand-in answers has Stripe's shapes: the official SDK's names and types, the names of Stripe's examples."""

import typing
from typing import Any

import httpx
import pytest
import stripe

from holdfast.stripe_standin.cards import CARDS
from holdfast.stripe_standin.events import API_VERSION
from holdfast.stripe_standin.serve import InThread
from tests.asking import http
from tests.stripe_standin.conftest import KEY, NEVER_REDIRECTS, PUBLIC_KEY, Client, paying
from tests.stripe_standin.example_fields import EXAMPLES
from tests.stripe_standin.shapes import differences

LISTS = """
payment_intents setup_intents customers charges balance_transactions refunds disputes checkout/sessions events
webhook_endpoints
"""


def everything(client: Client, standin: InThread) -> list[dict[str, Any]]:
    """One of everything, in every state, as JSON: the objects that are lists' members, events and their objects."""
    v1 = client.v1
    customer = v1.customers.create({"email": "ana@example.com", "name": "Ana Reyes"}).id
    later = {"customer": customer, "setup_future_usage": "off_session"}
    kept = {"customer": customer, "payment_method": "pm_card_visa", "confirm": True}
    v1.setup_intents.create({**kept, "automatic_payment_methods": NEVER_REDIRECTS})
    for card in CARDS:
        try:
            intent = v1.payment_intents.create(paying(f"pm_card_{card.alias}", **later))
        except stripe.CardError:
            continue
        if intent.status == "succeeded" and not card.disputes:
            v1.refunds.create({"payment_intent": intent.id, "amount": 1000})
    held = v1.payment_intents.create(paying(capture_method="manual"))
    v1.payment_intents.capture(held.id, {"amount_to_capture": 9000})
    v1.payment_intents.cancel(v1.payment_intents.create(paying(capture_method="manual")).id)
    v1.payment_intents.create(paying("pm_card_authenticationRequired", return_url="https://x.example/"))
    line = {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 9500, "product_data": {"name": "A ride"}}}
    for _ in range(2):
        session = v1.checkout.sessions.create(
            {"mode": "payment", "success_url": "https://x.example/", "line_items": [line]}
        )
    v1.checkout.sessions.expire(session.id)
    page = http.get(f"{standin.url}/c/pay/{v1.checkout.sessions.list().data[1].id}")
    http.post(str(page.url), data={"choose": "4242424242424242"})
    v1.webhook_endpoints.create({"url": "https://x.example/hook", "enabled_events": ["*"]})
    with httpx.Client(base_url=standin.url, auth=(KEY, "")) as api:
        found = [each for path in LISTS.split() for each in api.get(f"/v1/{path}?limit=100").json()["data"]]
        found += api.get("/v1/payment_methods", params={"customer": customer}).json()["data"]
    return found + [each["data"]["object"] for each in found if each["object"] == "event"]


def test_every_object_has_the_fields_and_types_that_the_official_sdk_declares(
    client: Client, standin: InThread
) -> None:
    found = everything(client, standin)
    kinds = {each["object"] for each in found}
    assert kinds == {
        "balance_transaction", "charge", "checkout.session", "customer", "dispute", "event", "payment_intent",
        "payment_method", "refund", "setup_intent", "webhook_endpoint",
    }  # fmt: skip
    assert sorted({line for each in found for line in differences(each)}) == []


def test_every_object_has_the_names_of_stripes_own_examples(client: Client, standin: InThread) -> None:
    wrong = set()
    for each in everything(client, standin):
        if each["object"] in EXAMPLES:
            wrong |= {f"{each['object']}.{name} is missing" for name in EXAMPLES[each["object"]] - each.keys()}
    assert wrong == set()


def test_every_kind_of_event_is_one_that_the_sdk_knows(client: Client, standin: InThread) -> None:
    known = set(typing.get_args(stripe.Event.__annotations__["type"]))
    everything(client, standin)
    told = {each.type for each in client.v1.events.list().auto_paging_iter()}
    assert told - known == set()
    assert {"payment_intent.amount_capturable_updated", "checkout.session.expired", "refund.failed"} <= told


def test_the_version_is_the_locked_sdks() -> None:
    assert stripe.api_version == API_VERSION


@pytest.mark.parametrize(
    ("key", "status"),
    [("sk_live_abcdefgh12345678", 401), ("nonsense", 401), ("", 401), (PUBLIC_KEY, 401), ("sk_test_another01", 200)],
)
def test_only_test_keys_open_an_account(standin: InThread, key: str, status: int) -> None:
    told = http.get(f"{standin.url}/v1/customers", headers={"Authorization": f"Bearer {key}"} if key else {})
    assert told.status_code == status
    assert "abcdefgh" not in told.text


def test_what_it_does_not_know_is_refused_and_not_ignored(client: Client, standin: InThread) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: application_fee_amount"):
        client.v1.payment_intents.create(paying(application_fee_amount=5))
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.v1.subscriptions.list()
    other = stripe.StripeClient(KEY, stripe_version="2020-08-27", base_addresses={"api": standin.url})
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        other.v1.customers.list()


def test_accounts_do_not_see_each_other(client: Client, standin: InThread) -> None:
    customer = client.v1.customers.create({"email": "ana@example.com"})
    other = stripe.StripeClient("sk_test_somebody_else", base_addresses={"api": standin.url})
    assert other.v1.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        other.v1.customers.retrieve(customer.id)
