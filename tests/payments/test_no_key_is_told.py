"""Keys, signing secrets and client secrets are in no error, no representation and no line of a log."""

import io
import logging
import traceback
from collections.abc import Callable

import pytest
import stripe

from holdfast.config.log import WithoutSecrets
from holdfast.domain.money import Money
from holdfast.payments.errors import GatewayError
from holdfast.payments.gateway import Order
from holdfast.payments.stripe_gateway import Connection, StripeGateway
from holdfast.stripe_standin.serve import InThread
from tests.stripe_standin.conftest import KEY, Wish

ORDER = Order(Money(9500, "EUR"), "Airport transfer", {})


def test_a_gateway_and_a_payment_do_not_show_their_secrets(gateway: StripeGateway) -> None:
    made = gateway.create_payment(order=ORDER, key="k")
    assert KEY not in repr(gateway) + str(vars(gateway).keys())
    assert made.client_secret not in repr(made)


@pytest.mark.parametrize("fault", ["500", "429", "drop", "timeout"])
def test_no_error_tells_a_key_in_its_words_its_cause_or_its_traceback(
    standin: InThread, wish: Wish, fault: str
) -> None:
    gateway = StripeGateway(KEY, Connection(address=standin.url, timeout=0.3, retries=0))
    wish("fault", do=fault, seconds=5)
    with pytest.raises(GatewayError) as failed:
        gateway.create_payment(order=ORDER, key="k")
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__
    told = "".join(traceback.format_exception(failed.value)) + repr(vars(failed.value)) + str(failed.value.problem())
    assert KEY not in told


def test_a_wrong_key_is_not_repeated_in_the_error(standin: InThread) -> None:
    gateway = StripeGateway("sk_live_0123456789abcdef", Connection(address=standin.url))
    with pytest.raises(GatewayError) as failed:
        gateway.payment("pi_1")
    assert "0123456789abcdef" not in "".join(traceback.format_exception(failed.value)) + repr(vars(failed.value))


def logged(write: Callable[[logging.Logger], None]) -> str:
    """What a logger with the product's formatter writes."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(WithoutSecrets("%(message)s"))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    write(logger)
    return out.getvalue()


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("sk_live_0123456789abcdef", "sk_live_…"),
        ("rk_test_0123456789abcdef", "rk_test_…"),
        ("whsec_0123456789abcdef", "whsec_…"),
        ("pi_3Pq0_secret_0123456789abcdef", "pi_3Pq0_secret_…"),
        ("seti_3Pq0_secret_0123456789abcdef", "seti_3Pq0_secret_…"),
    ],
)
def test_the_log_replaces_what_looks_like_a_secret_in_messages_and_tracebacks(secret: str, shown: str) -> None:
    def write(logger: logging.Logger) -> None:
        logger.warning("asked with %s.", secret)
        try:
            int(secret)
        except ValueError:
            logger.exception("it failed")

    told = logged(write)
    assert "0123456789abcdef" not in told
    assert told.count(shown) == 2


def test_the_sdks_own_log_at_its_most_talkative_tells_no_key(gateway: StripeGateway) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(WithoutSecrets("%(message)s"))
    logger = logging.getLogger("stripe")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        made = gateway.create_payment(order=ORDER, key="k")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
    assert "payment_intents" in out.getvalue()
    assert KEY not in out.getvalue()
    assert made.client_secret not in out.getvalue()
    assert stripe.api_key is None  # nothing is set for the whole process
