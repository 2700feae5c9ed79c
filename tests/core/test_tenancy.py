"""Organizations see and write their own rows and nobody else's; whoever forgets to name one sees nothing (Law 3)."""

import contextlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DataError, connection, connections, transaction
from psycopg import errors, sql
from pytest_django import DjangoDbBlocker

from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.core.embedded_postgres import APP, SUPERUSER
from holdfast.core.errors import NotFound
from holdfast.core.grants import APPEND_ONLY
from holdfast.core.tenancy import set_organization, transaction_for
from tests import database, factories, proofs
from tests.core.furnished import TENANT_TABLES, World, furnish

# Read by everybody before it is known for whom: the address leads to the organization.
PUBLIC = "catalog_organization"


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
