"""Each in their own language, among those the organization speaks."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from holdfast.catalog.models import Organization, Service
from tests import factories
from tests.customers.doors import sign_in
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


def in_french(client: Client, page: Any) -> str:
    """The page one comes to who chooses French on this one."""
    place = re.search(r'name="next" value="([^"]*)"', page.content.decode())
    assert place
    chosen = client.post("/i18n/setlang/", {"language": "fr", "next": unescape(place[1])})
    answer = client.get(chosen.headers["Location"], follow=True)
    assert (answer.status_code, '<html lang="fr"' in answer.content.decode()) == (200, True)
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)
    assert heading
    return " ".join(heading[1].split())


def test_choosing_a_language_keeps_the_place_on_every_step_also_where_a_form_was_refused(customer: Customer) -> None:
    client = customer.client
    place = f"{customer.home}?service=massage"
    assert in_french(client, client.get(place)) == "Massage"
    customer.take(factories.local(customer.organization, 3, 10))
    client.cookies["django_language"] = "en"
    refused = client.get(customer.tell(email="nobody").headers["Location"])
    assert in_french(client, refused) == "Vos coordonnées"
    assert 'value="nobody"' in client.get(f"{customer.home}/details").content.decode()
    client.cookies["django_language"] = "en"
    customer.tell()
    assert in_french(client, client.get(f"{customer.home}/payment")) == "Paiement"
    done = client.get(customer.book().headers["Location"])
    client.cookies["django_language"] = "en"
    assert in_french(client, done) == "C’est réservé"


def test_choosing_a_language_keeps_the_place_before_and_behind_a_customers_door(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 3, 10)
    manage = f"/salon/manage/{factories.token_of(factories.make_booking(organization, service, start))}/"
    goal = {"next": "/salon/portal/account"}
    wrong = {"password-email": "ana@example.com", "password-password": "not it", **goal}
    english = {"Accept-Language": "en"}
    for page, heading in (
        (client.get(f"{manage}cancel"), "Annuler cette réservation ?"),
        (client.post("/salon/portal/sign-in", {"email": "nobody", **goal}, headers=english), "Vos réservations"),
        (client.post("/salon/portal/sign-in/password", wrong, headers=english), "Vos réservations"),
        (
            client.post("/salon/portal/sign-in", {"email": "ana@example.com", **goal}, headers=english),
            "Vos réservations",
        ),
    ):
        assert in_french(client, page) == heading
        client.cookies["django_language"] = "en"
    sign_in(client, organization)
    short = client.post("/salon/portal/account/password", {"password": "short"})
    assert short.status_code == 422
    assert in_french(client, short) == "Compte"


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
