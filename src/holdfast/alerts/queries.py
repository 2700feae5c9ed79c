"""Reading alerts, and who is to be told of one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from holdfast.accounts.models import Membership, Role
from holdfast.alerts.links import read_alert_token
from holdfast.alerts.models import Alert, AlertKind, AlertNotice
from holdfast.bookings.availability.schedules import schedules_of
from holdfast.bookings.models import Allocation, Booking
from holdfast.catalog.models import Organization, Resource
from holdfast.catalog.queries import resources_fitting
from holdfast.core import clock
from holdfast.domain.calendar_bits import Window
from holdfast.domain.escalation import Ladder, Rung
from holdfast.domain.hours import open_bits
from holdfast.payments import entry_words
from holdfast.payments.models import LedgerEntry

OPEN = {"acknowledged_at": None, "closed_at": None}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who can be told; the same if the address is."""

    address: str
    name: str = field(compare=False)
    language: str = field(compare=False)
    user_id: UUID | None = field(compare=False, default=None)


def ladder(booking: Booking, organization: Organization, now: datetime) -> Ladder[Recipient]:
    """Who is told of an emergency, rung by rung, inside the tenant's transaction."""
    return {
        Rung.DUTY: _on_duty(booking, now),
        Rung.MANAGERS: _with_role(Role.MANAGER),
        Rung.OWNERS: _with_role(Role.OWNER),
        Rung.ORGANIZATION: [
            Recipient(organization.email.lower(), organization.name, organization.default_language),
        ],
    }


def _on_duty(booking: Booking, now: datetime) -> list[Recipient]:
    """The accounts of those who were assigned, and of those who could serve and are on call at this moment."""
    assigned = set(Allocation.objects.filter(booking_id=booking.id, active=True).values_list("resource_id", flat=True))
    fitting = {each.id for need in booking.service.requirements.all() for each in resources_fitting(need)}
    staff = Resource.objects.filter(
        id__in=assigned | fitting, user__is_active=True, user__memberships__organization_id=booking.organization_id
    )
    linked = {resource.id: resource for resource in staff.select_related("user").order_by("rank", "name", "id")}
    minute, schedules = Window(clock.to_minute(now), 1), schedules_of(linked, now.date())

    def is_on_call(resource: Resource) -> bool:
        on_call = schedules[resource.id].on_call
        return on_call is not None and bool(open_bits(on_call, minute))

    return [_account(each.user) for each in linked.values() if each.id in assigned or is_on_call(each)]


def _with_role(role: Role) -> list[Recipient]:
    members = Membership.objects.filter(role=role, user__is_active=True).select_related("user")
    return [_account(member.user) for member in members.order_by("user__email")]


def _account(user: Any) -> Recipient:
    return Recipient(user.email.lower(), str(user), user.locale, user.id)


def open_emergencies(limit: int = 5) -> list[Alert]:
    """Those that nobody takes care of yet, the oldest first, inside the tenant's transaction."""
    found = (
        Alert.objects.filter(kind=AlertKind.EMERGENCY, **OPEN).select_related("booking__service").order_by("raised_at")
    )
    return list(found[:limit])


def recent_alerts(limit: int = 50) -> list[Alert]:
    """The newest first, open ones above all, with everybody who was told."""
    found = Alert.objects.select_related("booking__service").prefetch_related("notices").order_by("-raised_at")[:limit]
    return sorted(with_entries(list(found)), key=lambda alert: not alert.is_open)


def open_money_alerts(limit: int = 20) -> list[Alert]:
    """Those about money that nobody takes care of yet, the oldest first, with the entry each is `about`."""
    found = Alert.objects.filter(**OPEN).exclude(kind=AlertKind.EMERGENCY).select_related("booking__service")
    return with_entries(list(found.order_by("raised_at")[:limit]))


def with_entries(alerts: list[Alert]) -> list[Alert]:
    """The same, those about money with the ledger's `entry`; one query more if there are any."""
    wanted = [alert.about for alert in alerts if alert.about]
    entries = LedgerEntry.objects.select_related("payment").in_bulk(wanted) if wanted else {}
    for alert in alerts:
        alert.entry = entries.get(UUID(alert.about)) if alert.about else None
    return alerts


def notice_of(token: str) -> AlertNotice | None:
    """The notice whose mail carried this token, inside the tenant's transaction."""
    notice_id = read_alert_token(token)
    if notice_id is None:
        return None
    related = AlertNotice.objects.select_related("alert__booking__service", "alert__booking__organization")
    return related.filter(id=notice_id).first()


def reason_of(alert: Alert) -> str:
    """Why somebody is needed, in words: what the customer said, or the card's bank or owner."""
    if alert.entry is None:
        return alert.booking.emergency_reason
    return entry_words.reason(str(alert.entry.details.get("why", "")))


def alert_document(alert: Alert) -> dict[str, Any]:
    """An alert as the API gives it, as plain JSON."""
    return {
        "id": str(alert.id),
        "kind": alert.kind,
        "booking": alert.booking.reference,
        "reason": reason_of(alert),
        "starts_at": alert.booking.starts_at.isoformat(timespec="seconds"),
        "state": "open" if alert.is_open else "acknowledged" if alert.acknowledged_at else "over",
        "rung": Rung(alert.rung).name.lower(),
        "raised_at": alert.raised_at.isoformat(timespec="seconds"),
        "due_at": alert.due_at.isoformat(timespec="seconds") if alert.due_at else None,
        "acknowledged_at": alert.acknowledged_at.isoformat(timespec="seconds") if alert.acknowledged_at else None,
        "acknowledged_by": alert.acknowledged_by or None,
        "told": [
            {
                "name": notice.name,
                "channel": notice.channel,
                "rung": Rung(notice.rung).name.lower(),
                "at": notice.told_at.isoformat(timespec="seconds"),
            }
            for notice in alert.notices.all()
        ],
    }
