"""What an SMTP server was handed, and letting the time pass that dead workers leave behind."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from holdfast.catalog.queries import organization_ids
from holdfast.core import clock
from holdfast.core.jobs import DEAD_AFTER_SECONDS, HEARTBEAT_SECONDS
from holdfast.core.tenancy import transaction_for
from holdfast.notifications.models import Message
from tests.notifications.conftest import AnyPort, Postbox

PATIENCE = 90.0
# Seconds without a sign of life after which a worker is surely one that was killed.
SILENT = 2 * HEARTBEAT_SECONDS


@contextmanager
def open_postbox() -> Iterator[Postbox]:
    box = Postbox()
    server = AnyPort(box, hostname="127.0.0.1", port=0)
    server.start()
    box.port = server.port
    yield box
    server.stop()


def copies(box: Postbox) -> Counter[str]:
    """How often each mail was handed over, by Message-ID."""
    return Counter(str(mail["Message-ID"]) for mail in box.received)


def wait_for_the_mail() -> None:
    """Until no mail job is left; whenever only the dead still have some, the time they are waited for passes."""
    deadline = time.monotonic() + PATIENCE
    while mail_jobs("true"):
        assert time.monotonic() < deadline, mail_jobs("true")
        if not mail_jobs(
            """(j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now() AND NOT EXISTS (
                SELECT FROM procrastinate_jobs d WHERE d.status = 'doing' AND d.lock = j.lock))
            OR (j.status = 'doing' AND w.last_heartbeat > now() - make_interval(secs => %(silent)s))"""
        ):
            let_time_pass()
        time.sleep(0.25)


def mail_jobs(which: str) -> list[tuple[object, ...]]:
    """Unfinished ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT j.id, j.task_name, j.status::text, j.attempts, j.scheduled_at, w.last_heartbeat
            FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
            WHERE j.queue_name = 'mail' AND j.status IN ('todo', 'doing') AND ({which})""",  # noqa: S608 - ours
            {"silent": SILENT},
        )
        found: list[tuple[object, ...]] = cursor.fetchall()
        return found


def let_time_pass() -> None:
    """Two minutes: the dead are known to be dead, leases run out, retries are due, the schedule's minute comes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - make_interval(secs => %(long)s)"
            " WHERE last_heartbeat < now() - make_interval(secs => %(silent)s)",
            {"long": DEAD_AFTER_SECONDS, "silent": SILENT},
        )
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    for organization_id in organization_ids():
        with transaction_for(organization_id):
            Message.objects.filter(state="queued", leased_until__isnull=False).update(leased_until=clock.now())
    with suppress(AlreadyEnqueued):
        app.configure_task("schedule.retry_stalled_jobs", queue="schedule").defer(timestamp=0)
