"""What extras cost, whatever they are priced for, and in which order they are chosen."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.pricing.conditions import Asked
from holdfast.domain.pricing.effects import Base
from holdfast.domain.pricing.extras import Extra, items
from holdfast.domain.pricing.tariff import Rule
from holdfast.domain.pricing.whole import Choice, Terms, quote
from tests.domain.pricing.strategies import stays
from tests.domain.strategies import thorough

extras = st.lists(
    st.builds(
        Extra, id=st.uuids().map(str), amount=st.integers(0, 9000), included=st.integers(0, 3),
        per=st.sampled_from(["booking", "unit", "hour", "person"]), tax_class=st.sampled_from(["", "drink"]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda each: each.id,
)  # fmt: skip
counts = st.lists(st.integers(0, 6), min_size=4, max_size=4)


def paid(extra: Extra, count: int, asked: Asked) -> Fraction:
    """One at a time, as one would count them on the table."""
    total, free = Fraction(0), extra.included
    for number in range(count):
        if number < free or (extra.per == "booking" and number > free):
            continue
        if extra.per == "hour":
            total += sum((Fraction(extra.amount, 60) for _minute in range(asked.start, asked.end)), Fraction(0))
        elif extra.per == "person":
            total += sum(extra.amount for _person in range(asked.party))
        else:
            total += extra.amount
    return total


@thorough
@given(extras, counts, stays())
def test_each_costs_what_counting_one_by_one_comes_to(offered: list[Extra], wanted: list[int], asked: Asked) -> None:
    chosen = {extra.id: count for extra, count in zip(offered, wanted, strict=False)}
    expected = [(each.id, paid(each, chosen[each.id], asked)) for each in offered if chosen[each.id]]
    assert [(item.rule, item.amount) for item in items(offered, chosen, asked)] == expected
    backwards = dict(reversed(chosen.items()))
    terms = Terms("EUR", (Rule("base", Base(10_000)),), tuple(offered))
    priced = quote(terms, asked, Choice(chosen)).price
    assert priced == quote(terms, asked, Choice(backwards)).price
    exact = 10_000 + sum((amount for _extra, amount in expected), Fraction(0))
    assert abs(priced.total.amount - exact) <= Fraction(1, 2)
    assert sum(line.amount.amount for line in priced.lines) == priced.total.amount


@thorough
@given(extras, counts, stays())
def test_one_more_never_costs_less(offered: list[Extra], wanted: list[int], asked: Asked) -> None:
    terms = Terms("EUR", (Rule("base", Base(10_000)),), tuple(offered))
    chosen = {extra.id: count for extra, count in zip(offered, wanted, strict=False)}
    before = quote(terms, asked, Choice(chosen)).price.total.amount
    for extra in offered:
        assert quote(terms, asked, Choice({**chosen, extra.id: chosen[extra.id] + 1})).price.total.amount >= before
