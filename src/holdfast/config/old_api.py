"""`POST /api/bookings`: the older system's address, kept for one organization until its clients have moved on.

It takes the body of `POST /api/v1/{org}/bookings` or the older one's, books by the very same endpoint, and says in
every answer that it is deprecated (RFC 9745), by what it is succeeded (RFC 8288) and, if that is known, until when it
works (RFC 8594).
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError as Malformed

from holdfast.bookings.api import create_booking
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.requests import wish_of
from holdfast.bookings.schemas import BookingIn
from holdfast.catalog.asked import organization_asked
from holdfast.catalog.models import Organization
from holdfast.config.api import cannot_be_kept, problem, readable
from holdfast.core import clock
from holdfast.core.answers import encode
from holdfast.core.errors import HoldfastError, MethodNotAllowed, NotFound, ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.domain.money import exponent
from holdfast.legacy import alias
from holdfast.legacy.alias import Translated

# Since when new clients should not begin with it.
DEPRECATED_SINCE = datetime(2026, 11, 21, tzinfo=UTC)


@csrf_exempt
def bookings(request: HttpRequest) -> HttpResponse:
    """Book for the organization of `HOLDFAST_OLD_API_ORGANIZATION`; without one, there is nothing here, and why."""
    slug = settings.OLD_API_ORGANIZATION
    if not slug:
        return problem(
            NotFound(
                _(
                    "This address of the older system is not in use here. Please send bookings to "
                    "/api/v1/{organization}/bookings."
                )
            )
        )
    response = _answer(request, slug)
    response["Deprecation"] = f"@{int(DEPRECATED_SINCE.timestamp())}"
    response["Link"] = f'<{settings.BASE_URL}/api/v1/{slug}/bookings>; rel="successor-version"'
    if settings.OLD_API_SUNSET:
        end = datetime.combine(date.fromisoformat(settings.OLD_API_SUNSET), time(), UTC)
        response["Sunset"] = http_date(end.timestamp())
    return response


def _answer(request: HttpRequest, slug: str) -> HttpResponse:
    translated = Translated({}, {})
    try:
        if request.method != "POST":
            raise MethodNotAllowed(_("Only POST is understood here."), allowed=["POST"])
        organization, sent = organization_asked(request, slug), _sent(request)
        if alias.is_old(sent):
            translated = _translated(organization, sent)
            sent = translated.body
        body = _read(sent)
        if translated.body:
            _check_amount(organization, body, _sent(request))
        response = create_booking(request, slug, body, request.headers.get("Idempotency-Key", "")[:255] or None)
        return _retold(response, translated)
    except DataError as error:
        return cannot_be_kept(request, error)
    except HoldfastError as refused:
        if "errors" in refused.extra:
            refused.extra["errors"] = translated.in_their_words(refused.extra["errors"])
        return problem(refused)


def _retold(response: HttpResponse, translated: Translated) -> HttpResponse:
    """A refusal that was remembered for its key, in the client's own words."""
    if response.status_code >= 400 and translated.body:
        document = json.loads(response.content)
        if "errors" in document:
            document["errors"] = translated.in_their_words(document["errors"])
            response.content = encode(document)
    return response


def _sent(request: HttpRequest) -> dict[str, Any]:
    try:
        sent = json.loads(request.body)
        json.dumps(sent, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise ValidationError(errors=[{"field": "", "message": _("The body is not valid JSON.")}])
    return sent


def _translated(organization: Organization, sent: Mapping[str, Any]) -> Translated:
    names = dict(pair.split("=", 1) for pair in settings.OLD_API_NAMES)
    service = alias.renamed(str(sent.get("service_type") or ""), names)
    asked: list[str] = []
    if service:
        with transaction_for(organization.id):
            plan = plan_cache.plan_for(organization.id, organization.catalog_version, service[:50])
        asked = [str(question["key"]) for question in plan.questions]
    translated = alias.translate(sent, zone=organization.time_zone, names=names, asked=asked)
    if translated.errors:
        raise ValidationError(errors=list(translated.errors))
    return translated


def _read(sent: dict[str, Any]) -> BookingIn:
    try:
        return BookingIn.model_validate(sent)
    except Malformed as error:
        raise ValidationError(errors=[readable(dict(each)) for each in error.errors()]) from None


def _check_amount(organization: Organization, body: BookingIn, sent: Mapping[str, Any]) -> None:
    """What an old client believes to agree to is what is agreed, or nothing is. Raises ValidationError."""
    currency = str(sent.get("currency") or organization.currency).upper()
    if currency != organization.currency:
        message = _("prices are in %(currency)s") % {"currency": organization.currency}
        raise ValidationError(errors=[{"field": "currency", "message": message}])
    if sent.get("total_amount") in (None, ""):
        return
    with transaction_for(organization.id):
        question = plan_cache.question_of(organization, wish_of(body), clock.now())
    total = question.price(clock.to_minute(body.starts_at)).total
    ours = Decimal(total.amount).scaleb(-exponent(organization.currency))
    try:
        agrees = Decimal(str(sent["total_amount"])) == ours
    except InvalidOperation:
        agrees = False
    if not agrees:
        message = _("the price is %(amount)s; leave it out or send that") % {"amount": ours}
        raise ValidationError(errors=[{"field": "total_amount", "message": message}])
