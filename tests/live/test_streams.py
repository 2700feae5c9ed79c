"""What happens reaches whoever may know, once and in order, over server-sent events and WebSocket alike."""

import json
import time
from typing import Any, get_args

import httpx
import pytest
from django.test import Client
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from holdfast.accounts.models import ApiKey
from holdfast.bookings import actions
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.live.streams.envelopes import Staff
from tests import factories
from tests.live.listening import Listener, Refused, Transport, listen
from tests.live.test_live_availability import last_event
from tests.running import House

Shop = tuple[Organization, Service]
each_transport = pytest.mark.parametrize("transport", get_args(Transport))


@pytest.fixture
def shop(house: House) -> Shop:
    return make_shop()


def make_shop() -> Shop:
    organization = factories.make_organization()
    factories.make_resource(organization)
    return organization, factories.make_service(organization, slug="massage")


def book(shop: Shop, hour: int = 10) -> Booking:
    return factories.make_booking(*shop, factories.local(shop[0], 2, hour))


def cancel(shop: Shop, booking: Booking) -> None:
    actions.cancel(organization=shop[0], booking_id=booking.id, version=booking.version, actor=CUSTOMER)


def key(shop: Shop) -> dict[str, str]:
    return {"Authorization": f"Bearer {factories.make_key(shop[0])}"}


def kinds(listener: Listener, shop: Shop) -> list[str]:
    return [each["kind"] for each in listener.until(last_event(shop[0]))]


def test_both_transports_and_every_process_say_the_same(shop: Shop, house: House) -> None:
    """Two connections over each: sooner or later every process has one."""
    slug, staff = shop[0].slug, key(shop)
    with (
        listen(house.url, slug, "sse", staff) as one,
        listen(house.url, slug, "ws", staff) as two,
        listen(house.url, slug, "sse", staff) as three,
        listen(house.url, slug, "ws", staff) as four,
    ):
        booking = book(shop)
        cancel(shop, booking)
        said = one.until(last_event(shop[0]))
        assert [each.until(last_event(shop[0])) for each in (two, three, four)] == [said] * 3
    assert [each["kind"] for each in said] == ["booking-confirmed", "booking-cancelled"]
    assert said[0]["data"] == {
        "subject": str(booking.id),
        "reference": booking.reference,
        "state": "confirmed",
        "version": 1,
        "type": "standard",
        "actor": "customer",
    }
    assert said[0]["id"] < said[1]["id"] == last_event(shop[0])


@each_transport
def test_the_public_hears_which_dates_of_the_service_to_look_at_again_and_no_more(
    shop: Shop, house: House, transport: Transport
) -> None:
    organization = shop[0]
    factories.make_service(organization, slug="reading", needs=[{"kind": "room"}])
    day = factories.local(organization, 2, 10).date()
    with (
        listen(house.url, organization.slug, transport, service="massage") as listener,
        listen(house.url, organization.slug, transport, service="reading") as other,
        listen(house.url, organization.slug, transport, service="massage", from_=day.replace(year=2031)) as later,
    ):
        book(shop)
        told = listener.until(last_event(organization))
        assert [(each["kind"], each["data"]) for each in told] == [
            ("availability-updated", {"service": "massage", "dates": [day.isoformat()]})
        ]
        assert set(told[0]) == {"id", "kind", "at", "data"}
        assert listener.hello["data"]["scope"] == "public"
        factories.make_resource(organization, kind="room")  # the catalog: of any date of any service, nobody knows
        for each in (listener, other, later):
            assert each.next()["data"]["dates"] is None


@each_transport
def test_customers_hear_of_their_own_booking_and_of_no_other(shop: Shop, house: House, transport: Transport) -> None:
    mine, other = book(shop), book(shop, 12)
    with listen(house.url, shop[0].slug, transport, token=factories.token_of(mine)) as listener:
        cancel(shop, other)
        cancel(shop, mine)
        (told,) = listener.until(last_event(shop[0]))
    assert told["kind"] == "booking-cancelled"
    assert told["data"] == {"reference": mine.reference, "state": "cancelled", "version": 2}


@each_transport
def test_who_was_away_is_told_all_that_was_missed_once(shop: Shop, house: House, transport: Transport) -> None:
    slug, staff = shop[0].slug, key(shop)
    with listen(house.url, slug, transport, staff) as listener:
        booking = book(shop)
        (seen,) = listener.until(last_event(shop[0]))
    cancel(shop, booking)
    book(shop)
    for header, asked in ({}, seen["id"]), ({"Last-Event-ID": str(seen["id"])}, 0):
        with listen(house.url, slug, transport, staff | header, last_event_id=asked) as listener:
            assert listener.hello["id"] == seen["id"]
            assert kinds(listener, shop) == ["booking-cancelled", "booking-confirmed"]
    with listen(house.url, slug, transport, token=factories.token_of(booking), last_event_id=0) as listener:
        assert [listener.next()["kind"] for _ in range(2)] == ["booking-confirmed", "booking-cancelled"]
    with listen(house.url, slug, transport, service="massage", last_event_id=seen["id"]) as listener:
        assert kinds(listener, shop) == ["availability-updated"] * 2


PUBLIC = {"service": "massage"}
NO_KEY = {"headers": {"Authorization": "Bearer none"}}
REFUSALS: list[tuple[str, dict[str, Any], int, str]] = [
    ("an organization that does not exist", {"slug": "nobody", "service": "massage"}, 404, "not_found"),
    ("a service that does not exist", {"service": "nothing"}, 404, "not_found"),
    ("dates that are none", {"service": "massage", "from_": "soon"}, 422, "validation_error"),
    ("an id that is none", {"service": "massage", "last_event_id": "-1"}, 422, "validation_error"),
    ("an id of the future", {"service": "massage", "last_event_id": 10**17}, 422, "unknown_event"),
    ("nobody", {}, 401, "credentials_needed"),
    ("a link that was altered", {"token": "altered"}, 401, "credentials_needed"),
    ("a key that is none", NO_KEY, 401, "credentials_needed"),
    ("a key that is none, for what is public", {**PUBLIC, **NO_KEY}, 401, "credentials_needed"),
    ("a link that was altered, for what is public", {**PUBLIC, "token": "altered"}, 401, "credentials_needed"),
    ("a session that is none", {"cookie": "a" * 32}, 401, "credentials_needed"),
]


@each_transport
@pytest.mark.parametrize(("asked", "status", "code"), [each[1:] for each in REFUSALS], ids=[r[0] for r in REFUSALS])
def test_who_may_not_listen_is_told_why(
    shop: Shop, house: House, transport: Transport, asked: dict[str, Any], status: int, code: str
) -> None:
    query = dict(asked)
    headers = query.pop("headers", {}) | (as_signed_in(house, query.pop("cookie")) if "cookie" in query else {})
    refused(house, query.pop("slug", shop[0].slug), transport, headers, query, status, code)


@each_transport
def test_each_scope_is_refused_what_is_another_organizations(shop: Shop, house: House, transport: Transport) -> None:
    theirs = make_shop()
    booking = book(theirs)
    slug, mine = theirs[0].slug, as_signed_in(house, session_of(shop[0]))
    refused(house, slug, transport, key(shop), {}, 401, "credentials_needed")
    refused(house, slug, transport, mine, {}, 403, "forbidden")
    refused(house, shop[0].slug, transport, {}, {"token": factories.token_of(booking)}, 404, "not_found")
    with listen(house.url, shop[0].slug, transport, mine, last_event_id=0) as listener:
        book(theirs, 14)
        book(shop)
        assert kinds(listener, shop) == ["booking-confirmed"]  # of theirs none


def test_a_page_of_another_site_opens_no_socket_in_the_name_of_staff(shop: Shop, house: House) -> None:
    cookie = as_signed_in(house, session_of(shop[0]))
    for origin in ("https://evil.example", "null", house.url.replace("http", "https"), f"{house.url}.evil.example", ""):
        expected = origin == house.url.replace("http", "https")
        headers = {**cookie, "Origin": origin}
        if expected:  # the same host by TLS is ours
            with listen(house.url, shop[0].slug, "ws", headers) as listener:
                assert listener.hello["data"]["scope"] == "staff"
        else:
            refused(house, shop[0].slug, "ws", headers, {}, 403, "foreign_origin")
    with listen(house.url, shop[0].slug, "ws", {"Origin": "https://evil.example"}, service="massage") as listener:
        assert listener.hello["data"]["scope"] == "public"  # everybody may, from anywhere


def test_who_signs_out_or_loses_their_key_hears_no_more(shop: Shop, house: House) -> None:
    client = Client()
    client.force_login(factories.make_staff(shop[0]))
    cookie = as_signed_in(house, client.cookies["sessionid"].value)
    person = listen(house.url, shop[0].slug, "ws", cookie)
    program = listen(house.url, shop[0].slug, "sse", key(shop))
    with person as first, program as second:
        client.logout()
        with transaction_for(shop[0].id):
            ApiKey.objects.update(revoked_at=clock.now())
        time.sleep(Staff.sure_seconds)
        book(shop)
        assert [each.next()["data"].get("reason") for each in (first, second)] == ["changed", "changed"]


def test_a_heartbeat_answers_whatever_a_socket_says(shop: Shop, house: House) -> None:
    address = f"{house.url.replace('http', 'ws', 1)}/api/v1/{shop[0].slug}/ws?service=massage"
    with connect(address) as socket:
        assert json.loads(socket.recv(timeout=5))["kind"] == "hello"
        socket.send("how long does it take?")
        assert json.loads(socket.recv(timeout=5))["kind"] == "heartbeat"


def test_other_addresses_and_methods_are_no_streams(shop: Shop, house: House) -> None:
    posted = httpx.post(f"{house.url}/api/v1/{shop[0].slug}/events")
    assert (posted.status_code, posted.json()["code"], posted.headers["Allow"]) == (405, "method_not_allowed", "GET")
    with pytest.raises(InvalidStatus), connect(f"{house.url.replace('http', 'ws', 1)}/api/v1/nothing"):
        pass


def refused(
    house: House,
    slug: str,
    transport: Transport,
    headers: dict[str, str],
    query: dict[str, Any],
    status: int,
    code: str,
) -> None:
    with pytest.raises(Refused) as found, listen(house.url, slug, transport, headers, **query):
        pass
    assert (found.value.status, found.value.code) == (status, code)


def as_signed_in(house: House, session: str) -> dict[str, str]:
    """As a browser sends it from one of our pages."""
    return {"Cookie": f"sessionid={session}", "Origin": house.url}


def session_of(organization: Organization) -> str:
    client = Client()
    client.force_login(factories.make_staff(organization))
    return client.cookies["sessionid"].value
