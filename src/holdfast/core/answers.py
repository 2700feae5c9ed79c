"""JSON answers, with an ETag when the reader may have them already."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified


def json_response(
    status: int, document: Any, *, request: HttpRequest | None = None, etag_without: str | None = None
) -> HttpResponse:
    """`document` as JSON. With the `request`, an ETag of its content, and 304 when the reader has just that.

    `etag_without` names a member that always differs, such as the time of the answer.
    """
    response = HttpResponse(encode(document), status=status, content_type="application/json; charset=utf-8")
    if request is not None:
        lasting = {**document, etag_without: ""} if etag_without else document
        etag = etag_of(encode(lasting))
        if etag in request.headers.get("If-None-Match", ""):
            response = HttpResponseNotModified()
        response["ETag"] = etag
    return response


def encode(document: Any) -> bytes:
    """Compact JSON in UTF-8; times and keys as text."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def etag_of(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
