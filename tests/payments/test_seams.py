"""The last seams: an answer that was lost for longer than a key is remembered, two windows, a card nobody asked for."""

from datetime import timedelta
from uuid import uuid4

import pytest

from holdfast.bookings import actions as bookings
from holdfast.bookings import unpaid
from holdfast.bookings.errors import HoldExpired
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind
from holdfast.domain.money import Money
from holdfast.payments import actions, asking, by_staff, ledger, looking, paying, refunding, settling
from holdfast.payments.errors import AmountNotChargeable
from holdfast.payments.facts import Fact
from holdfast.payments.gateway import IntentState, Order, Window
from holdfast.payments.gateways import gateway_of
from holdfast.payments.models import Payment, PaymentKind
from tests import factories
from tests.payments.conftest import PRICE, Shop

DAY = 24 * 3600


def with_card(shop: Shop) -> Shop:
    flexible = shop.book("card_on_file")
    flexible.keep_card()
    flexible.hear()
    return flexible


def goes_down_before_it_hears(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker holds the money, and is gone before it has written the answer down."""

    def gone(**_given: object) -> bool:
        raise SystemExit

    with monkeypatch.context() as patch, clock.stopped(shop.booking.starts_at - timedelta(hours=23)):
        patch.setattr(actions, "note_gateway_id", gone)
        with pytest.raises(SystemExit):
            settling.settle(organization_id=shop.organization.id, booking_id=shop.booking.id)
    with transaction_for(shop.organization.id):  # the company's clock is another
        Payment.objects.filter(booking=shop.booking, gateway_id="").update(created_at=clock.now())


def held_at_the_company(shop: Shop) -> list[int]:
    window = Window(clock.now() - timedelta(days=1), clock.now() + timedelta(days=30))
    mine = [each for each in shop.gateway.payments(window) if each.metadata.get("booking") == shop.booking.reference]
    return [each.held.amount for each in mine if each.state == IntentState.HELD]


@pytest.mark.parametrize("looks_first", [True, False])
def test_a_key_that_is_forgotten_after_a_day_holds_nothing_twice(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, *, looks_first: bool
) -> None:
    flexible = with_card(shop)
    goes_down_before_it_hears(flexible, monkeypatch)
    shop.wish("clock", advance=DAY + 60)
    if not looks_first:
        monkeypatch.setattr(paying, "KEY_IS_GOOD", timedelta(days=9))
    with clock.stopped(clock.now() + timedelta(seconds=DAY + 60)):
        paying.hold_card(booking=flexible.now, amount=PRICE)
    assert held_at_the_company(flexible) == ([10_000] if looks_first else [10_000, 10_000])
    assert flexible.standing().held == PRICE


def test_a_hold_of_which_no_answer_came_is_taken_up_when_another_amount_is_to_be_held(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    flexible = with_card(shop)
    goes_down_before_it_hears(flexible, monkeypatch)
    actions.owe(booking=flexible.now, reason="tip", amount=Money(1_500, "EUR"))
    with clock.stopped(flexible.booking.starts_at - timedelta(hours=22)):
        settling.settle(organization_id=shop.organization.id, booking_id=flexible.booking.id)
    assert sorted(held_at_the_company(flexible)) == [1_500, 10_000]
    assert flexible.standing().held == Money(11_500, "EUR")


def test_as_much_again_is_held_besides_when_the_price_has_doubled(shop: Shop) -> None:
    flexible = with_card(shop)
    with clock.stopped(flexible.booking.starts_at - timedelta(hours=23)):
        settling.settle(organization_id=shop.organization.id, booking_id=flexible.booking.id)
        actions.owe(booking=flexible.now, reason="tip", amount=PRICE)
        settling.settle(organization_id=shop.organization.id, booking_id=flexible.booking.id)
    assert flexible.standing().held == Money(20_000, "EUR")
    assert held_at_the_company(flexible) == [10_000, 10_000]


def test_a_hold_of_another_worker_of_the_same_moment_is_not_closed(shop: Shop) -> None:
    """The other one has its id, and has not yet looked how it went."""
    flexible = with_card(shop)
    with transaction_for(shop.organization.id):
        (card,) = ledger.kept_cards(flexible.now)
    payment = actions.begin_payment(booking=flexible.now, kind=PaymentKind.CARD_HOLD, amount=PRICE)
    metadata = looking.metadata_of(shop.organization.id, payment.id, flexible.booking.reference)
    order = Order(PRICE, "x", metadata, customer=card.details["customer"], hold=True)
    made = shop.gateway.charge_kept_card(order=order, card=card.details["card"], key=str(payment.id))
    actions.note_gateway_id(payment=payment, gateway_id=made.id)
    with clock.stopped(flexible.booking.starts_at - timedelta(hours=23)):
        settling.settle(organization_id=shop.organization.id, booking_id=flexible.booking.id)
    assert shop.gateway.payment(made.id).state == IntentState.HELD
    assert flexible.standing().held == PRICE


def test_money_of_another_currency_keeps_nothing_else_from_being_known(shop: Shop) -> None:
    booking = shop.now
    said = [
        Fact(EntryKind.DISPUTED, "dp_1", Money(9_000, "USD"), of_payment=False),
        Fact(EntryKind.RECEIVED, "pi_1", PRICE),
    ]
    payment = actions.begin_payment(booking=booking, kind=PaymentKind.PREPAID, amount=PRICE)
    with transaction_for(shop.organization.id):
        added = ledger.add(booking=ledger.lock_booking(booking.id), payment=payment, facts=said)
    assert [row.kind for row in added] == ["received"]


def test_a_refund_of_a_payment_that_this_account_does_not_have_fails_in_sight(shop: Shop) -> None:
    paid = shop.book("card")
    factories.make_payment(paid.now, Fact(EntryKind.RECEIVED, "pi_of_another_account", PRICE))
    refunding.refund(booking=paid.now, amount=PRICE, reason="x", actor=Actor("staff", "Sam Owner"))
    paid.work()
    assert ("refund_failed" in paid.told(), paid.standing().refunded.amount) == (True, 0)


@pytest.mark.parametrize(("amount", "currency"), [(1_234, "KWD"), (150, "MGA")])
def test_staff_take_and_give_what_a_card_can_be_charged(shop: Shop, amount: int, currency: str) -> None:
    with pytest.raises(AmountNotChargeable):
        by_staff.let_off(
            booking=shop.now, amount=Money(amount, currency), reason="x", seen=0, actor=Actor("staff", "Sam Owner")
        )


def test_only_cards_are_asked_for_to_be_kept(shop: Shop) -> None:
    setup = paying.ask_for_card(booking=shop.book("card_on_file").now)
    with transaction_for(shop.organization.id):
        gateway = gateway_of(shop.organization.id)
    asked = gateway._v1.setup_intents.retrieve(setup.id)  # type: ignore[attr-defined]
    assert (asked.payment_method_types, asked.automatic_payment_methods) == (["card"], None)


@pytest.mark.parametrize("method", ["card", "card_on_file"])
def test_two_windows_that_ask_at_the_same_moment_hear_of_the_same_and_the_other_is_closed(
    shop: Shop, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The company refuses the second window's key as in use, so another is taken, and both are made."""
    two = shop.book(method)
    with transaction_for(shop.organization.id):
        wanted = asking.wanted_of(two.now)
    assert wanted is not None
    told = actions.note_gateway_id
    first: list[asking.Asked] = []

    def slowly(*, payment: Payment, gateway_id: str) -> bool:
        if not first:
            first.append(None)  # type: ignore[arg-type]
            with monkeypatch.context() as patch:
                patch.setattr(paying, "_asked_again", lambda _payment, ask: ask(str(uuid4())))
                first[0] = asking.ask(two.now, wanted)
        return told(payment=payment, gateway_id=gateway_id)

    monkeypatch.setattr(actions, "note_gateway_id", slowly)
    second = asking.ask(two.now, wanted)
    assert second.client_secret == first[0].client_secret
    look = shop.gateway.kept_card if method == "card_on_file" else shop.gateway.payment
    assert look(second.payment.gateway_id).state == IntentState.NEEDS_CARD
    window = Window(clock.now() - timedelta(days=1), clock.now() + timedelta(days=1))
    if method == "card":
        states = sorted(each.state for each in shop.gateway.payments(window))
        assert states == [IntentState.CANCELLED, IntentState.NEEDS_CARD]


def test_who_cancels_for_a_fee_leaves_no_other_card_by_an_old_window(shop: Shop) -> None:
    factories.make_policy(shop.organization, (30 * 24 * 60, "25"))
    flexible = with_card(shop)
    settling._note_lost_card(flexible.now, "card_gone")
    another = paying.ask_for_card(booking=flexible.now, another=True)
    bookings.cancel(
        organization=shop.organization, booking_id=flexible.booking.id, version=flexible.now.version, actor=CUSTOMER,
        accept_fee=2_500,
    )  # fmt: skip
    flexible.work()
    assert flexible.standing().outstanding == Money(2_500, "EUR")
    assert shop.gateway.kept_card(another.id).state == IntentState.CANCELLED


def test_a_time_that_was_held_for_long_before_it_was_booked_waits_as_long_as_any(shop: Shop) -> None:
    waiting = shop.book("card").now
    with transaction_for(shop.organization.id):
        held_since = waiting.created_at - timedelta(hours=3)
        Booking.objects.filter(id=waiting.id).update(created_at=held_since, version=waiting.version + 1)
    until = clock.now() + timedelta(minutes=50)
    assert unpaid.wait_until(booking=waiting, until=until).hold_expires_at == until
    with pytest.raises(HoldExpired):
        unpaid.wait_until(booking=waiting, until=clock.now() + timedelta(hours=2, minutes=1))
