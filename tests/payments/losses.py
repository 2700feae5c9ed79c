"""What can be lost on the way between the card company and here; each loss returns the shop of its booking."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from procrastinate.contrib.django.models import ProcrastinateJob

from holdfast.bookings import actions as bookings
from holdfast.bookings.steps import Actor
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.money import Money
from holdfast.payments import actions, looking, paying, refunding
from holdfast.payments.gateway import Order
from holdfast.payments.models import Difference, Payment, PaymentKind
from tests.payments.conftest import PRICE, Shop

STAFF = Actor("staff", "Sam Owner")
URL = "https://b.example/"
slots = count()


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def rows(shop: Shop, **wanted: Any) -> list[Difference]:
    with transaction_for(shop.organization.id):
        return list(Difference.objects.filter(**wanted).order_by("found_at", "id"))


def book(shop: Shop, method: str) -> Shop:
    """At a time of its own."""
    number = next(slots) % 400
    return shop.book(method, days=12 + number // 10, hour=8 + number % 10)


def lose(shop: Shop) -> None:
    """What is on its way never comes."""
    shop.wish("fault", do="lose", on="webhook", times=100)
    shop.wish("deliver")
    shop.wish("forget-faults")


def forget_jobs(shop: Shop) -> None:
    ProcrastinateJob.objects.filter(args__organization_id=str(shop.organization.id)).delete()


def paid(shop: Shop, number: str = "4242424242424242") -> Shop:
    """By card, heard of and settled."""
    one = book(shop, "card")
    one.pay(number)
    one.hear()
    return one


def intent_of(shop: Shop) -> str:
    with transaction_for(shop.organization.id):
        return Payment.objects.exclude(gateway_id="").filter(booking=shop.booking).latest("created_at").gateway_id


def payment_notice_lost(shop: Shop) -> Shop:
    one = book(shop, "card")
    one.pay()
    lose(one)
    return one


def card_notice_lost(shop: Shop) -> Shop:
    one = book(shop, "card_on_file")
    one.keep_card()
    lose(one)
    return one


def refusal_notice_lost(shop: Shop) -> Shop:
    one = book(shop, "card")
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
    one = book(shop, "card_on_file")
    one.keep_card()
    one.hear()
    payment, _seen = paying.hold_card(booking=one.now, amount=PRICE)
    one.gateway.capture(payment=payment.gateway_id, amount=PRICE, key="in the dashboard")
    lose(one)
    return one


def page_left_open(shop: Shop) -> Shop:
    """The job that closes it was lost, and what staff took in cash pays for it."""
    one = book(shop, "checkout")
    until = clock.now() + timedelta(hours=1)
    paying.open_checkout(booking=one.now, amount=PRICE, success_url=URL, cancel_url=URL, expires_at=until)
    bookings.CHANGES["cancel"](
        organization=one.organization, booking_id=one.booking.id, version=one.now.version, actor=STAFF
    )
    forget_jobs(one)
    return one


def paid_by_an_answer_that_was_lost(shop: Shop) -> Shop:
    """The company's id never came back, and then the payment was closed here: nobody was told how to pay it."""
    one = book(shop, "card")
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


def orphan(shop: Shop, *, pay: bool = True, organization: str = "") -> str:
    """Made for this organization by a payment that is not here: as after yesterday's backup was restored."""
    metadata = looking.metadata_of(shop.organization.id, uuid4(), shop.booking.reference)
    if organization:
        metadata[looking.ORGANIZATION] = organization
    intent = shop.gateway.create_payment(order=Order(PRICE, "x", metadata), key=str(uuid4()))
    if pay:
        shop.confirm(intent)
    lose(shop)
    return intent.id


def balance(shop: Shop, intent: str) -> int:
    """What the company has of it: charged less given back."""
    back = sum(each.amount.amount for each in shop.gateway.refunds_of(intent))
    return shop.gateway.payment(intent).received.amount - back
