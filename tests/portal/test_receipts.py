"""The receipt as a PDF: its text read back, line by line, and for nobody who may not see the booking."""

import io
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from holdfast.accounts.actions import create_api_key
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind
from holdfast.domain.money import Money
from holdfast.payments import bill
from holdfast.payments.facts import Fact
from holdfast.web import formats
from tests import factories
from tests.customers.doors import sign_in

PAID = Fact(EntryKind.RECEIVED, "pi_1", Money(12_000, "EUR"), details={"card": "visa 4242"})
BACK = Fact(EntryKind.REFUNDED, "re_1", Money(2_000, "EUR"), details={"card": "visa 4242"})


@pytest.fixture
def booking(organization: Organization) -> Booking:
    """100 and, on top, 20 % of tax, by the rates of the organization."""
    with transaction_for(organization.id):
        Organization.objects.filter(id=organization.id).update(
            name="Salon Łódź & Été", address="1 rue de l’Échiquier\n75010 Paris"
        )
    organization.refresh_from_db()
    factories.make_resource(organization)
    factories.make_tax(organization, "20")
    service = factories.make_service(organization, price_amount=12_000)
    made = factories.make_booking(organization, service, factories.local(organization, 3, 10))
    with transaction_for(organization.id):
        Booking.objects.filter(id=made.id).update(
            payment_method="card", customer_name="Zoë Ångström-Ñandú Ελένη", version=made.version + 1
        )
        return Booking.objects.select_related("service", "organization").get(id=made.id)


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace("\u00a0", " ")


def url_of(booking: Booking) -> str:
    return f"/salon/manage/{manage_token(booking.id)}/receipt.pdf"


def test_a_receipt_says_what_it_costs_the_tax_in_it_and_what_was_paid(client: Client, booking: Booking) -> None:
    payment = factories.make_payment(booking, PAID)
    factories.learn(booking, BACK, payment=payment)
    page = client.get(url_of(booking))
    assert (page.headers["Content-Type"], "no-store" in page.headers["Cache-Control"]) == ("application/pdf", True)
    lines = text_of(page.content).splitlines()
    told = ["Salon Łódź & Été", "1 rue de l’Échiquier", "Receipt", booking.reference, "Zoë Ångström-Ñandú Ελένη"]
    assert [each for each in told if not any(each in line for line in lines)] == []
    read = "\n".join(lines)
    for words in ("€120.00", "Tax, 20% (Net: €100.00)", "€20.00", "Paid by card, Visa ··4242", "-€20.00"):
        assert words in read


def test_its_lines_are_those_of_the_one_bill_and_add_up(client: Client, booking: Booking) -> None:
    factories.make_payment(booking, PAID)
    with transaction_for(booking.organization_id):
        billed = bill.for_customer(booking)
    assert billed is not None
    read = " ".join(text_of(client.get(url_of(booking)).content).split())
    for line in billed.lines:
        assert f"{line.words} {formats.money(line.amount, 'EUR')}" in read
    *parts, rest = [line.amount for line in billed.lines if not line.is_sum or line is billed.lines[-1]]
    assert (sum(parts), rest) == (0, 0)


@pytest.mark.parametrize(
    ("language", "title", "paid"),
    [("fr", "Reçu", "Payé par carte, Visa ··4242"), ("es", "Recibo", "Pagado con tarjeta, Visa ··4242")],
)
def test_it_is_in_the_customers_language_whoever_asks(
    client: Client, booking: Booking, language: str, title: str, paid: str
) -> None:
    with transaction_for(booking.organization_id):
        Booking.objects.filter(id=booking.id).update(customer_locale=language, version=booking.version + 1)
    factories.make_payment(booking, PAID)
    content = client.get(url_of(booking), headers={"Accept-Language": "en"}).content
    reader = PdfReader(io.BytesIO(content))
    assert reader.metadata
    assert reader.metadata.title == f"{title} {booking.reference}"
    assert str(reader.root_object["/Lang"]) == language
    assert paid in text_of(content)


def test_it_can_be_read_aloud_with_its_headings_and_nothing_of_it_is_a_picture(
    client: Client, booking: Booking
) -> None:
    payment = factories.make_payment(booking, PAID)
    for number in range(40):  # a second page
        factories.learn(booking, replace(BACK, about=f"re_{number}", amount=Money(100, "EUR")), payment=payment)
    reader: Any = PdfReader(io.BytesIO(client.get(url_of(booking)).content))
    root = reader.root_object
    assert (root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (True, True)
    elements = [each.get_object() for each in root["/StructTreeRoot"]["/K"][0]["/K"]]
    kinds = [each["/S"] for each in elements]
    assert (kinds.count("/H1"), kinds.count("/H2"), set(kinds)) == (1, 3, {"/H1", "/H2", "/P"})
    drawn = [page.get_contents().get_data() for page in reader.pages]
    assert len(drawn) == 2
    for each in drawn:
        assert each.count(b" BDC") + each.count(b" BMC") == each.count(b"EMC")
    assert sum(each.count(b" BDC") for each in drawn) == len(elements)
    assert [len(page.images) for page in reader.pages] == [0, 0]
    assert "\ufffd" not in "".join(page.extract_text() for page in reader.pages)


def test_the_same_booking_gives_the_same_receipt(client: Client, booking: Booking) -> None:
    factories.make_payment(booking, PAID)
    assert client.get(url_of(booking)).content == client.get(url_of(booking)).content


def test_before_anything_is_paid_there_is_none(client: Client, booking: Booking) -> None:
    page = client.get(url_of(booking), follow=True)
    assert "Nothing was paid for this booking yet" in page.content.decode()
    assert "receipt.pdf" not in page.content.decode()
    answer = client.get(f"/api/v1/salon/bookings/{booking.reference}/receipt.pdf?token={manage_token(booking.id)}")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_paid")


def test_the_api_gives_it_to_its_customer_keys_and_staff_and_to_nobody_else(
    client: Client, organization: Organization, booking: Booking
) -> None:
    factories.make_payment(booking, PAID)
    path = f"/api/v1/salon/bookings/{booking.reference}/receipt.pdf"
    _key, secret = create_api_key(organization_id=organization.id, name="Reader")
    staff = Client()
    staff.force_login(factories.make_staff(organization))
    answers = [
        client.get(path, {"token": manage_token(booking.id)}),
        client.get(path, headers={"Authorization": f"Bearer {secret}"}),
        staff.get(path),
        client.get(path),
        client.get(path, {"token": manage_token(organization.id)}),
    ]
    assert [each.status_code for each in answers] == [200, 200, 200, 404, 404]
    assert text_of(answers[0].content) == text_of(client.get(url_of(booking)).content)


def test_who_is_signed_in_has_their_own_and_nobody_elses(
    client: Client, organization: Organization, booking: Booking
) -> None:
    factories.make_payment(booking, PAID)
    other = factories.make_booking(organization, booking.service, factories.local(organization, 4, 10))
    with transaction_for(organization.id):
        Booking.objects.filter(id=other.id).update(customer_email="ben@example.com", version=other.version + 1)
    factories.make_payment(other, Fact(EntryKind.RECEIVED, "pi_2", Money(12_000, "EUR")))
    own, bens = (f"/salon/portal/bookings/{each.reference}/receipt.pdf" for each in (booking, other))
    assert client.get(own).status_code == 302
    sign_in(client, organization)
    assert own in client.get("/salon/portal/").content.decode()
    assert (client.get(own).status_code, client.get(bens).status_code) == (200, 404)
