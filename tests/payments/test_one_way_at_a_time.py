"""Two ways to pay opened at the same moment never take the money twice."""

from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from holdfast.bookings.steps import Actor
from holdfast.core import clock
from holdfast.payments import actions, ending, on_site, paying, tasks
from holdfast.payments.gateway import Checkout, PaymentIntent
from holdfast.stripe_standin.serve import InThread
from tests import factories
from tests.asking import http
from tests.payments.conftest import PRICE, Shop, open_shop
from tests.payments.test_paying import balance, hear
from tests.running import at_once
from tests.stripe_receiver import Receiver
from tests.stripe_standin.conftest import Wish


@pytest.fixture
def busy_shop(committed_db: str, standin: InThread, receiver: Receiver, wish: Wish, settings: Settings) -> Shop:
    return open_shop(factories.make_organization(slug="salon"), standin, receiver, wish, settings)


def two_ways(shop: Shop) -> list[Any]:
    """A customer in two windows: the card form in one, the payment page in the other, opened at the same moment."""

    def page() -> Checkout:
        return paying.open_checkout(
            booking=shop.booking, amount=PRICE, success_url="https://b.example/ok", cancel_url="https://b.example/no",
            expires_at=clock.now() + timedelta(hours=1),
        )  # fmt: skip

    return at_once([lambda: paying.ask_to_pay(booking=shop.booking, amount=PRICE), page])


def pay_by_all(shop: Shop, ways: list[Any]) -> int:
    """By each that was offered; what the card company then has of it."""
    for way in ways:
        if isinstance(way, PaymentIntent):
            shop.confirm(way)
        if isinstance(way, Checkout):
            http.post(way.url, data={"choose": "4242424242424242"})
    hear(shop)
    return balance(shop)


@pytest.mark.parametrize("_again", range(4))
def test_of_two_ways_opened_at_once_one_takes_the_money(busy_shop: Shop, _again: int) -> None:
    ways = two_ways(busy_shop)
    taken = pay_by_all(busy_shop, ways)
    assert taken in (0, 10_000)
    if taken == 0:  # each closed the other's: then it is asked again
        taken = pay_by_all(busy_shop, [paying.ask_to_pay(booking=busy_shop.booking, amount=PRICE)])
    assert (taken, busy_shop.standing().kept) == (10_000, PRICE)


def test_without_looking_for_other_ways_both_take_it(busy_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "open_payments", lambda booking: [])
    assert pay_by_all(busy_shop, two_ways(busy_shop)) == 20_000


def test_what_staff_took_in_cash_cannot_be_paid_by_card_any_more(shop: Shop) -> None:
    intent = paying.ask_to_pay(booking=shop.booking, amount=PRICE)
    on_site.record_received(booking=shop.booking, amount=PRICE, how="cash", receipt="A1", actor=Actor("staff", "Sam"))
    (job,) = ProcrastinateJob.objects.filter(task_name=ending.CLOSE)
    for _ in range(2):
        tasks.close_ways(**job.args)
    assert shop.confirm(intent)["error"]["code"] == "payment_intent_unexpected_state"
    assert (shop.standing().received, balance(shop)) == (PRICE, 0)
