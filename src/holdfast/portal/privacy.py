"""One's data: all of it as a file, and its erasure."""

import json

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.core.tenancy import transaction_for
from holdfast.customers import erasing, exporting
from holdfast.customers.errors import LinkNotGood, NotErasableYet
from holdfast.customers.models import CustomerSession
from holdfast.customers.queries import open_erasure
from holdfast.notifications.queries import mails_to
from holdfast.portal.access import for_customer, keep_private, page
from holdfast.portal.mine import Row, row_of


@require_safe
@for_customer
def export(request: HttpRequest, organization: Organization, session: CustomerSession) -> HttpResponse:
    """All that is kept of the address, mails included, made at once and in the account's language."""
    with translation.override(session.account.locale), transaction_for(organization.id):
        found = exporting.collected(session.account, organization) | {"mails": mails_to(session.account.email)}
    content = json.dumps(found, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
    name = f"{organization.slug}-{session.account.signed_in_at:%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/json; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
def erase(request: HttpRequest, organization: Organization, session: CustomerSession) -> HttpResponse:
    """Says what goes and what stays; a POST asks for it, or with `withdraw` takes that back."""
    account = session.account
    if request.method == "POST":
        if "withdraw" in request.POST:
            erasing.withdraw(account=account)
            messages.success(request, _("The request is withdrawn. Nothing is erased."))
        else:
            try:
                erasing.ask(account=account)
            except NotErasableYet as refused:
                messages.warning(request, str(refused.detail))
        return HttpResponseRedirect(reverse("portal:erase", args=[organization.slug]))
    with transaction_for(organization.id):
        to_come: list[Row] = [row_of(each) for each in erasing.blocking(account.email)]
        context = {"asked": open_erasure(account.email), "to_come": to_come}
        return page(request, organization, session, "portal/erase.html", context, section="account")


@require_http_methods(["GET", "HEAD", "POST"])
@for_organization
@never_cache
def confirm_erasure(request: HttpRequest, organization: Organization, token: str) -> HttpResponse:
    """Behind the link of the mail: a POST confirms; a GET, such as a mail scanner's, does nothing."""
    try:
        asked = (
            erasing.confirm(organization=organization, token=token)
            if request.method == "POST"
            else erasing.of_token(organization, token)
        )
    except LinkNotGood as refused:
        over = {"organization": organization}
        return keep_private(render(request, "portal/erasure_over.html", over, status=refused.status))
    context = {"organization": organization, "asked": asked}
    return keep_private(render(request, "portal/erasure.html", context))
