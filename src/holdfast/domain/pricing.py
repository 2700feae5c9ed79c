"""What a booking costs: one function, exact until its one named rounding."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from holdfast.domain.money import Money, Rounding, round_half_up, total_of

Per = Literal["booking", "hour", "person"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a price: `quantity` x `unit` = `amount`.

    `key` and `params` choose and fill a translated label; the domain knows no words for people.
    """

    key: str
    quantity: Fraction
    unit: Money
    amount: Money
    params: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Price:
    """Lines and their total; the lines add up to it exactly."""

    lines: tuple[Line, ...]
    total: Money


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What is asked besides: a percentage of the price, or an amount in minor units of its currency."""

    key: str
    percent: int = 0
    amount: int = 0

    def __post_init__(self) -> None:
        if self.percent < 0 or self.amount < 0 or (self.percent and self.amount):
            raise ValueError(f"impossible surcharge: {self}")


def price(
    unit_amount: int,
    per: Per,
    duration_minutes: int,
    party: int,
    currency: str,
    rounding: Rounding = round_half_up,
    surcharge: Surcharge | None = None,
) -> Price:
    """The price of one booking. `unit_amount` is in minor units of `currency`, per booking, hour or person.

    Hours are exact (95 minutes are 19/12 h) and each line is rounded once, by `rounding`; a `surcharge` is a line of
    its own. Raises ValueError for an empty duration or party, an unknown `per` or currency; TypeError for an amount
    that is not an int.
    """
    if duration_minutes < 1 or party < 1:
        raise ValueError("a price needs a duration and a party")
    quantities = {"booking": Fraction(1), "hour": Fraction(duration_minutes, 60), "person": Fraction(party)}
    if per not in quantities:
        raise ValueError(f"nothing is priced per {per}")
    unit, quantity = Money(unit_amount, currency), quantities[per]
    params = {"booking": {}, "hour": {"minutes": duration_minutes}, "person": {"party": party}}[per]
    line = Line(f"per_{per}", quantity, unit, unit.scaled(quantity, rounding), params)
    lines = (line, *surcharge_lines(line.amount, surcharge, rounding))
    return Price(lines, total_of((each.amount for each in lines), currency))


def surcharge_lines(base: Money, surcharge: Surcharge | None, rounding: Rounding = round_half_up) -> tuple[Line, ...]:
    """The line that a surcharge on `base` adds; none where there is nothing to add."""
    if surcharge is None or not (surcharge.percent or surcharge.amount):
        return ()
    if surcharge.percent:
        quantity = Fraction(surcharge.percent, 100)
        amount = base.scaled(quantity, rounding)
        return (Line(surcharge.key, quantity, base, amount, {"percent": surcharge.percent}),)
    unit = Money(surcharge.amount, base.currency)
    return (Line(surcharge.key, Fraction(1), unit, unit),)
