"""Nothing doubtful is guessed in silence: times, names, money, people."""

import pytest

from holdfast.bookings.models import Booking
from holdfast.core.errors import ValidationError
from holdfast.core.tenancy import transaction_for
from tests.legacy.conftest import Firm, codes, old_row, to_come


def starts(firm: Firm) -> list[str]:
    with transaction_for(firm.organization.id):
        return [each.isoformat() for each in Booking.objects.order_by("id").values_list("starts_at", flat=True)]


@pytest.mark.parametrize(
    ("pickup", "dropoff", "code", "start"),
    [
        # Paris, 31 March 2024: 02:00 became 03:00. 27 October 2024: 03:00 became 02:00.
        ("2024-03-31 02:30:00", "2024-03-31 04:30:00", "nonexistent_time", "2024-03-31T01:30:00+00:00"),
        ("2024-10-27 02:30:00", "2024-10-27 04:00:00", "ambiguous_time", "2024-10-27T00:30:00+00:00"),
        ("2024-10-27T02:30:00+01:00", "2024-10-27 04:00:00", "", "2024-10-27T01:30:00+00:00"),
        ("2024-10-27T01:30:00Z", "2024-10-27T03:00:00+00", "", "2024-10-27T01:30:00+00:00"),
        ("2024-07-01 10:00:42", "2024-07-01 11:00", "seconds_dropped", "2024-07-01T08:00:00+00:00"),
    ],
)
def test_a_time_is_read_on_the_clock_of_paris_and_every_odd_one_is_named(
    firm: Firm, pickup: str, dropoff: str, code: str, start: str
) -> None:
    report = firm.take_over(old_row(pickup_datetime=pickup, dropoff_datetime=dropoff))
    assert codes(report) == ([code] if code else [])
    assert starts(firm) == [start]


def test_times_are_read_on_another_clock_when_told(firm: Firm) -> None:
    firm.take_over(old_row(), time_zone="America/New_York")
    assert starts(firm) == ["2025-06-02T14:00:00+00:00"]


def test_a_zone_that_is_none_and_a_map_to_nowhere_are_refused_before_anything_is_read(firm: Firm) -> None:
    with pytest.raises(ValidationError):
        firm.take_over(old_row(), time_zone="Mars/Olympus")
    with pytest.raises(ValidationError):
        firm.take_over(old_row(), service_map={"transfer": "nothing"})
    with pytest.raises(ValidationError):
        firm.take_over(old_row(), vehicle_map={"van-1": "nothing"})


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"service_type": ""}, "unknown_service"),
        ({"vehicle_id": "rocket"}, "unknown_vehicle"),
        ({"status": "paid"}, "unknown_status"),
        ({"currency": "USD"}, "other_currency"),
        ({"customer_email": " "}, "no_email"),
        ({"customer_email": "ana"}, "bad_email"),
        ({"customer_name": "A" * 121}, "too_long_text"),
        ({"pickup_datetime": ""}, "no_time"),
        ({"pickup_datetime": "tomorrow"}, "unreadable_time"),
        ({"pickup_datetime": "0001-01-01 00:00"}, "unreadable_time"),
        ({"pickup_datetime": "9999-12-31 23:00", "dropoff_datetime": ""}, "unlikely_year"),
        ({"dropoff_datetime": "6100-01-01 10:00"}, "unlikely_year"),
        ({"dropoff_datetime": "2025-06-02 10:00:00"}, "dropoff_before_pickup"),
        ({"dropoff_datetime": "2025-06-06 10:00:00"}, "too_long"),
        ({"total_amount": "95.005"}, "too_many_decimals"),
        ({"total_amount": "95,00"}, "unreadable_amount"),
        ({"total_amount": ""}, "unreadable_amount"),
        ({"total_amount": "NaN"}, "unreadable_amount"),
        ({"total_amount": "-1"}, "unreadable_amount"),
        ({"passengers": "0"}, "unreadable_party"),
        ({"payment_type": "barter"}, "unknown_payment"),
        ({"id": ""}, "no_id"),
        ({"customer_name": "A\0"}, "unreadable_text"),
    ],
)
def test_what_has_no_sensible_reading_is_an_error(firm: Firm, columns: dict[str, str], code: str) -> None:
    report = firm.take_over(old_row(2, **columns))
    assert codes(report, "error") == [code]
    assert starts(firm) == []


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"dropoff_datetime": ""}, "no_dropoff"),
        ({"status": "pending"}, "pending_in_the_past"),
        ({"vehicle_id": ""}, "occupies_nothing"),
        ({"created_at": "2999-01-01 00:00:00"}, "created_in_the_future"),
    ],
)
def test_what_has_one_sensible_reading_is_taken_so_and_named(firm: Firm, columns: dict[str, str], code: str) -> None:
    report = firm.take_over(old_row(2, **columns))
    assert codes(report) == [code]
    assert len(starts(firm)) == 1


def test_amounts_are_exact_and_trailing_zeros_harmless(firm: Firm) -> None:
    firm.take_over(old_row(2, total_amount="0.29"), old_row(3, vehicle_id="van-2", total_amount="95.100"))
    with transaction_for(firm.organization.id):
        assert list(Booking.objects.order_by("price_amount").values_list("price_amount", flat=True)) == [29, 9_510]


def test_what_is_still_to_come_cannot_be_over(firm: Firm) -> None:
    report = firm.take_over(to_come(firm, status="completed"))
    assert codes(report) == ["not_yet"]
