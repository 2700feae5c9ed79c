"""What the link's page says of a booking's money: what it costs, what was paid, and how the rest is."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from holdfast.bookings import actions
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind
from holdfast.domain.money import Money
from holdfast.payments import bill, by_staff, words
from holdfast.payments.facts import Fact
from tests import factories

PAID = Fact(EntryKind.RECEIVED, "pi_1", Money(10_000, "EUR"), details={"card": "visa 4242"})
GIVEN_BACK = Fact(EntryKind.REFUNDED, "re_1", Money(10_000, "EUR"), details={"card": "visa 4242"})
KEPT = Fact(EntryKind.CARD_KEPT, "seti_1", details={"card": "pm_1"})
OVER = {
    "en": [("Fee", 0), ("Paid", -10_000), ("Goes back to your card", 10_000)],
    "fr": [("Frais", 0), ("Payé", -10_000), ("Remboursé sur votre carte", 10_000)],
}


@pytest.fixture
def booking(organization: Organization) -> Booking:
    factories.make_resource(organization)
    service = factories.make_service(organization)
    made = factories.make_booking(organization, service, factories.local(organization, 3, 10))
    return changed(made, payment_method="card")


def changed(booking: Booking, **columns: Any) -> Booking:
    with transaction_for(booking.organization_id):
        Booking.objects.filter(id=booking.id).update(version=booking.version + 1, **columns)
        return Booking.objects.select_related("service", "organization").get(id=booking.id)


def priced(booking: Booking, terms: Mapping[str, Any], **lines: int) -> Booking:
    kept = [
        {"key": "per_booking", "kind": name, "unit_amount": amount, "amount": amount} for name, amount in lines.items()
    ]
    kept = [line | {"key": "tip"} if line["kind"] == "tip" else line for line in kept]
    return changed(booking, price_amount=sum(lines.values()), price_lines=kept, terms=terms)


def cancelled(booking: Booking) -> Booking:
    return actions.cancel(
        organization=booking.organization, booking_id=booking.id, version=booking.version, actor=CUSTOMER
    )


def billed(booking: Booking, language: str = "en") -> tuple[list[tuple[str, int]], str]:
    """The lines, and the sentence below them."""
    with translation.override(language), transaction_for(booking.organization_id):
        found = bill.for_customer(booking)
    return ([(line.words, line.amount) for line in found.lines], found.said) if found else ([], "")


def test_the_tax_in_the_price_is_told_apart_a_line_for_each_rate_and_to_the_cent(booking: Booking) -> None:
    rates = [
        {"tax_rate": "a", "taxed": {"percent": 10, "tax_name": {"en": "VAT", "fr": "TVA"}}, "tax": 909, "net": 9091},
        {"tax_rate": "b", "taxed": {"percent": "11/2", "tax_name": {"en": "Drinks"}}, "tax": 104, "net": 1896},
    ]
    lines = [{"key": "per_booking", "unit_amount": 1, "amount": rate["tax"] + rate["net"], **rate} for rate in rates]  # type: ignore[operator]
    taxed = changed(booking, price_amount=12_000, price_lines=lines)
    with translation.override("en"), transaction_for(taxed.organization_id):
        found = bill.for_customer(taxed)
        assert found is not None
        (price,) = (line for line in found.lines if line.is_sum)
    assert (price.amount, price.because) == (12_000, "of which VAT 10%: €9.09\nof which Drinks 5.5%: €1.04")
    page = Client().get(f"/salon/manage/{manage_token(taxed.id)}/").content.decode()
    assert "of which VAT 10%: €9.09<br>of which Drinks 5.5%: €1.04" in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_cancelled_booking_says_what_was_paid_what_goes_back_and_what_went_back(
    booking: Booking, language: str
) -> None:
    payment = factories.make_payment(booking, PAID)
    over = cancelled(booking)
    assert billed(over, language) == (OVER[language], "")
    factories.learn(over, GIVEN_BACK, payment=payment)
    assert billed(over)[0][1:] == [("Paid", -10_000), ("Given back", 10_000), ("Still to be paid", 0)]


def test_a_deposit_a_tip_and_the_rest_add_up(booking: Booking) -> None:
    tipped = priced(booking, {"due_now": 3000}, service=10_000, tip=1000)
    parts = [("Massage", 10_000), ("Tip", 1000), ("Price", 11_000)]
    assert billed(tipped) == (parts, "To be paid on the day; nothing was charged yet.")
    deposit = Fact(EntryKind.RECEIVED, "pi_1", Money(3000, "EUR"), details={"card": "visa 4242"})
    factories.make_payment(tipped, deposit)
    paid = [("Paid as a deposit", -3000), ("Still to be paid", 8000)]
    assert billed(tipped) == (parts + paid, "The rest, €80.00, is to be paid on the day.")


def test_what_was_let_off_and_given_back_leaves_nothing_of_the_old_price_to_pay(booking: Booking) -> None:
    factories.make_payment(booking, PAID)
    with transaction_for(booking.organization_id):
        seen = by_staff.size_of(booking.id)
    sam = Actor("staff", "Sam")
    by_staff.give_back(booking=booking, amount=Money(4000, "EUR"), reason="An hour late", seen=seen, actor=sam)
    lines, said = billed(booking)
    assert lines == [
        ("Price", 10_000), ("Let off", -4000), ("Total", 6000), ("Paid", -10_000), ("Given back", 4000),
        ("Still to be paid", 0),
    ]  # fmt: skip
    assert said == ""


def test_a_card_that_is_kept_says_when_it_is_charged_and_names_no_card_that_is_not_known(booking: Booking) -> None:
    kept = changed(booking, payment_method="card_on_file", terms={"due_now": 0, "hold_ahead": 1440})
    factories.make_payment(kept, KEPT)
    said = billed(kept)[1]
    assert said.startswith("Nothing was charged yet. €100.00 is charged to your card after the service. From ")
    assert said.endswith(", 10:00\N{NARROW NO-BREAK SPACE}AM on, your bank may be asked to set it aside.")
    held = Fact(EntryKind.HELD, "pi_1", Money(10_000, "EUR"), details={"card": "unknown 4242"})
    factories.make_payment(kept, held)
    assert billed(kept)[1] == "€100.00 is held on card ··4242 and is charged after the service."


def test_the_agreement_about_a_kept_card_names_the_fees_that_are_shown_and_no_other(booking: Booking) -> None:
    assert "fee" not in words.consent(booking, booking.organization)
    assert "miss it" not in words.consent(booking, booking.organization)
    agreed = changed(booking, terms={"ladder": [{"within": 1440, "percent": "50"}], "no_show": {"percent": "100"}})
    text = words.consent(agreed, agreed.organization)
    assert text.endswith(": Free; Until it begins: 50% = €50.00; If you miss it: 100% = €100.00.")


def test_the_page_says_it_before_and_after_cancelling(client: Client, booking: Booking) -> None:
    factories.make_payment(booking, PAID)
    here = f"/salon/manage/{manage_token(booking.id)}/"
    assert "€100.00 goes back to your card." in client.get(f"{here}cancel").content.decode()
    cancelled(booking)
    assert "Goes back to your card" in client.get(here).content.decode()


def test_nothing_is_said_of_money_that_was_never_paid(client: Client, booking: Booking) -> None:
    here = f"/salon/manage/{manage_token(booking.id)}/"
    assert "goes back" not in client.get(f"{here}cancel").content.decode()
    assert billed(cancelled(booking)) == ([], "")
