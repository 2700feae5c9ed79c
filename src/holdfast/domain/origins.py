"""Where a page comes from, as browsers compare it: scheme, host and port (RFC 6454, section 4)."""

from typing import Literal
from urllib.parse import urlsplit

Reason = Literal["no address", "not https", "more than an origin", "wildcard"]
USUAL_PORTS = {"https": 443, "http": 80}
# What browsers trust without https: nobody else can answer there.
OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})
LONGEST_HOST = 253
_IN_HOSTS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")


class NoOrigin(ValueError):
    """What was given names no origin that a page may come from; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def canonical_origin(text: str) -> str:
    """As a browser writes it in `Origin`: lower case, punycode, the usual port left out. Raises NoOrigin.

    https alone, but for this machine. Wildcards are refused: a site's forgotten subdomains are not its owner's word.

    >>> canonical_origin(" https://WWW.Hôtel.example:443/ ")
    'https://www.xn--htel-vqa.example'
    >>> canonical_origin("http://localhost:8080")
    'http://localhost:8080'
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise NoOrigin("no address") from None
    if "*" in text:
        raise NoOrigin("wildcard")
    if parts.scheme not in USUAL_PORTS or not parts.hostname:
        raise NoOrigin("no address")
    host = _host(parts.hostname)
    if parts.scheme != "https" and host not in OWN_MACHINE:
        raise NoOrigin("not https")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise NoOrigin("more than an origin")
    shown = "" if port in {None, USUAL_PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def _host(name: str) -> str:
    if name == "::1":
        return "[::1]"
    try:
        host = name.lower().encode("idna").decode("ascii")
    except UnicodeError:
        raise NoOrigin("no address") from None
    labels = host.split(".")
    if not set(host) <= _IN_HOSTS or not all(labels) or len(host) > LONGEST_HOST:
        raise NoOrigin("no address")
    return host
