"""Moving this and the following dates of a series, or all of them: every date shown first, nothing written before."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.models import Booking
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.beyond import override_of_series
from holdfast.desk.queries import booking_by_reference
from holdfast.desk.views.booking import refused
from holdfast.series import changes, move_page
from holdfast.series.errors import SeriesConflict
from holdfast.series.move_page import Wanted
from holdfast.series.queries import series_by_id
from holdfast.series.results import words_of


@desk_view(may="change", transaction=False)
def move_series(desk: Desk, reference: str) -> HttpResponseBase:
    """GET shows every date as it would be; a POST that confirms them moves them, any other looks again."""
    request = desk.request
    sent = request.POST if request.method == "POST" else request.GET
    wanted, reason, override = Wanted.read(sent), sent.get("reason", "")[:500], override_of_series(sent)
    with transaction_for(desk.organization.id):
        found = booking_by_reference(reference)
    if wanted is None or found.series_id is None:
        return redirect("desk:move", reference)
    if request.method == "POST":
        if wanted.is_confirmed(request.POST):
            return _move(desk, found, wanted, reason, override)
        return redirect(preview_at(reference, wanted, reason, override))
    try:
        beyond = override is not None
        shown = move_page.context(desk.organization, found, wanted, desk.actor, beyond_limits=beyond)
    except HoldfastError as error:
        return refused(desk, reference, error)
    with transaction_for(desk.organization.id):
        context = {
            **shown,
            "booking": found,
            "reason": reason,
            "override_reason": override.reason if override else "",
            "words": words_of(series_by_id(found.series_id)),
            "action": request.path,
            "back_url": reverse("desk:move", args=[reference]),
        }
        return desk.page("desk/series_move.html", context)


def preview_at(reference: str, wanted: Wanted, reason: str, override: Override | None = None) -> str:
    """Where every date is shown before any is moved."""
    words = {"reason": reason, "override": override.reason if override else ""}
    said = urlencode({name: text for name, text in words.items() if text})
    return f"{reverse('desk:move-series', args=[reference])}?{wanted.query()}{f'&{said}' if said else ''}"


def _move(desk: Desk, found: Booking, wanted: Wanted, reason: str, override: Override | None) -> HttpResponseBase:
    version = desk.request.POST.get("version", "")
    try:
        changed = changes.reschedule(
            organization=desk.organization,
            booking_id=found.id,
            version=int(version) if version.isdecimal() else None,
            actor=desk.actor,
            reason=reason.strip(),
            override=override,
            **wanted.asked(),
        )
    except SeriesConflict as error:
        messages.warning(desk.request, str(error.detail))
        return redirect(preview_at(found.reference, wanted, reason, override))
    except HoldfastError as error:
        return refused(desk, found.reference, error)
    count = len(changed.bookings)
    words = ngettext("%(count)d date has a new time.", "%(count)d dates have new times.", count) % {"count": count}
    messages.success(desk.request, f"{words} {_('The customer gets one mail.')}")
    return redirect("desk:series", changed.series.id)
