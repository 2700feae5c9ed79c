"""A strict Content-Security-Policy: nothing inline without this response's nonce, nothing from elsewhere."""

import secrets
from collections.abc import Callable, Iterable, Mapping

from django.http import HttpRequest, HttpResponse

POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'nonce-{nonce}'",
    "style-src": "'self' 'nonce-{nonce}'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# Unfold's admin is built on Alpine, which needs eval and inline styles; nothing public is served there.
ADMIN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# What a response carries that is allowed more.
_MORE = "csp_more"


class ContentSecurityPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        policy = ADMIN_POLICY if request.path.startswith("/admin/") else _policy(nonce, getattr(response, _MORE, {}))
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


def allow(response: HttpResponse, more: Mapping[str, Iterable[str]]) -> HttpResponse:
    """Let this one page use other origins as well: by directive, `{"frame-src": ["https://js.example"]}`."""
    setattr(response, _MORE, {**getattr(response, _MORE, {}), **more})
    return response


def _policy(nonce: str, more: Mapping[str, Iterable[str]]) -> str:
    wanted = (
        (name, " ".join([*_usual(sources, more.get(name, ())), *more.get(name, ())]))
        for name, sources in POLICY.items()
    )
    return "; ".join(f"{name} {sources}" for name, sources in wanted).replace("{nonce}", nonce)


def _usual(sources: str, more: Iterable[str]) -> list[str]:
    """What a directive has without the page's wishes; "none" stands alone or not at all (CSP3, section 2.3.1)."""
    return [] if more and sources == "'none'" else [sources]
