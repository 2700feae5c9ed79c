"""The card gateway, on Stripe's official SDK, which this file and `stripe_refusals.py` alone import.

No object or error of it leaves here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import stripe

from holdfast.domain.money import Money
from holdfast.payments import stripe_answers as read
from holdfast.payments.errors import (
    BadSignature,
    GatewayNotSetUp,
    RequestRefused,
    StateChanged,
)
from holdfast.payments.gateway import (
    Account,
    Card,
    Checkout,
    Dispute,
    Notice,
    Order,
    PaymentIntent,
    Refund,
    SetupIntent,
    Window,
)
from holdfast.payments.stripe_amounts import to_stripe
from holdfast.payments.stripe_refusals import in_our_words

T = TypeVar("T")
API_VERSION = "2026-10-28.endive"
PAGE = 100
# The fee is on the balance transaction, which comes a little after the charge.
_WITH_CHARGE = ["latest_charge.balance_transaction"]


@dataclass(frozen=True, slots=True)
class Connection:
    """How Stripe is reached. `timeout` in seconds, for connecting and for each answer; `retries` of what failed on the
    way, with the same idempotency key.
    """

    address: str = "https://api.stripe.com"
    timeout: float = 20.0
    retries: int = 2


STRIPE = Connection()


class StripeGateway:
    """One organization's account. Implements `payments/gateway.py:Gateway`, whose words hold here."""

    def __init__(self, secret_key: str, connection: Connection = STRIPE) -> None:
        if not secret_key:
            raise GatewayNotSetUp
        client: Any = stripe.StripeClient(  # its answers are unions of ids and objects: every access would need a cast
            secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": connection.address},
            max_network_retries=connection.retries,
            http_client=stripe.RequestsClient(timeout=connection.timeout),
        )
        self._v1 = client.v1

    def create_customer(self, *, name: str, email: str, metadata: Mapping[str, str], key: str) -> str:
        asked = {"name": name, "email": email, "metadata": dict(metadata)}
        with in_our_words():
            return str(self._v1.customers.create(asked, _keyed(key)).id)

    def create_payment(self, *, order: Order, key: str) -> PaymentIntent:
        asked = {**_ordered(order), "automatic_payment_methods": {"enabled": True}}
        return self._payment(lambda: self._v1.payment_intents.create(asked, _keyed(key)))

    def charge_kept_card(self, *, order: Order, card: str, key: str) -> PaymentIntent:
        how = {"payment_method": card, "confirm": True, "off_session": True, "payment_method_types": ["card"]}
        asked = {**_ordered(order), **how}
        return self._payment(lambda: self._v1.payment_intents.create(asked, _keyed(key)))

    def payment(self, payment: str) -> PaymentIntent:
        return self._payment(lambda: self._v1.payment_intents.retrieve(payment, {"expand": _WITH_CHARGE}))

    def change_amount(self, *, payment: str, amount: Money, key: str) -> PaymentIntent:
        asked = {"amount": to_stripe(amount)[0], "expand": _WITH_CHARGE}
        return self._payment(lambda: self._v1.payment_intents.update(payment, asked, _keyed(key)))

    def capture(self, *, payment: str, amount: Money, key: str) -> PaymentIntent:
        asked = {"amount_to_capture": to_stripe(amount)[0], "expand": _WITH_CHARGE}
        return self._payment(
            lambda: self._v1.payment_intents.capture(payment, asked, _keyed(key)), refused=StateChanged
        )

    def cancel_payment(self, *, payment: str, key: str) -> PaymentIntent:
        asked = {"expand": _WITH_CHARGE}
        return self._payment(lambda: self._v1.payment_intents.cancel(payment, asked, _keyed(key)), refused=StateChanged)

    def payments(self, window: Window) -> Iterator[PaymentIntent]:
        expand = [f"data.{each}" for each in _WITH_CHARGE]
        return _all(self._v1.payment_intents.list, {**_within(window), "expand": expand}, read.payment_intent)

    def _payment(self, ask: Callable[[], Any], *, refused: type[RequestRefused] = RequestRefused) -> PaymentIntent:
        with in_our_words(refused=refused):
            return read.payment_intent(ask().to_dict())

    def keep_card(self, *, customer: str, metadata: Mapping[str, str], key: str) -> SetupIntent:
        how = {"usage": "off_session", "payment_method_types": ["card"]}  # nothing else can be held
        asked = {"customer": customer, "metadata": dict(metadata), **how}
        with in_our_words():
            return read.setup_intent(self._v1.setup_intents.create(asked, _keyed(key)).to_dict())

    def kept_card(self, setup: str) -> SetupIntent:
        with in_our_words():
            return read.setup_intent(self._v1.setup_intents.retrieve(setup).to_dict())

    def cancel_setup(self, *, setup: str, key: str) -> SetupIntent:
        with in_our_words():
            return read.setup_intent(self._v1.setup_intents.cancel(setup, {}, _keyed(key)).to_dict())

    def card(self, card: str) -> Card:
        with in_our_words():
            return read.card(self._v1.payment_methods.retrieve(card).to_dict())

    def open_checkout(
        self, *, order: Order, success_url: str, cancel_url: str, expires_at: datetime, language: str, key: str
    ) -> Checkout:
        amount, currency = to_stripe(order.amount)
        price = {"currency": currency, "unit_amount": amount, "product_data": {"name": order.description}}
        asked = {
            "mode": "payment",
            "line_items": [{"quantity": 1, "price_data": price}],
            "success_url": success_url,
            "cancel_url": cancel_url,
            "expires_at": int(expires_at.timestamp()),
            "locale": language,
            "metadata": dict(order.metadata),
            "payment_intent_data": {"metadata": dict(order.metadata), "description": order.description},
        }
        if order.customer:
            asked["customer"] = order.customer
        with in_our_words():
            return read.checkout(self._v1.checkout.sessions.create(asked, _keyed(key)).to_dict())

    def checkout(self, checkout: str) -> Checkout:
        with in_our_words():
            return read.checkout(self._v1.checkout.sessions.retrieve(checkout).to_dict())

    def expire_checkout(self, *, checkout: str, key: str) -> Checkout:
        with in_our_words(refused=StateChanged):
            return read.checkout(self._v1.checkout.sessions.expire(checkout, {}, _keyed(key)).to_dict())

    def checkouts(self, window: Window) -> Iterator[Checkout]:
        return _all(self._v1.checkout.sessions.list, _within(window), read.checkout)

    def refund(self, *, payment: str, amount: Money, metadata: Mapping[str, str], key: str) -> Refund:
        asked = {"payment_intent": payment, "amount": to_stripe(amount)[0], "metadata": dict(metadata)}
        with in_our_words(refused=StateChanged):
            return read.refund(self._v1.refunds.create(asked, _keyed(key)).to_dict())

    def refund_by_id(self, refund: str) -> Refund:
        with in_our_words():
            return read.refund(self._v1.refunds.retrieve(refund).to_dict())

    def refunds(self, window: Window) -> Iterator[Refund]:
        return _all(self._v1.refunds.list, _within(window), read.refund)

    def refunds_of(self, payment: str) -> Iterator[Refund]:
        return _all(self._v1.refunds.list, {"payment_intent": payment, "limit": PAGE}, read.refund)

    def dispute(self, dispute: str) -> Dispute:
        with in_our_words():
            return read.dispute(self._v1.disputes.retrieve(dispute).to_dict())

    def disputes_of(self, payment: str) -> Iterator[Dispute]:
        return _all(self._v1.disputes.list, {"payment_intent": payment, "limit": PAGE}, read.dispute)

    def payment_of_charge(self, charge: str) -> str:
        with in_our_words():
            return read.identifier(self._v1.charges.retrieve(charge).to_dict()["payment_intent"])

    def disputes(self, window: Window) -> Iterator[Dispute]:
        return _all(self._v1.disputes.list, _within(window), read.dispute)

    def notices(self, window: Window) -> Iterator[Notice]:
        return _all(self._v1.events.list, _within(window), read.notice)

    def account(self) -> Account:
        with in_our_words():
            return read.account(self._v1.accounts.retrieve_current().to_dict())

    def listen(self, *, url: str, kinds: tuple[str, ...], key: str) -> tuple[str, str]:
        asked = {"url": url, "enabled_events": list(kinds), "api_version": API_VERSION}
        with in_our_words():
            made = self._v1.webhook_endpoints.create(asked, _keyed(key))
            return str(made.id), str(made.secret)

    def stop_listening(self, endpoint: str) -> None:
        with in_our_words():
            self._v1.webhook_endpoints.delete(endpoint)


def read_notice(payload: bytes, signature: str, *, secrets: list[str], tolerance: int = 300) -> Notice:
    """What a webhook says, if one of `secrets` signed it within `tolerance` seconds. Raises BadSignature.

    Several secrets, because the old one goes on for a while when it is changed (docs.stripe.com/webhooks/signature).
    """
    for secret in secrets:
        try:
            body: Any = stripe.Webhook.construct_event(payload, signature, secret, tolerance)
            return read.notice(body.to_dict())
        except stripe.SignatureVerificationError:
            continue
        except (ValueError, KeyError, TypeError, AttributeError):  # signed, and no event
            raise BadSignature from None
    raise BadSignature


def _ordered(order: Order) -> dict[str, Any]:
    amount, currency = to_stripe(order.amount)
    asked: dict[str, Any] = {
        "amount": amount,
        "currency": currency,
        "description": order.description,
        "metadata": dict(order.metadata),
        "expand": _WITH_CHARGE,
    }
    if order.customer:
        asked["customer"] = order.customer
    if order.hold:
        asked["capture_method"] = "manual"
    if order.keep_card:
        asked["setup_future_usage"] = "off_session"
    return asked


def _keyed(key: str) -> dict[str, str]:
    return {"idempotency_key": key}


def _within(window: Window) -> dict[str, Any]:
    """Stripe counts whole seconds."""
    return {"created": {"gte": int(window.since.timestamp()), "lt": int(window.until.timestamp())}, "limit": PAGE}


def _all(ask: Callable[[Any], Any], asked: dict[str, Any], into: Callable[[read.Body], T]) -> Iterator[T]:
    with in_our_words():
        for each in ask(asked).auto_paging_iter():
            yield into(each.to_dict())
