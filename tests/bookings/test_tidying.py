"""What runs out is tidied away, and only that."""

from datetime import timedelta

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.holds import expiring
from holdfast.bookings.models import Allocation, Booking
from holdfast.catalog.models import Organization
from holdfast.core import clock, idempotency
from holdfast.core.idempotency import Answer, answer_once
from holdfast.core.tenancy import transaction_for
from tests import factories


def test_the_sweeper_expires_what_has_run_out_and_nothing_else(organization: Organization) -> None:
    factories.make_resource(organization)
    factories.make_resource(organization)
    service = factories.make_service(organization, slug="massage")
    start = factories.local(organization, 2, 10)
    early = holds.hold(organization=organization, wish=Wish(service=service.slug), starts_at=start)
    with clock.stopped(clock.now() + timedelta(minutes=6)):
        late = holds.hold(organization=organization, wish=Wish(service=service.slug), starts_at=start)
    with clock.stopped(clock.now() + timedelta(minutes=11)):
        assert expiring.release_expired_holds(organization_id=organization.id) == 1
    with transaction_for(organization.id):
        assert Booking.objects.get(id=early.id).state == "expired"
        assert Booking.objects.get(id=late.id).state == "held"
        assert Allocation.objects.get(active=True).booking_id == late.id


def test_an_answer_is_remembered_for_a_day(organization: Organization) -> None:
    def ask() -> Answer:
        return answer_once(
            organization_id=organization.id, key="k", operation="x", request={}, work=lambda: Answer(201, {})
        )

    ask()
    with clock.stopped(clock.now() + timedelta(hours=23)):
        assert idempotency.forget_old_answers(organization_id=organization.id) == 0
        assert ask().replayed
    with clock.stopped(clock.now() + timedelta(hours=25)):
        assert idempotency.forget_old_answers(organization_id=organization.id) == 1
        assert not ask().replayed
