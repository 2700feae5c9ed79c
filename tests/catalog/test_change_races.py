"""Hours changed at the desk, and at the same moment a booking, or somebody else who changes the same hours."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from functools import partial

import pytest
from django.db import connections

from holdfast.bookings.changed_hours import changes as hours_changes
from holdfast.bookings.changed_hours import resolving
from holdfast.bookings.changed_hours.changes import HoursChanged, fingerprint
from holdfast.bookings.changed_hours.resolving import Resolution, Unresolved
from holdfast.bookings.errors import OutsideHours
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.changes import Changed
from holdfast.catalog.models import Organization, Resource, Service, WorkingHours
from holdfast.core.tenancy import transaction_for
from holdfast.domain.hours import WeeklyRange
from tests import factories

STAFF = Actor("staff", "Sam")
SHORT = [WeeklyRange(number, 8 * 60, 17 * 60) for number in range(7)]


@dataclass
class Salon:
    organization: Organization
    service: Service
    resource: Resource
    outcome: list[str] = field(default_factory=list)

    def shorten(self, seen: str | None = None) -> Changed:
        return hours_changes.set_week(
            resource=self.resource, kind="regular", week=SHORT, first=None, last=None, seen=seen
        )

    def ends(self) -> set[time]:
        with transaction_for(self.organization.id):
            return set(WorkingHours.objects.values_list("ends", flat=True))


@pytest.fixture
def salon(committed_db: str) -> Salon:
    organization = factories.make_organization(slug="salon")
    resource = factories.make_resource(organization, slug="lea")
    return Salon(organization, factories.make_service(organization, slug="massage"), resource)


def in_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def change(salon: Salon, made: Callable[[], Changed], resolutions: dict[object, Resolution] | None = None) -> None:
    try:
        resolving.change_catalog(
            organization=salon.organization,
            change=made,
            actor=STAFF,
            resolutions=resolutions or {},  # type: ignore[arg-type]
        )
        salon.outcome.append("saved")
    except Unresolved as stuck:
        salon.outcome.append(f"{len(stuck.broken)} broken")
    except HoursChanged:
        salon.outcome.append("changed")


def test_hours_that_are_shortened_wait_for_the_booking_under_way_and_see_it(salon: Salon) -> None:
    with transaction_for(salon.organization.id):
        factories.book_once(salon.organization, salon.service, factories.local(salon.organization, 3, 18))
        saving = in_thread(partial(change, salon, salon.shorten))
        saving.join(0.4)
        assert saving.is_alive(), "the change did not wait for the booking's commit"
    saving.join(10)
    assert salon.outcome == ["1 broken"]
    assert salon.ends() == {time(20)}


def test_a_booking_waits_for_the_change_under_way_and_is_refused(salon: Salon) -> None:
    entered, leave = threading.Event(), threading.Event()

    def slowly() -> Changed:
        made = salon.shorten()
        entered.set()
        leave.wait(5)
        return made

    def book() -> None:
        try:
            factories.make_booking(salon.organization, salon.service, factories.local(salon.organization, 3, 18))
        except OutsideHours:
            salon.outcome.append("refused")

    factories.make_booking(salon.organization, salon.service, factories.local(salon.organization, 3, 9))
    saving = in_thread(partial(change, salon, slowly))
    assert entered.wait(5)
    booking = in_thread(book)
    booking.join(0.3)
    assert booking.is_alive(), "the booking did not wait for the change's commit"
    leave.set()
    saving.join(10)
    booking.join(10)
    assert salon.outcome == ["saved", "refused"]


def test_a_booking_made_after_the_look_is_shown_before_anything_is_saved(salon: Salon) -> None:
    first = factories.make_booking(salon.organization, salon.service, factories.local(salon.organization, 3, 18))
    resolutions = {first.id: Resolution("cancel", first.version)}
    factories.make_booking(salon.organization, salon.service, factories.local(salon.organization, 4, 18))
    change(salon, salon.shorten, resolutions)  # type: ignore[arg-type]
    assert salon.outcome == ["2 broken"]
    with transaction_for(salon.organization.id):
        assert {each.state for each in Booking.objects.all()} == {"confirmed"}


def test_of_two_managers_who_save_the_same_hours_at_once_one_is_told(salon: Salon) -> None:
    with transaction_for(salon.organization.id):
        seen = fingerprint(salon.resource, "regular")
    both = [in_thread(partial(change, salon, partial(salon.shorten, seen))) for _number in range(2)]
    for each in both:
        each.join(10)
    assert sorted(salon.outcome) == ["changed", "saved"]


def test_without_what_they_saw_the_second_would_overwrite_the_first(salon: Salon) -> None:
    """The guard taken away: both believe that theirs is what holds."""
    both = [in_thread(partial(change, salon, salon.shorten)) for _number in range(2)]
    for each in both:
        each.join(10)
    assert salon.outcome == ["saved", "saved"]


def test_a_move_of_a_booking_and_a_change_that_resolves_it_never_wait_in_a_circle(salon: Salon) -> None:
    """Both take the booking's row first and the catalog after it."""
    booking = factories.make_booking(salon.organization, salon.service, factories.local(salon.organization, 3, 18))
    resolutions = {booking.id: Resolution("keep", booking.version, reason="Promised")}
    with transaction_for(salon.organization.id):
        Booking.objects.select_for_update(no_key=True).get(id=booking.id)
        saving = in_thread(partial(change, salon, salon.shorten, resolutions))  # type: ignore[arg-type]
        saving.join(0.3)
        factories.book_once(salon.organization, salon.service, factories.local(salon.organization, 3, 9))
    saving.join(10)
    assert salon.outcome == ["saved"]
