"""What the endpoints share: the wish in a body, an answer that is remembered, what may be refused."""

from collections.abc import Callable
from fractions import Fraction
from typing import Annotated

from django.http import HttpResponse
from ninja import Header, Schema

from holdfast.bookings.availability.extras import chosen_of
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.repeats import answer_settled
from holdfast.bookings.schemas import TipIn, WishIn
from holdfast.bookings.stops.schemas import StopIn
from holdfast.bookings.stops.stop import Stop
from holdfast.catalog.models import Organization
from holdfast.core.answers import json_response, private
from holdfast.core.idempotency import Answer
from holdfast.core.schemas import ProblemOut
from holdfast.domain.pricing.paying import Tip

UNKNOWN = {404: ProblemOut}
UNREADABLE = {**UNKNOWN, 422: ProblemOut}
REFUSED = {**UNREADABLE, 409: ProblemOut}
CONTENDED = {**REFUSED, 503: ProblemOut}
IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=255)]


def answered(
    organization: Organization, key: str | None, operation: str, body: Schema, work: Callable[[], Answer]
) -> HttpResponse:
    sent = body.model_dump(mode="json")
    answer = answer_settled(organization_id=organization.id, key=key, operation=operation, request=sent, work=work)
    response = with_event(private(json_response(answer.status, answer.body)), answer.event_id)
    if answer.status >= 400:
        response["Content-Type"] = "application/problem+json"
    if answer.replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def with_event(response: HttpResponse, event_id: int | None) -> HttpResponse:
    """What to give as `after`, to be shown free times that know of this."""
    if event_id is not None:
        response["Event-Id"] = str(event_id)
    return response


def stop_of(sent: StopIn | None) -> Stop | None:
    return Stop(sent.place, sent.address) if sent is not None and (sent.place or sent.address) else None


def tip_of(sent: TipIn) -> Tip | None:
    """None for a tip of nothing."""
    return Tip(sent.amount or 0, Fraction(sent.percent or 0)) if sent.amount or sent.percent else None


def wish_of(body: WishIn) -> Wish:
    return Wish(
        service=body.service,
        resource=body.resource,
        party_size=body.party_size,
        duration=body.duration_minutes,
        type=body.type,
        promo_code=(body.promo_code or "").strip(),
        pickup=stop_of(body.pickup),
        dropoff=stop_of(body.dropoff),
        payment_method=body.payment_method,
        tip=tip_of(body.tip) if body.tip else None,
        extras=chosen_of(body.extras),
    )
