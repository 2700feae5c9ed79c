"""Where a request comes from, as far as counting goes; and where it may go."""

from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.http import HttpRequest


def network_of(request: HttpRequest) -> str:
    """The client's IPv4 address, or the /64 of its IPv6 address, of which one household has a great many."""
    return network(request.META.get("REMOTE_ADDR", ""))


def network(address: str) -> str:
    """As `network_of`; what is no address stays as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return str(found)


def origin_of(url: str) -> str:
    """Scheme, host and port: what a policy of a page names."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
