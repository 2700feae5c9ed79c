"""The card gateway, speaking over HTTP to a stand-in for Stripe; and an organization that takes cards through it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import Standing
from holdfast.domain.money import Money
from holdfast.events.models import Event
from holdfast.payments import actions, ending, inbox, ledger, looking, paying, refunding, settling
from holdfast.payments.gateway import Gateway, Order, PaymentIntent, SetupIntent
from holdfast.payments.gateways import gateway_of
from holdfast.payments.models import InboxEvent, InboxOutcome, Payment, PaymentKind
from holdfast.payments.stripe_gateway import Connection, StripeGateway
from holdfast.pricing.models import PaymentOption
from holdfast.stripe_standin.serve import InThread
from tests import factories
from tests.asking import http
from tests.stripe_receiver import Received, Receiver
from tests.stripe_standin.conftest import KEY, PUBLIC_KEY, Wish, receiver, standin, wish

__all__ = ["receiver", "standin", "wish"]

PRICE = Money(10_000, "EUR")
JOBS: dict[str, Callable[..., None]] = {
    settling.SETTLE: settling.settle,
    refunding.SEND: refunding.send_refund,
    ending.CLOSE: ending.close_ways,
}


def work_off(organization_id: UUID) -> None:
    """Run the jobs that payments left behind for an organization, those included that they leave behind themselves."""
    for _ in range(20):
        due = {"status": "todo", "task_name__in": list(JOBS), "args__organization_id": str(organization_id)}
        jobs = list(ProcrastinateJob.objects.filter(**due).order_by("id").values_list("id", "task_name", "args"))
        for number, name, args in jobs:
            JOBS[name](**{key: UUID(value) for key, value in args.items()})
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [number])
        if not jobs:
            return
    raise AssertionError("there is always another job")


@pytest.fixture
def gateway(standin: InThread) -> StripeGateway:
    return StripeGateway(KEY, Connection(address=standin.url, timeout=2.0))


@dataclass(frozen=True)
class Shop:
    """An organization that takes cards, a booking of 100.00 EUR, and the stand-in that tells it what happens."""

    organization: Organization
    booking: Booking
    gateway: Gateway
    standin: InThread
    receiver: Receiver
    wish: Wish
    endpoint: str
    delivery: Mapping[str, object] = field(default_factory=dict)
    on_their_way: list[Received] = field(default_factory=list)

    def told_as(self, how: Mapping[str, object]) -> "Shop":
        """The same shop, to which notices come in another way."""
        return replace(self, delivery=how)

    def begin(self, kind: PaymentKind = PaymentKind.PREPAID, **more: Any) -> tuple[Payment, PaymentIntent]:
        """A payment of the whole price, as far as the customer's browser."""
        payment = actions.begin_payment(booking=self.booking, kind=kind, amount=PRICE)
        metadata = looking.metadata_of(self.organization.id, payment.id, self.booking.reference)
        order = Order(PRICE, "Massage", metadata, **more)
        intent = self.gateway.create_payment(order=order, key=str(payment.id))
        actions.note_gateway_id(payment=payment, gateway_id=intent.id)
        return payment, intent

    def confirm(self, intent: PaymentIntent | SetupIntent, number: str = "4242424242424242") -> Any:
        """As the customer's browser does."""
        room = "payment_intents" if isinstance(intent, PaymentIntent) else "setup_intents"
        card = {"number": number, "exp_month": "12", "exp_year": "34", "cvc": "123"}
        data = {f"payment_method_data[card][{name}]": value for name, value in card.items()}
        data |= {"key": PUBLIC_KEY, "client_secret": intent.client_secret, "payment_method_data[type]": "card"}
        return http.post(f"{self.standin.url}/v1/{room}/{intent.id}/confirm", data=data).json()

    def book(self, method: str, *, days: int = 10, hour: int = 12, **wish: Any) -> "Shop":
        """The same shop with another booking in view, which its customer pays by this method."""
        with transaction_for(self.organization.id):
            for offered in (method, "on_site"):
                PaymentOption.objects.get_or_create(organization=self.organization, method=offered)
        self.organization.refresh_from_db()
        starts_at = factories.local(self.organization, days, hour)
        service = self.booking.service
        details = replace(factories.DETAILS, payment_method=method)
        booking = factories.make_booking(self.organization, service, starts_at, details=details, **wish)
        return replace(self, booking=booking)

    def pay(self, number: str = "4242424242424242") -> Any:
        """As the customer does on the page, up to what the browser is answered."""
        return self.confirm(paying.ask_to_pay(booking=self.now, amount=PRICE), number)

    def keep_card(self, number: str = "4242424242424242") -> Any:
        answer = self.confirm(paying.ask_for_card(booking=self.now), number)
        if answer.get("next_action"):
            answer = http.post(answer["next_action"]["use_stripe_sdk"]["stripe_js"], data={"outcome": "pass"})
        return answer

    @property
    def now(self) -> Booking:
        """The booking as it is."""
        with transaction_for(self.organization.id):
            return Booking.objects.get(id=self.booking.id)

    def hear(self) -> None:
        """What notices bring, and what follows from it."""
        self.on_their_way.extend(self.notices(**self.delivery))
        while self.on_their_way:
            self.post(self.on_their_way[0])
            self.on_their_way.pop(0)  # what was not answered comes again
        self.apply_all()
        self.work()

    def work(self) -> None:
        """The jobs of payments that are due, as the worker would do them, until none is left."""
        work_off(self.organization.id)

    def notices(self, **how: Any) -> list[Received]:
        """What the stand-in sends now, exactly as it came."""
        before = len(self.receiver.received)
        self.wish("deliver", **how)
        return self.receiver.received[before:]

    def post(self, notice: Received, **headers: Any) -> int:
        """The answer of the organization's own address."""
        answer = Client().post(
            f"/webhooks/stripe/{self.organization.slug}",
            notice.payload,
            content_type="application/json",
            headers={"Stripe-Signature": notice.signature, **headers},
        )
        return answer.status_code

    def apply_all(self) -> list[InboxOutcome]:
        """What the jobs would do."""
        with transaction_for(self.organization.id):
            waiting = list(InboxEvent.objects.filter(outcome=InboxOutcome.WAITING).values_list("id", flat=True))
        return [inbox.apply(organization_id=self.organization.id, inbox_id=each) for each in waiting]

    def standing(self) -> Standing:
        with transaction_for(self.organization.id):
            return ledger.standing_of(Booking.objects.get(id=self.booking.id))

    def told(self) -> list[str]:
        """The kinds of events about the booking's money, in order."""
        with transaction_for(self.organization.id):
            found = Event.objects.filter(subject=self.booking.id, kind__startswith="payment.").order_by("id")
            return [event.kind.removeprefix("payment.") for event in found]


@pytest.fixture
def shop(organization: Organization, standin: InThread, receiver: Receiver, wish: Wish, settings: Settings) -> Shop:
    return open_shop(organization, standin, receiver, wish, settings)


def open_shop(
    organization: Organization,
    standin: InThread,
    receiver: Receiver,
    wish: Wish,
    settings: Settings,
    *,
    kinds: tuple[str, ...] = ("*",),
) -> Shop:
    """Everything is told; nothing is sent before `notices` asks."""
    settings.STRIPE_API_URL = standin.url
    factories.make_resource(organization)
    service = factories.make_service(organization)
    booking = factories.make_booking(organization, service, factories.monday(organization, 10))
    actions.connect_stripe(organization_id=organization.id, publishable_key=PUBLIC_KEY, secret_key=KEY)
    with transaction_for(organization.id):
        gateway = gateway_of(organization.id)
    wish("hold", held=True)
    endpoint, secret = gateway.listen(url=receiver.url, kinds=kinds, key="hook")
    actions.use_webhook_secret(organization_id=organization.id, secret=secret)
    return Shop(organization, booking, gateway, standin, receiver, wish, endpoint)
