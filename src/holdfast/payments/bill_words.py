"""What a customer's bill says below its lines: how and when what is not paid yet is paid."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from holdfast.bookings.models import Booking, BookingState
from holdfast.core import clock
from holdfast.domain.ledger import EntryKind, PaymentStatus, Standing
from holdfast.domain.money import Money
from holdfast.payments import entry_words
from holdfast.payments.models import LedgerEntry
from holdfast.pricing.models import PaymentMethod
from holdfast.web import formats

# The service is still to come, or under way.
AHEAD = (BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.IN_PROGRESS)


def to_customer(booking: Booking, rows: Sequence[LedgerEntry], now: Standing) -> str:
    """In the active language; "" where the lines say it all."""
    if now.status == PaymentStatus.DISPUTED:
        return _("Your bank is looking into this payment.")
    if now.outstanding.amount <= 0 or booking.state == BookingState.HELD:
        return ""
    places = {
        "rest": _money(now.outstanding),
        "later": _money(now.outstanding - now.held),
        "held": _money(now.held),
        "card": _card(rows) or _("your card"),
    }
    return " ".join(sentence % places for sentence in _sentences(booking, rows, now) if sentence)


def _sentences(booking: Booking, rows: Sequence[LedgerEntry], now: Standing) -> list[str]:
    """With the places %(rest)s %(later)s %(held)s %(card)s."""
    if now.held.amount:
        held = _("%(held)s is held on %(card)s and is charged after the service.")
        return [held, _("The rest, %(later)s, is to be paid on the day.") if now.held < now.outstanding else ""]
    if now.status == PaymentStatus.FAILED:
        return [_("The payment did not go through; nothing was charged.")]
    if booking.state == BookingState.PENDING_PAYMENT:
        return [_waiting(booking, now)]
    if booking.payment_method == PaymentMethod.CARD_ON_FILE:
        return _by_kept_card(booking, rows, now)
    if booking.state not in AHEAD:
        return [] if now.received.amount else [_("Not paid yet.")]
    if now.received.amount:
        return [_("The rest, %(rest)s, is to be paid on the day.")]
    return [_("To be paid on the day; nothing was charged yet.")]


def _waiting(booking: Booking, now: Standing) -> str:
    """Of one whose time waits until it is paid, wholly or in part."""
    due = Money(int(booking.terms.get("due_now", 0)), booking.price_currency)
    if booking.payment_method == PaymentMethod.CARD_ON_FILE or not 0 < due.amount < now.outstanding.amount:
        return ""
    amounts = {"now": _money(due), "later": _money(now.outstanding - due)}
    return _("%(now)s is paid now as a deposit; the rest, %(later)s, on the day.") % amounts


def _by_kept_card(booking: Booking, rows: Sequence[LedgerEntry], now: Standing) -> list[str]:
    if now.status != PaymentStatus.CARD_KEPT and not now.received.amount:
        return [_("Not paid yet.")]
    if not any(row.kind == EntryKind.CARD_KEPT for row in rows):
        return []
    if booking.state not in AHEAD:
        return [_("%(rest)s is charged to %(card)s.")]
    said = [_("Nothing was charged yet.")] if not now.received.amount else []
    said.append(_("%(rest)s is charged to %(card)s after the service."))
    asks_at = booking.starts_at - timedelta(minutes=int(booking.terms.get("hold_ahead", 0)))
    if "hold_ahead" in booking.terms and asks_at > clock.now():
        when = {"when": formats.moment(asks_at, booking.time_zone)}
        said.append(_("From %(when)s on, your bank may be asked to set it aside.") % when)
    return said


def _card(rows: Sequence[LedgerEntry]) -> str:
    """The card that was last used, as far as it is known."""
    known = [words for row in rows if (words := entry_words.card_in_words(row.details))]
    return known[-1] if known else ""


def _money(amount: Money) -> str:
    return formats.money(amount.amount, amount.currency)
