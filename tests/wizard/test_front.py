"""The bare address leads somewhere sensible and tells strangers nothing."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from holdfast.catalog.models import Organization


def test_one_organization_is_where_the_bare_address_leads(client: Client, organization: Organization) -> None:
    assert client.get("/")["Location"] == "/salon/"


def test_several_organizations_are_not_named_to_strangers(
    client: Client, organization: Organization, other_organization: Organization
) -> None:
    assert client.get("/")["Location"] == "/desk/"


@pytest.mark.parametrize(("language", "words"), [("en", "Where would you"), ("fr", "Où souhaitez"), ("es", "¿Dónde")])
def test_the_demo_offers_its_organizations(
    client: Client,
    organization: Organization,
    other_organization: Organization,
    settings: Settings,
    language: str,
    words: str,
) -> None:
    settings.DEMO = True
    page = client.get("/", headers={"Accept-Language": language}).content.decode()
    assert words in page
    assert "Salon" in page
    assert "Rival" in page
