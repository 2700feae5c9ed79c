"""Cookies of pages inside other sites: apart from those of our own pages, and apart for each site.

A browser sends no cookie of ours into another site's page, unless it is `SameSite=None; Secure`, and keeps it there
only if it is `Partitioned` too: then it belongs to us inside of that one site (CHIPS, draft-cutler-httpbis-partitioned-
cookies). Such cookies have names of their own here, so that nobody's desk is ever open in a frame, and a browser that
knows no partitions mixes nothing up.
"""

from collections.abc import Callable
from http.cookies import Morsel
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import check_for_language

PREFIX = "framed_"
# How a script of our own says where it runs (web/framed.js).
HEADER = "X-Framed"
LANGUAGE = "lang"

# Python knows the attribute from 3.14 on.
if "partitioned" not in Morsel._reserved:  # type: ignore[attr-defined]  # noqa: SLF001
    Morsel._reserved["partitioned"] = "Partitioned"  # type: ignore[attr-defined]  # noqa: SLF001
    Morsel._flags.add("partitioned")  # type: ignore[attr-defined]  # noqa: SLF001


class FramedCookies:
    """Around the session: in a frame, the rest of the house sees the frame's cookies under their usual names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        framed = is_framed(request)
        request.framed = framed  # type: ignore[attr-defined]
        own = {name: text for name, text in request.COOKIES.items() if not name.startswith(PREFIX)}
        inside = {name.removeprefix(PREFIX): text for name, text in request.COOKIES.items() if name.startswith(PREFIX)}
        request.COOKIES = inside if framed else own
        asked = _language_asked(request) if framed else ""
        if asked:
            request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = asked
        response = self.get_response(request)
        if asked:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, asked)
        if framed:
            _move_into_frame(response)
        return response


def is_framed(request: HttpRequest) -> bool:
    """Whether a page in a frame asks, or is asked for: browsers say so (Fetch Metadata), our scripts as well."""
    wanted_as = request.headers.get("Sec-Fetch-Dest", "")
    return wanted_as == "iframe" or (wanted_as == "empty" and HEADER in request.headers)


def _language_asked(request: HttpRequest) -> str:
    """What the element was told to speak, by its `lang`; it holds for the pages that follow."""
    code = request.GET.get(LANGUAGE, "").split("-")[0].lower()
    return code if code in dict(settings.LANGUAGES) and check_for_language(code) else ""


def _move_into_frame(response: HttpResponse) -> None:
    for name in list(response.cookies):
        given = response.cookies.pop(name)
        response.cookies[PREFIX + name] = given.value
        moved = response.cookies[PREFIX + name]
        as_given: dict[str, Any] = {key: value for key, value in given.items() if value}
        moved.update(as_given | {"samesite": "None", "secure": True, "partitioned": True})
