"""Each in their own language, among those the organization speaks."""

import pytest
from django.test import Client

from holdfast.catalog.models import Organization, Service
from tests import factories
from tests.wizard.conftest import Customer


@pytest.fixture
def bilingual(db: None) -> Organization:
    return factories.make_organization(slug="casa", languages=["es", "en"], default_language="es")


@pytest.mark.parametrize(
    ("asked", "spoken"), [("fr;q=0.5,en;q=0.4", "en"), ("de", "es"), ("es-MX", "es"), ("", "es"), ("fr,en-GB", "en")]
)
def test_the_first_language_asked_for_that_the_organization_speaks(
    client: Client, bilingual: Organization, asked: str, spoken: str
) -> None:
    page = client.get("/casa/", headers={"Accept-Language": asked})
    assert f'<html lang="{spoken}"' in page.content.decode()
    assert page.headers["Content-Language"] == spoken


def test_choosing_a_language_keeps_the_place(client: Client, organization: Organization, service: Service) -> None:
    place = "/salon/booking?service=massage"
    chosen = client.post("/i18n/setlang/", {"language": "fr", "next": place})
    assert chosen.headers["Location"] == place
    assert "Date et heure" in client.get(place).content.decode()


def test_the_booking_remembers_language_and_zone(customer: Customer) -> None:
    customer.client.cookies["zone"] = "America/New_York"
    customer.client.cookies["django_language"] = "fr"
    customer.take(factories.local(customer.organization, 3, 10))
    details = customer.client.get("/salon/booking/details").content.decode()
    assert "New York" in details
    customer.tell()
    page = customer.client.get(customer.book().headers["Location"]).content.decode()
    (booking,) = customer.bookings()
    assert (booking.customer_locale, booking.customer_time_zone) == ("fr", "America/New_York")
    assert "C’est réservé" in page


@pytest.mark.parametrize("sent", ["Mars/Olympus", "../../etc/passwd", "x" * 200, "%"])
def test_a_zone_that_is_none_is_unknown(customer: Customer, sent: str) -> None:
    customer.client.cookies["zone"] = sent
    customer.take(factories.local(customer.organization, 3, 10))
    assert customer.client.get("/salon/booking/details").status_code == 200
