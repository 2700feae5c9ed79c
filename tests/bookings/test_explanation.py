"""Why: each rule that speaks against a time is named, with what is responsible; strangers get one sentence."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.actions import create_api_key
from holdfast.catalog.models import Closure, HoursException, Organization, Requirement, Resource, Service
from holdfast.core.tenancy import transaction_for
from tests import factories


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization, slug="lea")
    return factories.make_service(
        organization, slug="massage", buffer_after_minutes=15, notice_minutes=120, horizon_days=30
    )


def why(client: Client, organization: Organization, starts_at: datetime, *, staff: bool = True, **more: str) -> Any:
    headers = {}
    if staff:
        _key, secret = create_api_key(organization_id=organization.id, name=f"why {starts_at}")
        headers = {"Authorization": f"Bearer {secret}"}
    query = {"service": "massage", "starts_at": starts_at.isoformat(), **more}
    answer = client.get("/api/v1/salon/availability/explain", query, headers=headers)
    assert answer.status_code == 200, answer.content
    return answer.json()


def rules(said: Any) -> dict[str, bool]:
    lea = said["resources"][0]
    return {rule["rule"]: rule["holds"] for rule in [*said["rules"], *lea["rules"]]}


def test_a_free_time_has_every_rule_on_its_side(client: Client, organization: Organization, service: Service) -> None:
    said = why(client, organization, factories.local(organization, 3, 10))
    assert (said["offered"], said["code"]) == (True, None)
    assert all(rules(said).values())


def test_the_booking_in_the_way_is_named(client: Client, organization: Organization, service: Service) -> None:
    start = factories.local(organization, 3, 10)
    booking = factories.make_booking(organization, service, start)
    said = why(client, organization, start + timedelta(hours=1))  # only its buffer is in the way
    assert said["code"] == "slot_taken"
    assert [name for name, holds in rules(said).items() if not holds] == ["free"]
    free = said["resources"][0]["rules"][2]
    assert [each["reference"] for each in free["taken_by"]] == [booking.reference]
    assert len(said["alternatives"]) == 5


@pytest.mark.parametrize("closed_by", ["weekly", "exception", "closed_date"])
def test_what_closes_a_time_is_named_with_its_date(
    client: Client, organization: Organization, service: Service, closed_by: str
) -> None:
    start = factories.local(organization, 3, 6 if closed_by == "weekly" else 10)
    with transaction_for(organization.id):
        if closed_by == "exception":
            resource = organization_resource(organization)
            HoursException.objects.create(
                organization=organization, resource_id=resource, date=start.date(), reason="dentist"
            )
        elif closed_by == "closed_date":
            day = start.date()
            Closure.objects.create(organization=organization, starts_on=day, ends_on=day, reason="Training day")
    said = why(client, organization, start)
    assert said["code"] == "outside_hours"
    opening = said["resources"][0]["rules"][1]
    assert (opening["closed_by"], date.fromisoformat(opening["date"])) == (closed_by, start.date())
    words = {"weekly": None, "exception": "dentist", "closed_date": "Training day"}
    assert opening.get("reason") == words[closed_by]


def test_a_public_holiday_that_closes_a_time_is_called_by_its_name(
    client: Client, organization: Organization, service: Service
) -> None:
    with transaction_for(organization.id):
        Organization.objects.update(observes_holidays=True, country="FR")
    year = factories.local(organization, 3, 10).year + 1
    said = why(client, organization, factories.local(organization, 3, 10).replace(year=year, month=7, day=14))
    opening = said["resources"][0]["rules"][1]
    assert (opening["closing"], opening["reason"]) == ("public_holiday", "National Day")


def organization_resource(organization: Organization) -> Any:
    return Resource.objects.get(organization=organization).id


@pytest.mark.parametrize(
    ("days", "hour", "minute", "code", "against"),
    [(60, 10, 0, "too_far", "horizon"), (-1, 10, 0, "too_soon", "notice"), (3, 10, 7, "outside_hours", "grid")],
)
def test_the_services_own_rules_are_named(
    client: Client,
    organization: Organization,
    service: Service,
    days: int,
    hour: int,
    minute: int,
    code: str,
    against: str,
) -> None:
    said = why(client, organization, factories.local(organization, days, hour, minute))
    assert said["code"] == code
    assert not rules(said)[against]


def test_strangers_get_a_sentence_and_alternatives_and_nothing_else(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 3, 10)
    factories.make_booking(organization, service, start)
    said = why(client, organization, start, staff=False)
    assert said["sentence"] == "This time is taken"
    assert said["alternatives"]
    assert "rules" not in said
    assert "resources" not in said


def test_whoever_does_not_serve_the_service_is_told_what_it_asks_for(
    client: Client, organization: Organization, service: Service
) -> None:
    with transaction_for(organization.id):
        factories.make_resource(organization, slug="paul")
        Requirement.objects.update(skills=["deep-tissue"])
        Resource.objects.filter(slug="lea").update(skills=["deep-tissue"])
    start = factories.local(organization, 3, 10)
    said = why(client, organization, start, resource="paul")
    assert (said["offered"], said["code"]) == (False, "not_found")
    assert all(rule["holds"] for rule in said["rules"])
    assert said["resources"][0]["rules"] == [
        {"rule": "in_use", "holds": True},
        {
            "rule": "fits",
            "holds": False,
            "asks": {"kind": "person", "team": None, "skills": ["deep-tissue"], "attributes": {}},
        },
    ]
    query = {"service": "massage", "starts_at": start.isoformat(), "resource": "paul"}
    assert client.get("/api/v1/salon/availability/explain", query).status_code == 404


def test_staff_ask_about_what_customers_cannot_choose(
    client: Client, organization: Organization, service: Service
) -> None:
    with transaction_for(organization.id):
        Requirement.objects.update(is_choosable=False)
    start = factories.local(organization, 3, 10)
    assert why(client, organization, start, resource="lea")["offered"]
    early = why(client, organization, factories.local(organization, -1, 10), resource="lea")
    assert early["code"] == "too_soon"  # as customers: the notice is not waived for who asks


def test_the_explanation_and_the_decision_never_differ(
    client: Client, organization: Organization, service: Service
) -> None:
    """Every quarter hour of a day, with a booking in it: free by the one is offered by the other."""
    factories.make_booking(organization, service, factories.local(organization, 3, 12))
    midnight = factories.local(organization, 3, 0)
    query = {"service": "massage", "from": midnight.date().isoformat(), "days": "1"}
    offered = {slot["starts_at"] for slot in client.get("/api/v1/salon/availability", query).json()["slots"]}
    explained = {
        start.isoformat()
        for start in (midnight + timedelta(minutes=15 * n) for n in range(96))
        if why(client, organization, start, staff=False)["offered"]
    }
    assert explained == offered


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-12:00", "1800000000", "2027-03-01"]
)
def test_a_moment_that_no_calendar_reaches_is_refused_in_words(
    client: Client, organization: Organization, service: Service, moment: str
) -> None:
    refused = client.get("/api/v1/salon/availability/explain", {"service": "massage", "starts_at": moment})
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert [each["field"] for each in refused.json()["errors"]] == ["starts_at"]
