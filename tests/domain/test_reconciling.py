"""Reconciling: two worlds that agree show nothing; what is changed in one of them is found, named, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.ledger import Entry
from holdfast.domain.ledger import EntryKind as K
from holdfast.domain.money import Money
from holdfast.domain.reconciling import DifferenceKind as D
from holdfast.domain.reconciling import (
    Finding,
    Here,
    Moment,
    Ours,
    There,
    What,
    compare,
    taken_at_their_word,
)

NOW = 1_000_000
MOMENT = Moment(quiet=NOW - 5, forgotten=NOW - 24 * 60)
LONG_AGO = NOW - 3 * 24 * 60


@dataclass(frozen=True)
class Pair:
    """One object in both worlds, and what the comparison is to say of it."""

    there: There | None
    here: Here | None
    ours: Ours | None
    kind: D = D.NONE
    is_safe: bool = True


def entry(about: str, kind: K, amount: int, subject: str, currency: str = "EUR") -> Entry:
    return Entry(f"{about}:{kind}", kind, subject, Money(amount, currency))


# What an object can be, by the facts that the company states of it: (what, kinds, somebody could still pay by it).
SHAPES: dict[str, tuple[What, tuple[K, ...], bool]] = {
    "open": (What.PAYMENT, (), True),
    "refused": (What.PAYMENT, (K.FAILED,), True),
    "held": (What.PAYMENT, (K.HELD,), True),
    "paid": (What.PAYMENT, (K.RECEIVED, K.FEE), False),
    "cancelled": (What.PAYMENT, (K.CANCELLED,), False),
    "page": (What.CHECKOUT, (), True),
    "page over": (What.CHECKOUT, (K.CANCELLED,), False),
    "card": (What.CARD, (K.CARD_KEPT,), False),
    "refund": (What.REFUND, (K.REFUNDED,), False),
    "refund on its way": (What.REFUND, (K.REFUND_PENDING,), False),
    "refund refused": (What.REFUND, (K.REFUND_FAILED,), False),
    "disputed": (What.DISPUTE, (K.DISPUTED,), False),
    "dispute won": (What.DISPUTE, (K.DISPUTED, K.DISPUTE_WON), False),
    "dispute lost": (What.DISPUTE, (K.DISPUTED, K.DISPUTE_LOST), False),
}
WITHOUT_MONEY = {K.FAILED, K.CANCELLED, K.CARD_KEPT}


def agreed(number: int, shape: str, amount: int) -> Pair:
    """Both say the same."""
    what, kinds, is_open = SHAPES[shape]
    about, payment = f"obj{number}", f"pay{number}"
    subject = about if what in {What.REFUND, What.DISPUTE} else payment
    says = tuple(entry(about, kind, 0 if kind in WITHOUT_MONEY else amount, subject) for kind in kinds)
    is_closed = K.CANCELLED in kinds or K.RECEIVED in kinds
    return Pair(
        There(about, what, LONG_AGO, True, payment, says, name=payment, is_open=is_open),
        Here(about, what, payment, payment, says),
        Ours(payment, LONG_AGO, "EUR", is_closed=is_closed),
    )


Change = Callable[[Pair], Pair]


def notice_lost(pair: Pair) -> Pair:
    """The last thing that happened there is not known here."""
    assert pair.there
    assert pair.here
    assert pair.ours
    news = [each for each in pair.there.says if each.kind != K.FEE]
    known = pair.here.says[: len(news) - 1]
    kind = D.STATE if news[-1].kind in {K.FAILED, K.CANCELLED, K.REFUND_FAILED, K.DISPUTE_WON} else D.MISSING_HERE
    ours = replace(pair.ours, is_closed=False)
    return replace(pair, here=replace(pair.here, says=known), ours=ours, kind=kind)


def forgotten_here(pair: Pair) -> Pair:
    """The object is not known here at all, its payment is."""
    return replace(notice_lost(replace(pair, here=replace(pair.here, says=()))), here=None)  # type: ignore[type-var]


def other_amount(pair: Pair) -> Pair:
    assert pair.there
    says = tuple(replace(each, amount=each.amount + Money(1, "EUR")) for each in pair.there.says)
    return replace(pair, there=replace(pair.there, says=says), kind=D.AMOUNT, is_safe=False)


def other_currency(pair: Pair) -> Pair:
    assert pair.there
    says = tuple(replace(each, amount=Money(each.amount.amount, "USD")) for each in pair.there.says)
    return replace(pair, there=replace(pair.there, says=says), kind=D.AMOUNT, is_safe=False)


def gone_there(pair: Pair) -> Pair:
    assert pair.here
    money = any(each.amount.amount or each.kind == K.CARD_KEPT for each in pair.here.says)
    return replace(pair, there=None, kind=D.MISSING_THERE, is_safe=not money)


def undone_there(pair: Pair) -> Pair:
    """The ledger has it, the company has the object and says nothing of the kind."""
    assert pair.there
    return replace(pair, there=replace(pair.there, says=()), kind=D.STATE, is_safe=False)


def closed_here(pair: Pair) -> Pair:
    assert pair.ours
    return replace(pair, ours=replace(pair.ours, is_closed=True), kind=D.STALE)


def owes_nothing(pair: Pair) -> Pair:
    assert pair.ours
    return replace(pair, ours=replace(pair.ours, owes=False), kind=D.STALE)


def payment_lost(pair: Pair) -> Pair:
    return replace(pair, here=None, ours=None, kind=D.ORPHAN, is_safe=False)


def elsewhere(pair: Pair) -> Pair:
    assert pair.there
    return replace(pair, there=replace(pair.there, is_ours=False), here=None, ours=None, kind=D.ELSEWHERE)


def just_now(pair: Pair) -> Pair:
    """Whatever differs: news of it may be on its way."""
    lost = notice_lost(pair)
    assert lost.there
    return replace(lost, there=replace(lost.there, changed=MOMENT.quiet), kind=D.LATER)


def never_asked(pair: Pair) -> Pair:
    """Written here, and the process died before the company heard of it."""
    assert pair.here
    return replace(pair, there=None, here=replace(pair.here, id=""), kind=D.MISSING_THERE)


def asked_today(pair: Pair) -> Pair:
    """The same, and whoever asks again would be asking for the same thing."""
    assert pair.ours
    return replace(never_asked(pair), ours=replace(pair.ours, changed=MOMENT.forgotten), kind=D.LATER)


def answer_lost(pair: Pair) -> Pair:
    """The company has it, and its id is not known here."""
    assert pair.here
    return replace(pair, here=replace(pair.here, id="", says=()))


OPEN = {"open", "refused", "held", "page"}
SAYS = {shape for shape, (_, kinds, _) in SHAPES.items() if kinds}
MONEY = SAYS - {"refused", "cancelled", "page over", "card", "refund refused", "dispute won"}
CHANGES: dict[Change, set[str]] = {
    notice_lost: SAYS,
    forgotten_here: SAYS - {"disputed", "dispute won", "dispute lost"},
    other_amount: MONEY - {"paid"},
    other_currency: SAYS,
    gone_there: {"open", "refused", "held", "paid", "page", "card", "refund", "refund on its way", "dispute lost"},
    undone_there: MONEY,
    closed_here: OPEN,
    owes_nothing: OPEN,
    payment_lost: {"open", "refused", "held", "paid", "page"},
    elsewhere: set(SHAPES),
    just_now: SAYS,
    never_asked: {"open", "page"},
    asked_today: {"open", "page"},
    answer_lost: {"open", "page"},
}


@st.composite
def worlds(draw: st.DrawFn) -> list[Pair]:
    """Up to twelve objects, of which any number was changed in one world or the other."""
    made = st.tuples(st.sampled_from(sorted(SHAPES)), st.integers(1, 50_000))
    pairs = []
    for number, (shape, amount) in enumerate(draw(st.lists(made, max_size=12))):
        pair = agreed(number, shape, amount)
        possible = [change for change, shapes in CHANGES.items() if shape in shapes]
        change = draw(st.none() | st.sampled_from(possible))
        pairs.append(change(pair) if change else pair)
    return pairs


def found(pairs: list[Pair]) -> list[Finding]:
    payments = {pair.ours.id: pair.ours for pair in pairs if pair.ours}
    there = [pair.there for pair in pairs if pair.there]
    here = [pair.here for pair in pairs if pair.here]
    return compare(reversed(there), here, payments, moment=MOMENT)


@given(worlds())
def test_exactly_what_was_changed_is_found_each_object_once(pairs: list[Pair]) -> None:
    said = found(pairs)
    wanted = {}
    for pair in pairs:
        one = pair.there or pair.here
        assert one
        wanted[one.id or one.name] = (pair.kind, pair.is_safe)
    assert len(said) == len(pairs)
    assert {each.id or each.name: (each.kind, each.is_safe) for each in said} == wanted
    assert {each.id or each.name for each in said if each.differs} == {
        name for name, (kind, _safe) in wanted.items() if kind not in {D.NONE, D.ELSEWHERE, D.LATER}
    }


@given(worlds())
def test_once_what_is_safe_was_repaired_only_what_people_decide_is_left(pairs: list[Pair]) -> None:
    """Repaired as the product does: facts are added, what is open is closed, what never was is written off."""
    said = {each.id or each.name: each for each in found(pairs)}
    after = []
    for pair in pairs:
        one = pair.there or pair.here
        assert one
        after.append(repaired(pair, said[one.id or one.name]))
    left = [each for each in found(after) if each.differs]
    assert all(not each.is_safe for each in left)
    assert {each.id or each.name for each in left} == {
        name for name, each in said.items() if each.differs and not each.is_safe
    }


def repaired(pair: Pair, finding: Finding) -> Pair:
    if not finding.differs or not finding.is_safe:
        return pair
    if pair.there is None:
        assert pair.ours
        assert pair.here
        return replace(pair, ours=replace(pair.ours, is_closed=True))
    there, ours = pair.there, pair.ours
    if finding.kind == D.STALE:
        over = entry(there.id, K.CANCELLED, 0, there.payment)
        there = replace(there, is_open=False, says=(*there.says, over))
    here = pair.here or Here(there.id, there.what, there.payment, there.name)
    known = {each.key for each in here.says}
    says = (*here.says, *(each for each in there.says if each.key not in known))
    return replace(pair, there=there, here=replace(here, id=there.id, says=says), ours=ours)


def test_what_one_payment_opened_twice_is_judged_each_for_itself() -> None:
    """The key of a request is forgotten after a day: asked again, there are two intents of one payment."""
    first, second = agreed(1, "open", 100), agreed(1, "paid", 100)
    assert first.there
    assert second.there
    assert second.here
    assert second.ours
    there = [replace(first.there, id="older"), second.there]
    said = compare(there, [second.here], {"pay1": second.ours}, moment=MOMENT)
    assert [(each.id, each.kind) for each in said] == [("older", D.STALE), ("obj1", D.NONE)]


@pytest.mark.parametrize("corrected", [1, -1])
def test_a_word_that_was_taken_is_no_difference_any_more(corrected: int) -> None:
    pair = agreed(1, "paid", 100)
    assert pair.here
    wrong = tuple(replace(each, amount=Money(100 - corrected, "EUR")) for each in pair.here.says if each.kind != K.FEE)
    right = Entry("obj1:corrected:x", K.CORRECTED, "pay1", Money(corrected, "EUR"))
    assert [each.kind for each in found([replace(pair, here=replace(pair.here, says=wrong))])] == [D.AMOUNT]
    assert [each.kind for each in found([replace(pair, here=replace(pair.here, says=(*wrong, right)))])] == [D.NONE]


@given(worlds())
def test_whoever_takes_the_companys_word_about_money_has_no_difference_left(pairs: list[Pair]) -> None:
    """Holds apart: money that a bank holds in another amount is nothing that the ledger can say of itself."""
    for pair in pairs:
        (finding,) = found([pair])
        if finding.is_safe or pair.here is None or any(each.kind == K.HELD for each in pair.here.says):
            continue
        says, there = pair.here.says, pair.there.says if pair.there else ()
        if len({each.amount.currency for each in (*says, *there)}) > 1:
            assert taken_at_their_word(there, says) is None
            continue
        added = taken_at_their_word(there, says)
        if pair.there and finding.what != What.DISPUTE:
            assert added is not None
            word = tuple(
                Entry(f"{finding.id}:{kind}:word", kind, says[0].subject, Money(amount, "EUR"))
                for kind, amount in added.items()
            )
            known = {each.key for each in says}
            news = tuple(each for each in there if each.key not in known)
            after = replace(pair, here=replace(pair.here, says=(*says, *news, *word)))
            assert not found([after])[0].differs
