"""What the server keeps for a browser of an organization's customers, ended from that browser."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.core.answers import json_response
from holdfast.customers import sessions
from holdfast.wizard.flow import Flow


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_organization
def forget(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Asks first; a POST ends it: the held time, what was chosen and typed, the last confirmation, being signed in.

    What was booked stays booked, and staff's session as it is. A device (`device/forgetting.js`) asks for JSON: its
    page was kept without anybody's token.
    """
    if request.method == "POST":
        Flow(request, organization).forget()
        if not request.session.keys():
            request.session.flush()
    elif request.accepts("text/html") is False:
        return json_response(200, {"token": get_token(request)})
    context = {"organization": organization, "done": request.method == "POST"}
    response = render(request, "wizard/forget.html", context)
    if context["done"] and sessions.current(request, organization):
        sessions.end(request, response, organization)
    return response
