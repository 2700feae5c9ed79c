"""Jobs of alerts."""

from uuid import UUID

from procrastinate import JobContext
from procrastinate.contrib.django import app

from holdfast.alerts import actions
from holdfast.catalog.queries import organization_ids
from holdfast.core.jobs import Backoff


@app.task(name=actions.ESCALATE, queue="alerts", retry=Backoff(), priority=10)
def escalate_alert(organization_id: str, alert_id: str) -> None:
    """Pass an alert on, if nobody took care of it in time."""
    actions.escalate(organization_id=UUID(organization_id), alert_id=UUID(alert_id))


def escalate_due_alerts(context: JobContext, timestamp: int) -> None:
    """Periodic: pass on what is due and whose job was lost."""
    for organization_id in organization_ids():
        actions.escalate_due(organization_id=organization_id)
