"""Promotions: who gets one, why not, and never less than nothing."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain import hours
from holdfast.domain.pricing.conditions import Asked, Condition
from holdfast.domain.pricing.effects import Base, PerUnit
from holdfast.domain.pricing.extras import Extra, ExtraRefused
from holdfast.domain.pricing.promotions import AmountOff, FreeExtra, PercentOff, Promotion, Used
from holdfast.domain.pricing.tariff import Rule
from holdfast.domain.pricing.whole import Choice, Quoted, Terms, quote
from tests.domain.pricing.strategies import stays, tariffs
from tests.domain.strategies import thorough

PARIS = "Europe/Paris"
START = hours.to_minute(PARIS, datetime.fromisoformat("2026-03-12 14:00"))  # a Thursday
ASKED = Asked(PARIS, START, START + 60, START - 1440, service="transfer", party=2)
SEAT = Extra("seat", 1500, most=3, included=1)
WATER = Extra("water", 200, per="person")
TERMS = Terms("EUR", (Rule("base", Base(10_000)),), (SEAT, WATER))
TEN = Promotion("ten", PercentOff(Fraction(10)), code="TEN")


def quoted(*promotions: Promotion, code: str = "", used: Used | None = None, seat: int = 0, water: int = 0) -> Quoted:
    uses = {each.id: used for each in promotions if used}
    return quote(replace(TERMS, promotions=promotions), ASKED, Choice({"seat": seat, "water": water}, code), uses)


def test_extras_are_lines_and_the_included_ones_cost_nothing() -> None:
    lines = quoted(seat=3, water=1).price.lines
    assert [(line.key, line.rule, line.amount.amount) for line in lines] == [
        ("per_booking", "base", 10_000), ("extra", "seat", 3000), ("extra", "water", 400),
    ]  # fmt: skip
    assert quoted(seat=0).price.total.amount == 10_000
    for chosen, most in (({"seat": 4}, 3), ({"boat": 1}, 0), ({"water": -1}, -1)):
        with pytest.raises(ExtraRefused) as refused:
            quote(TERMS, ASKED, Choice(chosen))
        assert refused.value.most == most


@pytest.mark.parametrize(
    ("benefit", "off"),
    [
        (PercentOff(Fraction(10)), [-1300]),
        (PercentOff(Fraction(10), most=500), [-500]),
        (PercentOff(Fraction(100)), [-13_000]),
        (AmountOff(2500), [-2500]),
        (AmountOff(99_999), [-13_000]),
        (FreeExtra("seat"), [-1500]),
        (FreeExtra("seat", 5), [-3000]),
    ],
)
def test_what_a_promotion_takes_off(benefit: PercentOff | AmountOff | FreeExtra, off: list[int]) -> None:
    answer = quoted(Promotion("it", benefit), seat=3)
    assert [line.amount.amount for line in answer.price.lines if line.kind == "promotion"] == off
    assert (answer.applied, answer.refused) == (("it",), ())


def test_a_code_is_the_same_in_small_letters_and_with_spaces() -> None:
    for code in ("TEN", "ten", " Ten "):
        assert quoted(TEN, code=code).price.total.amount == 9000
    assert quoted(TEN).price.total.amount == 10_000


TODAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"booked_from": ASKED.booked}, None),
        ({"booked_from": ASKED.booked + 1}, "not_yet"),
        ({"booked_until": ASKED.booked + 1}, None),
        ({"booked_until": ASKED.booked}, "ended"),
        ({"services": frozenset({"transfer"})}, None),
        ({"services": frozenset({"tour"})}, "wrong_service"),
        ({"served_from": TODAY, "served_until": TODAY}, None),
        ({"served_from": date(2026, 3, 13)}, "wrong_date"),
        ({"served_until": date(2026, 3, 11)}, "wrong_date"),
        ({"condition": Condition(times=((12 * 60, 15 * 60),))}, None),
        ({"condition": Condition(weekdays=frozenset({0}))}, "wrong_time"),
        ({"minimum": 10_000}, None),
        ({"minimum": 10_001}, "below_minimum"),
        ({"uses": 6}, None),
        ({"uses": 5}, "used_up"),
        ({"uses_each": 3}, None),
        ({"uses_each": 2}, "used_up_by_customer"),
        ({"benefit": FreeExtra("seat")}, "extra_not_chosen"),
        ({"benefit": FreeExtra("boat")}, "extra_not_offered"),
    ],
)
def test_a_refusal_says_why(change: dict[str, object], reason: str | None) -> None:
    answer = quoted(replace(TEN, **change), code="TEN", used=Used(5, 2))  # type: ignore[arg-type]
    assert [each.reason for each in answer.refused] == ([reason] if reason else [])
    assert answer.price.total.amount == (10_000 if reason else 9000)


def test_an_unknown_code_is_refused_and_an_automatic_promotion_that_does_not_apply_is_not_spoken_of() -> None:
    answer = quoted(replace(TEN, code="", minimum=99_999), code="nonsense")
    assert [(each.promotion, each.reason) for each in answer.refused] == [("nonsense", "unknown")]


def test_what_combines_is_used_together_and_what_does_not_stands_alone() -> None:
    five = Promotion("five", AmountOff(500), combinable=True)
    both = quoted(replace(TEN, combinable=True, position=1), five, code="TEN")
    assert (both.applied, both.price.total.amount) == (("five", "ten"), 8550)
    alone = quoted(TEN, five, code="TEN")
    assert (alone.applied, alone.price.total.amount) == (("ten",), 9000)
    half = Promotion("half", PercentOff(Fraction(50)))
    better = quoted(TEN, five, half, code="TEN")
    assert (better.applied, better.price.total.amount) == (("half",), 5000)
    assert [(each.promotion, each.reason) for each in better.refused] == [("ten", "not_combinable")]


def test_no_promotion_can_be_what_makes_no_sense() -> None:
    for benefit in (PercentOff(Fraction(0)), PercentOff(Fraction(101)), AmountOff(0), AmountOff(-5)):
        with pytest.raises(ValueError, match="impossible promotion"):
            Promotion("it", benefit)


benefits = st.one_of(
    st.builds(
        PercentOff, st.sampled_from([Fraction(1), Fraction(25, 2), Fraction(100)]), st.none() | st.integers(0, 900)
    ),
    st.integers(1, 50_000).map(AmountOff),
    st.builds(FreeExtra, st.sampled_from(["seat", "water", "boat"]), st.integers(1, 4)),
)
promotions = st.lists(
    st.builds(
        Promotion, id=st.uuids().map(str), benefit=benefits, code=st.sampled_from(["", "", "code"]),
        combinable=st.booleans(), position=st.integers(0, 2), minimum=st.sampled_from([0, 0, 5000]),
    ),
    max_size=5,
    unique_by=lambda each: each.id,
).map(tuple)  # fmt: skip


@thorough
@given(tariffs(), promotions, stays(), st.integers(0, 3), st.integers(0, 3))
def test_a_promotion_never_makes_a_price_negative_nor_dearer(
    rules: tuple[Rule, ...], offered: tuple[Promotion, ...], asked: Asked, seats: int, water: int
) -> None:
    rules = (*rules, Rule("people", PerUnit(999, "person")))
    terms = Terms("EUR", rules, (SEAT, replace(WATER, tax_class="food")))
    choice = Choice({"seat": seats, "water": water}, "code")
    without = quote(terms, asked, choice).price
    answer = quote(replace(terms, promotions=offered), asked, choice)
    assert 0 <= answer.price.total.amount <= without.total.amount
    assert sum(line.amount.amount for line in answer.price.lines) == answer.price.total.amount
    assert set(answer.applied) == {line.rule for line in answer.price.lines if line.kind == "promotion"}
    assert {each.promotion for each in answer.refused}.isdisjoint(answer.applied)
