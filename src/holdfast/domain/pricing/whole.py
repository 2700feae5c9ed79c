"""The whole price of a booking, in this order: tariff, extras, promotions, tax, fee, tip, coins."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from holdfast.domain import hours
from holdfast.domain.money import ROUNDINGS, Money
from holdfast.domain.pricing import extras, promotions, tariff
from holdfast.domain.pricing.conditions import Asked, Condition
from holdfast.domain.pricing.extras import Extra
from holdfast.domain.pricing.lines import Item, Kind, Line, Price, price_of, rounded
from holdfast.domain.pricing.paying import Fee, Tip, cash_line, fee_line, tip_line
from holdfast.domain.pricing.promotions import Promotion, Refused, Used
from holdfast.domain.pricing.taxes import NO_TAXES, Taxes, with_tax

# The kinds of the lines that come last and of which the price before is free.
PAYING: frozenset[Kind] = frozenset({"fee", "tip", "rounding"})
RoundingName = Literal["half_up", "half_even", "half_down", "down", "up"]


@dataclass(frozen=True, slots=True)
class Terms:
    """All that an organization has laid down about prices. Amounts are minor units of `currency`.

    `rounding` names the one rounding of the price (money.ROUNDINGS); `coin`: the smallest coin, in minor units.
    """

    currency: str
    rules: tuple[tariff.Rule, ...]
    extras: tuple[Extra, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    taxes: Taxes = NO_TAXES
    fees: tuple[Fee, ...] = ()
    rounding: RoundingName = "half_up"
    coin: int = 1

    @property
    def is_flat(self) -> bool:
        """Whether the same costs the same at any time, whenever it is booked."""
        return not (
            any(rule.condition.is_of_time or rule.condition.is_of_notice for rule in self.rules)
            or self.promotions
            or any(rate.is_dated for rate in self.taxes.rates)
        )

    @property
    def is_of_now(self) -> bool:
        """Whether the same start can cost something else a minute later."""
        windows = ((each.booked_from, each.booked_until) for each in self.promotions)
        return any(each.is_of_notice for each in self.conditions) or any(each != (None, None) for each in windows)

    @property
    def is_of_way(self) -> bool:
        """Whether it matters where a booking goes from and to."""
        return any(rule.is_of_way for rule in self.rules)

    @property
    def is_of_resources(self) -> bool:
        """Whether it matters what serves."""
        return any(condition.is_of_resources for condition in self.conditions)

    @property
    def asks_for_holidays(self) -> bool:
        return any(condition.holiday is not None for condition in self.conditions)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Those of the rules, then those of the promotions."""
        return (*(rule.condition for rule in self.rules), *(each.condition for each in self.promotions))


@dataclass(frozen=True, slots=True)
class Choice:
    """What the customer chooses besides: how many of which extras, a code, how to pay, a tip."""

    extras: Mapping[str, int] = field(default_factory=dict)
    code: str = ""
    method: str = ""
    tip: Tip | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """A price, the promotions in it, why a code is not, and the fee that the business bears."""

    price: Price
    applied: tuple[str, ...]
    refused: tuple[Refused, ...]
    borne: Money


def quote(terms: Terms, asked: Asked, choice: Choice | None = None, used: Mapping[str, Used] | None = None) -> Quoted:
    """What a booking costs. Raises InputMissing for a quantity that is not said, NoPriceForWay,
    ExtraRefused for an extra.
    """
    choice = choice or Choice()
    charged = _charged(terms, asked, choice)
    offered = {each.id for each in terms.extras}
    off = promotions.reduce(terms.promotions, charged, asked, code=choice.code, used=used, offered=offered)
    lines = rounded([*charged, *off.items], terms.currency, ROUNDINGS[terms.rounding])
    priced = price_of(with_tax(lines, terms.taxes, hours.date_of(asked.zone, asked.start)), terms.currency)
    whole = price_of((*priced.lines, *paying_lines(terms, asked, choice, priced.total)), terms.currency)
    return Quoted(whole, off.applied, off.refused, borne(terms, choice.method, priced.total))


def _charged(terms: Terms, asked: Asked, choice: Choice) -> list[Item]:
    """Tariff and extras; an extra without a tax class of its own is taxed as the service."""
    items = [*tariff.items(terms.rules, asked), *extras.items(terms.extras, choice.extras, asked)]
    return [replace(item, tax_class=item.tax_class or asked.service) for item in items]


def paying_lines(terms: Terms, asked: Asked, choice: Choice, due: Money) -> tuple[Line, ...]:
    """What paying adds to a price of `due`, the lines of PAYING.

    The customer's fee, in which its tax is included whether or not it is in prices, the tip, and coins.
    """
    rounding, fee = ROUNDINGS[terms.rounding], fee_for(terms, choice.method)
    fees = [line for line in [fee and fee_line(fee, due, rounding)] if line]
    taxed = with_tax(fees, replace(terms.taxes, included=True), hours.date_of(asked.zone, asked.start))
    tip = tip_line(choice.tip, due, rounding) if choice.tip else None
    lines = taxed if tip is None else (*taxed, tip)
    coins = cash_line(due + price_of(lines, terms.currency).total, terms.coin, rounding)
    return lines if coins is None else (*lines, coins)


def borne(terms: Terms, method: str, due: Money) -> Money:
    """What the business bears of paying `due` by a method."""
    fee = fee_for(terms, method)
    nothing = Money(0, terms.currency)
    return fee.amount(due, ROUNDINGS[terms.rounding]) if fee and fee.borne_by == "business" else nothing


def fee_for(terms: Terms, method: str) -> Fee | None:
    """What a payment method costs; the first of that name."""
    return next((fee for fee in terms.fees if fee.method == method), None)
