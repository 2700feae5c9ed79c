"""What the link's page says of the money of a booking that is cancelled, or is about to be."""

import pytest
from django.test import Client
from django.utils import translation

from holdfast.bookings import actions
from holdfast.bookings.details import facts
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind
from holdfast.domain.money import Money
from holdfast.payments.facts import Fact
from tests import factories

PAID = Fact(EntryKind.RECEIVED, "pi_1", Money(10_000, "EUR"), details={"card": "visa 4242"})
GIVEN_BACK = Fact(EntryKind.REFUNDED, "re_1", Money(10_000, "EUR"), details={"card": "visa 4242"})
SAID = {
    "en": ("Paid: €100.00. €100.00 goes back to your card.", "Paid: €100.00. Refunded: €100.00."),
    "fr": (
        "Payé\N{NO-BREAK SPACE}: 100,00\N{NO-BREAK SPACE}€. 100,00\N{NO-BREAK SPACE}€ sont remboursés sur votre carte.",
        "Payé\N{NO-BREAK SPACE}: 100,00\N{NO-BREAK SPACE}€. Remboursé\N{NO-BREAK SPACE}: 100,00\N{NO-BREAK SPACE}€.",
    ),
}


@pytest.fixture
def booking(organization: Organization) -> Booking:
    factories.make_resource(organization)
    service = factories.make_service(organization)
    made = factories.make_booking(organization, service, factories.local(organization, 3, 10))
    with transaction_for(organization.id):
        Booking.objects.filter(id=made.id).update(payment_method="card", version=made.version + 1)
        return Booking.objects.get(id=made.id)


def cancelled(booking: Booking) -> Booking:
    return actions.cancel(
        organization=booking.organization, booking_id=booking.id, version=booking.version, actor=CUSTOMER
    )


def told(booking: Booking, language: str) -> list[str]:
    with translation.override(language), transaction_for(booking.organization_id):
        listed = facts.for_customer(booking, booking.organization, stands=False)
        return [fact.value for fact in listed if fact.label == translation.gettext("Payment")]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_cancelled_booking_says_what_was_paid_what_goes_back_and_what_went_back(
    booking: Booking, language: str
) -> None:
    payment = factories.make_payment(booking, PAID)
    over = cancelled(booking)
    before, after = SAID[language]
    assert told(over, language) == [before]
    factories.learn(over, GIVEN_BACK, payment=payment)
    assert told(over, language) == [after]


def test_the_page_says_it_before_and_after_cancelling(client: Client, booking: Booking) -> None:
    factories.make_payment(booking, PAID)
    here = f"/salon/manage/{manage_token(booking.id)}/"
    assert "€100.00 goes back to your card." in client.get(f"{here}cancel").content.decode()
    cancelled(booking)
    assert SAID["en"][0] in client.get(here).content.decode()


def test_nothing_is_said_of_money_that_was_never_paid(client: Client, booking: Booking) -> None:
    here = f"/salon/manage/{manage_token(booking.id)}/"
    assert "goes back" not in client.get(f"{here}cancel").content.decode()
    assert told(cancelled(booking), "en") == []
