"""What every answer under /api/ has in common, whoever gave it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from holdfast.catalog.asked import speak_to
from holdfast.catalog.queries import organization_by_slug
from holdfast.config.api import api, problem
from holdfast.core.errors import MethodNotAllowed, NotFound


class InTheirLanguage:
    """The API answers in a language of the organization that its address names: the one asked for, else its default.

    Before the body is read, so that what is wrong with it is said so, too. The endpoint then takes the organization
    from here (catalog/asked.py).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, named: dict[str, Any]) -> None:
        found, slug = request.resolver_match, str(named.get("org", ""))
        if found is None or found.namespace != api.urls_namespace or not slug or "\0" in slug:
            return
        try:
            speak_to(request, organization_by_slug(slug))
        except NotFound:
            return  # the endpoint says so


class ProblemsForPrograms:
    """A method that an address does not understand is a problem document, as every other refusal is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or not request.path.startswith("/api/"):
            return response
        if response.get("Content-Type", "").startswith("application/problem+json"):
            return response
        allowed = sorted(each.strip() for each in response.get("Allow", "").split(",") if each.strip())
        return problem(MethodNotAllowed(allowed=allowed))
