"""Behind proxies: the address that the outermost of ours wrote counts, whatever a client sends of its own."""

import asyncio
from typing import Any

import httpx
import pytest

from holdfast.config import environment
from holdfast.config.behind_proxies import BehindProxies
from holdfast.config.environment import ConfigurationError
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.running import House


def seen(count: int, *forwarded: str, proto: str = "") -> tuple[str, str]:
    """The client's address and the scheme that the application is given; the proxy connects from 10.0.0.9."""
    found: list[Any] = []

    async def application(scope: Any, _receive: Any, _send: Any) -> None:
        found.append((scope["client"][0], scope["scheme"]))

    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    headers += [(b"x-forwarded-proto", proto.encode())] if proto else []
    scope = {"type": "http", "client": ("10.0.0.9", 4711), "scheme": "http", "headers": headers}
    asyncio.run(BehindProxies(application, count)(scope, None, None))  # type: ignore[arg-type]
    address, scheme = found[0]
    return address, scheme


@pytest.mark.parametrize(
    ("count", "forwarded", "address"),
    [
        (0, ["203.0.113.5"], "10.0.0.9"),
        (1, ["203.0.113.5"], "203.0.113.5"),
        (1, ["198.51.100.66, 203.0.113.5"], "203.0.113.5"),
        (1, ["198.51.100.66", "203.0.113.5"], "203.0.113.5"),
        (2, ["203.0.113.5, 10.0.0.8"], "203.0.113.5"),
        (2, ["198.51.100.66, 203.0.113.5, 10.0.0.8"], "203.0.113.5"),
        (2, ["203.0.113.5"], "10.0.0.9"),
        (1, [], "10.0.0.9"),
        (1, ["unknown"], "10.0.0.9"),
        (1, ["203.0.113.5:5123"], "203.0.113.5"),
        (1, ["[2001:db8::1]:443"], "2001:db8::1"),
        (1, ["2001:db8::1"], "2001:db8::1"),
        (1, ["203.0.113.5, "], "10.0.0.9"),
    ],
)
def test_only_what_our_outermost_proxy_wrote_is_the_clients_address(
    count: int, forwarded: list[str], address: str
) -> None:
    assert seen(count, *forwarded)[0] == address


def test_the_scheme_is_the_proxys_only_where_there_is_one() -> None:
    assert seen(1, "203.0.113.5", proto="https")[1] == "https"
    assert seen(1, "203.0.113.5", proto="gopher")[1] == "http"
    assert seen(0, "203.0.113.5", proto="https")[1] == "http"


@pytest.mark.parametrize(("text", "count"), [("", 0), ("0", 0), ("no", 0), ("1", 1), ("true", 1), ("2", 2), ("9", 9)])
def test_how_many_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, text: str, count: int) -> None:
    monkeypatch.setenv("HOLDFAST_BEHIND_PROXY", text)
    assert environment.count_or_flag("HOLDFAST_BEHIND_PROXY") == count


@pytest.mark.parametrize("text", ["-1", "10", "two", "1.5"])
def test_nonsense_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("HOLDFAST_BEHIND_PROXY", text)
    with pytest.raises(ConfigurationError, match="use a whole number from 0 to 9"):
        environment.count_or_flag("HOLDFAST_BEHIND_PROXY")


def test_an_invented_address_before_the_proxys_does_not_make_another_client(committed_db: str) -> None:
    salon = factories.make_organization(slug="salon")
    with transaction_for(salon.id):
        salon.holds_from_one_address = 2
        salon.save()
    factories.make_resource(salon)
    factories.make_service(salon, slug="massage", holds_per_customer=9)
    statuses = []
    with House(committed_db, web_processes=1, HOLDFAST_BEHIND_PROXY="1") as house:
        for hour, forwarded in enumerate(["198.51.100.1, 203.0.113.5", "198.51.100.2, 203.0.113.5"] * 2, 9):
            sent = {"service": "massage", "starts_at": factories.local(salon, 3, hour).isoformat()}
            answer = httpx.post(
                f"{house.url}/api/v1/salon/holds", json=sent, headers={"X-Forwarded-For": forwarded}, timeout=10
            )
            statuses.append(answer.status_code)
    assert statuses == [201, 201, 429, 429]
