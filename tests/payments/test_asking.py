"""What a customer is asked for follows what the booking costs now, and which card still stands."""

from datetime import timedelta

import pytest

from holdfast.bookings import actions as bookings
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.money import Money
from holdfast.payments import actions, asking, by_staff, paying, settling
from holdfast.payments.asking import Wanted, Way
from holdfast.payments.gateway import IntentState
from holdfast.payments.models import Payment, PaymentKind
from tests import factories
from tests.payments.conftest import PRICE, Shop
from tests.payments.test_settling import FUNDS_LATER, expire

STAFF = Actor("staff", "Sam Owner")


def with_card(shop: Shop, number: str = "4242424242424242") -> Shop:
    flexible = shop.book("card_on_file")
    flexible.keep_card(number)
    flexible.hear()
    return flexible


def a_day_before(shop: Shop) -> None:
    with clock.stopped(shop.booking.starts_at - timedelta(hours=23)):
        settling.settle(organization_id=shop.organization.id, booking_id=shop.booking.id)


def wanted(shop: Shop) -> Wanted | None:
    with transaction_for(shop.organization.id):
        return asking.wanted_of(shop.now)


def test_after_a_refused_hold_and_a_cancellation_the_fee_is_asked_for_and_the_hold_is_closed(shop: Shop) -> None:
    factories.make_policy(shop.organization, (30 * 24 * 60, "25"))
    flexible = with_card(shop, FUNDS_LATER)
    a_day_before(flexible)
    assert wanted(flexible) == Wanted(Way.HOLD, PRICE)
    bookings.cancel(
        organization=shop.organization, booking_id=flexible.booking.id, version=flexible.now.version, actor=CUSTOMER,
        accept_fee=2_500,
    )  # fmt: skip
    fee = wanted(flexible)
    assert fee == Wanted(Way.PAY, Money(2_500, "EUR"))
    asked = asking.ask(flexible.now, fee)
    assert asked.payment.amount == 2_500
    with transaction_for(shop.organization.id):
        hold = Payment.objects.filter(booking=flexible.booking, kind="card_hold").earliest("created_at")
    assert shop.gateway.payment(hold.gateway_id).state == IntentState.CANCELLED


def test_a_link_to_pay_is_offered_when_staff_let_the_card_go(shop: Shop) -> None:
    flexible = with_card(shop)
    assert wanted(flexible) is None
    with transaction_for(shop.organization.id):
        seen = by_staff.size_of(flexible.booking.id)
    by_staff.let_go(booking=flexible.now, reason="asked for it", seen=seen, actor=STAFF)
    assert wanted(flexible) == Wanted(Way.PAY, PRICE)
    flexible.pay()
    flexible.hear()
    assert flexible.standing().kept == PRICE


def test_a_link_to_pay_is_offered_when_the_card_company_lost_the_card(shop: Shop) -> None:
    flexible = with_card(shop)
    actions.begin_payment(booking=flexible.now, kind=PaymentKind.CARD_HOLD, amount=PRICE)
    settling._note_lost_card(flexible.now)
    assert wanted(flexible) == Wanted(Way.PAY, PRICE)


@pytest.mark.parametrize("how", ["another way", "expired"])
def test_no_old_window_keeps_a_card_for_a_booking_that_was_given_up(shop: Shop, how: str) -> None:
    left = shop.book("card_on_file")
    setup = paying.ask_for_card(booking=left.now)
    if how == "expired":
        expire(left)
        left.work()
    else:
        asking.withdraw(left.now)
    assert left.confirm(setup)["error"]["code"] == "setup_intent_unexpected_state"
    left.hear()
    assert left.now.state == ("expired" if how == "expired" else "pending_payment")
    with transaction_for(shop.organization.id):
        kinds = sorted(Payment.objects.get(gateway_id=setup.id).ledger.values_list("kind", flat=True))
    assert kinds == ["cancelled", "started"]
