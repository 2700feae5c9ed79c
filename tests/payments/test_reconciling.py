"""Reconciling with the card company: whatever was lost on the way is found, repaired where it is safe, and once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from holdfast.bookings import actions as bookings
from holdfast.bookings.steps import Actor
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import PaymentStatus
from holdfast.domain.money import Money
from holdfast.payments import actions, looking, paying, refunding
from holdfast.payments.gateway import Order
from holdfast.payments.models import Difference, Payment, PaymentKind, Reconciliation
from holdfast.payments.reconciling import running
from tests.payments.conftest import PRICE, Shop

S = PaymentStatus
STAFF = Actor("staff", "Sam Owner")
DISPUTED = "4000000000000259"


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


@contextmanager
def later(minutes: int = 10) -> Iterator[None]:
    """What was made is no longer too young to be judged."""
    with clock.stopped(clock.now() + timedelta(minutes=minutes)):
        yield


def reconcile(shop: Shop, minutes: int = 10) -> Reconciliation:
    """A run that begins so many minutes from now, with what follows from it."""
    with later(minutes):
        now = clock.now()
        run = running.begin(organization_id=shop.organization.id, since=now - running.NIGHTLY, until=now, job=False)
        running.perform(organization_id=shop.organization.id, run_id=run.id)
        shop.work()
        with transaction_for(shop.organization.id):
            return Reconciliation.objects.get(id=run.id)


def differing(run: Reconciliation) -> dict[str, int]:
    """By class, what differed, and how many bookings were settled."""
    return {name: count for name, count in run.counts.items() if count and name not in {"none", "elsewhere", "later"}}


def rows(shop: Shop, **wanted: Any) -> list[Difference]:
    with transaction_for(shop.organization.id):
        return list(Difference.objects.filter(**wanted).order_by("found_at", "id"))


def lose(shop: Shop) -> None:
    """What is on its way never comes."""
    shop.wish("fault", do="lose", on="webhook", times=100)
    shop.wish("deliver")
    shop.wish("forget-faults")


def forget_jobs(shop: Shop) -> None:
    ProcrastinateJob.objects.filter(args__organization_id=str(shop.organization.id)).delete()


def paid(shop: Shop, number: str = "4242424242424242") -> Shop:
    """By card, heard of and settled."""
    one = shop.book("card")
    one.pay(number)
    one.hear()
    return one


def intent_of(shop: Shop) -> str:
    with transaction_for(shop.organization.id):
        return Payment.objects.exclude(gateway_id="").filter(booking=shop.booking).latest("created_at").gateway_id


# Stories: what went wrong, then (class of each difference, status of the booking in the end, what is kept).
def payment_notice_lost(shop: Shop) -> Shop:
    one = shop.book("card")
    one.pay()
    lose(one)
    return one


def card_notice_lost(shop: Shop) -> Shop:
    one = shop.book("card_on_file")
    one.keep_card()
    lose(one)
    return one


def refusal_notice_lost(shop: Shop) -> Shop:
    one = shop.book("card")
    one.pay("4000000000000002")
    lose(one)
    return one


def refunded_in_the_dashboard(shop: Shop) -> Shop:
    one = paid(shop)
    one.gateway.refund(payment=intent_of(one), amount=eur(4000), metadata={}, key="by hand")
    lose(one)
    return one


def disputed_weeks_later(shop: Shop) -> Shop:
    one = paid(shop)
    one.wish("dispute", charge=one.gateway.payment(intent_of(one)).charge)
    lose(one)
    return one


def captured_elsewhere(shop: Shop) -> Shop:
    one = shop.book("card_on_file")
    one.keep_card()
    one.hear()
    payment, _seen = paying.hold_card(booking=one.now, amount=PRICE)
    one.hear()
    one.gateway.capture(payment=payment.gateway_id, amount=PRICE, key="in the dashboard")
    lose(one)
    return one


def page_left_open(shop: Shop) -> Shop:
    """The job that closes it was lost, and what staff took in cash pays for it."""
    one = shop.book("checkout")
    until = clock.now() + timedelta(hours=1)
    paying.open_checkout(booking=one.now, amount=PRICE, success_url=URL, cancel_url=URL, expires_at=until)
    bookings.CHANGES["cancel"](
        organization=one.organization, booking_id=one.booking.id, version=one.now.version, actor=STAFF
    )
    forget_jobs(one)
    return one


def paid_by_an_answer_that_was_lost(shop: Shop) -> Shop:
    """The company's id never came back, and then the payment was closed here: nobody was told how to pay it."""
    one = shop.book("card")
    payment = actions.open_payment(booking=one.now, kind=PaymentKind.PREPAID, amount=PRICE)
    metadata = looking.metadata_of(one.organization.id, payment.id, one.booking.reference)
    one.gateway.create_payment(order=Order(PRICE, "x", metadata), key=str(payment.id))
    actions.open_payment(booking=one.now, kind=PaymentKind.CHECKOUT, amount=PRICE)
    lose(one)
    return one


def refund_job_lost(shop: Shop) -> Shop:
    one = paid(shop)
    refunding.refund(booking=one.now, amount=eur(1000), reason="late", actor=STAFF)
    forget_jobs(one)
    return one


URL = "https://b.example/"
Story = Callable[[Shop], Shop]
STORIES: list[tuple[Story, dict[str, int], PaymentStatus, int]] = [
    (payment_notice_lost, {"missing_here": 1}, S.PAID, 10_000),
    (card_notice_lost, {"missing_here": 1}, S.CARD_KEPT, 0),
    (refusal_notice_lost, {"state": 1}, S.FAILED, 0),
    (refunded_in_the_dashboard, {"missing_here": 1}, S.PARTLY_REFUNDED, 6000),
    (disputed_weeks_later, {"missing_here": 1}, S.DISPUTED, 10_000),
    (captured_elsewhere, {"missing_here": 1}, S.PAID, 10_000),
    (page_left_open, {"stale": 1}, S.NOTHING_DUE, 0),
    (paid_by_an_answer_that_was_lost, {"stale": 1}, S.PENDING, 0),
    (refund_job_lost, {"missing_there": 1}, S.PARTLY_REFUNDED, 9000),
]


@pytest.mark.parametrize(("story", "found", "status", "kept"), STORIES)
def test_what_was_lost_is_found_and_repaired_by_itself_and_a_second_run_finds_nothing(
    shop: Shop, story: Story, found: dict[str, int], status: PaymentStatus, kept: int
) -> None:
    one = story(shop)
    first = reconcile(one)
    seen = one.standing()
    assert (differing(first), seen.status, seen.kept) == (found, status, eur(kept))
    assert [each.how for each in rows(one)] == ["by_itself"]
    lose(one)
    again = reconcile(one, 30)
    assert (again.stage, differing(again), len(rows(one))) == ("done", {}, 1)
