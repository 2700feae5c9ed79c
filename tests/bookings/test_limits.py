"""Limits: what is full is not offered, what is offered can be booked, and staff may go beyond with a reason."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from holdfast.accounts.actions import create_api_key
from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.errors import ServiceDayLimit
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking, LimitOverride
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories

API = "/api/v1/salon"


@pytest.fixture
def service(organization: Organization) -> Service:
    for _ in range(3):
        factories.make_resource(organization)
    return factories.make_service(organization, slug="massage")


def book(
    client: Client, start: datetime, *, email: str = "ana@example.com", secret: str = "", **body: Any
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    customer = {"name": "Ana Reyes", "email": email, "phone": body.pop("phone", "")}
    sent = {"service": "massage", "starts_at": start.isoformat(), "customer": customer, **body}
    answer = client.post(f"{API}/bookings", sent, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def free_days(client: Client, days: int = 7, **query: Any) -> set[date]:
    answer = client.get(f"{API}/availability", {"service": "massage", "days": days, **query})
    assert answer.status_code == 200, answer.content
    return {datetime.fromisoformat(slot["starts_at"]).date() for slot in answer.json()["slots"]}


def key(organization: Organization, *, may_write: bool = True) -> str:
    return create_api_key(organization_id=organization.id, name="Front desk", may_write=may_write)[1]


def test_a_service_whose_day_is_full_offers_nothing_on_it_and_says_why(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_limit(organization, kind="service", service=service, most=2)
    start = factories.local(organization, 3, 10)
    assert start.date() in free_days(client)
    assert [book(client, start + timedelta(hours=n))[0] for n in range(2)] == [201, 201]
    assert start.date() not in free_days(client)
    status, refused = book(client, start + timedelta(hours=4))
    assert (status, refused["code"]) == (422, "service_day_limit")
    assert (refused["day"], refused["most"]) == (start.date().isoformat(), 2)
    assert refused["limit"] == "Massage: at most 2 bookings a day"
    nearest = [datetime.fromisoformat(each).date() for each in refused["alternatives"]]
    assert len(nearest) == 5
    assert start.date() not in nearest


def test_a_service_may_count_people(client: Client, organization: Organization) -> None:
    factories.make_resource(organization, kind="room", lanes=40)
    tour = factories.make_service(
        organization, slug="massage", needs=[{"kind": "room", "per_person": True}], largest_party=10
    )
    factories.make_limit(organization, kind="service", service=tour, most=6, counts="people")
    start = factories.local(organization, 3, 10)
    assert book(client, start, party_size=4)[0] == 201
    assert start.date() in free_days(client, party_size=2)
    assert start.date() not in free_days(client, party_size=3)
    assert book(client, start, party_size=3)[1]["code"] == "service_day_limit"
    assert book(client, start, party_size=2)[0] == 201


def test_remaining_counts_no_further_than_the_limit(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_limit(organization, kind="service", service=service, most=2)
    start = factories.local(organization, 3, 10)
    day = {"service": "massage", "from": start.date().isoformat(), "days": "1"}
    slots = client.get(f"{API}/availability", day).json()["slots"]
    assert {slot["remaining"] for slot in slots} == {2}
    book(client, start)
    slots = client.get(f"{API}/availability", day).json()["slots"]
    assert {slot["remaining"] for slot in slots} == {1}


def test_a_full_team_leaves_the_work_to_another(client: Client, organization: Organization) -> None:
    north, south = (factories.make_team(organization, slug=slug) for slug in ("north", "south"))
    for team in (north, south):
        for _ in range(4):
            factories.make_resource(organization, team=team)
    factories.make_service(organization, slug="massage")
    factories.make_limit(organization, kind="team", team=north, most=1)
    factories.make_limit(organization, kind="team", team=south, most=2)
    start = factories.local(organization, 3, 10)
    assert [book(client, start)[0] for _ in range(3)] == [201, 201, 201]
    with transaction_for(organization.id):
        teams = list(Booking.objects.values_list("allocations__resource__team__slug", flat=True))
    assert sorted(teams) == ["north", "south", "south"]
    status, refused = book(client, start)
    assert (status, refused["code"]) == (422, "team_day_limit")
    assert refused["limit"] in {"North: at most 1 booking a day", "South: at most 2 bookings a day"}
    assert start.date() not in free_days(client)


def test_a_booking_counts_on_the_local_day_it_starts(client: Client, organization: Organization) -> None:
    """In Paris: 23:30 is the evening of its day, whatever UTC says, and its end after midnight counts nowhere."""
    for _ in range(3):
        factories.make_resource(organization, hours=(time(0), time(0)))
    service = factories.make_service(organization, slug="massage")
    factories.make_limit(organization, kind="service", service=service, most=1)
    evening = factories.local(organization, 3, 23, 30)
    assert book(client, evening)[0] == 201
    assert book(client, evening - timedelta(hours=23))[1]["code"] == "service_day_limit"
    assert book(client, evening + timedelta(minutes=30))[0] == 201


def test_what_is_cancelled_or_has_run_out_does_not_count(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_limit(organization, kind="service", service=service, most=1)
    start = factories.local(organization, 3, 10)
    with clock.stopped(clock.now() - timedelta(minutes=10)):
        holds.hold(organization=organization, wish=Wish(service="massage"), starts_at=start)
        assert book(client, start + timedelta(hours=2))[1]["code"] == "service_day_limit"
    assert start.date() in free_days(client)  # it has run out, and nobody has noticed
    status, booked = book(client, start + timedelta(hours=2))
    assert status == 201
    token = booked["manage_url"].split("/")[-2]
    cancel = f"{API}/bookings/{booked['reference']}/cancel"
    answer = client.post(cancel, {"version": 1}, content_type="application/json", headers={"X-Manage-Token": token})
    assert answer.status_code == 200
    assert book(client, start)[0] == 201


def test_a_hold_counts_once_and_booking_it_needs_no_more_room(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_limit(organization, kind="service", service=service, most=1)
    start = factories.local(organization, 3, 10)
    held = holds.hold(organization=organization, wish=Wish(service="massage"), starts_at=start)
    assert start.date() not in free_days(client)
    assert book(client, start, hold=str(held.id))[0] == 201
    assert book(client, start)[1]["code"] == "service_day_limit"


def test_a_move_within_a_full_day_is_free_and_into_another_full_day_refused(
    organization: Organization, service: Service
) -> None:
    factories.make_limit(organization, kind="service", service=service, most=1)
    start = factories.local(organization, 3, 10)
    booked = factories.make_booking(organization, service, start)
    factories.make_booking(organization, service, start + timedelta(days=1))
    staff = Actor("staff", "Sam")
    move = {"organization": organization, "booking_id": booked.id, "actor": staff}
    moved = actions.reschedule(**move, starts_at=start + timedelta(hours=3), version=1)  # type: ignore[arg-type]
    assert moved.version == 2
    with pytest.raises(ServiceDayLimit):
        actions.reschedule(**move, starts_at=start + timedelta(days=1, hours=3), version=2)  # type: ignore[arg-type]
    actions.reschedule(**move, starts_at=start + timedelta(days=2), version=2)  # type: ignore[arg-type]
    factories.make_booking(organization, service, start)


def test_a_limit_that_is_added_or_lowered_counts_what_was_booked_before(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 3, 10)
    for n in range(3):
        assert book(client, start + timedelta(hours=n))[0] == 201
    limit = factories.make_limit(organization, kind="service", service=service, most=3)
    assert book(client, start)[1]["code"] == "service_day_limit"
    with transaction_for(organization.id):
        limit.most = 2
        limit.save()
    organization.refresh_from_db()
    assert start.date() not in free_days(client)
    with transaction_for(organization.id):
        limit.most = 4
        limit.save()
    assert start.date() in free_days(client)
    assert book(client, start)[0] == 201


def test_a_customer_is_known_by_address_however_it_is_written_and_by_number(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_limit(organization, kind="customer", most=1, period="week")
    start = factories.monday(organization, 10)
    assert book(client, start, email="Ana@Example.com ", phone="+33199001234")[0] == 201
    status, refused = book(client, start + timedelta(days=3), email="ana@example.com")
    assert (status, refused["code"]) == (422, "customer_limit")
    assert refused["limit"] == "Each customer: at most 1 booking a week"
    offered = [datetime.fromisoformat(each) for each in refused["alternatives"]]
    assert offered
    assert all(each.isocalendar().week != start.isocalendar().week for each in offered)
    status, refused = book(client, start + timedelta(days=1), email="other@example.com", phone="01 99 00 12 34")
    assert refused["code"] == "customer_limit"
    assert book(client, start + timedelta(days=1), email="someone@example.com")[0] == 201
    assert book(client, start + timedelta(days=7), email="ana@example.com")[0] == 201


def test_a_customers_rolling_days_count_from_any_day_in_them(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_limit(organization, kind="customer", service=service, most=2, period="rolling", rolling_days=5)
    start = factories.local(organization, 10, 10)
    assert book(client, start)[0] == 201
    assert book(client, start + timedelta(days=4))[0] == 201
    for days in (0, 1, 2, 3, 4):
        assert book(client, start + timedelta(days=days, hours=2))[1]["code"] == "customer_limit"
    assert book(client, start - timedelta(days=1))[0] == 201  # days -1..3 have one besides it, 0..4 are not touched


def test_a_customers_limit_is_asked_when_a_hold_is_booked(
    client: Client, organization: Organization, service: Service
) -> None:
    """Nobody is known when a time is held; the hold of whoever may not book any more is refused then."""
    factories.make_limit(organization, kind="customer", most=1, period="month")
    start = factories.local(organization, 3, 10)
    assert book(client, start)[0] == 201
    held = holds.hold(organization=organization, wish=Wish(service="massage"), starts_at=start)
    assert book(client, start, hold=str(held.id))[1]["code"] == "customer_limit"
    assert book(client, start, hold=str(held.id), email="else@example.com")[0] == 201


def test_staff_go_beyond_a_limit_with_a_reason_and_it_is_written_down(
    client: Client, organization: Organization, service: Service
) -> None:
    limit = factories.make_limit(organization, kind="service", service=service, most=1)
    start = factories.local(organization, 3, 10)
    secret = key(organization)
    assert book(client, start)[0] == 201
    assert book(client, start, secret=secret)[1]["code"] == "service_day_limit"
    status, booked = book(client, start, secret=secret, override={"reason": "The bride's mother"})
    assert status == 201, booked
    with transaction_for(organization.id):
        row = LimitOverride.objects.select_related("booking").get()
        event = Event.objects.get(kind="limit.overridden")
    assert (row.booking.reference, row.limit_id, row.code) == (booked["reference"], limit.id, "service_day_limit")
    assert (row.day, row.most, row.used) == (start.date(), 1, 1)
    assert (row.actor_name, row.reason) == ("Front desk", "The bride's mother")
    assert row.words["fr"] == "Massage\u00a0: 1 réservation par jour au plus"
    assert event.payload["reason"] == "The bride's mother"
    assert event.payload["used"] == 1
    assert booked["overrides"][0]["code"] == "service_day_limit"


def test_an_override_needs_a_reason_and_a_key_that_may_write(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_limit(organization, kind="service", service=service, most=1)
    start = factories.local(organization, 3, 10)
    assert book(client, start)[0] == 201
    secret = key(organization)
    assert book(client, start, secret=secret, override={"reason": " "})[0] == 422
    assert book(client, start, secret=secret, override={})[0] == 422
    assert book(client, start, override={"reason": "because"})[0] == 403
    assert book(client, start, secret=key(organization, may_write=False), override={"reason": "because"})[0] == 403
    with transaction_for(organization.id):
        assert not LimitOverride.objects.exists()


def test_an_override_that_was_not_needed_leaves_no_trace(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_limit(organization, kind="service", service=service, most=1)
    secret = key(organization)
    assert (
        book(client, factories.local(organization, 3, 10), secret=secret, override={"reason": "just in case"})[0] == 201
    )
    with transaction_for(organization.id):
        assert not LimitOverride.objects.exists()


def test_no_override_gives_a_place_that_is_taken(client: Client, organization: Organization) -> None:
    factories.make_resource(organization)
    service = factories.make_service(organization, slug="massage")
    factories.make_limit(organization, kind="service", service=service, most=1)
    start = factories.local(organization, 3, 10)
    secret = key(organization)
    assert book(client, start)[0] == 201
    assert book(client, start, secret=secret, override={"reason": "please"})[1]["code"] == "slot_taken"


def test_a_booking_may_be_moved_beyond_a_limit_by_staff(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_limit(organization, kind="service", service=service, most=1)
    start = factories.local(organization, 3, 10)
    assert book(client, start)[0] == 201
    other = book(client, start + timedelta(days=1))[1]
    path = f"{API}/bookings/{other['reference']}/reschedule"
    body = {"version": 1, "starts_at": start.isoformat()}
    by_key = {"Authorization": f"Bearer {key(organization)}"}
    refused = client.post(path, body, content_type="application/json", headers=by_key)
    assert refused.json()["code"] == "service_day_limit"
    body |= {"override": {"reason": "Agreed by telephone"}}
    token = other["manage_url"].split("/")[-2]
    by_link = client.post(path, body, content_type="application/json", headers={"X-Manage-Token": token})
    assert by_link.status_code == 403
    moved = client.post(path, body, content_type="application/json", headers=by_key)
    assert moved.status_code == 200, moved.content
    assert moved.json()["overrides"][0]["reason"] == "Agreed by telephone"


def test_the_explanation_names_the_limit_with_its_counts_and_the_bookings_responsible(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_limit(organization, kind="service", service=service, most=1)
    start = factories.local(organization, 3, 10)
    booked = book(client, start)[1]
    query = {"service": "massage", "starts_at": (start + timedelta(hours=3)).isoformat()}
    polite = client.get(f"{API}/availability/explain", query).json()
    assert polite["code"] == "service_day_limit"
    assert polite["sentence"] == "This day is fully booked for this service"
    assert "rules" not in polite or polite["rules"] is None
    full = client.get(
        f"{API}/availability/explain", query, headers={"Authorization": f"Bearer {key(organization)}"}
    ).json()
    [rule] = [each for each in full["rules"] if each["rule"] == "limit"]
    assert rule == {
        "rule": "limit",
        "holds": False,
        "limit": "Massage: at most 1 booking a day",
        "day": start.date().isoformat(),
        "used": 1,
        "most": 1,
        "taken_by": [
            {
                "reference": booked["reference"],
                "state": "confirmed",
                "starts_at": start.astimezone(UTC).isoformat(timespec="seconds"),
                "ends_at": (start + timedelta(hours=1)).astimezone(UTC).isoformat(timespec="seconds"),
            }
        ],
    }


def test_of_a_full_team_the_explanation_names_what_counts_and_nothing_else(
    client: Client, organization: Organization
) -> None:
    team = factories.make_team(organization, slug="north")
    resource = factories.make_resource(organization, team=team, is_public=True)
    service = factories.make_service(organization, slug="massage", needs=[{"kind": "person", "is_choosable": True}])
    factories.make_resource(organization)  # in no team
    factories.make_limit(organization, kind="team", team=team, most=2)
    start = factories.local(organization, 3, 10)
    counting = [
        factories.make_booking(organization, service, start + timedelta(hours=n), resource=resource.slug)
        for n in (0, 2)
    ]
    cancelled = factories.make_booking(organization, service, start + timedelta(days=1), resource=resource.slug)
    actions.cancel(organization=organization, booking_id=cancelled.id, version=1, actor=Actor("staff"))
    query = {"service": "massage", "starts_at": (start + timedelta(hours=4)).isoformat()}
    by_key = {"Authorization": f"Bearer {key(organization)}"}
    full = client.get(f"{API}/availability/explain", query, headers=by_key).json()
    of_team = next(each for each in full["resources"] if each["slug"] == resource.slug)
    [limit] = [each for each in of_team["rules"] if each["rule"] == "limit"]
    assert (limit["holds"], limit["used"]) == (False, 2)
    assert [each["reference"] for each in limit["taken_by"]] == [each.reference for each in counting]
    later = {**query, "starts_at": (start + timedelta(days=1)).isoformat()}
    full = client.get(f"{API}/availability/explain", later, headers=by_key).json()
    rules = next(each for each in full["resources"] if each["slug"] == resource.slug)["rules"]
    assert "taken_by" not in next(each for each in rules if each["rule"] == "limit"), "a limit that holds blames nobody"


def test_organizations_without_limits_pay_nothing_for_them(organization: Organization, service: Service) -> None:
    """A service without limits costs the statements it always did; a limit adds its lock, a customer limit a count."""
    start = factories.local(organization, 3, 10)

    def statements(hours: int) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            factories.make_booking(organization, service, start + timedelta(hours=hours))
        return [query["sql"] for query in asked.captured_queries]

    statements(0)  # the plan is in memory from here on
    plain = statements(1)
    assert not any("catalog_limit" in sql or "holdfast_lock_limits" in sql for sql in plain)
    factories.make_limit(organization, kind="service", service=service, most=9)
    statements(2)
    assert len(statements(3)) == len(plain) + 1
    factories.make_limit(organization, kind="customer", most=9)
    statements(4)
    assert len(statements(5)) == len(plain) + 2
