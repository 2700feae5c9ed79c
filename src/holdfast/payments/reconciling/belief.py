"""What the ledger believes the card company to have, in the words of domain/reconciling.py.

In the tenant's transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet

from holdfast.bookings.models import Booking
from holdfast.core import clock
from holdfast.domain.ledger import Entry, EntryKind
from holdfast.domain.money import Money
from holdfast.domain.reconciling import Here, Ours, What
from holdfast.payments import ledger
from holdfast.payments.actions import ENDED
from holdfast.payments.gateway import Window
from holdfast.payments.models import LedgerEntry, Payment, PaymentKind
from holdfast.payments.reconciling.company import Seen

_OWN = {PaymentKind.CHECKOUT: What.CHECKOUT, PaymentKind.KEPT_CARD: What.CARD}
_OF_DISPUTES = {EntryKind.DISPUTED, EntryKind.DISPUTE_WON, EntryKind.DISPUTE_LOST}


@dataclass
class Belief:
    """`payments` by the id of each; `rows` are theirs, `here` is what they say that the company has."""

    payments: dict[str, Ours] = field(default_factory=dict)
    rows: dict[str, Payment] = field(default_factory=dict)
    here: list[Here] = field(default_factory=list)

    def kind_of(self, payment: UUID | None) -> str:
        row = self.rows.get(str(payment))
        return row.kind if row else ""


def believe(*, seen: Iterable[Seen], window: Window, also: Iterable[UUID] = ()) -> Belief:
    """Of payments that were begun or heard of in the window, of those that what was seen names, and `also` these."""
    rows = list(_payments(list(seen), window, also).select_related("booking").distinct())
    entries: dict[UUID, list[LedgerEntry]] = defaultdict(list)
    for entry in LedgerEntry.objects.filter(payment__in=rows).order_by("at", "id"):
        if entry.payment_id:
            entries[entry.payment_id].append(entry)
    owing = _owing({row.booking for row in rows})
    belief = Belief()
    for row in rows:
        said = entries[row.id]
        belief.rows[str(row.id)] = row
        belief.payments[str(row.id)] = _ours(row, said, owes=row.booking_id in owing)
        belief.here += _objects(row, said)
    return belief


def _payments(seen: Sequence[Seen], window: Window, also: Iterable[UUID]) -> QuerySet[Payment]:
    named = {*also, *(each.payment for each in seen if each.payment)}
    heard = LedgerEntry.objects.filter(at__gte=window.since, at__lt=window.until).values("payment_id")
    return Payment.objects.exclude(kind=PaymentKind.ON_SITE).filter(
        Q(id__in=named)
        | Q(gateway_id__in=[each.id for each in seen])
        | Q(created_at__gte=window.since, created_at__lt=window.until)
        | Q(id__in=heard)
    )


def _owing(bookings: Iterable[Booking]) -> set[UUID]:
    return {key for key, standing in ledger.standings_of(bookings).items() if standing.outstanding.amount > 0}


def _ours(row: Payment, said: Sequence[LedgerEntry], *, owes: bool) -> Ours:
    changed = max([row.created_at, row.booking.updated_at, *(each.at for each in said)])
    is_closed = any(each.kind in ENDED for each in said)
    return Ours(str(row.id), clock.to_minute(changed), row.booking.price_currency, is_closed, owes)


def _objects(row: Payment, said: Sequence[LedgerEntry]) -> list[Here]:
    """The payment's own object and those it led to: the intent of a payment page, refunds, disputes."""
    mine: dict[str, list[LedgerEntry]] = defaultdict(list)
    others: dict[str, list[LedgerEntry]] = defaultdict(list)
    for each in said:
        if each.subject != str(row.id):
            others[each.subject].append(each)
        elif about(each) != str(row.id):
            mine[about(each)].append(each)
    if row.gateway_id or not mine:
        mine.setdefault(row.gateway_id, [])
    return [
        *(Here(key, _what(row, key), str(row.id), str(row.id), _entries(its)) for key, its in mine.items()),
        *(_other(row, subject, its) for subject, its in others.items()),
    ]


def _what(row: Payment, key: str) -> What:
    is_own = key == row.gateway_id or (not row.gateway_id and row.kind == PaymentKind.KEPT_CARD)
    return _OWN.get(PaymentKind(row.kind), What.PAYMENT) if is_own else What.PAYMENT


def _other(row: Payment, subject: str, its: Sequence[LedgerEntry]) -> Here:
    """A refund or a dispute. A refund of ours has a name before the company gives it an id."""
    known = next((about(each) for each in its if not _is_name(about(each))), "")
    what = What.DISPUTE if any(each.kind in _OF_DISPUTES for each in its) else What.REFUND
    return Here(known, what, str(row.id), subject, _entries(its))


def about(entry: LedgerEntry) -> str:
    """The company's id of what it says, or our own name for it."""
    return entry.key.partition(":")[0]


def _is_name(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _entries(rows: Iterable[LedgerEntry]) -> tuple[Entry, ...]:
    return tuple(
        Entry(each.key, EntryKind(each.kind), each.subject, Money(each.amount, each.currency)) for each in rows
    )
