"""Exchange rates in the database: imported from the European Central Bank's file, and asked for a day."""

from datetime import date, timedelta
from decimal import Decimal

from holdfast.domain.exchange import EURO, OLDEST_DAYS, Rate, Rates
from holdfast.pricing.models import ExchangeRate


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
    known = ExchangeRate.objects.filter(
        day__lte=day, day__gt=day - timedelta(days=OLDEST_DAYS + 1), currency__in={source, target} - {EURO}
    )
    by_day: dict[date, dict[str, Decimal]] = {}
    for each in known:
        by_day.setdefault(each.day, {})[each.currency] = each.per_euro
    return Rates(by_day).rate(source, target, day)


def shown(value: Decimal) -> Decimal:
    """A rate as people read it: six digits that say something. For eyes alone; nothing is computed with it."""
    return value.quantize(Decimal(1).scaleb(min(value.adjusted() - 5, 0)))
