"""What the waiting list does inside the transaction of an event: a freed place is held before anybody else sees it."""

from datetime import datetime
from uuid import UUID

from holdfast.bookings.models import Booking
from holdfast.bookings.steps import SYSTEM
from holdfast.core import clock
from holdfast.domain.hours import DAY
from holdfast.domain.waiting import dates_touched
from holdfast.events.models import Event
from holdfast.waiting import actions, offering, queries, tasks
from holdfast.waiting.models import OfferOutcome


def offer_freed_time(event: Event) -> None:
    """A booking was cancelled, moved away or given back: whoever waits longest for its time gets it."""
    if not offering.in_line().exists():
        return
    booking = Booking.objects.get(id=event.subject)
    before = event.payload.get("before") or {}
    if "starts_at" in before:
        starts_at, ends_at = (datetime.fromisoformat(before[name]) for name in ("starts_at", "ends_at"))
    else:
        starts_at, ends_at = booking.starts_at, booking.ends_at
    among = dates_touched(booking.time_zone, clock.to_minute(starts_at), clock.to_minute(ends_at), DAY)
    if not offering.offer_at_once(event.organization_id, among):
        _offer_after_commit(event.organization_id)


def offer_by_new_hours(event: Event) -> None:
    """Hours, closures or holidays were changed: what is free by it is offered right after the commit."""
    if offering.in_line().exists():
        _offer_after_commit(event.organization_id)


def end_offer_and_pass_on(event: Event) -> None:
    """A hold ran out or was given back: if it was somebody's offer, they wait again and the next person is offered."""
    offer = queries.offer_of_booking(event.subject)
    if offer is not None:
        actions.pass_on(offer, OfferOutcome.EXPIRED, SYSTEM)
    offer_freed_time(event)


def withdraw_what_cannot_be_told(event: Event) -> None:
    """The mail with an offer could not be delivered for good: the time passes on, and so does the person's place."""
    offer = queries.offer_of_booking(event.subject)
    if offer is None or not str(event.payload.get("mail", "")).startswith("waiting.offered"):
        return
    actions.withdraw_undeliverable(offer)


def _offer_after_commit(organization_id: UUID) -> None:
    tasks.offer_what_is_free.configure(lock=f"waiting:{organization_id}").defer(organization_id=str(organization_id))
