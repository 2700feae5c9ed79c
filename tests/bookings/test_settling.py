"""Races are settled between transactions."""

import pytest

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from tests import factories


def test_nobody_can_book_from_inside_a_transaction_whose_rollback_would_undo_what_is_released(
    organization: Organization,
) -> None:
    factories.make_resource(organization)
    wish, at = Wish(service=factories.make_service(organization).slug), factories.local(organization, 3, 10)
    with transaction_for(organization.id):
        with pytest.raises(RuntimeError, match="between transactions"):
            holds.hold(organization=organization, wish=wish, starts_at=at)
        assert Booking.objects.count() == 0
    assert holds.hold(organization=organization, wish=wish, starts_at=at).state == "held"
