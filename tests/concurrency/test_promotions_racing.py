"""A code is used exactly as often as it may be, however many enter it at once; without its lock it is not."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

import pytest

from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.errors import PromotionInvalid
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from tests import factories, proofs
from tests.concurrency import asks
from tests.concurrency.test_limits_racing import NO_LOCK
from tests.running import Ask, House, at_once, together

MANY, ROUNDS = 64, 12


def firm() -> tuple[Organization, Service]:
    """Eight people, so that 64 who book eight hours of a day do not meet."""
    organization = factories.make_organization()
    for _ in range(8):
        factories.make_resource(organization)
    return organization, factories.make_service(organization)


def wanted(organization: Organization, service: Service, code: str, *, customers: int = MANY) -> list[Ask]:
    start = factories.monday(organization, 9)
    return [
        asks.book(
            organization,
            service,
            start + timedelta(hours=number % 8),
            promo_code=code,
            customer={"name": "Ana", "email": f"person{number % customers}@example.com"},
        )
        for number in range(MANY)
    ]


def used(house: House, organization: Organization) -> int:
    [(count,)] = proofs.rows(
        house.database, "SELECT count(*) FROM bookings_promotionuse WHERE organization_id = %s", [organization.id]
    )
    return int(count)


def test_of_64_who_enter_a_code_at_once_exactly_as_many_get_it_as_may(house: House) -> None:
    organization, service = firm()
    factories.make_promotion(organization, uses=7)
    deadlocks = proofs.deadlocks(house.database)
    answers = together(house, wanted(organization, service, "spring"))
    assert Counter(each.status for each in answers) == {201: 7, 422: MANY - 7}
    assert {each.body["reason"] for each in answers if each.status == 422} == {"used_up"}
    assert {each.body["price"]["amount"] for each in answers if each.status == 201} == {9000}
    assert used(house, organization) == 7
    assert proofs.deadlocks(house.database) == deadlocks
    proofs.assert_sound(house.database)


def test_each_customer_uses_a_code_as_often_as_they_may(house: House) -> None:
    organization, service = firm()
    factories.make_promotion(organization, uses_each=2)
    answers = together(house, wanted(organization, service, "spring", customers=5))
    assert Counter(each.status for each in answers) == {201: 10, 422: MANY - 10}
    by_whom = Counter(each.body["customer"]["email"] for each in answers if each.status == 201)
    assert set(by_whom.values()) == {2}


@pytest.mark.parametrize("locked", [True, False], ids=["with the lock", "without it"])
def test_the_lock_is_what_keeps_a_code(committed_db: str, locked: bool) -> None:
    """The last use of a code, wanted by eight: with the lock one gets it, each round; without it several do."""
    organization, service = firm()
    if not locked:
        proofs.as_owner(committed_db, NO_LOCK)
    won = []
    for number in range(ROUNDS):
        factories.make_promotion(organization, code=f"ROUND{number}", uses=1)
        start = factories.local(organization, 3 + number, 9)
        attempts = [partial(attempt, organization, service, start, f"ROUND{number}", hour) for hour in range(8)]
        ends = at_once(attempts)
        assert {type(end) for end in ends if isinstance(end, Exception)} <= {PromotionInvalid}
        won.append(sum(not isinstance(end, Exception) for end in ends))
        if not locked and won[-1] > 1:
            return
    assert locked, "nothing was oversold: this test shows nothing"
    assert won == [1] * ROUNDS


def attempt(organization: Organization, service: Service, start: datetime, code: str, hour: int) -> Booking:
    return actions.book(
        organization=organization,
        wish=Wish(service.slug, promo_code=code),
        starts_at=start + timedelta(hours=hour),
        details=factories.details_of(f"person{hour}@example.com"),
    )
