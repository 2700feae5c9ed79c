"""Where a customer pays, the price is shown in other currencies, too, as far as there are rates."""

from holdfast.core import clock
from holdfast.domain.exchange import read_ecb
from holdfast.pricing import exchange
from tests import factories
from tests.wizard.conftest import Customer


def test_the_payment_page_shows_the_price_in_other_currencies_and_says_in_which_one_pays(customer: Customer) -> None:
    customer.take(factories.local(customer.organization, 3, 10))
    customer.tell()
    assert "In other currencies" not in customer.client.get(f"{customer.home}/payment").content.decode()
    file = f'<Cube><Cube time="{clock.now().date()}"><Cube currency="JPY" rate="161.02"/></Cube></Cube>'
    exchange.import_rates(rates=read_ecb(file))
    page = customer.client.get(f"{customer.home}/payment").content.decode()
    assert "<dt>JPY</dt><dd>¥16,102</dd>" in page
    assert "You pay in EUR." in page
