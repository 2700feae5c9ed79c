"""Raising an alert, passing it on, and taking care of it.

Every change is one guarded UPDATE of an alert that is still open, so of two people, or of a person and a job, one is
first and the other does nothing (docs/algorithms/emergency.md). It comes after the booking's row (core/locking.py).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from holdfast.alerts import queries
from holdfast.alerts.errors import AlertOver, AlreadyAcknowledged
from holdfast.alerts.models import Alert, AlertKind, AlertNotice, Channel
from holdfast.alerts.queries import OPEN, Recipient
from holdfast.bookings.models import Booking
from holdfast.core import clock
from holdfast.core.errors import NotFound
from holdfast.core.tenancy import transaction_for
from holdfast.domain.escalation import Rung, first_told, next_told
from holdfast.events import actions as events

ESCALATE = "alerts.escalate_alert"


def raise_alert(*, booking_id: UUID, organization_id: UUID) -> Alert | None:
    """Tell those on duty, in the booking's transaction; None when it was raised already."""
    with transaction_for(organization_id):
        booking = Booking.objects.select_related("organization", "service").get(id=booking_id)
        now = clock.now()
        ladder = queries.ladder(booking, booking.organization, now)
        rung, people = first_told(ladder)
        due_at = _due(booking, now) if next_told(ladder, rung, people) else None
        alert = Alert(organization_id=organization_id, booking=booking, rung=rung, raised_at=now, due_at=due_at)
        Alert.objects.bulk_create([alert], ignore_conflicts=True)
        if not Alert.objects.filter(id=alert.id).exists():
            return None
        _tell(alert, people, "alert.raised", now)
        return alert


def escalate(*, organization_id: UUID, alert_id: UUID) -> bool:
    """Tell the next ones if the alert is open and due; doing it again does nothing. Whether somebody was told."""
    with transaction_for(organization_id):
        now = clock.now()
        alert = _due_alerts(now).filter(id=alert_id).first()
        if alert is None:
            return False
        ladder = queries.ladder(alert.booking, alert.booking.organization, now)
        told = [Recipient(each.address, each.name, each.language) for each in alert.notices.all()]
        following = next_told(ladder, Rung(alert.rung), told)
        rung, people = following or (Rung(alert.rung), ())
        more = following and next_told(ladder, rung, [*told, *people])
        due_at = _due(alert.booking, now) if more else None
        if not _change(alert, rung=rung, due_at=due_at, guard={"due_at": alert.due_at}):
            return False  # acknowledged, over, or passed on by somebody else at this very moment
        if people:
            _tell(alert, people, "alert.escalated", now)
        return bool(people)


def escalate_due(*, organization_id: UUID) -> int:
    """Pass on whatever is due: the net below the jobs. Returns how many alerts."""
    with transaction_for(organization_id):
        due = list(_due_alerts(clock.now()).order_by("due_at").values_list("id", flat=True))
    return sum(escalate(organization_id=organization_id, alert_id=each) for each in due)


def acknowledge(*, organization_id: UUID, alert_id: UUID, by: str, who: str = "") -> Alert:
    """`by` takes care of it; doing so again changes nothing. `who` tells apart two of the same name.

    Raises AlreadyAcknowledged, AlertOver, NotFound."""
    with transaction_for(organization_id):
        alert = Alert.objects.select_related("booking__service").filter(id=alert_id).first()
        if alert is None:
            raise NotFound
        now = clock.now()
        if _change(alert, acknowledged_at=now, acknowledged_by=by, acknowledged_who=who, due_at=None):
            _record(alert, "alert.acknowledged", by=by)
            return alert
        alert.refresh_from_db()
        if alert.acknowledged_at is None:
            raise AlertOver
        if not alert.is_taken_by(who, by):
            raise AlreadyAcknowledged(by=alert.acknowledged_by, at=alert.acknowledged_at.isoformat(timespec="seconds"))
        return alert


def close_alerts(*, organization_id: UUID, booking_id: UUID) -> int:
    """The booking is over, so nobody need take care of its emergency any more. Returns how many alerts were open."""
    with transaction_for(organization_id):
        found = Alert.objects.filter(booking_id=booking_id, kind=AlertKind.EMERGENCY, **OPEN)
        return sum(close(alert) for alert in found)


def close(alert: Alert) -> bool:
    """There is nothing left to take care of; False when it is not open any more. In the tenant's transaction."""
    return _change(alert, closed_at=clock.now(), due_at=None)


def _change(alert: Alert, *, guard: dict[str, Any] | None = None, **changes: Any) -> bool:
    """Write columns of an alert that is still open; False when it is not."""
    if Alert.objects.filter(id=alert.id, **OPEN, **(guard or {})).update(**changes) != 1:
        return False
    for name, value in changes.items():
        setattr(alert, name, value)
    return True


def _due_alerts(now: datetime) -> Any:
    return Alert.objects.filter(due_at__lte=now, **OPEN).select_related("booking__service", "booking__organization")


def _due(booking: Booking, now: datetime) -> datetime:
    return now + timedelta(minutes=booking.organization.escalation_minutes)


def _tell(alert: Alert, people: Sequence[Recipient], kind: str, now: datetime) -> None:
    """Write down who is told, say so in the log, whose handlers deliver it, and leave the job for the next rung."""
    notices = [
        AlertNotice(
            organization_id=alert.organization_id,
            alert=alert,
            rung=alert.rung,
            channel=Channel.MAIL,
            address=each.address,
            name=each.name,
            language=each.language,
            user_id=each.user_id,
            told_at=now,
        )
        for each in people
    ]
    AlertNotice.objects.bulk_create(notices)
    _record(
        alert,
        kind,
        rung=Rung(alert.rung).name.lower(),
        names=[each.name for each in notices],
        notices=[str(each.id) for each in notices],
    )
    if alert.due_at:
        app.configure_task(ESCALATE, schedule_at=alert.due_at).defer(
            organization_id=str(alert.organization_id), alert_id=str(alert.id)
        )


def _record(alert: Alert, kind: str, **more: Any) -> None:
    """About the booking, so that its history tells it too."""
    events.record(
        organization_id=alert.organization_id,
        kind=kind,
        subject=alert.booking_id,
        payload={"alert": str(alert.id), "reference": alert.booking.reference, **more},
    )
