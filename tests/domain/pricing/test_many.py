"""The same at many starts costs what it costs at each of them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.pricing.conditions import Asked
from holdfast.domain.pricing.many import totals
from holdfast.domain.pricing.promotions import Promotion
from holdfast.domain.pricing.tariff import Rule
from holdfast.domain.pricing.whole import Terms, quote
from tests.domain.pricing.strategies import stays, tariffs
from tests.domain.pricing.test_promotions import promotions
from tests.domain.strategies import brief


@brief
@given(
    tariffs(),
    promotions,
    stays(longest=300),
    st.lists(st.integers(0, 3000), max_size=12, unique=True).map(sorted),
    st.none() | st.integers(0, 4000),
)
def test_prices_at_many_starts_are_those_at_each(
    rules: tuple[Rule, ...], offered: tuple[Promotion, ...], asked: Asked, later: list[int], notice: int | None
) -> None:
    rules = tuple(replace(rule, condition=replace(rule.condition, longest_notice=notice)) for rule in rules)
    terms = Terms("EUR", rules, promotions=offered)
    asked = replace(asked, booked=asked.start - 2000)
    starts = [asked.start + minutes for minutes in later]
    length = asked.end - asked.start
    each = [quote(terms, replace(asked, start=start, end=start + length)).price.total.amount for start in starts]
    assert totals(terms, asked, starts) == each
