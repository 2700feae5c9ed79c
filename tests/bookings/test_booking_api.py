"""A booking through HTTP: held, booked, seen, moved, cancelled; refused with a code and a way out."""

from datetime import timedelta

import pytest
from django.test import Client

from holdfast.bookings.models import Allocation, Booking
from holdfast.catalog.models import Organization, Question, Service
from holdfast.core.tenancy import transaction_for
from tests import factories

CUSTOMER = {"name": "Ana Reyes", "email": "ana@example.com", "phone": "01 99 00 12 34", "locale": "fr"}


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization, slug="lea", is_public=True)
    factories.make_resource(organization, slug="van", kind="vehicle")
    return factories.make_service(
        organization, slug="massage", needs=[{"kind": "person", "is_choosable": True}, {"kind": "vehicle"}]
    )


def post(client: Client, path: str, body: dict, **headers: str):  # type: ignore[no-untyped-def,type-arg]
    return client.post(f"/api/v1/salon/{path}", body, content_type="application/json", headers=headers)


def test_an_offered_slot_can_be_booked_and_is_then_gone(
    client: Client, organization: Organization, service: Service
) -> None:
    day = factories.local(organization, 3, 0).date().isoformat()
    offered = client.get(f"/api/v1/salon/availability?service=massage&from={day}&days=1").json()
    assert offered["slots"][0]["price"] == {"amount": 10_000, "currency": "EUR"}
    assert len(offered["slots"]) == 23
    start = offered["slots"][4]["starts_at"]

    booked = post(client, "bookings", {"service": "massage", "starts_at": start, "customer": CUSTOMER})
    assert booked.status_code == 201, booked.content
    booking = booked.json()
    assert booking["state"] == "confirmed"
    assert {each["slug"] for each in booking["resources"]} == {"lea", "van"}
    assert booking["customer"]["phone"] == "+33199001234"

    again = client.get(f"/api/v1/salon/availability?service=massage&from={day}&days=1").json()
    assert len(again["slots"]) == 20
    refused = post(client, "bookings", {"service": "massage", "starts_at": start, "customer": CUSTOMER})
    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "slot_taken"
    assert len(refused.json()["alternatives"]) == 5


def test_the_bearer_of_the_link_moves_and_cancels(client: Client, organization: Organization, service: Service) -> None:
    start = factories.local(organization, 5, 10)
    booking = post(
        client, "bookings", {"service": "massage", "starts_at": start.isoformat(), "customer": CUSTOMER}
    ).json()
    path, token = f"bookings/{booking['reference']}", booking["manage_url"].split("/")[-2]
    assert client.get(f"/api/v1/salon/{path}").status_code == 404
    assert client.get(f"/api/v1/salon/{path}?token={token}").json()["version"] == 1
    later = (start + timedelta(minutes=30)).isoformat()
    header = {"X-Manage-Token": token}
    moved = post(client, f"{path}/reschedule", {"version": 1, "starts_at": later}, **header)
    assert moved.status_code == 200, moved.content
    assert moved.json()["starts_at"] == later
    stale = post(client, f"{path}/cancel", {"version": 1}, **header)
    assert stale.json()["code"] == "version_conflict"
    assert stale.json()["current"] == {"version": 2, "state": "confirmed"}
    assert post(client, f"{path}/cancel", {"version": 2}, **header).json()["state"] == "cancelled"
    with transaction_for(organization.id):
        assert not Allocation.objects.filter(active=True).exists()


def test_a_hold_keeps_others_out_until_it_is_booked(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 2, 9).isoformat()
    held = post(client, "holds", {"service": "massage", "starts_at": start})
    assert held.status_code == 201, held.content
    other = post(client, "bookings", {"service": "massage", "starts_at": start, "customer": CUSTOMER})
    assert other.json()["code"] == "slot_taken"
    mine = {"service": "massage", "starts_at": start, "customer": CUSTOMER, "hold": held.json()["id"]}
    assert post(client, "bookings", mine).status_code == 201
    with transaction_for(organization.id):
        assert Booking.objects.get().state == "confirmed"
        assert set(Allocation.objects.values_list("active", "expires_at")) == {(True, None)}


def test_the_same_key_gives_the_same_answer_and_no_second_booking(
    client: Client, organization: Organization, service: Service
) -> None:
    body = {
        "service": "massage",
        "starts_at": factories.local(organization, 2, 9).isoformat(),
        "customer": CUSTOMER,
    }
    first = post(client, "bookings", body, **{"Idempotency-Key": "k1"})
    second = post(client, "bookings", body, **{"Idempotency-Key": "k1"})
    assert first.status_code == second.status_code == 201, first.content
    assert first.json() == second.json()
    other = post(client, "bookings", body | {"party_size": 2}, **{"Idempotency-Key": "k1"})
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_mismatch"


def test_a_refusal_that_is_remembered_for_a_key_is_a_problem_document_each_time(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 2, 3).isoformat()  # at three at night nobody works
    body = {"service": "massage", "starts_at": start, "customer": CUSTOMER}
    answers = [post(client, "bookings", body, **{"Idempotency-Key": "night"}) for _ in range(2)]
    assert [(each.status_code, each["Content-Type"]) for each in answers] == [(422, "application/problem+json")] * 2
    assert [each.json()["code"] for each in answers] == ["outside_hours"] * 2
    assert [each.get("Idempotent-Replayed") for each in answers] == [None, "true"]


def test_every_change_names_its_event_also_when_a_hold_is_given_back(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 4, 10).isoformat()
    held = post(client, "holds", {"service": "massage", "starts_at": start})
    released = client.delete(f"/api/v1/salon/holds/{held.json()['id']}")
    assert int(released["Event-Id"]) > int(held["Event-Id"])
    again = client.delete(f"/api/v1/salon/holds/{held.json()['id']}")
    assert (again.status_code, again.get("Event-Id")) == (204, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"customer": {"name": "", "email": "x"}}, "validation_error"),
        ({"starts_at": "2020-01-01T10:00:00Z"}, "too_soon"),
        ({"starts_at": "2099-01-01T10:00:00Z"}, "too_far"),
        ({"party_size": 9}, "party_too_large"),
        ({"type": "emergency"}, "emergency_not_offered"),
        ({"promo_code": "X"}, "promotion_invalid"),
        ({"answers": {"unasked": "x"}}, "validation_error"),
        ({"duration_minutes": 61}, "validation_error"),
        ({"starts_at": "2026-01-01T10:00:00"}, "validation_error"),
    ],
)
def test_what_cannot_be_booked_is_refused_with_its_code(
    client: Client, organization: Organization, service: Service, change: dict[str, object], code: str
) -> None:
    body = {"service": "massage", "starts_at": factories.local(organization, 2, 9).isoformat(), "customer": CUSTOMER}
    refused = post(client, "bookings", body | change)
    assert (refused.status_code, refused.json()["code"]) == (422, code), refused.content


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("delete", "/api/v1/salon/bookings", ["POST"]),
        ("put", "/api/v1/salon/services", ["GET"]),
        ("post", "/api/v1/salon/availability", ["GET"]),
    ],
)
def test_a_method_that_is_not_understood_is_a_problem_that_says_which_are(
    client: Client, organization: Organization, service: Service, method: str, path: str, allowed: list[str]
) -> None:
    answer = getattr(client, method)(path)
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer["Allow"] == ", ".join(allowed)
    found = answer.json()
    assert (found["code"], found["status"], found["allowed"]) == ("method_not_allowed", 405, allowed)


@pytest.mark.parametrize(
    ("zone", "status"), [("America/New_York", 201), ("", 201), ("Mars/Olympus", 422), ("UTC+2", 422)]
)
def test_a_customers_time_zone_is_an_iana_name(
    client: Client, organization: Organization, service: Service, zone: str, status: int
) -> None:
    start = factories.local(organization, 4, 10).isoformat()
    body = {"service": "massage", "starts_at": start, "customer": {**CUSTOMER, "time_zone": zone}}
    answer = post(client, "bookings", body)
    assert answer.status_code == status, answer.content
    if status == 422:
        message = f"“{zone}” is not a time zone. Use a name such as Europe/Paris."
        assert answer.json()["errors"] == [{"field": "customer.time_zone", "message": message}]


def test_all_that_its_customer_has_to_put_right_is_said_at_once(
    client: Client, organization: Organization, service: Service
) -> None:
    asks = {"label": {"en": "Allergies"}, "is_required": True, "kind": "text", "key": "allergies"}
    with transaction_for(organization.id):
        Question.objects.create(organization=organization, service=service, **asks)
    organization.refresh_from_db()
    customer = {"name": "Zoe\x01 Quux", "email": "nowhere", "phone": "abc"}
    body = {"service": "massage", "starts_at": factories.local(organization, 4, 10).isoformat(), "customer": customer}
    refused = post(client, "bookings", {**body, "attendees": [{"name": "Ana"}]})
    assert (refused.status_code, refused.json()["code"]) == (422, "validation_error")
    assert {each["field"]: each["message"] for each in refused.json()["errors"]} == {
        "customer.name": "Please write it on one line, without invisible characters.",
        "customer.email": "This is not an email address.",
        "customer.phone": "Please give a telephone number, such as +33 1 99 00 12 34.",
        "answers.allergies": "Please answer this.",
        "attendees": "was not asked",
    }


@pytest.mark.parametrize("service", ["massage", "nothing-of-ours", "\ud800", 7])
@pytest.mark.parametrize("answers", [["a"], "a", None])
def test_what_cannot_be_read_is_refused_as_far_as_it_can(
    client: Client, organization: Organization, service: object, answers: object
) -> None:
    body = {"service": service, "starts_at": "2100-01-01T10:00:00Z", "customer": {}, "answers": answers}
    refused = post(client, "bookings", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "validation_error")
