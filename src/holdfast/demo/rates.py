"""Sample exchange rates, so that prices are shown in other currencies: of a file as the European Central Bank's."""

from datetime import date
from pathlib import Path

from holdfast.domain.exchange import Rates, read_ecb
from holdfast.pricing import exchange
from holdfast.pricing.models import ExchangeRate

FILE = Path(__file__).with_name("rates.xml")


def import_samples(today: date) -> None:
    """The file's rates as today's, unless there are some of today. They are everybody's, so outside any tenant's."""
    if not ExchangeRate.objects.filter(day=today).exists():
        (rates,) = read_ecb(FILE.read_bytes()).by_day.values()
        exchange.import_rates(rates=Rates({today: rates}))
