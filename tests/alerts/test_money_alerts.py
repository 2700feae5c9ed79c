"""Money that needs a person stands in sight until it does not, or somebody takes care of it."""

from datetime import timedelta

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.alerts import actions
from holdfast.alerts.errors import AlertOver
from holdfast.alerts.models import Alert
from holdfast.bookings import actions as bookings
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind as K
from holdfast.domain.money import Money
from holdfast.payments import by_staff
from holdfast.payments.facts import Fact
from holdfast.payments.models import PaymentKind
from tests import factories

STAFF = Actor("staff", "Sam")
PRICE = Money(10_000, "EUR")
REFUSED = Fact(K.FAILED, "pi_1", part="try", details={"why": "insufficient_funds"})
PAID = Fact(K.RECEIVED, "pi_1", PRICE, details={"card": "visa 4242"})
DISPUTED = Fact(K.DISPUTED, "dp_1", PRICE, of_payment=False, details={"why": "fraudulent"})


@pytest.fixture
def booking(organization: Organization) -> Booking:
    factories.make_resource(organization)
    service = factories.make_service(organization)
    return factories.make_booking(organization, service, factories.monday(organization, 10))


def alerts(booking: Booking) -> list[tuple[str, bool]]:
    """(kind, is open), oldest first."""
    with transaction_for(booking.organization_id):
        return [(each.kind, each.is_open) for each in Alert.objects.filter(booking=booking).order_by("raised_at", "id")]


def test_a_kept_card_that_is_refused_needs_a_person_until_it_is_paid(booking: Booking) -> None:
    hold = factories.make_payment(booking, REFUSED, kind=PaymentKind.CARD_HOLD)
    assert alerts(booking) == [("payment_failed", True)]
    factories.learn(booking, Fact(K.FAILED, "pi_1", part="again", details={"why": "declined"}), payment=hold)
    assert alerts(booking) == [("payment_failed", True)]
    factories.make_payment(booking, Fact(K.RECEIVED, "pi_2", PRICE))
    assert alerts(booking) == [("payment_failed", False)]


def test_a_card_that_is_refused_on_the_page_is_the_customers_own_affair(booking: Booking) -> None:
    factories.make_payment(booking, REFUSED)
    assert alerts(booking) == []


def test_a_fee_that_cannot_be_charged_is_told_as_such_until_it_is_let_off(booking: Booking) -> None:
    org = booking.organization
    bookings.cancel(organization=org, booking_id=booking.id, version=booking.version, actor=STAFF)
    factories.make_payment(booking, Fact(K.OWED, str(booking.id), Money(2000, "EUR"), part="no_show", of_payment=False))
    factories.learn(booking, REFUSED, payment=factories.make_payment(booking, kind=PaymentKind.CARD_HOLD))
    assert alerts(booking) == [("fee_unpaid", True)]
    seen = _size(booking)
    by_staff.let_off(booking=booking, amount=Money(2000, "EUR"), reason="Ill", seen=seen, actor=STAFF)
    assert alerts(booking) == [("fee_unpaid", False)]


def test_each_dispute_is_its_own_and_ends_with_the_banks_word(booking: Booking) -> None:
    payment = factories.make_payment(booking, PAID, DISPUTED)
    factories.learn(booking, Fact(K.DISPUTED, "dp_2", PRICE, of_payment=False), payment=payment)
    assert alerts(booking) == [("dispute", True), ("dispute", True)]
    factories.learn(booking, Fact(K.DISPUTE_WON, "dp_1", PRICE, of_payment=False), payment=payment)
    assert sorted(alerts(booking)) == [("dispute", False), ("dispute", True)]


def test_a_refund_that_fails_needs_a_person_until_the_money_is_back(booking: Booking) -> None:
    payment = factories.make_payment(booking, PAID)
    by_staff.give_back(booking=booking, amount=PRICE, reason="Ill", seen=_size(booking), actor=STAFF)
    with transaction_for(booking.organization_id):
        asked = booking.ledger.get(kind=K.REFUND_ASKED)
    failed = Fact(K.REFUND_FAILED, "re_1", PRICE, of_payment=False, subject=asked.subject)
    factories.learn(booking, failed, payment=payment)
    assert alerts(booking) == [("refund_failed", True)]
    by_staff.give_back(booking=booking, amount=PRICE, reason="Once more", seen=_size(booking), actor=STAFF)
    assert alerts(booking) == [("refund_failed", False)]


def test_who_takes_care_ends_it_and_what_settled_itself_cannot_be_taken(booking: Booking) -> None:
    factories.make_payment(booking, REFUSED, kind=PaymentKind.CARD_HOLD)
    with transaction_for(booking.organization_id):
        alert = Alert.objects.get(booking=booking)
    actions.acknowledge(organization_id=booking.organization_id, alert_id=alert.id, by="Sam", who="user:1")
    assert alerts(booking) == [("payment_failed", False)]
    payment = factories.make_payment(booking, PAID, DISPUTED)
    factories.learn(booking, Fact(K.DISPUTE_WON, "dp_1", PRICE, of_payment=False), payment=payment)
    with transaction_for(booking.organization_id):
        over = Alert.objects.get(booking=booking, kind="dispute")
    with pytest.raises(AlertOver):
        actions.acknowledge(organization_id=booking.organization_id, alert_id=over.id, by="Sam", who="user:1")


def test_an_emergencys_end_leaves_alerts_about_its_money(booking: Booking) -> None:
    factories.make_payment(booking, PAID, DISPUTED)
    actions.close_alerts(organization_id=booking.organization_id, booking_id=booking.id)
    assert alerts(booking) == [("dispute", True)]


def test_it_stands_on_today_and_above_no_other_page(booking: Booking) -> None:
    due = clock.now() + timedelta(days=6)
    factories.make_payment(
        booking,
        PAID,
        Fact(
            K.DISPUTED, "dp_1", PRICE, of_payment=False, details={"why": "fraudulent", "answer_until": due.isoformat()}
        ),
    )
    browser = Client()
    browser.force_login(factories.make_staff(booking.organization, role=Role.DISPATCHER))
    today = browser.get("/desk/").content.decode()
    assert "€100.00 is disputed · Ana Reyes" in today
    assert "The owner says they did not make this payment" in today
    assert f"/desk/bookings/{booking.reference}/evidence/" in today
    assert "€100.00 is disputed" in browser.get("/desk/alerts/").content.decode()
    assert "page-messages" not in browser.get("/desk/bookings/").content.decode()
    with transaction_for(booking.organization_id):
        alert = Alert.objects.get(booking=booking)
    browser.post(f"/desk/alerts/{alert.id}/acknowledge/", {"next": "/desk/"})
    assert "is disputed" not in browser.get("/desk/").content.decode()


def _size(booking: Booking) -> int:
    with transaction_for(booking.organization_id):
        return by_staff.size_of(booking.id)
