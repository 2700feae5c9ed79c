"""Whatever goes wrong, people get a page and programs get a problem document."""

import pytest
from django.test import Client

from holdfast.catalog.models import Organization


def test_an_address_that_leads_nowhere(client: Client, organization: Organization) -> None:
    page = client.get("/salon/nothing/here/")
    assert page.status_code == 404
    assert page["Content-Type"].startswith("text/html")
    answer = client.get("/api/v1/salon/nothing/here")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("body", ["{", '"text"', "[]", "null"])
def test_a_body_that_is_no_json_object_is_refused_in_words(
    client: Client, organization: Organization, body: str
) -> None:
    answer = client.post("/api/v1/salon/bookings", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_error")
    assert answer.json()["errors"]


def test_an_unknown_organization_does_not_exist(client: Client, organization: Organization) -> None:
    for path in ("", "/services", "/services/x", "/availability?service=x", "/bookings/ABC"):
        answer = client.get(f"/api/v1/nobody{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
