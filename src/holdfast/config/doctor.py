"""Is everything as it should be? Each check says what it found and, if it is not well, what to do."""

import http.client
import ssl
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from holdfast.bookings.limits.overbooked import exceeded_days
from holdfast.catalog.queries import organization_ids
from holdfast.config import doctor_money
from holdfast.config.findings import MIGRATE, NO_TABLES, Finding
from holdfast.core import clock
from holdfast.core.jobs import DEAD_AFTER_SECONDS

OLDEST_POSTGRES = 150_000
MOST_CLOCK_SKEW = 2.0


def examine() -> Iterator[Finding]:
    """Every check in order; without a database only those that need none."""
    database = _database()
    yield database
    if database.state != "ill":
        for check in (_extensions, _role, _row_security, _migrations, _worker, _database_clock, _limits):
            yield _guarded(check)
        yield from map(_guarded, doctor_money.CHECKS if _has_tables() else ())
    for check in (_mail, _base_url, _secrets):
        yield _guarded(check)


def _guarded(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:
        name = check.__name__.strip("_").replace("_", " ")
        return Finding(
            name, "ill", f"the check itself failed: {error}", "Mend what the message names and run it again."
        )


def _row(query: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return tuple(cursor.fetchone() or ())


def _has_tables() -> bool:
    """Whether `holdfast migrate` has been here at all."""
    return _row("SELECT to_regclass('public.procrastinate_workers') IS NOT NULL")[0] is True


def _database() -> Finding:
    try:
        (version,) = _row("SELECT current_setting('server_version_num')::int")
    except Exception as error:
        where = settings.DATABASES["default"]
        return Finding(
            "database",
            "ill",
            f"no answer from {where['HOST'] or 'the local socket'}, database {where['NAME']}: {str(error).strip()}",
            "Start PostgreSQL, or set DATABASE_URL to one that answers; without it an embedded one is used.",
        )
    if not isinstance(version, int) or version < OLDEST_POSTGRES:
        return Finding("database", "ill", f"PostgreSQL {version}", "Use PostgreSQL 15 or newer.")
    return Finding("database", "well", f"PostgreSQL {version // 10_000}.{version % 10_000}")


def _extensions() -> Finding:
    (there,) = _row("SELECT count(*) FROM pg_extension WHERE extname = 'btree_gist'")
    if not there:
        return Finding(
            "extensions", "ill", "btree_gist is missing", "As the database's owner: CREATE EXTENSION btree_gist;"
        )
    return Finding("extensions", "well", "btree_gist")


def _role() -> Finding:
    name, superuser, bypasses = _row(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    if superuser or bypasses:
        what = "is a superuser" if superuser else "has BYPASSRLS"
        return Finding(
            "role",
            "ill",
            f"{name} {what}: nothing keeps organizations apart",
            "Make a plain role for the application (CREATE ROLE holdfast_app LOGIN), put it into DATABASE_URL, keep "
            "the owner in DATABASE_OWNER_URL, and run: holdfast migrate",
        )
    (owns,) = _row("SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname = 'public'")
    if owns:
        return Finding(
            "role",
            "weak",
            f"{name} owns the tables, so it could switch row security off",
            "Use one role to own (DATABASE_OWNER_URL) and another to work (DATABASE_URL), then: holdfast migrate",
        )
    return Finding("role", "well", f"{name}: no superuser, no BYPASSRLS, owns nothing")


def _row_security() -> Finding:
    if not _has_tables():
        return Finding("row security", "ill", NO_TABLES, MIGRATE)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE a.attname = 'organization_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
            AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"""
        )
        open_tables = [row[0] for row in cursor.fetchall()]
    if open_tables:
        return Finding("row security", "ill", f"off for {', '.join(open_tables)}", MIGRATE)
    return Finding("row security", "well", "forced on every table of organizations")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return Finding("migrations", "ill", f"{len(plan)} not applied yet", MIGRATE)
    return Finding("migrations", "well", "all applied")


def _worker() -> Finding:
    if not _has_tables():
        return Finding("worker", "ill", NO_TABLES, MIGRATE)
    (age,) = _row("SELECT extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers")
    if not isinstance(age, float) or age > DEAD_AFTER_SECONDS:
        found = "none has reported yet" if age is None else f"last heard of {age:.0f} s ago"
        return Finding("worker", "ill", found, "Start one: holdfast worker. Without it no mail is sent.")
    (waiting,) = _row(
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) "
        "< now() - interval '5 minutes'"
    )
    if isinstance(waiting, int) and waiting:
        return Finding("worker", "weak", f"{waiting} jobs wait for more than 5 minutes", "Start more: holdfast worker")
    return Finding("worker", "well", f"heard of {age:.0f} s ago")


def _database_clock() -> Finding:
    (theirs,) = _row("SELECT clock_timestamp()")
    skew = abs((clock.now() - theirs).total_seconds()) if isinstance(theirs, datetime) else 0.0
    if skew > MOST_CLOCK_SKEW:
        return Finding(
            "clock",
            "ill",
            f"{skew:.1f} s apart from the database's (here {clock.now():%H:%M:%S} UTC)",
            "Synchronize both machines (NTP): holds and notice periods depend on it.",
        )
    return Finding("clock", "well", f"{skew * 1000:.0f} ms apart from the database's")


def _limits() -> Finding:
    """Bookings counted once more, against the limits as they are now."""
    if not _has_tables():
        return Finding("limits", "ill", NO_TABLES, MIGRATE)
    found = [each for organization_id in organization_ids() for each in exceeded_days(organization_id)]
    if found:
        return Finding(
            "limits",
            "weak",
            f"{len(found)} days to come have more bookings than a limit allows, and no override: {found[0]}",
            "Expected after a limit was lowered, an import, or a change of teams. Look at these days at the desk; "
            "what stands there stays, and nothing more is taken.",
        )
    return Finding("limits", "well", "no day to come has more bookings than its limits and overrides say")


def _mail() -> Finding:
    backend = settings.EMAIL_BACKEND
    if backend.endswith("CatchingBackend"):
        state: Literal["well", "weak"] = "well" if settings.DEMO else "weak"
        return Finding("mail", state, "caught, readable at /demo/mail", "" if settings.DEMO else "Unset HOLDFAST_DEMO.")
    if not backend.endswith("smtp.EmailBackend"):
        return Finding("mail", "well", f"by {backend}")
    try:
        mail = get_connection(timeout=5)
        mail.open()
        mail.close()
    except (OSError, ssl.SSLError) as error:
        return Finding(
            "mail",
            "ill",
            f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} does not accept mail: {error}",
            "Set HOLDFAST_SMTP_HOST, _PORT, _USER, _PASSWORD and _STARTTLS or _TLS, or a provider by "
            "HOLDFAST_EMAIL_BACKEND and ANYMAIL_…; waiting mail is sent as soon as it works.",
        )
    return Finding("mail", "well", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} accepts connections")


def _base_url() -> Finding:
    if not settings.BASE_URL.startswith(("http://", "https://")):
        return Finding("base URL", "ill", f"{settings.BASE_URL} is no address", "HOLDFAST_BASE_URL=https://…")
    try:
        with urllib.request.urlopen(f"{settings.BASE_URL}/api/v1/openapi.json", timeout=5) as answer:  # noqa: S310
            title = answer.read(200).decode(errors="replace")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Finding(
            "base URL",
            "weak",
            f"{settings.BASE_URL} does not answer from here: {error}",
            "Start the server, or set HOLDFAST_BASE_URL to the address customers use: links in mails start with it.",
        )
    if "openapi" not in title:
        return Finding("base URL", "ill", f"{settings.BASE_URL} is not this Holdfast", "Set HOLDFAST_BASE_URL.")
    return Finding("base URL", "well", settings.BASE_URL)


def _secrets() -> Finding:
    if not settings.SECURE and "localhost" not in settings.BASE_URL and "127.0.0.1" not in settings.BASE_URL:
        return Finding("encryption", "weak", "the base URL is not https", "Put a TLS proxy in front and use https://…")
    return Finding("encryption", "well", "https" if settings.SECURE else "this machine only")
