"""All of one's data as a file, and its erasure: asked for, confirmed by mail, carried out by staff, for good."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from psycopg import sql

from holdfast.accounts.models import Role
from holdfast.bookings import actions
from holdfast.bookings.models import Booking, Note
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.customers.models import CustomerAccount, ErasureRequest
from holdfast.customers.tasks import forget
from holdfast.domain.ledger import EntryKind
from holdfast.domain.money import Money
from holdfast.events.models import Event
from holdfast.notifications.actions import compose_messages, forget_mails_about_accounts
from holdfast.notifications.models import Message
from holdfast.payments.facts import Fact
from holdfast.payments.models import LedgerEntry
from tests import factories
from tests.customers.doors import ANA, mails_of, path_in, sign_in

ERASE, EXPORT = "/salon/portal/account/erase", "/salon/portal/account/export.json"
PAID = Fact(EntryKind.RECEIVED, "pi_1", Money(10_000, "EUR"), details={"card": "visa 4242"})


@pytest.fixture
def past(booking: Booking) -> Booking:
    """Ana's booking with all that it may say of her, cancelled and paid for."""
    with transaction_for(booking.organization_id):
        Booking.objects.filter(id=booking.id).update(
            version=2,
            customer_note="Ring twice at Reyes",
            answers={"allergies": "nuts"},
            attendees=[{"name": "Ana Reyes", "email": ANA}],
        )
        Note.objects.create(
            organization_id=booking.organization_id, booking=booking, author="Sam", text="Ana is kind", at=clock.now()
        )
        event = Event.objects.get(kind="booking.confirmed", subject=booking.id)
    compose_messages(organization_id=booking.organization_id, event_id=event.id)
    factories.make_payment(booking, PAID)
    gone = actions.cancel(organization=booking.organization, booking_id=booking.id, version=2, actor=CUSTOMER)
    gone.service = booking.service
    return gone


@pytest.fixture
def others(organization: Organization, past: Booking) -> Booking:
    """Ben's booking, to which Ana comes along."""
    booking = factories.make_booking(organization, past.service, factories.local(organization, 5, 10))
    with transaction_for(organization.id):
        Booking.objects.filter(id=booking.id).update(
            version=2,
            customer_email="ben@example.com",
            customer_name="Ben",
            customer_phone="+33199005678",
            attendees=[{"name": "Ana Reyes", "email": "Ana@Example.com"}, {"name": "Cleo", "email": ""}],
        )
    return booking


@pytest.fixture
def ana(client: Client, past: Booking) -> Client:
    sign_in(client, past.organization)
    return client


def confirmed(ana: Client, organization: Organization) -> ErasureRequest:
    ana.post(ERASE)
    [mail] = mails_of(organization, "customer.erasure_asked")
    Client().post(path_in(mail))
    with transaction_for(organization.id):
        return ErasureRequest.objects.get()


def carry_out(organization: Organization, asked: ErasureRequest, role: Role = Role.OWNER) -> Any:
    staff = Client()
    staff.force_login(factories.make_staff(organization, role=role))
    return staff.post(f"/desk/erasures/{asked.id}/", follow=True)


def everything_but(organization: Organization, *left_out: str) -> str:
    """All rows of all tables of an organization, as text."""
    with transaction_for(organization.id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND column_name = 'organization_id'"
        )
        tables = sorted({name for (name,) in cursor.fetchall()} - set(left_out))
        found = []
        for table in tables:
            rows = sql.SQL("SELECT to_jsonb(t)::text FROM {} t WHERE organization_id = %s").format(
                sql.Identifier(table)
            )
            cursor.execute(rows, [organization.id])
            found += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return "\n".join(found)


def test_the_file_has_everything_of_the_address_and_nothing_of_others(ana: Client, others: Booking) -> None:
    page = ana.get(EXPORT)
    assert 'attachment; filename="salon-' in page.headers["Content-Disposition"]
    found = json.loads(page.content)
    [booking] = found["bookings"]
    assert (booking["customer"]["email"], booking["note"]) == (ANA, "Ring twice at Reyes")
    assert [each["action"] for each in booking["history"]] == ["book", "cancel"]
    assert [each["text"] for each in booking["notes"]] == ["Ana is kind"]
    assert ("received", 10_000, "visa 4242") in [(e["kind"], e["amount"], e["card"]) for e in booking["money"]]
    assert [mail["subject"][:10] for mail in found["mails"]] == ["Confirmed:"]
    assert found["attending"][0]["as"] == [{"name": "Ana Reyes", "email": "Ana@Example.com"}]
    assert [each in page.content.decode() for each in ("ben@", "Cleo", "hash", "digest")] == [False] * 4


def test_the_file_is_in_the_accounts_language_whoever_fetches_it(ana: Client, others: Booking) -> None:
    factories.make_policy(others.organization, (24 * 60, 2_500))
    agreed = factories.make_booking(others.organization, others.service, factories.local(others.organization, 6, 10))
    with transaction_for(others.organization_id):
        Booking.objects.filter(id=agreed.id).update(version=2, customer_email=ANA)
    booking = json.loads(ana.get(EXPORT, headers={"Accept-Language": "fr"}).content)["bookings"][-1]
    assert booking["cancellation"]["words"][-1] == "If you miss it: 100% = €100.00"


def test_nobody_exports_without_signing_in(past: Booking) -> None:
    assert Client().get(EXPORT).status_code == 302


def test_an_erasure_begins_only_when_it_is_confirmed_by_mail(ana: Client, organization: Organization) -> None:
    ana.post(ERASE)
    [mail] = mails_of(organization, "customer.erasure_asked")
    assert mail.recipient == ANA
    Client().get(path_in(mail))  # as a scanner would
    with transaction_for(organization.id):
        asked = ErasureRequest.objects.get()
    assert asked.confirmed_at is None
    assert carry_out(organization, asked).status_code == 404
    Client().post(path_in(mail))
    assert "person wants their data erased" in _today(organization)


def _today(organization: Organization) -> str:
    staff = Client()
    staff.force_login(factories.make_staff(organization, role=Role.MANAGER))
    return staff.get("/desk/").content.decode()


def test_one_button_takes_the_person_out_of_everything_and_leaves_the_books(
    ana: Client, organization: Organization, past: Booking, others: Booking
) -> None:
    page = carry_out(organization, confirmed(ana, organization))
    assert "1 booking no longer says whose it was" in page.content.decode()
    with transaction_for(organization.id):
        erased = Booking.objects.get(id=past.id)
        bens = Booking.objects.get(id=others.id)
        assert (erased.customer_name, erased.customer_phone, erased.customer_note) == ("Erased", "", "")
        assert erased.customer_email == f"{past.reference.lower()}@erased.invalid"
        assert (erased.price_amount, erased.state, erased.reference) == (10_000, "cancelled", past.reference)
        assert bens.attendees == [{"name": "Cleo", "email": ""}]
        assert LedgerEntry.objects.filter(booking=past, kind="received", amount=10_000).count() == 1
        assert (CustomerAccount.objects.count(), Note.objects.count()) == (0, 0)
    kept = everything_but(organization, "customers_erasurerequest").lower()
    assert [each in kept for each in (ANA, "reyes", "nuts", "is kind", "+33199001234")] == [False] * 5
    assert ana.get("/salon/portal/").status_code == 302


def test_the_last_mail_says_that_it_is_done_and_is_forgotten_after_a_month(
    ana: Client, organization: Organization
) -> None:
    carry_out(organization, confirmed(ana, organization))
    [mail] = mails_of(organization, "customer.erased")
    assert (mail.recipient, mail.subject) == (ANA, "Your data at Salon has been erased")
    with clock.stopped(clock.now() + timedelta(days=31)):
        forget(organization.id)
        forget_mails_about_accounts(organization_id=organization.id, before=clock.now() - timedelta(days=30))
    with transaction_for(organization.id):
        assert (ErasureRequest.objects.get().email, Message.objects.filter(recipient=ANA).count()) == ("", 0)


def test_bookings_to_come_stand_in_the_way_when_asking_and_when_carrying_out(
    ana: Client, organization: Organization, past: Booking
) -> None:
    asked = confirmed(ana, organization)
    coming = factories.make_booking(organization, past.service, factories.local(organization, 4, 10))
    page = carry_out(organization, asked)
    assert coming.reference in page.content.decode()
    with transaction_for(organization.id):
        assert (ErasureRequest.objects.get().done_at, Booking.objects.get(id=past.id).customer_email) == (None, ANA)
    assert coming.reference in ana.get(ERASE).content.decode()
    ana.post(ERASE, {"withdraw": "1"})
    assert "have to be cancelled or over" in ana.post(ERASE, follow=True).content.decode()


def test_what_was_withdrawn_is_not_carried_out_nor_confirmed_any_more(
    ana: Client, organization: Organization, past: Booking
) -> None:
    ana.post(ERASE)
    [mail] = mails_of(organization, "customer.erasure_asked")
    ana.post(ERASE, {"withdraw": "1"})
    assert (Client().get(path_in(mail)).status_code, Client().post(path_in(mail)).status_code) == (404, 404)
    asked = _withdrawn(ana, organization)
    assert carry_out(organization, asked).status_code == 404


def _withdrawn(ana: Client, organization: Organization) -> ErasureRequest:
    ana.post(ERASE)
    [mail] = mails_of(organization, "customer.erasure_asked")
    Client().post(path_in(mail))
    ana.post(ERASE, {"withdraw": "1"})
    with transaction_for(organization.id):
        return ErasureRequest.objects.latest("asked_at")


def test_dispatchers_and_other_organizations_cannot_erase(
    ana: Client, organization: Organization, other_organization: Organization, past: Booking
) -> None:
    asked = confirmed(ana, organization)
    assert carry_out(organization, asked, Role.DISPATCHER).status_code == 403
    assert carry_out(other_organization, asked).status_code == 404
    with transaction_for(organization.id):
        assert ErasureRequest.objects.get().done_at is None
