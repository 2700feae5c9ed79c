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


def price(
    unit_amount: int,
    per: Per,
    duration_minutes: int,
    party: int,
    currency: str,
    rounding: Rounding = round_half_up,
) -> Price:
    """The price of one booking. `unit_amount` is in minor units of `currency`, per booking, hour or person.

    Hours are exact (95 minutes are 19/12 h) and the line is rounded once, by `rounding`. Raises ValueError for an
    empty duration or party, an unknown `per` or currency; TypeError for an amount that is not an int.
    """
    if duration_minutes < 1 or party < 1:
        raise ValueError("a price needs a duration and a party")
    quantities = {"booking": Fraction(1), "hour": Fraction(duration_minutes, 60), "person": Fraction(party)}
    if per not in quantities:
        raise ValueError(f"nothing is priced per {per}")
    unit, quantity = Money(unit_amount, currency), quantities[per]
    params = {"booking": {}, "hour": {"minutes": duration_minutes}, "person": {"party": party}}[per]
    line = Line(f"per_{per}", quantity, unit, unit.scaled(quantity, rounding), params)
    return Price((line,), total_of((line.amount,), currency))
