"""Bookings: parse, call, answer. Free times are asked in availability/api.py, holds in holds/api.py."""

from dataclasses import replace
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from holdfast.bookings import access, actions, queries
from holdfast.bookings.assignment import reassigning
from holdfast.bookings.assignment.assigned import assigned_of
from holdfast.bookings.details import attending
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.errors import RequestWithdrawn
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.models import Booking
from holdfast.bookings.quotes import keeping
from holdfast.bookings.requests import (
    CONTENDED,
    REFUSED,
    UNKNOWN,
    IdempotencyKey,
    answered,
    with_event,
)
from holdfast.bookings.schemas import (
    AttendeesIn,
    BookingIn,
    BookingOut,
    CustomerIn,
    OverrideIn,
    ReassignIn,
    RescheduleIn,
    StepIn,
    normal_phone,
)
from holdfast.bookings.series_room import booked_series, series_answer, series_room
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.asked import organization_asked
from holdfast.catalog.models import Organization
from holdfast.core.answers import json_response, private
from holdfast.core.errors import Forbidden, ValidationError
from holdfast.core.idempotency import Answer
from holdfast.core.schemas import ProblemOut
from holdfast.core.tenancy import transaction_for

router = Router(tags=["bookings"])
NOT_YOURS = {403: ProblemOut}
BOOK = "book"  # under this its answers are remembered


@router.post("/{org}/bookings", response={201: BookingOut, **CONTENDED}, summary="Book a slot, or the hold on it")
def create_booking(
    request: HttpRequest, org: str, body: BookingIn, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """With an `Idempotency-Key`, sending the same again gives the same answer and never a second booking.

    With a `recurrence` every date is booked, or resolved as it says, else none: 409 `series_conflict` has a `preview`.
    An `override` (a key that may write) lifts limits; it is recorded of the bookings that exceed one.
    """
    organization = organization_asked(request, org)
    _refuse_what_is_not_offered(body)
    details = Details(
        customer=customer_of(body.customer, organization, request),
        answers=body.answers,
        attendees=[each.model_dump() for each in body.attendees],
        note=body.note.strip(),
        payment_method=body.payment_method,
        emergency_reason=body.emergency_reason.strip(),
    )

    def work() -> Answer:
        actor, override = _overriding(request, organization, body.override)
        given = replace(details, method_is_given=access.is_key_that_writes(request, organization.id))
        if body.recurrence is not None:
            return booked_series(request, organization, body, given, override)
        booking = keeping.book_once(organization=organization, body=body, details=given, actor=actor, override=override)
        document = queries.booking_document(organization, booking, for_staff=override is not None, is_new=True)
        return Answer(201, document, event_id=booking.event_id)

    return answered(organization, idempotency_key, BOOK, body, work)


@router.post(
    "/{org}/bookings/withdraw",
    response={201: BookingOut, 410: ProblemOut, **REFUSED},
    summary="Take back a request to book whose answer was lost",
)
def withdraw_request(
    request: HttpRequest, org: str, body: BookingIn, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """With the body and the `Idempotency-Key` of the request. Never books.

    Had it been answered, this is its answer again: 201 with the booking, which stands and can be cancelled. Else 410
    `request_withdrawn`, which is also what the request gets should it still arrive within a day.
    """
    organization = organization_asked(request, org)
    if not idempotency_key:
        raise ValidationError(errors=[{"field": "Idempotency-Key", "message": _("Please fill this in.")}])

    def work() -> Answer:
        raise RequestWithdrawn

    return answered(organization, idempotency_key, BOOK, body, work)


@router.get("/{org}/bookings/{reference}", response={200: BookingOut, **UNKNOWN}, summary="One booking")
def get_booking(request: HttpRequest, org: str, reference: str) -> HttpResponse:
    """For the bearer of its signed token (`X-Manage-Token` or `?token=`), an API key, or signed-in staff."""
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        booking, caller = access.find_booking(request, reference)
        return _document(organization, booking, caller)


@router.post(
    "/{org}/bookings/{reference}/reschedule",
    response={200: BookingOut, **CONTENDED, **NOT_YOURS},
    summary="Move a booking",
)
def reschedule_booking(request: HttpRequest, org: str, reference: str, body: RescheduleIn) -> HttpResponse:
    """With a `scope`, other dates of its series move as far: all or none (409 `series_conflict` with a `preview`).

    Moved by its customer, a booking costs what the new time costs now: 409 `another_price` says what, where that is
    more, and `accept_price` accepts it. Moved by staff or a key it keeps its price.
    """
    organization = organization_asked(request, org)
    booking, caller = _writable(request, organization, reference)
    if body.override and caller.actor.kind != "staff":
        raise Forbidden
    override = Override(body.override.reason) if body.override else None
    if body.scope != "this":
        to = {
            "starts_at": body.starts_at,
            "resource": body.resource,
            "keep": body.keep,
            "instead": [each.model_dump() for each in body.instead],
            "override": override,
            "accept_price": body.accept_price,
        }
        return series_answer(series_room().reschedule, organization, booking, caller, body, **to)
    moved = actions.reschedule(
        organization=organization,
        booking_id=booking.id,
        starts_at=body.starts_at,
        version=body.version,
        actor=caller.actor,
        resource=body.resource,
        reason=body.reason,
        override=override,
        accept_price=body.accept_price,
    )
    return _booking_answer(organization, moved, caller)


@router.post(
    "/{org}/bookings/{reference}/attendees",
    response={200: BookingOut, **REFUSED, **NOT_YOURS},
    summary="Say anew who comes",
)
def change_attendees(request: HttpRequest, org: str, reference: str, body: AttendeesIn) -> HttpResponse:
    """The whole list, where the service asks for names: by customers until it begins, by staff until it is over."""
    organization = organization_asked(request, org)
    booking, caller = _writable(request, organization, reference)
    changed = attending.change_attendees(
        organization=organization,
        booking_id=booking.id,
        attendees=[each.model_dump() for each in body.attendees],
        version=body.version,
        actor=caller.actor,
    )
    return _booking_answer(organization, changed, caller)


@router.post(
    "/{org}/bookings/{reference}/reassign",
    response={200: BookingOut, **CONTENDED, **NOT_YOURS},
    summary="Give a booking to another resource",
)
def reassign_booking(request: HttpRequest, org: str, reference: str, body: ReassignIn) -> HttpResponse:
    """For staff and keys, at the time the booking has. The customer is told if they had chosen who is replaced."""
    organization = organization_asked(request, org)
    booking, caller = _writable(request, organization, reference)
    changed = reassigning.reassign(
        organization=organization,
        booking_id=booking.id,
        resource=body.resource,
        instead_of=body.instead_of,
        version=body.version,
        actor=caller.actor,
        reason=body.reason,
    )
    return _booking_answer(organization, changed, caller)


@router.post(
    "/{org}/bookings/{reference}/{action}",
    response={200: BookingOut, **REFUSED, **NOT_YOURS},
    summary="Change a booking",
)
def change_booking(
    request: HttpRequest,
    org: str,
    reference: str,
    action: Literal["cancel", "confirm", "start", "complete", "no-show"],
    body: StepIn,
) -> HttpResponse:
    """Customers may cancel; the other actions are for staff and keys.

    Once it costs something, 409 `cancellation_fee` says what (as does the booking's `cancellation`), and `accept_fee`
    accepts it. Where nothing was agreed about that, customers may cancel until the organization's notice begins.
    """
    organization = organization_asked(request, org)
    booking, caller = _writable(request, organization, reference)
    if body.scope != "this":
        together = {"cancel": series_room().cancel, "confirm": series_room().confirm}
        if action not in together:
            raise ValidationError(errors=[{"field": "scope", "message": _("only to move, to cancel and to confirm")}])
        return series_answer(together[action], organization, booking, caller, body)
    changed = actions.CHANGES[action](
        organization=organization,
        booking_id=booking.id,
        version=body.version,
        actor=caller.actor,
        reason=body.reason,
        **_fee_of(action, body, caller),
    )
    return _booking_answer(organization, changed, caller)


def _fee_of(action: str, body: StepIn, caller: access.Caller) -> dict[str, Any]:
    """What was said about a fee. Only staff and keys say whether one is owed."""
    said = {"charge": body.charge} if body.charge is not None and caller.actor.kind == "staff" else {}
    return {**said, "accept_fee": body.accept_fee} if action == "cancel" else said if action == "no-show" else {}


def customer_of(sent: CustomerIn, organization: Organization, request: HttpRequest) -> Customer:
    """As sent, with the number as E.164 and in a language the organization speaks. Raises ValidationError."""
    try:
        phone = normal_phone(sent.phone, organization.country)
    except ValueError as error:
        raise ValidationError(errors=[{"field": "customer.phone", "message": str(error)}]) from None
    locale = sent.locale or getattr(request, "LANGUAGE_CODE", "")
    if locale not in organization.languages:
        locale = organization.default_language
    return Customer(name=sent.name, email=sent.email, phone=phone, locale=locale, time_zone=sent.time_zone)


def _refuse_what_is_not_offered(body: BookingIn) -> None:
    for name in ("promo_code", "quote", "tip"):
        if getattr(body, name) and body.recurrence is not None:
            message = _("is for a single booking, not for a series")
            raise ValidationError(errors=[{"field": name, "message": message}])


def _writable(request: HttpRequest, organization: Organization, reference: str) -> tuple[Booking, access.Caller]:
    with transaction_for(organization.id):
        return access.find_writable(request, reference)


def _overriding(
    request: HttpRequest, organization: Organization, sent: OverrideIn | None
) -> tuple[Actor, Override | None]:
    """Whoever goes beyond a limit says who they are: a key that may write. Inside the transaction. Raises Forbidden."""
    if sent is None:
        return CUSTOMER, None
    caller = access.staff_caller(request, organization.id)
    if caller is None or caller.by_session or not caller.may_change:
        raise Forbidden
    return caller.actor, Override(sent.reason)


def _booking_answer(organization: Organization, booking: Booking, caller: access.Caller) -> HttpResponse:
    with transaction_for(organization.id):
        return with_event(_document(organization, booking, caller), booking.event_id)


def _document(organization: Organization, booking: Booking, caller: access.Caller) -> HttpResponse:
    """The booking as this caller may see it."""
    for_staff = caller.actor.kind == "staff"
    document = queries.booking_document(organization, booking, signed=caller.may_change, for_staff=for_staff)
    if for_staff:
        document["assigned"] = assigned_of(booking)
    return private(json_response(200, document))
