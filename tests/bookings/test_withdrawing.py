"""A request whose answer was lost is taken back: it is booked and says so, or it never will be."""

from typing import Any

import pytest
from django.test import Client

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from tests import factories

CUSTOMER = {"name": "Ana Reyes", "email": "ana@example.com", "locale": "fr"}
KEY = {"Idempotency-Key": "k1"}


@pytest.fixture
def massage(organization: Organization) -> Service:
    factories.make_resource(organization)
    return factories.make_service(organization, slug="massage")


def wish(organization: Organization, massage: Service) -> dict[str, Any]:
    start = factories.local(organization, 3, 10).isoformat()
    return {"service": massage.slug, "starts_at": start, "customer": CUSTOMER}


def post(client: Client, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    told = client.post(f"/api/v1/salon/{path}", body, content_type="application/json", headers=headers)
    return told.status_code, told.json()


def bookings(organization: Organization) -> int:
    with transaction_for(organization.id):
        return Booking.objects.count()


def test_what_was_booked_is_told_again_and_stands(client: Client, organization: Organization, massage: Service) -> None:
    body = wish(organization, massage)
    booked = post(client, "bookings", body, KEY)
    assert booked[0] == 201
    assert post(client, "bookings/withdraw", body, KEY) == booked
    assert bookings(organization) == 1


def test_what_has_not_arrived_books_nothing_when_it_does(
    client: Client, organization: Organization, massage: Service
) -> None:
    body = wish(organization, massage)
    for path in ("bookings/withdraw", "bookings", "bookings/withdraw"):
        status, document = post(client, path, body, KEY)
        assert (status, document["code"]) == (410, "request_withdrawn")
    assert bookings(organization) == 0
    assert post(client, "bookings", body, {"Idempotency-Key": "k2"})[0] == 201


def test_without_the_key_or_with_another_body_nothing_is_said_of_a_booking(
    client: Client, organization: Organization, massage: Service
) -> None:
    body = wish(organization, massage)
    assert post(client, "bookings", body, KEY)[0] == 201
    status, document = post(client, "bookings/withdraw", body, {})
    assert (status, document["errors"][0]["field"]) == (422, "Idempotency-Key")
    status, document = post(client, "bookings/withdraw", body | {"note": "?"}, KEY)
    assert (status, document["code"]) == (422, "idempotency_mismatch")
