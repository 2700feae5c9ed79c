"""A firm with drivers and vehicles, as the one that leaves v312 has them."""

from dataclasses import dataclass
from datetime import time
from pathlib import Path

import pytest

from holdfast.catalog.models import Organization, Resource, Service
from holdfast.legacy.actions import Options, import_bookings
from holdfast.legacy.reading import RawRow
from holdfast.legacy.report import Report
from tests import factories

SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Firm:
    """A transfer needs a driver and a vehicle for an hour; two drivers, two vehicles."""

    organization: Organization
    transfer: Service
    vehicles: tuple[Resource, Resource]
    drivers: tuple[Resource, Resource]

    def take_over(self, *rows: RawRow, **options: object) -> Report:
        return import_bookings(
            organization=self.organization,
            rows=rows,
            options=Options(**{"service_map": {"airport": "transfer"}, **options}),  # type: ignore[arg-type]
            file="test.csv",
        )


def make_firm(**fields: object) -> Firm:
    organization = factories.make_organization(**fields)
    drivers = [factories.make_resource(organization, slug=f"driver-{n}", rank=n) for n in (1, 2)]
    day_and_night = (time(0), time(0))
    vehicles = [
        factories.make_resource(organization, slug=f"van-{n}", kind="vehicle", hours=day_and_night, rank=n)
        for n in (1, 2)
    ]
    transfer = factories.make_service(
        organization, slug="transfer", needs=({"kind": "person"}, {"kind": "vehicle"}), largest_party=7
    )
    return Firm(organization, transfer, (vehicles[0], vehicles[1]), (drivers[0], drivers[1]))


@pytest.fixture
def firm(committed_db: str) -> Firm:
    return make_firm(slug="elite")


def old_row(line: int = 2, **columns: str) -> RawRow:
    """A past, completed transfer by van-1, unless told otherwise; times are wall clock."""
    given = {
        "id": str(line),
        "customer_name": "Ana Reyes",
        "customer_email": "ana@example.com",
        "customer_phone": "+33199001234",
        "service_type": "transfer",
        "vehicle_id": "van-1",
        "pickup_datetime": "2025-06-02 10:00:00",
        "dropoff_datetime": "2025-06-02 11:00:00",
        "passengers": "2",
        "total_amount": "95.00",
        "currency": "EUR",
        "payment_type": "prepaid",
        "status": "completed",
        "created_at": "2025-05-01 09:00:00",
    }
    return RawRow(line, {**given, **columns})


def wall(firm: Firm, days: int, hour: int, minute: int = 0) -> str:
    """A naive wall-clock time as v312 wrote it."""
    return f"{factories.local(firm.organization, days, hour, minute):%Y-%m-%d %H:%M:%S}"


def to_come(firm: Firm, line: int = 2, *, days: int = 3, hour: int = 10, minute: int = 0, **columns: str) -> RawRow:
    """A confirmed hour to come."""
    times = {
        "pickup_datetime": wall(firm, days, hour, minute),
        "dropoff_datetime": wall(firm, days, hour + 1, minute),
    }
    return old_row(line, **{**times, "status": "confirmed", **columns})


def codes(report: Report, level: str = "") -> list[str]:
    return [each.code for each in report.findings if level in ("", each.level)]
