"""A time is said as text with an offset; no other way of saying one is guessed at, and none breaks a page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.catalog.models import Organization, Service
from holdfast.core.signing import manage_token
from tests import factories

# Where dates end, so that no zone can be reckoned from there; and one that no wall clock of ours shows.
ODD = ["9999-12-31T23:59:00-14:00", "0001-01-01T00:00:00+14:00", "2500-01-01T10:00:00+00:00"]


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization)
    return factories.make_service(organization)


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/salon/{path}", body, content_type="application/json")


@pytest.mark.parametrize("path", ["holds", "bookings"])
@pytest.mark.parametrize("said", [*ODD, "2027-03-01T10:00:00", "1795372200", 1795372200, 1795372200000.0, True, None])
def test_what_is_not_text_with_an_offset_is_no_time(client: Client, service: Service, path: str, said: Any) -> None:
    answer = post(
        client, path, service=service.slug, starts_at=said, customer={"name": "Ana", "email": "a@example.com"}
    )
    assert answer.status_code == 422
    assert "starts_at" in [each["field"] for each in answer.json()["errors"]]


def test_an_offset_with_seconds_is_not_rounded(client: Client, organization: Organization, service: Service) -> None:
    """10:00:00+00:00:30 is half a minute before 10:00: no booking starts then."""
    start = factories.local(organization, 3, 10)
    answer = post(client, "holds", service=service.slug, starts_at=f"{start:%Y-%m-%dT%H:%M:%S}+00:00:30")
    assert answer.status_code == 422


@pytest.mark.parametrize("said", [*ODD, "never", "\0"])
@pytest.mark.parametrize("name", ["at", "lost", "date", "service", "resource"])
def test_no_address_breaks_the_booking_page(client: Client, service: Service, name: str, said: str) -> None:
    assert client.get("/salon/booking", {"service": service.slug, name: said}).status_code == 200
    assert client.post("/salon/booking", {"service": service.slug, name: said}).status_code in (302, 404)


@pytest.mark.parametrize("said", [*ODD, "never", "\0"])
def test_no_address_breaks_the_page_for_moving(
    client: Client, organization: Organization, service: Service, said: str
) -> None:
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10))
    page = f"/salon/manage/{manage_token(booking.id)}/reschedule"
    assert client.get(page, {"at": said}).status_code == 200
    assert client.post(page, {"at": said, "version": "1"}).status_code == 302
    assert client.get(page, {"at": (booking.starts_at + timedelta(hours=1)).isoformat()}).status_code == 200
