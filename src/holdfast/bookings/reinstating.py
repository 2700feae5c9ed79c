"""A booking whose time had run out when its money came: it is given the time again, if that is still free."""

from dataclasses import replace
from uuid import UUID

from holdfast.bookings import redeeming, steps
from holdfast.bookings.assignment.assigning import Chooser
from holdfast.bookings.availability.kept import wish_kept
from holdfast.bookings.errors import OutsideHours, TransitionNotAllowed
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.places import claims, placing
from holdfast.bookings.places.contention import settled
from holdfast.bookings.steps import SYSTEM
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.domain.lifecycle import Action


def confirm_paid_once(*, organization: Organization, booking_id: UUID) -> Booking:
    """Confirm what waited for its card, inside the tenant's transaction; done again, nothing happens.

    As long as its places are its own, nobody else can have them, even if its time has run out meanwhile. What had
    expired takes new ones for the same time: who chose it need not have been in time again, so notice and horizon are
    not asked. Raises TransitionNotAllowed, PromotionInvalid when others used up its code meanwhile, and what
    `placing.place` raises when the time is taken.
    """
    booking = claims.locked(id=booking_id)
    if booking.state == BookingState.EXPIRED:
        return _reinstate(organization, booking)
    if booking.state == BookingState.PENDING_PAYMENT:
        steps.take(booking, action=Action.CONFIRM, actor=SYSTEM)
    elif booking.state != BookingState.CONFIRMED:
        raise TransitionNotAllowed(current={"version": booking.version, "state": booking.state})
    return booking


confirm_paid = settled(confirm_paid_once)


def _reinstate(organization: Organization, booking: Booking) -> Booking:
    if booking.starts_at <= clock.now():
        raise OutsideHours
    wish = replace(wish_kept(booking), by_staff=True)
    chooser = Chooser(booking.id, booking.customer_email, booking.customer_phone)
    placement = placing.place(organization, wish, booking.starts_at, chooser)
    redeeming.use_again(booking, placement.question.plan.codes)
    booking.assigned = []  # its turns were given back when it expired
    claims.exchange(booking, placement)
    return steps.take(booking, action=Action.REINSTATE, actor=SYSTEM, hold_expires_at=None, assigned=placement.assigned)
