"""The JSON API: its routers, and how every refusal looks (RFC 9457)."""

from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.errors import ValidationError as MalformedRequest

from holdfast.alerts.api import router as alerts
from holdfast.bookings.api import create_booking
from holdfast.bookings.api import router as bookings
from holdfast.bookings.availability.api import router as availability
from holdfast.bookings.details.also_wrong import also_wrong
from holdfast.bookings.holds.api import router as holds
from holdfast.bookings.quotes.api import router as quotes
from holdfast.calendars.api import router as calendars
from holdfast.catalog.api import router as catalog
from holdfast.config.api_document import DocumentedAPI
from holdfast.config.api_words import said
from holdfast.core.answers import json_response
from holdfast.core.errors import HoldfastError, ValidationError
from holdfast.payments.api import router as payments
from holdfast.series.api import router as series
from holdfast.waiting.api import router as waiting

api = DocumentedAPI(
    title="Holdfast",
    version="1",
    description="Booking that holds. Times are RFC 3339 with an offset; money is minor units with an ISO currency; "
    "refusals are application/problem+json with a stable code.",
    urls_namespace="api-1",
    docs_url="/docs",
    openapi_url="/openapi.json",
)
api.add_router("", catalog)
api.add_router("", calendars)  # before bookings, whose `{reference}` would swallow the `.ics`
api.add_router("", series)  # and so is this
api.add_router("", payments)  # and `/payment`, which is no change of a booking
api.add_router("", availability)
api.add_router("", bookings)
api.add_router("", holds)
api.add_router("", quotes)
api.add_router("", alerts)
api.add_router("", waiting)


@api.exception_handler(HoldfastError)
def refused(_request: HttpRequest, error: HoldfastError) -> HttpResponse:
    return problem(error)


@api.exception_handler(MalformedRequest)
def malformed(request: HttpRequest, error: MalformedRequest) -> HttpResponse:
    """All that is wrong, at once: of a booking also what its service asks, which its schema does not know."""
    errors = [readable(each) for each in error.errors]
    found = request.resolver_match
    if found is not None and found.url_name == create_booking.__name__ and request.method == "POST":
        named = {each["field"] for each in errors}
        errors += [each for each in also_wrong(request) if each["field"] not in named]
    return problem(ValidationError(errors=errors))


@api.exception_handler(HttpError)
def refused_by_framework(_request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return problem(ValidationError(errors=[{"field": "", "message": _("The body is not valid JSON.")}]))
    refusal = HoldfastError(str(error))
    return problem(refusal, status=error.status_code)


@api.exception_handler(DataError)
def cannot_be_kept(_request: HttpRequest, _error: DataError) -> HttpResponse:
    """A text that PostgreSQL has no place for, such as one with U+0000: the transaction that met it is undone."""
    return problem(ValidationError())


def problem(error: HoldfastError, *, status: int | None = None) -> HttpResponse:
    """A refusal as application/problem+json, with its headers."""
    response = json_response(status or error.status, {**error.problem(), "status": status or error.status})
    response["Content-Type"] = "application/problem+json"
    for name, value in error.headers.items():
        response[name] = value
    return response


def readable(error: dict[str, Any]) -> dict[str, str]:
    """Pydantic's location as a dotted field: ("body", "body", "customer", "email") is customer.email."""
    places = [str(each) for each in error["loc"] if each not in ("body", "query", "path", "header", "asked")]
    return {"field": ".".join(places), "message": said(error)}
