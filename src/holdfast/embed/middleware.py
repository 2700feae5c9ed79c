"""Which sites may show a page in a frame: those its organization has named, and only pages that book."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from holdfast.catalog.models import Organization
from holdfast.web.middleware import allow

FRAMABLE = frozenset({"wizard"})


class FrameAncestors:
    """Inside of those that refuse all frames."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        organization = getattr(request, "organization", None)
        found = request.resolver_match
        if not isinstance(organization, Organization) or found is None or found.app_name not in FRAMABLE:
            return response
        if organization.embed_origins:
            allow(response, {"frame-ancestors": organization.embed_origins})
            # X-Frame-Options cannot name a site; browsers that know frame-ancestors would not read it anyway.
            response.xframe_options_exempt = True
        return response
