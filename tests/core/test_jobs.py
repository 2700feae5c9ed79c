"""Jobs share the fate of the rows they are about, also when a job leaves another behind."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from holdfast.core import clock, jobs
from holdfast.core.jobs import Backoff, RetryLater

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
RAN: list[str] = []


class Trouble(Exception):
    pass


@pytest.fixture
def tasks(committed_db: str) -> Iterator[None]:
    @app.task(name="test.follow_up")
    def follow_up() -> None:
        RAN.append("follow-up")

    @app.task(name="test.leave_behind")
    def leave_behind(fail: bool) -> None:
        RAN.append("parent")
        with transaction.atomic():
            follow_up.defer()
            if fail:
                raise Trouble

    yield
    RAN.clear()
    del app.tasks["test.follow_up"], app.tasks["test.leave_behind"]


def statuses() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs")
        return dict(cursor.fetchall())


@pytest.mark.usefixtures("tasks")
def test_a_job_left_behind_by_a_job_that_fails_is_rolled_back_with_it() -> None:
    app.configure_task("test.leave_behind").defer(fail=True)
    jobs.run_worker(until_idle=True)
    assert RAN == ["parent"]
    assert statuses() == {"test.leave_behind": "failed"}


@pytest.mark.usefixtures("tasks")
def test_a_job_left_behind_by_a_job_that_succeeds_is_run() -> None:
    app.configure_task("test.leave_behind").defer(fail=False)
    jobs.run_worker(until_idle=True)
    assert RAN == ["parent", "follow-up"]
    assert statuses() == {"test.leave_behind": "succeeded", "test.follow_up": "succeeded"}


def job(attempts: int) -> Job:
    return Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts)


def test_waits_grow_threefold_up_to_an_hour_and_end() -> None:
    backoff = Backoff(attempts=10)
    with clock.stopped(NOW):
        decisions = [backoff.get_retry_decision(exception=Trouble(), job=job(n)) for n in range(10)]
    waits = [int((each.retry_at - NOW).total_seconds()) for each in decisions if each and each.retry_at]
    assert waits == [5, 15, 45, 135, 405, 1215, 3600, 3600, 3600, 3600]
    assert backoff.get_retry_decision(exception=Trouble(), job=job(10)) is None


def test_a_task_that_names_a_moment_is_run_again_then() -> None:
    at = NOW + timedelta(seconds=42)
    decision = Backoff(attempts=0).get_retry_decision(exception=RetryLater(at), job=job(99))
    assert decision is not None
    assert decision.retry_at == at


def test_inserting_a_job_notifies_nobody(committed_db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'procrastinate_jobs'::regclass AND tgname LIKE '%notify%'"
            " AND tgname LIKE '%inserted%'"
        )
        assert cursor.fetchall() == []


def test_the_schedule_gives_back_the_jobs_of_the_dead_each_minute() -> None:
    crons = {each.task.name: each.cron for each in app.periodic_registry.periodic_tasks.values()}
    assert crons["schedule.retry_stalled_jobs"] == "* * * * *"
    assert crons["schedule.remove_old_jobs"] == "17 3 * * *"
