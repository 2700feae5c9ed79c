"""Jobs of payments."""

from uuid import UUID

from procrastinate.contrib.django import app

from holdfast.core.jobs import Backoff
from holdfast.payments import inbox


@app.task(name=inbox.APPLY, queue="payments", retry=Backoff(), priority=5)
def apply_notice(organization_id: str, inbox_id: str) -> None:
    """Look again at what the card company told us about."""
    inbox.apply(organization_id=UUID(organization_id), inbox_id=UUID(inbox_id))
