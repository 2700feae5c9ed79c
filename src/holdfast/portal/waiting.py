"""One person's place on the waiting list, for the bearer of its signed link: see it, leave it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.core.errors import NotFound
from holdfast.core.tenancy import transaction_for
from holdfast.domain.waiting import ACTIVE
from holdfast.waiting import actions, facts, queries
from holdfast.waiting.links import read_entry_token
from holdfast.waiting.models import WaitingState


@require_http_methods(["GET", "HEAD", "POST"])
@for_organization
@never_cache
def waiting(request: HttpRequest, organization: Organization, token: str) -> HttpResponse:
    """What is waited for and what is offered now. A POST leaves; a GET, such as a mail scanner's, changes nothing."""
    entry_id = read_entry_token(token)
    try:
        response = _page(request, organization, entry_id) if entry_id else None
    except NotFound:
        response = None
    if response is None:
        response = render(request, "portal/link_not_valid.html", {"organization": organization}, status=404)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _page(request: HttpRequest, organization: Organization, entry_id: UUID) -> HttpResponse:
    """Raises NotFound."""
    if request.method == "POST":
        left = actions.leave(organization=organization, entry_id=entry_id)
        if left.state == WaitingState.LEFT:
            messages.success(request, _("You have left the waiting list."))
        return HttpResponseRedirect(request.path)
    with transaction_for(organization.id):
        entry = queries.entry_by_id(entry_id)
        offer = queries.open_offer(entry)
        context = {
            "organization": organization,
            "entry": entry,
            "facts": facts.for_entry(entry),
            "active": entry.state in ACTIVE,
            "offer": offer,
            "offer_url": queries.offer_url(organization, offer) if offer else "",
        }
        return render(request, "portal/waiting.html", context)
