"""A booking as a calendar file."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from holdfast.bookings import access
from holdfast.calendars.queries import calendar_for
from holdfast.catalog.asked import organization_asked
from holdfast.core.schemas import ProblemOut
from holdfast.core.tenancy import transaction_for

# Mounted before the bookings' own router, whose `{reference}` would take the `.ics` for a part of the reference.
router = Router(tags=["bookings"])


@router.get(
    "/{org}/bookings/{reference}.ics",
    response={200: None, 404: ProblemOut},
    summary="A booking as a calendar file",
    openapi_extra={"responses": {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}},
)
def get_calendar(request: HttpRequest, org: str, reference: str) -> HttpResponse:
    """For the bearer of its signed token (`X-Manage-Token` or `?token=`), an API key, or signed-in staff."""
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        booking, caller = access.find_booking(request, reference)
        content = calendar_for(booking, signed=caller.may_change)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={
            "Content-Disposition": f'attachment; filename="{booking.reference}.ics"',
            "Cache-Control": "private, no-cache",
        },
    )
