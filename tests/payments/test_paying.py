"""The steps of being paid, each by itself; whole stories, cut off anywhere, are told in test_stories.py."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from holdfast.bookings.steps import Actor
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import PaymentStatus
from holdfast.domain.money import Money
from holdfast.payments import ending, paying, refunding
from holdfast.payments.errors import NoCardKept, NothingOwed, NotRefundable
from holdfast.payments.gateway import CheckoutState, IntentState
from holdfast.payments.models import LedgerEntry
from tests.asking import http
from tests.payments.conftest import PRICE, Shop

S = PaymentStatus
STAFF = Actor("staff", "Sam Owner")


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def confirm_setup(shop: Shop, number: str = "4242424242424242") -> None:
    setup = paying.ask_for_card(booking=shop.booking)
    if setup.state == IntentState.SUCCEEDED:
        return
    asked = shop.confirm(setup, number)
    if asked.get("next_action"):
        http.post(asked["next_action"]["use_stripe_sdk"]["stripe_js"], data={"outcome": "pass"})


def hear(shop: Shop) -> None:
    """What notices bring."""
    for each in shop.notices():
        shop.post(each)
    shop.apply_all()


def prepaid(shop: Shop) -> None:
    if shop.standing().received.amount:
        return
    intent = paying.ask_to_pay(booking=shop.booking, amount=PRICE)
    if intent.state != IntentState.SUCCEEDED:
        shop.confirm(intent)
    hear(shop)


def checkout(shop: Shop) -> None:
    if shop.standing().received.amount:
        return
    page = paying.open_checkout(
        booking=shop.booking, amount=PRICE, success_url="https://b.example/ok", cancel_url="https://b.example/no",
        expires_at=UNTIL,
    )  # fmt: skip
    if page.state == CheckoutState.OPEN:
        http.post(page.url, data={"choose": "4242424242424242"})
    hear(shop)


def flexible(shop: Shop) -> None:
    """A card kept, money held before the service, and taken after it."""
    confirm_setup(shop)
    hear(shop)
    if shop.standing().status in {S.CARD_KEPT, S.PENDING, S.HELD}:
        payment, seen = paying.hold_card(booking=shop.booking, amount=PRICE)
        assert seen.status in {S.HELD, S.PAID}
        ending.capture(payment=payment, amount=PRICE)


def refunded(shop: Shop) -> None:
    prepaid(shop)
    with transaction_for(shop.organization.id):
        entries = list(LedgerEntry.objects.filter(kind="refund_asked"))
    if not entries:
        entries = refunding.refund(booking=shop.booking, amount=eur(4000), reason="late", actor=STAFF)
    for entry in entries:
        refunding.send_refund(organization_id=shop.organization.id, entry_id=entry.id)


UNTIL = clock.now() + timedelta(hours=1)


def balance(shop: Shop) -> int:
    """What the card company says that came in and went out: charged less given back."""
    charges = http.get(f"{shop.standin.url}/v1/charges?limit=100", auth=("sk_test_standin0001", "")).json()["data"]
    refunds = http.get(f"{shop.standin.url}/v1/refunds?limit=100", auth=("sk_test_standin0001", "")).json()["data"]
    taken = sum(each["amount_captured"] for each in charges)
    given: int = sum(each["amount"] for each in refunds if each["balance_transaction"])
    return int(taken) - given


def test_asking_again_is_the_same_payment_until_it_is_paid_and_then_nothing_is_owed(shop: Shop) -> None:
    first = paying.ask_to_pay(booking=shop.booking, amount=PRICE)
    assert paying.ask_to_pay(booking=shop.booking, amount=PRICE).id == first.id
    shop.confirm(first)
    assert paying.ask_to_pay(booking=shop.booking, amount=PRICE).state == IntentState.SUCCEEDED
    with pytest.raises(NothingOwed):
        paying.ask_to_pay(booking=shop.booking, amount=PRICE)
    assert balance(shop) == 10_000


def test_whoever_pays_another_way_cannot_pay_by_the_first_one_any_more(shop: Shop) -> None:
    intent = paying.ask_to_pay(booking=shop.booking, amount=PRICE)
    checkout(shop)
    assert shop.confirm(intent)["error"]["code"] == "payment_intent_unexpected_state"
    assert (shop.standing().status, balance(shop)) == (S.PAID, 10_000)


def test_what_was_paid_by_the_first_way_is_seen_before_a_second_one_is_offered(shop: Shop) -> None:
    shop.confirm(paying.ask_to_pay(booking=shop.booking, amount=PRICE))
    with pytest.raises(NothingOwed):
        checkout(shop)
    assert (shop.standing().status, balance(shop)) == (S.PAID, 10_000)


@pytest.mark.parametrize(("number", "why"), [("4000000000000341", "declined"), ("4000002760003184", "declined")])
def test_a_hold_that_the_bank_refuses_is_in_the_ledger_and_announced(shop: Shop, number: str, why: str) -> None:
    with pytest.raises(NoCardKept):
        paying.hold_card(booking=shop.booking, amount=PRICE)
    confirm_setup(shop, number)
    hear(shop)
    assert shop.standing().status == S.CARD_KEPT
    payment, seen = paying.hold_card(booking=shop.booking, amount=PRICE)
    assert (seen.status, seen.held) == (S.FAILED, eur(0))
    again, _ = paying.hold_card(booking=shop.booking, amount=PRICE)
    assert again == payment
    assert shop.told() == ["card_kept", "failed"]


def test_a_hold_is_taken_in_part_or_released(shop: Shop) -> None:
    confirm_setup(shop)
    hear(shop)
    payment, _ = paying.hold_card(booking=shop.booking, amount=PRICE)
    assert ending.capture(payment=payment, amount=eur(9000)).received == eur(9000)
    assert ending.capture(payment=payment, amount=PRICE).received == eur(9000)
    assert ending.release(payment=payment).kept == eur(9000)
    assert balance(shop) == 9000


def test_refunds_never_exceed_what_is_kept_counting_those_on_their_way(shop: Shop) -> None:
    prepaid(shop)
    refunding.refund(booking=shop.booking, amount=eur(7000), reason="late", actor=STAFF)
    with pytest.raises(NotRefundable) as refused:
        refunding.refund(booking=shop.booking, amount=eur(3001), reason="later", actor=STAFF)
    assert refused.value.extra["available"] == 3000
    assert ProcrastinateJob.objects.filter(task_name=refunding.SEND).count() == 1


def test_a_refund_that_the_company_refuses_counts_no_longer_and_is_told(shop: Shop) -> None:
    prepaid(shop)
    (asked,) = refunding.refund(booking=shop.booking, amount=PRICE, reason="late", actor=STAFF)
    intent = next(iter(shop.gateway.refunds_of("pi_none")), None)
    assert intent is None
    with transaction_for(shop.organization.id):
        paid = LedgerEntry.objects.get(kind="received").key.partition(":")[0]
    shop.gateway.refund(payment=paid, amount=eur(2500), metadata={}, key="in the dashboard")
    refunding.send_refund(organization_id=shop.organization.id, entry_id=asked.id)
    seen = shop.standing()
    assert (seen.status, seen.refunded, balance(shop)) == (S.PARTLY_REFUNDED, eur(2500), 7500)
    assert shop.told() == ["received", "refund_asked", "refund_failed", "refunded"]


def test_a_refund_is_sent_once_also_after_its_key_was_forgotten(shop: Shop) -> None:
    prepaid(shop)
    (asked,) = refunding.refund(booking=shop.booking, amount=eur(1000), reason="late", actor=STAFF)
    with transaction_for(shop.organization.id):
        paid = LedgerEntry.objects.get(kind="received").key.partition(":")[0]
    metadata = {"holdfast_refund": asked.subject}
    shop.gateway.refund(payment=paid, amount=eur(1000), metadata=metadata, key=asked.subject)  # and then killed
    shop.wish("clock", advance=25 * 3600)
    refunding.send_refund(organization_id=shop.organization.id, entry_id=asked.id)
    assert (shop.standing().refunded, balance(shop)) == (eur(1000), 9000)


def test_a_disputed_payment_is_not_refunded_too(shop: Shop) -> None:
    shop.confirm(paying.ask_to_pay(booking=shop.booking, amount=PRICE), "4000000000000259")
    hear(shop)
    assert shop.standing().status == S.DISPUTED
    with pytest.raises(NotRefundable):
        refunding.refund(booking=shop.booking, amount=eur(1), reason="late", actor=STAFF)
