"""Money: whole minor units of one currency. No floats, ever; a rounding has a name."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, trunc

# ISO 4217, list one: the active currencies by the number of digits of their minor unit.
_TWO_DIGITS = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE
CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB
PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY
TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_STEPS = {**dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 10), "MGA": 100}
_FOUR_DIGITS = "CLF UYW"
EXPONENTS: dict[str, int] = {
    **dict.fromkeys(_TWO_DIGITS.split(), 2),
    **dict.fromkeys(_NO_DIGITS.split(), 0),
    **dict.fromkeys(_THREE_DIGITS.split(), 3),
    **dict.fromkeys(_FOUR_DIGITS.split(), 4),
}

Rounding = Callable[[Fraction], int]


def round_half_up(value: Fraction) -> int:
    """The nearest integer; a half goes away from zero (2.5 -> 3, -2.5 -> -3): the merchant's rounding."""
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return magnitude if value >= 0 else -magnitude


def round_half_even(value: Fraction) -> int:
    """The nearest integer; a half goes to the even one (2.5 -> 2, 3.5 -> 4): the banker's rounding."""
    return round(value)


def round_half_down(value: Fraction) -> int:
    """The nearest integer; a half goes towards zero (2.5 -> 2, -2.5 -> -2)."""
    magnitude = ceil(abs(value) - Fraction(1, 2))
    return magnitude if value >= 0 else -magnitude


def round_down(value: Fraction) -> int:
    """What is whole, towards zero (2.9 -> 2, -2.9 -> -2): what Japan's consumption tax is usually rounded by."""
    return trunc(value)


def round_up(value: Fraction) -> int:
    """The next whole one, away from zero (2.1 -> 3, -2.1 -> -3)."""
    return ceil(value) if value >= 0 else floor(value)


ROUNDINGS: dict[str, Rounding] = {
    "half_up": round_half_up,
    "half_even": round_half_even,
    "half_down": round_half_down,
    "down": round_down,
    "up": round_up,
}


def nearest_step(amount: int, step: int, rounding: Rounding = round_half_up) -> int:
    """The nearest multiple of `step` minor units: 1234 to steps of 5 is 1235, as cash is rounded in Switzerland."""
    if step < 1:
        raise ValueError(f"a step has at least one minor unit, not {step}")
    return rounding(Fraction(amount, step)) * step


def payable_step(currency: str) -> int:
    """What can be paid is a multiple of so many minor units: dinars of three digits end in 0, card networks say, and
    nobody pays fifths of an ariary.
    """
    return _STEPS.get(currency, 1)


def exponent(currency: str) -> int:
    """How many digits the minor unit has: EUR 2, JPY 0, KWD 3. ValueError for what ISO 4217 does not list."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise ValueError(f"{currency!r} is not an ISO 4217 currency") from None


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` minor units (cents) of `currency` (ISO 4217, upper case)."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"an amount is a whole number of minor units, not {self.amount!r}")
        exponent(self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def times(self, count: int) -> "Money":
        """Exactly `count` times as much."""
        if type(count) is not int:
            raise TypeError(f"times() takes a whole number, not {count!r}; use scaled() and name a rounding")
        return Money(self.amount * count, self.currency)

    def scaled(self, factor: Fraction, rounding: Rounding) -> "Money":
        """`factor` times as much, rounded once, by name."""
        if not isinstance(factor, int | Fraction):
            raise TypeError(f"a factor is exact, not {factor!r}")
        return Money(rounding(Fraction(self.amount) * factor), self.currency)

    def allocate(self, weights: Sequence[int]) -> tuple["Money", ...]:
        """Shares in proportion to the weights that add up to the whole, to the cent.

        Every share is within one minor unit of the exact one: largest remainders first, the earlier of equals.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights are not negative and not all zero")
        shares = [self.amount * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(self.amount * weights[i] % total), i))
        for i in by_remainder[: self.amount - sum(shares)]:
            shares[i] += 1
        return tuple(Money(share, self.currency) for share in shares)

    def decimal(self) -> Decimal:
        """In major units with the currency's digits, for display: Money(9500, "EUR") is Decimal("95.00")."""
        return Decimal(self.amount).scaleb(-exponent(self.currency))

    def _same(self, other: "Money") -> int:
        if not isinstance(other, Money):
            raise TypeError(f"{other!r} is not money")
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.amount


def total_of(amounts: Iterable[Money], currency: str) -> Money:
    """Their sum; zero of `currency` for none."""
    return sum(amounts, start=Money(0, currency))


def payable(money: Money, rounding: Rounding = round_half_up) -> Money:
    """The nearest amount that can be paid in its currency."""
    step = payable_step(money.currency)
    return money if step == 1 else Money(nearest_step(money.amount, step, rounding), money.currency)
