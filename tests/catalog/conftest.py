"""The admin, as the organization's owner sees it."""

import pytest
from django.test import Client

from holdfast.accounts.models import User


@pytest.fixture
def admin(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client
