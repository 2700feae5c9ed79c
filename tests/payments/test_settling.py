"""What follows from news of money: against the stand-in, by the jobs, as customers and staff then see it."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.bookings import actions as bookings
from holdfast.bookings.details import ladder_words
from holdfast.bookings.holds.expiring import release_expired_holds
from holdfast.bookings.models import Allocation
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.desk.money import money_of
from holdfast.domain.ledger import PaymentStatus
from holdfast.domain.money import Money
from holdfast.payments import actions, bill, by_staff, ending, paying, settling
from holdfast.payments.models import LedgerEntry, Payment
from holdfast.payments.tasks import settle_what_is_due
from holdfast.pricing.models import PaymentOption
from tests import factories
from tests.asking import http
from tests.payments.conftest import Shop
from tests.stripe_standin.conftest import KEY

S = PaymentStatus
STAFF = Actor("staff", "Sam Owner")
DECLINED, AUTHENTICATE, FUNDS_LATER = "4000000000000002", "4000002500003155", "4000000000000341"


def step(shop: Shop, action: str) -> None:
    change = bookings.CHANGES[action]
    change(organization=shop.organization, booking_id=shop.booking.id, version=shop.now.version, actor=STAFF)
    shop.work()


def expire(shop: Shop) -> None:
    with clock.stopped(clock.now() + timedelta(hours=1)):
        release_expired_holds(organization_id=shop.organization.id)


def test_a_booking_waits_for_its_money_and_stands_once_it_is_there(shop: Shop) -> None:
    paid = shop.book("card")
    assert (paid.now.state, paid.standing().status) == ("pending_payment", S.UNPAID)
    paid.pay()
    assert paid.now.state == "pending_payment", "the browser's word is not enough"
    paid.hear()
    assert (paid.now.state, paid.now.hold_expires_at, paid.standing().status) == ("confirmed", None, S.PAID)


def test_a_refused_card_leaves_the_time_waiting_and_another_card_pays(shop: Shop) -> None:
    paid = shop.book("card")
    paid.pay(DECLINED)
    paid.hear()
    assert (paid.now.state, paid.standing().status) == ("pending_payment", S.FAILED)
    paid.pay()
    paid.hear()
    assert (paid.now.state, paid.standing().status) == ("confirmed", S.PAID)


def test_what_staff_confirm_unpaid_keeps_its_time_for_good(shop: Shop) -> None:
    trusted = shop.book("card")
    step(trusted, "confirm")
    assert (trusted.now.state, trusted.now.hold_expires_at) == ("confirmed", None)
    with transaction_for(shop.organization.id):
        assert set(Allocation.objects.filter(booking=trusted.booking).values_list("active", "expires_at")) == {
            (True, None)
        }
    expire(trusted)
    assert trusted.now.state == "confirmed"
    with clock.stopped(clock.now() + timedelta(hours=1)):
        days = f"from={trusted.booking.starts_at:%Y-%m-%d}&days=1"
        answer = Client().get(f"/api/v1/salon/availability?service={trusted.booking.service.slug}&{days}")
    starts = {datetime.fromisoformat(slot["starts_at"]) for slot in answer.json()["slots"]}
    assert trusted.booking.starts_at + timedelta(hours=2) in starts
    assert trusted.booking.starts_at not in starts


def test_what_nobody_paid_expires_and_can_be_paid_no_more(shop: Shop) -> None:
    left = shop.book("card")
    intent = paying.ask_to_pay(booking=left.now, amount=Money(10_000, "EUR"))
    expire(left)
    left.work()
    assert left.now.state == "expired"
    assert left.confirm(intent)["error"]["code"] == "payment_intent_unexpected_state"
    assert left.standing().status == S.NOTHING_DUE


def test_late_money_is_given_its_time_when_that_is_still_free(shop: Shop) -> None:
    late = shop.book("card")
    late.pay()
    expire(late)  # before the notice came
    assert late.now.state == "expired"
    late.hear()
    assert (late.now.state, late.standing().status) == ("confirmed", S.PAID)
    assert "too_late" not in late.told()


def test_late_money_for_a_time_that_is_taken_is_given_back_and_said_so(shop: Shop) -> None:
    late = shop.book("card")
    late.pay()
    expire(late)
    other = factories.make_booking(shop.organization, late.booking.service, late.booking.starts_at)
    late.hear()
    late.hear()
    assert (late.now.state, late.standing().status) == ("expired", S.REFUNDED)
    assert late.standing().kept == Money(0, "EUR")
    assert [each for each in late.told() if each in {"too_late", "refund_asked", "refunded"}] == [
        "too_late", "refund_asked", "refunded",
    ]  # fmt: skip
    assert replace(shop, booking=other).now.state == "confirmed"


@pytest.mark.parametrize(("limit", "state"), [({"uses": 1}, "expired"), ({"uses": 2}, "confirmed"), ({}, "confirmed")])
def test_late_money_does_not_use_a_code_that_others_have_used_up(shop: Shop, limit: dict[str, int], state: str) -> None:
    factories.make_promotion(shop.organization, **limit)
    late = shop.book("card", promo_code="SPRING")
    late.confirm(paying.ask_to_pay(booking=late.now, amount=Money(9000, "EUR")))
    expire(late)
    hours_later = late.booking.starts_at + timedelta(hours=3)
    factories.make_booking(shop.organization, late.booking.service, hours_later, promo_code="SPRING")
    late.hear()
    late.hear()
    assert late.now.state == state
    assert late.standing().status == (S.REFUNDED if state == "expired" else S.PAID)
    assert ("too_late" in late.told()) == (state == "expired")


def test_a_paid_booking_that_staff_cancel_is_given_back_whole(shop: Shop) -> None:
    paid = shop.book("card")
    paid.pay()
    paid.hear()
    step(paid, "cancel")
    paid.hear()
    assert paid.standing().status == S.REFUNDED


def test_a_kept_card_is_held_a_day_before_and_charged_when_the_service_was_given(shop: Shop) -> None:
    flexible = shop.book("card_on_file", days=10)
    flexible.keep_card(AUTHENTICATE)
    flexible.hear()
    assert (flexible.now.state, flexible.standing().status) == ("confirmed", S.CARD_KEPT)
    settle_what_is_due(None, 0)  # type: ignore[arg-type]
    flexible.work()
    assert flexible.standing().status == S.CARD_KEPT, "too early"
    with clock.stopped(flexible.booking.starts_at - timedelta(hours=23)):
        settle_what_is_due(None, 0)  # type: ignore[arg-type]
        flexible.work()
        assert flexible.standing().status == S.HELD
        settle_what_is_due(None, 0)  # type: ignore[arg-type]
        flexible.work()
    with transaction_for(shop.organization.id):
        assert Payment.objects.filter(booking=flexible.booking, kind="card_hold").count() == 1
    step(flexible, "complete")
    assert (flexible.standing().status, flexible.standing().kept) == (S.PAID, Money(10_000, "EUR"))


def test_how_long_before_is_the_organizations_choice_and_stays_as_it_was_when_it_was_booked(shop: Shop) -> None:
    option = factories.make_option(shop.organization, "card_on_file", hold_hours=72)
    flexible = shop.book("card_on_file", days=10)
    with transaction_for(shop.organization.id):
        PaymentOption.objects.filter(id=option.id).update(hold_hours=1)
    flexible.keep_card()
    flexible.hear()
    with clock.stopped(flexible.booking.starts_at - timedelta(hours=71)):
        settle_what_is_due(None, 0)  # type: ignore[arg-type]
        flexible.work()
    assert flexible.standing().status == S.HELD


def test_less_than_what_is_held_is_taken_when_part_was_let_off(shop: Shop) -> None:
    flexible = held(shop)
    actions.owe(booking=flexible.booking, reason="let off", amount=Money(-4_000, "EUR"))
    step(flexible, "complete")
    assert (flexible.standing().kept, flexible.standing().held) == (Money(6_000, "EUR"), Money(0, "EUR"))


def test_what_was_held_is_let_go_when_the_booking_is_cancelled(shop: Shop) -> None:
    flexible = held(shop)
    step(flexible, "cancel")
    assert (flexible.standing().status, flexible.standing().held.amount) == (S.NOTHING_DUE, 0)


def test_a_kept_card_that_is_refused_is_tried_again_and_the_customer_can_pay_meanwhile(shop: Shop) -> None:
    """The card that can be kept and not charged: Stripe's 4000 0000 0000 0341."""
    flexible = shop.book("card_on_file", days=10)
    flexible.keep_card(FUNDS_LATER)
    flexible.hear()
    soon = flexible.booking.starts_at - timedelta(hours=23)
    for hours in (0, 2, 7, 20):
        with clock.stopped(soon + timedelta(hours=hours)):
            settle_what_is_due(None, 0)  # type: ignore[arg-type]
            flexible.work()
    assert flexible.standing().status == S.FAILED
    assert flexible.told().count("failed") == 4
    flexible.pay()
    flexible.hear()
    assert (flexible.standing().status, flexible.standing().kept) == (S.PAID, Money(10_000, "EUR"))


def test_another_card_is_charged_at_once_in_place_of_one_that_was_refused(shop: Shop) -> None:
    flexible = shop.book("card_on_file", days=10)
    flexible.keep_card(FUNDS_LATER)
    flexible.hear()
    with clock.stopped(flexible.booking.starts_at - timedelta(hours=23)):
        settle_what_is_due(None, 0)  # type: ignore[arg-type]
        flexible.work()
        assert flexible.standing().status == S.FAILED
        another = paying.ask_for_card(booking=flexible.now, another=True)
        flexible.confirm(another)
        with transaction_for(shop.organization.id):
            kept = Payment.objects.get(gateway_id=another.id)
        ending.look_again(payment=kept)
        flexible.work()
    assert flexible.standing().status == S.HELD


def charged(shop: Shop) -> Shop:
    flexible = held(shop)
    step(flexible, "complete")
    assert flexible.standing().kept == Money(10_000, "EUR")
    return flexible


def test_what_was_given_back_on_the_companys_own_pages_is_not_charged_again(shop: Shop) -> None:
    flexible = charged(shop)
    shop.gateway.refund(payment=intent_of(flexible), amount=Money(2_500, "EUR"), metadata={}, key="in the dashboard")
    flexible.hear()
    flexible.hear()
    seen = flexible.standing()
    assert (seen.received, seen.refunded, seen.outstanding) == tuple(Money(each, "EUR") for each in (10_000, 2_500, 0))


def test_a_card_that_is_gone_is_told_and_can_be_paid_otherwise(shop: Shop) -> None:
    flexible = shop.book("card_on_file", days=10)
    flexible.keep_card()
    flexible.hear()
    with transaction_for(shop.organization.id):
        kept = LedgerEntry.objects.get(booking=flexible.booking, kind="card_kept").details["card"]
    http.post(f"{shop.standin.url}/v1/payment_methods/{kept}/detach", auth=(KEY, ""))
    with clock.stopped(flexible.booking.starts_at - timedelta(hours=20)):
        settling.settle(organization_id=shop.organization.id, booking_id=flexible.booking.id)
        flexible.work()
    assert "failed" in flexible.told()
    assert flexible.standing().status == S.UNPAID


def test_who_moves_what_is_paid_owes_the_difference_or_gets_it_back(shop: Shop) -> None:
    dearer = {"effect": "percent", "percent": 50, "from_time": time(16), "until_time": time(20)}
    factories.make_tariff(shop.organization, dearer)
    paid = shop.book("card", hour=12)
    paid.pay()
    paid.hear()
    morning, evening = paid.now.starts_at, paid.now.starts_at + timedelta(hours=5)
    change: dict[str, Any] = {"organization": shop.organization, "booking_id": paid.booking.id, "actor": CUSTOMER}
    bookings.reschedule(**change, starts_at=evening, version=paid.now.version, accept_price=15_000)
    paid.work()
    assert paid.told()[-1] == "asked", "with the page to pay on"
    assert (paid.standing().status, paid.standing().outstanding) == (S.PARTLY_PAID, Money(5_000, "EUR"))
    paid.confirm(paying.ask_to_pay(booking=paid.now, amount=Money(5_000, "EUR")))
    paid.hear()
    bookings.reschedule(**change, starts_at=morning, version=paid.now.version)
    paid.hear()
    assert (paid.standing().refunded, paid.standing().kept) == (Money(5_000, "EUR"), Money(10_000, "EUR"))


def let_off(shop: Shop, amount: int) -> None:
    with transaction_for(shop.organization.id):
        seen = by_staff.size_of(shop.booking.id)
    owed_less = {"amount": Money(amount, "EUR"), "reason": "An hour late", "seen": seen, "actor": STAFF}
    by_staff.let_off(booking=shop.now, **owed_less)  # type: ignore[arg-type]
    shop.work()


def cancel_late(shop: Shop, fee: int) -> None:
    """By its customer, who accepts this much and no more."""
    bookings.cancel(
        organization=shop.organization, booking_id=shop.booking.id, version=shop.now.version, actor=CUSTOMER,
        accept_fee=fee,
    )  # fmt: skip
    shop.work()


@pytest.mark.parametrize(("waived", "fee"), [(0, 5_000), (6_000, 2_000), (10_000, 0)])
def test_cancelling_late_costs_a_share_of_what_was_not_let_off(shop: Shop, waived: int, fee: int) -> None:
    factories.make_policy(shop.organization, (30 * 24 * 60, "50"))
    flexible = shop.book("card_on_file")
    flexible.keep_card()
    flexible.hear()
    if waived:
        let_off(flexible, waived)
    with transaction_for(shop.organization.id):
        shown = ladder_words.document(flexible.now, shop.organization, clock.now())
        assert [str(each) for each in ladder_words.rungs(flexible.now, clock.now())] == shown["words"]
    assert shown["fee_now"]["amount"] == fee
    assert shown["no_show"]["amount"] == 10_000 - waived
    cancel_late(flexible, fee)
    flexible.hear()
    now = flexible.standing()
    assert (now.owed.amount, now.received.amount, now.held.amount) == (fee, fee, 0)
    with transaction_for(shop.organization.id):
        assert money_of(flexible.now).lines[0].amount == fee, "the desk says the fee as it is"
        billed = bill.for_customer(flexible.now)
        assert (billed.lines[0].amount if billed else 0) == fee, "and so does the bill"


@pytest.mark.parametrize(("waived", "fee"), [(4_000, 6_000), (10_000, 0)])
def test_not_coming_costs_no_more_than_what_was_not_let_off(shop: Shop, waived: int, fee: int) -> None:
    factories.make_policy(shop.organization, (60, "50"))
    flexible = shop.book("card_on_file")
    flexible.keep_card()
    flexible.hear()
    let_off(flexible, waived)
    step(flexible, "no-show")
    flexible.hear()
    now = flexible.standing()
    assert (now.owed.amount, now.received.amount, now.held.amount) == (fee, fee, 0)


@pytest.mark.parametrize(("back", "fee"), [(10_000, 0), (4_000, 3_000)])
def test_what_was_paid_and_given_back_is_no_longer_reckoned_of(shop: Shop, back: int, fee: int) -> None:
    factories.make_policy(shop.organization, (30 * 24 * 60, "50"))
    paid = shop.book("card")
    paid.pay()
    paid.hear()
    with transaction_for(shop.organization.id):
        seen = by_staff.size_of(paid.booking.id)
    by_staff.give_back(booking=paid.now, amount=Money(back, "EUR"), reason="Rude", seen=seen, actor=STAFF)
    paid.work()
    paid.hear()
    cancel_late(paid, fee)
    paid.hear()
    assert (paid.standing().owed.amount, paid.standing().kept.amount) == (fee, fee)


def intent_of(shop: Shop) -> str:
    with transaction_for(shop.organization.id):
        return LedgerEntry.objects.get(booking=shop.booking, kind="received").key.partition(":")[0]


@pytest.mark.parametrize("twice", [False, True])
def test_settling_again_changes_nothing(shop: Shop, twice: bool) -> None:
    paid = shop.book("card")
    paid.pay()
    paid.hear()
    for _ in range(1 + twice):
        settling.settle(organization_id=shop.organization.id, booking_id=paid.booking.id)
    assert paid.told() == ["received"]


def test_a_late_cancellation_costs_what_was_agreed_and_the_rest_goes_back(shop: Shop) -> None:
    factories.make_policy(shop.organization, (30 * 24 * 60, "50"))
    paid = shop.book("card")
    paid.pay()
    paid.hear()
    bookings.cancel(
        organization=shop.organization,
        booking_id=paid.booking.id,
        version=paid.now.version,
        actor=CUSTOMER,
        accept_fee=5_000,
    )
    paid.hear()
    seen = paid.standing()
    assert (seen.status, seen.owed, seen.kept) == (S.PARTLY_REFUNDED, Money(5_000, "EUR"), Money(5_000, "EUR"))


def test_who_does_not_come_pays_what_was_agreed_by_the_card_they_left(shop: Shop) -> None:
    factories.make_policy(shop.organization, (60, "50"), percent=80)
    flexible = held(shop)
    step(flexible, "no-show")
    seen = flexible.standing()
    assert (seen.owed, seen.kept, seen.held) == (Money(8_000, "EUR"), Money(8_000, "EUR"), Money(0, "EUR"))


def test_what_was_paid_for_who_did_not_come_is_kept_where_nothing_was_agreed_about_it(shop: Shop) -> None:
    paid = shop.book("card")
    paid.pay()
    paid.hear()
    step(paid, "no-show")
    paid.hear()
    assert (paid.standing().status, paid.standing().kept) == (S.PAID, Money(10_000, "EUR"))


def held(shop: Shop) -> Shop:
    flexible = shop.book("card_on_file", days=10)
    flexible.keep_card()
    flexible.hear()
    with clock.stopped(flexible.booking.starts_at - timedelta(hours=20)):
        settling.settle(organization_id=shop.organization.id, booking_id=flexible.booking.id)
    assert flexible.standing().status == S.HELD
    return flexible
