"""What alerts do inside the transaction of a booking's event."""

from holdfast.alerts import actions
from holdfast.alerts.models import Alert, AlertKind
from holdfast.alerts.queries import OPEN
from holdfast.bookings.models import BookingType
from holdfast.events.models import Event


def alert_staff(event: Event) -> None:
    """An emergency was booked: those on duty are told. Staff who approve one have seen it, so they take care of it."""
    if event.payload.get("type") != BookingType.EMERGENCY:
        return
    raised = actions.raise_alert(booking_id=event.subject, organization_id=event.organization_id)
    if raised is None and event.payload.get("actor") == "staff":
        for alert in Alert.objects.filter(booking_id=event.subject, kind=AlertKind.EMERGENCY, **OPEN):
            by = event.payload.get("actor_name") or "API"
            actions.acknowledge(organization_id=event.organization_id, alert_id=alert.id, by=by)


def stop_alerts(event: Event) -> None:
    """An emergency is cancelled, begun or done: nobody need be told any more."""
    if event.payload.get("type") == BookingType.EMERGENCY:
        actions.close_alerts(organization_id=event.organization_id, booking_id=event.subject)
