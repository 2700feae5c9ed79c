"""Until when cancelling is free, and what it costs afterwards."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.cancellation import (
    FREE,
    Charge,
    Ladder,
    Step,
    as_terms,
    free_until,
    from_terms,
    may_cancel,
    standing,
)
from holdfast.domain.money import Money

HALF, FIXED, WHOLE = Charge(Fraction(50)), Charge(amount=2000), Charge(Fraction(100))
LADDER = Ladder((Step(120, WHOLE), Step(2880, FIXED), Step(1440, HALF)))
START = 10_000


def test_cancelling_is_free_up_to_and_including_the_last_minute_of_notice() -> None:
    start, notice = 10_000, 1440
    assert free_until(start, notice) == 8560
    assert [standing(now, start, notice) for now in (8560, 8561, 9999, 10_000)] == ["free", "late", "late", "started"]
    assert [may_cancel(now, start, notice) for now in (8560, 8561, 10_000)] == [True, False, False]
    assert [standing(now, start, 0) for now in (9999, 10_000)] == ["free", "started"]
    with pytest.raises(ValueError, match="not negative"):
        free_until(start, -1)


@pytest.mark.parametrize(
    ("now", "charge"),
    [
        (0, FREE),
        (7120, FREE),
        (7121, FIXED),
        (8560, FIXED),
        (8561, HALF),
        (9880, HALF),
        (9881, WHOLE),
        (9999, WHOLE),
        (10_000, WHOLE),
    ],
)
def test_the_later_the_dearer_and_the_last_minute_of_a_notice_is_in_time(now: int, charge: Charge) -> None:
    assert LADDER.charge(now, START) == charge


def test_a_ladder_is_shown_before_booking() -> None:
    assert LADDER.shown(START) == [(7120, FREE), (8560, FIXED), (9880, HALF), (9999, WHOLE)]
    assert Ladder().shown(START) == [(9999, FREE)]
    assert (LADDER.free_notice, Ladder().free_notice) == (2880, 0)


def test_a_booking_keeps_its_ladder_as_json() -> None:
    ladder = Ladder((Step(120, Charge(Fraction(25, 2))), Step(1440, FIXED)), HALF)
    kept = as_terms(ladder)
    assert kept == {
        "ladder": [{"within": 1440, "amount": 2000}, {"within": 120, "percent": "25/2"}],
        "no_show": {"percent": "50"},
    }
    assert from_terms({}) is None


charges = st.builds(Charge, st.fractions(0, 100)) | st.builds(Charge, amount=st.integers(0, 10**9))
ladders = st.builds(
    lambda steps, no_show: Ladder(tuple(Step(within, charge) for within, charge in steps.items()), no_show),
    st.dictionaries(st.integers(1, 100_000), charges, max_size=4),
    charges,
)


@given(ladders, st.integers(-200_000, 10), st.sampled_from([Money(9999, "EUR"), Money(5000, "JPY")]))
def test_what_is_read_back_costs_the_same_at_any_time(ladder: Ladder, now: int, price: Money) -> None:
    found = from_terms(json.loads(json.dumps(as_terms(ladder))))
    assert found is not None
    assert found.charge(now, 0).of(price) == ladder.charge(now, 0).of(price)
    assert found.shown(0) == ladder.shown(0)


def test_who_does_not_come_pays_what_the_ladder_says() -> None:
    assert Ladder(no_show=HALF).charge(START, START) == HALF
    assert Ladder().charge(START, START) == WHOLE


def test_a_charge_is_rounded_once_and_never_more_than_the_price() -> None:
    assert HALF.of(Money(4999, "EUR")) == Money(2500, "EUR")
    assert HALF.of(Money(4999, "JPY")) == Money(2500, "JPY")
    assert FIXED.of(Money(1500, "EUR")) == Money(1500, "EUR")
    assert FREE.of(Money(1500, "EUR")) == Money(0, "EUR")


def test_no_ladder_can_be_what_makes_no_sense() -> None:
    for make in (
        lambda: Charge(Fraction(101)),
        lambda: Charge(amount=-1),
        lambda: Charge(Fraction(1), 1),
        lambda: Step(0, HALF),
        lambda: Ladder((Step(60, HALF), Step(60, WHOLE))),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - each says something of its own
            make()


steps = st.lists(st.integers(1, 300), max_size=4, unique=True).map(
    lambda notices: tuple(Step(notice, Charge(Fraction(notice % 100))) for notice in notices)
)


@given(steps, st.integers(-400, 10))
def test_what_is_shown_is_what_is_charged(steps: tuple[Step, ...], now: int) -> None:
    ladder = Ladder(steps)
    shown = next((charge for until, charge in ladder.shown(0) if now <= until), ladder.no_show)
    assert ladder.charge(now, 0) == shown
    assert (ladder.charge(now, 0) == FREE) >= may_cancel(now, 0, ladder.free_notice)
