"""Somebody who has booked."""

import pytest

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from tests import factories


@pytest.fixture
def booking(organization: Organization) -> Booking:
    factories.make_resource(organization)
    service = factories.make_service(organization)
    return factories.make_booking(organization, service, factories.local(organization, 3, 10))
