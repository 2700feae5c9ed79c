"""A booking's money as its page shows it: what is owed and why, what came and went, and what can be done about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from holdfast.bookings.models import Booking
from holdfast.domain.ledger import EntryKind, PaymentStatus, Standing
from holdfast.domain.lifecycle import State
from holdfast.domain.money import Money, total_of
from holdfast.payments import asking, entry_words, ledger
from holdfast.payments.by_staff import LET_OFF
from holdfast.payments.ended import WITHOUT_PRICE, Ended, ended
from holdfast.payments.models import LedgerEntry, PaymentKind
from holdfast.payments.queries import takes_cards
from holdfast.web import formats

OVER = frozenset({State.COMPLETED, State.CANCELLED, State.NO_SHOW})


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` in minor units; `is_sum`: what the lines above come to."""

    words: str
    amount: int
    is_sum: bool = False


@dataclass(frozen=True)
class BookingMoney:
    """Read once, with one query."""

    booking: Booking
    rows: Sequence[LedgerEntry]

    @cached_property
    def standing(self) -> Standing:
        return ledger.standing_by(self.rows, self.booking)

    @cached_property
    def seen(self) -> int:
        """What a form names as what it was made from (payments/by_staff.py)."""
        return len(self.rows)

    @cached_property
    def _kept(self) -> tuple[Money, Money]:
        return ledger.kept_by_way(self.rows, self.booking.price_currency)

    @property
    def on_cards(self) -> Money:
        """What can be given back to cards; nothing while a dispute is open."""
        return self._nothing if self.is_disputed else self._kept[0]

    @property
    def on_site(self) -> Money:
        return self._kept[1]

    @property
    def to_charge(self) -> Money:
        """What can be taken of what is held."""
        return max(self._nothing, min(self.standing.held, self.standing.outstanding))

    @property
    def to_ask(self) -> Money:
        """What the customer can be asked to pay by card; nothing where cards are not taken."""
        wanted = asking.wanted_of(self.booking) if self.rows or self.standing.owed.amount else None
        return wanted.amount if wanted and takes_cards() else self._nothing

    @property
    def is_disputed(self) -> bool:
        return self.standing.status == PaymentStatus.DISPUTED

    @property
    def has_card(self) -> bool:
        """Whether a kept card could still be charged."""
        kept = {row.payment_id for row in self.rows if row.kind == EntryKind.CARD_KEPT}
        gone = {
            row.payment_id
            for row in self.rows
            if row.kind == EntryKind.CANCELLED and row.payment and row.payment.kind == PaymentKind.KEPT_CARD
        }
        return bool(kept - gone)

    @property
    def fees_owed(self) -> Money:
        """Of what is owed, what is no price: a fee for cancelling late or not coming."""
        return max(self._nothing, self.standing.owed) if self._over else self._nothing

    @cached_property
    def card(self) -> str:
        """The card it was last paid or held with, in words; "" if none is known."""
        known = [words for row in self.rows if (words := entry_words.card_in_words(row.details))]
        return known[-1] if known else ""

    @property
    def lines(self) -> list[Line]:
        """What it costs and how it is paid, in lines that add up; parts that are nothing are left out."""
        now = self.standing
        price, added = ledger.agreed(self.booking), list(self._added())
        told = self._told_as_refunded
        return [
            *([Line(self._price_words(), price.amount)] if price.amount or not added else []),
            *added,
            *([Line(_("Owed"), now.owed.amount, is_sum=True)] if added else []),
            *_some(_("Paid, less what was refunded") if told.amount else _("Paid"), told - now.received),
            *_some(pgettext("money", "Given back"), now.refunded - told),
            *_some(_("Lost in a dispute"), now.lost),
            Line(*self._rest(now.outstanding), is_sum=True),
        ]

    @property
    def asides(self) -> list[Line]:
        """What does not count yet, or only to the business."""
        now = self.standing
        return [
            *_some(_("Held on the card"), now.held),
            *_some(_("Disputed"), now.disputed),
            *_some(_("The card company’s fees"), now.fees),
        ]

    @property
    def _told_as_refunded(self) -> Money:
        """What was given back and is owed no longer: one line says both, so that no refund is read twice."""
        lighter = (row for row in self._that_count if entry_words.is_half_of_a_refund(row))
        owed_less = total_of((Money(-row.amount, row.currency) for row in lighter), self.booking.price_currency)
        return min(owed_less, self.standing.refunded)

    @property
    def _nothing(self) -> Money:
        return Money(0, self.booking.price_currency)

    @cached_property
    def _over(self) -> Ended | None:
        """Where its price ended; None of one that costs it."""
        return ended(self.booking, self.rows) if self.booking.state in WITHOUT_PRICE else None

    @property
    def _that_count(self) -> Sequence[LedgerEntry]:
        """The entries that say what it costs; of one that is over those since."""
        return self._over.since if self._over else [row for row in self.rows if row.kind == EntryKind.OWED]

    def _price_words(self) -> str:
        return _("Fee") if self._over else _("Price")

    def _added(self) -> Iterable[Line]:
        if self._over and self._over.fee.amount:
            no_show = State(self.booking.state) == State.NO_SHOW
            words = _("Fee for not coming") if no_show else _("Fee for the late cancellation")
            yield Line(words, self._over.fee.amount)
        known = {
            "tip": _("Tip"),
            LET_OFF: _("Let off"),
            ledger.GIVEN_BACK: pgettext("money", "Refunded"),
        }
        for row in self._that_count:
            yield Line(known.get(entry_words.owed_for(row), _("Added")), row.amount)

    def _rest(self, outstanding: Money) -> tuple[str, int]:
        if outstanding.amount < 0:
            return _("Too much was paid"), -outstanding.amount
        return _("Still to be paid"), outstanding.amount


def words_of_ending(money: BookingMoney) -> list[str]:
    """What becomes of the money when staff cancel the booking, said before they do."""
    if not money.rows:
        nothing = _("Nothing has been charged, so there is nothing to refund.")
        return [nothing] if money.booking.price_amount else []
    if money.is_disputed:
        return [_("Nothing is refunded or charged while the bank decides.")]
    found, currency = [], money.booking.price_currency
    if cards := money.on_cards.amount:
        back = {"amount": formats.money(cards, currency), "card": money.card or _("the card it came from")}
        found.append(_("%(amount)s goes back to %(card)s, less what you charge for it.") % back)
    if cash := money.on_site.amount:
        taken = {"amount": formats.money(cash, currency)}
        found.append(_("%(amount)s was taken on site; give it back yourself and record it.") % taken)
    if held := money.standing.held.amount:
        kept = {"amount": formats.money(held, currency), "card": money.card or _("the card")}
        found.append(_("%(amount)s that is held on %(card)s is released, less what you charge for it.") % kept)
    return found


def money_of(booking: Booking) -> BookingMoney:
    """Inside the tenant's transaction."""
    return BookingMoney(booking, ledger.rows_of(booking))


def _some(words: str, money: Money) -> list[Line]:
    return [Line(words, money.amount)] if money.amount else []
