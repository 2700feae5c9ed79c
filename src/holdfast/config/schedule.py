"""Periodic jobs, one list."""

from procrastinate import App

from holdfast.alerts import tasks as alerts
from holdfast.bookings import tasks as bookings
from holdfast.core import jobs
from holdfast.customers import tasks as customers
from holdfast.payments import tasks as payments
from holdfast.waiting import tasks as waiting

EVERY_MINUTE, EVERY_FEW_MINUTES, EVERY_NIGHT = "* * * * *", "*/5 * * * *", "17 3 * * *"

# (when, as a cron line in UTC; the task, called with a JobContext and the tick)
SCHEDULE = [
    (EVERY_MINUTE, jobs.retry_stalled_jobs),
    (EVERY_MINUTE, bookings.release_expired_holds),
    (EVERY_MINUTE, alerts.escalate_due_alerts),
    (EVERY_MINUTE, waiting.pass_on_waiting_places),
    (EVERY_FEW_MINUTES, payments.settle_what_is_due),
    (EVERY_NIGHT, payments.reconcile_each),
    (EVERY_NIGHT, bookings.forget_old_answers),
    (EVERY_NIGHT, customers.forget_old_proofs),
    (EVERY_NIGHT, jobs.remove_old_jobs),
]


def register(app: App) -> None:
    """Called by procrastinate when Django is ready."""
    for cron, run in SCHEDULE:
        # Waiting twice helps nobody: one queued tick of each at a time.
        name = f"schedule.{run.__name__}"
        task = app.task(name=name, queue="schedule", pass_context=True, queueing_lock=name)(run)
        app.periodic(cron=cron)(task)
