"""What a device fetches to keep, and the pages that it then opens without a connection."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.core import clock
from holdfast.core.answers import json_response
from holdfast.core.tenancy import transaction_for
from holdfast.device import icons, keeping, words
from holdfast.device.manifest import manifest_of
from holdfast.web import phones
from holdfast.web.templatetags.holdfast import initials

# Asked about each time; the answer is short where nothing has changed.
ASK_AGAIN = "no-cache"
FOR_GOOD = "public, max-age=31536000, immutable"

View = Callable[..., HttpResponse]


def in_named_language(view: View) -> View:
    """In the language that the address names, if the organization speaks it: what is kept has no cookies."""

    @wraps(view)
    def page(request: HttpRequest, organization: Organization, **more: Any) -> HttpResponse:
        named = request.GET.get("language", "")
        if named in organization.languages:
            translation.activate(named)
            request.LANGUAGE_CODE = named
        response = view(request, organization, **more)
        response.setdefault("Cache-Control", ASK_AGAIN)
        return response

    return page


@require_safe
@for_organization
@in_named_language
def manifest(request: HttpRequest, organization: Organization) -> HttpResponse:
    return JsonResponse(
        manifest_of(organization), content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )


@require_safe
@for_organization
@in_named_language
def worker(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The service worker: three lines that name what it keeps; what it does is in static/device/worker.js."""
    context = {"shell": json.dumps(keeping.shell_of(organization))}
    response = render(request, "device/sw.js", context, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = f"/{organization.slug}/"
    return response


@require_safe
@for_organization
def icon(request: HttpRequest, organization: Organization, purpose: str, size: int) -> HttpResponse:
    sizes = (icons.TOUCH_SIZE,) if purpose == "touch" else icons.SIZES
    if purpose not in icons.PURPOSES or size not in sizes:
        raise Http404
    picture = icons.png(initials(organization.name), organization.accent, purpose, size)
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": FOR_GOOD})


@require_safe
@for_organization
@in_named_language
def catalog(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The last that a device knows of what is on offer."""
    with transaction_for(organization.id):
        document = keeping.catalog_of(organization)
    return json_response(200, document, request=request)


@require_safe
@for_organization
@in_named_language
def offline(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Kept by the device: what to book without a connection. Nothing in it is about whoever asked for it."""
    with transaction_for(organization.id):
        document = keeping.catalog_of(organization)
    data = {
        **words.place_of(organization),
        "texts": words.offline(),
        "numbers": phones.plan_of(organization.country),
        "catalog": document,
        "at": clock.now().isoformat(timespec="seconds"),
    }
    return render(request, "device/offline.html", {"organization": organization, "data": data})


@require_safe
@for_organization
@in_named_language
def mine(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Kept by the device: opens in the place of pages about somebody's bookings, none of which is kept."""
    return render(request, "device/mine.html", {"organization": organization})


@require_safe
@for_organization
@in_named_language
def settings(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What this device keeps and still has to send; all of it is read on the device."""
    data = {**words.place_of(organization), "texts": words.settings()}
    return render(request, "device/settings.html", {"organization": organization, "data": data})
