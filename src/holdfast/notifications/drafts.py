"""Wording the mails of an event: to the customer in their language, to the business in its own. Reads, never writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from holdfast.bookings.details import facts
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.queries import calendar_url, customer_language, manage_url
from holdfast.calendars.ics import Method
from holdfast.calendars.queries import calendar_for
from holdfast.catalog.models import Organization
from holdfast.core.fields import in_language
from holdfast.domain.lifecycle import ACTIVE
from holdfast.events import queries as events
from holdfast.events.models import Event
from holdfast.notifications.wording import FOR_BUSINESS, FOR_CUSTOMER, Words, actor_words, customer_story, story_of
from holdfast.payments import bill
from holdfast.payments.bill import Bill
from holdfast.web import colors, formats


@dataclass(frozen=True, slots=True)
class Draft:
    """A worded mail, not yet addressed to a server. `calendar` is an iCalendar file or empty."""

    audience: str
    recipient: str
    language: str
    subject: str
    text: str
    html: str
    calendar: str = ""
    # Under which booking it is listed, where the event is not about one.
    booking_id: UUID | None = None
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


def booking_drafts(event: Event, booking: Booking) -> Iterator[Draft]:
    """What a booking's event asks for: a mail to the customer, one to the business, or neither."""
    earlier = {other.kind for other in events.of_subject(event.subject) if other.id < event.id}
    yield from _to_customer(event, booking, earlier)
    yield from _to_business(event, booking, earlier)


def _to_customer(event: Event, booking: Booking, earlier: set[str]) -> Iterator[Draft]:
    organization = booking.organization
    if not booking.customer_email:
        return
    was_confirmed = event.kind == "booking.confirmed" or "booking.confirmed" in earlier
    with translation.override(customer_language(booking)):
        story = customer_story(event, booking, earlier)
        stands = booking.state in ACTIVE
        yield draft(
            "customer",
            booking.customer_email,
            filled(FOR_CUSTOMER[story], event, booking),
            organization,
            facts=facts.for_customer(booking, organization, stands=stands),
            bill=bill.for_customer(booking),
            links=customer_links(booking, organization, stands=stands),
            footer=_("You receive this mail because you booked with %(organization)s.")
            % {"organization": organization.name},
            calendar=_calendar(event, booking) if was_confirmed else "",
        )


def _to_business(event: Event, booking: Booking, earlier: set[str]) -> Iterator[Draft]:
    organization = booking.organization
    # Whoever approves a request or gives a booking away knows; the request itself was told.
    if event.kind == "booking.reassigned":
        return
    if event.kind == "booking.confirmed" and "booking.requested" in earlier:
        return
    with translation.override(organization.default_language):
        yield draft(
            "business",
            organization.email,
            filled(FOR_BUSINESS[story_of(event, earlier)], event, booking),
            organization,
            facts=facts.for_business(booking, str(event.payload.get("reason") or "")),
            bill=bill.for_business(booking),
            links=[Link(_("Open on the desk"), f"{settings.BASE_URL}/desk/bookings/{booking.reference}/")],
            footer=_("You receive this mail because it is the address of %(organization)s.")
            % {"organization": organization.name},
        )


def draft(
    audience: str,
    recipient: str,
    words: Words,
    organization: Organization,
    *,
    facts: list[facts.Fact],
    links: list[Link],
    footer: str,
    bill: Bill | None = None,
    calendar: str = "",
    booking_id: UUID | None = None,
    is_urgent: bool = False,
) -> Draft:
    """The mail in the active language; its first link is the button."""
    context: dict[str, Any] = {
        "words": words,
        "facts": facts,
        "bill": bill,
        "primary": links[0],
        "links": links,
        "secondary": links[1:],
        "footer": footer,
        "organization": organization,
        "organization_url": f"{settings.BASE_URL}/{organization.slug}/",
        "accent": colors.accents(organization.accent),
        "language": translation.get_language(),
    }
    return Draft(
        audience=audience,
        recipient=recipient,
        language=translation.get_language() or "en",
        subject=" ".join(str(words.subject).split())[:250],
        text=render_to_string("notifications/mail.txt", context).strip() + "\n",
        html=render_to_string("notifications/mail.html", context),
        calendar=calendar,
        booking_id=booking_id,
        is_urgent=is_urgent,
    )


def filled(words: Words, event: Event, booking: Booking) -> Words:
    """The words with what they speak of in their places."""
    before, after = event.payload.get("before") or {}, event.payload.get("after") or {}
    places = {
        "service": in_language(booking.service.name),
        "when": formats.moment(booking.starts_at, booking.time_zone),
        "before": formats.moment(datetime.fromisoformat(before["starts_at"]), booking.time_zone, "when_long")
        if before
        else "",
        "replaced": before.get("resource", {}).get("name", ""),
        "replacing": after.get("resource", {}).get("name", ""),
        "organization": booking.organization.name,
        "customer": booking.customer_name,
        "actor": actor_words(event),
    }
    return Words(str(words.subject) % places, str(words.heading) % places, str(words.next_step) % places)


def customer_links(booking: Booking, organization: Organization, *, stands: bool) -> list[Link]:
    if not stands:
        return [Link(_("Book another time"), f"{settings.BASE_URL}/{organization.slug}/booking")]
    links = [Link(_("Change or cancel"), manage_url(organization, booking))]
    if booking.state != BookingState.REQUESTED:
        links.append(Link(_("Add to calendar"), calendar_url(organization, booking)))
    return links


def _calendar(event: Event, booking: Booking) -> str:
    """The file that puts the booking in a calendar, moves it there, or takes it out; nothing that is no longer true."""
    cancels = event.kind == "booking.cancelled"
    if not cancels and booking.state not in ACTIVE:
        return ""
    method: Method = "CANCEL" if cancels else "REQUEST"
    return calendar_for(booking, method).decode()
