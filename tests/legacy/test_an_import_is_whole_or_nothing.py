"""What is imported are bookings like any other; a file with something wrong in it leaves no trace."""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from django.db import DatabaseError, connections
from psycopg import sql

from holdfast.bookings import actions
from holdfast.bookings.models import Allocation, Booking, Note, Transition
from holdfast.bookings.steps import Actor
from holdfast.core.embedded_postgres import APP
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from holdfast.legacy.models import LegacyImportedBooking
from holdfast.legacy.reading import read_rows
from tests import database, factories, proofs
from tests.legacy.conftest import SAMPLES, Firm, codes, make_firm, old_row, to_come

TABLES = (
    "bookings_booking", "bookings_allocation", "bookings_transition", "bookings_note", "events_event",
    "legacy_imported_booking", "procrastinate_jobs", "notifications_message",
)  # fmt: skip
MAPS = {"vehicle_map": {"V2": "van-2"}}


def counts(name: str) -> dict[str, int]:
    query = "SELECT count(*) FROM {}"
    return {
        table: proofs.rows(name, sql.SQL(query).format(sql.Identifier(table)).as_string())[0][0] for table in TABLES
    }


@pytest.mark.parametrize("file", ["bookings_v312.csv", "bookings_v312.json"])
def test_every_row_of_an_export_becomes_a_booking_with_its_history_and_nobody_is_mailed(
    firm: Firm, committed_db: str, file: str
) -> None:
    report = firm.take_over(*read_rows(SAMPLES / file), **MAPS)
    assert codes(report, "error") + codes(report, "clash") == []
    assert report.counts() == {
        "rows": 5, "imported": 5, "already_there": 0, "changed": 0, "refused": 0, "errors": 0, "clashes": 0,
        "notices": 1,
    }  # fmt: skip
    assert report.written
    with transaction_for(firm.organization.id):
        found = {
            each.legacy_id: each
            for each in LegacyImportedBooking.objects.select_related("booking").order_by("legacy_id")
        }
        told = {
            key: (each.booking.state, each.booking.version, each.booking.price_amount, each.booking.payment_method)
            for key, each in found.items()
        }
        assert told == {
            "101": ("completed", 2, 9_500, "none"),
            "102": ("no_show", 2, 11_050, "on_site"),
            "103": ("cancelled", 2, 9_500, "none"),
            "104": ("confirmed", 1, 24_000, "none"),
            "105": ("requested", 1, 8_000, "on_site"),
        }
        assert found["101"].row["stripe_payment_intent_id"] == "pi_101"
        assert found["101"].row["driver_rating"] == "5"
        assert occupied(found["101"].booking.id) == ["van-1"]
        assert occupied(found["102"].booking.id) == ["van-2"]
        assert occupied(found["103"].booking.id) == []
        assert occupied(found["104"].booking.id) == ["driver-1", "van-1"]
        assert occupied(found["105"].booking.id) == ["driver-2", "van-2"]
        assert found["101"].booking.starts_at.isoformat() == "2025-06-02T08:00:00+00:00"
        assert found["101"].booking.created_at.isoformat() == "2025-05-01T07:00:00+00:00"
        steps = Transition.objects.filter(booking=found["102"].booking).values_list("action", "from_state", "to_state")
        assert list(steps) == [("import", "", "confirmed"), ("no_show", "confirmed", "no_show")]
        assert set(Event.objects.values_list("kind", flat=True)) == {"booking.imported"}
        note = Note.objects.get(booking=found["104"].booking)
        assert note.text.splitlines() == [
            "pickup_location: CDG Terminal 1", "dropoff_location: Reims", "flight_number: LH1026", "luggage: 2",
            "payment_type: prepaid",
        ]  # fmt: skip
    assert counts(committed_db)["procrastinate_jobs"] == 0
    assert proofs.overlaps(committed_db) == 0
    assert proofs.rows(committed_db, proofs.UNTOLD.replace("%%", "%")) == []


def occupied(booking_id: UUID) -> list[str]:
    found = Allocation.objects.filter(booking=booking_id, active=True).values_list("resource__slug", flat=True)
    return sorted(found)


def test_a_dry_run_tells_the_same_and_writes_nothing(firm: Firm, committed_db: str) -> None:
    rows = read_rows(SAMPLES / "bookings_v312.csv")
    before = counts(committed_db)
    dry = firm.take_over(*rows, dry_run=True, **MAPS)
    assert counts(committed_db) == before
    assert not dry.written
    wet = firm.take_over(*rows, **MAPS)
    assert [(row.line, row.state, row.starts_at, row.resources) for row in dry.rows] == [
        (row.line, row.state, row.starts_at, row.resources) for row in wet.rows
    ]
    assert dry.findings == wet.findings
    assert dry.mapping == wet.mapping == {
        "service_type": {"airport": "transfer", "transfer": "transfer"},
        "status": {
            "cancelled": "cancelled", "completed": "completed", "confirmed": "confirmed", "no_show": "no_show",
            "pending": "requested",
        },
        "vehicle_id": {"V2": "van-2", "van-1": "van-1"},
    }  # fmt: skip


def test_one_bad_row_keeps_the_whole_file_out_and_every_error_is_named_with_its_line(
    firm: Firm, committed_db: str
) -> None:
    before = counts(committed_db)
    report = firm.take_over(*read_rows(SAMPLES / "unfit.csv"))
    assert counts(committed_db) == before
    assert not report.written
    assert sorted((each.line or 0, each.level, each.code) for each in report.findings) == [
        (2, "error", "unknown_service"),
        (3, "error", "no_email"),
        (3, "error", "other_currency"),
        (3, "error", "too_many_decimals"),
        (3, "error", "unknown_status"),
        (3, "error", "unknown_vehicle"),
        (4, "error", "dropoff_before_pickup"),
        (6, "error", "duplicate_id"),
        (7, "clash", "vehicle_taken"),
    ]
    clash = report.findings[-1]
    assert clash.message == "“van-1” is not free: line 5 (id 204) on “van-1”"


def test_a_second_run_writes_nothing_twice_and_names_what_changed_since(firm: Firm, committed_db: str) -> None:
    rows = read_rows(SAMPLES / "bookings_v312.csv")
    first = firm.take_over(*rows, **MAPS)
    before = counts(committed_db)
    again = firm.take_over(*rows, **MAPS)
    assert counts(committed_db) == before
    assert again.counts()["already_there"] == 5
    assert [row.reference for row in again.rows] == [row.reference for row in first.rows]
    rows[0].columns["total_amount"] = "99.00"
    third = firm.take_over(*rows, old_row(90, vehicle_id=""), **MAPS)
    assert third.counts()["changed"] == 1
    assert third.counts()["imported"] == 1
    assert codes(third) == ["changed_since", "occupies_nothing"]
    assert third.findings[0].message.endswith("not written: total_amount")
    with transaction_for(firm.organization.id):
        assert Booking.objects.get(reference=first.rows[0].reference).price_amount == 9_500
        assert Booking.objects.count() == 6


def test_a_connection_that_dies_in_the_middle_leaves_nothing(firm: Firm, committed_db: str) -> None:
    before = counts(committed_db)
    proofs.as_owner(
        committed_db,
        """CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$""",
        """CREATE TRIGGER die BEFORE INSERT ON legacy_imported_booking FOR EACH ROW
        WHEN (NEW.legacy_id = '104') EXECUTE FUNCTION die()""",
    )
    with pytest.raises(DatabaseError):
        firm.take_over(*read_rows(SAMPLES / "bookings_v312.csv"), **MAPS)
    connections.close_all()
    assert counts(committed_db) == before
    proofs.as_owner(committed_db, "DROP TRIGGER die ON legacy_imported_booking")
    assert firm.take_over(*read_rows(SAMPLES / "bookings_v312.csv"), **MAPS).counts()["imported"] == 5


def test_the_database_itself_keeps_a_row_from_being_imported_twice(firm: Firm) -> None:
    firm.take_over(old_row(2))
    with transaction_for(firm.organization.id):
        known = LegacyImportedBooking.objects.get()
    with pytest.raises(DatabaseError, match="legacy_row_imported_once"), transaction_for(firm.organization.id):
        LegacyImportedBooking.objects.create(
            organization=firm.organization,
            source="v312",
            legacy_id="2",
            booking_id=known.booking_id,
            row={},
            imported_at=known.imported_at,
        )


def test_another_organization_imports_the_same_ids_for_itself(firm: Firm) -> None:
    other = make_firm(slug="rival")
    assert firm.take_over(old_row(2)).counts()["imported"] == 1
    assert other.take_over(old_row(2)).counts()["imported"] == 1


def test_an_imported_booking_is_cancelled_on_the_desk_like_any_other(firm: Firm, committed_db: str) -> None:
    report = firm.take_over(to_come(firm))
    with transaction_for(firm.organization.id):
        booking = Booking.objects.get(reference=report.rows[0].reference)
    cancelled = actions.cancel(
        organization=firm.organization, booking_id=booking.id, version=1, actor=Actor("staff", "Sam")
    )
    assert cancelled.state == "cancelled"
    again = factories.make_booking(firm.organization, firm.transfer, booking.starts_at)
    assert again.state == "confirmed"
    proofs.assert_sound(committed_db)


def holdfast(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as an operator runs it: a process of its own, as the application's role."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "holdfast.config.settings",
        "DATABASE_URL": database.url(APP, name),
    }
    return subprocess.run(
        [sys.executable, "-m", "holdfast", "import-v312", *arguments],
        env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_the_command_reports_for_people_and_programs_and_its_exit_code_says_how_it_went(
    firm: Firm, committed_db: str, tmp_path: Path
) -> None:
    before, told = counts(committed_db), tmp_path / "report.json"
    file, to_elite = str(SAMPLES / "bookings_v312.csv"), ("--organization", "elite", "--map", "airport=transfer")
    unmapped = holdfast(committed_db, file, *to_elite, "--report", str(told))
    assert unmapped.returncode == 1, unmapped.stderr
    assert "“V2” is no resource; --map-vehicle V2=slug" in unmapped.stdout
    assert "Nothing was written" in unmapped.stdout
    assert json.loads(told.read_text())["counts"]["errors"] == 1
    dry = holdfast(committed_db, file, *to_elite, "--map-vehicle", "V2=van-2", "--dry-run")
    assert (dry.returncode, counts(committed_db)) == (0, before), dry.stderr
    assert "nothing was written, and nothing stands in the way" in dry.stdout
    wet = holdfast(committed_db, file, *to_elite, "--map-vehicle", "V2=van-2", "--report", str(told))
    assert wet.returncode == 0, wet.stderr
    assert "5 bookings were imported." in wet.stdout
    document = json.loads(told.read_text())
    assert (document["written"], document["counts"]["imported"]) == (True, 5)
    assert "ana@example.com" not in told.read_text()
    assert counts(committed_db)["bookings_booking"] == 5


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "id,status\n1,confirmed\n", "columns are missing: customer_email, service_type"),
        ("a.json", '[{"id": 1},\n {"id": }]', "a.json: line 2: "),
        ("a.json", '{"count": 3}', "no list of bookings"),
        ("a.json", f'[{{"id": {"9" * 5000}}}]', "too many digits"),
        ("a.txt", "", "say --format csv or --format json"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_line(
    firm: Firm, committed_db: str, tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content)
    found = holdfast(committed_db, str(tmp_path / name), "--organization", "elite")
    assert found.returncode == 1
    assert said in found.stderr
    assert "Traceback" not in found.stderr
