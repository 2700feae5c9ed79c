"""A booking costs exactly its quote, or is refused with the price as it is now."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Requirement, Resource, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.pricing.models import Promotion, TariffRule
from tests import factories

ANA = {"name": "Ana Reyes", "email": "ana@example.com", "locale": "en"}


def post(client: Client, path: str, organization: Organization, hour: int = 10, **body: Any) -> Any:
    sent = {"service": "massage", "starts_at": factories.monday(organization, hour).isoformat(), **body}
    return client.post(f"/api/v1/salon/{path}", sent, content_type="application/json")


def test_a_quote_says_what_it_costs_why_and_until_when(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_tariff(organization, {"effect": "percent", "percent": 20, "name": {"en": "Mornings"}})
    factories.make_promotion(organization)
    answer = post(client, "quotes", organization, duration_minutes=120, party_size=2, promo_code="spring")
    assert answer.status_code == 201
    quote = answer.json()
    assert [(line["words"], line["amount"]) for line in quote["price_lines"]] == [
        ("Massage", 10_000), ("Mornings: +20%", 2000), ("Spring: 10% off", -1200),
    ]  # fmt: skip
    assert quote["price"] == {"amount": 10_800, "currency": "EUR"}
    valid_until = clock.read(quote["valid_until"])
    assert valid_until is not None
    assert timedelta(minutes=14) < valid_until - clock.now() <= timedelta(minutes=15)
    with transaction_for(organization.id):
        assert not Booking.objects.exists()


def test_a_booking_takes_exactly_its_quote_whatever_has_become_of_the_tariff(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_tariff(organization, {"effect": "add", "amount": 500})
    factories.make_promotion(organization)
    quote = post(client, "quotes", organization, promo_code="SPRING").json()
    with transaction_for(organization.id):
        TariffRule.objects.update(amount=90_000)
        Promotion.objects.update(booked_until=clock.now().date() - timedelta(days=2))
    booked = post(client, "bookings", organization, customer=ANA, quote=quote["quote"])
    assert booked.status_code == 201, booked.json()
    assert booked.json()["price"] == quote["price"] == {"amount": 9450, "currency": "EUR"}
    assert booked.json()["price_lines"] == quote["price_lines"]
    without = post(client, "bookings", organization, 12, customer=ANA)
    assert without.json()["price"]["amount"] == 100_000


def test_a_held_time_is_booked_at_its_quote(client: Client, organization: Organization, service: Service) -> None:
    factories.make_tariff(organization, {"effect": "add", "amount": 500})
    quote = post(client, "quotes", organization).json()
    with transaction_for(organization.id):
        TariffRule.objects.update(amount=700)
    held = post(client, "holds", organization).json()
    assert held["price"]["amount"] == 10_700
    booked = post(client, "bookings", organization, customer=ANA, hold=held["id"], quote=quote["quote"]).json()
    assert booked["price"]["amount"] == 10_500


def test_an_expired_quote_is_refused_with_the_price_of_now(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_tariff(organization, {"effect": "add", "amount": 500})
    quote = post(client, "quotes", organization).json()
    with transaction_for(organization.id):
        TariffRule.objects.update(amount=700)
    with clock.stopped(clock.now() + timedelta(minutes=15)):
        refused = post(client, "bookings", organization, customer=ANA, quote=quote["quote"])
    assert (refused.status_code, refused.json()["code"], refused.json()["reason"]) == (422, "quote_expired", "expired")
    assert refused.json()["price"] == {"amount": 10_700, "currency": "EUR"}
    assert [line["amount"] for line in refused.json()["price_lines"]] == [10_000, 700]
    with transaction_for(organization.id):
        assert not Booking.objects.exists()


def test_nothing_is_quoted_with_a_code_that_is_used_up_as_nothing_is_held_with_it(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_promotion(organization, uses=1)
    assert post(client, "bookings", organization, 12, customer=ANA, promo_code="SPRING").status_code == 201
    quoted, held = (post(client, path, organization, promo_code="SPRING") for path in ("quotes", "holds"))
    assert (quoted.status_code, quoted.json()["code"], quoted.json()["reason"]) == (422, "promotion_invalid", "used_up")
    assert quoted.json() == held.json()


def test_a_quote_whose_promotion_is_used_up_is_refused_with_the_price_without_it(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_promotion(organization, uses=1)
    quote = post(client, "quotes", organization, promo_code="SPRING").json()["quote"]
    assert post(client, "bookings", organization, 12, customer=ANA, promo_code="SPRING").status_code == 201
    refused = post(client, "bookings", organization, customer=ANA, quote=quote).json()
    assert (refused["code"], refused["reason"], refused["price"]["amount"]) == ("quote_expired", "used_up", 10_000)
    with transaction_for(organization.id):
        Promotion.objects.all().delete()
    refused = post(client, "bookings", organization, customer=ANA, quote=quote).json()
    assert (refused["code"], refused["reason"], refused["price"]["amount"]) == ("quote_expired", "unknown", 10_000)


@pytest.mark.parametrize(
    "change", [{"hour": 11}, {"party_size": 2}, {"duration_minutes": 90}, {"resource": "lea"}, {"service": "other"}]
)
def test_a_quote_is_good_for_what_was_asked_and_nothing_else(
    client: Client, organization: Organization, service: Service, change: dict[str, Any]
) -> None:
    factories.make_service(organization, slug="other")
    with transaction_for(organization.id):
        Requirement.objects.update(is_choosable=True)
        Resource.objects.update(is_public=True)
    quote = post(client, "quotes", organization).json()["quote"]
    refused = post(client, "bookings", organization, **{"customer": ANA, "quote": quote, **change})
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, ["quote"])


def test_a_price_that_was_not_given_is_refused(client: Client, organization: Organization, service: Service) -> None:
    quote = post(client, "quotes", organization).json()["quote"]
    forged = signing.dumps({"asked": {}, "columns": {"price_amount": 1}}, salt="another", compress=True)
    for token in (quote[:-2], forged, "nonsense"):
        refused = post(client, "bookings", organization, customer=ANA, quote=token)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "quote")


def test_a_quote_of_another_organization_is_none(
    client: Client, organization: Organization, other_organization: Organization, service: Service
) -> None:
    factories.make_resource(other_organization)
    factories.make_service(other_organization, slug="massage")
    quote = post(client, "quotes", organization).json()["quote"]
    sent = {"service": "massage", "starts_at": factories.monday(organization, 10).isoformat(), "customer": ANA}
    refused = client.post("/api/v1/rival/bookings", {**sent, "quote": quote}, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "quote")
