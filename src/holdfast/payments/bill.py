"""A booking's bill: what it costs and how that is paid, in lines that add up, and how the rest is paid in a sentence.

Each amount counts as it is signed: what was paid is taken off, what was given back is added again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from holdfast.bookings.details.price_words import lines_of
from holdfast.bookings.models import Booking, BookingState
from holdfast.core.fields import in_language
from holdfast.domain.ledger import EntryKind, Standing
from holdfast.domain.money import Money
from holdfast.payments import bill_words, entry_words, ledger
from holdfast.payments.by_staff import LET_OFF
from holdfast.payments.ended import WITHOUT_PRICE, ended
from holdfast.payments.models import LedgerEntry
from holdfast.web import formats


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` in minor units; `is_sum`: what the lines above come to; `because`: a quieter line below."""

    words: str
    amount: int
    is_sum: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """`said`: what the lines do not say, how and when the rest is paid; "" if there is nothing to say."""

    lines: list[Line]
    currency: str
    said: str


def for_customer(booking: Booking) -> Bill | None:
    """None of what costs nothing. With one query, in the organization's transaction and the active language."""
    return _bill(booking, ledger.rows_of(booking), is_customer=True)


def for_business(booking: Booking) -> Bill | None:
    return _bill(booking, ledger.rows_of(booking), is_customer=False)


def _sums(booking: Booking, rows: Sequence[LedgerEntry], now: Standing, *, is_customer: bool) -> list[Line]:
    """What it costs, what came and went, and what that leaves; of what nothing happened to, the first says it all."""
    moved = list(_moved(booking, rows, now, is_customer=is_customer))
    rest = Line(*_rest(booking, rows, now.outstanding, is_customer=is_customer), is_sum=True)
    return [*_costs(booking, rows, now.owed), *moved, rest]


def _costs(booking: Booking, rows: Sequence[LedgerEntry], owed: Money) -> Iterator[Line]:
    """Its price, what was added or let off since, and what that makes; of one that is over the fee."""
    is_over, price = booking.state in WITHOUT_PRICE, _price(booking)
    added = list(_added_after_the_end(booking, rows) if is_over else _added(rows))
    if not is_over:
        yield Line(_("Price"), price.amount)
    elif not added:
        yield Line(_("Fee"), 0)
    yield from added
    if len(added) > int(is_over):
        yield Line(_("Total"), owed.amount, is_sum=True)


def _bill(booking: Booking, rows: Sequence[LedgerEntry], *, is_customer: bool) -> Bill | None:
    now = ledger.standing_by(rows, booking)
    first, *others = _sums(booking, rows, now, is_customer=is_customer)
    parts = list(_made_up_of(booking))
    is_plain = len(others) == 1 and booking.state not in WITHOUT_PRICE
    if len(others) == 1 and not first.amount:
        return None
    lines = [*parts, replace(first, is_sum=bool(parts) or is_plain), *([] if is_plain else others)]
    by = formats.labelled(_("Payment"), booking.get_payment_method_display())
    said = bill_words.to_customer(booking, rows, now) if is_customer else by
    return Bill(lines, booking.price_currency, said)


def _made_up_of(booking: Booking) -> Iterator[Line]:
    """The parts of the price, where it has any."""
    if not _price(booking).amount:
        return
    found = lines_of(booking)
    says_no_more = len(found) == 1 and not found[0].because and found[0].words == in_language(booking.service.name)
    if not says_no_more:
        yield from (Line(each.words, each.amount, because=each.because) for each in found)


def _price(booking: Booking) -> Money:
    """What it costs by itself; of a time that is only held, what it would cost."""
    is_held = booking.state == BookingState.HELD
    return Money(booking.price_amount, booking.price_currency) if is_held else ledger.agreed(booking)


def _added(rows: Sequence[LedgerEntry]) -> Iterator[Line]:
    """Besides the price, each kind once."""
    let_off = pgettext("money", "Let off")
    words = {"tip": _("Tip"), LET_OFF: let_off, ledger.GIVEN_BACK: let_off}  # what is given back is owed no longer
    sums: dict[str, int] = {}
    for row in rows:
        if row.kind == EntryKind.OWED:
            name = words.get(entry_words.owed_for(row), _("Added"))
            sums[name] = sums.get(name, 0) + row.amount
    yield from (Line(name, amount) for name, amount in sums.items() if amount)


def _added_after_the_end(booking: Booking, rows: Sequence[LedgerEntry]) -> Iterator[Line]:
    """The fee as it was agreed, or what stays paid where nothing was; and what was let off of it."""
    over = ended(booking, rows)
    if over.fee.amount:
        no_show = booking.state == BookingState.NO_SHOW
        yield Line(_("Fee for missing it") if no_show else _("Fee for the late cancellation"), over.fee.amount)
    yield from _added(over.since)


def _moved(booking: Booking, rows: Sequence[LedgerEntry], now: Standing, *, is_customer: bool) -> Iterator[Line]:
    is_deposit = now.received.amount == booking.terms.get("due_now") and now.received < now.owed
    known = {words: None for row in rows if row.kind == EntryKind.RECEIVED if (words := entry_words.paid_by(row))}
    if now.received.amount:
        words = _("Paid as a deposit") if is_deposit else _("Paid")
        yield Line(words, -now.received.amount, because=", ".join(known))
    if now.refunded.amount:
        yield Line(pgettext("money", "Given back"), now.refunded.amount)
    if now.lost.amount:
        yield Line(_("Taken back by your bank") if is_customer else _("Lost in a dispute"), now.lost.amount)


def _rest(booking: Booking, rows: Sequence[LedgerEntry], rest: Money, *, is_customer: bool) -> tuple[str, int]:
    """What is still to be paid; or what is too much, and goes back to cards by itself."""
    if rest.amount >= 0:
        return _("Still to be paid"), rest.amount
    from_cards, _on_site = ledger.kept_by_way(rows, booking.price_currency)
    by_itself = is_customer and from_cards.amount >= -rest.amount
    return _("Goes back to your card") if by_itself else _("Too much was paid"), -rest.amount
