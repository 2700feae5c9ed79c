"""What paying adds: the fee of a payment method, a tip, what is asked at once, and coins that do not exist."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from holdfast.domain.money import Money, Rounding, nearest_step, payable, round_half_up, round_up
from holdfast.domain.pricing.charging import plain
from holdfast.domain.pricing.lines import Line


@dataclass(frozen=True, slots=True)
class Fee:
    """What a payment method costs: a percentage and a fixed amount in minor units, and who bears it.

    `of_all`: the method takes its percentage of the fee too, so the customer is asked for as much as leaves the whole
    price (rounded up, that nothing is missing). A fee that the business bears is known, and is no line of the price.
    """

    method: str
    percent: Fraction = Fraction(0)
    fixed: int = 0
    borne_by: Literal["customer", "business"] = "business"
    of_all: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.percent < 100 or self.fixed < 0:
            raise ValueError(f"impossible fee: {self}")

    def amount(self, due: Money, rounding: Rounding = round_half_up) -> Money:
        """What the method takes of a payment by which `due` is to be paid; nothing where nothing is due."""
        if due.amount <= 0:
            return Money(0, due.currency)
        part = self.percent / 100
        exact = due.amount * part + self.fixed
        return Money(round_up(exact / (1 - part)) if self.of_all else rounding(exact), due.currency)


@dataclass(frozen=True, slots=True)
class Tip:
    """An amount in minor units, or a percentage of the price with its tax. It bears no tax and no fee."""

    amount: int = 0
    percent: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if self.amount < 0 or self.percent < 0 or (self.amount and self.percent):
            raise ValueError(f"impossible tip: {self}")


@dataclass(frozen=True, slots=True)
class Tips:
    """What an organization takes: these percentages, and any amount where it `is_free`. Neither: no tips."""

    percents: tuple[int, ...] = ()
    is_free: bool = False

    @property
    def is_none(self) -> bool:
        return not (self.percents or self.is_free)

    def takes(self, tip: Tip) -> bool:
        """Whether a tip is among what is offered; nothing always is."""
        return self.is_free if tip.amount else not tip.percent or tip.percent in self.percents


NO_TIPS = Tips()


@dataclass(frozen=True, slots=True)
class Deposit:
    """What is asked when booking: a percentage of the total, or an amount; never more than the total.

    Bookings at less notice than `whole_within` minutes pay all at once.
    """

    percent: Fraction = Fraction(0)
    amount: int = 0
    whole_within: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100 or self.amount < 0 or (self.amount and self.percent):
            raise ValueError(f"impossible deposit: {self}")

    def due_now(self, total: Money, notice: int, rounding: Rounding = round_half_up) -> Money:
        """What is to be paid at booking, `notice` minutes before the service. The rest is the total less this."""
        if notice < self.whole_within:
            return total
        wanted = total.scaled(self.percent / 100, rounding) if self.percent else Money(self.amount, total.currency)
        return min(total, payable(wanted, rounding))


def fee_line(fee: Fee, due: Money, rounding: Rounding) -> Line | None:
    """The fee as a line, where the customer bears one."""
    amount = fee.amount(due, rounding)
    if fee.borne_by != "customer" or not amount.amount:
        return None
    params = {"method": fee.method, "percent": plain(fee.percent), "fixed": fee.fixed}
    return Line("payment_fee", Fraction(1), amount, amount, params, kind="fee", tax_class="fee")


def tip_line(tip: Tip, price: Money, rounding: Rounding) -> Line | None:
    """The tip as a line."""
    amount = price.scaled(tip.percent / 100, rounding) if tip.percent else Money(tip.amount, price.currency)
    params = {"percent": plain(tip.percent)} if tip.percent else {}
    return Line("tip", Fraction(1), amount, amount, params, kind="tip") if amount.amount else None


def cash_line(total: Money, step: int, rounding: Rounding) -> Line | None:
    """What makes a total payable in coins of `step` minor units."""
    amount = Money(nearest_step(total.amount, step, rounding) - total.amount, total.currency)
    return Line("rounding", Fraction(1), amount, amount, {"step": step}, kind="rounding") if amount.amount else None
