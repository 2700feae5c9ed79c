"""Who serves a booking: by rank, in turns, whoever is least busy or was last seen; and the booking knows why."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from holdfast.bookings import actions, queries
from holdfast.bookings.assignment.assigned import assigned_of
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.holds import expiring
from holdfast.bookings.models import Booking, Rotation
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization, Resource, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from tests import factories

STAFF = Actor("staff", "Sam")


def shop(by: str, *weights: int, **service: Any) -> tuple[Organization, Service, list[Resource]]:
    organization = factories.make_organization()
    team = [factories.make_resource(organization, weight=weight) for weight in weights]
    return organization, factories.make_service(organization, assign_by=by, **service), team


def who(booking: Booking) -> str:
    with transaction_for(booking.organization_id):
        return queries.serving(booking.id)[0]["slug"]


def because(booking: Booking) -> dict[str, Any]:
    with transaction_for(booking.organization_id):
        [entry] = assigned_of(Booking.objects.get(id=booking.id))
    return dict(entry["because"])


def turns(organization: Organization, service: Service) -> dict[str, int]:
    with transaction_for(organization.id):
        row = Rotation.objects.filter(service=service).first()
        return dict(row.turns) if row else {}


def test_in_turns_everybody_gets_their_weight(db: None) -> None:
    organization, service, (one, two, _) = shop("round_robin", 3, 2, 1)
    first = factories.local(organization, 3, 8)
    bookings = [factories.make_booking(organization, service, first + timedelta(hours=n)) for n in range(12)]
    assert sorted(Counter(map(who, bookings)).values()) == [2, 4, 6]
    assert Counter(map(who, bookings[:6])) == Counter(map(who, bookings[6:]))
    assert turns(organization, service)[str(one.id)] == 6
    assert turns(organization, service)[str(two.id)] == 4
    told = because(bookings[0])
    assert (told["code"], told["free"], told["weight"]) == ("round_robin", 3, 3)
    assert told["sentence"] == "Next in turn of the 3 that were free (weight 3)."


def test_a_turn_that_came_to_nothing_is_given_back(db: None) -> None:
    organization, service, _ = shop("round_robin", 1, 1)
    first = factories.local(organization, 3, 8)

    def net() -> list[int]:
        return sorted(turns(organization, service).values())

    held = holds.hold(organization=organization, wish=Wish(service=service.slug), starts_at=first)
    assert net() == [1]
    holds.release_hold(organization=organization, hold_id=held.id)
    assert net() == [0]
    booking = factories.make_booking(organization, service, first)
    assert who(booking)
    actions.cancel(organization=organization, booking_id=booking.id, version=1, actor=STAFF)
    assert set(net()) == {0}
    with clock.stopped(clock.now() - timedelta(hours=1)):
        holds.hold(organization=organization, wish=Wish(service=service.slug), starts_at=first)
    expiring.release_expired_holds(organization_id=organization.id)
    assert set(net()) == {0}
    with transaction_for(organization.id):
        assert set(Rotation.objects.get(service=service).owed.values()) == {0}


def test_a_booking_that_moves_keeps_who_serves_it_and_takes_no_second_turn(db: None) -> None:
    organization, service, _ = shop("round_robin", 1, 1, 1)
    first = factories.local(organization, 3, 8)
    booking = factories.make_booking(organization, service, first)
    served_by = who(booking)
    for number in range(1, 4):
        booking = actions.reschedule(
            organization=organization,
            booking_id=booking.id,
            starts_at=first + timedelta(hours=number),
            version=number,
            actor=STAFF,
        )
        assert who(booking) == served_by
    assert list(turns(organization, service).values()) == [1]
    told = because(booking)
    assert (told["code"], told["kept"]) == ("round_robin", True)
    assert told["sentence"].endswith("Kept when the booking was moved.")


def test_a_move_to_where_its_resource_is_busy_gives_the_turn_back(db: None) -> None:
    organization, service, _ = shop("round_robin", 1, 1)
    first = factories.local(organization, 3, 8)
    booking = factories.make_booking(organization, service, first)
    factories.make_booking(organization, service, first)  # the other one, at the same time
    later = [factories.make_booking(organization, service, first + timedelta(hours=2)) for _ in range(2)]
    [in_the_way] = [each for each in later if who(each) == who(booking)]
    [other] = [each for each in later if each is not in_the_way]
    actions.cancel(organization=organization, booking_id=other.id, version=1, actor=STAFF)
    before, had = who(booking), sum(turns(organization, service).values())
    moved = actions.reschedule(
        organization=organization, booking_id=booking.id, starts_at=in_the_way.starts_at, version=1, actor=STAFF
    )
    assert who(moved) != before
    assert because(moved)["code"] == "only_one"
    assert sum(turns(organization, service).values()) == had - 1


def test_the_least_busy_of_the_day_serves_and_days_alike_go_by_the_week(db: None) -> None:
    organization, service, team = shop("least_busy", 1, 1, 1)
    first = factories.local(organization, 9 - clock.now().weekday(), 8)  # a Wednesday, or a day of the same week
    bookings = [factories.make_booking(organization, service, first + timedelta(hours=n)) for n in range(5)]
    assert sorted(Counter(map(who, bookings)).values()) == [1, 2, 2]
    fewest = min(team, key=lambda each: [who(booking) for booking in bookings].count(each.slug))
    tomorrow = factories.make_booking(organization, service, first + timedelta(days=1))
    assert who(tomorrow) == fewest.slug
    told = because(bookings[4])
    assert (told["code"], told["minutes"], told["free"]) == ("least_busy", 60, 3)
    assert told["sentence"] == "The least busy of the 3 that were free: 1\u00a0hour that day."
    assert because(tomorrow)["minutes_in_week"] == 60


def test_who_served_the_customer_last_serves_again_if_free(db: None) -> None:
    organization, service, _ = shop("last_seen", 1, 1, 1)
    first = factories.local(organization, 3, 8)
    once = factories.make_booking(organization, service, first, details=factories.details_of("Eve@example.com"))
    assert because(once)["acquainted"] == "never"
    again = factories.make_booking(
        organization, service, first + timedelta(hours=2), details=factories.details_of("eve@EXAMPLE.com")
    )
    assert who(again) == who(once)
    assert because(again)["code"] == "last_seen"
    assert because(again)["last_served_at"] == first.astimezone(clock.now().tzinfo).isoformat(timespec="seconds")
    # The same time again: whoever knows Eve is busy.
    third = factories.make_booking(
        organization, service, first + timedelta(hours=2), details=factories.details_of("eve@example.com")
    )
    assert who(third) != who(once)
    assert because(third)["acquainted"] == "not_free"


def test_a_held_time_goes_to_who_served_the_customer_last_once_it_is_known_who_that_is(db: None) -> None:
    organization, service, _ = shop("last_seen", 1, 1, 1, 1)
    first = factories.local(organization, 3, 8)
    once = factories.make_booking(organization, service, first)
    seen = who(once)
    for number in range(6):
        start = first + timedelta(hours=2 + number)
        held = holds.hold(organization=organization, wish=Wish(service=service.slug), starts_at=start)
        booking = actions.book(
            organization=organization,
            wish=Wish(service=service.slug),
            starts_at=start,
            details=factories.DETAILS,
            hold_id=held.id,
        )
        assert who(booking) == seen
        assert because(booking)["code"] == "last_seen"


def test_who_the_customer_chose_is_chosen_and_takes_no_turn(db: None) -> None:
    organization, service, (one, _) = shop("round_robin", 1, 1)
    with transaction_for(organization.id):
        Resource.objects.update(is_public=True)
        service.requirements.update(is_choosable=True)
    organization.refresh_from_db()
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 8), resource=one.slug)
    assert because(booking) == {"code": "chosen", "by": "customer", "sentence": "Chosen by the customer."}
    assert turns(organization, service) == {}


@pytest.mark.parametrize(("by", "more"), [("priority", 0), ("last_seen", 1), ("least_busy", 3), ("round_robin", 5)])
def test_only_policies_that_need_facts_ask_for_them(db: None, by: str, more: int) -> None:
    """`more`: statements beyond those of a booking by rank, which reads nothing of the kind."""
    counted = {}
    for policy in ("priority", by):
        organization, service, _ = shop(policy, 1, 1)
        first = factories.local(organization, 3, 8)
        factories.make_booking(organization, service, first)
        with CaptureQueriesContext(connection) as captured:
            factories.make_booking(organization, service, first + timedelta(hours=1))
        counted[policy] = len(captured)
    assert counted[by] - counted["priority"] == more
