"""What is to come gets what its service needs; what is past occupies what its row names. Clashes name both sides."""

from datetime import timedelta

import pytest

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.errors import SlotTaken
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Allocation, Booking
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from tests import factories, proofs
from tests.legacy.conftest import Firm, codes, old_row, to_come


def test_a_booking_to_come_gets_a_driver_too_at_its_own_minute_and_length(firm: Firm, committed_db: str) -> None:
    report = firm.take_over(to_come(firm, minute=7))
    assert report.rows[0].resources == ("driver-1", "van-1")
    proofs.assert_sound(committed_db)


def test_rows_that_take_any_vehicle_leave_the_named_ones_alone(firm: Firm, committed_db: str) -> None:
    report = firm.take_over(to_come(firm, 2, vehicle_id=""), to_come(firm, 3, vehicle_id="van-1"))
    assert [row.resources for row in report.rows] == [("driver-2", "van-2"), ("driver-1", "van-1")]
    proofs.assert_sound(committed_db)


def test_a_clash_with_a_booking_we_have_names_it(firm: Firm) -> None:
    booked = factories.make_booking(
        firm.organization, firm.transfer, factories.local(firm.organization, 3, 10), resource="van-1", by_staff=True
    )
    report = firm.take_over(to_come(firm))
    assert codes(report) == ["slot_taken"]
    assert report.findings[0].level == "clash"
    assert f"booking {booked.reference} on “van-1”" in report.findings[0].message
    assert not report.written


def test_a_clash_within_the_file_names_both_lines(firm: Firm) -> None:
    report = firm.take_over(*(to_come(firm, line) for line in (2, 3)))
    assert [(each.line, each.code) for each in report.findings] == [(3, "slot_taken")]
    assert "line 2 (id 2) on “van-1”" in report.findings[0].message


def test_a_third_trip_with_two_drivers_has_nobody_to_drive(firm: Firm) -> None:
    report = firm.take_over(*(to_come(firm, line, vehicle_id="") for line in (2, 3, 4)))
    assert [(each.line, each.level) for each in report.findings] == [(4, "clash")]


def test_an_imported_booking_takes_its_time_from_customers(firm: Firm) -> None:
    firm.take_over(to_come(firm, 2, vehicle_id="van-1"), to_come(firm, 3, vehicle_id="van-2", status="pending"))
    with pytest.raises(SlotTaken):
        factories.make_booking(firm.organization, firm.transfer, factories.local(firm.organization, 3, 10))


def test_outside_working_hours_is_refused_unless_told_otherwise(firm: Firm) -> None:
    night = to_come(firm, hour=3)
    assert codes(firm.take_over(night)) == ["outside_hours"]
    assert firm.take_over(night, outside_hours=True).rows[0].resources == ("driver-1", "van-1")


def test_a_past_trip_back_to_back_with_another_is_no_clash_whatever_buffers_are_today(firm: Firm) -> None:
    with transaction_for(firm.organization.id):
        firm.transfer.buffer_after_minutes = 30
        firm.transfer.save()
    later = {"pickup_datetime": "2025-06-02 11:00:00", "dropoff_datetime": "2025-06-02 12:00:00"}
    assert firm.take_over(old_row(2), old_row(3, **later)).written


def test_a_cancelled_trip_stands_in_nobodys_way(firm: Firm) -> None:
    assert firm.take_over(old_row(2), old_row(3, status="cancelled")).written
    assert firm.take_over(to_come(firm, 4, status="cancelled"), to_come(firm, 5)).written


def test_an_expired_hold_stands_in_nobodys_way(firm: Firm, committed_db: str) -> None:
    starts_at = factories.local(firm.organization, 3, 10)
    for _ in firm.vehicles:
        holds.hold(organization=firm.organization, wish=Wish(service="transfer"), starts_at=starts_at)
    with clock.stopped(clock.now() + timedelta(minutes=30)):
        assert firm.take_over(to_come(firm)).written
    with transaction_for(firm.organization.id):
        assert Booking.objects.filter(state="confirmed").count() == 1
        assert Allocation.objects.filter(active=True, expires_at=None).count() == 2
    assert proofs.overlaps(committed_db) == 0


def test_a_vehicle_that_the_service_has_no_use_for_is_named(firm: Firm) -> None:
    with transaction_for(firm.organization.id):
        firm.transfer.requirements.filter(kind="vehicle").delete()
    firm.organization.refresh_from_db()
    assert codes(firm.take_over(to_come(firm))) == ["unfit_vehicle"]
    assert codes(firm.take_over(old_row())) == ["unfit_vehicle"]
