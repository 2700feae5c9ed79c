"""Prices by where a booking goes, how far, and what serves: shown, held, quoted and booked alike, or refused."""

from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.models import User
from holdfast.bookings import actions
from holdfast.bookings.details import facts
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import NamedPlace, Organization, Service
from holdfast.core.tenancy import transaction_for
from holdfast.pricing.models import KnownDistance
from tests import factories

CUSTOMER = {"name": "Ana Reyes", "email": "ana@example.com", "locale": "en"}
RIDE: dict[str, Any] = {"pickup": {"place": "louvre"}, "dropoff": {"place": "terminal", "address": "Door 6"}}


@pytest.fixture
def ride(organization: Organization) -> Service:
    factories.make_resource(organization, slug="lea")
    factories.make_places(organization)
    return factories.make_service(organization, slug="ride", price_amount=9900, asks_places="way")


def send(client: Client, organization: Organization, what: str = "bookings", **body: Any) -> Any:
    sent = {"service": "ride", "starts_at": factories.monday(organization, 10).isoformat(), **body}
    if what == "bookings":
        sent["customer"] = CUSTOMER
    return client.post(f"/api/v1/salon/{what}", sent, content_type="application/json")


def prices(client: Client, organization: Organization, query: str = "") -> list[int | None]:
    day = factories.monday(organization, 10).date().isoformat()
    found = client.get(f"/api/v1/salon/availability?service=ride&from={day}&days=1{query}").json()
    return list(dict.fromkeys(each["price"] and each["price"]["amount"] for each in found["slots"]))


def test_a_way_costs_what_the_table_says_wherever_it_is_asked_for(
    client: Client, organization: Organization, ride: Service
) -> None:
    factories.make_ways(organization)
    assert prices(client, organization, "&pickup=louvre&dropoff=terminal") == [7000]
    assert prices(client, organization, "&pickup=48.5,%202.5&dropoff=48.5,4.5") == [7000]
    quote = send(client, organization, "quotes", **RIDE).json()
    assert quote["price"]["amount"] == 7000
    hold = send(client, organization, "holds", **RIDE).json()
    assert hold["price"]["amount"] == 7000
    booked = send(client, organization, hold=hold["id"], quote=quote["quote"], **RIDE)
    assert booked.status_code == 201, booked.json()
    assert booked.json()["price"]["amount"] == 7000
    assert [line["words"] for line in booked.json()["price_lines"]] == ["Fixed price: Centre – Airport"]
    assert booked.json()["dropoff"] == {
        "place": "terminal", "name": "Terminal", "latitude": "48.5", "longitude": "4.5", "address": "Door 6",
    }  # fmt: skip


def test_the_way_back_costs_the_same_unless_the_table_says_otherwise(
    client: Client, organization: Organization, ride: Service
) -> None:
    rule = factories.make_ways(organization)
    back = "&pickup=terminal&dropoff=louvre"
    assert prices(client, organization, back) == [7000]
    with transaction_for(organization.id):
        type(rule).objects.filter(pk=rule.pk).update(both_ways=False)
    assert prices(client, organization, back) == [9900]


def test_times_are_shown_without_prices_until_it_is_said_where_to(
    client: Client, organization: Organization, ride: Service
) -> None:
    factories.make_ways(organization)
    day = factories.monday(organization, 10).date().isoformat()
    for query in ("", "&pickup=louvre"):
        found = client.get(f"/api/v1/salon/availability?service=ride&from={day}&days=1{query}").json()
        assert found["slots"]
        assert "price" not in found["slots"][0]


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"dropoff": {"place": "louvre"}}, "pickup", "Please say where"),
        (
            {"pickup": {"address": "1 rue de Rivoli"}, "dropoff": {"place": "louvre"}},
            "pickup",
            "An address cannot be looked up here: add the nearest named place, or latitude and longitude.",
        ),
        (
            {"pickup": {"place": "louvre"}, "dropoff": {"place": "nowhere"}},
            "dropoff",
            "This place is not known. Use one of the named places, or latitude and longitude: 48.8566, 2.3522",
        ),
        (
            {"pickup": {"place": "louvre"}, "dropoff": {"place": "91, 2"}},
            "dropoff",
            "This place is not known. Use one of the named places, or latitude and longitude: 48.8566, 2.3522",
        ),
    ],
)
@pytest.mark.parametrize("what", ["bookings", "quotes", "holds"])
def test_what_a_price_needs_and_does_not_have_is_named(
    client: Client, organization: Organization, ride: Service, what: str, said: Any, field: str, words: str
) -> None:
    factories.make_ways(organization)
    answer = send(client, organization, what, **said)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_error")
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert error["message"].startswith(words)


@pytest.mark.parametrize(
    ("pickup", "dropoff", "stops", "words"),
    [
        ("castle", "louvre", ["pickup"], "The pick-up is outside the area where prices are fixed (Centre, Airport)."),
        ("louvre", "castle", ["dropoff"], "The drop-off is outside the area where prices are fixed (Centre, Airport)."),
        ("48.5, 6.5", "castle", ["pickup", "dropoff"], "This is outside the area where prices are fixed"),
        ("terminal", "terminal", ["pickup", "dropoff"], "There is no fixed price from there to there."),
    ],
)
def test_where_the_table_is_all_there_is_other_ways_are_refused_with_the_way_out(
    client: Client, organization: Organization, ride: Service, pickup: str, dropoff: str, stops: Any, words: str
) -> None:
    factories.make_ways(organization, only=True)
    way: dict[str, Any] = {"pickup": {"place": pickup}, "dropoff": {"place": dropoff}}
    day = factories.monday(organization, 10).date().isoformat()
    shown = client.get(f"/api/v1/salon/availability?service=ride&from={day}&days=1&pickup={pickup}&dropoff={dropoff}")
    for answer in (send(client, organization, **way), send(client, organization, "holds", **way), shown):
        assert (answer.status_code, answer.json()["code"]) == (422, "no_price_here"), answer.json()
        assert answer.json()["stops"] == stops
        assert words in answer.json()["detail"]
        assert "Please choose another place" in answer.json()["detail"]


def test_another_place_than_was_held_is_refused_and_another_address_is_kept(
    client: Client, organization: Organization, ride: Service
) -> None:
    factories.make_ways(organization)
    hold = send(client, organization, "holds", **RIDE).json()["id"]
    other = send(client, organization, hold=hold, pickup={"place": "opera"}, dropoff={"place": "terminal"})
    assert [each["field"] for each in other.json()["errors"]] == ["hold"]
    address: dict[str, Any] = {"pickup": {"place": "louvre", "address": "Pyramid"}}
    booked = send(client, organization, hold=hold, **address).json()
    assert (booked["pickup"]["address"], booked["dropoff"]["address"]) == ("Pyramid", "Door 6")
    assert booked["price"]["amount"] == 7000


def test_a_quote_for_one_way_does_not_pay_for_another(
    client: Client, organization: Organization, ride: Service
) -> None:
    factories.make_ways(organization)
    quote = send(client, organization, "quotes", pickup={"place": "louvre"}, dropoff={"place": "opera"}).json()
    assert quote["price"]["amount"] == 2000
    answer = send(client, organization, quote=quote["quote"], **RIDE)
    assert [each["field"] for each in answer.json()["errors"]] == ["quote"]


def test_kilometres_are_those_written_down_else_the_great_circle_with_its_detour(
    client: Client, organization: Organization, ride: Service
) -> None:
    rule = {"effect": "per_km", "amount": 200, "included_km": 5, "instead": True}
    factories.make_tariff(organization, rule)
    # 48.5°N from 2.5° to 4.5°E: 147.36 km; 30 % more by road, less the first five, at 2.00 each.
    assert prices(client, organization, "&pickup=louvre&dropoff=terminal") == [37_313]
    with transaction_for(organization.id):
        places = {each.slug: each for each in NamedPlace.objects.all()}
        KnownDistance.objects.create(
            organization=organization, origin=places["terminal"], destination=places["louvre"], metres=150_500
        )
    assert prices(client, organization, "&pickup=louvre&dropoff=terminal") == [29_100]
    booked = send(client, organization, **RIDE).json()
    assert [line["words"] for line in booked["price_lines"]] == [
        "Rule 0: 145.5\u00a0km at €2 a kilometre, after the first 5\u00a0km"
    ]


def test_a_rule_asks_what_the_service_requires_or_who_was_chosen(client: Client, organization: Organization) -> None:
    factories.make_resource(organization, slug="van", kind="vehicle", attributes={"seats": 7}, is_public=True)
    factories.make_resource(
        organization, slug="limousine", kind="vehicle", attributes={"seats": 4, "class": "first"}, skills=["gala"],
        is_public=True, rank=1,
    )  # fmt: skip
    need = {"kind": "vehicle", "attributes": {"seats": 4}, "is_choosable": True}
    factories.make_service(organization, slug="ride", price_amount=10_000, needs=[need])
    factories.make_tariff(
        organization,
        {"effect": "add", "amount": 100, "resource_kind": "vehicle"},
        {"effect": "add", "amount": 10, "attributes": {"seats": 4}},
        {"effect": "add", "amount": 1000, "attributes": {"seats": 7}},
        {"effect": "add", "amount": 2000, "skills": ["gala"], "attributes": {"class": "first"}},
    )
    # Four seats are required: a van may come, and nobody pays for its seven.
    assert prices(client, organization) == [10_110]
    assert prices(client, organization, "&resource=van") == [11_110]
    assert prices(client, organization, "&resource=limousine") == [12_110]
    booked = send(client, organization, resource="limousine").json()
    assert (booked["price"]["amount"], booked["price_lines"][-1]["because"]) == (
        12_110,
        "With the skill gala, with class: first",
    )
    assert send(client, organization).json()["price"]["amount"] == 10_110


def test_a_rule_may_ask_from_where_and_to_where(client: Client, organization: Organization, ride: Service) -> None:
    rule = factories.make_ways(organization)
    with transaction_for(organization.id):
        airport = rule.zone_prices.get(amount=7000).destination
        fields = {"organization": organization, "tariff": rule.tariff, "effect": "add", "amount": 500, "position": 9}
        type(rule).objects.create(**fields, name={"en": "Airport fee"}, from_zone=airport)
    assert prices(client, organization, "&pickup=louvre&dropoff=terminal") == [7000]
    assert prices(client, organization, "&pickup=terminal&dropoff=louvre") == [7500]
    booked = send(client, organization, pickup={"place": "terminal"}, dropoff={"place": "louvre"}).json()
    assert booked["price_lines"][-1]["because"] == "From the zone Airport"


def test_a_service_that_does_not_ask_where_is_left_alone_by_rules_that_do(
    client: Client, organization: Organization
) -> None:
    factories.make_places(organization)
    factories.make_resource(organization, slug="lea")
    factories.make_service(organization, slug="ride", price_amount=5000)
    factories.make_ways(organization, only=True)
    assert prices(client, organization) == [5000]
    assert send(client, organization).status_code == 201
    refused = send(client, organization, pickup={"place": "louvre"})
    assert refused.json()["errors"] == [{"field": "pickup", "message": "This service does not ask where."}]


def test_one_place_is_both_ends(client: Client, organization: Organization) -> None:
    factories.make_places(organization)
    factories.make_resource(organization, slug="lea")
    factories.make_service(organization, slug="ride", price_amount=5000, asks_places="one")
    factories.make_ways(organization)
    assert prices(client, organization, "&pickup=opera") == [2000]
    assert prices(client, organization, "&pickup=castle") == [5000]
    booked = send(client, organization, pickup={"place": "opera", "address": "3rd floor"})
    assert (booked.status_code, booked.json()["dropoff"]) == (201, None)


def test_a_service_that_asks_where_is_not_booked_without_an_answer_and_an_address_is_one(
    client: Client, organization: Organization, ride: Service
) -> None:
    refused = send(client, organization)
    assert [each["field"] for each in refused.json()["errors"]] == ["pickup", "dropoff"]
    told: dict[str, Any] = {"pickup": {"address": "1 rue de Rivoli"}, "dropoff": {"address": "The port"}}
    booked = send(client, organization, **told).json()
    assert (booked["price"]["amount"], booked["pickup"]["address"]) == (9900, "1 rue de Rivoli")


def test_a_booking_keeps_its_way_and_its_price_when_it_is_moved(
    client: Client, organization: Organization, ride: Service
) -> None:
    factories.make_ways(organization, only=True)
    reference = send(client, organization, **RIDE).json()["reference"]
    with transaction_for(organization.id):
        NamedPlace.objects.filter(slug="terminal").update(slug="closed", is_active=False, longitude="6.5")
        booking = Booking.objects.get(reference=reference)
    moved = actions.reschedule(
        organization=organization,
        booking_id=booking.id,
        starts_at=factories.monday(organization, 14),
        version=booking.version,
        actor=Actor("staff", "Sam"),
    )
    assert (moved.price_amount, moved.dropoff["name"], moved.dropoff["longitude"]) == (7000, {"en": "Terminal"}, "4.5")


def test_the_business_is_told_the_way_as_the_customer_is(
    client: Client, organization: Organization, ride: Service
) -> None:
    send(client, organization, **RIDE)
    with transaction_for(organization.id):
        booking = Booking.objects.select_related("service").get()
        told = facts.for_business(booking, "")
        told_of_series = facts.for_series([booking], organization, "Weekly", business=True, stands=True)
    for each in (told, told_of_series):
        assert [fact.value for fact in each if fact.label in {"Pick-up", "Drop-off"}] == ["Louvre", "Terminal, Door 6"]


def test_todays_row_shows_the_way(client: Client, organization: Organization, owner: User, ride: Service) -> None:
    send(client, organization, **RIDE)
    client.force_login(owner)
    day = factories.monday(organization, 10).date().isoformat()
    assert "Louvre → Terminal, Door 6" in client.get(f"/desk/?day={day}").content.decode()


def test_places_are_listed_by_name(client: Client, organization: Organization, ride: Service) -> None:
    found = client.get("/api/v1/salon/places").json()
    assert found[0] == {"slug": "castle", "name": "Castle", "latitude": "48.5", "longitude": "6.5"}
    assert client.get("/api/v1/salon/services/ride").json()["asks_places"] == "way"
