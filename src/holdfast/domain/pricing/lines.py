"""Lines and their total. Amounts are exact until all of them are rounded, once, so that they add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal, TypeVar

from holdfast.domain.money import Money, Rounding, total_of

T = TypeVar("T")
Span = tuple[int, int]
Kind = Literal["service", "extra", "promotion", "tax", "fee", "tip", "rounding"]


@dataclass(frozen=True, slots=True)
class Item:
    """A line before it is rounded: `quantity` x `unit` is `amount`, in minor units and exact.

    `key` and `params` choose and fill a translated sentence; the domain knows no words for people. `params` are what
    JSON can hold, for a booking keeps them. `rule`: the id of the tariff rule, extra or promotion. `spans`: the
    minutes [start, end) (UTC) that it is for; none where it is for the booking as such. `tax_class`: whose rate it
    bears (taxes.py).
    """

    key: str
    quantity: Fraction
    unit: int
    amount: Fraction
    params: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    spans: tuple[Span, ...] = ()
    kind: Kind = "service"
    tax_class: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a price. `net` and `tax` are its parts at `tax_rate` (an id); both None where no tax is configured.
    `taxed`: what is told of the rate.

    With tax included `amount` is net + tax; with tax on top `amount` is net, and lines of the kind "tax" follow.
    """

    key: str
    quantity: Fraction
    unit: Money
    amount: Money
    params: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    spans: tuple[Span, ...] = ()
    kind: Kind = "service"
    tax_class: str = ""
    tax_rate: str = ""
    taxed: Mapping[str, Any] = field(default_factory=dict)
    net: Money | None = None
    tax: Money | None = None

    @property
    def minutes(self) -> int:
        """How many minutes it is for; 0 where it is for the booking as such."""
        return sum(end - start for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class Price:
    """Lines and their total; the lines add up to it exactly."""

    lines: tuple[Line, ...]
    total: Money

    def moved(self, minutes: int) -> "Price":
        """The same so much later: a price that does not depend on the time, for another start."""
        if not minutes:
            return self
        lines = (
            replace(line, spans=tuple((start + minutes, end + minutes) for start, end in line.spans))
            for line in self.lines
        )
        return Price(tuple(lines), self.total)

    def of(self, *kinds: Kind) -> Money:
        """What the lines of these kinds come to."""
        return total_of((line.amount for line in self.lines if line.kind in kinds), self.total.currency)


def price_of(lines: Iterable[Line], currency: str) -> Price:
    """The lines with their sum."""
    kept = tuple(lines)
    return Price(kept, total_of((line.amount for line in kept), currency))


def rounded(items: Iterable[Item], currency: str, rounding: Rounding) -> tuple[Line, ...]:
    """Every item as a line, in order. Their sum is the exact sum, rounded once.

    A line's amount is the difference that it makes to the rounded running total, so it is within one minor unit
    of its exact amount, and no split of a stay into more lines changes the total.
    """
    return tuple(
        Line(
            item.key, item.quantity, Money(item.unit, currency), Money(amount, currency), item.params, item.rule,
            item.spans, item.kind, item.tax_class,
        )
        for item, amount in carried(((item, item.amount) for item in items), rounding)
    )  # fmt: skip


def carried(amounts: Iterable[tuple[T, Fraction]], rounding: Rounding) -> list[tuple[T, int]]:
    """Each exact amount as a whole one; what rounding leaves is carried to the next."""
    exact, given, result = Fraction(0), 0, []
    for each, amount in amounts:
        exact += amount
        share = rounding(exact) - given
        given += share
        result.append((each, share))
    return result
