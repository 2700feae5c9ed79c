"""Clients that send slowly, or without end, keep nobody else waiting."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from holdfast.live.bodies import MOST_BYTES
from tests import factories
from tests.running import House

PATH = "/api/v1/nobody/holds"
HEADERS = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"


def test_bodies_that_do_not_arrive_keep_nobody_else_waiting(house: House) -> None:
    """More of them than all processes have threads."""
    organization = factories.make_organization()
    address = urlsplit(house.url)
    slow = [socket.create_connection((address.hostname, address.port)) for _ in range(32)]
    try:
        for each in slow:
            each.sendall(HEADERS.encode() + b"{")
        for _ in range(4):
            answer = httpx.get(f"{house.url}/api/v1/{organization.slug}", timeout=10)
            assert answer.status_code == 200
    finally:
        for each in slow:
            each.close()


def test_a_body_without_end_is_refused(house: House) -> None:
    answer = httpx.post(f"{house.url}{PATH}", content=b"x" * (MOST_BYTES + 1), timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_in_chunks_is_read_like_any_other(house: House) -> None:
    organization = factories.make_organization()

    def chunks() -> Iterator[bytes]:
        yield b'{"service": "none", "starts_at"'
        yield b': "2026-03-29T10:00:00+02:00"}'

    answer = httpx.post(f"{house.url}/api/v1/{organization.slug}/holds", content=chunks(), timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
