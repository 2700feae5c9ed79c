"""Until when a booking may be cancelled for free, and what it costs afterwards.

All times in minutes (UTC), notice in minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from holdfast.domain.money import Money, Rounding, payable, round_half_up

Standing = Literal["free", "late", "started"]


def free_until(start_minute: int, notice: int) -> int:
    """The last minute at which cancelling is free: `notice` minutes before the start, that minute included."""
    if notice < 0:
        raise ValueError("notice is not negative")
    return start_minute - notice


def standing(now: int, start_minute: int, notice: int) -> Standing:
    """`free`: may cancel at no cost; `late`: the notice has begun; `started`: too late for anyone."""
    if now >= start_minute:
        return "started"
    return "free" if now <= free_until(start_minute, notice) else "late"


def may_cancel(now: int, start_minute: int, notice: int) -> bool:
    """Whether a customer may still cancel by themselves, at no cost."""
    return standing(now, start_minute, notice) == "free"


@dataclass(frozen=True, slots=True)
class Charge:
    """What a late cancellation or a no-show costs: a share of the price, or an amount; never more than the price."""

    percent: Fraction = Fraction(0)
    amount: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100 or self.amount < 0 or (self.percent and self.amount):
            raise ValueError(f"impossible charge: {self}")

    def of(self, price: Money, rounding: Rounding = round_half_up) -> Money:
        """In the price's currency."""
        wanted = price.scaled(self.percent / 100, rounding) if self.percent else Money(self.amount, price.currency)
        return min(price, payable(wanted, rounding))


@dataclass(frozen=True, slots=True)
class Step:
    """What cancelling costs at less notice than `within` minutes."""

    within: int
    charge: Charge

    def __post_init__(self) -> None:
        if self.within < 1:
            raise ValueError("a step begins before the service does")


@dataclass(frozen=True, slots=True)
class Ladder:
    """The later, the dearer. With more notice than the longest step cancelling is free.

    `no_show` is for who does not come, and for cancelling when the service has begun.
    """

    steps: tuple[Step, ...] = ()
    no_show: Charge = field(default_factory=lambda: Charge(Fraction(100)))

    def __post_init__(self) -> None:
        if len({step.within for step in self.steps}) < len(self.steps):
            raise ValueError("two steps begin at the same time")

    @property
    def free_notice(self) -> int:
        """The notice in minutes at which cancelling is free; `free_until` says when that is."""
        return max((step.within for step in self.steps), default=0)

    def charge(self, now: int, start_minute: int) -> Charge:
        """What cancelling costs at a minute. The last minute of a step's notice is still before it."""
        if now >= start_minute:
            return self.no_show
        reached = [step for step in self.steps if now > start_minute - step.within]
        return min(reached, key=lambda step: step.within).charge if reached else FREE

    def shown(self, start_minute: int) -> list[tuple[int, Charge]]:
        """(until, what it costs) for each step in time: the last minute (UTC) at which it costs that."""
        steps = sorted(self.steps, key=lambda step: -step.within)
        charges = [FREE, *(step.charge for step in steps)]
        ends = [*(start_minute - step.within for step in steps), start_minute - 1]
        return list(zip(ends, charges, strict=True))


FREE = Charge()


def as_terms(ladder: Ladder) -> dict[str, Any]:
    """What a booking keeps of a ladder, as JSON can hold it; `from_terms` reads it back.

    `ladder`: the steps, the longest notice first, each with `within` (minutes) and either `percent` (an exact number as
    text) or `amount` (minor units of the booking's currency); `no_show`: the same without `within`.
    """
    steps = sorted(ladder.steps, key=lambda step: -step.within)
    return {
        "ladder": [{"within": step.within, **_charge_terms(step.charge)} for step in steps],
        "no_show": _charge_terms(ladder.no_show),
    }


def from_terms(terms: Mapping[str, Any]) -> Ladder | None:
    """The ladder that was agreed; None where none was."""
    if "ladder" not in terms:
        return None
    steps = tuple(Step(each["within"], _charge_of(each)) for each in terms["ladder"])
    return Ladder(steps, _charge_of(terms["no_show"]))


def _charge_terms(charge: Charge) -> dict[str, Any]:
    return {"amount": charge.amount} if charge.amount else {"percent": str(charge.percent)}


def _charge_of(terms: Mapping[str, Any]) -> Charge:
    return Charge(amount=terms["amount"]) if "amount" in terms else Charge(Fraction(terms["percent"]))
