"""Exchange rates, dated and exact: read from the European Central Bank's file, never through a float.

The file (eurofxref-daily, -hist) gives, for each working day, what one euro is in other currencies, as decimal text.
A rate between two others is the quotient of the two, a fraction that is not rounded.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from xml.parsers import expat

from holdfast.domain.money import EXPONENTS, Money, Rounding, exponent, round_half_up
from holdfast.domain.pricing.lines import Line, Price, carried, price_of

EURO = "EUR"
# Banks are closed at weekends and for the longest at Easter: Good Friday to Monday.
OLDEST_DAYS = 7


class NoRate(LookupError):
    """No rate of that currency is known for that day, nor one of the days before it that would do."""

    def __init__(self, currency: str, day: date) -> None:
        super().__init__(f"no rate of {currency} for {day}")
        self.currency, self.day = currency, day


class NotRates(ValueError):
    """The file is not the European Central Bank's; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `source` is `value` of `target`, as published on `day`."""

    source: str
    target: str
    value: Fraction
    day: date

    def convert(self, money: Money, rounding: Rounding = round_half_up) -> Money:
        """The same in the target's minor units, rounded once. Raises ValueError for money of another currency."""
        return Money(rounding(self.exactly(money)), self.target)

    def exactly(self, money: Money) -> Fraction:
        """In minor units of the target, not rounded."""
        if money.currency != self.source:
            raise ValueError(f"a rate of {self.source} does not convert {money.currency}")
        return money.amount * self.value * Fraction(10) ** (exponent(self.target) - exponent(self.source))

    def inverse(self) -> "Rate":
        return Rate(self.target, self.source, 1 / self.value, self.day)


@dataclass(frozen=True, slots=True)
class Rates:
    """By day: how much of each currency a euro is."""

    by_day: Mapping[date, Mapping[str, Decimal]]
    days: tuple[date, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", tuple(sorted(self.by_day)))

    def rate(self, source: str, target: str, day: date, oldest: int = OLDEST_DAYS) -> Rate:
        """The rate of `day`, or the last published before it, at most `oldest` days. Raises NoRate.

        The older of the two days counts as its date where one euro rate is older than the other.
        """
        one, other = self._of_euro(source, day, oldest), self._of_euro(target, day, oldest)
        return Rate(source, target, other[0] / one[0], min(one[1], other[1]))

    def _of_euro(self, currency: str, day: date, oldest: int) -> tuple[Fraction, date]:
        exponent(currency)
        for number in range(bisect_right(self.days, day) - 1, -1, -1):
            published = self.days[number]
            if published < day - timedelta(days=oldest):
                break
            if currency == EURO:
                return Fraction(1), published
            if currency in self.by_day[published]:
                return Fraction(self.by_day[published][currency]), published
        raise NoRate(currency, day)


def in_currency(price: Price, rate: Rate, rounding: Rounding = round_half_up) -> Price:
    """A price in another currency. Its total is converted and rounded once, and its lines add up to it."""
    lines = [
        Line(
            line.key, line.quantity, rate.convert(line.unit, rounding), Money(amount, rate.target), line.params,
            line.rule, line.spans, line.kind, line.tax_class,
        )
        for line, amount in carried(((line, rate.exactly(line.amount)) for line in price.lines), rounding)
    ]  # fmt: skip
    return price_of(lines, rate.target)


def read_ecb(text: str | bytes) -> Rates:
    """The rates of a file in the format of eurofxref. Currencies that ISO 4217 no longer lists are left out.

    Raises NotRates. A document type is refused: nothing in such a file needs one, and entities are a way to attack.
    """
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.element
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise NotRates(str(error)) from error
    if not reader.by_day:
        raise NotRates("there is no day with rates in it")
    return Rates(reader.by_day)


class _Reader:
    """What expat calls: <Cube time="2026-03-12"> and within it <Cube currency="USD" rate="1.0876"/>."""

    def __init__(self) -> None:
        self.by_day: dict[date, dict[str, Decimal]] = {}
        self.day: date | None = None

    def doctype(self, *_: object) -> None:
        raise NotRates("a document type is not accepted")

    def element(self, name: str, attributes: Mapping[str, str]) -> None:
        if name.rsplit(" ", 1)[-1] != "Cube":
            return
        if "time" in attributes:
            self.day = _day(attributes["time"])
            self.by_day.setdefault(self.day, {})
        elif "currency" in attributes:
            if self.day is None:
                raise NotRates("a rate stands outside any day")
            self._rate(self.day, attributes["currency"], attributes.get("rate", ""))

    def _rate(self, day: date, currency: str, text: str) -> None:
        if currency not in EXPONENTS:
            return
        try:
            value = Decimal(text)
        except InvalidOperation as error:
            raise NotRates(f"{text!r} is not a rate of {currency} on {day}") from error
        if not value.is_finite() or value <= 0:
            raise NotRates(f"{text!r} is not a rate of {currency} on {day}")
        if self.by_day[day].get(currency, value) != value:
            raise NotRates(f"two rates of {currency} on {day}")
        self.by_day[day][currency] = value


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotRates(f"{text!r} is not a day") from error


def merged(parts: Iterable[Rates]) -> Rates:
    """Several files as one; a later one replaces what an earlier says of the same day and currency."""
    result: dict[date, dict[str, Decimal]] = {}
    for part in parts:
        for day, rates in part.by_day.items():
            result.setdefault(day, {}).update(rates)
    return Rates(result)
