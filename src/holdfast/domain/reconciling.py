"""What the card company has and what the ledger believes, side by side: every difference, named. Pure.

Each object is in exactly one class. A difference is safe to repair by itself when adding what the company says makes
the ledger say of that object what the company says; anything else is a person's to decide. The manual is
docs/algorithms/reconciling.md. All times in minutes (UTC).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from holdfast.domain.ledger import Entry, EntryKind, standing
from holdfast.domain.money import Money


class What(StrEnum):
    PAYMENT = "payment"
    CHECKOUT = "checkout"
    CARD = "card"
    REFUND = "refund"
    DISPUTE = "dispute"


class DifferenceKind(StrEnum):
    """NONE, ELSEWHERE and LATER are none."""

    NONE = "none"
    ELSEWHERE = "elsewhere"  # another program's or another installation's, or one of ours that came to nothing
    LATER = "later"  # changed so lately that news of it may be on its way: the next run looks
    MISSING_HERE = "missing_here"  # money moved, or a card was kept, and the ledger does not know
    MISSING_THERE = "missing_there"  # the ledger believes in something that the company does not have
    AMOUNT = "amount"
    STATE = "state"  # the money is the same, how it stands is not; or neither can be right
    STALE = "stale"  # somebody could still pay by it, or a bank holds money, though nothing is owed
    ORPHAN = "orphan"  # made for this organization, by a payment that is not here


@dataclass(frozen=True, slots=True)
class There:
    """One object of the company's. `payment` is the one of ours that it names or belongs to, `name` what we called it
    before it had an id: a payment's id, a refund's name. `says` are facts as the ledger would have them. `is_open`:
    somebody could still pay by it, or a bank holds money for it.
    """

    id: str
    what: What
    changed: int
    is_ours: bool
    payment: str
    says: tuple[Entry, ...]
    name: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Here:
    """One object as the ledger believes in it; `id` is empty while the company's answer is not known."""

    id: str
    what: What
    payment: str
    name: str
    says: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Ours:
    """A payment of ours. `is_closed`: nobody should pay by it any more. `owes`: its booking still asks for money."""

    id: str
    changed: int
    currency: str
    is_closed: bool = False
    owes: bool = True


@dataclass(frozen=True, slots=True)
class Moment:
    """`quiet`: what changed at or after it waits for the next run. `forgotten`: what was begun before it and never
    reached the company never will, since a key is good for a day.
    """

    quiet: int
    forgotten: int


@dataclass(frozen=True, slots=True)
class Finding:
    """`missing`: facts to be added. `here` and `there`: the money of it, None where nothing is known of it."""

    kind: DifferenceKind
    what: What
    id: str
    name: str
    payment: str
    is_safe: bool = True
    missing: tuple[Entry, ...] = ()
    here: Money | None = None
    there: Money | None = None

    @property
    def differs(self) -> bool:
        return self.kind not in {DifferenceKind.NONE, DifferenceKind.ELSEWHERE, DifferenceKind.LATER}


def compare(
    there: Iterable[There], here: Iterable[Here], payments: Mapping[str, Ours], *, moment: Moment
) -> list[Finding]:
    """One finding for each object of either side. `there` holds everything of `here` that the company has."""
    believed = list(here)
    by_id = {each.id: each for each in believed if each.id}
    by_name = {each.name: each for each in believed if not each.id}
    findings = []
    for each in there:
        known = by_id.pop(each.id, None) or by_name.pop(each.name, None)
        ours = payments.get(known.payment if known else each.payment)
        findings.append(_of_both(each, known, ours, moment))
    absent = (*by_id.values(), *by_name.values())
    return findings + [_of_absent(each, payments[each.payment], moment) for each in absent]


def _of_both(there: There, known: Here | None, ours: Ours | None, moment: Moment) -> Finding:
    says = known.says if known else ()
    missing = _unknown(there.says, says)
    kind, is_safe = _judge(there, says, missing, ours, moment)
    if not is_safe or kind in {DifferenceKind.LATER, DifferenceKind.ELSEWHERE}:
        missing = ()
    payment = ours.id if ours else there.payment
    return Finding(kind, there.what, there.id, there.name, payment, is_safe, missing, _money(says), _money(there.says))


def _judge(
    there: There, says: tuple[Entry, ...], missing: tuple[Entry, ...], ours: Ours | None, moment: Moment
) -> tuple[DifferenceKind, bool]:
    if ours is None and (not there.is_ours or not _could_bring_money(there)):
        return DifferenceKind.ELSEWHERE, True
    if max(there.changed, ours.changed if ours else there.changed) >= moment.quiet:
        return DifferenceKind.LATER, True
    if ours is None:
        return DifferenceKind.ORPHAN, False
    if any(each.amount.currency != ours.currency for each in (*there.says, *says)):
        return DifferenceKind.AMOUNT, False
    before, after, truth = _view(says), _view((*says, *missing)), _view(there.says)
    if after != truth:
        return (DifferenceKind.AMOUNT if _contradict(there.says, says) else DifferenceKind.STATE), False
    if there.is_open and (ours.is_closed or not ours.owes):
        return DifferenceKind.STALE, True
    if all(each.kind == EntryKind.FEE for each in missing):
        return DifferenceKind.NONE, True
    return (DifferenceKind.MISSING_HERE if _is_new_money(before, after, missing) else DifferenceKind.STATE), True


def _of_absent(here: Here, ours: Ours, moment: Moment) -> Finding:
    kind, is_safe = _judge_absent(here, ours, moment)
    return Finding(kind, here.what, here.id, here.name, here.payment, is_safe, (), _money(here.says), None)


def _judge_absent(here: Here, ours: Ours, moment: Moment) -> tuple[DifferenceKind, bool]:
    """What was asked for by name and is not there. A refund that was only decided is sent again, at any time."""
    if ours.changed >= moment.quiet:
        return DifferenceKind.LATER, True
    if any(each.amount.currency != ours.currency for each in here.says):
        return DifferenceKind.MISSING_THERE, False
    counts = _view(here.says) != _NOTHING or any(each.kind == EntryKind.CARD_KEPT for each in here.says)
    if here.what == What.REFUND:
        return (DifferenceKind.MISSING_THERE, not here.id) if counts else (DifferenceKind.NONE, True)
    if counts:
        return DifferenceKind.MISSING_THERE, False
    if ours.is_closed or here.what == What.DISPUTE:
        return DifferenceKind.NONE, True
    if not here.id and ours.changed >= moment.forgotten:
        return DifferenceKind.LATER, True
    return DifferenceKind.MISSING_THERE, True


def taken_at_their_word(there: tuple[Entry, ...], here: tuple[Entry, ...]) -> dict[EntryKind, int] | None:
    """By kind and amount, what to add to what the company says and the ledger knows of one object, so that the ledger
    says of it what the company says. `there` is empty for what the company does not have. None: nothing can.
    """
    facts = (*here, *_unknown(there, here))
    if len({each.amount.currency for each in (*here, *there)}) > 1:
        return None
    (kept, held, disputed), truth = _view(facts), _view(there)
    added = {EntryKind.CORRECTED: truth[0] - kept} if truth[0] != kept else {}
    added |= {EntryKind.CANCELLED: 0} if held and not truth[1] else {}
    added |= {EntryKind.DISPUTE_WON: disputed} if disputed and not truth[2] else {}
    agrees = truth[1] in {0, held} and truth[2] in {0, disputed}
    return added if agrees else None


_View = tuple[int, int, int]
_NOTHING: _View = (0, 0, 0)


def _view(says: Iterable[Entry]) -> _View:
    """(kept, held, disputed) of one object's facts, all of one currency."""
    facts = tuple(says)
    if not facts:
        return _NOTHING
    seen = standing(facts, Money(0, facts[0].amount.currency))
    return seen.kept.amount, seen.held.amount, seen.disputed.amount


def _money(says: tuple[Entry, ...]) -> Money | None:
    """The sum it is about, for people: taken or given back, else held, else disputed."""
    if not says or len({each.amount.currency for each in says}) > 1:
        return None
    kept, held, disputed = _view(says)
    return Money(abs(kept) or held or disputed, says[0].amount.currency)


def _unknown(says: Iterable[Entry], known: Iterable[Entry]) -> tuple[Entry, ...]:
    keys = {each.key for each in known}
    return tuple(each for each in says if each.key not in keys)


def _contradict(says: Iterable[Entry], known: Iterable[Entry]) -> bool:
    amounts = {each.key: each.amount for each in known}
    return any(amounts.get(each.key, each.amount) != each.amount for each in says)


def _is_new_money(before: _View, after: _View, missing: Iterable[Entry]) -> bool:
    is_card = any(each.kind == EntryKind.CARD_KEPT for each in missing)
    return is_card or before[0] != after[0] or after[1] > before[1] or after[2] > before[2]


def _could_bring_money(there: There) -> bool:
    if there.what not in {What.PAYMENT, What.CHECKOUT}:
        return False  # an orphan says itself what of it was given back or is disputed
    return there.is_open or _view(there.says) != _NOTHING
