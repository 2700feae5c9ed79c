"""Stripe's idea of minor units, which is ISO 4217's but for a few currencies (docs.stripe.com/currencies)."""

from holdfast.domain.money import Money, payable_step
from holdfast.payments.errors import AmountNotChargeable

# How many of Stripe's units one of ours is: there, the króna and the Ugandan shilling kept two digits.
_MORE = {"ISK": 100, "UGX": 100}
# How many of ours one of Stripe's is: the ariary's fifths are never charged.
_FEWER = {"MGA": 100}


def to_stripe(money: Money) -> tuple[int, str]:
    """(amount, currency) as Stripe wants them. Raises AmountNotChargeable for what it could not charge exactly."""
    per = _FEWER.get(money.currency, 1)
    if money.amount % per or money.amount % payable_step(money.currency):
        raise AmountNotChargeable
    return money.amount // per * _MORE.get(money.currency, 1), money.currency.lower()


def from_stripe(amount: int, currency: str) -> Money:
    """Raises ValueError for a part of a unit that its currency does not have."""
    code = currency.upper()
    whole, rest = divmod(amount, _MORE.get(code, 1))
    if rest:
        raise ValueError(f"{amount} {code} is no whole number of minor units")
    return Money(whole * _FEWER.get(code, 1), code)
