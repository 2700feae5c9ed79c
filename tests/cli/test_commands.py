"""The command line, run as an operator runs it: in a process of its own, on a database named by DATABASE_URL."""

import logging
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from django.db import OperationalError

from holdfast.cli import main
from holdfast.config.log import DatabaseGoneInALine
from holdfast.core.embedded_postgres import APP, OWNER, SUPERUSER
from tests import database

COMMANDS = (
    "demo",
    "serve",
    "worker",
    "migrate",
    "createorganization",
    "createstaff",
    "doctor",
    "import-v312",
    "import-rates",
)


def holdfast(*arguments: str, role: str = APP, name: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "DJANGO_SETTINGS_MODULE": "holdfast.config.settings", **environment}
    if name:
        given |= {"DATABASE_URL": database.url(role, name), "DATABASE_OWNER_URL": database.url(OWNER, name)}
    return subprocess.run(
        [sys.executable, "-m", "holdfast", *arguments],
        env=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def create(name: str) -> subprocess.CompletedProcess[str]:
    options = "--slug=atelier --name=Atelier --email=a@example.com --time-zone=Europe/Paris --currency=EUR --country=FR"
    return holdfast("createorganization", *options.split(), "--languages=fr,en", name=name)


def test_every_command_says_what_it_does() -> None:
    overview = CliRunner().invoke(main, ["--help"])
    for command in COMMANDS:
        assert f"  {command} " in overview.output
        said = CliRunner().invoke(main, [command, "--help"])
        assert said.exit_code == 0
        assert said.output.startswith("Usage:")


def test_an_organization_and_its_owner_are_made_and_a_second_one_of_the_name_is_refused(committed_db: str) -> None:
    made = create(committed_db)
    assert made.returncode == 0, made.stderr
    again = create(committed_db)
    assert again.returncode == 1
    assert "Traceback" not in again.stderr
    assert "slug" in again.stderr
    person = ("--email=o@example.com", "--name=O", "--role=owner", "--password=a long enough one")
    assert holdfast("createstaff", "atelier", *person, name=committed_db).returncode == 0
    stranger = holdfast("createstaff", "nobody", *person, name=committed_db)
    assert stranger.returncode == 1
    assert "There is no organization" in stranger.stderr


def test_exchange_rates_are_imported_and_any_other_file_is_refused(committed_db: str, tmp_path: Path) -> None:
    given, other = tmp_path / "eurofxref-hist.xml", tmp_path / "other.xml"
    given.write_text('<Cube><Cube time="2026-03-12"><Cube currency="USD" rate="1.0876"/></Cube></Cube>')
    other.write_text("<html/>")
    said = holdfast("import-rates", str(given), name=committed_db)
    assert (said.returncode, said.stdout.strip()) == (0, "1 rate of 2026-03-12.")
    refused = holdfast("import-rates", str(other), name=committed_db)
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    assert "other.xml: there is no day with rates in it" in refused.stderr


def test_the_doctor_refuses_a_role_that_bypasses_row_security(committed_db: str) -> None:
    found = holdfast("doctor", role=SUPERUSER, name=committed_db)
    assert found.returncode == 1
    assert f"role: {SUPERUSER} is a superuser: nothing keeps organizations apart" in found.stdout
    assert "→ Make a plain role" in found.stdout


def test_the_doctor_finds_what_is_well_and_says_what_to_do_about_the_rest(committed_db: str) -> None:
    found = holdfast("doctor", name=committed_db, HOLDFAST_SMTP_PORT="9", HOLDFAST_BASE_URL="http://127.0.0.1:9")
    for well in ("database: PostgreSQL", "extensions: btree_gist", "row security: forced", "migrations: all applied"):
        assert f"  well  {well}" in found.stdout, found.stdout
    assert f"  well  role: {APP}" in found.stdout
    assert "ILL  worker: none has reported yet" in found.stdout
    assert "→ Start one: holdfast worker" in found.stdout
    assert "ILL  mail: localhost:9" in found.stdout
    assert "weak  base URL: http://127.0.0.1:9" in found.stdout
    assert found.returncode == 1


def test_a_database_that_does_not_answer_is_said_plainly(tmp_path: Path) -> None:
    found = holdfast("doctor", DATABASE_URL=f"postgresql://x@/x?host={tmp_path}")
    assert found.returncode == 1
    assert "ILL  database: no answer" in found.stdout
    assert "Traceback" not in found.stdout + found.stderr


def test_commands_that_need_a_database_say_plainly_that_it_does_not_answer(tmp_path: Path) -> None:
    away = f"postgresql://x@/x?host={tmp_path}"
    for command in (
        ["migrate"],
        ["createstaff", "x", "--email=a@b.example", "--name=A", "--role=owner", "--password=x"],
    ):
        failed = holdfast(*command, DATABASE_URL=away, DATABASE_OWNER_URL=away)
        assert failed.returncode == 1
        assert failed.stderr.startswith("Error: The database does not answer: ")
        assert "Traceback" not in failed.stderr


def test_a_file_where_the_data_directory_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failed = holdfast("migrate", DATABASE_URL="", HOLDFAST_DATA_DIR=str(tmp_path / "file"))
    assert failed.returncode == 1
    assert "a file is in the way" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_with_a_database_url_nothing_embedded_is_started(committed_db: str, tmp_path: Path) -> None:
    holdfast("doctor", name=committed_db, HOLDFAST_DATA_DIR=str(tmp_path))
    assert not (tmp_path / "database").exists()


def test_the_worker_reports_itself_and_stops_when_nothing_is_due(committed_db: str) -> None:
    done = holdfast("worker", "--until-idle", name=committed_db)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("HOLDFAST_DEMO", "perhaps"), ("HOLDFAST_SMTP_PORT", "smtp"), ("HOLDFAST_SECRET_KEY", "short")]
)
def test_a_setting_that_cannot_be_used_is_named(committed_db: str, name: str, value: str) -> None:
    said = holdfast("doctor", name=committed_db, **{name: value})
    assert said.returncode == 1
    assert name in said.stderr
    assert "Traceback" not in said.stderr


def test_a_port_that_cannot_be_is_refused_instead_of_another_one_taken() -> None:
    for command in ("demo", "serve"):
        refused = CliRunner().invoke(main, [command, "--port", "99999"])
        assert refused.exit_code == 2
        assert "99999 is not in the range" in refused.output


def test_an_address_of_a_database_that_cannot_be_read_is_not_repeated_with_its_password(tmp_path: Path) -> None:
    refused = holdfast("doctor", DATABASE_URL="mysql://holdfast:secret-word@host/x", HOLDFAST_DATA_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert refused.stderr.strip() == "DATABASE_URL cannot be read; use postgresql://role:password@host/database."


def test_before_the_first_migration_the_doctor_says_to_migrate(committed_db: str) -> None:
    found = holdfast("doctor", DATABASE_URL=database.url(OWNER, "postgres"))
    rooms = [f"{what}: there are no tables yet" for what in ("row security", "worker", "limits")]
    for what in (*rooms, "migrations: "):
        assert f"   ILL  {what}" in found.stdout, found.stdout
    assert found.stdout.count("→ Run: holdfast migrate") == 4


def test_a_base_url_that_is_none_or_leads_to_another_program_is_said(committed_db: str) -> None:
    nonsense = holdfast("doctor", name=committed_db, HOLDFAST_BASE_URL="book.example.com")
    assert "   ILL  base URL: book.example.com is no address" in nonsense.stdout
    with socket.create_server(("127.0.0.1", 0)) as other:
        threading.Thread(target=_answer_nonsense, args=(other,), daemon=True).start()
        strange = holdfast("doctor", name=committed_db, HOLDFAST_BASE_URL=f"http://127.0.0.1:{other.getsockname()[1]}")
    assert "  weak  base URL: http://127.0.0.1" in strange.stdout


def _answer_nonsense(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"SSH-2.0-something\r\n")


def test_a_database_that_is_away_takes_one_line_of_the_log_and_every_other_error_keeps_its_traceback() -> None:
    away = OperationalError("connection failed: refused\nIs the server running?")
    broken = ValueError("a mistake of ours")
    deadlock = OperationalError("deadlock detected")
    deadlock.__cause__ = psycopg.errors.DeadlockDetected("deadlock detected")
    said = []
    for error in (away, broken, deadlock):
        info = (type(error), error, None)
        record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Unavailable: %s", ("/nova/",), info)
        assert DatabaseGoneInALine().filter(record)
        said.append((record.getMessage(), record.exc_info is None))
    assert said == [
        ("Unavailable: /nova/: connection failed: refused", True),
        ("Unavailable: /nova/", False),
        ("Unavailable: /nova/", False),
    ]
