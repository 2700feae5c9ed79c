"""What a booking's ledger says, whatever the order and the number in which its facts arrived."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.ledger import Entry, EntryKind, PaymentStatus, is_overtaken, standing
from holdfast.domain.money import Money

K, S = EntryKind, PaymentStatus


def fact(kind: EntryKind, amount: int = 0, subject: str = "pay", part: str = "") -> Entry:
    return Entry(f"{subject}:{kind}:{part}", kind, subject, Money(amount, "EUR"))


OWED = fact(K.OWED, 9500, "booking")


@pytest.mark.parametrize(
    ("facts", "status", "outstanding"),
    [
        ([], S.NOTHING_DUE, 0),
        ([OWED], S.UNPAID, 9500),
        ([OWED, fact(K.STARTED)], S.PENDING, 9500),
        ([OWED, fact(K.STARTED), fact(K.FAILED)], S.FAILED, 9500),
        ([OWED, fact(K.STARTED), fact(K.FAILED), fact(K.STARTED, subject="again")], S.PENDING, 9500),
        ([OWED, fact(K.STARTED), fact(K.CANCELLED)], S.UNPAID, 9500),
        ([OWED, fact(K.STARTED), fact(K.CARD_KEPT)], S.CARD_KEPT, 9500),
        ([OWED, fact(K.STARTED), fact(K.CARD_KEPT), fact(K.CANCELLED)], S.UNPAID, 9500),
        ([OWED, fact(K.STARTED), fact(K.HELD, 9500)], S.HELD, 9500),
        ([OWED, fact(K.STARTED), fact(K.HELD, 9500), fact(K.CANCELLED)], S.UNPAID, 9500),
        ([OWED, fact(K.STARTED), fact(K.HELD, 9500), fact(K.RECEIVED, 9500)], S.PAID, 0),
        ([OWED, fact(K.FAILED), fact(K.RECEIVED, 9500)], S.PAID, 0),
        ([OWED, fact(K.RECEIVED, 3000)], S.PARTLY_PAID, 6500),
        ([OWED, fact(K.RECEIVED, 9500), fact(K.REFUNDED, 1000, "re")], S.PARTLY_REFUNDED, 1000),
        ([OWED, fact(K.RECEIVED, 9500), fact(K.REFUND_PENDING, 9500, "re")], S.REFUNDED, 9500),
        (
            [OWED, fact(K.RECEIVED, 9500), fact(K.REFUNDED, 9500, "re"), fact(K.REFUND_FAILED, 9500, "re")],
            S.PAID,
            0,
        ),
        (
            [OWED, fact(K.RECEIVED, 9500), fact(K.REFUND_PENDING, 9500, "re"), fact(K.REFUNDED, 9500, "re")],
            S.REFUNDED,
            9500,
        ),
        ([OWED, fact(K.RECEIVED, 9500), fact(K.DISPUTED, 9500, "dp")], S.DISPUTED, 0),
        ([OWED, fact(K.RECEIVED, 9500), fact(K.DISPUTED, 9500, "dp"), fact(K.DISPUTE_WON, 9500, "dp")], S.PAID, 0),
        (
            [OWED, fact(K.RECEIVED, 9500), fact(K.DISPUTED, 9500, "dp"), fact(K.DISPUTE_LOST, 9500, "dp")],
            S.REFUNDED,
            9500,
        ),
        ([OWED, fact(K.RECEIVED, 9500), fact(K.OWED, -9500, "booking", "cancelled")], S.PAID, -9500),
    ],
)
def test_each_status_means_one_thing(facts: list[Entry], status: PaymentStatus, outstanding: int) -> None:
    seen = standing(facts, Money(0, "EUR"))
    assert (seen.status, seen.outstanding) == (status, Money(outstanding, "EUR"))


entries = st.lists(
    st.builds(
        fact,
        st.sampled_from(list(EntryKind)),
        st.integers(0, 10_000),
        st.sampled_from(["one", "two", "three"]),
        st.sampled_from(["", "a"]),
    ),
    unique_by=lambda entry: entry.key,
    max_size=20,
)


@given(entries, st.randoms(use_true_random=False))
def test_any_order_and_any_number_of_the_same_facts_say_the_same(facts: list[Entry], chance: random.Random) -> None:
    shuffled = facts + chance.sample(facts, k=chance.randint(0, len(facts)))
    chance.shuffle(shuffled)
    assert standing(shuffled, Money(0, "EUR")) == standing(facts, Money(0, "EUR"))


@given(entries)
def test_what_is_kept_is_what_was_received_less_what_went_back(facts: list[Entry]) -> None:
    seen = standing(facts, Money(0, "EUR"))
    assert seen.kept + seen.refunded + seen.lost == seen.received
    assert seen.outstanding + seen.kept == seen.owed


@given(entries)
def test_nothing_is_paid_without_money(facts: list[Entry]) -> None:
    with_money = {S.PAID, S.PARTLY_PAID, S.REFUNDED, S.PARTLY_REFUNDED}
    seen = standing(facts, Money(0, "EUR"))
    if seen.received.amount == 0 and seen.refunded.amount + seen.lost.amount == 0:
        assert seen.status not in with_money


def test_another_currency_is_refused_and_not_added() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        standing([Entry("k", K.RECEIVED, "pay", Money(1, "USD"))], Money(0, "EUR"))


def test_old_news_is_what_was_learned_after_what_came_later() -> None:
    taken = [fact(K.HELD, 9500), fact(K.RECEIVED, 9500)]
    assert is_overtaken(taken[0], taken)
    assert not is_overtaken(taken[1], taken)
    assert not is_overtaken(fact(K.HELD, 1, "another"), taken)
