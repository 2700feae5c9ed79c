"""What every page for an organization's customers needs: the organization itself, its language, the reader's zone."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from holdfast.catalog.models import Organization
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
        request.organization = organization  # type: ignore[attr-defined]
        language = language_for(request, organization)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        try:
            return view(request, organization, **more)
        except NotFound:
            raise Http404 from None

    return page


def language_for(request: HttpRequest, organization: Organization) -> str:
    """What the reader chose here, else the first the browser asks for, else the organization's default."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in organization.languages:
        return chosen
    for asked, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if (code := asked.split("-")[0]) in organization.languages:
            return code
    return str(organization.default_language)


def zone_of(request: HttpRequest) -> str:
    """The reader's IANA zone as the browser told it, or "" while it is unknown."""
    name = request.COOKIES.get(ZONE_COOKIE, "").replace("%2F", "/")
    try:
        return ZoneInfo(name).key if name and len(name) <= 64 else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
