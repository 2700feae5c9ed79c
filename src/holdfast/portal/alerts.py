"""The page behind the link in an alert's mail. Mail scanners follow links, so GET only shows and POST acknowledges."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from holdfast.alerts import actions, queries
from holdfast.alerts.errors import AlertOver, AlreadyAcknowledged
from holdfast.alerts.models import AlertNotice
from holdfast.bookings.details import facts
from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.core.tenancy import transaction_for
from holdfast.payments import bill


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_organization
def alert(request: HttpRequest, organization: Organization, token: str) -> HttpResponse:
    """In the language of whoever was told; what they do here is done in their name."""
    with transaction_for(organization.id):
        notice = queries.notice_of(token)
        if notice is None:
            return _private(render(request, "portal/alert_not_valid.html", {"organization": organization}, status=404))
        with translation.override(notice.language):
            if request.method != "POST":
                return _private(_page(request, organization, notice))
    with suppress(AlreadyAcknowledged, AlertOver):  # the page says who was first, or that it is over
        actions.acknowledge(organization_id=organization.id, alert_id=notice.alert_id, by=notice.name, who=notice.who)
    return _private(redirect("portal:alert", organization.slug, token))


def _page(request: HttpRequest, organization: Organization, notice: AlertNotice) -> HttpResponse:
    booking = notice.alert.booking
    context = {
        "organization": organization,
        "notice": notice,
        "alert": notice.alert,
        "booking": booking,
        "is_mine": notice.alert.is_taken_by(notice.who, notice.name),
        "facts": facts.for_business(booking, ""),
        "bill": bill.for_business(booking),
    }
    return render(request, "portal/alert.html", context)


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response
