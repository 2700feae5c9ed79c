"""Exchange rates come from the bank's file, exactly, and a quote is shown in another currency at a dated rate."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.domain.exchange import read_ecb
from holdfast.domain.money import Money
from holdfast.pricing import exchange
from holdfast.pricing.models import ExchangeRate
from tests import factories

TODAY = clock.now().date()
FILE = (
    f'<Cube><Cube time="{TODAY - timedelta(days=1)}"><Cube currency="USD" rate="1.0876"/>'
    '<Cube currency="JPY" rate="161.02"/></Cube></Cube>'
)


def quote(client: Client, organization: Organization, currency: str) -> Any:
    starts_at = factories.monday(organization, 10).isoformat()
    sent = {"service": "massage", "starts_at": starts_at, "show_in": currency}
    return client.post("/api/v1/salon/quotes", sent, content_type="application/json")


def test_rates_are_imported_to_the_last_digit_and_again_without_harm(db: None) -> None:
    assert exchange.import_rates(rates=read_ecb(FILE)) == 2
    assert exchange.import_rates(rates=read_ecb(FILE.replace("1.0876", "1.08765"))) == 2
    assert dict(ExchangeRate.objects.values_list("currency", "per_euro")) == {
        "USD": Decimal("1.08765"), "JPY": Decimal("161.02"),
    }  # fmt: skip


def test_a_quote_is_shown_in_another_currency(client: Client, organization: Organization, service: Service) -> None:
    exchange.import_rates(rates=read_ecb(FILE))
    answer = quote(client, organization, "jpy").json()
    assert answer["price"] == {"amount": 10_000, "currency": "EUR"}
    day = (TODAY - timedelta(days=1)).isoformat()
    assert answer["shown"] == {"amount": 16_102, "currency": "JPY", "rate": "8051/50", "day": day}


@pytest.mark.parametrize("currency", ["KWD", "XYZ"])
def test_without_a_rate_nothing_is_made_up(
    client: Client, organization: Organization, service: Service, currency: str
) -> None:
    exchange.import_rates(rates=read_ecb(FILE))
    refused = quote(client, organization, currency)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "show_in")


def test_a_price_is_shown_in_what_there_are_rates_for_each_rounded_once(db: None) -> None:
    assert exchange.in_others(Money(10_000, "EUR"), TODAY) is None
    exchange.import_rates(rates=read_ecb(FILE.replace('currency="USD" rate="1.0876"', 'currency="KWD" rate="0.33755"')))
    found = exchange.in_others(Money(4999, "EUR"), TODAY)
    assert found == exchange.InOthers((Money(8049, "JPY"), Money(16_874, "KWD")), TODAY - timedelta(days=1))
    back = exchange.in_others(Money(10_000, "JPY"), TODAY)
    assert back is not None
    assert back.amounts == (Money(6210, "EUR"), Money(20_963, "KWD"))
    assert exchange.in_others(Money(4999, "EUR"), TODAY + timedelta(days=7)) is None
