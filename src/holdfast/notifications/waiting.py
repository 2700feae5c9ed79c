"""Wording the mails of the waiting list: to the person who waits, in their language."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.bookings.details import facts as booking_facts
from holdfast.bookings.details.facts import Fact
from holdfast.catalog.models import Organization
from holdfast.core.fields import in_language
from holdfast.events.models import Event
from holdfast.notifications.drafts import Draft, Link, draft
from holdfast.notifications.wording import Words
from holdfast.payments import bill
from holdfast.waiting import facts, queries
from holdfast.waiting.models import OfferOutcome, WaitingEntry, WaitingOffer, WaitingState
from holdfast.web import formats

# With the places %(service)s %(dates)s %(when)s %(until)s %(organization)s.
WORDS = {
    "joined": Words(
        gettext_lazy("On the waiting list: %(service)s, %(dates)s"),
        gettext_lazy("You are on the waiting list"),
        gettext_lazy(
            "When a time becomes free that suits you, we keep it for you and write to you at once. "
            "There is nothing more to do."
        ),
    ),
    "offered": Words(
        gettext_lazy("A time is free: %(service)s, %(when)s"),
        gettext_lazy("A time is free for you"),
        gettext_lazy("It is kept for you until %(until)s. After that it goes to the next person on the list."),
    ),
    "missed": Words(
        gettext_lazy("No longer kept for you: %(service)s, %(when)s"),
        gettext_lazy("The time has gone to the next person"),
        gettext_lazy(
            "It was kept for you until %(until)s. You are still on the waiting list, in the same place: "
            "we write to you when another time becomes free."
        ),
    ),
    "unanswered": Words(
        gettext_lazy("The waiting list: %(service)s, %(dates)s"),
        gettext_lazy("You are no longer on the waiting list"),
        gettext_lazy(
            "Three times became free and were kept for you without an answer, so others are asked now. "
            "You are welcome to join again."
        ),
    ),
    "over": Words(
        gettext_lazy("The waiting list: %(service)s, %(dates)s"),
        gettext_lazy("No time became free for you"),
        gettext_lazy("The dates you waited for are over, so you are no longer on the waiting list. We are sorry."),
    ),
    "removed": Words(
        gettext_lazy("The waiting list: %(service)s, %(dates)s"),
        gettext_lazy("You are no longer on the waiting list"),
        gettext_lazy("%(organization)s has taken you off the list. If you did not expect this, simply answer."),
    ),
}


def waiting_drafts(event: Event) -> Iterator[Draft]:
    """The mail an event of the waiting list asks for, if it is still true; inside its tenant's transaction."""
    entry = queries.entry_by_id(event.subject)
    offer = queries.offer_by_id(event.payload["offer"]) if event.payload.get("offer") else None
    story = _story(event, entry, offer)
    if story is None:
        return
    organization = entry.organization
    with translation.override(queries.language_of(entry, organization)):
        yield draft(
            "customer",
            entry.customer_email,
            _filled(WORDS[story], entry, offer),
            organization,
            facts=_facts(story, entry, offer),
            bill=bill.for_customer(queries.booking_of(offer)) if story == "offered" and offer else None,
            links=_links(story, entry, offer, organization),
            footer=_("You receive this mail because you joined the waiting list of %(organization)s.")
            % {"organization": organization.name},
        )


def _story(event: Event, entry: WaitingEntry, offer: WaitingOffer | None) -> str | None:
    """Which of WORDS tells it; None when nobody needs to be told, or it is no longer so."""
    kind = event.kind.removeprefix("waiting.")
    if kind == "offered" and offer:
        return None if offer.outcome else kind
    if kind == "passed" and offer and offer.outcome == OfferOutcome.EXPIRED:
        return "unanswered" if event.payload["state"] == WaitingState.EXPIRED else "missed"
    if kind == "removed":
        return kind if event.payload["actor"] == "staff" else None
    return {"joined": "joined", "expired": "over"}.get(kind)


def _filled(words: Words, entry: WaitingEntry, offer: WaitingOffer | None) -> Words:
    zone, theirs = entry.organization.time_zone, entry.customer_time_zone
    places = {
        "service": in_language(entry.service.name),
        "dates": facts.dates(entry),
        "organization": entry.organization.name,
        "when": formats.moment(offer.starts_at, zone) if offer else "",
        "until": formats.moment_for(offer.expires_at, zone, theirs)
        if offer
        else "",  # with the day: it may be read tomorrow
    }
    return Words(str(words.subject) % places, str(words.heading) % places, str(words.next_step) % places)


def _facts(story: str, entry: WaitingEntry, offer: WaitingOffer | None) -> list[Fact]:
    if story != "offered" or offer is None:
        return facts.for_entry(entry)
    held = queries.booking_of(offer)
    held.customer_time_zone = entry.customer_time_zone
    return booking_facts.for_customer(held, entry.organization, stands=True)


def _links(story: str, entry: WaitingEntry, offer: WaitingOffer | None, organization: Organization) -> list[Link]:
    own = queries.entry_url(organization, entry)
    if story == "offered" and offer:
        return [
            Link(_("Book this time"), queries.offer_url(organization, offer)),
            Link(_("Leave the waiting list"), own),
        ]
    if story in ("joined", "missed"):
        return [Link(_("See or leave the waiting list"), own)]
    return [Link(_("Book another time"), f"{settings.BASE_URL}/{organization.slug}/booking")]
