"""The last seams: an answer that was lost for longer than a key is remembered, two windows, a card nobody asked for."""

from datetime import timedelta
from uuid import uuid4

import pytest

from holdfast.bookings import actions as bookings
from holdfast.bookings import unpaid
from holdfast.bookings.errors import HoldExpired
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.money import Money
from holdfast.payments import actions, asking, paying, settling
from holdfast.payments.gateway import IntentState, Window
from holdfast.payments.gateways import gateway_of
from holdfast.payments.models import Payment
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
