"""The admin's transaction: one organization, all or nothing."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from holdfast.accounts.models import User
from holdfast.accounts.queries import memberships_of
from holdfast.catalog.models import Organization, Team
from holdfast.core.tenancy import transaction_for
from holdfast.desk.middleware import AdminTenant


def ask(user: User, view: Callable[[HttpRequest], HttpResponse], path: str = "/admin/") -> HttpResponse:
    request = RequestFactory().get(path)
    request.user = user
    request.session = SessionStore()
    return AdminTenant(view)(request)


def tenant() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('holdfast.organization', true), '')")
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(("status", "kept"), [(302, 1), (200, 1), (400, 0), (403, 0), (500, 0)])
def test_a_request_that_fails_leaves_nothing_behind(
    organization: Organization, owner: User, status: int, kept: int
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        Team.objects.create(organization=organization, slug="new", name="New")
        return HttpResponse(status=status)

    ask(owner, view)
    with transaction_for(organization.pk):
        assert Team.objects.count() == kept


@pytest.mark.parametrize("path", ["/desk/", "/", "/administration/"])
def test_only_the_admin_works_in_a_tenants_transaction(organization: Organization, owner: User, path: str) -> None:
    seen = []
    ask(owner, lambda request: seen.append(tenant()) or HttpResponse(), path)  # type: ignore[func-returns-value]
    ask(owner, lambda request: seen.append(tenant()) or HttpResponse())  # type: ignore[func-returns-value]
    assert seen == ["", str(organization.pk)]


def test_who_works_nowhere_has_no_tenant(organization: Organization) -> None:
    nobody = User.objects.create_user("nobody@example.com")
    seen = []
    ask(nobody, lambda request: seen.append((tenant(), request.membership)) or HttpResponse())  # type: ignore[attr-defined,func-returns-value]
    assert seen == [("", None)]
    assert memberships_of(nobody) == []
