"""One series: its rule, every date with its state, approving all of it, and cancelling from a date on."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from holdfast.bookings.models import Booking, BookingState
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.queries import booking_by_reference
from holdfast.domain.lifecycle import ACTIVE
from holdfast.payments.statuses import with_status
from holdfast.series import changes
from holdfast.series.affected import is_moved
from holdfast.series.queries import series_by_id
from holdfast.series.results import words_of


@desk_view()
def series(desk: Desk, series_id: UUID) -> HttpResponseBase:
    found = series_by_id(series_id)
    rows = list(
        with_status(Booking.objects.filter(series=found)).select_related("service", "series").order_by("starts_at")
    )
    now = clock.now()
    to_come = [each for each in rows if each.state in ACTIVE and each.starts_at > now]
    context = {
        "series": found,
        "words": words_of(found),
        "customer": rows[0] if rows else None,
        "dates": [{"booking": each, "is_moved": is_moved(each)} for each in rows],
        "next": to_come[0] if to_come else None,
        "requested": [each for each in to_come if each.state == BookingState.REQUESTED],
        "continued_by": list(found.continued_by.all()),
    }
    return desk.page("desk/series.html", context)


@require_POST
@desk_view(may="change", transaction=False)
def cancel_series(desk: Desk, reference: str) -> HttpResponseBase:
    """From a booking on, or all that can be; what was moved by itself stays unless asked for."""
    with transaction_for(desk.organization.id):
        found = booking_by_reference(reference)
    sent = desk.request.POST
    version = sent.get("version", "")
    try:
        changed = changes.cancel(
            organization=desk.organization,
            booking_id=found.id,
            version=int(version) if version.isdecimal() else None,
            scope="following" if sent.get("scope") == "following" else "all",
            actor=desk.actor,
            reason=sent.get("reason", "")[:500],
            with_moved="with_moved" in sent,
        )
    except HoldfastError as error:
        messages.warning(desk.request, str(error.detail))
        return redirect("desk:series", found.series_id) if found.series_id else redirect("desk:booking", reference)
    count = len(changed.bookings)
    words = ngettext("%(count)d date cancelled.", "%(count)d dates cancelled.", count) % {"count": count}
    messages.success(desk.request, f"{words} {_('The customer gets one mail.')}")
    return redirect("desk:series", changed.series.id)


@require_POST
@desk_view(may="change", transaction=False)
def confirm_series(desk: Desk, reference: str) -> HttpResponseBase:
    """All dates to come that still wait for approval."""
    with transaction_for(desk.organization.id):
        found = booking_by_reference(reference)
    try:
        changed = changes.confirm(
            organization=desk.organization, booking_id=found.id, version=None, scope="all", actor=desk.actor
        )
    except HoldfastError as error:
        messages.warning(desk.request, str(error.detail))
        return redirect("desk:series", found.series_id) if found.series_id else redirect("desk:booking", reference)
    count = len(changed.bookings)
    words = ngettext("%(count)d date confirmed.", "%(count)d dates confirmed.", count) % {"count": count}
    messages.success(desk.request, f"{words} {_('The customer gets one mail.')}")
    return redirect("desk:series", changed.series.id)
