"""Wording the mails of a series: one to the customer and one to the business for whatever happened to many dates."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from holdfast.bookings.details import facts
from holdfast.bookings.models import Booking, BookingState, Series
from holdfast.bookings.queries import customer_language
from holdfast.calendars.queries import calendar_of_all
from holdfast.core.fields import in_language
from holdfast.events.models import Event
from holdfast.notifications.drafts import Draft, Link, customer_links, draft
from holdfast.notifications.wording import Words, actor_words
from holdfast.series.results import words_of
from holdfast.web import formats

FOR_CUSTOMER = {
    "booked": Words(
        gettext_lazy("Confirmed: %(service)s, %(dates)s from %(when)s"),
        gettext_lazy("Your series is booked"),
        gettext_lazy("There is nothing more to do. The attached file puts all dates in your calendar."),
    ),
    "requested": Words(
        gettext_lazy("Request received: %(service)s, %(dates)s from %(when)s"),
        gettext_lazy("We have your request"),
        gettext_lazy("%(organization)s will answer by mail. Until then the times are kept for you."),
    ),
    "confirmed": Words(
        gettext_lazy("Confirmed: %(service)s, %(dates)s from %(when)s"),
        gettext_lazy("Your series is confirmed"),
        gettext_lazy("There is nothing more to do. The attached file puts all dates in your calendar."),
    ),
    "rescheduled": Words(
        gettext_lazy("New times: %(service)s, %(dates)s from %(when)s"),
        gettext_lazy("Your series has new times"),
        gettext_lazy("Changed by %(actor)s. The attached file moves the dates in your calendar."),
    ),
    "cancelled": Words(
        gettext_lazy("Cancelled: %(service)s, %(dates)s from %(when)s"),
        gettext_lazy("These dates are cancelled"),
        gettext_lazy("Cancelled by %(actor)s. You can book other times whenever you like."),
    ),
}
FOR_BUSINESS = {
    "booked": Words(
        gettext_lazy("New series: %(service)s, %(dates)s from %(when)s, %(customer)s"),
        gettext_lazy("You have a new series of bookings"),
        gettext_lazy("It is confirmed; there is nothing more to do."),
    ),
    "requested": Words(
        gettext_lazy("To approve: %(service)s, %(dates)s from %(when)s, %(customer)s"),
        gettext_lazy("A request waits for your answer"),
        gettext_lazy("The times are kept for %(customer)s until you confirm or cancel them."),
    ),
    "rescheduled": Words(
        gettext_lazy("Moved: %(service)s, %(dates)s from %(when)s, %(customer)s"),
        gettext_lazy("A series has new times"),
        gettext_lazy("Moved by %(actor)s."),
    ),
    "cancelled": Words(
        gettext_lazy("Cancelled: %(service)s, %(dates)s from %(when)s, %(customer)s"),
        gettext_lazy("Dates of a series are cancelled"),
        gettext_lazy("The times are free again. Cancelled by %(actor)s."),
    ),
}


def series_drafts(event: Event) -> list[Draft]:
    """The mails of `series.*`, inside its tenant's transaction."""
    found = Booking.objects.filter(id__in=event.payload["bookings"]).select_related("organization", "service")
    bookings = sorted(found, key=lambda booking: booking.starts_at)
    series = Series.objects.get(id=event.subject)
    if not bookings:
        return []
    first = bookings[0]
    story = event.kind.removeprefix("series.")
    if story == "booked" and first.state == BookingState.REQUESTED:
        story = "requested"
    with translation.override(customer_language(first)):
        to_customer = _to_customer(event, story, series, bookings)
    drafts = [to_customer] if first.customer_email else []
    if story == "confirmed":
        return drafts  # who approves knows; the request itself was told
    with translation.override(first.organization.default_language):
        return [*drafts, _to_business(event, story, series, bookings)]


def _to_customer(event: Event, story: str, series: Series, bookings: list[Booking]) -> Draft:
    first = bookings[0]
    stands = story != "cancelled"
    return draft(
        "customer",
        first.customer_email,
        _filled(FOR_CUSTOMER[story], event, bookings),
        first.organization,
        facts=facts.for_series(bookings, first.organization, _rule(series, story), business=False, stands=stands),
        links=customer_links(first, first.organization, stands=stands)[:1],
        footer=_("You receive this mail because you booked with %(organization)s.")
        % {"organization": first.organization.name},
        calendar="" if story == "requested" else calendar_of_all(bookings).decode(),
        booking_id=first.id,
    )


def _to_business(event: Event, story: str, series: Series, bookings: list[Booking]) -> Draft:
    first = bookings[0]
    return draft(
        "business",
        first.organization.email,
        _filled(FOR_BUSINESS[story], event, bookings),
        first.organization,
        facts=facts.for_series(
            bookings, first.organization, _rule(series, story), business=True, stands=story != "cancelled"
        ),
        links=[Link(_("Open on the desk"), f"{settings.BASE_URL}/desk/series/{series.id}/")],
        footer=_("You receive this mail because it is the address of %(organization)s.")
        % {"organization": first.organization.name},
        booking_id=first.id,
    )


def _rule(series: Series, story: str) -> str:
    """The rule in words; of what is cancelled the dates alone are told."""
    return _("No longer booked:") if story == "cancelled" else words_of(series)


def _filled(words: Words, event: Event, bookings: list[Booking]) -> Words:
    first = bookings[0]
    places: dict[str, Any] = {
        "service": in_language(first.service.name),
        "dates": ngettext("%(count)d date", "%(count)d dates", len(bookings)) % {"count": len(bookings)},
        "when": formats.moment(first.starts_at, first.time_zone, "day"),
        "organization": first.organization.name,
        "customer": first.customer_name,
        "actor": actor_words(event),
    }
    return Words(str(words.subject) % places, str(words.heading) % places, str(words.next_step) % places)
