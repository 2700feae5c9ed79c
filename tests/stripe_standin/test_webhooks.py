"""Webhooks are signed, tried again, and go wrong on request."""

import json
import time

import pytest
import stripe

from tests.stripe_receiver import Receiver
from tests.stripe_standin.conftest import Client, Wish, paying


@pytest.fixture
def endpoint(client: Client, receiver: Receiver, wish: Wish) -> Client:
    """Listens for what payment intents do; nothing is sent before `deliver` says so."""
    wish("hold", held=True)
    return client.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["payment_intent.created", "payment_intent.succeeded"]}
    )


def kinds(receiver: Receiver) -> list[str]:
    return [json.loads(each.payload)["type"] for each in receiver.received]


def wait_for(receiver: Receiver, number: int) -> None:
    deadline = time.monotonic() + 20
    while len(receiver.received) < number and time.monotonic() < deadline:
        time.sleep(0.02)


def test_the_official_sdk_accepts_the_signature_and_no_other_secrets(
    client: Client, endpoint: Client, receiver: Receiver, wish: Wish
) -> None:
    paid = client.v1.payment_intents.create(paying())
    assert [status for _, _, status in wish("deliver")] == [200, 200]
    first = receiver.received[0]
    event = client.construct_event(first.payload, first.signature, str(endpoint.secret))
    assert (event.type, event.data.object["id"]) == ("payment_intent.created", paid.id)
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(first.payload, first.signature, "whsec_of_somebody_else")
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(first.payload + b" ", first.signature, str(endpoint.secret))


def test_after_a_rotation_both_secrets_sign_until_the_overlap_ends(
    client: Client, endpoint: Client, receiver: Receiver, wish: Wish
) -> None:
    client.v1.payment_intents.create(paying())
    new = wish("roll", endpoint=endpoint.id, overlap=60)
    wish("deliver")
    for secret in (str(endpoint.secret), new):
        client.construct_event(receiver.received[0].payload, receiver.received[0].signature, secret)
    wish("clock", advance=61)
    wish("deliver", again=True)
    last = receiver.received[-1]
    stripe.WebhookSignature.verify_header(last.payload.decode(), last.signature, new, tolerance=None)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(
            last.payload.decode(), last.signature, str(endpoint.secret), tolerance=None
        )


@pytest.mark.parametrize(
    ("order", "copies", "expected"),
    [
        ("oldest", 1, "created succeeded"),
        ("newest", 1, "succeeded created"),
        ("oldest", 2, "created created succeeded succeeded"),
    ],
)
def test_held_webhooks_go_in_the_order_and_number_that_is_asked_for(
    client: Client,
    endpoint: Client,
    receiver: Receiver,
    wish: Wish,
    order: str,
    copies: int,
    expected: str,
) -> None:
    client.v1.payment_intents.create(paying())
    wish("deliver", order=order, copies=copies)
    assert [kind.partition(".")[2] for kind in kinds(receiver)] == expected.split()
    assert wish("waiting") == []


def test_what_was_not_taken_is_sent_again(client: Client, endpoint: Client, receiver: Receiver, wish: Wish) -> None:
    receiver.answers = [500, 404]
    wish("hold", held=False)
    client.v1.payment_intents.create(paying())
    wait_for(receiver, 4)
    assert sorted(kinds(receiver)) == ["payment_intent.created"] * 2 + ["payment_intent.succeeded"] * 2
    assert {
        each.pending_webhooks for each in client.v1.events.list({"type": "payment_intent.*", "limit": 100}).data
    } == {0}


@pytest.mark.parametrize(("do", "times"), [("duplicate", 2), ("lose", 0), ("drop", 1), ("delay", 1)])
def test_webhooks_go_wrong_on_request(
    client: Client,
    endpoint: Client,
    receiver: Receiver,
    wish: Wish,
    do: str,
    times: int,
) -> None:
    wish("fault", on="webhook", do=do, match="succeeded", seconds=0.5)
    wish("hold", held=False)
    client.v1.payment_intents.create(paying())
    wait_for(receiver, 1 + times)
    while wish("waiting"):
        time.sleep(0.02)
    assert kinds(receiver).count("payment_intent.succeeded") == times
