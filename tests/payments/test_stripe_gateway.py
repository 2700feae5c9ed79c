"""The card gateway keeps what its protocol promises, over real HTTP against the stand-in."""

from datetime import timedelta
from typing import Any

import pytest

from holdfast.core import clock
from holdfast.domain.money import Money
from holdfast.payments.errors import (
    AmountNotChargeable,
    AuthenticationNeeded,
    BadSignature,
    CardRefused,
    GatewayBusy,
    GatewayNotSetUp,
    GatewayUnavailable,
    KeyUsedOtherwise,
    NotAtGateway,
    StateChanged,
)
from holdfast.payments.gateway import CheckoutState, DisputeState, Gateway, IntentState, Order, RefundState, Window
from holdfast.payments.stripe_gateway import Connection, StripeGateway, read_notice
from holdfast.stripe_standin.serve import InThread
from tests.asking import http
from tests.stripe_receiver import Receiver
from tests.stripe_standin.conftest import PUBLIC_KEY, Wish

EUR = "EUR"
METADATA = {"booking": "K7MQ2XPD"}


def order(amount: int = 9500, **more: Any) -> Order:
    return Order(Money(amount, EUR), "Airport transfer", METADATA, **more)


def confirm(standin: InThread, secret: str, number: str = "4242424242424242") -> dict[str, Any]:
    """As the customer's browser does."""
    identifier = secret.partition("_secret")[0]
    room = "setup_intents" if identifier.startswith("seti") else "payment_intents"
    card = {"number": number, "exp_month": "12", "exp_year": "34", "cvc": "123"}
    told = http.post(
        f"{standin.url}/v1/{room}/{identifier}/confirm",
        data={
            "key": PUBLIC_KEY,
            "client_secret": secret,
            "payment_method_data[type]": "card",
            **{f"payment_method_data[card][{name}]": value for name, value in card.items()},
        },
    )
    body: dict[str, Any] = told.json()
    return body


def keep(gateway: Gateway, standin: InThread, number: str = "4242424242424242") -> tuple[str, str]:
    """(customer, card) of somebody who let us keep a card."""
    customer = gateway.create_customer(name="Ana Reyes", email="ana@example.com", metadata={}, key="customer")
    setup = gateway.keep_card(customer=customer, metadata=METADATA, key="setup")
    asked = confirm(standin, setup.client_secret, number)
    if asked.get("next_action"):
        http.post(asked["next_action"]["use_stripe_sdk"]["stripe_js"], data={"outcome": "pass"})
    kept = gateway.kept_card(setup.id)
    assert kept.state == IntentState.SUCCEEDED
    return customer, kept.card


def paid(gateway: Gateway, standin: InThread, number: str = "4242424242424242") -> str:
    made = gateway.create_payment(order=order(), key=f"pay {number}")
    confirm(standin, made.client_secret, number)
    return made.id


def test_the_customer_confirms_and_the_payment_says_what_was_taken_and_what_it_cost(
    gateway: StripeGateway, standin: InThread
) -> None:
    as_protocol: Gateway = gateway
    made = as_protocol.create_payment(order=order(), key="k")
    assert (made.state, made.received, made.metadata) == (IntentState.NEEDS_CARD, Money(0, EUR), METADATA)
    confirm(standin, made.client_secret)
    now = gateway.payment(made.id)
    assert (now.state, now.received, now.fee) == (IntentState.SUCCEEDED, Money(9500, EUR), Money(168, EUR))
    assert now.card is not None
    assert (now.card.brand, now.card.last4, now.card.expires) == ("visa", "4242", (2034, 12))


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("4000000000000002", "declined"),
        ("4000000000009995", "insufficient_funds"),
        ("4000000000000069", "expired_card"),
        ("4000000000000127", "incorrect_cvc"),
    ],
)
def test_a_payment_remembers_why_it_was_refused(
    gateway: StripeGateway, standin: InThread, number: str, reason: str
) -> None:
    seen = gateway.payment(paid(gateway, standin, number))
    assert (seen.state, seen.failure, seen.received) == (IntentState.NEEDS_CARD, reason, Money(0, EUR))


def test_a_kept_card_is_held_captured_in_part_and_the_rest_released(gateway: StripeGateway, standin: InThread) -> None:
    customer, card = keep(gateway, standin)
    held = gateway.charge_kept_card(order=order(customer=customer, hold=True), card=card, key="hold")
    assert (held.state, held.held, held.received) == (IntentState.HELD, Money(9500, EUR), Money(0, EUR))
    assert held.held_until is not None
    assert abs(held.held_until - held.created_at - timedelta(days=7)) <= timedelta(seconds=1)
    taken = gateway.capture(payment=held.id, amount=Money(9000, EUR), key="capture")
    assert (taken.state, taken.held, taken.received) == (IntentState.SUCCEEDED, Money(0, EUR), Money(9000, EUR))
    assert [(each.amount.amount, each.gives_back) for each in gateway.refunds_of(held.id)] == [(500, False)]
    gateway.refund(payment=held.id, amount=Money(1000, EUR), metadata={}, key="refund")
    assert [(each.amount.amount, each.gives_back) for each in gateway.refunds_of(held.id)] == [
        (1000, True),
        (500, False),
    ]


def test_a_hold_is_released_and_cannot_be_captured_any_more(gateway: StripeGateway, standin: InThread) -> None:
    customer, card = keep(gateway, standin)
    held = gateway.charge_kept_card(order=order(customer=customer, hold=True), card=card, key="hold")
    assert gateway.cancel_payment(payment=held.id, key="cancel").state == IntentState.CANCELLED
    with pytest.raises(StateChanged):
        gateway.capture(payment=held.id, amount=Money(9500, EUR), key="capture")
    with pytest.raises(StateChanged):
        gateway.cancel_payment(payment=held.id, key="cancel again")


def test_a_bank_that_declines_or_wants_its_customer_says_which_payment_waits(
    gateway: StripeGateway, standin: InThread
) -> None:
    customer, card = keep(gateway, standin, "4000002760003184")
    with pytest.raises(AuthenticationNeeded) as needed:
        gateway.charge_kept_card(order=order(customer=customer, hold=True), card=card, key="hold")
    assert gateway.payment(needed.value.payment).state == IntentState.NEEDS_CARD


def test_a_kept_card_that_is_declined_later_says_why(gateway: StripeGateway, standin: InThread) -> None:
    customer, card = keep(gateway, standin, "4000000000000341")
    with pytest.raises(CardRefused) as refused:
        gateway.charge_kept_card(order=order(customer=customer), card=card, key="hold")
    assert refused.value.reason == "declined"
    assert gateway.payment(refused.value.payment).received == Money(0, EUR)


@pytest.mark.parametrize("fault", ["drop", "drop_after", "500", "timeout_after"])
def test_a_fault_on_the_way_is_survived_without_charging_twice(
    gateway: StripeGateway, standin: InThread, wish: Wish, fault: str
) -> None:
    customer, card = keep(gateway, standin)
    wish("fault", do=fault, match="POST /v1/payment_intents$", seconds=60)
    held = gateway.charge_kept_card(order=order(customer=customer), card=card, key="once")
    assert held.state == IntentState.SUCCEEDED
    assert [each.id for each in gateway.payments(around_now())] == [held.id]


@pytest.mark.parametrize("fault", ["drop_after", "500_after"])
def test_when_nothing_helps_the_outcome_is_said_to_be_unknown(gateway: StripeGateway, wish: Wish, fault: str) -> None:
    wish("fault", do=fault, match="POST /v1/payment_intents$", times=3)
    with pytest.raises(GatewayUnavailable) as failed:
        gateway.create_payment(order=order(), key="once")
    assert failed.value.outcome_unknown
    assert [each.metadata for each in gateway.payments(around_now())] == [METADATA]


def around_now() -> Window:
    return Window(clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1))


def test_the_errors_of_a_company_become_ours(gateway: StripeGateway, standin: InThread, wish: Wish) -> None:
    with pytest.raises(NotAtGateway):
        gateway.payment("pi_unknown")
    with pytest.raises(GatewayNotSetUp):
        StripeGateway("sk_live_0123456789abcdef", Connection(address=standin.url)).payment("pi_unknown")
    with pytest.raises(GatewayNotSetUp):
        StripeGateway("")
    gateway.create_payment(order=order(), key="once")
    with pytest.raises(KeyUsedOtherwise):
        gateway.create_payment(order=order(9600), key="once")
    with pytest.raises(AmountNotChargeable):
        gateway.create_payment(order=order(1), key="too little")
    wish("fault", do="429", match="GET", times=3)
    with pytest.raises(GatewayBusy):
        gateway.payment("pi_unknown")


def test_a_refund_never_gives_back_more_than_was_taken(gateway: StripeGateway, standin: InThread) -> None:
    payment = paid(gateway, standin)
    made = gateway.refund(payment=payment, amount=Money(9000, EUR), metadata=METADATA, key="one")
    assert (made.state, made.gives_back, made.metadata) == (RefundState.SUCCEEDED, True, METADATA)
    assert gateway.refund(payment=payment, amount=Money(9000, EUR), metadata=METADATA, key="one") == made
    with pytest.raises(StateChanged):
        gateway.refund(payment=payment, amount=Money(501, EUR), metadata={}, key="two")
    assert gateway.refund_by_id(made.id) == made


def test_an_amount_changes_until_it_is_paid(gateway: StripeGateway, standin: InThread) -> None:
    made = gateway.create_payment(order=order(), key="k")
    assert gateway.change_amount(payment=made.id, amount=Money(8000, EUR), key="less").amount == Money(8000, EUR)
    confirm(standin, made.client_secret)
    with pytest.raises(StateChanged):
        gateway.change_amount(payment=made.id, amount=Money(7000, EUR), key="even less")


def test_a_checkout_is_paid_on_a_page_of_the_companys_own_or_expires(gateway: StripeGateway) -> None:
    def opened(key: str) -> str:
        return gateway.open_checkout(
            order=order(), success_url="https://b.example/ok", cancel_url="https://b.example/back",
            expires_at=clock.now() + timedelta(minutes=31), language="fr", key=key,
        ).id  # fmt: skip

    first, second = opened("one"), opened("two")
    http.post(gateway.checkout(first).url, data={"choose": "4242424242424242"})
    done = gateway.checkout(first)
    assert (done.state, done.paid, done.amount) == (CheckoutState.COMPLETE, True, Money(9500, EUR))
    assert gateway.payment(done.payment).metadata == METADATA
    assert gateway.expire_checkout(checkout=second, key="expire").state == CheckoutState.EXPIRED
    with pytest.raises(StateChanged):
        gateway.expire_checkout(checkout=second, key="again")
    assert {each.id for each in gateway.checkouts(around_now())} == {first, second}


def test_a_dispute_is_seen_with_the_day_its_answer_is_due(gateway: StripeGateway, standin: InThread) -> None:
    payment = paid(gateway, standin, "4000000000000259")
    (seen,) = gateway.disputes(around_now())
    assert (seen.payment, seen.state, seen.amount) == (payment, DisputeState.OPEN, Money(9500, EUR))
    assert seen == gateway.dispute(seen.id)
    assert seen.answer_until is not None
    assert seen.answer_until - seen.created_at == timedelta(days=9)


def test_lists_are_read_to_their_end_page_by_page(gateway: StripeGateway, wish: Wish) -> None:
    made = {gateway.create_payment(order=order(1000 + number), key=str(number)).id for number in range(101)}
    assert {each.id for each in gateway.payments(around_now())} == made
    until = clock.now() - timedelta(hours=1)
    assert list(gateway.payments(Window(until - timedelta(hours=1), until))) == []


def test_a_notice_is_believed_only_with_a_secret_of_ours_also_while_it_is_changed(
    gateway: StripeGateway, standin: InThread, receiver: Receiver, wish: Wish
) -> None:
    wish("hold", held=True)
    endpoint, old = gateway.listen(url=receiver.url, kinds=("payment_intent.succeeded",), key="hook")
    payment = paid(gateway, standin)
    new = wish("roll", endpoint=endpoint, overlap=3600)
    wish("deliver")
    (came,) = receiver.received
    for secrets in ([old], [new], ["whsec_other", new]):
        told = read_notice(came.payload, came.signature, secrets=secrets)
        assert (told.kind, told.subject_kind, told.subject) == ("payment_intent.succeeded", "payment_intent", payment)
    assert told in list(gateway.notices(around_now()))
    for secrets, payload in (([], came.payload), (["whsec_other"], came.payload), ([old, new], came.payload[:-1])):
        with pytest.raises(BadSignature):
            read_notice(payload, came.signature, secrets=secrets)
    for nonsense in ("", "t=,v1=", "t=1,v1=abc"):
        with pytest.raises(BadSignature):
            read_notice(came.payload, nonsense, secrets=[old])


def test_an_old_notice_is_not_believed(
    gateway: StripeGateway, standin: InThread, receiver: Receiver, wish: Wish
) -> None:
    wish("hold", held=True)
    wish("clock", advance=-301)
    _, secret = gateway.listen(url=receiver.url, kinds=("payment_intent.succeeded",), key="hook")
    paid(gateway, standin)
    wish("deliver")
    (came,) = receiver.received
    with pytest.raises(BadSignature):
        read_notice(came.payload, came.signature, secrets=[secret])
    assert read_notice(came.payload, came.signature, secrets=[secret], tolerance=600).kind == "payment_intent.succeeded"
