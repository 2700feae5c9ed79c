"""Each mail there is, once, in the active language: what its room makes of an event that tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from holdfast.alerts.models import Alert
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.customers.models import CustomerAccount, ErasureRequest, SignInLink
from holdfast.domain.ledger import EntryKind as K
from holdfast.domain.money import Money
from holdfast.domain.reconciling import DifferenceKind, What
from holdfast.events.models import Event
from holdfast.notifications.alerts import alert_drafts
from holdfast.notifications.customer_drafts import customer_drafts
from holdfast.notifications.drafts import Draft, booking_drafts
from holdfast.notifications.payment_drafts import payment_drafts
from holdfast.notifications.reconciliation_drafts import reconciliation_drafts
from holdfast.notifications.series_drafts import series_drafts
from holdfast.notifications.waiting import waiting_drafts
from holdfast.payments import on_site
from holdfast.payments.facts import Fact
from holdfast.payments.models import Difference, PaymentKind, Reconciliation
from holdfast.series import actions as series
from holdfast.series import asked
from holdfast.waiting import actions as waiting
from holdfast.waiting.actions import Times
from holdfast.waiting.models import WaitingEntry, WaitingOffer
from tests import factories

LATER = 1 << 60  # an event's id after all that have happened
PRICE = Money(10_000, "EUR")
CARD = {"card": "visa 4242"}
BY_CUSTOMER, BY_STAFF = {"actor": "customer"}, {"actor": "staff", "actor_name": "Šåm"}


@dataclass
class World:
    organization: Organization
    service: Service
    details: Any
    hour: int = 8

    def book(self, **wish: Any) -> Booking:
        """At the next hour that nobody has."""
        self.hour += 1
        start = factories.local(self.organization, self.hour // 20, self.hour % 12 + 8)
        return factories.make_booking(self.organization, self.service, start, details=self.details, **wish)

    def event(self, kind: str, subject: Any, at: int = LATER, /, **payload: Any) -> Event:
        """Not kept: the log is not what is looked at here."""
        return Event(
            id=at, organization_id=self.organization.id, kind=kind, subject=subject, payload=payload, at=clock.now()
        )


def of_bookings(world: World) -> Iterator[Draft]:
    booking = world.book()
    before = {"starts_at": booking.starts_at.isoformat(), "resource": {"name": "Ļéå"}}
    moved = {"before": before, "after": {**before, "resource": {"name": "Ñîļš"}}}
    stories: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
        ("confirmed", "booking.requested", 0, {}),
        ("confirmed", "booking.confirmed", 0, {}),
        ("confirmed", "booking.rescheduled", LATER, BY_CUSTOMER | moved),
        ("confirmed", "booking.rescheduled", LATER, BY_STAFF | moved),
        ("confirmed", "booking.reassigned", LATER, BY_STAFF | moved),
        ("requested", "booking.rescheduled", 0, BY_CUSTOMER | moved),
        ("cancelled", "booking.cancelled", LATER, BY_CUSTOMER),
        ("cancelled", "booking.cancelled", LATER, {"actor": "staff", "reason": "Ŕåîñ"}),
        ("cancelled", "booking.cancelled", 0, BY_CUSTOMER),
        ("cancelled", "booking.cancelled", 0, BY_STAFF),
    )
    with transaction_for(world.organization.id):
        for booking.state, kind, at, payload in stories:
            yield from booking_drafts(world.event(kind, booking.id, at, **payload), booking)
        Event.objects.create(
            organization=world.organization, kind="booking.expired", subject=booking.id, at=clock.now(), payload={}
        )
        booking.state = "confirmed"
        yield from booking_drafts(world.event("booking.confirmed", booking.id), booking)


def of_series(world: World) -> Iterator[Draft]:
    for weeks, needs_approval in ((1, False), (2, True)):
        with transaction_for(world.organization.id):
            Service.objects.filter(id=world.service.id).update(needs_approval=needs_approval)
        world.organization.refresh_from_db()
        wanted = asked.read(
            wish=Wish(service=world.service.slug),
            starts_at=factories.local(world.organization, 7 * weeks + 3, 18),
            zone=world.organization.time_zone,
            recurrence={"rrule": "FREQ=WEEKLY;COUNT=3"},
        )
        booked = series.book(organization=world.organization, asked=wanted, details=world.details).bookings
        payload = {"bookings": [str(each.id) for each in booked], **BY_STAFF}
        with transaction_for(world.organization.id):
            for kind in ("booked", "confirmed", "rescheduled", "cancelled"):
                yield from series_drafts(world.event(f"series.{kind}", booked[0].series_id, **payload))
    with transaction_for(world.organization.id):
        Service.objects.filter(id=world.service.id).update(needs_approval=False)
    world.organization.refresh_from_db()


def of_money(world: World) -> Iterator[Draft]:
    """News of payments that were taken, refused, given back, disputed and too late."""
    refused = {"details": {"why": "insufficient_funds"}, "part": "1"}
    sought = {"details": {"why": "authentication_required"}, "part": "1"}
    due = {"details": {"why": "fraudulent", "answer_until": "2026-12-01T12:00:00+00:00"}, "of_payment": False}
    stories: tuple[tuple[tuple[Fact, ...], PaymentKind], ...] = (
        ((Fact(K.CARD_KEPT, "seti_1", details=CARD),), PaymentKind.CARD_HOLD),
        ((Fact(K.FAILED, "pi_1", **refused),), PaymentKind.CARD_HOLD),  # type: ignore[arg-type]
        ((Fact(K.FAILED, "pi_2", **sought),), PaymentKind.CARD_HOLD),  # type: ignore[arg-type]
        ((Fact(K.RECEIVED, "pi_3", PRICE, details=CARD), Fact(K.TOO_LATE, "pi_3", PRICE)), PaymentKind.PREPAID),
        ((Fact(K.TOO_LATE, "seti_2"),), PaymentKind.CARD_HOLD),
        (
            (
                Fact(K.RECEIVED, "pi_4", PRICE, details=CARD),
                Fact(K.REFUND_PENDING, "re_1", PRICE, of_payment=False),
                Fact(K.REFUND_FAILED, "re_1", PRICE, of_payment=False),
                Fact(K.DISPUTED, "dp_1", PRICE, **due),  # type: ignore[arg-type]
                Fact(K.DISPUTE_WON, "dp_1", PRICE, of_payment=False),
                Fact(K.DISPUTE_LOST, "dp_1", PRICE, of_payment=False),
            ),
            PaymentKind.PREPAID,
        ),
    )
    for facts, kind in stories:
        booking = world.book()
        factories.make_payment(booking, *facts, kind=kind)
        with transaction_for(world.organization.id):
            for entry in booking.ledger.all():
                event = world.event(f"payment.{entry.kind}", booking.id, entry=str(entry.id))
                yield from payment_drafts(event, booking)
    booking = world.book()
    on_site.record_received(booking=booking, amount=PRICE, how="cash", receipt="Å-1", actor=factories.STAFF)
    with transaction_for(world.organization.id):
        for entry in booking.ledger.filter(kind=K.RECEIVED):
            for told in ("payment.received", "payment.refunded"):
                yield from payment_drafts(world.event(told, booking.id, entry=str(entry.id)), booking)
        yield from payment_drafts(world.event("payment.asked", booking.id), booking)


def of_waiting(world: World) -> Iterator[Draft]:
    day = factories.local(world.organization, 20, 9)
    times, customer = Times(day.date(), day.date(), since=60, until=420), world.details.customer
    entry = waiting.join(
        organization=world.organization, wish=Wish(service=world.service.slug), times=times, customer=customer
    )
    held, now = world.book(), clock.now()
    with transaction_for(world.organization.id):
        offer = WaitingOffer.objects.create(
            organization=world.organization, entry=entry, booking=held, starts_at=held.starts_at, offered_at=now,
            expires_at=now + timedelta(minutes=20),
        )  # fmt: skip
        named = {"offer": str(offer.id)}
        yield from waiting_drafts(world.event("waiting.joined", entry.id))
        yield from waiting_drafts(world.event("waiting.offered", entry.id, **named))
        WaitingOffer.objects.update(outcome="expired", ended_at=now)
        WaitingEntry.objects.update(state="waiting")
        for state in ("waiting", "expired"):
            yield from waiting_drafts(world.event("waiting.passed", entry.id, state=state, **named))
        yield from waiting_drafts(world.event("waiting.expired", entry.id))
        yield from waiting_drafts(world.event("waiting.removed", entry.id, actor="staff"))


def of_alerts(world: World) -> Iterator[Draft]:
    booking = world.book()
    with transaction_for(world.organization.id):
        alert = Alert.objects.create(
            organization=world.organization, booking=booking, kind="emergency", rung=0, raised_at=clock.now()
        )
        notice = alert.notices.create(
            organization=world.organization, rung=0, address="sam@example.com", name="Šåm", language="en",
            told_at=clock.now(),
        )  # fmt: skip
        for kind in ("alert.raised", "alert.escalated"):
            yield from alert_drafts(world.event(kind, booking.id, notices=[str(notice.id)]), booking)


def of_accounts(world: World) -> Iterator[Draft]:
    now, common = clock.now(), {"organization": world.organization, "email": world.details.customer.email}
    with transaction_for(world.organization.id):
        link = SignInLink.objects.create(
            **common, browser="b", created_at=now, expires_at=now + timedelta(minutes=15), locale="en"
        )
        account = CustomerAccount.objects.create(**common, created_at=now, signed_in_at=now, locale="en")
        request = ErasureRequest.objects.create(**common, asked_at=now)
        for kind, subject in (
            ("link_asked", link), ("password_set", account), ("passkey_added", account), ("erasure_asked", request),
            ("erased", request),
        ):  # fmt: skip
            yield from customer_drafts(world.event(f"customer.{kind}", subject.id))


def of_reconciliation(world: World) -> Iterator[Draft]:
    now = clock.now()
    with transaction_for(world.organization.id):
        run = Reconciliation.objects.create(
            organization=world.organization, since=now - timedelta(days=1), until=now, started_at=now, seen_at=now
        )
        listed = [kind for kind in DifferenceKind if kind not in (DifferenceKind.NONE, DifferenceKind.ELSEWHERE)]
        for number, (kind, what) in enumerate((kind, what) for kind in listed for what in What):
            Difference.objects.create(
                organization=world.organization, run=run, kind=kind, what=what, object_id=f"x_{number}", sight="1",
                found_at=now, amount_here=1000, currency_here="EUR", amount_there=2000, currency_there="EUR",
            )  # fmt: skip
        found = [str(key) for key in Difference.objects.values_list("id", flat=True)]
        for count in (1, 2):
            yield from reconciliation_drafts(
                world.event("reconciliation.listed", uuid7(), differences=found, count=count)
            )


def every_mail(world: World) -> list[Draft]:
    rooms = (of_bookings, of_series, of_money, of_waiting, of_alerts, of_accounts, of_reconciliation)
    return [mail for room in rooms for mail in room(world)]
