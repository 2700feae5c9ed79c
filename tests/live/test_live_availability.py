"""The hot read gives the very answer that Django's gives, now and after every change, and outlives its database."""

import time
from collections.abc import Iterator
from datetime import time as wall_time
from typing import Any
from urllib.parse import urlencode

import httpx
import psycopg
import pytest
from django.db.models import Max
from django.test import Client

from holdfast.catalog.models import Organization, Service, WorkingHours
from holdfast.core.embedded_postgres import SUPERUSER
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from holdfast.live.memory import FRESH_SECONDS
from holdfast.pricing.models import TariffRule
from tests import database, factories
from tests.running import House


@pytest.fixture(scope="module")
def http(running_house: House) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running_house.url, timeout=30) as client:
        yield client


@pytest.fixture
def shop(house: House) -> tuple[Organization, Service]:
    """Bookings, a hold, buffers, two pools, a closed day: enough for answers to differ."""
    organization = factories.make_organization()
    factories.make_resource(organization, slug="lea", is_public=True)
    late = factories.make_resource(organization, slug="max", is_public=True, hours=(wall_time(10), wall_time(16)))
    room = factories.make_resource(organization, slug="room", kind="room", lanes=3)
    for resource in (late, room):
        factories.put_on_call(resource, wall_time(16), wall_time(2))
    service = factories.make_service(
        organization,
        slug="course",
        needs=[{"kind": "person", "is_choosable": True}, {"kind": "room", "per_person": True}],
        largest_party=3,
        longest_duration_minutes=180,
        buffer_after_minutes=15,
    )
    factories.make_service(  # the same pools with on-call hours
        organization,
        slug="urgent",
        needs=[{"kind": "person", "is_choosable": True}, {"kind": "room"}],
        offers_emergency=True,
        emergency_surcharge_percent=30,
        emergency_horizon_hours=60,
    )
    factories.make_tariff(  # so that times differ in price, by the clock and by notice
        organization,
        {
            "effect": "per_hour",
            "amount": 15_000,
            "instead": True,
            "from_time": wall_time(17),
            "until_time": wall_time(6),
        },
        {"effect": "percent", "percent": "-7.5", "shortest_notice": 2 * 24 * 60, "weekdays": [5, 6, 0, 1]},
    )
    factories.make_extra(organization, slug="child-seat", stock=2)
    factories.make_extra(organization, slug="wine", amount=900, per="person")
    factories.make_booking(organization, service, factories.local(organization, 1, 14), extras=(("child-seat", 1),))
    for day, hour in ((1, 9), (1, 12), (2, 11), (2, 11), (3, 15)):
        factories.make_booking(organization, service, factories.local(organization, day, hour))
    return organization, service


ASKED: list[dict[str, Any]] = [
    {},
    {"days": 1},
    {"days": 92},
    {"days": 0},
    {"days": 93},
    {"days": "many"},
    {"from": "2026-03-29", "days": 2},
    {"from": "2031-01-01"},
    {"from": "1999-12-31"},
    {"from": "29.03.2026"},
    {"resource": "lea"},
    {"resource": "max", "days": 3},
    {"resource": "room"},
    {"resource": "nobody"},
    {"party_size": 2},
    {"party_size": 3, "days": 14},
    {"party_size": 4},
    {"party_size": 0},
    {"party_size": -1},
    {"party_size": "two"},
    {"party_size": 10**20},
    {"duration": 120},
    {"duration": 180, "party_size": 3},
    {"duration": 61},
    {"duration": 0},
    {"time_zone": "America/New_York"},
    {"time_zone": "Asia/Kathmandu", "days": 3},
    {"time_zone": "Mars/Olympus"},
    {"time_zone": "../../etc/passwd"},
    {"pricing": "false"},
    {"pricing": "maybe"},
    {"currency": "EUR"},
    {"currency": "USD"},
    {"promo_code": "SUMMER"},
    {"extras": "child-seat:2", "days": 3},
    {"extras": "child-seat,wine:2", "party_size": 2},
    {"extras": "child-seat:2", "type": "emergency", "service": "urgent"},
    {"extras": "child-seat:3"},
    {"extras": "boat:1"},
    {"extras": "child-seat:many"},
    {"extras": ""},
    {"type": "emergency"},
    {"type": "emergency", "service": "urgent"},
    {"type": "emergency", "service": "urgent", "resource": "max", "days": 14},
    {"type": "emergency", "service": "urgent", "from": "2031-01-01"},
    {"type": "standard", "service": "urgent"},
    {"type": "leisure"},
    {"service": "nothing"},
    {"service": ""},
    {"service": "\x00"},
    {"resource": ""},
    {"days": ""},
    {"from": ""},
    {"type": ""},
    {"pricing": ""},
    {"currency": "", "promo_code": "", "time_zone": ""},
    {"unknown": "parameter"},
    {"after": 0},
    {"after": "soon"},
    {"after": ""},
]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: urlencode(asked) or "plain")
def test_live_and_django_give_the_same_answer(
    http: httpx.Client, client: Client, shop: tuple[Organization, Service], asked: dict[str, Any]
) -> None:
    organization, service = shop
    path = f"/api/v1/{organization.slug}/availability?{urlencode({'service': service.slug} | asked)}"
    live, django = http.get(path), client.get(path)
    assert live.status_code == django.status_code, (live.text, django.content)
    told, expected = live.json(), django.json()
    assert set(told) == set(expected)
    if live.status_code == 200:
        assert {**told, "as_of": None} == {**expected, "as_of": None}
        assert live.headers["ETag"] == django["ETag"]
    else:
        assert live.headers["Content-Type"] == django["Content-Type"] == "application/problem+json"
        assert told["code"] == expected["code"]
        fields = [{each["field"] for each in answer.get("errors", [])} for answer in (told, expected)]
        assert fields[0] == fields[1]


@pytest.mark.parametrize(("asked", "words"), [("de, fr;q=0.5", "est nécessaire"), ("de", "es necesario")])
def test_a_service_must_be_named_to_either_and_both_say_so_in_the_readers_language_or_the_organizations(
    http: httpx.Client, client: Client, shop: tuple[Organization, Service], asked: str, words: str
) -> None:
    path = f"/api/v1/{shop[0].slug}/availability"
    with transaction_for(shop[0].id):
        Organization.objects.filter(pk=shop[0].pk).update(default_language="es")
    for answer in (
        http.get(path, headers={"Accept-Language": asked}),
        client.get(path, headers={"Accept-Language": asked}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_error")
        assert answer.json()["errors"] == [{"field": "service", "message": words}]


@pytest.mark.parametrize(("slug", "status"), [("nobody", 404), ("%00", 422), ("a/b", 404), ("%F0%9F%98%80", 404)])
def test_what_is_no_organization_is_not_found_by_either(
    http: httpx.Client, client: Client, slug: str, status: int, house: House
) -> None:
    path = f"/api/v1/{slug}/availability?service=course"
    assert http.get(path).status_code == client.get(path).status_code == status


def ask(http: httpx.Client, shop: tuple[Organization, Service], **headers: str) -> httpx.Response:
    """With all that was committed until now."""
    path = f"/api/v1/{shop[0].slug}/availability?service={shop[1].slug}&days=7&after={last_event(shop[0])}"
    return http.get(path, headers=headers)


def last_event(organization: Organization) -> int:
    with transaction_for(organization.id):
        return Event.objects.filter(organization=organization).aggregate(last=Max("id"))["last"] or 0


def test_who_knows_the_answer_is_told_so_until_it_changes(
    http: httpx.Client, shop: tuple[Organization, Service]
) -> None:
    first = ask(http, shop)
    etag = {"If-None-Match": first.headers["ETag"]}
    known = ask(http, shop, **etag)
    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", first.headers["ETag"])
    factories.make_booking(shop[0], shop[1], factories.local(shop[0], 4, 10))
    changed = ask(http, shop, **etag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_month_comes_in_a_tenth_of_its_bytes_to_whoever_reads_that(
    http: httpx.Client, shop: tuple[Organization, Service]
) -> None:
    whole, packed = ask(http, shop, **{"Accept-Encoding": "identity"}), ask(http, shop)
    assert ("Content-Encoding" in whole.headers, packed.headers["Content-Encoding"]) == (False, "gzip")
    assert int(packed.headers["Content-Length"]) * 5 < int(whole.headers["Content-Length"])
    assert packed.json()["slots"] == whole.json()["slots"]


def test_a_change_of_the_catalog_is_seen_in_time_in_the_answers_of_every_process(
    http: httpx.Client, shop: tuple[Organization, Service], house: House
) -> None:
    organization, service = shop

    def answers() -> set[int]:
        """How many slots, told by connections of their own: sooner or later each process is asked."""
        time.sleep(FRESH_SECONDS)
        path = f"{house.url}/api/v1/{organization.slug}/availability?service={service.slug}"
        return {len(httpx.get(path, timeout=30).json()["slots"]) for _ in range(12)}

    (before,) = answers()
    for hours in (9, 12, 10):
        with transaction_for(organization.id):
            WorkingHours.objects.update(starts=wall_time(hours))
        (now,) = answers()
        assert now != before
        before = now
    with transaction_for(organization.id):
        Service.objects.filter(id=service.id).update(is_active=False)
    time.sleep(FRESH_SECONDS)
    assert ask(http, shop).status_code == 404
    with transaction_for(organization.id):
        Service.objects.filter(id=service.id).update(is_active=True, price_amount=777)
        TariffRule.objects.all().delete()
    time.sleep(FRESH_SECONDS)
    assert ask(http, shop).json()["slots"][0]["price"] == {"amount": 777, "currency": "EUR"}


def test_a_time_that_was_booked_held_or_freed_is_so_in_the_next_answer(
    http: httpx.Client, shop: tuple[Organization, Service]
) -> None:
    start = factories.local(shop[0], 5, 8)

    def offered() -> int:
        """How many more could be booked at this start."""
        slots = {each["starts_at"]: each["remaining"] for each in ask(http, shop).json()["slots"]}
        return int(slots.get(start.isoformat(), 0))

    assert offered() == 1
    path, wish = f"/api/v1/{shop[0].slug}/holds", {"service": shop[1].slug, "starts_at": start.isoformat()}
    held = http.post(path, json=wish)
    assert held.status_code == 201, held.text
    assert held.headers["Event-Id"] == str(last_event(shop[0]))
    assert offered() == 0
    assert http.delete(f"{path}/{held.json()['id']}").status_code == 204
    assert offered() == 1


def test_each_answer_says_up_to_which_event_it_is_and_waits_for_the_one_it_is_asked_for(
    http: httpx.Client, shop: tuple[Organization, Service]
) -> None:
    while "Event-Id" not in ask(http, shop).headers:  # read from the database while memory fills
        time.sleep(0.01)
    assert ask(http, shop).headers["Event-Id"] == str(last_event(shop[0]))
    factories.make_booking(shop[0], shop[1], factories.local(shop[0], 4, 10))
    booked = last_event(shop[0])
    assert ask(http, shop).headers["Event-Id"] == str(booked)
    path = f"/api/v1/{shop[0].slug}/availability?service={shop[1].slug}&after={booked + 1000}"
    never = http.get(path)
    assert (never.status_code, never.json()["code"], never.headers["Retry-After"]) == (503, "busy", "1")


def test_who_books_and_then_asks_the_same_process_sees_the_booking(
    http: httpx.Client, shop: tuple[Organization, Service]
) -> None:
    """One keep-alive connection, nothing said about events."""
    path = f"/api/v1/{shop[0].slug}"
    for days in (4, 5, 6):
        wish = {"service": shop[1].slug, "starts_at": factories.local(shop[0], days, 8).isoformat()}
        assert wish["starts_at"] in http.get(f"{path}/availability?service={shop[1].slug}").text
        assert http.post(f"{path}/holds", json=wish).status_code == 201
        assert wish["starts_at"] not in http.get(f"{path}/availability?service={shop[1].slug}").text


def test_while_the_database_is_away_it_says_come_again_and_then_all_is_well(committed_db: str) -> None:
    """Connections are cut and new ones refused, as when PostgreSQL is restarted."""
    organization = factories.make_organization()
    factories.make_resource(organization)
    service = factories.make_service(organization)
    path = f"/api/v1/{organization.slug}/availability?service={service.slug}"
    with House(committed_db, web_processes=1) as house, httpx.Client(base_url=house.url, timeout=30) as client:
        before = client.get(path)
        assert before.status_code == 200
        allow_connections(committed_db, False)
        time.sleep(FRESH_SECONDS)
        away = client.get(path)
        assert (away.status_code, away.json()["code"]) == (503, "busy")
        assert away.headers["Retry-After"] == "1"
        assert away.headers["Content-Type"] == "application/problem+json"
        allow_connections(committed_db, True)
        deadline = time.monotonic() + 20
        while (again := client.get(path)).status_code != 200:
            assert again.status_code == 503
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert again.json()["slots"] == before.json()["slots"]
        booked = client.post(
            f"/api/v1/{organization.slug}/bookings",
            json={
                "service": service.slug,
                "starts_at": again.json()["slots"][0]["starts_at"],
                "customer": {"name": "Ana", "email": "ana@example.com"},
            },
        )
        assert booked.status_code == 201, booked.text


def allow_connections(name: str, allowed: bool) -> None:
    with psycopg.connect(database.url(SUPERUSER, "postgres"), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}")
        if not allowed:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
