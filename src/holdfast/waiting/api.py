"""The waiting list: parse, call, answer."""

from datetime import time
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from holdfast.bookings import access
from holdfast.bookings.api import NOT_YOURS, customer_of
from holdfast.bookings.availability.extras import chosen_of
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.queries import booking_document
from holdfast.bookings.requests import CONTENDED, REFUSED, UNKNOWN, IdempotencyKey, answered, with_event
from holdfast.bookings.schemas import BookingOut
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.asked import organization_asked
from holdfast.catalog.models import Organization
from holdfast.core.answers import json_response, private
from holdfast.core.errors import Forbidden, NotFound
from holdfast.core.idempotency import Answer
from holdfast.core.tenancy import transaction_for
from holdfast.domain.hours import DAY
from holdfast.pricing.models import PaymentMethod
from holdfast.waiting import actions, queries
from holdfast.waiting.actions import Times
from holdfast.waiting.errors import OfferOver
from holdfast.waiting.links import read_entry_token
from holdfast.waiting.models import WaitingEntry
from holdfast.waiting.schemas import ClaimIn, WaitIn, WaitingListOut, WaitOut

router = Router(tags=["waiting list"])
TOKEN_HEADER = "X-Waiting-Token"  # noqa: S105 - the header's name


@router.post(
    "/{org}/waiting-list", response={201: WaitOut, **CONTENDED}, summary="Join the waiting list", by_alias=True
)
def join(request: HttpRequest, org: str, body: WaitIn, idempotency_key: IdempotencyKey = None) -> HttpResponse:
    """When a time that suits becomes free, it is held for the person and offered by mail. Refused while one is free."""
    organization = organization_asked(request, org)
    customer = customer_of(body.customer, organization, request)
    extras = chosen_of(body.extras)
    wish = Wish(body.service, body.resource, body.party_size, body.duration_minutes, extras=extras)
    times = Times(body.from_, body.until, _minute(body.earliest, 0), _minute(body.latest, DAY))

    def work() -> Answer:
        entry = actions.join_once(organization=organization, wish=wish, times=times, customer=customer)
        return Answer(201, queries.entry_document(organization, entry))

    return answered(organization, idempotency_key, "wait", body, work)


@router.get("/{org}/waiting-list", response={200: WaitingListOut, **UNKNOWN}, summary="Who waits")
def in_line(request: HttpRequest, org: str) -> HttpResponse:
    """Everybody in line, the longest waiting first: for keys and signed-in staff; to others there is none."""
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        caller = access.staff_caller(request, organization.id)
        if caller is None:
            raise NotFound
        found = [queries.entry_document(organization, entry, signed=caller.may_change) for entry in queries.active()]
        return private(json_response(200, {"entries": found}))


@router.get(
    "/{org}/waiting-list/{entry_id}", response={200: WaitOut, **UNKNOWN}, summary="One's place in line", by_alias=True
)
def get_entry(request: HttpRequest, org: str, entry_id: UUID) -> HttpResponse:
    """For the bearer of its token (`X-Waiting-Token`), a key, or signed-in staff."""
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        entry, caller = _entry(request, organization, entry_id)
        return private(json_response(200, queries.entry_document(organization, entry, signed=caller.may_change)))


@router.post(
    "/{org}/waiting-list/{entry_id}/leave",
    response={200: WaitOut, **REFUSED, **NOT_YOURS},
    summary="Leave the waiting list",
    by_alias=True,
)
def leave(request: HttpRequest, org: str, entry_id: UUID) -> HttpResponse:
    """A time that is offered passes on at once. Leaving twice does nothing."""
    organization = organization_asked(request, org)
    actor = _may_change(request, organization, entry_id)
    actions.leave(organization=organization, entry_id=entry_id, actor=actor)
    with transaction_for(organization.id):
        return private(json_response(200, queries.entry_document(organization, queries.entry_by_id(entry_id))))


@router.post(
    "/{org}/waiting-list/{entry_id}/claim",
    response={201: BookingOut, **CONTENDED, **NOT_YOURS},
    summary="Book the offered time",
)
def claim(request: HttpRequest, org: str, entry_id: UUID, body: ClaimIn) -> HttpResponse:
    """What is held for the person becomes their booking. Claiming again gives the same booking."""
    organization = organization_asked(request, org)
    _may_change(request, organization, entry_id)
    with transaction_for(organization.id):
        entry = queries.entry_by_id(entry_id)
        offer = queries.last_offer(entry)
        if offer is None:
            raise OfferOver
        details = Details(
            customer=_customer(entry),
            answers=body.answers,
            attendees=[each.model_dump() for each in body.attendees],
            note=body.note.strip(),
            payment_method=PaymentMethod.ON_SITE if offer.booking.price_amount else PaymentMethod.NONE,
            method_is_given=True,
        )
    booking = actions.claim(organization=organization, offer_id=offer.id, details=details)
    with transaction_for(organization.id):
        return with_event(
            private(json_response(201, booking_document(organization, booking, is_new=True))), booking.event_id
        )


def _entry(request: HttpRequest, organization: Organization, entry_id: UUID) -> tuple[WaitingEntry, access.Caller]:
    """Inside the tenant's transaction. Raises NotFound for strangers, to whom no entry exists."""
    entry = queries.entry_by_id(entry_id)
    if read_entry_token(request.headers.get(TOKEN_HEADER, "")) == entry_id:
        return entry, access.Caller(CUSTOMER, may_change=True)
    caller = access.staff_caller(request, organization.id)
    if caller is None:
        raise NotFound
    return entry, caller


def _may_change(request: HttpRequest, organization: Organization, entry_id: UUID) -> Actor:
    """Raises NotFound, Forbidden."""
    with transaction_for(organization.id):
        _found, caller = _entry(request, organization, entry_id)
    if caller.by_session or not caller.may_change:
        raise Forbidden
    return caller.actor


def _customer(entry: WaitingEntry) -> Customer:
    return Customer(
        name=entry.customer_name,
        email=entry.customer_email,
        phone=entry.customer_phone,
        locale=entry.customer_locale,
        time_zone=entry.customer_time_zone,
    )


def _minute(at: time | None, otherwise: int) -> int:
    """Midnight at the end of a day is written as midnight, too."""
    return otherwise if at is None else at.hour * 60 + at.minute or otherwise
