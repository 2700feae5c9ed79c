"""Tax, fees, tips, deposits and coins."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain import hours
from holdfast.domain.money import ROUNDINGS, Money, round_half_up
from holdfast.domain.pricing.conditions import Asked
from holdfast.domain.pricing.effects import Base, PerHour
from holdfast.domain.pricing.extras import Extra
from holdfast.domain.pricing.lines import Price
from holdfast.domain.pricing.paying import Deposit, Fee, Tip
from holdfast.domain.pricing.promotions import AmountOff, Promotion
from holdfast.domain.pricing.tariff import Rule
from holdfast.domain.pricing.taxes import Taxes, TaxRate, rate_for, tax_parts
from holdfast.domain.pricing.whole import Choice, Terms, quote
from tests.domain.strategies import thorough

START = hours.to_minute("Europe/Paris", datetime.fromisoformat("2026-03-12 14:00"))
ASKED = Asked("Europe/Paris", START, START + 60, START - 1440, service="transfer")
USUAL, TRAVEL = TaxRate("usual", Fraction(20)), TaxRate("travel", Fraction(10), "transfer")
FOOD = TaxRate("food", Fraction(11, 2), "food")
TAXES = Taxes((USUAL, TRAVEL, FOOD))
EXTRAS = (Extra("champagne", 4995, tax_class="drink"), Extra("lunch", 2210, tax_class="food"), Extra("hour", 3333))
TERMS = Terms("EUR", (Rule("base", Base(10_000)),), EXTRAS, taxes=TAXES)
ALL = Choice({"champagne": 1, "lunch": 1, "hour": 1})


def parts(price: Price, taxes: Taxes = TAXES) -> list[tuple[str, int, int]]:
    return [(part.rate.id, part.net.amount, part.tax.amount) for part in tax_parts(price, taxes)]


def test_a_rate_is_found_by_what_is_taxed_and_when() -> None:
    old = TaxRate("old", Fraction(16), valid_from=date(2020, 7, 1), valid_until=date(2020, 12, 31))
    rates = (USUAL, TRAVEL, old)
    assert rate_for(rates, "transfer", date(2026, 3, 12)) == TRAVEL
    assert rate_for(rates, "tour", date(2026, 3, 12)) == USUAL
    assert rate_for(rates, "tour", date(2020, 7, 1)) == rate_for(rates, "tour", date(2020, 12, 31)) == old
    assert rate_for(rates, "tour", date(2021, 1, 1)) == USUAL
    assert rate_for((TRAVEL,), "tour", date(2026, 3, 12)) is None


def test_tax_that_is_included_is_told_apart_and_changes_no_total() -> None:
    price = quote(TERMS, ASKED, ALL).price
    assert price.total.amount == 10_000 + 4995 + 2210 + 3333
    assert parts(price) == [("travel", 12_121, 1212), ("usual", 4162, 833), ("food", 2095, 115)]


def test_tax_on_top_is_a_line_for_each_rate() -> None:
    terms = replace(TERMS, taxes=replace(TAXES, included=False))
    price = quote(terms, ASKED, ALL).price
    assert [(line.rule, line.amount.amount, line.params) for line in price.lines if line.kind == "tax"] == [
        ("travel", 1333, {"percent": 10}),
        ("usual", 999, {"percent": 20}),
        ("food", 122, {"percent": "11/2"}),
    ]
    assert price.total.amount == 20_538 + 1333 + 999 + 122
    assert parts(price, terms.taxes) == [("travel", 13_333, 1333), ("usual", 4995, 999), ("food", 2210, 122)]


def test_what_a_promotion_takes_off_bears_no_tax() -> None:
    terms = replace(TERMS, promotions=(Promotion("off", AmountOff(10_269)),))  # half of it all
    assert parts(quote(terms, ASKED, ALL).price) == [("travel", 6061, 606), ("usual", 2081, 416), ("food", 1047, 58)]


def test_without_a_rate_nothing_is_said_of_tax() -> None:
    price = quote(replace(TERMS, taxes=Taxes()), ASKED).price
    assert [(line.net, line.tax) for line in price.lines] == [(None, None)]


@thorough
@given(
    st.lists(st.tuples(st.integers(0, 99_999), st.sampled_from(["a", "b", "c", ""])), min_size=1, max_size=6),
    st.sampled_from([Fraction(20), Fraction(11, 2), Fraction(7), Fraction(81, 10), Fraction(0)]),
    st.booleans(),
    st.sampled_from(sorted(ROUNDINGS)),
    st.integers(0, 200_000),
)
def test_net_and_tax_add_up_and_tax_is_rounded_once_for_each_rate(
    amounts: list[tuple[int, str]], percent: Fraction, included: bool, name: str, off: int
) -> None:
    rates = (TaxRate("one", percent, "a"), TaxRate("two", Fraction(10), "b"), TaxRate("three", percent, "service"))
    taxes = Taxes(rates, included, ROUNDINGS[name])
    extras = tuple(Extra(str(n), amount, tax_class=kept) for n, (amount, kept) in enumerate(amounts))
    offered = (Promotion("off", AmountOff(off)),) if off else ()
    terms = Terms("EUR", (Rule("base", Base(5000)),), extras, offered, taxes)
    price = quote(terms, replace(ASKED, service="service"), Choice({extra.id: 1 for extra in extras})).price
    assert sum(line.amount.amount for line in price.lines) == price.total.amount >= 0
    for part in tax_parts(price, taxes):
        lines = [line for line in price.lines if line.tax_rate == part.rate.id]
        whole = sum(line.amount.amount for line in lines)
        divisor = 100 + part.rate.percent if included else Fraction(100)
        assert part.tax.amount == ROUNDINGS[name](whole * part.rate.percent / divisor)
        assert part.net.amount + (part.tax.amount if included else 0) == whole
        if not included:
            assert [line.amount for line in price.lines if line.kind == "tax" and line.rule == part.rate.id] == [
                part.tax
            ]


CARD = Fee("card", Fraction(3, 2), 25)


def test_who_bears_a_fee_pays_it() -> None:
    ours = quote(replace(TERMS, fees=(CARD,)), ASKED, Choice(method="card"))
    assert (ours.price.total.amount, ours.borne.amount) == (10_000, 175)
    theirs = quote(replace(TERMS, fees=(replace(CARD, borne_by="customer"),)), ASKED, Choice(method="card"))
    assert (theirs.price.total.amount, theirs.borne.amount) == (10_175, 0)
    fee = theirs.price.lines[-1]
    assert (fee.key, fee.net, fee.tax) == ("payment_fee", Money(146, "EUR"), Money(29, "EUR"))
    assert quote(replace(TERMS, fees=(CARD,)), ASKED, Choice(method="cash")).borne.amount == 0


@given(st.integers(1, 10**7), st.integers(0, 900), st.integers(0, 500))
def test_a_fee_of_all_leaves_the_whole_price(due: int, permille: int, fixed: int) -> None:
    fee = Fee("card", Fraction(permille, 10), fixed, "customer", of_all=True)
    asked = due + fee.amount(Money(due, "EUR")).amount
    assert asked - (asked * fee.percent / 100 + fixed) >= due
    less = asked - 1
    assert less - (less * fee.percent / 100 + fixed) < due


def test_nothing_due_costs_no_fee() -> None:
    assert CARD.amount(Money(0, "EUR")) == Money(0, "EUR")


def test_a_tip_bears_neither_tax_nor_fee() -> None:
    terms = replace(TERMS, fees=(replace(CARD, borne_by="customer"),))
    price = quote(terms, ASKED, Choice(method="card", tip=Tip(percent=Fraction(10)))).price
    assert [(line.key, line.amount.amount, line.tax_rate) for line in price.lines[1:]] == [
        ("payment_fee", 175, "usual"), ("tip", 1000, ""),
    ]  # fmt: skip
    assert quote(TERMS, ASKED, Choice(tip=Tip(450))).price.total.amount == 10_450
    assert quote(TERMS, ASKED, Choice(tip=Tip())).price.total.amount == 10_000


def test_a_total_in_coins_says_what_was_rounded() -> None:
    francs = Terms("CHF", (Rule("base", Base(1233)),), coin=5)
    lines = quote(francs, ASKED).price.lines
    assert [(line.key, line.amount.amount) for line in lines] == [("per_booking", 1233), ("rounding", 2)]
    assert len(quote(replace(francs, rules=(Rule("base", Base(1235)),)), ASKED).price.lines) == 1


@pytest.mark.parametrize(
    ("deposit", "notice", "due"),
    [
        (Deposit(), 9999, 0),
        (Deposit(percent=Fraction(30)), 9999, 3704),
        (Deposit(amount=5000), 9999, 5000),
        (Deposit(amount=50_000), 9999, 12_345),
        (Deposit(amount=5000, whole_within=1440), 1440, 5000),
        (Deposit(amount=5000, whole_within=1440), 1439, 12_345),
    ],
)
def test_what_is_asked_at_once(deposit: Deposit, notice: int, due: int) -> None:
    assert deposit.due_now(Money(12_345, "EUR"), notice) == Money(due, "EUR")


def test_what_cannot_be_paid_is_refused() -> None:
    for make in (
        lambda: Fee("card", Fraction(100)), lambda: Fee("card", fixed=-1), lambda: Tip(-1), lambda: Tip(1, Fraction(1)),
        lambda: Deposit(Fraction(101)), lambda: Deposit(Fraction(1), 1), lambda: TaxRate("it", Fraction(-1)),
    ):  # fmt: skip
        with pytest.raises(ValueError):  # noqa: PT011 - each says something of its own
            make()


@pytest.mark.parametrize(
    ("currency", "hourly", "total"), [("JPY", 5000, 7917), ("KWD", 12_345, 19_546), ("EUR", 5000, 7917)]
)
def test_minor_units_are_the_currencys_own(currency: str, hourly: int, total: int) -> None:
    """95 minutes; tax of 10 % is rounded to the yen, the fils and the cent."""
    terms = Terms(
        currency, (Rule("hour", PerHour(hourly)),), taxes=Taxes((TaxRate("t", Fraction(10)),), rounding=round_half_up)
    )
    price = quote(terms, replace(ASKED, end=START + 95)).price
    assert price.total == Money(total, currency)
    [part] = tax_parts(price, terms.taxes)
    assert part.tax.amount == round_half_up(Fraction(total, 11))
    assert str(price.total.decimal()) == {"JPY": "7917", "KWD": "19.546", "EUR": "79.17"}[currency]
