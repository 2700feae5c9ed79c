"""Moving this and the following dates of a series, or all of them, for the bearer of the link of one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from holdfast.bookings.errors import AnotherPrice
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from holdfast.portal.move_price import amount_in
from holdfast.portal.views import explain, for_bearer, home, page_context, version_of
from holdfast.series import changes, move_page
from holdfast.series.errors import SeriesConflict
from holdfast.series.move_page import Wanted


@require_http_methods(["GET", "HEAD", "POST"])
@for_bearer
def reschedule_series(request: HttpRequest, organization: Organization, booking: Booking, token: str) -> HttpResponse:
    """GET shows every date as it would be; a POST that confirms them moves them, any other looks again."""
    wanted = Wanted.read(request.POST if request.method == "POST" else request.GET)
    if wanted is None or booking.series_id is None:
        return HttpResponseRedirect(reverse("portal:reschedule", args=[organization.slug, token]))
    if request.method == "POST":
        if wanted.is_confirmed(request.POST):
            return _move(request, organization, booking, token, wanted)
        return HttpResponseRedirect(_here(organization, token, wanted))
    context = page_context(request, organization, booking, token)
    if not context["may_change"]:
        return home(organization, token)
    try:
        shown = move_page.context(organization, booking, wanted, CUSTOMER)
    except HoldfastError as refused:
        explain(request, organization, refused)
        return home(organization, token)
    more = {"back_url": context["reschedule_url"], "action": request.path}
    with transaction_for(organization.id):
        return render(request, "portal/series_move.html", context | shown | more)


def _move(
    request: HttpRequest, organization: Organization, booking: Booking, token: str, wanted: Wanted
) -> HttpResponse:
    try:
        changed = changes.reschedule(
            organization=organization,
            booking_id=booking.id,
            version=version_of(request),
            actor=CUSTOMER,
            accept_price=amount_in(request, "accept_price"),
            **wanted.asked(),
        )
    except (SeriesConflict, AnotherPrice) as refused:
        messages.warning(request, str(refused.detail))
        return HttpResponseRedirect(_here(organization, token, wanted))
    except HoldfastError as refused:
        explain(request, organization, refused)
        return home(organization, token)
    count = len(changed.bookings)
    said = ngettext("%(count)d date has a new time.", "%(count)d dates have new times.", count) % {"count": count}
    messages.success(request, said)
    return home(organization, token)


def _here(organization: Organization, token: str, wanted: Wanted) -> str:
    return f"{reverse('portal:reschedule-series', args=[organization.slug, token])}?{wanted.query()}"
