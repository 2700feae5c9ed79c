"""Holds: parse, call, answer."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from holdfast.bookings import access, queries
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.holds.holders import Holder
from holdfast.bookings.requests import CONTENDED, REFUSED, IdempotencyKey, answered, wish_of, with_event
from holdfast.bookings.schemas import HoldIn, HoldOut
from holdfast.catalog.asked import organization_asked
from holdfast.catalog.models import Organization
from holdfast.core.addresses import network_of
from holdfast.core.answers import json_response
from holdfast.core.idempotency import Answer
from holdfast.core.schemas import ProblemOut
from holdfast.core.tenancy import transaction_for

router = Router(tags=["bookings"])


@router.post("/{org}/holds", response={201: HoldOut, **CONTENDED, 429: ProblemOut}, summary="Hold a slot")
def create_hold(request: HttpRequest, org: str, body: HoldIn, idempotency_key: IdempotencyKey = None) -> HttpResponse:
    """The slot is yours until `expires_at`; nobody else can take it. `replaces`: your former hold, which moves here.

    With a `holder` or `email`, a second hold on the same service is refused with `hold_exists`, which names the first.
    """
    organization = organization_asked(request, org)

    def work() -> Answer:
        held = holds.hold_once(
            organization=organization,
            wish=wish_of(body),
            starts_at=body.starts_at,
            replaces=body.replaces,
            holder=_holder(request, organization, body),
        )
        return Answer(201, queries.hold_document(held), event_id=held.event_id)

    return answered(organization, idempotency_key, "hold", body, work)


@router.post("/{org}/holds/{hold_id}/extend", response={200: HoldOut, **REFUSED}, summary="Keep a slot a little longer")
def extend_hold(request: HttpRequest, org: str, hold_id: UUID) -> HttpResponse:
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        held = holds.extend_hold(organization=organization, hold_id=hold_id)
        return with_event(json_response(200, queries.hold_document(held)), held.event_id)


@router.delete("/{org}/holds/{hold_id}", response={204: None, **REFUSED}, summary="Release a hold")
def release_hold(request: HttpRequest, org: str, hold_id: UUID) -> HttpResponse:
    released = holds.release_hold(organization=organization_asked(request, org), hold_id=hold_id)
    return with_event(HttpResponse(status=204), released.event_id)


def _holder(request: HttpRequest, organization: Organization, body: HoldIn) -> Holder:
    """A program with a key holds for many customers: only whoever comes without one is counted by address."""
    by_key = access.staff_caller(request, organization.id) is not None
    name = f"client {body.holder}" if body.holder else f"email {body.email.strip().lower()}" if body.email else ""
    return Holder.of(name, address="" if by_key else network_of(request))
