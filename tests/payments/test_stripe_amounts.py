"""Our minor units and Stripe's are the same money, in every currency we know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.money import EXPONENTS, Money
from holdfast.payments.errors import AmountNotChargeable
from holdfast.payments.stripe_amounts import from_stripe, to_stripe


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Money(9500, "EUR"), (9500, "eur")),
        (Money(500, "JPY"), (500, "jpy")),
        (Money(5120, "KWD"), (5120, "kwd")),
        (Money(5, "ISK"), (500, "isk")),
        (Money(5, "UGX"), (500, "ugx")),
        (Money(500, "MGA"), (5, "mga")),
        (Money(500, "HUF"), (500, "huf")),
    ],
)
def test_amounts_are_said_as_stripe_wants_them(ours: Money, theirs: tuple[int, str]) -> None:
    assert to_stripe(ours) == theirs
    assert from_stripe(*theirs) == ours


@pytest.mark.parametrize("ours", [Money(5124, "KWD"), Money(1, "BHD"), Money(101, "MGA")])
def test_what_cannot_be_charged_exactly_is_refused_and_not_rounded(ours: Money) -> None:
    with pytest.raises(AmountNotChargeable):
        to_stripe(ours)


@given(st.integers(0, 10**9), st.sampled_from(sorted(EXPONENTS)))
def test_whatever_can_be_charged_comes_back_as_it_was(amount: int, currency: str) -> None:
    money = Money(amount, currency)
    try:
        assert from_stripe(*to_stripe(money)) == money
    except AmountNotChargeable:
        assert money != Money(amount // 100 * 100, currency)
