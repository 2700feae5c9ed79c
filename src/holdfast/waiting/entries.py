"""One step of an entry: a guarded UPDATE of exactly one row, and the event that tells of it."""

from collections.abc import Mapping
from typing import Any

from holdfast.bookings.steps import Actor
from holdfast.core import clock
from holdfast.domain.waiting import ACTIVE, Step, Waiting, target
from holdfast.events import actions as events
from holdfast.waiting.errors import NotWaiting
from holdfast.waiting.models import WaitingEntry, WaitingOffer


def take(entry: WaitingEntry, step: Step, *, reason: str = "") -> None:
    """Move an entry one step. Raises NotWaiting when it was in no state for it, or is no longer."""
    source = Waiting(entry.state)
    goal = target(source, step)
    if goal is None:
        raise NotWaiting
    changes: dict[str, Any] = {"state": goal}
    if goal not in ACTIVE:
        changes |= {"closed_at": clock.now(), "closed_reason": reason}
    if WaitingEntry.objects.filter(id=entry.id, state=source).update(**changes) != 1:
        raise NotWaiting
    for name, value in changes.items():
        setattr(entry, name, value)


def announce(
    entry: WaitingEntry, kind: str, *, actor: Actor, offer: WaitingOffer | None = None, reason: str = ""
) -> None:
    """Record the event that mails and feeds follow."""
    told: Mapping[str, Any] = {} if offer is None else {"offer": str(offer.id), "booking": str(offer.booking_id)}
    events.record(
        organization_id=entry.organization_id,
        kind=kind,
        subject=entry.id,
        payload={
            "service": entry.service.slug,
            "state": entry.state,
            "actor": actor.kind,
            "actor_name": actor.name,
            "reason": reason,
            **({} if offer is None else {"starts_at": offer.starts_at.isoformat(), "outcome": offer.outcome}),
            **told,
        },
    )
