"""What every answer under /api/ has in common, whoever gave it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from holdfast.config.api import problem
from holdfast.core.errors import MethodNotAllowed


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
