"""Jobs in PostgreSQL (procrastinate): the worker, when to try again, and what becomes of a dead worker's jobs.

Tasks defer further jobs on Django's own connection, also while a worker runs them, so a job always commits or rolls
back with the rows it is about. The worker itself has a connector of its own: replacing the app's, as procrastinate's
own command does, would take deferring inside a task out of the task's transaction.
"""

import asyncio
import logging
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from holdfast.core import clock

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0
# A worker silent for this long is dead: its jobs are given to others.
DEAD_AFTER_SECONDS = 20.0
KEEP_FINISHED_HOURS = 24 * 7


class RetryLater(Exception):
    """A task cannot go on before this moment; it is run again then."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        super().__init__(f"again at {at.isoformat(timespec='seconds')}")


@dataclass(frozen=True, kw_only=True)
class Backoff(BaseRetryStrategy):
    """Wait `first`, then three times as long each time, up to `longest`; at most `attempts` times."""

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=1)
    attempts: int = 100

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, RetryLater):
            return RetryDecision(retry_at=exception.at)
        if job.attempts >= self.attempts:
            return None
        return RetryDecision(retry_at=clock.now() + self.wait(job.attempts))

    def wait(self, attempts: int) -> timedelta:
        """How long after the attempt that follows `attempts` earlier ones."""
        return min(self.first * int(3 ** min(attempts, 12)), self.longest)


def run_worker(
    *,
    concurrency: int = 4,
    graceful_seconds: float = 20.0,
    polling_seconds: float = 0.5,
    until_idle: bool = False,
) -> None:
    """Run jobs until SIGTERM or SIGINT, finishing what is running.

    With `until_idle`, one after the other until none is due, those included that jobs leave behind.

    Raises procrastinate's ConnectorException when the database goes away: a supervisor starts the worker again.
    """
    asyncio.run(_work(1 if until_idle else concurrency, graceful_seconds, polling_seconds, until_idle))


async def _work(concurrency: int, graceful_seconds: float, polling_seconds: float, until_idle: bool) -> None:
    worker_app = _worker_app(concurrency, periodic=not until_idle)
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            concurrency=concurrency,
            wait=not until_idle,
            install_signal_handlers=not until_idle,
            # NOTIFY takes a lock of the whole database at commit; nobody sends it here (migration core 0004).
            listen_notify=False,
            fetch_job_polling_interval=polling_seconds,
            shutdown_graceful_timeout=graceful_seconds,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=DEAD_AFTER_SECONDS,
        )


def _worker_app(concurrency: int, *, periodic: bool) -> App:
    """The same tasks and schedule, fetched, finished and scheduled on connections of the worker's own."""
    connector = PsycopgConnector(kwargs=connector_params("default"), min_size=1, max_size=concurrency + 1)
    worker_app = DjangoApp(connector=connector)
    worker_app.tasks = dict(django_app.tasks)
    for each in django_app.periodic_registry.periodic_tasks.values() if periodic else ():
        task = copy(each.task)  # a copy that defers itself by the worker's pool, which outlives a lost connection
        task.blueprint = worker_app
        worker_app.tasks[task.name] = task
        worker_app.periodic_registry.register_task(
            task=task, cron=each.cron, periodic_id=each.periodic_id, configure_kwargs=each.configure_kwargs
        )
    return worker_app


async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Periodic: run the jobs again whose worker was killed in the middle. `timestamp` is the tick, Unix seconds."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
        logger.warning("job %s (%s) is given to another worker: its own died", job.id, job.task_name)
        await context.app.job_manager.retry_job(job)


async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Periodic: forget jobs that ended more than a week ago, failed ones included (the event log remembers)."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_FINISHED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
