"""Each news of money is told once, to whom it concerns, and not where they have just seen it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.bookings.holds.expiring import release_expired_holds
from holdfast.bookings.models import Booking
from holdfast.bookings.reinstating import confirm_paid
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind as K
from holdfast.domain.money import Money
from holdfast.events.models import Event
from holdfast.notifications.actions import compose_messages
from holdfast.notifications.models import Message
from holdfast.payments import by_staff, on_site
from holdfast.payments.facts import Fact
from holdfast.payments.models import PaymentKind
from tests import factories

STAFF = Actor("staff", "Sam")
PRICE = Money(10_000, "EUR")
CARD = {"card": "visa 4242"}
PAID = Fact(K.RECEIVED, "pi_1", PRICE, details=CARD)


@pytest.fixture
def booking(organization: Organization) -> Booking:
    factories.make_resource(organization)
    service = factories.make_service(organization)
    return factories.make_booking(organization, service, factories.monday(organization, 10))


def told(booking: Booking) -> list[tuple[str, str]]:
    """(to whom, subject) of every mail about money, as the jobs word them; each event is worded twice."""
    return [(kind.rpartition(".")[2], message.subject) for kind, message in _worded(booking)]


def mail(booking: Booking) -> Message:
    return list(_worded(booking))[-1][1]


def _worded(booking: Booking) -> Iterator[tuple[str, Message]]:
    with transaction_for(booking.organization_id):
        events = list(Event.objects.filter(subject=booking.id, kind__startswith="payment.").order_by("id"))
    for event in events + events:
        compose_messages(organization_id=booking.organization_id, event_id=event.id)
    with transaction_for(booking.organization_id):
        found = Message.objects.filter(booking_id=booking.id, kind__startswith="payment.")
        for message in found.order_by("created_at", "id"):
            yield message.kind, message


def test_a_receipt_has_the_lines_that_add_up(booking: Booking) -> None:
    factories.make_payment(booking, PAID)
    assert told(booking) == [("customer", "Receipt: €100.00, Massage")]
    text = mail(booking).text
    assert "€100.00, paid by Visa ··4242." in text
    assert "Price: €100.00\nPaid: -€100.00\n  Visa ··4242\nStill to be paid: €0.00\n" in text


def test_what_is_taken_on_site_gets_a_receipt_with_its_number(booking: Booking) -> None:
    on_site.record_received(booking=booking, amount=Money(3000, "EUR"), how="cash", receipt="A-17", actor=STAFF)
    assert told(booking) == [("customer", "Receipt: €30.00, Massage")]
    text = mail(booking).text
    assert ("receipt A-17" in text, "Still to be paid: €70.00" in text) == (True, True)


def test_a_kept_card_that_is_refused_is_told_once_to_both_with_the_way_out(booking: Booking) -> None:
    refused = Fact(K.FAILED, "pi_1", part="1", details={"why": "insufficient_funds"})
    hold = factories.make_payment(booking, refused, kind=PaymentKind.CARD_HOLD)
    factories.learn(booking, Fact(K.FAILED, "pi_1", part="2", details={"why": "declined"}), payment=hold)
    assert [audience for audience, _subject in told(booking)] == ["customer", "business"]
    with transaction_for(booking.organization_id):
        text = Message.objects.get(kind="payment.failed.customer").text
    assert "€100.00 could not be charged to your card. Your card has too little money for this" in text
    assert "/pay/" in text


def test_a_card_refused_on_the_page_is_told_nobody(booking: Booking) -> None:
    factories.make_payment(booking, Fact(K.FAILED, "pi_1", part="1", details={"why": "declined"}))
    assert told(booking) == []


def test_a_bank_that_wants_to_see_its_customer_is_told_as_such(booking: Booking) -> None:
    refused = Fact(K.FAILED, "pi_1", part="1", details={"why": "authentication_required"})
    factories.make_payment(booking, refused, kind=PaymentKind.CARD_HOLD)
    assert told(booking)[0][1].startswith("Your bank asks for you")


def test_a_refund_is_told_once_with_its_reason(booking: Booking) -> None:
    payment = factories.make_payment(booking, PAID)
    before = len(told(booking))
    with transaction_for(booking.organization_id):
        seen = by_staff.size_of(booking.id)
    by_staff.give_back(booking=booking, amount=Money(4000, "EUR"), reason="An hour late", seen=seen, actor=STAFF)
    with transaction_for(booking.organization_id):
        name = booking.ledger.get(kind=K.REFUND_ASKED).subject
    for kind in (K.REFUND_PENDING, K.REFUNDED):
        factories.learn(
            booking, Fact(kind, "re_1", Money(4000, "EUR"), of_payment=False, subject=name), payment=payment
        )
    assert told(booking)[before:] == [("customer", "Refund: €40.00, Massage")]
    text = mail(booking).text
    assert "€40.00 goes back to Visa ··4242" in text
    assert "Reason: An hour late" in text
    assert "Let off: -€40.00\nTotal: €60.00\nPaid: -€100.00\n" in text
    assert "Given back: €40.00\nStill to be paid: €0.00\n" in text


def test_disputes_and_refunds_that_fail_are_told_to_the_business_alone(booking: Booking) -> None:
    due = {"why": "fraudulent", "answer_until": "2026-12-01T12:00:00+00:00"}
    payment = factories.make_payment(booking, PAID, Fact(K.DISPUTED, "dp_1", PRICE, of_payment=False, details=due))
    factories.learn(booking, Fact(K.REFUND_FAILED, "re_1", PRICE, of_payment=False), payment=payment)
    factories.learn(booking, Fact(K.DISPUTE_LOST, "dp_1", PRICE, of_payment=False), payment=payment)
    assert told(booking)[1:] == [
        ("business", "Disputed: Ana Reyes, €100.00"),
        ("business", "Refund failed: Ana Reyes, €100.00"),
        ("business", "Dispute lost: Ana Reyes, €100.00"),
    ]
    with transaction_for(booking.organization_id):
        text = Message.objects.get(kind="payment.disputed.business").text
    assert "Tuesday, December 1, 2026" in text
    assert f"/desk/bookings/{booking.reference}/evidence/" in text


def test_money_that_came_too_late_is_told_once_with_other_times(booking: Booking) -> None:
    payment = factories.make_payment(booking, PAID)
    before = len(told(booking))
    late = Fact(K.TOO_LATE, str(booking.id), of_payment=False, details={"why": "slot_taken"})
    asked = Fact(K.REFUND_ASKED, "r1", PRICE, of_payment=False, details={"why": "too_late"})
    factories.learn(booking, late, asked, payment=payment)
    factories.learn(booking, Fact(K.REFUNDED, "re_1", PRICE, of_payment=False, subject="r1"), payment=payment)
    found = told(booking)[before:]
    assert [subject.partition(":")[0] for _audience, subject in found] == ["Not booked, and refunded"]
    assert "Paid: -€100.00" in mail(booking).text


def test_a_booking_whose_money_came_late_says_that_its_time_was_still_free(organization: Organization) -> None:
    factories.make_resource(organization)
    service = factories.make_service(organization)
    factories.make_option(organization, "card")
    organization.refresh_from_db()
    details = replace(factories.DETAILS, payment_method="card")
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10), details=details)
    with clock.stopped(clock.now() + timedelta(hours=1)):
        release_expired_holds(organization_id=organization.id)
    confirm_paid(organization=organization, booking_id=booking.id)
    with transaction_for(organization.id):
        event = Event.objects.get(subject=booking.id, kind="booking.confirmed")
    compose_messages(organization_id=organization.id, event_id=event.id)
    with transaction_for(organization.id):
        texts = {message.kind.rpartition(".")[2]: message.text for message in Message.objects.all()}
    assert texts["customer"].startswith("Your booking is confirmed after all")
    assert "it was still free, so it is yours" in texts["customer"]
    assert "came when the time was no longer kept" in texts["business"]


def test_the_customer_reads_it_in_their_language(booking: Booking) -> None:
    with transaction_for(booking.organization_id):
        Booking.objects.filter(id=booking.id).update(customer_locale="fr", version=booking.version + 1)
    factories.make_payment(booking, PAID)
    assert mail(booking).language == "fr"
