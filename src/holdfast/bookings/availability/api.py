"""Free times, and why a time is free or not: parse, call, answer."""

from dataclasses import replace
from datetime import date
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from holdfast.bookings import access
from holdfast.bookings.availability import engine, explanation, extras, plan_cache, reading, unfit
from holdfast.bookings.availability.question import Wish, ask, check_currency
from holdfast.bookings.availability.span import span_of, window_of
from holdfast.bookings.places import placing
from holdfast.bookings.requests import (
    UNREADABLE,
)
from holdfast.bookings.schemas import (
    AvailabilityOut,
    ExplanationOut,
    Moment,
)
from holdfast.bookings.stops.stop import said_in_a_word
from holdfast.catalog.asked import organization_asked
from holdfast.core import clock
from holdfast.core.answers import answer_unless_known, json_response
from holdfast.core.errors import ValidationError
from holdfast.core.schemas import ProblemOut
from holdfast.core.tenancy import transaction_for

router = Router(tags=["bookings"])


class AvailabilityQuery(Schema):
    service: str
    from_: date | None = Field(None, alias="from")
    days: int = 7
    resource: str | None = None
    party_size: int = 1
    type: Literal["standard", "emergency"] = "standard"
    duration: int | None = None
    currency: str | None = None
    promo_code: str | None = None
    # As `place` of a booking's pickup and dropoff; prices by zones or distance are left out until both are said.
    pickup: str | None = Field(None, max_length=50)
    dropoff: str | None = Field(None, max_length=50)
    extras: str = ""
    pricing: bool = True
    time_zone: str | None = None
    after: int | None = None


@router.get(
    "/{org}/availability",
    response={200: AvailabilityOut, **UNREADABLE, 503: ProblemOut},
    summary="Free times of a service",
    by_alias=True,
)
def get_availability(request: HttpRequest, org: str, asked: Query[AvailabilityQuery]) -> HttpResponse:
    """Dates are local to `time_zone` (default: the organization's). `remaining`: how many such bookings still fit.

    `extras`: slugs with their number, as child-seat:2,projector:1; times are free with all of them.

    `promo_code`: prices are with it; how often it was used is counted by quotes, holds and bookings, and not here.

    `after`: an `Event-Id` that must be in the answer; without one, what was booked in the last 50 ms may be missing.
    """
    organization = organization_asked(request, org)
    now = clock.now()
    with transaction_for(organization.id):
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, asked.service)
        check_currency(plan, asked.currency)
        question = ask(plan, _asked_wish(asked), now)
        span = span_of(plan, first=asked.from_, days=asked.days, zone=asked.time_zone, now=now)
        window = window_of(question, span)
        _version, taken = reading.busy(question, window, now)
    found = engine.free_times(question, span, window, taken, pricing=asked.pricing)
    etag, body = found.encode(as_of=now)
    return answer_unless_known(request, etag, body)


class ExplainQuery(Schema):
    service: str
    starts_at: Moment
    resource: str | None = None
    party_size: int = 1
    type: Literal["standard", "emergency"] = "standard"
    duration: int | None = None
    extras: str = ""


@router.get(
    "/{org}/availability/explain", response={200: ExplanationOut, **UNREADABLE}, summary="Why a time is free or not"
)
def explain_availability(request: HttpRequest, org: str, asked: Query[ExplainQuery]) -> HttpResponse:
    """For everybody one sentence and what is free nearby; for staff and keys every rule, with the booking or date.

    They may ask about any `resource`: what customers cannot choose, too, and what does not serve the service at all.
    """
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        in_full = access.staff_caller(request, organization.id) is not None
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, asked.service)
        wish, start = _asked_wish(asked), placing.whole_minute(asked.starts_at)
        question = unfit.question_in_full(plan, wish) if in_full else ask(plan, wish, clock.now())
        if question is None:
            return json_response(200, unfit.document(plan, wish, start))
        found = explanation.explain(question, start)
        return json_response(200, explanation.document(found, question, in_full=in_full))


def _asked_wish(asked: AvailabilityQuery | ExplainQuery) -> Wish:
    wish = Wish(
        service=asked.service,
        resource=asked.resource,
        party_size=asked.party_size,
        duration=asked.duration,
        type=asked.type,
        extras=_extras(asked.extras),
    )
    if not isinstance(asked, AvailabilityQuery):
        return wish
    return replace(
        wish,
        promo_code=(asked.promo_code or "").strip(),
        pickup=said_in_a_word(asked.pickup),
        dropoff=said_in_a_word(asked.dropoff),
    )


def _extras(text: str) -> extras.Chosen:
    try:
        return extras.read(text)
    except ValueError:
        message = _("extras with their number, such as child-seat:2,projector:1")
        raise ValidationError(errors=[{"field": "extras", "message": message}]) from None
