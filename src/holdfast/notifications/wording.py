"""What a mail says of an event: its subject, its heading, and what happens next in one sentence."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from holdfast.bookings.models import Booking, BookingState
from holdfast.events.models import Event

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Words:
    """Texts with the places %(service)s %(when)s %(before)s %(organization)s %(customer)s %(actor)s, and who was
    replaced: %(replaced)s %(replacing)s.
    """

    subject: "StrOrPromise"
    heading: "StrOrPromise"
    next_step: "StrOrPromise"


FOR_CUSTOMER = {
    "requested": Words(
        _("Request received: %(service)s, %(when)s"),
        _("We have your request"),
        _("%(organization)s will answer by mail. Until then the time is kept for you."),
    ),
    "confirmed": Words(
        _("Confirmed: %(service)s, %(when)s"),
        _("Your booking is confirmed"),
        _("There is nothing more to do. The attached file puts it in your calendar."),
    ),
    "confirmed_late": Words(
        _("Confirmed: %(service)s, %(when)s"),
        _("Your booking is confirmed after all"),
        _(
            "Your payment or card came when the time was no longer kept for you; it was still free, so it is yours. "
            "The attached file puts it in your calendar."
        ),
    ),
    "rescheduled": Words(
        _("New time: %(service)s, %(when)s"),
        _("Your booking has a new time"),
        _("It was on %(before)s. The attached file moves it in your calendar."),
    ),
    "moved_by_business": Words(
        _("New time: %(service)s, %(when)s"),
        _("Your booking has a new time"),
        _(
            "%(organization)s moved it; it was on %(before)s. "
            "If the new time does not suit you, choose another one or cancel."
        ),
    ),
    "reassigned": Words(
        _("Somebody else for %(service)s, %(when)s"),
        _("Somebody else will be there for you"),
        _(
            "It will be %(replacing)s instead of %(replaced)s, at the time you booked. "
            "If that does not suit you, choose another time or cancel."
        ),
    ),
    "request_moved": Words(
        _("New time requested: %(service)s, %(when)s"),
        _("Your request has a new time"),
        _("%(organization)s will answer by mail. Until then the new time is kept for you."),
    ),
    "cancelled": Words(
        _("Cancelled: %(service)s, %(when)s"),
        _("Your booking is cancelled"),
        _("There is nothing more to do. You can book another time whenever you like."),
    ),
    "cancelled_by_business": Words(
        _("Cancelled: %(service)s, %(when)s"),
        _("Your booking is cancelled"),
        _("%(organization)s had to cancel it and is sorry. You can book another time whenever you like."),
    ),
    "withdrawn": Words(
        _("Request withdrawn: %(service)s, %(when)s"),
        _("Your request is withdrawn"),
        _("There is nothing more to do. You can book another time whenever you like."),
    ),
    "declined": Words(
        _("Request declined: %(service)s, %(when)s"),
        _("Your request could not be accepted"),
        _("The time is no longer kept for you. You can book another time whenever you like."),
    ),
}

FOR_BUSINESS = {
    "requested": Words(
        _("To approve: %(service)s, %(when)s, %(customer)s"),
        _("A request waits for your answer"),
        _("The time is kept for %(customer)s until you confirm or cancel it."),
    ),
    "confirmed": Words(
        _("New booking: %(service)s, %(when)s, %(customer)s"),
        _("You have a new booking"),
        _("It is confirmed; there is nothing more to do."),
    ),
    "confirmed_late": Words(
        _("New booking: %(service)s, %(when)s, %(customer)s"),
        _("You have a new booking"),
        _("The payment or card came when the time was no longer kept; it was still free, so the booking is confirmed."),
    ),
    "rescheduled": Words(
        _("Moved: %(service)s, %(when)s, %(customer)s"),
        _("A booking has a new time"),
        _("It was on %(before)s. Moved by %(actor)s."),
    ),
    "cancelled": Words(
        _("Cancelled: %(service)s, %(when)s, %(customer)s"),
        _("A booking is cancelled"),
        _("The time is free again. Cancelled by %(actor)s."),
    ),
}


def story_of(event: Event, earlier: set[str]) -> str:
    """What the event is, by the kinds of those before it."""
    story = event.kind.removeprefix("booking.")
    return "confirmed_late" if story == "confirmed" and "booking.expired" in earlier else story


def customer_story(event: Event, booking: Booking, earlier: set[str]) -> str:
    """Which of FOR_CUSTOMER tells this event."""
    story, was_confirmed = story_of(event, earlier), "booking.confirmed" in earlier
    by_customer = event.payload.get("actor") == "customer"
    if story == "rescheduled":
        if booking.state == BookingState.REQUESTED:
            return "request_moved"
        return story if by_customer else "moved_by_business"
    if story == "cancelled":
        if was_confirmed:
            return story if by_customer else "cancelled_by_business"
        return "withdrawn" if by_customer else "declined"
    return story


def actor_words(event: Event) -> str:
    """Who did it: "the customer", a member of staff by name."""
    if event.payload.get("actor") == "customer":
        return str(_("the customer"))
    return str(event.payload.get("actor_name") or _("your team"))
