"""What Stripe's SDK raises, in our words. Knows no account and no key, and lets no object of the SDK out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stripe

from holdfast.payments import stripe_answers as read
from holdfast.payments.errors import (
    AmountNotChargeable,
    AuthenticationNeeded,
    CardRefused,
    GatewayBusy,
    GatewayError,
    GatewayNotSetUp,
    GatewayUnavailable,
    KeyUsedOtherwise,
    NotAtGateway,
    RequestRefused,
    StateChanged,
)

_STATE_CODES = frozenset(
    {
        "payment_intent_unexpected_state",
        "setup_intent_unexpected_state",
        "charge_already_refunded",
        "charge_already_captured",
        "charge_disputed",
    }
)
_AMOUNT_CODES = frozenset({"amount_too_small", "amount_too_large"})


@contextmanager
def in_our_words(*, refused: type[RequestRefused] = RequestRefused) -> Iterator[None]:
    """Turn what the SDK raises into ours. `from None`: its errors carry headers and parameters, which a traceback or
    a log would show.
    """
    try:
        yield
    except stripe.StripeError as error:
        ours = _translated(error, refused)
    else:
        return
    raise ours from None


def _translated(error: Any, refused: type[RequestRefused]) -> GatewayError:
    request = error.request_id or ""
    if isinstance(error, stripe.CardError):
        return _card_refused(error, request)
    if isinstance(error, stripe.RateLimitError):
        return GatewayBusy(request=request)
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        return GatewayNotSetUp(request=request)
    if isinstance(error, stripe.IdempotencyError) and error.http_status == 400:
        return KeyUsedOtherwise("an idempotency key came with other parameters", request=request)
    if isinstance(error, stripe.InvalidRequestError):
        return _request_refused(error, refused, request)
    return GatewayUnavailable(request=request, has_answered=(error.http_status or 0) >= 500)


def _request_refused(error: Any, refused: type[RequestRefused], request: str) -> GatewayError:
    """`refused`: what it means when Stripe gives no code that says more."""
    if error.code in _AMOUNT_CODES and refused is RequestRefused:
        return AmountNotChargeable(request=request)
    if error.code in _STATE_CODES:
        refused = StateChanged
    elif error.code == "resource_missing":
        refused = NotAtGateway
    return refused(str(error.user_message), request=request)


def _card_refused(error: Any, request: str) -> GatewayError:
    said = error.error.to_dict() if error.error else {}
    payment = read.identifier(said.get("payment_intent"))
    if error.code == "authentication_required":
        return AuthenticationNeeded(payment=payment, request=request)
    return CardRefused(read.failure_of(said) or "declined", payment=payment, request=request)
