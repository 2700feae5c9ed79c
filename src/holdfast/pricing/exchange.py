"""Exchange rates in the database: imported from the European Central Bank's file, and asked for a day."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from holdfast.domain.exchange import EURO, OLDEST_DAYS, NoRate, Rate, Rates
from holdfast.domain.money import Money
from holdfast.pricing.models import ExchangeRate

# What customers are shown a price in, of what there is a rate for: those that most people think in.
SHOWN = ("EUR", "USD", "GBP", "CHF", "JPY", "CNY", "CAD", "AUD", "KWD", "MXN")


@dataclass(frozen=True, slots=True)
class InOthers:
    """A price in other currencies, each rounded once, a half up; `day`: of the oldest of the rates."""

    amounts: tuple[Money, ...]
    day: date


def import_rates(*, rates: Rates) -> int:
    """Write them down; a day and currency that is there already is replaced. How many there were. One transaction."""
    rows = [
        ExchangeRate(day=day, currency=currency, per_euro=value)
        for day, values in rates.by_day.items()
        for currency, value in values.items()
    ]
    ExchangeRate.objects.bulk_create(
        rows, batch_size=2000, update_conflicts=True, update_fields=["per_euro"], unique_fields=["day", "currency"]
    )
    return len(rows)


def rate_for(source: str, target: str, day: date) -> Rate:
    """The rate of a day, or the last before it, at most a week old. Raises NoRate, ValueError for no currency."""
    return _known({source, target}, day).rate(source, target, day)


def in_others(price: Money, day: date) -> InOthers | None:
    """What a price is about in those SHOWN, on a day; None where no rate is known. One query."""
    known, found = _known({price.currency, *SHOWN}, day), list[tuple[Money, date]]()
    for currency in SHOWN:
        with suppress(NoRate):
            if currency != price.currency:
                rate = known.rate(price.currency, currency, day)
                found.append((rate.convert(price), rate.day))
    return InOthers(tuple(amount for amount, _ in found), min(dated for _, dated in found)) if found else None


def _known(currencies: Iterable[str], day: date) -> Rates:
    """The rates of these that are good on a day."""
    known = ExchangeRate.objects.filter(
        day__lte=day, day__gt=day - timedelta(days=OLDEST_DAYS + 1), currency__in=set(currencies) - {EURO}
    )
    by_day: dict[date, dict[str, Decimal]] = {}
    for each in known:
        by_day.setdefault(each.day, {})[each.currency] = each.per_euro
    return Rates(by_day)


def shown(value: Decimal) -> Decimal:
    """A rate as people read it: six digits that say something. For eyes alone; nothing is computed with it."""
    return value.quantize(Decimal(1).scaleb(min(value.adjusted() - 5, 0)))
