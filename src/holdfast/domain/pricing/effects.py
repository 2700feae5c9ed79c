"""What a rule does to a price. Amounts are whole minor units; percentages are exact.

Amounts for the booking as such (`Base`, `PerUnit`, `ByZones`, `Add`) are shared evenly by its minutes: a rule that
applies to a third of the stay gives a third of it. A rule for the whole booking says so (`tariff.Rule.covers`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Base:
    """A price for the booking."""

    amount: int


@dataclass(frozen=True, slots=True)
class PerHour:
    """An amount an hour, exact to the minute; `minimum` minutes are charged at least.

    The missing minutes of a shorter stay are a line of their own. Of several rules the longest minimum counts, and
    is charged at the rate of the rule that asks for it.
    """

    amount: int
    minimum: int = 0

    def __post_init__(self) -> None:
        if self.minimum < 0:
            raise ValueError("a minimum is not negative")


KILOMETRES = "km"


@dataclass(frozen=True, slots=True)
class PerUnit:
    """An amount for each person, kilometre, bag…; the first `included` of them cost nothing."""

    amount: int
    unit: str
    included: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class ByZones:
    """A price from one tariff zone to another; without one for the way, the rule does not apply.

    `both_ways`: the way back costs the same, unless the table names it too. `only`: other ways have no price at all,
    unless a later rule of its group has one. `names`: what people call the zones, for the line.
    """

    table: Mapping[tuple[str, str], int]
    both_ways: bool = True
    only: bool = False
    names: Mapping[str, Any] = field(default_factory=dict)

    def way(self, origin: tuple[str, ...], destination: tuple[str, ...]) -> tuple[str, str, int] | None:
        """The zones and the price of the way; places in several zones take the first pair that has one."""
        for start in origin:
            for end in destination:
                found = self.table.get((start, end))
                if found is None and self.both_ways:
                    found = self.table.get((end, start))
                if found is not None:
                    return start, end, found
        return None


@dataclass(frozen=True, slots=True)
class Percent:
    """So much of what the rules before have charged for the same minutes; a negative one is taken off."""

    percent: Fraction

    def __post_init__(self) -> None:
        if self.percent < -100:
            raise ValueError("no more than everything is taken off")


@dataclass(frozen=True, slots=True)
class Add:
    """An amount more; or less, but never less than nothing."""

    amount: int


@dataclass(frozen=True, slots=True)
class Minimum:
    """What the minutes of the rule cost at least, all together."""

    amount: int


@dataclass(frozen=True, slots=True)
class Maximum:
    """What the minutes of the rule cost at most, all together."""

    amount: int


Effect = Base | PerHour | PerUnit | ByZones | Percent | Add | Minimum | Maximum

# Only these may be negative; a price that is charged is not.
_LOWERING = (Add,)


def check(effect: Effect) -> None:
    """Raises ValueError for a negative price, TypeError for an amount that is not a whole number."""
    if isinstance(effect, Percent):
        return
    amounts = list(effect.table.values()) if isinstance(effect, ByZones) else [effect.amount]
    for amount in amounts:
        if type(amount) is not int:
            raise TypeError(f"an amount is a whole number of minor units, not {amount!r}")
        if amount < 0 and not isinstance(effect, _LOWERING):
            raise ValueError(f"a price is not negative: {effect}")
