"""The admin works for one organization at a time, inside one transaction for each request."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from holdfast.accounts.models import Membership
from holdfast.accounts.queries import memberships_of
from holdfast.core.tenancy import transaction_for

SESSION_KEY = "organization_id"


class AdminTenant:
    """Under /admin/: `request.membership` is the person's role in the chosen organization, or None.

    The whole request, templates included, runs in the person's language and in that organization's transaction, so
    row-level security scopes every list, every choice and every write. Whatever does not end well leaves nothing
    behind.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        membership = chosen_membership(request)
        request.membership = membership  # type: ignore[attr-defined]
        if membership is None:
            return self.get_response(request)
        with transaction_for(membership.organization_id), translation.override(membership.user.locale):
            response = self.get_response(request)
            # Django has made a response of every exception by now; the transaction must still not commit.
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response


def chosen_membership(request: HttpRequest) -> Membership | None:
    """The membership the session names, else the first; remembered in the session."""
    if not request.user.is_authenticated:
        return None
    memberships = memberships_of(request.user)
    if not memberships:
        return None
    wanted = request.session.get(SESSION_KEY)
    chosen = next((each for each in memberships if str(each.organization_id) == wanted), memberships[0])
    remember(request, chosen.organization_id)
    return chosen


def remember(request: HttpRequest, organization_id: UUID) -> None:
    if request.session.get(SESSION_KEY) != str(organization_id):
        request.session[SESSION_KEY] = str(organization_id)
