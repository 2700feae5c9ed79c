"""What else is wrong with a booking that cannot be read, so that its customer puts all of it right at once."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from holdfast.bookings.availability import plan_cache
from holdfast.bookings.details.answers import check_answers
from holdfast.bookings.details.attendees import check_attendees
from holdfast.catalog.models import Organization
from holdfast.core.errors import NotFound, ValidationError
from holdfast.core.tenancy import transaction_for

Errors = list[dict[str, str]]


def also_wrong(request: HttpRequest) -> Errors:
    """A field and a message each, of the answers and the attendees in the body; nothing where they cannot be read.

    Only a refusal asks: a booking that can be read is judged when it is made (`details/columns.py`).
    """
    organization = getattr(request, "organization", None)
    try:
        sent = json.loads(request.body)
        service, party_size = str(sent["service"]), int(sent.get("party_size") or 1)
        answers, attendees = dict(sent.get("answers") or {}), [dict(each) for each in sent.get("attendees") or []]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []
    is_slug = service.isascii() and service.replace("-", "").replace("_", "").isalnum()
    if not isinstance(organization, Organization) or not is_slug:
        return []
    try:
        with transaction_for(organization.id):
            plan = plan_cache.plan_for(organization.id, organization.catalog_version, service)
    except NotFound:
        return []
    return [
        *_errors_of(lambda: check_answers(plan.questions, answers)),
        *_errors_of(lambda: check_attendees(plan.service["attendees"], party_size, attendees)),
    ]


def _errors_of(judge: Callable[[], Any]) -> Errors:
    try:
        judge()
    except ValidationError as refused:
        found: Errors = refused.extra["errors"]
        return found
    return []
