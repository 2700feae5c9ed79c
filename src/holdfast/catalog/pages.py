"""What every page for an organization's customers needs: the organization itself, its language, the reader's zone."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import Http404, HttpRequest, HttpResponse

from holdfast.catalog.asked import speak_to
from holdfast.catalog.queries import organization_by_slug
from holdfast.core.errors import NotFound

# Written by web/zone.js with the browser's own IANA zone.
ZONE_COOKIE = "zone"

View = Callable[..., HttpResponse]


def for_organization(view: View) -> View:
    """Gives the view the organization its address names, in a language that the organization speaks; else a 404."""

    @wraps(view)
    def page(request: HttpRequest, org: str, **more: Any) -> HttpResponse:
        try:
            organization = organization_by_slug(org)
        except NotFound:
            raise Http404 from None
        speak_to(request, organization)
        try:
            return view(request, organization, **more)
        except NotFound:
            raise Http404 from None

    return page


def zone_of(request: HttpRequest) -> str:
    """The reader's IANA zone as the browser told it, or "" while it is unknown."""
    name = request.COOKIES.get(ZONE_COOKIE, "").replace("%2F", "/")
    try:
        return ZoneInfo(name).key if name and len(name) <= 64 else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
