"""JSON answers, with an ETag when the reader may have them already."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified


def json_response(status: int, document: Any, *, request: HttpRequest | None = None) -> HttpResponse:
    """`document` as JSON. With the `request`, an ETag of the content, and 304 when the reader has just that."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str).encode()
    response = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    if request is not None:
        etag = etag_of(body)
        if etag in request.headers.get("If-None-Match", ""):
            response = HttpResponseNotModified()
        response["ETag"] = etag
    return response


def etag_of(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
