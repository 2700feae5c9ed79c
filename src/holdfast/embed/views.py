"""The one line of script that another site writes into its page."""

import json
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, urlencode
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_safe

from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.embed.words import words_in

HOUR_S = 3600


@require_safe
@for_organization
def script(request: HttpRequest, organization: Organization) -> HttpResponse:
    """An ES module: the element, and what it says in the organization's languages. The same for every visitor."""
    told = {
        "org": organization.slug,
        "name": organization.name,
        "language": organization.default_language,
        "words": {language: words_in(language, organization.name) for language in organization.languages},
    }
    module = static("embed/element.js")
    words = json.dumps(told, ensure_ascii=False)
    text = f"import {{ offer }} from {json.dumps(module)};\noffer(import.meta.url, {words});\n"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"  # what modules are loaded by; nothing in it is anybody's own
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={HOUR_S}"
    response.headers["ETag"] = quote_etag(blake2b(text.encode(), digest_size=12).hexdigest())
    found = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return found if isinstance(found, HttpResponse) else response


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token. In a frame that is a browser that keeps no cookies there: the way on is a new tab."""
    found = request.resolver_match
    if not getattr(request, "framed", False) or found is None or "org" not in found.kwargs:
        return csrf_failure(request, reason)
    return _no_cookies(request, org=found.kwargs["org"])


@for_organization
def _no_cookies(request: HttpRequest, organization: Organization) -> HttpResponse:
    chosen = {
        name: request.POST[name] for name in ("service", "resource", "duration", "party") if request.POST.get(name)
    }
    onward = f"/{organization.slug}/booking" + (f"?{urlencode(chosen)}" if chosen else "")
    return render(request, "embed/no_cookies.html", {"organization": organization, "onward": onward}, status=403)
