"""The facts of a booking as pages and mails list them: label, value, and a quieter line below."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from holdfast.bookings import notice
from holdfast.bookings.details import attendees, extras, ladder_words
from holdfast.bookings.details.answers import in_words
from holdfast.bookings.models import Allocation, Booking
from holdfast.bookings.stops.telling import stops_of
from holdfast.catalog.models import Organization, ResourceKind
from holdfast.core import clock
from holdfast.core.fields import in_language
from holdfast.domain import hours
from holdfast.web import formats, phones


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    aside: str = ""


def for_customer(booking: Booking, organization: Organization, *, stands: bool) -> list[Fact]:
    """What, when (both zones if they differ), where, who, reference, what cancelling costs; in the active language.

    What it costs says its bill (payments/bill.py).
    """
    return [
        _what(booking),
        _when(booking, booking.customer_time_zone),
        *_extras(booking),
        *_emergency(booking),
        *_where(booking, organization),
        *_who(booking),
        *_attendees(booking),
        Fact(_("Reference"), booking.reference),
        *(_free(booking) if stands else []),
        *(_cancellation(booking, organization) if stands else []),
    ]


def for_business(booking: Booking, reason: str) -> list[Fact]:
    """As the customer's, with who they are and what they said, in the business's own zone only."""
    reachable = "\n".join(filter(None, [booking.customer_email, phones.in_groups(booking.customer_phone)]))
    return [
        _what(booking),
        _when(booking, ""),
        *_extras(booking),
        *_emergency(booking),
        *_stops(booking),
        Fact(_("Customer"), booking.customer_name, reachable),
        *([Fact(_("Message"), booking.customer_note)] if booking.customer_note else []),
        *_attendees(booking),
        *_answers(booking),
        *([Fact(_("Reason"), reason)] if reason else []),
        Fact(_("Reference"), booking.reference),
    ]


def for_series(
    bookings: Sequence[Booking], organization: Organization, rule: str, *, business: bool, stands: bool
) -> list[Fact]:
    """What, all the dates under the rule in words, where, for whom, the first reference and the price of all."""
    first = bookings[0]
    listed = [period(each.starts_at, each.ends_at, each.time_zone) for each in bookings]
    reachable = "\n".join(filter(None, [first.customer_email, phones.in_groups(first.customer_phone)]))
    total = sum(each.price_amount for each in bookings)
    return [
        _what(first),
        Fact(_("When"), rule, "\n".join(listed)),
        *_extras(first),
        *(_stops(first) if business else _where(first, organization)),
        *([Fact(_("Customer"), first.customer_name, reachable)] if business else []),
        Fact(_("Reference"), first.reference),
        *([Fact(_("Price"), formats.money(total, first.price_currency))] if stands and total else []),
    ]


def period(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """ "Thursday, March 12, 2026, 2:00 PM – 3:30 PM" on the zone's clock; both days in full when they differ."""
    local = ZoneInfo(zone)
    same_day = starts_at.astimezone(local).date() == ends_at.astimezone(local).date()
    end = formats.moment(ends_at, zone, "time" if same_day else "when_long")
    return f"{formats.moment(starts_at, zone, 'when_long')} – {end}"


def _what(booking: Booking) -> Fact:
    party = booking.party_size
    people = ngettext("%(count)s person", "%(count)s people", party) % {"count": party} if party > 1 else ""
    return Fact(_("What"), in_language(booking.service.name), people)


def _when(booking: Booking, reader_zone: str) -> Fact:
    """The business's zone is named when the reader's differs; theirs comes second, as the business's is agreed."""
    starts_at, ends_at, zone = booking.starts_at, booking.ends_at, booking.time_zone
    agreed = Fact(_("When"), period(starts_at, ends_at, zone))
    if not hours.clocks_differ(starts_at, reader_zone, zone):
        return agreed
    theirs = period(starts_at, ends_at, reader_zone)
    yours = _("For you: %(when)s, %(zone)s") % {"when": theirs, "zone": formats.zone_name(reader_zone, starts_at)}
    return replace(agreed, aside=f"{formats.zone_name(zone, starts_at)}\n{yours}")


def _extras(booking: Booking) -> list[Fact]:
    return [Fact(_("Extras"), ", ".join(extras.in_words(booking.extras)))] if booking.extras else []


def _emergency(booking: Booking) -> list[Fact]:
    return [Fact(_("Emergency"), booking.emergency_reason)] if booking.emergency_reason else []


def _where(booking: Booking, organization: Organization) -> list[Fact]:
    place = in_language(booking.service.place) or organization.address
    return _stops(booking) or ([Fact(_("Where"), place)] if place else [])


def _stops(booking: Booking) -> list[Fact]:
    return [Fact(label, where) for label, where in stops_of(booking)]


def _who(booking: Booking) -> list[Fact]:
    """Only people whom customers may choose by name; vehicles and the rest of the team are nobody's business.

    And only those who come: not whom a moved booking had before.
    """
    names = Allocation.objects.filter(
        booking_id=booking.id, active=True, resource__is_public=True, resource__kind=ResourceKind.PERSON
    ).values_list("resource__name", flat=True)
    known = sorted(set(names))
    return [Fact(_("With"), ", ".join(known))] if known else []


def _attendees(booking: Booking) -> list[Fact]:
    return [Fact(_("Attendees"), attendees.in_words(booking.attendees))] if booking.attendees else []


def _free(booking: Booking) -> list[Fact]:
    return [] if booking.price_amount else [Fact(_("Price"), pgettext("price", "Free"))]


def _cancellation(booking: Booking, organization: Organization) -> list[Fact]:
    """What it costs, or until when it is free."""
    rungs = ladder_words.rungs(booking, clock.now(), form="when_long")
    if rungs:
        first, *others = map(str, rungs)
        return [Fact(_("If you cancel"), first, "\n".join(others))]
    until = notice.free_until(booking, organization)
    if until < clock.now() + timedelta(minutes=1):
        return []
    return [
        Fact(
            _("Free cancellation"),
            _("Until %(when)s")
            % {"when": formats.moment_for(until, booking.time_zone, booking.customer_time_zone, "when_long")},
        )
    ]


def _answers(booking: Booking) -> list[Fact]:
    questions = booking.service.questions.all()
    return [
        Fact(in_language(question.label), in_words(question.kind, question.choices, booking.answers[question.key]))
        for question in questions
        if question.key in booking.answers
    ]
