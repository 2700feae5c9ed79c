"""Previews of series: parse, call, answer. Booking one is POST bookings with a `recurrence` (bookings/api.py)."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from holdfast.bookings import access
from holdfast.bookings.availability.extras import chosen_of
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.requests import stop_of
from holdfast.catalog.asked import organization_asked
from holdfast.core.answers import json_response, private
from holdfast.core.errors import Forbidden
from holdfast.core.schemas import ProblemOut
from holdfast.core.tenancy import transaction_for
from holdfast.series import asked, changes, documents, judging, moving
from holdfast.series.schemas import ChangePreviewOut, PreviewChangeIn, PreviewSeriesIn, SeriesPreviewOut

# Mounted before the bookings' own router, whose `{reference}` would take "preview-series" for one.
router = Router(tags=["series"])
UNREADABLE = {404: ProblemOut, 422: ProblemOut}


@router.post(
    "/{org}/bookings/preview-series",
    response={200: SeriesPreviewOut, **UNREADABLE, 403: ProblemOut},
    summary="Every date of a recurrence: free, or why not",
)
def preview_series(request: HttpRequest, org: str, body: PreviewSeriesIn) -> HttpResponse:
    """Nothing is held or written. Send it again with `resolutions` to see what they come to; then POST bookings."""
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        caller = access.staff_caller(request, organization.id)
        if body.beyond_limits and caller is None:
            raise Forbidden
        wish = Wish(
            service=body.service,
            resource=body.resource,
            party_size=body.party_size,
            duration=body.duration_minutes,
            extras=chosen_of(body.extras),
            pickup=stop_of(body.pickup),
            dropoff=stop_of(body.dropoff),
            by_staff=caller is not None,
        )
        wanted = asked.read(
            wish=wish,
            starts_at=body.starts_at,
            zone=organization.time_zone,
            recurrence=body.recurrence.model_dump(),
        )
        found = judging.judge(organization, wanted, beyond_limits=body.beyond_limits)
        return private(json_response(200, documents.preview_document(wanted, found, organization.currency)))


@router.post(
    "/{org}/bookings/{reference}/preview-change",
    response={200: ChangePreviewOut, **UNREADABLE, 403: ProblemOut},
    summary="What changing this and other dates of a series would do",
)
def preview_change(request: HttpRequest, org: str, reference: str, body: PreviewChangeIn) -> HttpResponse:
    """Nothing is written. Without `starts_at`, what cancelling would do. Staff who may change it may ask by session."""
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        booking, caller = access.find_changeable(request, reference)
        if body.beyond_limits and caller.actor.kind != "staff":
            raise Forbidden
    found, moves = changes.look_ahead(
        organization=organization,
        booking_id=booking.id,
        scope=body.scope,
        actor=caller.actor,
        starts_at=body.starts_at,
        resource=body.resource,
        with_moved=body.with_moved,
        keep=body.keep,
        instead=moving.instead_of(each.model_dump() for each in body.instead),
        beyond_limits=body.beyond_limits,
    )
    return private(json_response(200, moving.preview_document(found, moves)))
