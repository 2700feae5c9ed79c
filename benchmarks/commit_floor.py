"""The floor of a booking: PostgreSQL inserting the same rows in one transaction, by `pgbench`, with nothing in between.

The rows are those of a `POST /bookings` with an Idempotency-Key: allocation, booking, transition, event, job, answer.
"""

import os
import re
import subprocess
import tempfile

import psycopg

from benchmarks.world import ZONE, World
from holdfast.core.embedded_postgres import APP, DATABASE, SUPERUSER

# A minute far beyond everything booked: each transaction takes the next hour of a resource.
FIRST_MINUTE = 60_000_000
SEQUENCE = "benchmark_place"

TRANSACTION = """
BEGIN;
SELECT set_config('holdfast.organization', '{organization}', true);
SELECT nextval('{sequence}') AS place, gen_random_uuid() AS booking, gen_random_uuid() AS key \\gset
INSERT INTO bookings_allocation (id, organization_id, booking_id, resource_id, lane, start_minute, end_minute, active)
SELECT gen_random_uuid(), '{organization}', :booking::uuid, ('{{{resources}}}'::uuid[])[:place::int % {count} + 1], 0,
    {first} + :place::int / {count} * 60, {first} + :place::int / {count} * 60 + 60, true
ON CONFLICT ON CONSTRAINT allocation_no_overlap DO NOTHING RETURNING id;
INSERT INTO bookings_booking (
    id, organization_id, reference, service_id, state, version, type, starts_at, ends_at, time_zone, party_size,
    customer_name, customer_email, customer_phone, customer_locale, customer_time_zone, customer_note, answers,
    price_amount, price_currency, price_lines, payment_method, calendar_sequence, created_at, updated_at)
VALUES (:booking::uuid, '{organization}', 'F' || :place::text, '{service}', 'confirmed', 1, 'standard', now(),
    now() + interval '1 hour', '{zone}', 1, 'Ana Reyes', 'ana@example.com', '+33199001234', 'en', '', '', '{{}}',
    10000, 'EUR', '[{{"key": "service", "quantity": "1", "unit_amount": 10000, "amount": 10000}}]', 'on_site', 0,
    now(), now());
INSERT INTO bookings_transition (
    id, organization_id, booking_id, action, from_state, to_state, actor_kind, actor_name, reason, details, at)
VALUES (gen_random_uuid(), '{organization}', :booking::uuid, 'book', '', 'confirmed', 'customer', '', '', '{{}}',
    now());
INSERT INTO events_event (organization_id, kind, subject, payload, xid, at)
VALUES ('{organization}', 'booking.confirmed', :booking::uuid,
    '{{"reference": "F", "state": "confirmed", "version": 1, "actor": "customer", "actor_name": "", "reason": ""}}',
    pg_current_xact_id(), now()) RETURNING id AS event \\gset
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, args)
VALUES ('mail', 'notifications.send_booking_mail', 0, 'mail:' || :booking::text,
    jsonb_build_object('event_id', :event::bigint, 'organization_id', '{organization}'));
INSERT INTO core_idempotentanswer (id, organization_id, key, operation, fingerprint, status, body, created_at)
VALUES (gen_random_uuid(), '{organization}', :key::text, 'book', repeat('f', 64), 201,
    jsonb_build_object('reference', 'F', 'padding', repeat('x', 900)), now());
COMMIT;
"""


def transactions_per_second(world: World, *, clients: int, seconds: int) -> float:
    """Raises RuntimeError when pgbench fails."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_transaction(world))
        script.flush()
        settings = psycopg.conninfo.conninfo_to_dict(world.url())
        command = [
            *(str(world.programs / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--file={script.name}"),
            *(f"--client={clients}", "--jobs=2", f"--time={seconds}", "--username", APP, DATABASE),
        ]
        place = {"PGHOST": str(settings["host"]), "PGPORT": str(settings["port"])}
        done = subprocess.run(command, env=os.environ | place, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode != 0 or found is None:
        raise RuntimeError(f"pgbench: {done.stderr[-2000:]}")
    return float(found[1])


def is_there(world: World) -> bool:
    return (world.programs / "pgbench").exists()


def _transaction(world: World) -> str:
    resources = world.resource_ids("any")
    with psycopg.connect(world.url(SUPERUSER), autocommit=True) as connection:
        connection.execute(f"CREATE SEQUENCE IF NOT EXISTS {SEQUENCE}")
        connection.execute(f"GRANT USAGE ON SEQUENCE {SEQUENCE} TO {APP}")
        row = connection.execute("SELECT id FROM catalog_service WHERE slug = 'any'").fetchone()
    assert row is not None
    return TRANSACTION.format(
        organization=world.organization_id,
        sequence=SEQUENCE,
        resources=",".join(map(str, resources)),
        count=len(resources),
        first=FIRST_MINUTE,
        service=row[0],
        zone=ZONE,
    )
