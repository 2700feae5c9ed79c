"""Every page of the settings opens, in every language."""

import pytest
from django.test import Client

from holdfast.accounts.models import User
from holdfast.accounts.queries import memberships_of
from holdfast.catalog.models import Organization
from tests import factories

MODELS = [
    "catalog/service",
    "catalog/resource",
    "catalog/team",
    "catalog/closure",
    "accounts/membership",
    "accounts/apikey",
]


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("model", MODELS)
def test_lists_and_empty_forms_open(admin: Client, model: str, language: str) -> None:
    for address in (f"/admin/{model}/", f"/admin/{model}/?q=x", f"/admin/{model}/add/"):
        assert admin.get(address, headers={"accept-language": language}).status_code == 200


def test_pages_of_one_row_open(admin: Client, organization: Organization, owner: User) -> None:
    rows = {
        "catalog/service": factories.make_service(organization),
        "catalog/resource": factories.make_resource(organization),
        "catalog/organization": organization,
        "accounts/membership": memberships_of(owner)[0],
    }
    for model, row in rows.items():
        for page in ("change", "history"):
            assert admin.get(f"/admin/{model}/{row.pk}/{page}/").status_code == 200, (model, page)


@pytest.mark.parametrize("address", ["/admin/", "/admin/catalog/", "/admin/password_change/", "/admin/search/?s=x"])
def test_the_pages_around_them_open(admin: Client, address: str) -> None:
    assert admin.get(address, follow=True).status_code == 200


def test_the_address_of_the_desk_and_the_name_of_the_business_are_there(
    admin: Client, organization: Organization
) -> None:
    page = admin.get("/admin/catalog/service/").content.decode()
    assert organization.name in page
    assert 'href="/desk/"' in page
