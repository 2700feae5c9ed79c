"""A booking that stays although the catalog has no room for it any more: what does not fit, by whom, why."""

from holdfast.bookings import steps
from holdfast.bookings.changed_hours.conflicts import broken_bookings
from holdfast.bookings.models import Booking, KeptBooking
from holdfast.bookings.steps import Actor
from holdfast.catalog.guards import BrokenBooking
from holdfast.core import clock
from holdfast.events.models import Event


def keep(booking: Booking, broken: BrokenBooking, *, actor: Actor, reason: str) -> None:
    """Write it down, in the transaction of the change; `reason` is not empty."""
    KeptBooking.objects.create(
        organization_id=booking.organization_id,
        booking=booking,
        code=broken.code,
        words=broken.reason[:300],
        starts_at=booking.starts_at,
        actor_name=actor.name,
        reason=reason,
        at=clock.now(),
    )
    steps.announce(booking, "booking.kept", actor=actor, reason=reason, code=broken.code, words=broken.reason)


def keep_accepted(event: Event) -> None:
    """The configuration was changed and bookings accepted by name: each is kept as one at the desk is.

    Their rows are not locked, which would come too late (core/locking.py): the change has the catalog for itself, and
    without it nobody moves a booking.
    """
    accepted, by = event.payload["reasons"], Actor("staff", event.payload["by"]["name"])
    reason = event.payload.get("reason") or event.payload["subject"]
    found = {
        each.id: each
        for each in broken_bookings(organization_id=event.organization_id)
        if accepted.get(each.reference) == each.code
    }
    for booking in Booking.objects.filter(id__in=list(found)).order_by("reference"):
        keep(booking, found[booking.id], actor=by, reason=reason[:500])
