"""Extras through HTTP: chosen, priced, claimed like a resource, given back; and a plain booking costs nothing more."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from holdfast.bookings import actions
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Allocation, Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Extra, Organization, Resource, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.pricing.tax_words import included_words
from tests import factories

ANA = {"name": "Ana Reyes", "email": "ana@example.com", "locale": "en"}
STAFF = Actor("staff", "Sam")


@pytest.fixture
def service(organization: Organization) -> Service:
    for name in ("lea", "max", "noa", "zoe"):
        factories.make_resource(organization, slug=name)
    return factories.make_service(organization, slug="massage", largest_party=4)


@pytest.fixture
def seat(organization: Organization, service: Service) -> Extra:
    return factories.make_extra(organization, slug="child-seat", stock=3)


def post(client: Client, path: str, organization: Organization, hour: int = 10, **body: Any) -> Any:
    sent = {"service": "massage", "starts_at": factories.monday(organization, hour).isoformat(), **body}
    return client.post(f"/api/v1/salon/{path}", sent, content_type="application/json")


def book(client: Client, organization: Organization, hour: int = 10, **body: Any) -> Any:
    return post(client, "bookings", organization, hour, customer=ANA, **body)


def remaining(client: Client, organization: Organization, extras: str = "") -> dict[str, int]:
    day = factories.monday(organization, 0).date().isoformat()
    path = f"/api/v1/salon/availability?service=massage&from={day}&days=1"
    answer = client.get(f"{path}&extras={extras}" if extras else path)
    assert answer.status_code == 200, answer.json()
    return {slot["starts_at"][11:16]: slot["remaining"] for slot in answer.json()["slots"]}


def in_use(organization: Organization) -> int:
    with transaction_for(organization.id):
        return Allocation.objects.filter(active=True, resource__kind="stock").count()


def test_an_extra_is_priced_and_kept_in_the_words_it_was_sold_by(
    client: Client, organization: Organization, service: Service, seat: Extra
) -> None:
    booked = book(client, organization, extras={"child-seat": 2})
    assert booked.status_code == 201, booked.json()
    assert booked.json()["extras"] == [{"slug": "child-seat", "name": "Child seat", "count": 2}]
    assert booked.json()["price"]["amount"] == 13_000
    assert [(line["words"], line["amount"]) for line in booked.json()["price_lines"]] == [
        ("Massage", 10_000), ("Child seat: 2 at €15 each", 3000),
    ]  # fmt: skip
    assert [each["slug"] for each in booked.json()["resources"]] in (["lea"], ["max"], ["noa"], ["zoe"])
    assert in_use(organization) == 2


def test_a_time_is_offered_with_extras_exactly_while_there_are_enough(
    client: Client, organization: Organization, service: Service, seat: Extra
) -> None:
    assert remaining(client, organization, "child-seat:2")["10:00"] == 1
    assert book(client, organization, extras={"child-seat": 2}).status_code == 201
    left = remaining(client, organization, "child-seat:2")
    assert {"09:30", "10:00", "10:30"}.isdisjoint(left)
    assert left["11:00"] == 1
    assert remaining(client, organization)["10:00"] == 3
    assert remaining(client, organization, "child-seat:1")["10:00"] == 1
    refused = book(client, organization, extras={"child-seat": 2})
    assert refused.status_code == 409
    said = refused.json()
    assert (said["code"], said["extra"], said["name"]) == ("extra_not_available", "child-seat", "Child seat")
    assert [start[11:16] for start in said["alternatives"]] == ["08:00", "08:30", "09:00", "11:00", "11:30"]
    assert book(client, organization, extras={"child-seat": 1}).status_code == 201
    assert (in_use(organization), remaining(client, organization)["10:00"]) == (3, 2)


def test_the_stock_is_one_for_all_services(
    client: Client, organization: Organization, service: Service, seat: Extra
) -> None:
    factories.make_service(organization, slug="cut")
    assert book(client, organization, extras={"child-seat": 2}).status_code == 201
    other = book(client, organization, service="cut", extras={"child-seat": 2})
    assert other.json()["code"] == "extra_not_available"


@pytest.mark.parametrize(
    ("extras", "field", "message"),
    [
        ({"child-seat": 3}, "extras.child-seat", "2 at most"),
        ({"projector": 1}, "extras.projector", "is not offered with this service"),
        ({"boat": 1}, "extras.boat", "is not offered with this service"),
        ({"wine": 1}, "extras.wine", "is not offered with this service"),
    ],
)
def test_what_is_not_offered_is_refused_by_its_name(
    client: Client, organization: Organization, service: Service, seat: Extra, extras: Any, field: str, message: str
) -> None:
    other = factories.make_service(organization, slug="cut")
    factories.make_extra(organization, other, slug="projector")
    factories.make_extra(organization, slug="wine", is_active=False)
    for path in ("bookings", "holds", "quotes"):
        refused = post(client, path, organization, extras=extras, customer=ANA)
        assert refused.status_code == 422
        assert refused.json()["errors"] == [{"field": field, "message": message}]
    asked = client.get("/api/v1/salon/availability?service=massage&extras=boat:x")
    assert [each["field"] for each in asked.json()["errors"]] == ["extras"]


def test_a_hold_keeps_its_extras_and_an_expired_one_gives_them_back(
    client: Client, organization: Organization, service: Service, seat: Extra
) -> None:
    held = post(client, "holds", organization, extras={"child-seat": 2}).json()
    assert held["extras"] == [{"slug": "child-seat", "name": "Child seat", "count": 2}]
    assert held["price"]["amount"] == 13_000
    assert book(client, organization, extras={"child-seat": 2}).json()["code"] == "extra_not_available"
    assert book(client, organization, hold=held["id"], extras={"child-seat": 1}).json()["errors"][0]["field"] == "hold"
    booked = book(client, organization, hold=held["id"])
    assert (booked.status_code, booked.json()["price"]["amount"], in_use(organization)) == (201, 13_000, 2)
    other = post(client, "holds", organization, 12, extras={"child-seat": 2}).json()
    assert other["extras"]
    with clock.stopped(clock.now() + timedelta(hours=1)):
        assert remaining(client, organization, "child-seat:2")["12:00"] == 1
        assert book(client, organization, 12, extras={"child-seat": 2}).status_code == 201


def test_a_hold_that_is_exchanged_takes_other_extras(organization: Organization, service: Service, seat: Extra) -> None:
    start = factories.monday(organization, 10)
    wish = factories.wish("massage", extras=(("child-seat", 2),))
    held = holds.hold(organization=organization, wish=wish, starts_at=start)
    moved = holds.hold(organization=organization, wish=factories.wish("massage"), starts_at=start, replaces=held.id)
    assert (moved.id, moved.extras, moved.price_amount, in_use(organization)) == (held.id, [], 10_000, 0)


def test_moving_reassigning_and_cancelling_take_the_extras_along(
    client: Client, organization: Organization, service: Service, seat: Extra
) -> None:
    booking = factories.make_booking(
        organization, service, factories.monday(organization, 10), extras=(("child-seat", 2),)
    )
    blocking = factories.make_booking(
        organization, service, factories.monday(organization, 14), extras=(("child-seat", 2),)
    )
    token = f"/api/v1/salon/bookings/{booking.reference}/"
    key = {"Authorization": f"Bearer {factories.make_key(organization)}"}
    body = {"version": 1, "starts_at": factories.monday(organization, 14).isoformat()}
    refused = client.post(f"{token}reschedule", body, content_type="application/json", headers=key)
    assert (refused.status_code, refused.json()["code"]) == (409, "extra_not_available")
    actions.cancel(organization=organization, booking_id=blocking.id, version=1, actor=STAFF)
    with transaction_for(organization.id):
        Extra.objects.update(is_active=False, amount=9900)  # what was booked stands
    moved = client.post(f"{token}reschedule", body, content_type="application/json", headers=key)
    assert moved.status_code == 200, moved.json()
    assert (moved.json()["price"]["amount"], in_use(organization)) == (13_000, 2)
    assert remaining(client, organization)["10:00"] == 4
    serving = moved.json()["resources"][0]["slug"]
    other = next(name for name in ("lea", "max") if name != serving)
    changed = client.post(
        f"{token}reassign", {"version": 2, "resource": other}, content_type="application/json", headers=key
    )
    assert ([each["slug"] for each in changed.json()["resources"]], in_use(organization)) == ([other], 2)
    cancelled = client.post(f"{token}cancel", {"version": 3}, content_type="application/json", headers=key)
    assert (cancelled.status_code, in_use(organization)) == (200, 0)


def test_a_quote_is_for_the_extras_it_was_given_for(
    client: Client, organization: Organization, service: Service, seat: Extra
) -> None:
    quote = post(client, "quotes", organization, extras={"child-seat": 1}).json()
    assert quote["price"]["amount"] == 11_500
    refused = book(client, organization, quote=quote["quote"], extras={"child-seat": 2})
    assert refused.json()["errors"][0]["field"] == "quote"
    with transaction_for(organization.id):
        Extra.objects.update(amount=9900)
    booked = book(client, organization, quote=quote["quote"], extras={"child-seat": 1})
    assert (booked.status_code, booked.json()["price"]["amount"]) == (201, 11_500)


def test_one_more_extra_is_another_request(
    client: Client, organization: Organization, service: Service, seat: Extra
) -> None:
    headers = {"Idempotency-Key": "once"}
    body = {"service": "massage", "starts_at": factories.monday(organization, 10).isoformat(), "customer": ANA}

    def send(count: int) -> Any:
        sent = {**body, "extras": {"child-seat": count}}
        return client.post("/api/v1/salon/bookings", sent, content_type="application/json", headers=headers)

    first, again, other = send(1), send(1), send(2)
    assert (first.status_code, other.status_code) == (201, 422)
    assert again.json()["reference"] == first.json()["reference"]
    assert in_use(organization) == 1


def test_a_stock_is_nobody_who_serves(
    client: Client, organization: Organization, service: Service, seat: Extra
) -> None:
    with transaction_for(organization.id):
        assert not Resource.objects.filter(kind="stock").exists()
        assert Resource.with_stocks.get(kind="stock").lanes == 3
    refused = book(client, organization, resource="stock:child-seat", extras={"child-seat": 1})
    assert refused.status_code == 404


def test_why_names_the_extra_and_who_has_it(
    client: Client, organization: Organization, service: Service, seat: Extra
) -> None:
    booking = factories.make_booking(
        organization, service, factories.monday(organization, 10), extras=(("child-seat", 2),)
    )
    asked = {
        "service": "massage",
        "starts_at": factories.monday(organization, 10).isoformat(),
        "extras": "child-seat:2",
    }
    path = "/api/v1/salon/availability/explain"
    told = client.get(path, asked).json()
    assert (told["offered"], told["code"]) == (False, "extra_not_available")
    assert told["sentence"] == "At this time there are not so many left of “Child seat”. The time itself is free."
    assert "rules" not in told
    key = {"Authorization": f"Bearer {factories.make_key(organization)}"}
    [rule] = [each for each in client.get(path, asked, headers=key).json()["rules"] if each["rule"] == "extra"]
    assert {name: rule[name] for name in ("holds", "extra", "places", "free", "wanted")} == {
        "holds": False, "extra": "child-seat", "places": 3, "free": 1, "wanted": 2,
    }  # fmt: skip
    assert [each["reference"] for each in rule["taken_by"]] == [booking.reference] * 2
    fewer = client.get(path, {**asked, "extras": "child-seat:1"}, headers=key).json()
    assert fewer["offered"]
    assert {each["slug"] for each in fewer["resources"]} == {"lea", "max", "noa", "zoe"}


def test_every_date_of_a_series_takes_its_extras(
    client: Client, organization: Organization, service: Service, seat: Extra
) -> None:
    with transaction_for(organization.id):
        Service.objects.update(allows_series=True)
    week = factories.monday(organization, 10) + timedelta(days=7)
    factories.make_booking(organization, service, week, extras=(("child-seat", 2),))
    wish: dict[str, Any] = {"extras": {"child-seat": 2}, "recurrence": {"rrule": "FREQ=WEEKLY;COUNT=3"}}
    preview = post(client, "bookings/preview-series", organization, **wish).json()
    assert [(each["status"], each["code"]) for each in preview["dates"]] == [
        ("ok", None), ("conflict", "extra_not_available"), ("ok", None),
    ]  # fmt: skip
    assert preview["total"]["amount"] == 26_000
    wish["recurrence"] = {
        "rrule": "FREQ=WEEKLY;COUNT=3", "resolutions": [{"date": week.date().isoformat(), "action": "skip"}],
    }  # fmt: skip
    booked = book(client, organization, **wish)
    assert booked.status_code == 201, booked.json()
    assert (booked.json()["series"]["total"]["amount"], in_use(organization)) == (26_000, 6)


def test_a_drink_is_taxed_as_a_drink(client: Client, organization: Organization, service: Service) -> None:
    factories.make_tax(organization, "10", service=service)
    factories.make_tax(organization, "20", tax_class="drinks")
    factories.make_extra(organization, slug="wine", amount=3000, per="person", tax_class="Drinks")
    booked = book(client, organization, extras={"wine": 1}, party_size=2).json()
    with transaction_for(organization.id):
        lines = Booking.objects.get(reference=booked["reference"]).price_lines
    assert [(line["amount"], line["tax"]) for line in lines] == [(10_000, 909), (6000, 1000)]
    assert included_words(lines, "EUR") == ["of which VAT 10%: €9.09", "of which VAT 20%: €10.00"]
    assert booked["price_lines"][1]["words"] == "Child seat: 1 at €30 a person"


@pytest.mark.parametrize(
    ("per", "included", "count", "amount", "words"),
    [
        ("booking", 0, 2, 1500, "Child seat"),
        ("unit", 0, 1, 1500, "Child seat"),
        ("unit", 1, 2, 1500, "Child seat: 1 at €15 each"),
        ("unit", 2, 2, 0, "Child seat: included"),
        ("hour", 0, 2, 6000, "Child seat: 2 at €15 an hour"),
    ],
)
def test_what_an_extra_costs(
    client: Client, organization: Organization, per: str, included: int, count: int, amount: int, words: str
) -> None:
    factories.make_resource(organization)
    factories.make_service(organization, slug="massage", duration_minutes=120)
    factories.make_extra(organization, slug="child-seat", per=per, included=included)
    line = book(client, organization, extras={"child-seat": count}).json()["price_lines"][1]
    assert (line["kind"], line["amount"], line["words"]) == ("extra", amount, words)


def test_who_takes_no_extras_asks_the_database_nothing_more(organization: Organization, service: Service) -> None:
    def statements(hour: int, **wish: Any) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            factories.make_booking(organization, service, factories.monday(organization, hour), **wish)
        return [query["sql"] for query in asked.captured_queries]

    statements(8)  # the plan is in memory from here on
    plain = statements(9)
    factories.make_extra(organization, slug="child-seat", stock=3)
    statements(10)
    assert len(statements(11)) == len(plain)
    assert len(statements(12, extras=(("child-seat", 2),))) == len(plain)
