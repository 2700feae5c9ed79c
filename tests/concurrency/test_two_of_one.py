"""Two at once on one thing: two holds of one holder, two of the staff who confirm one request."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model

from holdfast.bookings import actions, steps
from holdfast.bookings.errors import VersionConflict
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.core import locking
from tests import factories, proofs
from tests.running import Ask, House, at_once, together

EVENTS = "SELECT count(*) FROM events_event WHERE subject = %s AND kind = 'booking.confirmed'"
MAILS = """
SELECT count(*) FROM procrastinate_jobs j JOIN events_event e ON (j.args->>'event_id')::bigint = e.id
WHERE e.subject = %s AND e.kind = 'booking.confirmed'
"""
ROUNDS = 12


@pytest.mark.parametrize("guarded", [True, False], ids=["with the index", "without it"])
def test_of_16_holds_of_one_holder_at_once_one_stands(committed_db: str, guarded: bool) -> None:
    """Each on another time, so that nothing but the holder stands between them."""
    organization = factories.make_organization(holds_from_one_address=1000)
    for _ in range(4):
        factories.make_resource(organization)
    service = factories.make_service(organization)
    if not guarded:
        proofs.as_owner(committed_db, "DROP INDEX booking_one_hold_of_a_holder")
    most = 0
    with House(committed_db) as house:
        for number in range(ROUNDS):
            start = factories.local(organization, 3 + number, 9)
            wishes: list[dict[str, Any]] = [
                {
                    "service": service.slug,
                    "starts_at": (start + timedelta(hours=hour % 8)).isoformat(),
                    "holder": f"till-{number}",
                }
                for hour in range(16)
            ]
            answers = together(house, [Ask(f"{organization.slug}/holds", each) for each in wishes])
            statuses = Counter(each.status for each in answers)
            assert set(statuses) <= {201, 409}, house.said()
            most = max(most, statuses[201])
            if guarded:
                assert statuses == {201: 1, 409: 15}
                assert {each.body["code"] for each in answers if each.status == 409} == {"hold_exists"}
            elif most > 1:
                return
    assert guarded, "nobody held twice: this test shows nothing"
    proofs.assert_sound(committed_db)


def confirmed_twice_at_once(committed_db: str) -> tuple[list[Booking | Exception], Booking]:
    organization = factories.make_organization()
    factories.make_resource(organization)
    service = factories.make_service(organization, needs_approval=True)
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10))

    def confirm(name: str) -> Any:
        return lambda: actions.confirm(
            organization=organization, booking_id=booking.id, version=1, actor=Actor("staff", name)
        )

    return at_once([confirm("Sam"), confirm("Kim")]), booking


def test_of_two_staff_who_confirm_at_once_one_does_with_one_event_and_one_mail(committed_db: str) -> None:
    ends, booking = confirmed_twice_at_once(committed_db)
    [told] = [end for end in ends if isinstance(end, Exception)]
    assert isinstance(told, VersionConflict)
    assert told.extra["current"] == {"version": 2, "state": "confirmed"}
    assert proofs.rows(committed_db, EVENTS, [booking.id]) == [(1,)]
    assert proofs.rows(committed_db, MAILS, [booking.id]) == [(1,)]
    proofs.assert_sound(committed_db)


def test_without_lock_and_versions_both_confirm_and_the_customer_gets_two_mails(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(model: type[Model], **lookup: Any) -> Any:
        return model._default_manager.get(**lookup)

    def overwritten(booking: Booking, **changes: Any) -> None:
        Booking.objects.filter(id=booking.id).update(**changes, version=booking.version + 1)
        for name, value in changes.items():
            setattr(booking, name, value)

    monkeypatch.setattr(locking, "lock_row", unlocked)
    monkeypatch.setattr(steps, "change", overwritten)
    proofs.as_owner(committed_db, "DROP TRIGGER guard_booking ON bookings_booking")
    for _ in range(ROUNDS):
        _ends, booking = confirmed_twice_at_once(committed_db)
        if proofs.rows(committed_db, MAILS, [booking.id]) == [(2,)]:
            assert proofs.rows(committed_db, EVENTS, [booking.id]) == [(2,)]
            return
    pytest.fail("they never met: this test shows nothing")
