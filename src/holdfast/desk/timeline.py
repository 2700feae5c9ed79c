"""Everything that happened to a booking, as one line of time: steps, notes, mails, and what else was recorded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.bookings.models import Booking, BookingState, Note, Transition
from holdfast.core.fields import in_language
from holdfast.domain.ledger import EntryKind
from holdfast.events import queries as events
from holdfast.events.models import Event
from holdfast.notifications.models import Message, MessageState
from holdfast.notifications.queries import messages_of
from holdfast.payments import entry_words
from holdfast.payments.models import LedgerEntry, PaymentKind
from holdfast.web import formats

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened. `tone` colors the mark: success, error, warning or nothing."""

    at: datetime
    icon: str
    words: str
    tone: str = ""
    quote: str = ""
    detail: str = ""


# How each step is drawn and told; "who" is "the customer", a name, or "Holdfast".
STEPS: "dict[str, tuple[str, str, StrOrPromise]]" = {
    "hold": ("hourglass", "", gettext_lazy("Time held by %(who)s")),
    "request": ("calendar-plus", "", gettext_lazy("Requested by %(who)s")),
    "book": ("calendar-plus", "", gettext_lazy("Booked by %(who)s")),
    "import": ("calendar-plus", "", gettext_lazy("Taken over from %(who)s")),
    "confirm": ("check", "success", gettext_lazy("Confirmed by %(who)s")),
    "start": ("play", "", gettext_lazy("Started by %(who)s")),
    "complete": ("square-check-big", "success", gettext_lazy("Completed by %(who)s")),
    "cancel": ("ban", "error", gettext_lazy("Cancelled by %(who)s")),
    "decline": ("ban", "error", gettext_lazy("Declined by %(who)s")),
    "no_show": ("user-x", "error", gettext_lazy("Closed as a no-show by %(who)s")),
    "expire": ("calendar-off", "", gettext_lazy("The time was held no longer")),
    "release": ("calendar-off", "", gettext_lazy("Time given back by %(who)s")),
    "attendees": ("user", "", gettext_lazy("Who comes changed by %(who)s")),
    "reassign": ("user", "", gettext_lazy("Reassigned by %(who)s")),
    "reschedule": ("repeat", "", gettext_lazy("Moved by %(who)s")),
}
# Events that say again what a step, a mail or a note already says.
TOLD_ELSEWHERE = {f"booking.{state}" for state in BookingState.values} | {
    "booking.rescheduled",
    "booking.reassigned",
    "booking.attendees_changed",
    "booking.released",
    "booking.imported",
    "message.failed",
}
TOLD_BY_THE_LEDGER = {f"payment.{kind.value}" for kind in EntryKind} | {"payment.let_off"}
# How an entry of the ledger is drawn.
MONEY = {
    EntryKind.RECEIVED: ("banknote", "success"),
    EntryKind.HELD: ("lock", "success"),
    EntryKind.CARD_KEPT: ("credit-card", "success"),
    EntryKind.FAILED: ("triangle-alert", "error"),
    EntryKind.REFUND_FAILED: ("triangle-alert", "error"),
    EntryKind.REFUND_ASKED: ("undo-2", ""),
    EntryKind.REFUND_PENDING: ("undo-2", ""),
    EntryKind.REFUNDED: ("undo-2", "success"),
    EntryKind.DISPUTED: ("circle-alert", "error"),
    EntryKind.DISPUTE_LOST: ("circle-alert", "error"),
    EntryKind.DISPUTE_WON: ("circle-check", "success"),
    EntryKind.OWED: ("receipt-text", ""),
    EntryKind.FEE: ("receipt-text", ""),
}
# What becomes of a refund that was decided here stands with it.
ON_THE_WAY = frozenset({EntryKind.REFUND_PENDING, EntryKind.REFUNDED})
OTHER_EVENTS: "dict[str, StrOrPromise]" = {
    "booking.hold_extended": gettext_lazy("The time was held a little longer"),
    "limit.overridden": gettext_lazy("Made beyond a limit"),
    "booking.kept": gettext_lazy("Kept by %(who)s although it no longer fits"),
    "payment.asked": gettext_lazy("A link to pay was sent by %(who)s"),
    "payment.capture_asked": gettext_lazy("Charged by %(who)s"),
    "payment.release_asked": gettext_lazy("Let go by %(who)s"),
    "alert.raised": gettext_lazy("Emergency: %(names)s alerted"),
    "alert.escalated": gettext_lazy("Nobody answered: %(names)s alerted"),
    "alert.acknowledged": gettext_lazy("%(by)s is taking care of it"),
}
MAILS: "dict[str, tuple[str, StrOrPromise]]" = {
    MessageState.QUEUED: ("", gettext_lazy("Mail to %(recipient)s is on its way")),
    MessageState.SENT: ("", gettext_lazy("Mail sent to %(recipient)s")),
    MessageState.FAILED: ("error", gettext_lazy("Mail to %(recipient)s could not be delivered")),
}


def timeline(booking: Booking, money: Sequence[LedgerEntry] = (), *, with_notes: bool = True) -> list[Item]:
    """Newest first; `money`: the booking's ledger. Four queries, inside the tenant's transaction."""
    steps = list(Transition.objects.filter(booking_id=booking.id))
    notes = Note.objects.filter(booking_id=booking.id) if with_notes else ()
    found = [
        *_steps(booking, steps),
        *(_note(note) for note in notes),
        *(_mail(message) for message in messages_of(booking.id)),
        *(_event(event) for event in events.of_subject(booking.id) if not _is_told_elsewhere(event)),
        *_money(booking, money),
    ]
    # What is told at one moment keeps the order above, read from the bottom: the step first, then its mail.
    found.reverse()
    return sorted(found, key=lambda item: item.at, reverse=True)


def who(kind: str, name: str) -> str:
    """Who did it, inside a sentence."""
    return name or {"customer": _("the customer"), "staff": _("staff")}.get(kind, "Holdfast")


def _steps(booking: Booking, steps: list[Transition]) -> list[Item]:
    """Each move says from when to when: the time it moved to is where the next move began, or where it stands now."""
    found, until = [], booking.starts_at
    for step in reversed(steps):
        detail = ""
        if before := step.details.get("starts_at"):
            came_from = datetime.fromisoformat(before)
            detail = _("%(before)s → %(after)s") % {
                "before": formats.moment(came_from, booking.time_zone),
                "after": formats.moment(until, booking.time_zone),
            }
            until = came_from
        elif step.action == "reassign":
            detail = _("%(before)s → %(after)s") % {
                name: step.details[name]["resource"]["name"] for name in ("before", "after")
            }
        found.append(_step(step, detail))
    return list(reversed(found))


def _step(step: Transition, detail: str) -> Item:
    action = step.action
    if action == "book" and step.to_state == BookingState.REQUESTED:
        action = "request"
    if action == "cancel" and step.from_state == BookingState.REQUESTED and step.actor_kind == "staff":
        action = "decline"
    icon, tone, words = STEPS.get(action, ("history", "", action))
    told = str(words) % {"who": who(step.actor_kind, step.actor_name)}
    return Item(step.at, icon, told, tone, quote=step.reason, detail=detail)


def _note(note: Note) -> Item:
    return Item(note.at, "sticky-note", _("Note by %(who)s") % {"who": note.author}, quote=note.text)


def _mail(message: Message) -> Item:
    tone, words = MAILS[message.state]
    at = message.sent_at or message.created_at
    told = str(words) % {"recipient": message.recipient}
    return Item(at, "mail", told, tone, quote=message.last_error, detail=message.subject)


def _is_told_elsewhere(event: Event) -> bool:
    return event.kind in TOLD_ELSEWHERE or event.kind in TOLD_BY_THE_LEDGER


def _money(booking: Booking, rows: Sequence[LedgerEntry]) -> Iterator[Item]:
    """What the ledger says; a refund is one thing, and that staff took what they recorded needs no word of its own."""
    cards = entry_words.cards(rows)
    asked = {row.subject for row in rows if row.kind == EntryKind.REFUND_ASKED}
    for row in rows:
        if row.kind == EntryKind.STARTED and row.payment and row.payment.kind == PaymentKind.ON_SITE:
            continue
        if entry_words.is_half_of_a_refund(row) or (row.kind in ON_THE_WAY and row.subject in asked):
            continue
        icon, tone = MONEY.get(EntryKind(row.kind), ("credit-card", ""))
        card = entry_words.card_in_words(row.details) or (cards.get(row.payment_id, "") if row.payment_id else "")
        words = entry_words.sentence(row, who=who(row.actor_kind, row.actor_name), card=card)
        why = str(row.details.get("why", ""))
        yield Item(
            row.at,
            icon,
            words,
            tone,
            quote=entry_words.reason(why),
            detail=_of_entry(booking, row) or _of_refund(booking, row, rows, card),
        )


def _of_entry(booking: Booking, row: LedgerEntry) -> str:
    """The receipt's number, until when the bank holds it, by when a dispute is to be answered."""
    if receipt := row.details.get("receipt"):
        return _("Receipt %(number)s") % {"number": receipt}
    for name, words in (("held_until", _("Until %(when)s")), ("answer_until", _("To be answered until %(when)s"))):
        if until := row.details.get(name):
            at = datetime.fromisoformat(until)
            return words % {"when": formats.moment(at, booking.time_zone)}
    return ""


def _of_refund(booking: Booking, row: LedgerEntry, rows: Sequence[LedgerEntry], card: str) -> str:
    """How far it is: on its way, or since when the card company has done it."""
    if row.kind != EntryKind.REFUND_ASKED:
        return ""
    card = card or _("a card")
    news = {each.kind: each.at for each in rows if each.subject == row.subject}
    if EntryKind.REFUND_FAILED in news:
        return ""
    if done := news.get(EntryKind.REFUNDED):
        return _("Given back to %(card)s, %(when)s") % {"card": card, "when": formats.moment(done, booking.time_zone)}
    return _("On its way to %(card)s") % {"card": card}


def _event(event: Event) -> Item:
    payload: dict[str, Any] = event.payload
    told = str(OTHER_EVENTS.get(event.kind, event.kind)) % {
        "names": ", ".join(payload.get("names", ())),
        "by": payload.get("by", ""),
        "who": who(str(payload.get("actor", "")), str(payload.get("actor_name", ""))),
    }
    words = payload.get("words") or ""
    detail = in_language(words) if isinstance(words, dict) else str(words)
    return Item(event.at, "history", told, quote=str(payload.get("reason") or ""), detail=detail)
