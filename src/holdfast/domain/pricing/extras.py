"""What a customer may take besides: a child's seat, a bottle, another hour of cleaning windows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from holdfast.domain.pricing.conditions import Asked
from holdfast.domain.pricing.lines import Item

Per = Literal["booking", "unit", "hour", "person"]


class ExtraRefused(ValueError):
    """An extra that is not on offer, or more of it than may be taken; `most` is how many may."""

    def __init__(self, extra: str, most: int) -> None:
        super().__init__(f"at most {most} of {extra!r}")
        self.extra, self.most = extra, most


@dataclass(frozen=True, slots=True)
class Extra:
    """`amount` for the booking, however many are taken, or for each one: once, for each hour or for each person.

    At most `most`; the first `included` are free. `said` goes into the params of its line. How many are left is not
    known here: stock is claimed where the booking is.
    """

    id: str
    amount: int
    per: Per = "unit"
    most: int | None = None
    included: int = 0
    tax_class: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if type(self.amount) is not int or self.amount < 0 or self.included < 0:
            raise ValueError(f"impossible extra: {self}")

    def charged(self, count: int) -> int:
        """How many of so many are paid for; for the booking, one at most."""
        paid = max(0, count - self.included)
        return min(1, paid) if self.per == "booking" else paid


def items(extras: Iterable[Extra], chosen: Mapping[str, int], asked: Asked) -> list[Item]:
    """A line for each extra that is taken, in the order in which they are offered. Raises ExtraRefused."""
    if not chosen:
        return []
    offered = {extra.id: extra for extra in extras}
    for name, count in chosen.items():
        extra = offered.get(name)
        most = 0 if extra is None else count if extra.most is None else extra.most
        if count < 0 or count > most:
            raise ExtraRefused(name, most)
    return [_item(extra, chosen[extra.id], asked) for extra in offered.values() if chosen.get(extra.id)]


def _item(extra: Extra, count: int, asked: Asked) -> Item:
    times = {
        "booking": Fraction(1),
        "unit": Fraction(1),
        "hour": Fraction(asked.end - asked.start, 60),
        "person": Fraction(asked.party),
    }[extra.per]
    charged = extra.charged(count)
    params = {**extra.said, "extra": extra.id, "count": count, "per": extra.per, "charged": charged}
    amount, kept = charged * times * extra.amount, extra.tax_class
    return Item("extra", charged * times, extra.amount, amount, params, extra.id, kind="extra", tax_class=kept)
