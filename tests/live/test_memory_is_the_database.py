"""At every point of a random history, calendars in memory say what the database says, lane by lane and in words."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import time, timedelta
from random import Random
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest

from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.busy import BUSY, busy_lanes, busy_parameters
from holdfast.bookings.availability.planned import PlannedResource
from holdfast.catalog.models import Closure, HoursException, Organization, Resource, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.calendar_bits import Window
from holdfast.domain.hours import DAY
from holdfast.live.availability import Availability, parse
from holdfast.live.database import Database
from tests import proofs
from tests.bookings.test_random_walk import Walker

T = TypeVar("T")
STEPS = 1000


class Follower(Walker):
    """Does what customers and staff do, and now and then changes the catalog; its memory follows what it commits."""

    def __init__(self, chance: Random) -> None:
        super().__init__(chance)
        self.steps += [self.close_a_day, self.except_a_day, self.change_a_resource, self.change_a_service]
        self.loop = asyncio.new_event_loop()
        self.database = Database()
        self.live = Availability(self.database)
        self.run(self.live.memory.ready(self.organization.id))

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        """In the context of now: the clock may be stopped."""
        return self.loop.run_until_complete(what)

    def end(self) -> None:
        self.run(self.live.memory.close())
        self.run(self.database.close())
        self.loop.close()

    def close_a_day(self) -> None:
        day = clock.now().date() + timedelta(days=self.chance.randint(0, 3))
        with transaction_for(self.organization.id):
            if not Closure.objects.filter(starts_on=day).delete()[0]:
                Closure.objects.create(organization=self.organization, starts_on=day, ends_on=day)

    def except_a_day(self) -> None:
        day = clock.now().date() + timedelta(days=self.chance.randint(0, 3))
        with transaction_for(self.organization.id):
            resource = self.chance.choice(list(Resource.objects.order_by("id")))
            if not HoursException.objects.filter(resource=resource, date=day).delete()[0]:
                HoursException.objects.create(
                    organization=self.organization, resource=resource, date=day, starts=time(10), ends=time(12)
                )

    def change_a_resource(self) -> None:
        with transaction_for(self.organization.id):
            resource = self.chance.choice(list(Resource.objects.order_by("id")))
            Resource.objects.filter(id=resource.id).update(rank=self.chance.randint(0, 3))

    def change_a_service(self) -> None:
        with transaction_for(self.organization.id):
            service = self.chance.choice(self.services)
            Service.objects.filter(id=service.id).update(price_amount=self.chance.randint(1, 100) * 100)

    def resources(self) -> list[PlannedResource]:
        """All that the services need, as they are now."""
        with transaction_for(self.organization.id):
            version = Organization.objects.get(id=self.organization.id).catalog_version
            plans = [plan_cache.plan_for(self.organization.id, version, each.slug) for each in self.services]
        return list({each.id: each for plan in plans for each in plan.resources}.values())

    def assert_same_lanes(self) -> None:
        """Every lane of every resource, from memory and as the database packs it."""
        now = clock.now()
        self.live.memory.distrust()
        self.run(self.live.memory.ready(self.organization.id))  # again, if the first load met a busy machine
        seen = self.run(self.live.memory.seen(self.organization.id, None))
        assert seen is not None
        calendars = seen.calendars
        window = Window(clock.to_minute(now) // DAY * DAY, 6 * DAY)
        assert calendars.covers(window)
        resources = self.resources()
        parameters = busy_parameters(organization_id=self.organization.id, resources=resources, window=window, now=now)
        row = self.run(self.database.read(self.organization.id, BUSY, parameters))
        assert row is not None
        assert calendars.version == row[0]
        remembered = [calendars.busy(each.id, each.lanes, window, now)[0] for each in resources]
        assert remembered == busy_lanes(row[1], resources, window)

    def assert_same_answer(self) -> None:
        """As customers read it; asked twice, so that an answer that was kept is compared too."""
        service = self.chance.choice(self.services)
        query = {
            "service": service.slug,
            "days": str(self.chance.choice([1, 4, 20])),  # a few are made one by one, many in one go
            "party_size": str(self.chance.randint(1, service.largest_party)),
            "time_zone": self.chance.choice(["Europe/Paris", "Asia/Tokyo", "America/New_York"]),
        }
        as_asked = urlencode(query)
        for _ in range(2):
            told = self.run(self.live.answer(self.organization.slug, query, as_asked))
            plan = self.live._remembered(self.organization.slug, service.slug)
            assert plan is not None
            read = self.run(self.live._from_database(plan, parse(query)))
            assert read is not None
            assert told.event_id is not None
            # All but when it was looked: memory may have looked a moment ago, when this clock stood elsewhere.
            assert (told.etag, _but_for_as_of(told.body)) == (read.etag, _but_for_as_of(read.body))


def _but_for_as_of(body: bytes) -> bytes:
    return body.rpartition(b',"as_of":')[0]


@pytest.mark.parametrize("seed", range(2))
def test_after_every_step_of_a_random_history_memory_says_what_the_database_says(committed_db: str, seed: int) -> None:
    walker = Follower(Random(1000 + seed))
    now, path = clock.now(), list[str]()
    checks: list[Callable[[], None]] = [walker.assert_same_lanes, walker.assert_same_answer]
    try:
        for _ in range(STEPS):
            now += timedelta(seconds=walker.chance.randint(1, 150))
            with clock.stopped(now):
                path.append(walker.step())
                try:
                    for check in checks:
                        check()
                except AssertionError as error:
                    error.add_note(f"after {path[-12:]}")
                    raise
        assert len(walker.done) >= 14, "a history in which so little happened shows too little"
        assert proofs.rows(committed_db, proofs.UNANNOUNCED) == []
    finally:
        walker.end()
