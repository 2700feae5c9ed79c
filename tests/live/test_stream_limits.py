"""However many listen and however slowly, a process keeps its memory and its temper; who is sent away loses nothing."""

import json
import socket
import time
from collections.abc import Iterator
from typing import get_args
from urllib.parse import urlsplit

import httpx
import pytest

from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories
from tests.live.listening import Refused, Transport, listen
from tests.running import House

LARGE = "x" * 4_000
MANY = 3_000


@pytest.fixture
def small(committed_db: str) -> Iterator[House]:
    """One process with four seats, three of them for one address, that waits a second for a reader."""
    limits = {"HOLDFAST_STREAMS": "4", "HOLDFAST_STREAMS_PER_ADDRESS": "3", "HOLDFAST_STREAMS_PATIENCE": "1"}
    with House(committed_db, web_processes=1, HOLDFAST_BEHIND_PROXY="1", **limits) as house:
        yield house


def fill(organization: Organization) -> int:
    """More than sockets and streams keep for a reader; the id of the first."""
    events = [
        Event(
            organization_id=organization.id,
            kind="booking.confirmed",
            subject=uuid7(),
            payload={"reference": LARGE},
            at=clock.now(),
        )
        for _ in range(MANY)
    ]
    with transaction_for(organization.id):
        Event.objects.bulk_create(events)
    return int(events[0].id)


def test_slow_readers_are_dropped_and_go_on_where_they_were_and_seats_are_counted(small: House) -> None:
    organization = factories.make_organization()
    key = {"Authorization": f"Bearer {factories.make_key(organization)}"}
    first = fill(organization)
    address = urlsplit(small.url)
    with socket.create_connection((address.hostname, address.port)) as slow:
        slow.sendall(
            f"GET /api/v1/{organization.slug}/events?last_event_id=0 HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: {key['Authorization']}\r\n\r\n".encode()
        )
        time.sleep(2.5)
        got = b""
        try:
            while piece := slow.recv(1 << 20):
                got += piece
        except ConnectionResetError:
            pass
    seen = [json.loads(line[6:]) for line in got.split(b"\n") if line.startswith(b"data: ") and line.endswith(b"}")]
    ids = [each["id"] for each in seen if each["kind"] == "booking-confirmed"]
    assert 0 < len(ids) < MANY
    assert ids == list(range(first, first + len(ids)))
    with listen(small.url, organization.slug, "ws", key, last_event_id=ids[-1]) as listener:
        rest = [listener.next()["id"] for _ in range(MANY - len(ids))]
    assert rest == list(range(ids[-1] + 1, first + MANY))


def test_who_finds_no_seat_is_told_when_to_come_again_and_an_ending_process_lets_everybody_go(small: House) -> None:
    organization = factories.make_organization()
    headers = {"Authorization": f"Bearer {factories.make_key(organization)}"}

    def from_address(number: int) -> dict[str, str]:
        return {**headers, "X-Forwarded-For": f"192.0.2.{number}"}

    url, slug = small.url, organization.slug
    with (
        listen(url, slug, "sse", from_address(1)) as one,
        listen(url, slug, "ws", from_address(1)) as two,
        listen(url, slug, "sse", from_address(1)),
    ):
        for transport in get_args(Transport):
            refused(small, slug, transport, from_address(1), 429, "too_many_streams")
        with listen(url, slug, "ws", from_address(2)):
            for transport in get_args(Transport):
                refused(small, slug, transport, from_address(3), 503, "streams_full")
            answer = httpx.get(f"{url}/api/v1/{slug}/events", headers=from_address(3))
            assert 5 <= int(answer.headers["Retry-After"]) <= 30
        small.stop()
        for listener in (one, two):
            bye = listener.next()
            assert (bye["kind"], bye["data"]["reason"]) == ("bye", "shutdown")
            assert bye["data"]["retry_ms"] > 0
    assert "graceful" not in small.said()  # nobody had to be cut off


def refused(house: House, slug: str, transport: Transport, headers: dict[str, str], status: int, code: str) -> None:
    with pytest.raises(Refused) as found, listen(house.url, slug, transport, headers):
        pass
    assert (found.value.status, found.value.code) == (status, code)
