"""Jobs of payments."""

from uuid import UUID

from procrastinate.contrib.django import app

from holdfast.core.jobs import Backoff
from holdfast.payments import inbox, paying, refunding


@app.task(name=inbox.APPLY, queue="payments", retry=Backoff(), priority=5)
def apply_notice(organization_id: str, inbox_id: str) -> None:
    """Look again at what the card company told us about."""
    inbox.apply(organization_id=UUID(organization_id), inbox_id=UUID(inbox_id))


@app.task(name=refunding.SEND, queue="payments", retry=Backoff(), priority=5)
def send_refund(organization_id: str, entry_id: str) -> None:
    """Give money back that was decided to be given back."""
    refunding.send_refund(organization_id=UUID(organization_id), entry_id=UUID(entry_id))


@app.task(name=paying.CLOSE, queue="payments", retry=Backoff(), priority=5)
def close_ways(organization_id: str, booking_id: str) -> None:
    """Let nobody pay for what is paid."""
    paying.close_ways(organization_id=UUID(organization_id), booking_id=UUID(booking_id))
