"""Tax: the rate of each line by what it is for and the date of the service; included in prices, or on top of them.

Tax is rounded once for each rate, of the sum of its lines (as EN 16931, BR-CO-17, has it for invoices), and the lines
share it, so that the parts add up as the lines do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from holdfast.domain.money import Money, Rounding, round_half_up, total_of
from holdfast.domain.pricing.charging import plain
from holdfast.domain.pricing.lines import Line, Price, carried


@dataclass(frozen=True, slots=True)
class TaxRate:
    """`percent` from one date to another, both inclusive. `tax_class` "": of whatever has no rate of its own.

    `said` goes with its percentage into the lines that bear it.
    """

    id: str
    percent: Fraction
    tax_class: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    said: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if self.percent < 0:
            raise ValueError("a tax rate is not negative")

    @property
    def is_dated(self) -> bool:
        return self.valid_from is not None or self.valid_until is not None

    @property
    def params(self) -> dict[str, Any]:
        """What a line keeps of it, so that it can be told when the rate is gone."""
        return {"percent": plain(self.percent), **self.said}

    def holds(self, tax_class: str, day: date) -> bool:
        return (
            self.tax_class in ("", tax_class)
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class Taxes:
    """The rates, whether prices include them, and how tax is rounded."""

    rates: tuple[TaxRate, ...] = ()
    included: bool = True
    rounding: Rounding = round_half_up


NO_TAXES = Taxes()


@dataclass(frozen=True, slots=True)
class TaxPart:
    """What a price contains at one rate."""

    rate: TaxRate
    net: Money
    tax: Money


def rate_for(rates: Iterable[TaxRate], tax_class: str, day: date) -> TaxRate | None:
    """The rate of its own class before the general one; of several the one that began last, then the first id."""
    found = [rate for rate in rates if rate.holds(tax_class, day)]
    found.sort(key=lambda rate: (not rate.tax_class, -(rate.valid_from or date.min).toordinal(), rate.id))
    return found[0] if found else None


def with_tax(lines: Sequence[Line], taxes: Taxes, day: date) -> tuple[Line, ...]:
    """The lines with their parts of net and tax; with tax on top, followed by a line for each rate."""
    rates = [rate_for(taxes.rates, line.tax_class, day) for line in lines]
    result, added = list(lines), []
    for rate in dict.fromkeys(rate for rate in rates if rate is not None):
        numbers = [number for number, each in enumerate(rates) if each == rate]
        of_tax = rate.percent / (100 + rate.percent if taxes.included else 100)
        exact = [(number, lines[number].amount.amount * of_tax) for number in numbers]
        for number, tax in carried(exact, taxes.rounding):
            result[number] = _parted(lines[number], rate, tax, included=taxes.included)
        if not taxes.included:
            added.append(_tax_line([result[number] for number in numbers], rate))
    return (*result, *added)


def tax_parts(price: Price, taxes: Taxes) -> tuple[TaxPart, ...]:
    """What a price contains at each rate, in the order in which its lines name them."""
    by_id = {rate.id: rate for rate in taxes.rates}
    currency, parts = price.total.currency, []
    for name in dict.fromkeys(line.tax_rate for line in price.lines if line.net is not None):
        lines = [line for line in price.lines if line.tax_rate == name and line.net is not None]
        net = total_of((line.net for line in lines if line.net), currency)
        parts.append(TaxPart(by_id[name], net, total_of((line.tax for line in lines if line.tax), currency)))
    return tuple(parts)


def _parted(line: Line, rate: TaxRate, tax: int, *, included: bool) -> Line:
    of_tax = Money(tax, line.amount.currency)
    return replace(
        line, net=line.amount - of_tax if included else line.amount, tax=of_tax, tax_rate=rate.id, taxed=rate.params
    )


def _tax_line(lines: Sequence[Line], rate: TaxRate) -> Line:
    currency = lines[0].amount.currency
    net = total_of((line.amount for line in lines), currency)
    tax = total_of((line.tax for line in lines if line.tax is not None), currency)
    return Line("tax", rate.percent / 100, net, tax, rate.params, rate.id, kind="tax")
