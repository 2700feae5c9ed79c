"""The stand-in on a port of its own, and Stripe's official client for it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from holdfast.stripe_standin.serve import InThread
from tests.asking import http
from tests.stripe_receiver import Receiver

KEY = "sk_test_standin0001"
PUBLIC_KEY = "pk_test_standin0001"
NEVER_REDIRECTS = {"enabled": True, "allow_redirects": "never"}

Wish = Callable[..., Any]
Client = Any  # StripeClient, whose answers are typed as unions of ids and objects: every access would need a cast


@pytest.fixture
def standin() -> Iterator[InThread]:
    with InThread() as running:
        yield running


@pytest.fixture
def client(standin: InThread) -> Client:
    return stripe.StripeClient(KEY, base_addresses={"api": standin.url}, max_network_retries=0)


@pytest.fixture
def wish(standin: InThread) -> Wish:
    """Ask the stand-in for what the real Stripe does not have: `wish("fault", do="500")`."""

    def ask(what: str, **fields: Any) -> Any:
        answer = http.post(f"{standin.url}/_standin/{what}", json=fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def paying(method: str = "pm_card_visa", **more: Any) -> dict[str, Any]:
    """The parameters of a payment that is confirmed at once: 95.00 EUR."""
    return {
        "amount": 9500,
        "currency": "eur",
        "payment_method": method,
        "confirm": True,
        "automatic_payment_methods": NEVER_REDIRECTS,
        **more,
    }
