"""The admin, as somebody signed in sees it."""

import pytest
from django.test import Client

from holdfast.accounts.models import Role, User
from holdfast.catalog.models import Organization
from tests import factories


@pytest.fixture
def admin(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def manager(organization: Organization) -> Client:
    client = Client()
    client.force_login(factories.make_staff(organization, role=Role.MANAGER))
    return client
