"""How somebody signs in, and what else they may do with their account."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdfast.catalog.models import Organization
from holdfast.core.errors import ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.customers import actions, sessions
from holdfast.customers.errors import SignInAgain
from holdfast.customers.models import CustomerSession
from holdfast.portal.access import for_customer, page
from holdfast.portal.forms import NewPasswordForm


@require_safe
@for_customer
def account(request: HttpRequest, organization: Organization, session: CustomerSession) -> HttpResponse:
    """The ways to sign in, and the ways out."""
    return _page(request, organization, session, NewPasswordForm())


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
@sensitive_post_parameters("password")
def password(request: HttpRequest, organization: Organization, session: CustomerSession) -> HttpResponse:
    """Sets it, or with `remove` takes it away. A GET, of who looks at a refusal again, leads to the account."""
    if request.method != "POST":
        return _back(organization)
    if "remove" in request.POST:
        actions.remove_password(account=session.account)
        messages.success(request, _("The password is removed. A link by mail always signs you in."))
        return _back(organization)
    form = NewPasswordForm(request.POST)
    try:
        sessions.check_fresh(session)
        if form.is_valid():
            actions.set_password(session=session, password=form.cleaned_data["password"])
            messages.success(request, _("The password is set. Other browsers were signed out."))
            return _back(organization)
    except SignInAgain as refused:
        form.add_error(None, str(refused.detail))
    except ValidationError as unusable:
        for problem in unusable.extra["errors"]:
            form.add_error("password", problem["message"])
    return _page(request, organization, session, form, status=422)


@require_POST
@for_customer
def passkey(
    request: HttpRequest, organization: Organization, session: CustomerSession, passkey_id: UUID
) -> HttpResponse:
    """Gives one another name, or with `remove` lets it open nothing any more. Of somebody else's nothing happens."""
    if "remove" in request.POST:
        if actions.remove_passkey(account=session.account, passkey_id=passkey_id):
            messages.success(request, _("The passkey is removed. It opens nothing here any more."))
    else:
        name = request.POST.get("name", "").strip()[:60]
        if name:
            actions.rename_passkey(account=session.account, passkey_id=passkey_id, name=name)
    return _back(organization)


def _back(organization: Organization) -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:account", args=[organization.slug]))


def _page(
    request: HttpRequest,
    organization: Organization,
    session: CustomerSession,
    form: NewPasswordForm,
    *,
    status: int = 200,
) -> HttpResponse:
    with transaction_for(organization.id):
        context = {
            "form": form,
            "passkeys": list(session.account.passkeys.all()),
            "is_fresh": sessions.is_fresh(session),
            "zone": organization.time_zone,
            "turn_to": reverse("portal:account", args=[organization.slug]),
        }
        return page(request, organization, session, "portal/account.html", context, section="account", status=status)
