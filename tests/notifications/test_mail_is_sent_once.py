"""A mail is worded once for a reason, sent by one process at a time, and not lost with a server or a worker."""

import contextlib
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from pytest_django import Settings

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.embedded_postgres import APP
from holdfast.core.jobs import RetryLater
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from holdfast.notifications import actions, sending
from holdfast.notifications.models import Message, MessageState
from tests import database, factories
from tests.notifications.conftest import Postbox

ANA = "ana@example.com"


@pytest.fixture
def booking(chauffeurs: Organization, transfer: Service, postbox: Postbox) -> Booking:
    """Booked; its mails are not yet worded."""
    return factories.make_booking(chauffeurs, transfer, factories.local(chauffeurs, 3, 14))


@pytest.fixture
def message(booking: Booking) -> Message:
    """The customer's confirmation, worded and not yet sent."""
    with transaction_for(booking.organization_id):
        event = Event.objects.get(subject=booking.id, kind="booking.confirmed")
    actions.compose_messages(organization_id=booking.organization_id, event_id=event.id)
    return fresh(booking)


def fresh(of: Booking | Message) -> Message:
    with transaction_for(of.organization_id):
        return Message.objects.get(kind="booking.confirmed.customer")


def deliver(message: Message) -> None:
    actions.deliver_message(organization_id=message.organization_id, message_id=message.id)


def jobs_in(state: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = %s ORDER BY id", [state])
        return [name for (name,) in cursor.fetchall()]


def due_now() -> None:
    """Let time pass until every job that waits is due."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")


def test_a_booking_that_is_rolled_back_leaves_no_job(chauffeurs: Organization, transfer: Service) -> None:
    class Trouble(Exception):
        pass

    with contextlib.suppress(Trouble), transaction.atomic():
        factories.make_booking(chauffeurs, transfer, factories.local(chauffeurs, 3, 14))
        assert jobs_in("todo") == ["notifications.send_booking_mail"]
        raise Trouble
    assert jobs_in("todo") == []


def test_wording_an_event_again_adds_no_mail(message: Message) -> None:
    with transaction_for(message.organization_id):
        event = Event.objects.get(kind="booking.confirmed")
    assert actions.compose_messages(organization_id=message.organization_id, event_id=event.id) == []
    assert jobs_in("todo").count("notifications.deliver_message") == 2


def test_two_workers_wording_the_same_event_make_one_mail_for_each_reader(booking: Booking) -> None:
    with transaction_for(booking.organization_id):
        event = Event.objects.get(kind="booking.confirmed")

    def word() -> int:
        try:
            return len(actions.compose_messages(organization_id=booking.organization_id, event_id=event.id))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as workers:
        made = [future.result() for future in [workers.submit(word) for _ in range(6)]]
    assert sum(made) == 2
    with transaction_for(booking.organization_id):
        assert Message.objects.count() == 2
    assert jobs_in("todo").count("notifications.deliver_message") == 2


def test_sending_again_sends_nothing(message: Message, postbox: Postbox) -> None:
    deliver(message)
    deliver(message)
    assert len(postbox.to(ANA)) == 1
    sent = fresh(message)
    assert (sent.state, sent.attempts, sent.leased_until) == (MessageState.SENT, 1, None)
    assert sent.sent_at is not None


def test_of_many_workers_only_one_sends(message: Message, postbox: Postbox) -> None:
    postbox.slow = 0.5

    def work() -> str:
        try:
            deliver(message)
        except RetryLater:
            return "later"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(8) as workers:
        ends = [future.result() for future in [workers.submit(work) for _ in range(8)]]
    assert sorted(ends) == ["done", *["later"] * 7]
    assert len(postbox.to(ANA)) == 1


def test_without_the_claim_they_would_all_send(
    message: Message, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the test above: the race is real."""

    def unguarded(*_ids: object) -> Message:
        message.leased_until = clock.now() + timedelta(minutes=2)
        return message

    def work() -> None:
        deliver(message)
        connections.close_all()

    monkeypatch.setattr(actions, "_claim", unguarded)
    assert message.organization.name
    with ThreadPoolExecutor(8) as workers:
        for future in [workers.submit(work) for _ in range(8)]:
            future.result()
    assert len(postbox.to(ANA)) == 8


def test_a_crash_after_the_server_took_it_sends_the_same_mail_again_not_another(
    message: Message, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """What no `except Exception` sees."""

    def killed(_message: Message) -> None:
        raise Killed

    with monkeypatch.context() as crash:
        crash.setattr(actions, "_mark_sent", killed)
        with pytest.raises(Killed):
            deliver(message)
    with pytest.raises(RetryLater) as wait:
        deliver(message)
    assert len(postbox.to(ANA)) == 1
    with clock.stopped(wait.value.at):
        deliver(message)
    first, second = postbox.to(ANA)
    assert first["Message-ID"] == second["Message-ID"] == message.message_id
    assert first.get_body(("html",)).get_content() == second.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert fresh(message).state == MessageState.SENT


def test_a_server_that_is_down_delays_the_mail_and_loses_nothing(
    booking: Booking, postbox: Postbox, settings: Settings, run_jobs: Callable[[], None]
) -> None:
    settings.EMAIL_PORT = 9  # nobody listens
    run_jobs()
    waiting = fresh(booking)
    assert (waiting.state, waiting.attempts, waiting.leased_until) == (MessageState.QUEUED, 1, None)
    assert waiting.last_error.startswith("ConnectionRefusedError")
    run_jobs()
    assert fresh(booking).attempts == 1, "the next attempt waits for its time"
    settings.EMAIL_PORT = postbox.port
    due_now()
    run_jobs()
    assert [len(postbox.to(ANA)), len(postbox.to("contact@paris-elite.example"))] == [1, 1]
    assert (fresh(booking).state, fresh(booking).attempts, fresh(booking).last_error) == (MessageState.SENT, 2, "")
    assert jobs_in("todo") == []


@pytest.mark.parametrize("answer", ["451 4.3.0 busy", "450 4.2.1 greylisted"])
def test_not_now_is_asked_again(message: Message, postbox: Postbox, answer: str) -> None:
    postbox.answer = answer
    with pytest.raises(smtplib.SMTPDataError):
        deliver(message)
    postbox.answer = ""
    deliver(message)
    assert len(postbox.to(ANA)) == 1


def test_an_address_refused_for_good_is_given_up_at_once_and_said_so(message: Message, postbox: Postbox) -> None:
    postbox.refused = "550 5.1.1 no such user"
    deliver(message)
    failed = fresh(message)
    assert (failed.state, failed.attempts) == (MessageState.FAILED, 1)
    with transaction_for(message.organization_id):
        event = Event.objects.get(kind="message.failed")
    assert event.subject == message.booking_id
    assert ANA not in str(event.payload)
    assert "550" in event.payload["error"]
    postbox.refused = ""
    deliver(message)
    assert postbox.received == []


def test_after_three_days_of_trying_it_is_given_up_and_said_so(
    message: Message, postbox: Postbox, settings: Settings
) -> None:
    settings.EMAIL_PORT = 9
    almost = message.created_at + actions.GIVE_UP_AFTER - timedelta(minutes=1)
    with clock.stopped(almost), pytest.raises(ConnectionRefusedError):
        deliver(message)
    with clock.stopped(almost + timedelta(minutes=1)):
        deliver(message)
    assert fresh(message).state == MessageState.FAILED
    with transaction_for(message.organization_id):
        assert Event.objects.filter(kind="message.failed").count() == 1


def test_nothing_is_handed_over_when_the_lease_might_run_out_meanwhile(
    message: Message, postbox: Postbox, settings: Settings
) -> None:
    settings.MAIL_LEASE_SECONDS = int(sending.HANDING_OVER.total_seconds()) - 1
    with pytest.raises(sending.TooSlow):
        deliver(message)
    assert postbox.received == []
    assert fresh(message).state == MessageState.QUEUED


def test_no_mail_is_sent_inside_a_transaction(message: Message, postbox: Postbox) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="never sent inside a transaction"):
        deliver(message)
    assert postbox.received == []


def test_a_server_that_hangs_up_badly_after_taking_the_mail_does_not_get_it_twice(
    message: Message, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rude(_connection: smtplib.SMTP) -> None:
        raise TimeoutError

    monkeypatch.setattr(smtplib.SMTP, "quit", rude)
    deliver(message)
    assert len(postbox.to(ANA)) == 1
    assert fresh(message).state == MessageState.SENT


def test_a_worker_killed_while_sending_is_followed_by_another_which_sends_the_mail(
    booking: Booking, postbox: Postbox, committed_db: str, run_jobs: Callable[[], None]
) -> None:
    postbox.slow = 3.0
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database.url(APP, committed_db),
        "HOLDFAST_SMTP_HOST": "127.0.0.1",
        "HOLDFAST_SMTP_PORT": str(postbox.port),
        "HOLDFAST_DEMO": "0",
    }
    program = "import django; django.setup(); from holdfast.core.jobs import run_worker; run_worker(concurrency=1)"
    worker = subprocess.Popen([sys.executable, "-c", program], env=environment, start_new_session=True)
    try:
        patience = time.monotonic() + 20
        while not _leased(booking) and time.monotonic() < patience:
            time.sleep(0.05)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert _leased(booking) == 1
    assert jobs_in("doing") == ["notifications.deliver_message"]
    postbox.slow = 0.0
    _let_the_dead_be_noticed()
    run_jobs()
    everyone = [mail["To"] for mail in postbox.received]
    assert sorted(set(everyone)) == [ANA, "contact@paris-elite.example"]
    assert len({mail["Message-ID"] for mail in postbox.received}) == 2
    assert (jobs_in("todo"), jobs_in("doing")) == ([], [])


def _leased(booking: Booking) -> int:
    with transaction_for(booking.organization_id):
        return Message.objects.filter(leased_until__isnull=False).count()


def _let_the_dead_be_noticed() -> None:
    """Two minutes pass: heartbeats grow old, the lease runs out, the next minute's tick comes."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) "
            "VALUES ('schedule', 'schedule.retry_stalled_jobs', '{\"timestamp\": 0}', 'todo')"
        )
    with transaction_for(Organization.objects.get().id):
        Message.objects.filter(leased_until__isnull=False).update(leased_until=clock.now())
