"""A change of the catalog and a booking at the same moment: whichever comes second knows of the first."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.errors import OutsideHours
from holdfast.bookings.holds import actions as holds
from holdfast.catalog import guards
from holdfast.catalog.models import Closure, Organization, Service
from holdfast.core.tenancy import transaction_for
from tests import factories


@pytest.fixture
def service(committed_db: str) -> Service:
    organization = factories.make_organization(slug="salon")
    factories.make_resource(organization)
    return factories.make_service(organization, slug="massage")


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def close(organization: Organization, entered: threading.Event, leave: threading.Event, outcome: list[str]) -> None:
    day = factories.local(organization, 3, 0).date()
    try:
        with transaction_for(organization.id):
            before = guards.broken_bookings(organization.id)
            Closure.objects.create(organization=organization, starts_on=day, ends_on=day)
            guards.check_nothing_breaks(organization_id=organization.id, before=before, accepted=())
            entered.set()
            leave.wait(5)
        outcome.append("closed")
    except guards.BookingsWouldBreak:
        outcome.append("would break")


def test_a_closure_waits_for_the_booking_under_way_and_sees_it(service: Service) -> None:
    organization = Organization.objects.get()
    entered, leave, outcome = threading.Event(), threading.Event(), list[str]()
    with transaction_for(organization.id):
        factories.book_once(organization, service, factories.local(organization, 3, 10))
        closing = in_thread(lambda: close(organization, entered, leave, outcome))
        assert not entered.wait(0.3), "the closure did not wait for the booking's commit"
    leave.set()
    closing.join(10)
    assert outcome == ["would break"]


def test_a_booking_waits_for_the_closure_under_way_and_is_refused(service: Service) -> None:
    organization = Organization.objects.get()
    entered, leave, outcome = threading.Event(), threading.Event(), list[str]()
    refused: list[bool] = []

    def book() -> None:
        try:
            factories.make_booking(organization, service, factories.local(organization, 3, 10))
        except OutsideHours:
            refused.append(True)

    # The plan is in memory before the closure, so that only the version read with the lock can tell.
    held = holds.hold(
        organization=organization,
        wish=Wish(service=service.slug),
        starts_at=factories.local(organization, 3, 10) + timedelta(days=1),
    )
    holds.release_hold(organization=organization, hold_id=held.id)
    closing = in_thread(lambda: close(organization, entered, leave, outcome))
    assert entered.wait(5)
    booking = in_thread(book)
    booking.join(0.3)
    assert booking.is_alive(), "the booking did not wait for the closure's commit"
    leave.set()
    closing.join(10)
    booking.join(10)
    assert (outcome, refused) == (["closed"], [True])
