"""Money and prices: exact, or rounded once by name."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.money import (
    EXPONENTS,
    ROUNDINGS,
    Money,
    exponent,
    nearest_step,
    round_half_even,
    round_half_up,
    total_of,
)
from holdfast.domain.pricing import Line, Per, Surcharge, price
from tests.domain.strategies import thorough

EUR = "EUR"
ROUNDED = {  # value, half_up, half_even, half_down, down, up
    "2.4": (2, 2, 2, 2, 3),
    "2.5": (3, 2, 2, 2, 3),
    "2.6": (3, 3, 3, 2, 3),
    "3.5": (4, 4, 3, 3, 4),
    "-2.4": (-2, -2, -2, -2, -3),
    "-2.5": (-3, -2, -2, -2, -3),
    "-2.6": (-3, -3, -3, -2, -3),
    "7": (7, 7, 7, 7, 7),
    "0": (0, 0, 0, 0, 0),
}
fractions = st.fractions(-1000, 1000, max_denominator=60)


def test_every_currency_has_the_digits_of_iso_4217() -> None:
    assert [exponent(code) for code in ("EUR", "JPY", "KWD", "CLF", "ISK", "HUF")] == [2, 0, 3, 4, 0, 2]
    assert len(EXPONENTS) == 158
    assert all(len(code) == 3 and code.isupper() for code in EXPONENTS)


@pytest.mark.parametrize(
    ("value", "up", "even"),
    [
        (Fraction(5, 2), 3, 2),
        (Fraction(7, 2), 4, 4),
        (Fraction(-5, 2), -3, -2),
        (Fraction(-7, 2), -4, -4),
        (Fraction(249, 100), 2, 2),
        (Fraction(251, 100), 3, 3),
        (Fraction(0), 0, 0),
    ],
)
def test_a_rounding_does_what_its_name_says(value: Fraction, up: int, even: int) -> None:
    assert (round_half_up(value), round_half_even(value)) == (up, even)


@pytest.mark.parametrize("value", ROUNDED)
def test_every_named_rounding_keeps_its_table(value: str) -> None:
    names = ("half_up", "half_even", "half_down", "down", "up")
    assert tuple(ROUNDINGS) == names
    assert tuple(ROUNDINGS[name](Fraction(value)) for name in names) == ROUNDED[value]


def test_coins_that_do_not_exist_are_rounded_away() -> None:
    assert [nearest_step(amount, 5) for amount in (1232, 1233, 1237, 1238, -1232, 0)] == [
        1230,
        1235,
        1235,
        1240,
        -1230,
        0,
    ]
    assert nearest_step(1232, 1) == 1232
    with pytest.raises(ValueError, match="one minor unit"):
        nearest_step(1, 0)


@thorough
@given(fractions)
def test_a_rounding_is_never_off_by_more_than_half(value: Fraction) -> None:
    for rounding in (round_half_up, round_half_even):
        assert abs(rounding(value) - value) <= Fraction(1, 2)
        assert rounding(-value) == -rounding(value)


def test_money_adds_only_with_its_own_kind() -> None:
    assert Money(9500, EUR) + Money(50, EUR) - Money(1, EUR) == Money(9549, EUR)
    assert -Money(5, EUR) == Money(-5, EUR)
    assert Money(1, EUR) < Money(2, EUR) <= Money(2, EUR)
    assert Money(1900, EUR).times(3) == Money(5700, EUR)
    assert total_of([Money(1, EUR), Money(2, EUR)], EUR) == Money(3, EUR)
    assert total_of([], "JPY") == Money(0, "JPY")
    with pytest.raises(ValueError, match="EUR and JPY"):
        Money(1, EUR) + Money(1, "JPY")
    with pytest.raises(TypeError, match="not money"):
        Money(1, EUR) + 1  # type: ignore[operator]


@pytest.mark.parametrize("amount", [1.0, True, Decimal(1), Fraction(1), "1", None])
def test_an_amount_is_an_int_and_nothing_else(amount: object) -> None:
    with pytest.raises(TypeError, match="whole number of minor units"):
        Money(amount, EUR)  # type: ignore[arg-type]


def test_floats_do_not_multiply_money() -> None:
    with pytest.raises(TypeError, match="whole number"):
        Money(1, EUR).times(1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="exact"):
        Money(1, EUR).scaled(0.1, round_half_up)  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["eur", "XXX", "", "EURO"])
def test_a_currency_is_one_of_iso_4217(currency: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, currency)


def test_money_is_shown_with_its_currencys_digits() -> None:
    assert [str(Money(9500, code).decimal()) for code in ("EUR", "JPY", "KWD")] == ["95.00", "9500", "9.500"]


@thorough
@given(st.integers(-10_000, 10_000), st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(any))
def test_shares_add_up_and_none_is_a_cent_off(amount: int, weights: list[int]) -> None:
    shares = Money(amount, EUR).allocate(weights)
    assert total_of(shares, EUR) == Money(amount, EUR)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.amount - Fraction(amount * weight, sum(weights))) < 1


def test_the_spare_cent_goes_to_the_largest_remainder_then_the_first() -> None:
    assert [share.amount for share in Money(100, EUR).allocate([1, 1, 1])] == [34, 33, 33]
    assert [share.amount for share in Money(100, EUR).allocate([1, 5])] == [17, 83]
    for weights in ([0, 0], [2, -1], []):
        with pytest.raises(ValueError, match="weights"):
            Money(100, EUR).allocate(weights)


def test_a_price_per_hour_is_exact_until_it_is_rounded_once() -> None:
    unit = Money(9500, EUR)
    expected = Line(
        "per_hour", Fraction(19, 12), unit, Money(15042, EUR), {"minutes": 95}, spans=((0, 95),)
    )  # 15,041.666…
    answer = price(9500, "hour", 95, 3, EUR)
    assert answer.lines == (expected,)
    assert answer.total == Money(15042, EUR)


@pytest.mark.parametrize(("per", "amount"), [("booking", 5000), ("person", 20000), ("hour", 7500)])
def test_what_a_price_is_per(per: Per, amount: int) -> None:
    assert price(5000, per, 90, 4, EUR).total == Money(amount, EUR)


def test_a_prices_rounding_is_the_callers_choice() -> None:
    assert price(5, "hour", 30, 1, EUR).total == Money(3, EUR)
    assert price(5, "hour", 30, 1, EUR, round_half_even).total == Money(2, EUR)


@given(st.integers(0, 10**9), st.integers(1, 6000), st.integers(1, 9), st.integers(0, 900), st.integers(0, 10**7))
def test_a_surcharge_is_a_line_and_the_lines_add_up(
    unit: int, minutes: int, party: int, percent: int, amount: int
) -> None:
    plain = price(unit, "hour", minutes, party, EUR)
    for surcharge in (Surcharge("more", percent=percent), Surcharge("more", amount=amount)):
        dearer = price(unit, "hour", minutes, party, EUR, surcharge=surcharge)
        assert dearer.lines[0] == plain.lines[0]
        assert sum(line.amount.amount for line in dearer.lines) == dearer.total.amount
        exactly = Fraction(unit * minutes, 60) * (1 + Fraction(surcharge.percent, 100)) + surcharge.amount
        assert dearer.total.amount == round_half_up(exactly)


def test_no_surcharge_is_no_line_and_one_is_either_a_share_or_an_amount() -> None:
    assert price(5000, "booking", 60, 1, EUR, surcharge=Surcharge("more")) == price(5000, "booking", 60, 1, EUR)
    for impossible in ({"percent": -1}, {"amount": -1}, {"percent": 1, "amount": 1}):
        with pytest.raises(ValueError, match="impossible surcharge"):
            Surcharge("more", **impossible)


def test_a_price_of_nothing_is_refused() -> None:
    for duration, party in ((0, 1), (60, 0)):
        with pytest.raises(ValueError, match="duration and a party"):
            price(1, "hour", duration, party, EUR)
    with pytest.raises(ValueError, match="per fortnight"):
        price(1, "fortnight", 60, 1, EUR)  # type: ignore[arg-type]
