"""The OpenAPI document is current, whole and true: what is answered is what it says."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.actions import create_api_key
from holdfast.catalog.models import Organization, Question, Service
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.contract.answers import misfits
from tools import openapi

ROOT = "/api/v1/{org}"
CUSTOMER = {"name": "Ana Reyes", "email": "ana@example.com", "phone": "01 99 00 12 34", "locale": "fr"}
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.document()


@pytest.fixture
def ask(client: Client, document: dict[str, Any], service: Service) -> Ask:
    """Send a request and compare the answer with the document; the answer's JSON, or its text if it is none."""

    def send(
        method: str, path: str, expected: int, body: Any = None, token: str = "", secret: str = "", **values: str
    ) -> Any:
        operation = document["paths"][ROOT + path][method]
        address = (ROOT + path).format(org="salon", service="massage", **values)
        answer = client.generic(
            method.upper(),
            address + values.get("query", ""),
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"X-Manage-Token": token} if token else {"Authorization": f"Bearer {secret}"} if secret else {},
        )
        assert answer.status_code == expected, answer.content
        promised = operation["responses"][str(expected)].get("content", {})
        if not promised:
            assert answer.content == b""
            return None
        ((content_type, media),) = promised.items()
        assert answer["Content-Type"].split(";")[0] == content_type
        if "json" not in content_type:
            return answer.content.decode()
        found = json.loads(answer.content)
        assert list(misfits(document, media["schema"], found)) == []
        return found

    return send


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization, slug="lea", is_public=True)
    service = factories.make_service(
        organization, slug="massage", needs=[{"kind": "person", "is_choosable": True}], needs_approval=True
    )
    with transaction_for(organization.id):
        Question.objects.create(
            organization=organization, service=service, key="oil", kind="text", label={"en": "Which oil?"}
        )
    return service


@pytest.fixture
def wish(organization: Organization) -> dict[str, Any]:
    return {"service": "massage", "starts_at": factories.local(organization, 3, 10).isoformat()}


def booked(ask: Ask, wish: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """A booking as the API gave it, and the token of its link."""
    booking = ask("post", "/bookings", 201, {**wish, "customer": CUSTOMER, "answers": {"oil": "almond"}})
    return booking, booking["manage_url"].split("/manage/")[1].strip("/")


def test_the_file_in_the_repository_is_what_the_api_says(document: dict[str, Any]) -> None:
    assert openapi.DOCUMENT.read_text("utf-8") == openapi.as_text(document)


def test_the_document_is_whole_openapi_3_1(document: dict[str, Any]) -> None:
    assert openapi.complaints(document) == []


def test_what_is_wrong_with_a_document_is_said(document: dict[str, Any]) -> None:
    broken = json.loads(json.dumps(document))
    broken["openapi"] = "3.0.3"
    booking = broken["paths"][f"{ROOT}/bookings"]["post"]
    booking["responses"] = {"201": {"description": "Created"}, "409": {"description": "Conflict"}}
    booking["operationId"] = "get_booking"
    del broken["components"]["schemas"]["MoneyOut"]
    found = "\n".join(openapi.complaints(broken))
    for each in (
        "it is not OpenAPI 3.1",
        "POST /api/v1/{org}/bookings: does not say what an unknown organization gets (404)",
        "POST /api/v1/{org}/bookings: does not say what a body that cannot be read gets (422)",
        "POST /api/v1/{org}/bookings: 409 is not a problem document",
        "its operationId get_booking is used twice",
        "#/components/schemas/MoneyOut leads nowhere",
    ):
        assert each in found


def test_the_server_gives_the_same_document(client: Client, document: dict[str, Any]) -> None:
    assert client.get("/api/v1/openapi.json").json() == document


def test_the_catalog_is_as_described(ask: Ask) -> None:
    assert ask("get", "", 200)["slug"] == "salon"
    assert ask("get", "/services", 200)[0]["questions"][0]["key"] == "oil"
    found = ask("get", "/services/{service}", 200)
    assert (found["name"], found["attendees"]) == ("Massage", "none")
    assert ask("get", "/services/{service}/team-members", 200)[0]["slug"] == "lea"


def test_availability_is_as_described(ask: Ask) -> None:
    assert ask("get", "/availability", 200, query="?service=massage&days=3")["slots"]
    assert ask("get", "/availability", 422, query="?service=massage&days=0")["code"] == "validation_error"
    assert ask("get", "/availability", 404, query="?service=haircut")["code"] == "not_found"


def test_a_quote_is_as_described(ask: Ask, wish: dict[str, Any]) -> None:
    quoted = ask("post", "/quotes", 201, wish)
    assert quoted["price"]["amount"] == sum(line["amount"] for line in quoted["price_lines"])
    assert ask("post", "/quotes", 422, {**wish, "promo_code": "NONE"})["code"] == "promotion_invalid"


def test_the_explanation_of_a_time_is_as_described(ask: Ask) -> None:
    said = ask("get", "/availability/explain", 200, query="?service=massage&starts_at=2020-01-01T10:00:00Z")
    assert (said["offered"], said["code"]) == (False, "too_soon")
    late = "?service=massage&starts_at=10:00"
    assert ask("get", "/availability/explain", 422, query=late)["code"] == "validation_error"
    lost = "?service=haircut&starts_at=2030-01-01T10:00:00Z"
    assert ask("get", "/availability/explain", 404, query=lost)["code"] == "not_found"


def test_holds_are_as_described(ask: Ask, wish: dict[str, Any]) -> None:
    held = ask("post", "/holds", 201, wish)
    ask("post", "/holds/{hold_id}/extend", 200, hold_id=held["id"])
    assert len(ask("post", "/holds", 409, wish)["alternatives"]) == 5
    ask("delete", "/holds/{hold_id}", 204, hold_id=held["id"])
    assert ask("post", "/holds/{hold_id}/extend", 409, hold_id=held["id"])["code"] == "hold_expired"


def test_a_booking_and_its_changes_are_as_described(ask: Ask, wish: dict[str, Any], organization: Organization) -> None:
    booking, token = booked(ask, wish)
    known = {"reference": booking["reference"], "token": token}
    links = ("manage_url", "calendar_url")  # signed anew each time
    assert {**ask("get", "/bookings/{reference}", 200, **known), **{link: booking[link] for link in links}} == booking
    assert ask("get", "/bookings/{reference}", 404, reference=booking["reference"])["code"] == "not_found"
    assert "BEGIN:VCALENDAR" in ask("get", "/bookings/{reference}.ics", 200, **known)
    later = (factories.local(organization, 3, 10) + timedelta(hours=1)).isoformat()
    moved = ask("post", "/bookings/{reference}/reschedule", 200, {"version": 1, "starts_at": later}, **known)
    stale = ask("post", "/bookings/{reference}/{action}", 409, {"version": 1}, action="cancel", **known)
    assert stale["current"] == {"version": moved["version"], "state": "requested"}
    gone = ask("post", "/bookings/{reference}/{action}", 200, {"version": 2}, action="cancel", **known)
    assert gone["state"] == "cancelled"


def test_reassigning_is_as_described(ask: Ask, wish: dict[str, Any], organization: Organization) -> None:
    factories.make_resource(organization, slug="max", is_public=True)
    booking, token = booked(ask, {**wish, "resource": "lea"})
    secret = create_api_key(organization_id=organization.id, name="Front desk", may_write=True)[1]
    known = {"reference": booking["reference"], "secret": secret}
    assert ask("get", "/bookings/{reference}", 200, **known)["assigned"][0]["because"]["code"] == "chosen"
    body = {"version": 1, "resource": "max"}
    done = ask("post", "/bookings/{reference}/reassign", 200, body, **known)
    assert done["assigned"][0]["resource"] == "max"
    ask(
        "post", "/bookings/{reference}/reassign", 403, {**body, "version": 2}, reference=known["reference"], token=token
    )
    ask("post", "/bookings/{reference}/reassign", 422, {"version": 2, "resource": "nobody"}, **known)
    booked(ask, {**wish, "resource": "lea"})
    taken = ask("post", "/bookings/{reference}/reassign", 409, {"version": 2, "resource": "lea"}, **known)
    assert (taken["code"], taken["rules"][0]["rule"]) == ("resource_not_free", "free")


def test_the_preview_of_a_series_is_as_described(ask: Ask, wish: dict[str, Any], organization: Organization) -> None:
    with transaction_for(organization.id):
        Service.objects.update(allows_series=True)
    booked(ask, wish)
    series = {**wish, "recurrence": {"rrule": "FREQ=WEEKLY;COUNT=3"}}
    preview = ask("post", "/bookings/preview-series", 200, series)
    assert preview["counts"] == {"ok": 2, "conflict": 1, "skipped": 0, "waiting": 0}
    assert len(preview["dates"][0]["alternatives"]) == 3
    series["recurrence"]["resolutions"] = [{"date": preview["dates"][0]["date"], "action": "skip"}]
    made = ask("post", "/bookings", 201, {**series, "customer": CUSTOMER, "answers": {"oil": "almond"}})
    known = {"reference": made["reference"], "token": made["manage_url"].split("/manage/")[1].strip("/")}
    ahead = ask("post", "/bookings/{reference}/preview-change", 200, {"scope": "all"}, **known)
    assert ahead["counts"] == {"ok": 2, "conflict": 0, "kept": 0}
    cancelled = {"version": 1, "scope": "following"}
    gone = ask("post", "/bookings/{reference}/{action}", 200, cancelled, action="cancel", **known)
    assert len(gone["series"]["bookings"]) == 2
    endless = {**wish, "recurrence": {"rrule": "FREQ=WEEKLY"}}
    assert ask("post", "/bookings/preview-series", 422, endless)["code"] == "validation_error"
    unknown = {**series, "service": "haircut"}
    assert ask("post", "/bookings/preview-series", 404, unknown)["code"] == "not_found"


def test_refusals_are_as_described(ask: Ask, wish: dict[str, Any]) -> None:
    bare = ask("post", "/bookings", 422, wish)
    assert [each["field"] for each in bare["errors"]] == ["customer"]
    ask("post", "/bookings", 422, {**wish, "customer": CUSTOMER, "starts_at": "2020-01-01T10:00:00Z"})
    _, token = booked(ask, wish)
    assert ask("get", "/bookings/{reference}", 404, reference="NOSUCH22", token=token)["code"] == "not_found"
