"""Wording the mails about a booking's money, each fact once.

Quiet is what the customer has just seen, or is told at the same moment: a card refused on the page, a payment or a card
that confirms the booking (its confirmation says so), and a refund of which the mail about late money has told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from holdfast.bookings.details import facts
from holdfast.bookings.details.facts import Fact
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.queries import customer_language, manage_url, pay_url
from holdfast.core.fields import in_language
from holdfast.domain.ledger import EntryKind, Standing
from holdfast.domain.lifecycle import ACTIVE
from holdfast.events.models import Event
from holdfast.notifications.drafts import Draft, Link, draft
from holdfast.notifications.payment_words import FOR_BUSINESS, FOR_CUSTOMER
from holdfast.notifications.wording import Words
from holdfast.payments import bill, entry_words, ledger, too_late
from holdfast.payments.models import LedgerEntry, PaymentKind
from holdfast.web import formats

# While it waits, what comes confirms it; once expired, it does or comes too late.
_TOLD_BY_THE_BOOKING = (BookingState.PENDING_PAYMENT, BookingState.EXPIRED)
_RESOLVED = (EntryKind.HELD, EntryKind.RECEIVED)
MOST_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class _News:
    """An event about money with what is known: its entry (None: a payment link was asked for) and all others."""

    event: Event
    booking: Booking
    entry: LedgerEntry | None
    rows: list[LedgerEntry]

    @property
    def now(self) -> Standing:
        return ledger.standing_by(self.rows, self.booking)

    @property
    def card(self) -> str:
        """The card that this is about, in words."""
        if self.entry is None:
            return ""
        known = entry_words.cards(self.rows)
        own = entry_words.card_in_words(self.entry.details)
        return own or (known.get(self.entry.payment_id, "") if self.entry.payment_id else "")

    @property
    def why(self) -> str:
        """Of a refund, what was said when it was decided."""
        if self.entry is None:
            return ""
        return next(
            (
                str(row.details["why"])
                for row in self.rows
                if row.subject == self.entry.subject and row.details.get("why")
            ),
            "",
        )


def payment_drafts(event: Event, booking: Booking) -> Iterator[Draft]:
    """What news of money asks for: a mail to the customer, one to the business, both or neither."""
    rows = ledger.rows_of(booking)
    entry = next((row for row in rows if str(row.id) == event.payload.get("entry")), None)
    if entry is None and event.kind != "payment.asked":
        return
    news = _News(event, booking, entry, rows)
    if booking.customer_email and (story := _customer_story(news)):
        yield _to_customer(news, story)
    if story := _business_story(news):
        yield _to_business(news, story)


def _customer_story(news: _News) -> str:
    """Which of FOR_CUSTOMER tells it; "" if nobody needs to be told."""
    kind = news.event.kind.removeprefix("payment.")
    told_otherwise = news.event.payload.get("state") in _TOLD_BY_THE_BOOKING
    on_site = bool(news.entry and news.entry.details.get("how"))
    if kind in ("received", "card_kept"):
        return "" if told_otherwise else "received_on_site" if on_site else kind
    if kind == "failed":
        return _refusal_story(news)
    if kind in ("refund_pending", "refunded"):
        return "refunded_on_site" if on_site else _refund_story(news)
    if kind == "too_late":
        return kind if news.now.received.amount else "too_late_card"
    return kind if kind == "asked" else ""


def _refusal_story(news: _News) -> str:
    """Of a kept card, the first time; while it is tried again the customer has the link already."""
    refusals = [row for row in news.rows if _is_refusal(row)]
    resolved = max((row.at for row in news.rows if row.kind in _RESOLVED), default=None)
    fresh = [row for row in refusals if resolved is None or row.at > resolved]
    if not news.entry or not fresh or fresh[0].id != news.entry.id:
        return ""
    return "authentication" if news.why.startswith("authentication") else "failed"


def _refund_story(news: _News) -> str:
    """Once for a refund: when it is on its way, or has arrived at once."""
    assert news.entry is not None  # noqa: S101 - only a link that was asked for has none
    earlier = [
        row
        for row in news.rows
        if row.subject == news.entry.subject and row.kind in (EntryKind.REFUND_PENDING, EntryKind.REFUNDED)
    ]
    return "" if news.why == "too_late" or earlier[0].id != news.entry.id else "refunded"


def _business_story(news: _News) -> str:
    kind = news.event.kind.removeprefix("payment.")
    if kind == "failed":
        return "failed" if _refusal_story(news) else ""
    return kind if kind in FOR_BUSINESS else ""


def _is_refusal(row: LedgerEntry) -> bool:
    return row.kind == EntryKind.FAILED and bool(row.payment) and row.payment.kind == PaymentKind.CARD_HOLD  # type: ignore[union-attr]


def _to_customer(news: _News, story: str) -> Draft:
    booking, organization = news.booking, news.booking.organization
    with translation.override(customer_language(booking)):
        return draft(
            "customer",
            booking.customer_email,
            _filled(FOR_CUSTOMER[story], news, why=entry_words.reason_to_customer(news.why)),
            organization,
            facts=[*_reason(news, story), *_about(booking), *_alternatives(news, story)],
            bill=bill.for_customer(booking),
            links=_links(news, story),
            footer=_("You receive this mail because you booked with %(organization)s.")
            % {"organization": organization.name},
        )


def _to_business(news: _News, story: str) -> Draft:
    booking, organization = news.booking, news.booking.organization
    desk = f"{settings.BASE_URL}/desk/bookings/{booking.reference}/"
    with translation.override(organization.default_language):
        evidence = [Link(_("What was agreed, to send to the bank"), f"{desk}evidence/")] if story == "disputed" else []
        return draft(
            "business",
            organization.email,
            _filled(FOR_BUSINESS[story], news, why=entry_words.reason(news.why)),
            organization,
            facts=facts.for_business(booking, ""),
            bill=bill.for_business(booking),
            links=[Link(_("Open on the desk"), desk), *evidence],
            footer=_("You receive this mail because it is the address of %(organization)s.")
            % {"organization": organization.name},
        )


def _filled(words: Words, news: _News, *, why: str) -> Words:
    booking, entry = news.booking, news.entry
    details: Mapping[str, object] = entry.details if entry else {}
    amount = _amount_of(news)
    places = {
        "amount": formats.money(amount, booking.price_currency),
        "card": news.card or _("your card"),
        "why": why,
        "receipt": details.get("receipt", ""),
        "until": _moment(details.get("answer_until"), booking),
        "service": in_language(booking.service.name),
        "when": formats.moment(booking.starts_at, booking.time_zone),
        "customer": booking.customer_name,
        "organization": booking.organization.name,
    }
    return Words(str(words.subject) % places, str(words.heading) % places, str(words.next_step) % places)


def _amount_of(news: _News) -> int:
    """What it is about; of a refusal, a kept card or a link, what is still to be paid."""
    if news.entry is not None and news.entry.amount:
        return news.entry.amount
    return max(0, news.now.outstanding.amount)


def _moment(at: object, booking: Booking) -> str:
    return (
        formats.moment(datetime.fromisoformat(str(at)), booking.time_zone, "when_long") if at else _("the date it says")
    )


def _reason(news: _News, story: str) -> list[Fact]:
    return [Fact(_("Reason"), entry_words.reason(news.why))] if story.startswith("refunded") and news.why else []


def _about(booking: Booking) -> list[Fact]:
    organization = booking.organization
    return facts.for_customer(booking, organization, stands=False)


def _alternatives(news: _News, story: str) -> list[Fact]:
    """When the time was gone: others of the same kind."""
    if not story.startswith("too_late"):
        return []
    others = too_late.context(news.booking.organization, news.booking)["alternatives"][:MOST_ALTERNATIVES]
    when = [formats.moment(each.starts_at, news.booking.time_zone) for each in others]
    return [Fact(_("Still free"), "\n".join(when))] if when else []


def _links(news: _News, story: str) -> list[Link]:
    booking, organization = news.booking, news.booking.organization
    own = Link(_("Change or cancel"), manage_url(organization, booking))
    if story in ("failed", "authentication", "asked"):
        return [Link(_("Pay now"), pay_url(organization, booking)), own]
    if story.startswith("too_late"):
        return [Link(_("Choose another time"), f"{settings.BASE_URL}/{organization.slug}/booking")]
    return [own] if booking.state in ACTIVE else [Link(_("See the booking"), manage_url(organization, booking))]
