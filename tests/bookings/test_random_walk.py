"""Whatever is done in whatever order, the calendar stays sound, and what is offered is what can be booked."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction

from holdfast.bookings import actions
from holdfast.bookings.availability import engine, plan_cache, reading
from holdfast.bookings.availability.question import Wish, ask
from holdfast.bookings.availability.span import span_of, window_of
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.holds import expiring
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.places.contention import settle
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from tests import factories, proofs

STEPS = 150
HOURS = (time(9), time(13))  # short days: most wishes meet somebody
STAFF = Actor("staff", "Sam")


class Walker:
    """Does one thing after the other, chosen by chance, as customers, staff and the sweeper do."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.done: Counter[str] = Counter()
        self.organization = factories.make_organization(cancellation_notice_minutes=60)
        for kind in ("person", "person", "vehicle"):
            factories.make_resource(self.organization, kind=kind, hours=HOURS, is_public=True)
        factories.make_resource(self.organization, kind="room", lanes=3, hours=HOURS)
        make = factories.make_service
        self.services: list[Service] = [
            make(
                self.organization,
                needs=[{"kind": "vehicle"}, {"kind": "person"}],
                buffer_before_minutes=10,
                buffer_after_minutes=20,
                notice_minutes=30,
            ),
            make(self.organization, needs=[{"kind": "room", "per_person": True}], largest_party=3, needs_approval=True),
            make(self.organization, duration_minutes=30, longest_duration_minutes=90, duration_step_minutes=30),
        ]
        self.steps: list[Callable[[], object]] = [
            self.hold, self.hold, self.replace_hold, self.book, self.book, self.book_hold, self.book_hold, self.extend,
            self.release, self.sweep, self.cancel, self.cancel, self.reschedule, self.reschedule, self.confirm,
            self.start, self.complete, self.no_show,
        ]  # fmt: skip

    def step(self) -> str:
        """Do one thing. A refusal is as good an end as any other; only what is no refusal is an error."""
        what = self.chance.choice(self.steps)
        try:
            what()
        except HoldfastError as refusal:
            if refusal.status not in (403, 409, 422):
                raise
            self.done[refusal.code] += 1
            return f"{what.__name__}: {refusal.code}"
        self.done[what.__name__] += 1
        return what.__name__

    def wish(self) -> Wish:
        service = self.chance.choice(self.services)
        return Wish(
            service=service.slug,
            party_size=self.chance.randint(1, service.largest_party),
            duration=self.chance.choice([30, 60, 90]) if service.longest_duration_minutes else None,
        )

    def starts_at(self) -> datetime:
        opening = factories.local(self.organization, self.chance.randint(0, 2), 8, 30)
        return opening + timedelta(minutes=30 * self.chance.randint(0, 9))

    def any(self, *states: str) -> Booking:
        """One in these states, if there is any, else one in whatever state."""
        with transaction_for(self.organization.id):
            every = Booking.objects.select_related("service", "chosen_resource").order_by("id")
            found = list(every.filter(state__in=states)) or list(every)
        if not found:
            return self.book()
        return self.chance.choice(found)

    def hold(self) -> Booking:
        return holds.hold(organization=self.organization, wish=self.wish(), starts_at=self.starts_at())

    def replace_hold(self) -> Booking:
        return holds.hold(
            organization=self.organization,
            wish=self.wish(),
            starts_at=self.starts_at(),
            replaces=self.any(BookingState.HELD).id,
        )

    def book(self) -> Booking:
        return actions.book(
            organization=self.organization,
            wish=self.wish(),
            starts_at=self.starts_at(),
            details=factories.DETAILS,
        )

    def book_hold(self) -> Booking:
        held = self.any(BookingState.HELD)
        return actions.book(
            organization=self.organization,
            wish=actions.wish_of(held, None, CUSTOMER),
            starts_at=held.starts_at,
            details=factories.DETAILS,
            hold_id=held.id,
        )

    def extend(self) -> Booking:
        return holds.extend_hold(organization=self.organization, hold_id=self.any(BookingState.HELD).id)

    def release(self) -> None:
        holds.release_hold(organization=self.organization, hold_id=self.any(BookingState.HELD).id)

    def sweep(self) -> int:
        return expiring.release_expired_holds(organization_id=self.organization.id)

    def cancel(self) -> Booking:
        return actions.cancel(**self._change("confirmed", "requested"))

    def reschedule(self) -> Booking:
        return actions.reschedule(**self._change("confirmed", "requested"), starts_at=self.starts_at())

    def confirm(self) -> Booking:
        return actions.confirm(**self._change("requested"))

    def start(self) -> Booking:
        return actions.start(**self._change("confirmed"))

    def complete(self) -> Booking:
        return actions.complete(**self._change("confirmed", "in_progress"))

    def no_show(self) -> Booking:
        return actions.no_show(**self._change("confirmed", "in_progress"))

    def _change(self, *states: str) -> dict[str, Any]:
        """Now and then with a version that is not the booking's any more."""
        booking = self.any(*states)
        return {
            "organization": self.organization,
            "booking_id": booking.id,
            "version": booking.version - (self.chance.random() < 0.1),
            "actor": self.chance.choice([CUSTOMER, STAFF]),
        }


def offered(organization: Organization, wish: Wish) -> list[int]:
    """The minutes that the page and the API offer."""
    now = clock.now()
    with transaction_for(organization.id):
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, wish.service)
        question = ask(plan, wish, now)
        span = span_of(plan, first=None, days=3, zone=None, now=now)
        window = window_of(question, span)
        _version, packed = reading.busy(question, window, now)
    return engine.free_times(question, span, window, packed).minutes


def can_be_booked(organization: Organization, wish: Wish, start: datetime) -> bool:
    """By really booking it, and undoing that; what has expired in the way is released, as for everybody."""

    def attempt() -> bool:
        with transaction_for(organization.id):
            actions.book_once(organization=organization, wish=wish, starts_at=start, details=factories.DETAILS)
            transaction.set_rollback(True)
        return True

    try:
        return settle(attempt)
    except HoldfastError:
        return False


@pytest.mark.parametrize("seed", range(3))
def test_after_every_step_of_a_random_walk_all_is_sound(committed_db: str, seed: int) -> None:
    walker = Walker(Random(seed))
    now, path = clock.now(), list[str]()
    for _ in range(STEPS):
        now += timedelta(seconds=walker.chance.randint(1, 150))
        with clock.stopped(now):
            path.append(walker.step())
            try:
                proofs.assert_sound(committed_db)
                wish, start = walker.wish(), walker.starts_at()
                is_offered = clock.to_minute(start) in offered(walker.organization, wish)
                assert can_be_booked(walker.organization, wish, start) == is_offered, (wish, start)
            except AssertionError as error:
                error.add_note(f"after {path[-12:]}")
                raise
    assert len(walker.done) >= 10, "a walk that did and met so little shows too little"
