"""Organizations see and write their own rows and nobody else's; whoever forgets to name one sees nothing (Law 3)."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DataError, connection, connections, transaction
from psycopg import errors, sql
from pytest_django import DjangoDbBlocker

from holdfast.alerts.models import Alert, AlertNotice
from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.models import Booking, KeptBooking, LimitOverride, PromotionUse, Rotation, Series
from holdfast.bookings.steps import Actor
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
from holdfast.core.embedded_postgres import APP, SUPERUSER
from holdfast.core.errors import NotFound
from holdfast.core.grants import APPEND_ONLY
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
from tests import database, factories, proofs

# Every table with a row for each organization, found in the database itself, so that a new one is tested too.
TENANT_TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""
# Read by everybody before it is known for whom: the address leads to the organization.
PUBLIC = "catalog_organization"


@dataclass(frozen=True)
class World:
    """Two organizations with something in every table, in a database of their own."""

    database: str
    ours: Organization
    theirs: Organization
    booking: Booking

    def tables(self) -> list[str]:
        return [name for name, _, _ in proofs.rows(self.database, TENANT_TABLES)]


@pytest.fixture(scope="module")
def furnished(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    before = connections["default"].settings_dict["NAME"]
    name = database.copy_template("tenants")
    with django_db_blocker.unblock():
        database.use(name)
        first, second = factories.make_organization(), factories.make_organization()
        bookings = [furnish(first), furnish(second)]
        database.use(before)
    yield World(name, first, second, bookings[1])
    database.drop(name)


@pytest.fixture
def world(furnished: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Shared by the tests of this file: none of them commits a change."""
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        database.use(furnished.database)
        yield furnished
        connections.close_all()
        database.use(before)


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


@pytest.fixture
def app(world: World) -> Iterator[psycopg.Connection[Any]]:
    """The application's role, without Django."""
    with psycopg.connect(database.url(APP, world.database)) as connection:
        yield connection
        connection.rollback()


def work_for(app: psycopg.Connection[Any], organization_id: UUID | None) -> None:
    app.execute("SELECT set_config('holdfast.organization', %s, true)", [str(organization_id or "")])


def test_every_table_of_organizations_forces_row_security(world: World) -> None:
    found = proofs.rows(world.database, TENANT_TABLES)
    assert len(found) >= 16
    assert [name for name, enabled, forced in found if not (enabled and forced)] == []
    organization = proofs.rows(
        world.database, "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", [PUBLIC]
    )
    assert organization == [(True, True)]


def test_the_applications_role_owns_nothing_and_bypasses_nothing(world: World) -> None:
    query = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = %s"
    assert proofs.rows(world.database, query, [APP]) == [(False,) * 5]
    owned = "SELECT count(*) FROM pg_class WHERE relowner = %s::regrole AND relnamespace = 'public'::regnamespace"
    assert proofs.rows(world.database, owned, [APP]) == [(0,)]
    granted = "SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole"
    assert proofs.rows(world.database, granted, [APP]) == [(0,)]


def test_whoever_names_no_organization_sees_no_row_of_any(world: World, app: psycopg.Connection[Any]) -> None:
    for table in world.tables():
        seen = app.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a name from pg_class
        assert seen == (0,), table
        there = proofs.rows(world.database, f"SELECT count(DISTINCT organization_id) FROM {table}")  # noqa: S608
        assert there == [(2,)], f"{table} is empty here: furnish() makes no row for it, so nothing is shown"


def test_each_sees_its_own_rows_only(world: World, app: psycopg.Connection[Any]) -> None:
    work_for(app, world.ours.id)
    for table in world.tables():
        seen = app.execute(f"SELECT DISTINCT organization_id FROM {table}").fetchall()  # noqa: S608
        assert seen == [(world.ours.id,)], table


def test_nobody_writes_into_another_organization(world: World, app: psycopg.Connection[Any]) -> None:
    for table in world.tables():
        app.rollback()
        work_for(app, world.theirs.id)
        columns = [
            name
            for (name,) in app.execute(
                """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
                AND attgenerated = '' AND attidentity = ''""",
                [table],
            ).fetchall()
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        app.execute(f"CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 1")  # noqa: S608
        work_for(app, world.ours.id)
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            app.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM copied")  # noqa: S608


def test_nobody_changes_or_removes_rows_of_another(world: World, app: psycopg.Connection[Any]) -> None:
    for table in set(world.tables()) - set(APPEND_ONLY):
        app.rollback()
        work_for(app, world.ours.id)
        theirs = [world.theirs.id]
        update = f"UPDATE {table} SET organization_id = organization_id WHERE organization_id = %s"  # noqa: S608
        assert app.execute(update, theirs).rowcount == 0, table
        assert app.execute(f"DELETE FROM {table} WHERE organization_id = %s", theirs).rowcount == 0, table  # noqa: S608


def test_no_row_is_given_to_another(world: World, app: psycopg.Connection[Any]) -> None:
    work_for(app, world.ours.id)
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        app.execute("UPDATE catalog_team SET organization_id = %s", [world.theirs.id])


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_history_is_added_to_and_never_rewritten(
    world: World, app: psycopg.Connection[Any], table: str, verb: str
) -> None:
    statements = {
        "UPDATE": f"UPDATE {table} SET at = now()",  # noqa: S608
        "DELETE": f"DELETE FROM {table}",  # noqa: S608
        "TRUNCATE": f"TRUNCATE {table}",
    }
    work_for(app, world.ours.id)
    with pytest.raises(errors.InsufficientPrivilege, match="permission denied"):
        app.execute(statements[verb])


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_not_even_the_owner_rewrites_history(world: World, table: str) -> None:
    with pytest.raises(errors.RestrictViolation, match="append-only"), _as_superuser(world) as connection:
        connection.execute(f"UPDATE {table} SET at = now()")  # noqa: S608


@contextlib.contextmanager
def _as_superuser(world: World) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.url(SUPERUSER, world.database)) as connection:
        yield connection


def test_everybody_may_read_which_organizations_there_are_but_only_itself_writes_one(
    world: World, app: psycopg.Connection[Any]
) -> None:
    assert app.execute("SELECT count(*) FROM catalog_organization").fetchone() == (2,)
    assert app.execute("UPDATE catalog_organization SET name = 'x'").rowcount == 0
    work_for(app, world.ours.id)
    assert app.execute("UPDATE catalog_organization SET name = 'x'").rowcount == 1


def test_the_organization_ends_with_its_transaction(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        first = cursor.fetchone()
    with transaction_for(world.ours.id):
        assert Booking.objects.count() == 1
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('holdfast.organization', true)")
        assert cursor.fetchone() == (*(first or ()), ""), "the same connection"
        assert Booking.objects.count() == 0
    assert Booking.objects.count() == 0


def test_the_organization_ends_with_a_transaction_that_failed(world: World) -> None:
    with contextlib.suppress(ZeroDivisionError), transaction_for(world.ours.id):
        raise ZeroDivisionError
    assert Booking.objects.count() == 0
    with transaction_for(world.theirs.id):
        assert Booking.objects.get() == world.booking


def test_a_transaction_inside_another_gives_the_outer_one_back(world: World) -> None:
    def seen() -> list[UUID]:
        return list(Booking.objects.values_list("organization_id", flat=True))

    with transaction_for(world.ours.id):
        with transaction_for(world.theirs.id):
            with transaction_for(world.theirs.id):
                assert seen() == [world.theirs.id]
            assert seen() == [world.theirs.id]
        assert seen() == [world.ours.id]
        with contextlib.suppress(ZeroDivisionError), transaction_for(world.theirs.id):
            raise ZeroDivisionError
        assert seen() == [world.ours.id]
        with transaction_for(world.theirs.id):
            assert seen() == [world.theirs.id]
        assert seen() == [world.ours.id]
    with transaction.atomic():
        with transaction_for(world.ours.id):
            assert seen() == [world.ours.id]
        assert seen() == []


def test_an_organization_is_never_named_outside_a_transaction(world: World) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction only"):
        set_organization(world.ours.id)


def test_nonsense_for_an_organization_is_an_error_and_not_everything(world: World) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('holdfast.organization', 'everyone', true)")
        with pytest.raises(DataError, match="uuid"):
            Booking.objects.count()
        transaction.set_rollback(True)


def test_an_action_on_another_organizations_booking_finds_nothing(world: World) -> None:
    with pytest.raises(NotFound):
        actions.cancel(
            organization=world.ours, booking_id=world.booking.id, version=1, actor=Actor("staff", "of another")
        )


def test_a_service_of_another_organization_cannot_be_booked(world: World) -> None:
    with pytest.raises(NotFound):
        actions.book(
            organization=world.ours,
            wish=Wish(service=world.booking.service.slug),
            starts_at=factories.local(world.ours, 3, 12),
            details=factories.DETAILS,
        )


def test_without_row_security_all_rows_would_be_seen(world: World) -> None:
    """The twin: it is row-level security that keeps them apart, not our queries."""
    with _as_superuser(world) as connection:
        for statement, seen in (("SELECT 1", 1), ("ALTER TABLE bookings_booking DISABLE ROW LEVEL SECURITY", 2)):
            connection.execute(statement)
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(APP)))
            work_for(connection, world.ours.id)
            assert connection.execute("SELECT count(*) FROM bookings_booking").fetchone() == (seen,)
            connection.execute("RESET ROLE")
        connection.rollback()
