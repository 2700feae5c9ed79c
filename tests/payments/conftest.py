"""The card gateway, speaking over HTTP to a stand-in for Stripe."""

import pytest

from holdfast.payments.stripe_gateway import Connection, StripeGateway
from holdfast.stripe_standin.serve import InThread
from tests.stripe_standin.conftest import KEY, receiver, standin, wish

__all__ = ["receiver", "standin", "wish"]


@pytest.fixture
def gateway(standin: InThread) -> StripeGateway:
    return StripeGateway(KEY, Connection(address=standin.url, timeout=2.0))
