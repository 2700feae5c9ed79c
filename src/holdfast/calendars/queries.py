"""A booking's calendar file, in its customer's language and its business's zone."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from holdfast.bookings import notice
from holdfast.bookings.details import ladder_words
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.queries import customer_language, manage_url
from holdfast.bookings.stops.telling import way_of
from holdfast.calendars.ics import Entry, Method, Person, Status, booking_calendar
from holdfast.catalog.models import Organization
from holdfast.core.fields import in_language
from holdfast.web import formats, phones

_STATUSES: dict[str, Status] = {
    BookingState.HELD: "TENTATIVE",
    BookingState.PENDING_PAYMENT: "TENTATIVE",
    BookingState.REQUESTED: "TENTATIVE",
    BookingState.CANCELLED: "CANCELLED",
    BookingState.EXPIRED: "CANCELLED",
}


def calendar_of_all(bookings: Iterable[Booking]) -> bytes:
    """One file of many bookings of an organization, each an entry of its own that later mails about it move or remove.

    Cancelled ones are in it as such, so that a calendar takes them out.
    """
    return booking_calendar(*(_entry(booking, signed=True) for booking in bookings), method="PUBLISH")


def calendar_for(booking: Booking, method: Method = "PUBLISH", *, signed: bool = True) -> bytes:
    """The iCalendar file of one booking, inside its tenant's transaction (reads its organization and service).

    The UID never changes; SEQUENCE is the booking's `calendar_sequence`, raised whenever it moves or is cancelled.
    DTSTAMP is the booking's last change, so the same booking always gives the same bytes. `signed`: with the link that
    lets its bearer change the booking.
    """
    return booking_calendar(_entry(booking, signed=signed), method=method)


def _entry(booking: Booking, *, signed: bool) -> Entry:
    organization: Organization = booking.organization
    link = manage_url(organization, booking) if signed else ""
    with translation.override(customer_language(booking)):
        return Entry(
            uid=f"{booking.id}@{urlsplit(settings.BASE_URL).hostname}",
            sequence=booking.calendar_sequence,
            stamped_at=booking.updated_at,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            time_zone=booking.time_zone,
            summary=f"{in_language(booking.service.name)} · {organization.name}",
            status=_STATUSES.get(booking.state, "CONFIRMED"),
            organizer=Person(organization.name, organization.email),
            attendee=Person(booking.customer_name, booking.customer_email) if booking.customer_email else None,
            location=way_of(booking) or in_language(booking.service.place) or organization.address,
            description=_description(booking, organization, link),
            url=link,
        )


def _description(booking: Booking, organization: Organization, link: str) -> str:
    rungs = [str(each) for each in ladder_words.rungs(booking, booking.created_at)]
    free_until = formats.moment(notice.free_until(booking, organization), booking.time_zone, "when_long")
    return "\n".join(
        [
            _("Reference: %(reference)s") % {"reference": booking.reference},
            *(
                [_("If you cancel"), *rungs]
                if rungs
                else [_("Free cancellation until %(when)s") % {"when": free_until}]
            ),
            *([_("Change or cancel: %(link)s") % {"link": link}] if link else []),
            *([phones.in_groups(organization.phone)] if organization.phone else []),
        ]
    )
