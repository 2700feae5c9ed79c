"""JSON answers, with an ETag when the reader may have them already."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

JSON = "application/json; charset=utf-8"


def json_response(status: int, document: Any, *, request: HttpRequest | None = None) -> HttpResponse:
    """`document` as JSON. With the `request`, an ETag of its content, and 304 when the reader has just that."""
    body = encode(document)
    if request is not None:
        return answer_unless_known(request, etag_of(body), body)
    return HttpResponse(body, status=status, content_type=JSON)


def answer_unless_known(request: HttpRequest, etag: str, body: bytes) -> HttpResponse:
    """The JSON body with its ETag, or 304 when the reader has just that."""
    known = etag in request.headers.get("If-None-Match", "")
    response = HttpResponseNotModified() if known else HttpResponse(body, content_type=JSON)
    response["ETag"] = etag
    return response


def private(response: HttpResponse) -> HttpResponse:
    """Nobody on the way keeps a copy of what names a customer or carries their token."""
    response["Cache-Control"] = "private, no-store"
    return response


def encode(document: Any) -> bytes:
    """Compact JSON in UTF-8; times and keys as text."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def etag_of(body: bytes) -> str:
    """A weak one: the same may be sent in fewer bytes (RFC 9110, 8.8.1)."""
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
