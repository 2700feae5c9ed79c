"""A massage of an hour for 100.00, from 08:00 to 24:00, each half hour."""

from datetime import time

import pytest

from holdfast.catalog.models import Organization, Service
from tests import factories


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization, slug="lea", hours=(time(8), time(0)))
    return factories.make_service(
        organization, slug="massage", longest_duration_minutes=180, duration_step_minutes=30, largest_party=3
    )
