"""Jobs of payments."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from procrastinate import JobContext
from procrastinate.contrib.django import app

from holdfast.catalog.queries import organization_ids
from holdfast.core import clock
from holdfast.core.jobs import Backoff
from holdfast.core.tenancy import transaction_for
from holdfast.payments import ending, inbox, refunding, settling
from holdfast.payments.errors import GatewayNotSetUp, ReconciliationUnderWay
from holdfast.payments.reconciling import running


@app.task(name=inbox.APPLY, queue="payments", retry=Backoff(), priority=5)
def apply_notice(organization_id: str, inbox_id: str) -> None:
    """Look again at what the card company told us about."""
    inbox.apply(organization_id=UUID(organization_id), inbox_id=UUID(inbox_id))


@app.task(name=refunding.SEND, queue="payments", retry=Backoff(), priority=5)
def send_refund(organization_id: str, entry_id: str) -> None:
    """Give money back that was decided to be given back."""
    refunding.send_refund(organization_id=UUID(organization_id), entry_id=UUID(entry_id))


@app.task(name=ending.CLOSE, queue="payments", retry=Backoff(), priority=5)
def close_ways(organization_id: str, booking_id: str) -> None:
    """Let nobody pay for what is paid."""
    ending.close_ways(organization_id=UUID(organization_id), booking_id=UUID(booking_id))


@app.task(name=settling.SETTLE, queue="payments", retry=Backoff(), priority=5)
def settle(organization_id: str, booking_id: str) -> None:
    """Do what is next about a booking's money, until nothing is."""
    settling.settle(organization_id=UUID(organization_id), booking_id=UUID(booking_id))


@app.task(name=running.RECONCILE, queue="payments", retry=Backoff(longest=timedelta(minutes=10), attempts=8))
def reconcile(organization_id: str, run_id: str) -> None:
    """Compare the ledger with what the card company has."""
    running.perform(organization_id=UUID(organization_id), run_id=UUID(run_id))


def reconcile_each(context: JobContext, timestamp: int) -> None:
    """Periodic: the last days of every organization that takes cards."""
    for organization_id in organization_ids():
        with suppress(GatewayNotSetUp, ReconciliationUnderWay):
            now = clock.now()
            running.begin(organization_id=organization_id, since=now - running.NIGHTLY, until=now)


def settle_what_is_due(context: JobContext, timestamp: int) -> None:
    """Periodic: card holds whose time has come, and refused cards that are to be tried again."""
    for organization_id in organization_ids():
        for booking_id in settling.due(organization_id):
            with transaction_for(organization_id):
                settling.soon(organization_id, booking_id)
