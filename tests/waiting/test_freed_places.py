"""A place that becomes free is held for the first in the line whom it suits, and passes on."""

from datetime import time, timedelta

import pytest

from holdfast.bookings import actions as bookings
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.errors import SlotTaken
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.holds import expiring
from holdfast.bookings.models import Booking
from holdfast.catalog.models import HoursException
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from holdfast.waiting import actions
from holdfast.waiting.errors import AlreadyWaiting, FreeAlready, NotWaiting, OfferOver, TooManyWaiting
from tests import factories
from tests.waiting.conftest import STAFF, Shop


def test_a_cancelled_time_is_held_for_the_first_in_line_before_anybody_can_take_it(shop: Shop) -> None:
    first, second = shop.join("Ana"), shop.join("Ben")
    before = clock.now()
    shop.cancel(shop.booked[0])
    offer = shop.offered(first)
    assert offer is not None
    assert (offer.starts_at, offer.booking.state) == (shop.start(10), "held")
    assert timedelta(minutes=30) <= offer.expires_at - before < timedelta(minutes=31)
    assert (shop.state(first), shop.state(second)) == ("offered", "waiting")
    with pytest.raises(SlotTaken):
        factories.make_booking(shop.organization, shop.service, shop.start(10))


def test_the_organization_says_for_how_many_minutes(shop: Shop) -> None:
    with transaction_for(shop.organization.id):
        type(shop.organization).objects.filter(id=shop.organization.id).update(waiting_offer_minutes=90)
    entry = shop.join("Ana")
    shop.cancel(shop.booked[1])
    offer = shop.offered(entry)
    assert offer is not None
    assert round((offer.expires_at - offer.offered_at).total_seconds() / 60) == 90


def test_a_claimed_offer_is_a_booking_and_claiming_again_gives_the_same(shop: Shop) -> None:
    entry = shop.join("Ana")
    shop.cancel(shop.booked[0])
    offer = shop.offered(entry)
    assert offer is not None
    booking = shop.claim(offer)
    again = shop.claim(offer)
    assert (booking.state, booking.customer_email, booking.starts_at) == (
        "confirmed",
        "ana@example.com",
        offer.starts_at,
    )
    assert again.reference == booking.reference
    assert (shop.state(entry), shop.offers(entry)[0].outcome) == ("claimed", "claimed")


def test_an_offer_that_runs_out_passes_on_and_its_person_keeps_their_place_but_not_that_time(shop: Shop) -> None:
    first, second = shop.join("Ana"), shop.join("Ben")
    shop.cancel(shop.booked[0])
    with shop.later(31):
        shop.sweep()
        assert (shop.state(first), shop.state(second)) == ("waiting", "offered")
        with pytest.raises(OfferOver):
            shop.claim(shop.offers(first)[0])
        shop.cancel(shop.booked[1])
        other = shop.offered(first)
    assert other is not None
    assert other.starts_at == shop.start(11)
    assert [offer.outcome for offer in shop.offers(first)] == ["expired", ""]


def test_a_stranger_who_comes_right_after_an_offer_ran_out_finds_it_passed_on(shop: Shop) -> None:
    """No job has run: the expired hold is in the stranger's way, and giving it back offers it to the next in line."""
    shop.join("Ana")
    second = shop.join("Ben")
    shop.cancel(shop.booked[0])
    with shop.later(31):
        with pytest.raises(SlotTaken):
            factories.make_booking(shop.organization, shop.service, shop.start(10))
        assert shop.state(second) == "offered"


def test_an_offer_that_runs_out_with_nobody_behind_blocks_nobody(shop: Shop) -> None:
    shop.join("Ana")
    shop.cancel(shop.booked[0])
    with shop.later(31):
        assert factories.make_booking(shop.organization, shop.service, shop.start(10)).state == "confirmed"


def test_declining_passes_the_time_on_at_once_and_keeps_the_place_in_line(shop: Shop) -> None:
    first, second = shop.join("Ana"), shop.join("Ben")
    shop.cancel(shop.booked[0])
    offer = shop.offered(first)
    assert offer is not None
    actions.decline(organization=shop.organization, offer_id=offer.id)
    assert (shop.state(first), shop.state(second)) == ("waiting", "offered")
    assert shop.offers(first)[0].outcome == "declined"


def test_leaving_with_an_offer_passes_it_on_and_leaving_twice_does_nothing(shop: Shop) -> None:
    first, second = shop.join("Ana"), shop.join("Ben")
    shop.cancel(shop.booked[0])
    for _ in range(2):
        actions.leave(organization=shop.organization, entry_id=first.id)
    assert (shop.state(first), shop.state(second)) == ("left", "offered")
    with transaction_for(shop.organization.id):
        assert Event.objects.filter(kind="waiting.left").count() == 1


def test_a_moved_booking_frees_its_old_time_for_the_line(shop: Shop) -> None:
    entry = shop.join("Ana")
    booking = shop.booked[0]
    bookings.reschedule(
        organization=shop.organization, booking_id=booking.id, starts_at=shop.start(10, days=4), version=1, actor=STAFF
    )
    offer = shop.offered(entry)
    assert offer is not None
    assert offer.starts_at == shop.start(10)


def test_a_released_and_an_expired_hold_free_their_time_for_the_line(shop: Shop) -> None:
    days = 5
    held = [
        holds.hold(organization=shop.organization, wish=Wish(shop.service.slug), starts_at=shop.start(hour, 0, days))
        for hour in (10, 11)
    ]
    first, second = shop.join("Ana", days=days), shop.join("Ben", days=days)
    holds.release_hold(organization=shop.organization, hold_id=held[0].id)
    assert (shop.state(first), shop.state(second)) == ("offered", "waiting")
    with shop.later(11):
        expiring.release_expired_holds(organization_id=shop.organization.id)
        assert shop.state(second) == "offered"


def test_new_hours_are_offered_by_the_look_of_each_minute(shop: Shop) -> None:
    entry = shop.join("Ana")
    with transaction_for(shop.organization.id):
        for hours in ((time(10), time(12)), (time(14), time(15))):
            HoursException.objects.create(
                organization=shop.organization, resource=shop.person, date=shop.day(), starts=hours[0], ends=hours[1]
            )
    shop.sweep()
    offer = shop.offered(entry)
    assert offer is not None
    assert offer.starts_at == shop.start(14)


def test_only_times_that_suit_are_offered_and_the_next_in_line_is_asked(shop: Shop) -> None:
    afternoon = shop.join("Ana", since=12 * 60)
    other_day = shop.join("Ben", days=2, last=2, since=0, until=60)
    somebody_else = shop.join("Cleo", since=11 * 60)
    fits = shop.join("Dana", until=11 * 60)
    shop.cancel(shop.booked[0])
    assert [shop.state(each) for each in (afternoon, other_day, somebody_else, fits)] == [
        "waiting", "waiting", "waiting", "offered",
    ]  # fmt: skip


def test_the_earliest_free_start_that_suits_comes_first_and_one_freed_block_may_serve_several(shop: Shop) -> None:
    long = factories.make_service(shop.organization, duration_minutes=120)
    booked = factories.make_booking(shop.organization, long, shop.start(10, days=6))
    people = [shop.join(name, days=6) for name in ("Ana", "Ben", "Cleo")]
    shop.cancel(booked)
    assert [offer.starts_at for offer in shop.offers()] == [shop.start(10, days=6), shop.start(11, days=6)]
    assert [shop.state(each) for each in people] == ["offered", "offered", "waiting"]


def test_nobody_is_offered_what_begins_before_they_could_have_answered(shop: Shop) -> None:
    entry = shop.join("Ana")
    with clock.stopped(shop.start(10) - timedelta(minutes=30)):
        shop.cancel(shop.booked[0])
        assert shop.state(entry) == "waiting"
    with clock.stopped(shop.start(10) - timedelta(minutes=31)):
        shop.sweep()
        assert shop.state(entry) == "offered"


def test_nobody_waits_for_what_is_free(shop: Shop) -> None:
    with pytest.raises(FreeAlready) as refused:
        shop.join("Ana", days=4, since=10 * 60 + 30)
    assert refused.value.extra["alternatives"] == [
        shop.start(10, 30, days=4).isoformat(), shop.start(11, days=4).isoformat(),
    ]  # fmt: skip
    assert shop.join("Ana", days=4, since=12 * 60).state == "waiting"


def test_the_same_person_joins_once_for_the_same_service_and_dates(shop: Shop) -> None:
    shop.join("Ana")
    with pytest.raises(AlreadyWaiting):
        shop.join("ANA", since=600)
    assert shop.join("Ana", days=3, last=4, since=0, until=60).state == "waiting"


def test_a_person_waits_for_20_things_at_most(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        shop.join("Ana", days=3 + number, since=0, until=60)
    with pytest.raises(TooManyWaiting):
        shop.join("Ana", days=40, since=0, until=60)


def test_three_unanswered_offers_end_the_waiting(shop: Shop) -> None:
    shop.fill(4)
    entry = shop.join("Ana", last=4)
    for number, booking in enumerate([*shop.booked[:3]]):
        with shop.later(40 * number):
            shop.cancel(booking)
        with shop.later(40 * number + 31):
            expiring.release_expired_holds(organization_id=shop.organization.id)
    assert [offer.outcome for offer in shop.offers(entry)] == ["expired"] * 3
    assert shop.state(entry) == "expired"


def test_entries_whose_dates_are_over_are_closed(shop: Shop) -> None:
    entry = shop.join("Ana")
    with clock.stopped(shop.start(10, days=4)):
        shop.sweep()
    assert shop.state(entry) == "expired"


def test_staff_offer_a_time_out_of_turn_and_remove_with_a_reason(shop: Shop) -> None:
    first, second = shop.join("Ana"), shop.join("Ben")
    made = actions.offer_now(
        organization=shop.organization, entry_id=second.id, starts_at=shop.start(10, days=4), actor=STAFF
    )
    assert (made.starts_at, shop.state(second)) == (shop.start(10, days=4), "offered")
    with pytest.raises(NotWaiting):
        actions.offer_now(
            organization=shop.organization, entry_id=second.id, starts_at=shop.start(11, days=4), actor=STAFF
        )
    actions.remove(organization=shop.organization, entry_id=second.id, actor=STAFF, reason="Asked by telephone")
    assert (shop.state(first), shop.state(second)) == ("waiting", "removed")
    with transaction_for(shop.organization.id):
        assert Booking.objects.get(id=made.booking_id).state == "expired"


def test_parties_and_members_are_kept(shop: Shop) -> None:
    organization = shop.organization
    factories.make_resource(organization, slug="max", is_public=True, hours=(time(10), time(12)))
    busy = factories.make_booking(organization, shop.service, shop.start(10), resource="max")
    entry = shop.join("Ana", wish={"resource": "lea"})
    shop.cancel(busy)
    assert shop.state(entry) == "waiting"
    shop.cancel(shop.booked[0])
    offer = shop.offered(entry)
    assert offer is not None
    with transaction_for(organization.id):
        assert [place.resource.slug for place in offer.booking.allocations.select_related("resource")] == ["lea"]


def test_without_anybody_waiting_a_cancellation_costs_one_look(shop: Shop, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(12):
        shop.cancel(shop.booked[0])


def test_a_claim_keeps_the_answers_and_refuses_missing_ones(shop: Shop) -> None:
    entry = shop.join("Ana")
    shop.cancel(shop.booked[0])
    offer = shop.offered(entry)
    assert offer is not None
    details = Details(customer=Customer(name="Ana", email="ana@example.com"), note="The back door, please")
    booked = actions.claim(organization=shop.organization, offer_id=offer.id, details=details)
    assert booked.customer_note == "The back door, please"


def test_nobody_is_offered_a_time_that_their_own_limit_would_refuse(shop: Shop) -> None:
    shop.fill(days=4)
    first, second = shop.join("Maria", last=4), shop.join("Ben", last=4)
    other = factories.make_service(shop.organization, needs=[{"kind": "vehicle"}], duration_minutes=30)
    factories.make_resource(shop.organization, kind="vehicle")
    factories.make_limit(shop.organization, kind="customer", most=1, period="day")
    maria = Details(customer=Customer(name="Maria", email="MARIA@example.com", locale="en"))
    factories.make_booking(shop.organization, other, shop.start(15), details=maria)
    shop.sweep()
    shop.cancel(shop.booked[0])
    assert [offer.entry_id for offer in shop.offers() if offer.starts_at == shop.start(10)] == [second.id]
    shop.cancel(shop.booked[2])  # on another day her limit leaves room
    offer = shop.offered(first)
    assert offer is not None
    assert offer.starts_at == shop.start(10, days=4)
    assert shop.claim(offer, "Maria").state == "confirmed"


@pytest.mark.parametrize("most", [1, 2])
def test_an_open_offer_counts_in_its_persons_limit_so_that_two_entries_are_not_both_offered(
    shop: Shop, most: int
) -> None:
    shop.fill(days=4)
    twice = [shop.join("Maria", days=3), shop.join("Maria", days=4)]
    factories.make_limit(shop.organization, kind="customer", most=most, period="rolling", rolling_days=30)
    shop.sweep()
    shop.cancel(shop.booked[0])
    shop.cancel(shop.booked[2])
    assert [shop.state(each) for each in twice] == ["offered", "waiting" if most == 1 else "offered"]
    if most == 1:
        offer = shop.offered(twice[0])
        assert offer is not None
        actions.decline(organization=shop.organization, offer_id=offer.id)
        shop.sweep()
        assert [shop.state(each) for each in twice] == ["waiting", "offered"]


def test_who_waits_with_an_extra_is_offered_a_time_only_with_it(shop: Shop) -> None:
    """Two at once, one child seat: whoever cancels gives it back, and the hold that is offered has it."""
    factories.make_resource(shop.organization, hours=(time(10), time(12)))
    factories.make_extra(shop.organization, slug="child-seat", stock=1)
    seated = [
        factories.make_booking(shop.organization, shop.service, shop.start(hour), extras=(("child-seat", 1),))
        for hour in (10, 11)
    ]
    entry = shop.join("Ana", wish={"extras": (("child-seat", 1),)})
    shop.cancel(shop.booked[0])
    assert shop.offered(entry) is None  # the time is free, its child seat is not
    shop.cancel(seated[0])
    offer = shop.offered(entry)
    assert offer is not None
    booking = shop.claim(offer)
    assert [(each["slug"], each["count"]) for each in booking.extras] == [("child-seat", 1)]
    assert booking.price_amount == 11_500
