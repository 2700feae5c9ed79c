"""`POST /api/bookings` goes on booking for the clients of the older system, and says what succeeds it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Question, Service
from holdfast.core.tenancy import transaction_for
from holdfast.legacy import alias
from tests import factories


@pytest.fixture
def service(organization: Organization, settings: Settings) -> Service:
    settings.OLD_API_ORGANIZATION, settings.OLD_API_NAMES = "salon", ["CDG=airport-transfer", "pickup_location=pickup"]
    settings.BASE_URL = "https://book.example.com"
    factories.make_resource(organization, slug="car", kind="vehicle", is_public=True)
    service = factories.make_service(
        organization,
        slug="airport-transfer",
        needs=[{"kind": "vehicle", "is_choosable": True}],
        largest_party=4,
        longest_duration_minutes=180,
    )
    with transaction_for(organization.id):
        Question.objects.create(
            organization=organization,
            service=service,
            key="pickup",
            kind="text",
            label={"en": "From?"},
            is_required=True,
        )
    organization.refresh_from_db()
    return service


def send(client: Client, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post("/api/bookings", text, content_type="application/json", headers=headers)


def old(organization: Organization, **more: Any) -> dict[str, Any]:
    pickup = factories.local(organization, 3, 10)
    return {
        "customer_name": "Ana Reyes",
        "customer_email": "ana@example.com",
        "customer_phone": "+33199001234",
        "service_type": "Airport_Transfer",
        "pickup_datetime": pickup.strftime("%Y-%m-%d %H:%M"),
        "dropoff_datetime": (pickup + timedelta(hours=2)).strftime("%Y-%m-%d %H:%M"),
        "pickup_location": "Gare de Lyon",
        "flight_number": "AF 123",
        "passengers": 3,
        "total_amount": "100.00",
        "currency": "EUR",
        "payment_type": "flexible",
        **more,
    }


def fields(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.content
    return [each["field"] for each in answer.json()["errors"]]


def test_the_old_fields_become_a_booking_of_ours(client: Client, organization: Organization, service: Service) -> None:
    answer = send(client, old(organization, service_type="CDG", vehicle_id="car"))
    assert answer.status_code == 201, answer.content
    with transaction_for(organization.id):
        booking = Booking.objects.get(reference=answer.json()["reference"])
        chosen = booking.chosen_resource
    assert (booking.starts_at, booking.minutes, booking.party_size) == (factories.local(organization, 3, 10), 120, 3)
    assert (booking.customer_name, booking.customer_email) == ("Ana Reyes", "ana@example.com")
    assert booking.answers == {"pickup": "Gare de Lyon"}
    assert booking.customer_note == "flight_number: AF 123"
    assert chosen is not None
    assert chosen.slug == "car"


def test_every_answer_says_that_it_is_deprecated_and_by_what_it_is_succeeded(
    client: Client, organization: Organization, service: Service, settings: Settings
) -> None:
    for answer in (send(client, old(organization)), send(client, "no"), client.get("/api/bookings")):
        assert answer["Deprecation"] == "@1795219200"
        assert answer["Link"] == '<https://book.example.com/api/v1/salon/bookings>; rel="successor-version"'
        assert "Sunset" not in answer
    settings.OLD_API_SUNSET = "2027-06-30"
    assert send(client, {})["Sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"


def test_the_new_body_is_taken_as_it_is(client: Client, organization: Organization, service: Service) -> None:
    body = {
        "service": "airport-transfer",
        "starts_at": factories.local(organization, 3, 12).isoformat(),
        "customer": {"name": "Ana", "email": "ana@example.com"},
        "answers": {"pickup": "Orly"},
    }
    assert fields(send(client, {**body, "answers": {}})) == ["answers.pickup"]
    assert fields(send(client, {**body, "customer": {"name": "Ana"}})) == ["customer.email"]
    assert send(client, body).status_code == 201


@pytest.mark.parametrize("key", ["", "with-a-key"])
def test_refusals_name_the_fields_that_were_sent(
    client: Client, organization: Organization, service: Service, key: str
) -> None:
    def refused(number: int, **more: Any) -> list[str]:
        return fields(send(client, old(organization, **more), **({"Idempotency-Key": f"{key}{number}"} if key else {})))

    assert refused(1, customer_email="nobody") == ["customer_email"]
    assert refused(2, customer_name="") == ["customer_name"]
    assert refused(3, passengers="many") == ["passengers"]
    assert refused(4, pickup_datetime="soon") == ["pickup_datetime"]
    assert refused(5, pickup_datetime="") == ["pickup_datetime"]
    assert refused(6, dropoff_datetime="2020-01-01 10:00") == ["dropoff_datetime"]
    assert refused(7, pickup_location="") == ["pickup_location"]
    assert refused(8, customer_phone="12") == ["customer_phone"]
    assert refused(9, payment_type="prepaid") == ["payment_type"]
    assert refused(10, total_amount="95.00") == ["total_amount"]
    assert refused(11, total_amount="cheap") == ["total_amount"]
    assert refused(12, currency="USD") == ["currency"]
    with transaction_for(organization.id):
        assert not Booking.objects.exists()


def test_the_same_key_books_once(client: Client, organization: Organization, service: Service) -> None:
    first, again = (send(client, old(organization), **{"Idempotency-Key": "one"}) for _ in range(2))
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    assert first.json()["reference"] == again.json()["reference"]


def test_a_time_that_is_taken_and_a_service_that_is_not_are_problem_documents(
    client: Client, organization: Organization, service: Service
) -> None:
    assert send(client, old(organization)).status_code == 201
    taken = send(client, old(organization))
    assert (taken.status_code, taken.json()["code"]) == (409, "slot_taken")
    unknown = send(client, old(organization, service_type="balloon"))
    assert (unknown.status_code, unknown["Content-Type"]) == (404, "application/problem+json")
    assert client.get("/api/bookings").status_code == 405


def test_without_a_configured_organization_nothing_is_there_and_it_says_why(client: Client, db: None) -> None:
    answer = send(client, {})
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "/api/v1/{organization}/bookings" in answer.json()["detail"]
    assert "Deprecation" not in answer


def test_wall_times_follow_the_rule_of_the_house() -> None:
    said = {"service_type": "x", "pickup_datetime": "2024-03-31 02:30:59"}
    assert (
        alias.translate(said, zone="Europe/Paris", names={}, asked=()).body["starts_at"] == "2024-03-31T03:30:00+02:00"
    )
    said["pickup_datetime"] = "2024-10-27T02:30+01:00"
    assert (
        alias.translate(said, zone="Europe/Paris", names={}, asked=()).body["starts_at"] == "2024-10-27T02:30:00+01:00"
    )


@pytest.mark.parametrize(
    "moment", [1, True, [], {"at": 1}, 10**30, "0001-01-01 00:00", "9999-12-31T23:59:59-12:00", "1969-12-31 10:00"]
)
def test_what_is_no_moment_is_refused_by_the_name_the_client_gave_it(
    client: Client, organization: Organization, service: Service, moment: Any
) -> None:
    assert fields(send(client, old(organization, pickup_datetime=moment))) == ["pickup_datetime"]
    assert fields(send(client, old(organization, dropoff_datetime=moment))) == ["dropoff_datetime"]


@pytest.mark.parametrize("body", ['{"service_type": "\\ud800"}', '{"a":' + "[" * 60_000, "[1]", "null", ""])
def test_what_is_no_text_or_no_body_is_refused(
    client: Client, organization: Organization, service: Service, body: str
) -> None:
    assert fields(send(client, body)) == [""]
