"""Saying later who comes: the one change of a booking that touches neither its time nor its places."""

from uuid import UUID

from holdfast.bookings import steps
from holdfast.bookings.details.attendees import Sent, check_attendees
from holdfast.bookings.errors import TransitionNotAllowed
from holdfast.bookings.models import Booking
from holdfast.bookings.places import claims
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Attendees, Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import MOVABLE, State


def change_attendees(
    *, organization: Organization, booking_id: UUID, attendees: Sent, version: int, actor: Actor
) -> Booking:
    """Name the people of a party anew: by customers until it begins, by staff until it is over.

    Raises VersionConflict, TransitionNotAllowed, ValidationError.
    """
    with transaction_for(organization.id):
        booking = claims.locked(id=booking_id)
        steps.check_version(booking, version)
        if not may_change(booking, actor):
            raise TransitionNotAllowed(current={"version": booking.version, "state": booking.state})
        checked = check_attendees(booking.service.attendees, booking.party_size, attendees)
        steps.change(booking, attendees=checked)
        steps.log(booking, action="attendees", source=booking.state, actor=actor)
        steps.announce(booking, "booking.attendees_changed", actor=actor)
        return booking


def may_change(booking: Booking, actor: Actor) -> bool:
    """Whether this actor may still say who comes; where the service does not ask, nobody has to."""
    if booking.service.attendees == Attendees.NONE:
        return False
    if actor.kind == "staff":
        return booking.state in MOVABLE | {State.IN_PROGRESS}
    return booking.state in MOVABLE and booking.starts_at > clock.now()
