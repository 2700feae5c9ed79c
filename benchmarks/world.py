"""The world that is measured: a PostgreSQL of our own, with two databases that differ only in how much is booked."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg
from psycopg import sql

from benchmarks.report import say
from holdfast.core.embedded_postgres import APP, DATABASE, OWNER, SUPERUSER, EmbeddedPostgres
from holdfast.core.postgres_binaries import find_binaries

if TYPE_CHECKING:
    from holdfast.catalog.models import Organization

ORGANIZATION = "bench"
ZONE = "Europe/Paris"
RESOURCES, GROUP = 200, 10
GROUPS = RESOURCES // GROUP
HORIZON_DAYS = 90
SMALL = "small"
SMALL_ALLOCATIONS = 10_000
# The small database is filled this many days ahead, as densely as the large one; growth is measured on these days.
SMALL_DAYS = 7


@dataclass(frozen=True, slots=True)
class World:
    """Where everything is."""

    postgres: EmbeddedPostgres
    home: Path
    organization_id: UUID
    allocations: int

    def environment(self, database: str = DATABASE) -> dict[str, str]:
        """For processes that serve this database."""
        return {
            "DATABASE_URL": self.url(APP, database),
            "DATABASE_OWNER_URL": self.url(OWNER, database),
            "HOLDFAST_DATA_DIR": str(self.home / "files"),
            "HOLDFAST_LOG_LEVEL": "WARNING",
            "HOLDFAST_PREPARED_STATEMENTS": "1",  # as with the embedded database, which this is
        }

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        return self.postgres.url(role, database)

    @property
    def programs(self) -> Path:
        """Where the programs of the running PostgreSQL are."""
        return find_binaries().postgres.parent

    def resource_ids(self, group: str) -> list[UUID]:
        """The resources of a service's pool, in order."""
        query = "SELECT id FROM catalog_resource WHERE skills @> ARRAY[%s::varchar] ORDER BY slug"
        with psycopg.connect(self.url(SUPERUSER)) as connection:
            return [row[0] for row in connection.execute(query, [group]).fetchall()]


@contextmanager
def open_world(*, allocations: int) -> Iterator[World]:
    """Start, migrate, make the catalog, fill both databases; everything is gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="holdfast-bench-"))
    home.chmod(0o755)
    try:
        with EmbeddedPostgres(home) as postgres:
            yield _build(home, postgres, allocations)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _build(home: Path, postgres: EmbeddedPostgres, allocations: int) -> World:
    say(f"PostgreSQL runs in {home}; migrating")
    os.environ |= World(postgres, home, UUID(int=0), 0).environment()
    subprocess.run([sys.executable, "-m", "holdfast", "migrate", "--quiet"], check=True)
    organization = _make_catalog()
    with psycopg.connect(postgres.url(SUPERUSER, "postgres"), autocommit=True) as admin:
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        admin.execute(statement.format(*map(sql.Identifier, (SMALL, OWNER, DATABASE))))
    world = World(postgres, home, organization.id, allocations)
    fill(world, DATABASE, allocations, days_ahead=HORIZON_DAYS)
    fill(world, SMALL, SMALL_ALLOCATIONS, days_ahead=SMALL_DAYS)
    return world


def _make_catalog() -> "Organization":
    """200 people in groups of ten; a service for one of them, one for each group, and one that takes any of them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    import django

    django.setup()
    from django.db import connections

    from tests import factories

    organization = factories.make_organization(slug=ORGANIZATION, name="Benchmark", time_zone=ZONE)
    for number in range(RESOURCES):
        skills = ["any", f"group-{number // GROUP}", *(["solo"] if number == 0 else [])]
        factories.make_resource(organization, slug=f"person-{number:03}", skills=skills)
    for skill in ("solo", "any", *(f"group-{number}" for number in range(GROUPS))):
        factories.make_service(
            organization,
            slug=skill,
            needs=[{"kind": "person", "skills": [skill]}],
            step_minutes=15,
            horizon_days=HORIZON_DAYS,
            allows_series=True,
            series_horizon_days=400,
        )
    connections.close_all()
    return organization


# Each hour of each day of each person is taken or not, as a coin falls; from the last day backwards until there are
# enough. Keys rise, as those that the product makes. Triggers and references are not asked, which only a superuser
# may have so; the exclusion constraint is checked for all rows.
PLAN = """
CREATE TEMPORARY TABLE planned AS
SELECT number, resource_id, day,
    lpad(to_hex(1700000000000 + number), 12, '0') AS key,
    (extract(epoch FROM (day + make_interval(hours => hour)) AT TIME ZONE '{zone}') / 60)::int AS start_minute
FROM (
    SELECT row_number() OVER (ORDER BY day, resource_id, hour) AS number, * FROM (
        SELECT resource.id AS resource_id, current_date + day AS day, hour
        FROM generate_series({days_ahead}, {days_ahead} - {days_back}, -1) AS day, catalog_resource resource,
            generate_series(8, 19) AS hour
        WHERE random() < 0.5
        LIMIT {allocations}
    ) taken
) numbered
"""
BOOK = """
INSERT INTO bookings_booking (
    id, organization_id, reference, service_id, state, version, type, starts_at, ends_at, time_zone, party_size,
    customer_name, customer_email, customer_phone, customer_locale, customer_time_zone, customer_note, answers,
    price_amount, price_currency, price_lines, payment_method, calendar_sequence, created_at, updated_at)
SELECT (key || '70008000000000000000')::uuid, '{organization}', upper(lpad(to_hex(number), 8, '0')),
    (SELECT id FROM catalog_service WHERE slug = 'any'), 'confirmed', 1, 'standard',
    to_timestamp(start_minute * 60.0), to_timestamp((start_minute + 60) * 60.0), '{zone}', 1,
    'Customer ' || number, 'customer-' || number % 50000 || '@example.com', '', 'en', '', '', '{{}}',
    10000, 'EUR', '[]', 'on_site', 0, now(), now()
FROM planned ORDER BY number
"""
ALLOCATE = """
INSERT INTO bookings_allocation (
    id, organization_id, booking_id, requirement_id, resource_id, lane, start_minute, end_minute, active)
SELECT (key || '70009000000000000000')::uuid, '{organization}', (key || '70008000000000000000')::uuid,
    NULL, resource_id, 0, start_minute, start_minute + 60, true
FROM planned ORDER BY number
"""


def fill(world: World, database: str, allocations: int, *, days_ahead: int) -> None:
    """Book `allocations` hours, half of all there are, up to `days_ahead` days from today."""
    say(f"booking {allocations:,} hours in {database}")
    words: Mapping[str, object] = {
        "zone": ZONE,
        "organization": world.organization_id,
        "allocations": allocations,
        "days_ahead": days_ahead,
        "days_back": allocations // (RESOURCES * 5),
    }
    with psycopg.connect(world.url(SUPERUSER, database), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica; SELECT setseed(0.42)")
        connection.execute("SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'")
        connection.execute(PLAN.format(**words))
        with _indexes_built_afterwards(connection):
            connection.execute(BOOK.format(**words))
            connection.execute(ALLOCATE.format(**words))
        connection.execute("VACUUM ANALYZE")
        found = connection.execute("SELECT count(*) FROM bookings_allocation").fetchone()
    assert found == (allocations,)


@contextmanager
def _indexes_built_afterwards(connection: psycopg.Connection) -> Iterator[None]:
    """Inside, the two filled tables have their primary keys only: row by row, the rest takes several times as long."""
    constraint = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'allocation_no_overlap'"
    overlap = connection.execute(constraint).fetchone()
    assert overlap is not None
    connection.execute("ALTER TABLE bookings_allocation DROP CONSTRAINT allocation_no_overlap")
    indexes = connection.execute(
        """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid IN ('bookings_booking'::regclass, 'bookings_allocation'::regclass)
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"""
    ).fetchall()
    for name, _definition in indexes:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        connection.execute(definition)
    connection.execute(f"ALTER TABLE bookings_allocation ADD CONSTRAINT allocation_no_overlap {overlap[0]}")
