"""An emergency uses on-call hours, at its own notice and price, and says why; where none is taken it is refused."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.actions import create_api_key
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.changed_hours.conflicts import broken_bookings
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Allocation, Booking
from holdfast.catalog.models import Closure, HoursException, HoursKind, Organization, Resource, Service, WorkingHours
from holdfast.core.tenancy import transaction_for
from tests import factories

CUSTOMER = {"name": "Ana Reyes", "email": "ana@example.com", "phone": "01 99 00 12 34", "locale": "en"}
BURST = "The pipe under the sink has burst."


@pytest.fixture
def plumbers(organization: Organization) -> tuple[Resource, Resource]:
    """Both work from 08:00 to 20:00; only Nils is on call, from 20:00 to 24:00."""
    nils = factories.make_resource(organization, slug="nils")
    factories.make_resource(organization, slug="olga")
    factories.put_on_call(nils, time(20), time(0))
    return nils, nils


@pytest.fixture
def service(organization: Organization, plumbers: Any) -> Service:
    return factories.make_service(
        organization, slug="repair", notice_minutes=60 * 48, offers_emergency=True, emergency_notice_minutes=0,
        emergency_horizon_hours=72, emergency_surcharge_percent=50,
    )  # fmt: skip


def free(client: Client, organization: Organization, day: int, kind: str) -> list[str]:
    """The free wall-clock starts of one day."""
    query: dict[str, Any] = {
        "service": "repair",
        "from": factories.local(organization, day, 0).date().isoformat(),
        "days": 1,
    }
    answer = client.get("/api/v1/salon/availability", {**query, "type": kind}).json()
    return [each["starts_at"][11:16] for each in answer["slots"]]


def send(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/salon/{path}", {"service": "repair", **body}, content_type="application/json")


def book(client: Client, starts_at: datetime, **body: Any) -> Any:
    given = {"customer": CUSTOMER, "emergency_reason": BURST, "type": "emergency", "starts_at": starts_at.isoformat()}
    return send(client, "bookings", **{**given, **body})


def test_an_emergency_may_use_regular_and_on_call_hours_and_nobody_else_the_latter(
    client: Client, organization: Organization, service: Service
) -> None:
    assert free(client, organization, 1, "emergency")[:1] == ["08:00"]
    assert free(client, organization, 1, "emergency")[-3:] == ["22:00", "22:30", "23:00"]
    assert free(client, organization, 1, "standard") == []  # within the ordinary notice
    assert free(client, organization, 3, "standard")[-1] == "19:00"
    assert free(client, organization, 4, "emergency") == []  # beyond what is bookable as an emergency


def test_what_is_offered_is_booked_with_whoever_is_on_call_then(
    client: Client, organization: Organization, service: Service
) -> None:
    booked = book(client, factories.local(organization, 1, 22))
    assert booked.status_code == 201, booked.content
    assert booked.json()["type"] == "emergency"
    assert booked.json()["emergency_reason"] == BURST
    assert [each["slug"] for each in booked.json()["resources"]] == ["nils"]
    assert book(client, factories.local(organization, 1, 22)).json()["code"] == "slot_taken"
    assert book(client, factories.local(organization, 1, 3)).json()["code"] == "outside_hours"
    assert book(client, factories.local(organization, 3, 10), type="standard", emergency_reason="").status_code == 201


def test_the_surcharge_is_a_line_of_its_own(client: Client, organization: Organization, service: Service) -> None:
    booked = book(client, factories.local(organization, 1, 21))
    assert booked.json()["price"] == {"amount": 15_000, "currency": "EUR"}
    with transaction_for(organization.id):
        lines = Booking.objects.get().price_lines
        Service.objects.update(emergency_surcharge_percent=0, emergency_surcharge_amount=4_900)
    assert [(line["key"], line["amount"]) for line in lines] == [
        ("per_booking", 10_000),
        ("emergency_surcharge", 5_000),
    ]
    assert lines[1]["percent"] == 50
    assert book(client, factories.local(organization, 1, 22)).json()["price"]["amount"] == 14_900
    slots = client.get("/api/v1/salon/availability?service=repair&type=emergency&days=3").json()["slots"]
    assert {each["price"]["amount"] for each in slots} == {14_900}


@pytest.mark.parametrize(
    ("missing", "fields"),
    [
        ({"customer": {**CUSTOMER, "phone": ""}}, ["customer.phone"]),
        ({"customer": {**CUSTOMER, "phone": "+33 9 00 00 00 00"}}, []),
        ({"customer": {**CUSTOMER, "phone": "+1 111 111 1111"}}, ["customer.phone"]),
        ({"emergency_reason": "  "}, ["emergency_reason"]),
        ({"customer": {**CUSTOMER, "phone": ""}, "emergency_reason": ""}, ["customer.phone", "emergency_reason"]),
        ({"type": "standard", "emergency_reason": BURST}, ["emergency_reason"]),
    ],
)
def test_a_telephone_number_and_a_reason_are_asked_for_by_name(
    client: Client, organization: Organization, service: Service, missing: dict[str, Any], fields: list[str]
) -> None:
    day = 3 if missing.get("type") else 1
    answer = book(client, factories.local(organization, day, 10), **missing)
    assert [each["field"] for each in answer.json().get("errors", [])] == fields
    assert answer.status_code == (422 if fields else 201)


def test_the_database_keeps_no_emergency_that_does_not_say_why(organization: Organization, service: Service) -> None:
    booking = factories.make_emergency(organization, service, factories.local(organization, 1, 22))
    with pytest.raises(Exception, match="booking_emergency_says_why"), transaction_for(organization.id):
        Booking.objects.filter(pk=booking.pk).update(emergency_reason="", version=2)


@pytest.mark.parametrize("path", ["availability", "availability/explain", "holds", "bookings"])
def test_a_service_without_emergencies_says_so_with_the_way_out(
    client: Client, organization: Organization, service: Service, path: str
) -> None:
    with transaction_for(organization.id):
        Service.objects.update(offers_emergency=False)
        Organization.objects.filter(pk=organization.pk).update(phone="+33199009876")
    asked = {"service": "repair", "type": "emergency", "starts_at": factories.local(organization, 1, 10).isoformat()}
    if path.startswith("availability"):
        answer = client.get(f"/api/v1/salon/{path}", asked)
    else:
        answer = send(client, path, **asked, customer=CUSTOMER, emergency_reason=BURST)
    assert (answer.status_code, answer.json()["code"]) == (422, "emergency_not_offered")
    assert answer.json()["detail"] == (
        "This service does not take emergency bookings. Please choose one of its usual times, "
        "or call +33 1 99 00 98 76."
    )


def test_a_held_emergency_is_booked_as_one_and_only_as_one(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 1, 21).isoformat()
    held = send(client, "holds", type="emergency", starts_at=start).json()
    ordinary = send(client, "bookings", starts_at=start, hold=held["id"], customer=CUSTOMER)
    assert ordinary.status_code == 422
    nothing_said = send(client, "bookings", type="emergency", starts_at=start, hold=held["id"], customer=CUSTOMER)
    assert [each["field"] for each in nothing_said.json()["errors"]] == ["emergency_reason"]
    booked = send(
        client, "bookings", type="emergency", starts_at=start, hold=held["id"], customer=CUSTOMER,
        emergency_reason=BURST,
    )  # fmt: skip
    assert (booked.status_code, booked.json()["price"]["amount"]) == (201, 15_000)


def test_a_hold_that_moves_into_on_call_hours_becomes_an_emergency(
    organization: Organization, service: Service
) -> None:
    held = holds.hold(organization=organization, wish=Wish("repair"), starts_at=factories.local(organization, 3, 10))
    moved = holds.hold(
        organization=organization,
        wish=Wish("repair", type="emergency"),
        starts_at=factories.local(organization, 1, 21),
        replaces=held.id,
    )
    assert (moved.id, moved.type, moved.price_amount) == (held.id, "emergency", 15_000)


def test_holidays_and_closures_leave_those_on_call_and_a_closure_may_end_it(
    client: Client, organization: Organization, service: Service
) -> None:
    day = factories.local(organization, 1, 0).date()
    with transaction_for(organization.id):
        closure = Closure.objects.create(organization=organization, starts_on=day, ends_on=day)
    evening = ["20:00", "20:30", "21:00", "21:30", "22:00", "22:30", "23:00"]
    assert free(client, organization, 1, "emergency") == evening
    with transaction_for(organization.id):
        Closure.objects.filter(pk=closure.pk).update(closes_on_call=True)
    assert free(client, organization, 1, "emergency") == []


def test_exceptions_are_of_a_kind(client: Client, organization: Organization, service: Service) -> None:
    day = factories.local(organization, 1, 0).date()
    with transaction_for(organization.id):
        nils = Resource.objects.get(slug="nils")
        HoursException.objects.create(organization=organization, resource=nils, date=day)
    assert free(client, organization, 1, "emergency")[-1] == "23:00"  # a day off is not a night off
    with transaction_for(organization.id):
        HoursException.objects.create(organization=organization, resource=nils, date=day, kind=HoursKind.ON_CALL)
    assert free(client, organization, 1, "emergency")[-1] == "19:00"  # Olga's day is as ever


def test_why_says_the_emergencys_own_notice_and_hours(
    client: Client, organization: Organization, service: Service
) -> None:
    _key, secret = create_api_key(organization_id=organization.id, name="why")
    asked = {"service": "repair", "starts_at": factories.local(organization, 1, 22).isoformat()}
    headers = {"Authorization": f"Bearer {secret}"}
    ordinary = client.get("/api/v1/salon/availability/explain", asked, headers=headers).json()
    urgent = client.get("/api/v1/salon/availability/explain", {**asked, "type": "emergency"}, headers=headers).json()
    assert (ordinary["code"], urgent["code"]) == ("too_soon", None)
    nils, olga = urgent["resources"]
    assert (nils["could_serve"], olga["could_serve"]) == (True, False)


def test_a_change_of_hours_breaks_an_emergency_only_where_nobody_is_on_call_any_more(
    organization: Organization, service: Service
) -> None:
    booking = factories.make_emergency(organization, service, factories.local(organization, 1, 22))

    def broken() -> list[str]:
        with transaction_for(organization.id):
            return [each.reference for each in broken_bookings(organization_id=organization.id)]

    assert broken() == []
    with transaction_for(organization.id):
        WorkingHours.objects.filter(kind=HoursKind.ON_CALL).delete()
    assert broken() == [booking.reference]


def test_an_emergency_moves_within_its_own_hours(client: Client, organization: Organization, service: Service) -> None:
    with transaction_for(organization.id):
        Organization.objects.filter(pk=organization.pk).update(cancellation_notice_minutes=0)
    booked = book(client, factories.local(organization, 1, 22)).json()
    token = booked["manage_url"].split("/")[-2]
    later = factories.local(organization, 2, 22)
    moved = client.post(
        f"/api/v1/salon/bookings/{booked['reference']}/reschedule",
        {"version": 1, "starts_at": later.isoformat()},
        content_type="application/json",
        headers={"X-Manage-Token": token},
    )
    assert (moved.status_code, moved.json()["starts_at"]) == (200, later.isoformat())
    with transaction_for(organization.id):
        allocation = Allocation.objects.get(active=True)
        assert allocation.resource.slug == "nils"
        assert Booking.objects.get().ends_at == later + timedelta(hours=1)
