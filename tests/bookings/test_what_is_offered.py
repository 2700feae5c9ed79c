"""What is offered can be booked, and nothing else: whole small worlds, every minute of a day, through the database."""

from collections.abc import Iterator
from datetime import time
from random import Random

import pytest
from django.db import transaction

from holdfast.bookings import actions
from holdfast.bookings.availability import plan_cache, reading
from holdfast.bookings.availability.document import document_of
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.availability.span import Span
from holdfast.bookings.models import Allocation
from holdfast.catalog import queries as catalog
from holdfast.catalog.models import Organization, Requirement, Resource, Service
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from tests import factories

SKILLS = ("es", "fr")


class World:
    """A few resources and one service, drawn by chance: counts, attributes, lanes, own rules, overlapping pools."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.organization = factories.make_organization()
        self.resources = [self._resource() for _ in range(chance.randint(3, 5))]
        varies = chance.random() < 0.5
        self.service: Service = factories.make_service(
            self.organization,
            needs=[self._need(number) for number in range(chance.randint(1, 2))],
            longest_duration_minutes=120 if varies else None,
            duration_step_minutes=60,
            step_minutes=60,
            buffer_before_minutes=chance.choice([0, 30]),
            buffer_after_minutes=chance.choice([0, 30]),
            notice_minutes=chance.choice([0, 24 * 60]),
            largest_party=3,
        )

    def _resource(self) -> Resource:
        pick = self.chance.choice
        opens = pick([8, 9])
        return factories.make_resource(
            self.organization,
            hours=(time(opens), time(opens + 9)),
            skills=[skill for skill in SKILLS if self.chance.random() < 0.8],
            attributes=pick([{}, {"seats": 4}, {"seats": 7}, {"seats": 7, "fuel": "electric"}]),
            lanes=pick([1, 3]),
            largest_party=pick([None, None, 2]),
            is_public=True,
            buffer_before_minutes=pick([None, None, 0, 60]),
            buffer_after_minutes=pick([None, None, 0, 90]),
            notice_minutes=pick([None, None, None, 0, 72 * 60]),
            horizon_days=pick([None, None, None, None, 1]),
        )

    def _need(self, position: int) -> dict[str, object]:
        pick = self.chance.choice
        return {
            "kind": "person",
            "count": pick([1, 1, 2]),
            "skills": pick([[], [], ["es"]]),
            "attributes": pick([{}, {}, {"seats": 4}, {"seats": 5}]),
            "per_person": pick([False, False, True]),
            "is_choosable": pick([True, position == 0]),
        }

    def wish(self) -> Wish:
        pick = self.chance.choice
        return Wish(
            service=self.service.slug,
            resource=pick([None, self.resources[0].slug, self.resources[1].slug]),
            party_size=pick([1, 1, 1, 2, 3]),
            duration=pick([60, 120]) if self.service.longest_duration_minutes else None,
        )

    def grid(self) -> Iterator[int]:
        """Every full hour of the day after tomorrow, nights too."""
        midnight = clock.to_minute(factories.local(self.organization, 2, 0))
        return iter(range(midnight, midnight + 24 * 60, 60))

    def offered(self, wish: Wish) -> set[int]:
        now = clock.now()
        with transaction_for(self.organization.id):
            question = plan_cache.question_of(self.organization, wish, now)
            zone = self.organization.time_zone
            day = factories.local(self.organization, 2, 0).date()
            return set(reading.offered(question, Span(day, 1, zone), now).minutes())

    def can_be_booked(self, wish: Wish, start: int) -> bool:
        try:
            with transaction_for(self.organization.id):
                actions.book_once(
                    organization=self.organization,
                    wish=wish,
                    starts_at=clock.from_minute(start),
                    details=factories.DETAILS,
                )
                transaction.set_rollback(True)
        except HoldfastError:
            return False
        return True


@pytest.mark.parametrize("seed", range(3))
def test_a_start_is_offered_exactly_if_booking_it_succeeds(committed_db: str, seed: int) -> None:
    chance, seen = Random(seed), 0
    for _ in range(6):
        world = World(chance)
        for _ in range(3):
            _fill_a_little(world)
            wish = world.wish()
            try:
                on_offer = world.offered(wish)
            except HoldfastError:  # the party is too large, or nobody of that name can be chosen: then nor booked
                on_offer = set()
            seen += len(on_offer)
            assert on_offer == {start for start in world.grid() if world.can_be_booked(wish, start)}, wish
    assert seen >= 10, "worlds that offer so little show too little"


def _fill_a_little(world: World) -> None:
    for _ in range(3):
        start = factories.local(world.organization, 2, world.chance.randint(8, 13))
        try:
            factories.make_booking(world.organization, world.service, start, party_size=world.chance.randint(1, 2))
        except HoldfastError:
            continue


def test_each_place_is_occupied_with_the_buffers_of_its_resource(committed_db: str) -> None:
    organization = factories.make_organization()
    plain = factories.make_resource(organization, kind="person")
    slow = factories.make_resource(organization, kind="vehicle", buffer_before_minutes=0, buffer_after_minutes=90)
    service = factories.make_service(
        organization,
        needs=[{"kind": "person"}, {"kind": "vehicle"}],
        buffer_before_minutes=15,
        buffer_after_minutes=20,
    )
    start = factories.local(organization, 3, 12)
    booking = factories.make_booking(organization, service, start)
    minute = clock.to_minute(start)
    with transaction_for(organization.id):
        places = {each.resource_id: each for each in Allocation.objects.filter(booking=booking)}
    assert (places[plain.id].start_minute, places[plain.id].end_minute) == (minute - 15, minute + 80)
    assert (places[slow.id].start_minute, places[slow.id].end_minute) == (minute, minute + 150)


def test_two_of_a_kind_are_two_different_resources_of_one_requirement(committed_db: str) -> None:
    organization = factories.make_organization()
    technicians = {factories.make_resource(organization).id for _ in range(2)}
    service = factories.make_service(organization, needs=[{"kind": "person", "count": 2}])
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 12))
    with transaction_for(organization.id):
        rows = list(Allocation.objects.filter(booking=booking).values_list("resource_id", "requirement_id"))
        requirement = Requirement.objects.get(service=service)
    assert {resource for resource, _ in rows} == technicians
    assert {requirement_id for _, requirement_id in rows} == {requirement.id}


def test_the_chosen_one_takes_whichever_need_leaves_the_others_possible(committed_db: str) -> None:
    """Only Ann can guide; whoever wants her gets her as the guide, with Ben at the wheel."""
    organization = factories.make_organization()
    ann = factories.make_resource(organization, skills=["guide"], is_public=True)
    ben = factories.make_resource(organization, is_public=True)
    needs = [{"kind": "person", "is_choosable": True}, {"kind": "person", "skills": ["guide"], "is_choosable": True}]
    service = factories.make_service(organization, needs=needs)
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 12), resource=ann.slug)
    with transaction_for(organization.id):
        taken = set(Allocation.objects.filter(booking=booking).values_list("resource_id", flat=True))
    assert taken == {ann.id, ben.id}


def fits(resource: Resource, requirement: Requirement) -> bool:
    """What fits, in Python, to compare the database's function with."""
    for name, asked in requirement.attributes.items():
        has = resource.attributes.get(name)
        if isinstance(asked, str) != isinstance(has, str) or has is None:
            return False
        if has != asked if isinstance(asked, str) else has < asked:
            return False
    return (
        resource.kind == requirement.kind
        and set(requirement.skills) <= set(resource.skills)
        and requirement.team_id in (None, resource.team_id)
    )


@pytest.mark.parametrize("seed", range(4))
def test_what_fits_is_the_same_for_plan_configuration_and_guards(organization: Organization, seed: int) -> None:
    chance = Random(seed)
    values = [{}, {"seats": 3}, {"seats": 6.5}, {"seats": "many"}, {"fuel": "electric"}, {"seats": 7, "fuel": "gas"}]
    kinds = ["person", "vehicle"]
    resources = [
        factories.make_resource(
            organization, kind=chance.choice(kinds), attributes=chance.choice(values), skills=chance.sample(SKILLS, 1)
        )
        for _ in range(8)
    ]
    needs = [
        {"kind": chance.choice(kinds), "attributes": each, "skills": chance.choice([[], ["es"]])} for each in values
    ]
    service = factories.make_service(organization, needs=needs)
    with transaction_for(organization.id):
        requirements = list(Requirement.objects.filter(service=service))
        pairs = {(need.id, each.id) for need in requirements for each in resources if fits(each, need)}
        document = document_of(service.slug)
        assert document is not None
        assert {(str(need), str(each)) for need, each in pairs} == {
            (need["id"], each) for need in document["needs"] for each in need["pool"]
        }
        assert pairs == {(need.id, each.id) for need in requirements for each in catalog.resources_fitting(need)}
        assert pairs == catalog.fitting_pairs([n.id for n in requirements], [r.id for r in resources])


def test_buffers_that_no_read_looks_back_over_serve_nobody_and_break_nothing(organization: Organization) -> None:
    factories.make_resource(organization, buffer_after_minutes=5000)
    service = factories.make_service(organization)
    with transaction_for(organization.id):
        question = plan_cache.question_of(organization, Wish(service.slug), clock.now())
    assert question.resources == ()
