"""A page of another site with the booking pages inside: the same machine by another name, so another origin."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.core.addresses import origin_of
from holdfast.web.middleware import allow

OTHER_NAME = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}


def origin() -> str:
    """Of the sample site: what a browser takes for somebody else's."""
    parts = urlsplit(settings.BASE_URL)
    host = OTHER_NAME.get(parts.hostname or "", parts.hostname or "")
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


@require_safe
@for_organization
def page(request: HttpRequest, organization: Organization) -> HttpResponse:
    """As the owner of a site would write it, under a policy as strict as ours."""
    if not settings.DEMO:
        raise Http404
    context = {
        "organization": organization,
        "script": settings.BASE_URL + reverse("embed:script", args=[organization.slug]),
        "booking": settings.BASE_URL + reverse("wizard:choose", args=[organization.slug]),
    }
    house = origin_of(settings.BASE_URL)
    return allow(
        render(request, "demo/site.html", context),
        {"script-src": [house], "frame-src": [house], "connect-src": [house]},
    )
