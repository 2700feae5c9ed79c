"""Whose request it is when proxies stand in front: the address that the outermost of ours wrote, and no other."""

from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.live.asgi import App, Receive, Scope, Send

# What a proxy calls its client's scheme, and what it is for us.
SCHEMES = {"http": {"http": "http", "https": "https"}, "websocket": {"http": "ws", "https": "wss"}}
FORWARDED_FOR, FORWARDED_PROTO = b"x-forwarded-for", b"x-forwarded-proto"


class BehindProxies:
    """ASGI application: gives `rest` the client and scheme that `count` proxies of ours tell of.

    Each proxy adds the address it was called from at the end of `X-Forwarded-For`; what stands further left than our
    outermost one's entry was sent by the client and is not believed. A request with fewer entries did not come through
    all of them: it keeps the address of whoever connected.
    """

    def __init__(self, rest: "App", count: int) -> None:
        self._rest, self._count = rest, count

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] in SCHEMES and self._count:
            scope = {**scope, **_told(scope, self._count)}
        await self._rest(scope, receive, send)


def _told(scope: "Scope", count: int) -> "Scope":
    """What is to be replaced in the scope."""
    told: Scope = {}
    entries = _entries(scope, FORWARDED_FOR)
    address = _address(entries[-count]) if len(entries) >= count else ""
    if address:
        told["client"] = (address, 0)
    schemes = _entries(scope, FORWARDED_PROTO)
    if schemes and schemes[-1] in SCHEMES["http"]:
        told["scheme"] = SCHEMES[scope["type"]][schemes[-1]]
    return told


def _entries(scope: "Scope", header: bytes) -> list[str]:
    """The values of all headers of this name, in their order."""
    lines = (value.decode("latin-1") for name, value in scope["headers"] if name == header)
    return [each.strip() for line in lines for each in line.split(",")]


def _address(entry: str) -> str:
    """An entry's address without its port ("192.0.2.1:80", "[2001:db8::1]:443"); "" when it is none."""
    if entry.startswith("["):
        entry = entry[1:].partition("]")[0]
    elif entry.count(":") == 1:
        entry = entry.partition(":")[0]
    try:
        return str(ip_address(entry))
    except ValueError:
        return ""
