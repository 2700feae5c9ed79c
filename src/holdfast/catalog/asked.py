"""Who is asked, and in which language the answer is: the organization that an address names, and its reader's words."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from holdfast.catalog.models import Organization
from holdfast.catalog.queries import organization_by_slug
from holdfast.core.languages import first_spoken


def organization_asked(request: HttpRequest, slug: str) -> Organization:
    """As `organization_by_slug`, without looking again for the one that is already spoken for. Raises NotFound."""
    found = getattr(request, "organization", None)
    return found if isinstance(found, Organization) and found.slug == slug else organization_by_slug(slug)


def speak_to(request: HttpRequest, organization: Organization) -> None:
    """From here on the reader's language among the organization's: chosen here, else asked for, else its default."""
    request.organization = organization  # type: ignore[attr-defined]
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    asked = request.headers.get("Accept-Language", "")
    language = (
        chosen
        if chosen in organization.languages
        else first_spoken(asked, organization.languages) or str(organization.default_language)
    )
    translation.activate(language)
    request.LANGUAGE_CODE = language
