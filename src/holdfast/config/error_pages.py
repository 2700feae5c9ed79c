"""What an address that leads nowhere, and a fault of ours, look like: a page for people, a problem for programs."""

import sys
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views import defaults

from holdfast.catalog.asked import organization_asked, speak_to
from holdfast.config.api import problem
from holdfast.core.errors import Busy, HoldfastError, NotFound
from holdfast.desk.views.session import not_found as desk_not_found


class OurFault(HoldfastError):
    code, status, title = "internal_error", 500, _("This is our fault, and it has been recorded")


def not_found(request: HttpRequest, exception: Exception, **_ignored: Any) -> HttpResponseBase:
    if _for_programs(request):
        return problem(NotFound())
    if request.path.startswith("/desk/") and request.user.is_authenticated:
        return desk_not_found(request)  # in the shell, for who works there
    try:
        return _not_at(request, request.path.split("/")[1])
    except NotFound:
        return defaults.page_not_found(request, exception)


def _not_at(request: HttpRequest, slug: str) -> HttpResponse:
    """Of an organization's address: in its shell, with the way to what it offers. Raises NotFound."""
    if not slug.isprintable():
        raise NotFound
    organization = organization_asked(request, slug)
    speak_to(request, organization)
    return render(request, "web/not_here.html", {"organization": organization}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """A database that does not answer is a passing trouble (503); everything else is our fault (500)."""
    passing = isinstance(sys.exc_info()[1], OperationalError)
    if _for_programs(request):
        return problem(Busy() if passing else OurFault())
    if not passing:
        return defaults.server_error(request)
    response = render(request, "503.html", status=503)
    response["Retry-After"] = "5"
    return response


def _for_programs(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
