"""A Django view that answers a word, served in the two ways ADR 3 compares: through a2wsgi, and Django's own ASGI."""

from typing import cast

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.bare import App, with_cpu_clock

THREADS = 2  # as in config/asgi.py


def hello(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"hello", headers={"Content-Length": "5"})


urlpatterns = [path("", hello)]
through_a2wsgi = with_cpu_clock(WSGIMiddleware(get_wsgi_application(), workers=THREADS))
through_asgi = with_cpu_clock(cast("App", get_asgi_application()))
