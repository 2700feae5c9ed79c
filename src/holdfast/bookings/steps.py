"""One step of a booking through its states: a guarded UPDATE of exactly one row, a transition row, an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Model

from holdfast.bookings.assignment import turns
from holdfast.bookings.errors import TransitionNotAllowed, VersionConflict
from holdfast.bookings.models import Booking, Transition
from holdfast.bookings.places import allocations
from holdfast.core import clock
from holdfast.core.rows import insert
from holdfast.domain import lifecycle
from holdfast.domain.lifecycle import Action, IllegalTransition, State
from holdfast.events import actions as events


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: for the log, and for what is allowed."""

    kind: Literal["customer", "staff", "system"]
    name: str = ""


NOTHING: Mapping[str, Any] = {}
SYSTEM = Actor("system")
CUSTOMER = Actor("customer")


def check_version(booking: Booking, version: int | None) -> None:
    """Raises VersionConflict unless the booking is still as the caller saw it (None: the caller did not look)."""
    if version is not None and booking.version != version:
        raise VersionConflict(current={"version": booking.version, "state": booking.state})


def target_of(booking: Booking, action: Action, actor: Actor, to: State | None = None) -> State:
    """Raises TransitionNotAllowed."""
    try:
        return lifecycle.next_state(State(booking.state), action, to, actor=lifecycle.Actor(actor.kind))
    except IllegalTransition:
        raise TransitionNotAllowed(current={"version": booking.version, "state": booking.state}) from None


def take(
    booking: Booking,
    *,
    action: Action,
    actor: Actor,
    to: State | None = None,
    version: int | None = None,
    reason: str = "",
    event: str | None = None,
    told_by: str = "",
    said: Mapping[str, Any] = NOTHING,
    **changes: Any,
) -> Booking:
    """Move a locked booking one step, with other `changes` of its columns.

    `event` defaults to `booking.<new state>`; `told_by` names the event of its series that tells people of it, so that
    this one need not; `said` is what the event and the history say besides.
    Raises VersionConflict, TransitionNotAllowed.
    """
    check_version(booking, version)
    target = target_of(booking, action, actor, to)
    source = booking.state
    if target in (State.CANCELLED, State.EXPIRED):
        turns.give_back(booking)
    if (source, target) == (State.PENDING_PAYMENT, State.CONFIRMED):  # by whomever: its time waits for no card any more
        allocations.keep(booking_id=booking.id, expires_at=None)
        changes["hold_expires_at"] = None
    change(booking, state=target, **changes)
    if target not in lifecycle.ACTIVE:
        allocations.free(booking_id=booking.id)
    log(booking, action=action, source=source, actor=actor, reason=reason, details=dict(said))
    announce(booking, event or f"booking.{target}", actor=actor, reason=reason, told_by=told_by, **said)
    return booking


def change(booking: Booking, **changes: Any) -> None:
    """Write columns, guarded by the version that was read, which rises by one."""
    seen = booking.version
    changes |= {"version": seen + 1, "updated_at": clock.now()}
    if Booking.objects.filter(id=booking.id, version=seen).update(**changes) != 1:
        raise VersionConflict
    for name, value in changes.items():
        setattr(booking, name, value)


def log(
    booking: Booking,
    *,
    action: str,
    source: str,
    actor: Actor,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Add to the booking's history."""
    insert(_transition(booking, action=action, source=source, actor=actor, reason=reason, details=details))


def begin(booking: Booking, *, action: Action, event: str, actor: Actor) -> None:
    """Write a new booking, whose places are claimed, with the first step of its history and its event: all at once."""
    step = _transition(booking, action=action, source="", actor=actor)
    _record(booking, event, actor, {"reason": ""}, beside=(booking, step))


def _transition(
    booking: Booking,
    *,
    action: str,
    source: str,
    actor: Actor,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> Transition:
    return Transition(
        organization_id=booking.organization_id,
        booking_id=booking.id,
        action=action,
        from_state=source,
        to_state=booking.state,
        actor_kind=actor.kind,
        actor_name=actor.name,
        reason=reason,
        details=details or {},
        at=clock.now(),
    )


def announce(booking: Booking, kind: str, *, actor: Actor, reason: str = "", told_by: str = "", **more: Any) -> None:
    """Record the event that mails, feeds and live streams follow."""
    told = {"told_by": told_by} if told_by else {}
    _record(booking, kind, actor, {"reason": reason, **more, **told})


def _record(booking: Booking, kind: str, actor: Actor, more: dict[str, Any], beside: Sequence[Model] = ()) -> None:
    if booking.series_id:
        more["series"] = str(booking.series_id)
    event = events.record(
        organization_id=booking.organization_id,
        kind=kind,
        subject=booking.id,
        payload={
            "reference": booking.reference,
            "type": booking.type,
            "state": booking.state,
            "version": booking.version,
            "actor": actor.kind,
            "actor_name": actor.name,
            **more,
        },
        beside=beside,
    )
    booking.event_id = event.id
