"""Two organizations with something in every table, in a database of their own."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from holdfast.alerts.models import Alert, AlertNotice
from holdfast.bookings import actions
from holdfast.bookings.models import Booking, KeptBooking, LimitOverride, PromotionUse, Rotation, Series
from holdfast.catalog.models import (
    Closure,
    HoursException,
    NamedPlace,
    Organization,
    Question,
    Service,
    Team,
    WorkedHoliday,
)
from holdfast.catalog.models.limits import Limit
from holdfast.core import clock
from holdfast.core.idempotency import Answer, answer_once
from holdfast.core.tenancy import set_organization, transaction_for
from holdfast.customers.models import (
    Challenge,
    CustomerAccount,
    CustomerSession,
    ErasureRequest,
    Passkey,
    SignInLink,
    SignInTry,
)
from holdfast.domain.money import Money
from holdfast.payments import actions as payments
from holdfast.payments.models import Difference, InboxEvent, PaymentKind, Reconciliation
from holdfast.pricing.models import KnownDistance, Promotion
from holdfast.waiting.models import WaitingEntry, WaitingOffer
from tests import factories, proofs

# Every table with a row for each organization, found in the database itself, so that a new one is tested too.
TENANT_TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""


@dataclass(frozen=True)
class World:
    """Two organizations with something in every table, in a database of their own."""

    database: str
    ours: Organization
    theirs: Organization
    booking: Booking

    def tables(self) -> list[str]:
        return [name for name, _, _ in proofs.rows(self.database, TENANT_TABLES)]


def furnish(organization: Organization) -> Booking:
    """At least one row in each table of an organization, made as the product makes it where it can."""
    resource, service = factories.make_resource(organization), factories.make_service(organization)
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10))
    actions.add_note(organization=organization, booking_id=booking.id, text="rings", author="Sam")
    factories.make_staff(organization)
    answer_once(organization_id=organization.id, key="k", operation="x", request={}, work=lambda: Answer(201, {}))
    day = factories.local(organization, 30, 0).date()
    with transaction_for(organization.id):
        Team.objects.create(organization=organization, slug="team", name="Team")
        HoursException.objects.create(organization=organization, resource=resource, date=day)
        Closure.objects.create(organization=organization, starts_on=day, ends_on=day)
        Question.objects.create(organization=organization, service=service, key="k", kind="text")
        WorkedHoliday.objects.create(organization=organization, date=day)
        Limit.objects.create(organization=organization, kind="customer", most=100)
    factories.make_tariff(organization, {"effect": "add", "amount": 1})
    factories.make_tax(organization, "20")
    factories.make_extra(organization, service, stock=1)
    promotion = furnish_prices(organization)
    with transaction_for(organization.id):
        furnish_bookings(organization, booking)
        PromotionUse.objects.create(
            organization=organization, booking=booking, promotion=promotion, code="SPRING", taken_off=1, at=clock.now()
        )
    furnish_payments(organization, booking)
    furnish_customers(organization)
    with connection.cursor() as cursor, transaction.atomic():
        set_organization(organization.id)
        cursor.execute(
            """INSERT INTO accounts_apikey (id, organization_id, name, prefix, digest, may_write, created_at)
            VALUES (gen_random_uuid(), %s, 'key', 'hf_', %s, false, now())""",
            [organization.id, organization.slug],
        )
        cursor.execute(
            """INSERT INTO legacy_imported_booking
                (id, organization_id, source, legacy_id, booking_id, "row", imported_at)
            VALUES (gen_random_uuid(), %s, 'v312', '1', %s, '{}', now())""",
            [organization.id, booking.id],
        )
        cursor.execute(
            """INSERT INTO notifications_message (id, organization_id, reason, message_id, kind, recipient, language,
                subject, text, html, calendar, state, attempts, last_error, created_at)
            VALUES (gen_random_uuid(), %s, 'r', 'm', 'k', 'a@b.example', 'en', '', '', '', '', 'queued', 0, '', now())
            """,
            [organization.id],
        )
    return booking


def furnish_prices(organization: Organization) -> Promotion:
    """Zones with their table and distances, ways to pay, tips, a deposit, a policy, a promotion."""
    factories.make_places(organization)
    factories.make_ways(organization)
    factories.make_option(organization, "card")
    factories.make_tips(organization)
    factories.make_deposit(organization, percent=30)
    factories.make_policy(organization, (60, "50"))
    with transaction_for(organization.id):
        origin, destination = NamedPlace.objects.all()[:2]
        KnownDistance.objects.create(organization=organization, origin=origin, destination=destination, metres=30_000)
        service = Service.objects.all()[0]
    return factories.make_promotion(organization, service)


def furnish_bookings(organization: Organization, booking: Booking) -> None:
    """What hangs on a booking or a service: rows that other tests make by the ways of the product."""
    service, now, day = booking.service, clock.now(), booking.starts_at.date()
    own: dict[str, Any] = {"organization": organization}
    said: dict[str, Any] = {**own, "booking": booking, "actor_name": "Sam", "reason": "r", "at": now}
    KeptBooking.objects.create(**said, code="closed", words="w", starts_at=booking.starts_at)
    LimitOverride.objects.create(**said, code="team_day_limit", words={}, day=day, most=1, used=1)
    Rotation.objects.create(**own, service=service)
    Series.objects.create(
        **own, service=service, rule="FREQ=DAILY;COUNT=2", time_zone="Europe/Paris", first_date=day, start_minute=600,
        created_at=now,
    )  # fmt: skip
    entry = WaitingEntry.objects.create(
        **own, service=service, duration_minutes=60, first_date=day, last_date=day, customer_name="Ana Reyes",
        customer_email="ana@example.com", joined_at=now,
    )  # fmt: skip
    WaitingOffer.objects.create(
        **own, entry=entry, booking=booking, starts_at=booking.starts_at, offered_at=now, expires_at=now
    )
    alert = Alert.objects.create(**own, booking=booking, rung=1, raised_at=now)
    AlertNotice.objects.create(
        **own, alert=alert, rung=1, address="sam@example.com", name="Sam", language="en", told_at=now
    )


def furnish_payments(organization: Organization, booking: Booking) -> None:
    """An account, a payment with an entry in the ledger, and news."""
    payments.connect_stripe(
        organization_id=organization.id, publishable_key="pk_test_0123456789", secret_key="sk_test_0123456789"
    )
    payments.use_webhook_secret(organization_id=organization.id, secret="whsec_0123456789")
    paid = payments.begin_payment(booking=booking, kind=PaymentKind.PREPAID, amount=Money(1, booking.price_currency))
    payments.keep_consent(payment=paid, text="keep it", language="en")
    with transaction_for(organization.id):
        InboxEvent.objects.create(
            organization=organization, event_id="evt_1", kind="k", payload=b"", received_at=clock.now()
        )
        run = Reconciliation.objects.create(
            organization=organization, since=clock.now(), until=clock.now(), started_at=clock.now(), seen_at=clock.now()
        )
        Difference.objects.create(
            organization=organization, run=run, kind="orphan", what="payment", object_id="pi_1", found_at=clock.now()
        )


def furnish_customers(organization: Organization) -> None:
    """Somebody with an account who signs in by every way, and wants to be forgotten."""
    own: dict[str, Any] = {"organization": organization}
    now = clock.now()
    with transaction_for(organization.id):
        account = CustomerAccount.objects.create(**own, email="ana@example.com", created_at=now, signed_in_at=now)
        SignInLink.objects.create(**own, email=account.email, browser="b", created_at=now, expires_at=now)
        CustomerSession.objects.create(
            **own, account=account, digest=organization.slug, way="link", created_at=now, expires_at=now
        )
        Passkey.objects.create(**own, account=account, credential_id=b"1", public_key=b"1", created_at=now)
        Challenge.objects.create(**own, value=b"1", account=account, expires_at=now)
        SignInTry.objects.create(**own, kind="link", network="n", person="p", at=now)
        ErasureRequest.objects.create(**own, email=account.email, asked_at=now)
