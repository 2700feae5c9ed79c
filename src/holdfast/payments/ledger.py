"""The one place that adds to the ledger. Who adds has locked the booking, so that each fact is announced once."""

import logging
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from holdfast.bookings.models import Booking
from holdfast.bookings.steps import SYSTEM, Actor
from holdfast.core import clock, locking
from holdfast.domain.ledger import Entry, EntryKind, Standing, agreed_for, is_overtaken, standing
from holdfast.domain.lifecycle import State
from holdfast.domain.money import Money, total_of
from holdfast.events import actions as events
from holdfast.events.models import Event
from holdfast.payments.errors import NotRefundable
from holdfast.payments.facts import Fact
from holdfast.payments.models import LedgerEntry, Payment

logger = logging.getLogger(__name__)

# Facts that nobody has to hear of.
QUIET = frozenset({EntryKind.FEE, EntryKind.OWED, EntryKind.STARTED})
# Why less is owed: the other half of giving money back, one act to whoever reads of it.
GIVEN_BACK = "given_back"


def lock_booking(booking_id: UUID) -> Booking:
    """The booking, whose money nobody else changes until the transaction ends."""
    return locking.lock_row(Booking, id=booking_id)


def add(
    *, booking: Booking, payment: Payment | None, facts: Iterable[Fact], actor: Actor = SYSTEM
) -> Sequence[LedgerEntry]:
    """Add what is not there yet, and announce each as `payment.<kind>`. Returns the new entries.

    In the transaction of whoever holds the booking's lock. Money of another currency than the booking's cannot be added
    to it: it is left out, and a person decides when the reconciliation lists it.
    """
    named = {fact.key: fact for fact in facts if not _is_foreign(booking, fact)}
    known = set(LedgerEntry.objects.filter(key__in=named).values_list("key", flat=True))
    new = [_row(booking, payment, fact, actor) for key, fact in named.items() if key not in known]
    if not new:
        return new
    LedgerEntry.objects.bulk_create(new)
    everything = _entries_of([booking.id])[booking.id]
    if lighter := _let_off_for_what_went_back(booking, payment, new, everything):
        new += lighter
        everything += [_entry_of(row) for row in lighter]
    now = standing(everything, agreed(booking))
    for row in new:
        if row.kind not in QUIET and not is_overtaken(_entry_of(row), everything):
            _announce(booking, row, now)
    return new


def _let_off_for_what_went_back(
    booking: Booking, payment: Payment | None, new: Sequence[LedgerEntry], everything: Sequence[Entry]
) -> list[LedgerEntry]:
    """What somebody gave back on the card company's own pages is owed no longer, or it would be charged again.

    As when staff give it back here: what was too much goes first, and only the rest is let off.
    """
    if payment is None or not payment.gateway_id:
        return []
    elsewhere = [row for row in new if row.kind == EntryKind.REFUNDED and row.key.startswith(f"{row.subject}:")]
    if not elsewhere:
        return []
    names = {row.key for row in elsewhere}
    seen = standing([entry for entry in everything if entry.key not in names], agreed(booking))
    surplus = max(Money(0, seen.owed.currency), -seen.outstanding)
    rest = min(total_of((Money(row.amount, row.currency) for row in elsewhere), surplus.currency) - surplus, seen.owed)
    if rest.amount <= 0:
        return []
    fact = Fact(EntryKind.OWED, elsewhere[0].subject, -rest, part=GIVEN_BACK, of_payment=False)
    row = _row(booking, payment, fact, SYSTEM)
    row.save(force_insert=True)
    return [row]


def is_about_money(event: Event) -> bool:
    """Whether there is anything to see to, for whoever hears of it: the ledger is asked once."""
    if event.is_about_money is None:
        is_news = event.kind.startswith("payment.")
        event.is_about_money = is_news or LedgerEntry.objects.filter(booking_id=event.subject).exists()
    return event.is_about_money


def standing_of(booking: Booking) -> Standing:
    """How the booking stands by its ledger."""
    return standings_of([booking])[booking.id]


def standings_of(bookings: Iterable[Booking]) -> dict[UUID, Standing]:
    """By booking, with one query for all of them."""
    wanted = {booking.id: booking for booking in bookings}
    entries = _entries_of(wanted)
    return {key: standing(entries[key], agreed(booking)) for key, booking in wanted.items()}


def rows_of(booking: Booking) -> list[LedgerEntry]:
    """All entries of a booking with their payments, oldest first."""
    return list(LedgerEntry.objects.filter(booking=booking).select_related("payment").order_by("at", "id"))


def standing_by(rows: Iterable[LedgerEntry], booking: Booking) -> Standing:
    """As `standing_of`, of rows that were read already."""
    return standing(map(_entry_of, rows), agreed(booking))


def kept_cards(booking: Booking) -> list[LedgerEntry]:
    """The kept cards that nobody let go, oldest first."""
    let_go = LedgerEntry.objects.filter(booking=booking, kind=EntryKind.CANCELLED).values("subject")
    kept = LedgerEntry.objects.filter(booking=booking, kind=EntryKind.CARD_KEPT).exclude(subject__in=let_go)
    return list(kept.order_by("at", "id"))


def kept_by_way(rows: Iterable[LedgerEntry], currency: str) -> tuple[Money, Money]:
    """What the business has from cards, by way of the card company, and what staff took on site."""
    nothing = Money(0, currency)
    of_payment: dict[UUID, list[Entry]] = {}
    by_card: dict[UUID, bool] = {}
    for row in rows:
        if row.payment:
            of_payment.setdefault(row.payment.id, []).append(_entry_of(row))
            by_card[row.payment.id] = bool(row.payment.gateway_id)
    kept = {key: standing(entries, nothing).kept for key, entries in of_payment.items()}
    cards, on_site = (
        total_of((money for key, money in kept.items() if by_card[key] is is_card), currency)
        for is_card in (True, False)
    )
    return cards, on_site


def kept_of(payment: Payment) -> Money:
    """What the business has of what this one payment brought."""
    entries = [_entry_of(row) for row in payment.ledger.all()]
    return standing(entries, Money(0, payment.currency)).kept


def shares(kept: Sequence[tuple[Payment, Money]], amount: Money) -> list[tuple[Payment, Money]]:
    """Who gives how much of `amount` back, in this order, of what each payment has. Raises NotRefundable for more."""
    nothing = Money(0, amount.currency)
    available = total_of((money for _, money in kept), amount.currency)
    if not nothing < amount <= available:
        raise NotRefundable(available=available.amount)
    parts, left = [], amount
    for payment, money in kept:
        share = min(money, left)
        if nothing < share:
            parts.append((payment, share))
            left = left - share
    return parts


def among_its_own(row: LedgerEntry) -> tuple[Entry, list[Entry]]:
    """An entry, and all of its booking."""
    return _entry_of(row), _entries_of([row.booking_id])[row.booking_id]


def agreed(booking: Booking) -> Money:
    """What it costs by itself, without what the ledger adds."""
    return agreed_for(State(booking.state), Money(booking.price_amount, booking.price_currency))


def _entries_of(booking_ids: Collection[UUID]) -> dict[UUID, list[Entry]]:
    found: dict[UUID, list[Entry]] = {key: [] for key in booking_ids}
    for row in LedgerEntry.objects.filter(booking_id__in=booking_ids):
        found[row.booking_id].append(_entry_of(row))
    return found


def _entry_of(row: LedgerEntry) -> Entry:
    return Entry(row.key, EntryKind(row.kind), row.subject, Money(row.amount, row.currency))


def _is_foreign(booking: Booking, fact: Fact) -> bool:
    is_foreign = fact.amount is not None and fact.amount.currency != booking.price_currency
    if is_foreign:
        logger.error("%s is not in %s, as booking %s is", fact.key, booking.price_currency, booking.reference)
    return is_foreign


def _row(booking: Booking, payment: Payment | None, fact: Fact, actor: Actor) -> LedgerEntry:
    amount = fact.amount or Money(0, booking.price_currency)
    return LedgerEntry(
        organization_id=booking.organization_id,
        booking=booking,
        payment=payment,
        key=fact.key,
        kind=fact.kind.value,
        subject=str(payment.id) if payment and fact.of_payment else fact.subject or fact.about,
        amount=amount.amount,
        currency=amount.currency,
        details=dict(fact.details),
        actor_kind=actor.kind,
        actor_name=actor.name,
        at=clock.now(),
    )


def _announce(booking: Booking, entry: LedgerEntry, now: Standing) -> None:
    payload: dict[str, Any] = {
        "reference": booking.reference,
        "entry": str(entry.id),
        "state": booking.state,
        "payment": str(entry.payment_id) if entry.payment_id else None,
        "amount": entry.amount,
        "currency": entry.currency,
        "payment_status": now.status.value,
        "outstanding": now.outstanding.amount,
        "why": entry.details.get("why", ""),
    }
    events.record(
        organization_id=booking.organization_id, kind=f"payment.{entry.kind}", subject=booking.id, payload=payload
    )
