"""The supervisor keeps children and database alive, ends them together, and leaves nothing behind."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from holdfast.core.embedded_postgres import EmbeddedPostgres
from holdfast.core.listening_socket import ListeningSocket, PortUnavailableError
from holdfast.core.supervisor import Backoff
from tests.core.processes import gone, wait_until

SOON = 3.0  # seconds: 0.3 on an idle machine, but tests share theirs

# A web child in miniature: answers each connection with its process number.
WEB = """
import os, sys
from holdfast.core.listening_socket import inherited
listening = inherited(int(sys.argv[1]))
while True:
    client, _ = listening.accept()
    client.sendall(str(os.getpid()).encode())
    client.close()
"""
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)
POLITE = """
import signal, sys, time
def end(*_):
    print(sys.argv[1], 'ends', flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print(sys.argv[1], 'runs', flush=True)
time.sleep(60)
"""


class Running:
    """A supervising process and all it has printed so far."""

    def __init__(self, program: str) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed in end())
        prelude = (
            "import sys\nfrom pathlib import Path\nfrom holdfast.core.embedded_postgres import EmbeddedPostgres\n"
            "from holdfast.core.listening_socket import ListeningSocket\n"
            "from holdfast.core.supervisor import ChildSpec, Supervisor\n"
            f"WEB, STUBBORN, POLITE = {WEB!r}, {STUBBORN!r}, {POLITE!r}\n"
            "def python(name, code, *arguments, **more):\n"
            "    return ChildSpec(name, [sys.executable, '-c', code, *map(str, arguments)], **more)\n"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", prelude + textwrap.dedent(program)],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    @property
    def printed(self) -> str:
        return os.pread(self._log.fileno(), 1_000_000, 0).decode()

    def await_line(self, pattern: str, *, count: int = 1) -> re.Match[str]:
        wait_until(lambda: len(re.findall(pattern, self.printed)) >= count, what=lambda: f"{pattern}: {self.printed}")
        return list(re.finditer(pattern, self.printed))[count - 1]

    def exit_code(self, seconds: float = 10.0) -> int:
        return self.process.wait(seconds)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._log.close()


@contextlib.contextmanager
def supervising(program: str) -> Iterator[Running]:
    running = Running(program)
    try:
        yield running
    finally:
        running.end()


def ask_web(port: int) -> int:
    """The web child's process number; a connection may wait for a new child but is never refused."""
    while True:
        connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        with connection, contextlib.suppress(ConnectionResetError):  # reset: the child that had it was just killed
            if answer := connection.recv(20):
                return int(answer)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="holdfast-test-", dir="/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


TWO_POLITE = "sys.exit(Supervisor([python('web', POLITE, 'web'), python('worker', POLITE, 'worker')]).run())"


def test_lines_carry_the_name_of_their_child_and_no_colour_in_a_file() -> None:
    with supervising(TWO_POLITE) as running:
        running.await_line(r"(?m)^web      │ web runs$")
        running.await_line(r"(?m)^worker   │ worker runs$")
        assert "\x1b" not in running.printed


@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_all_children_last_started_first_with_exit_code_0(request_to_stop: signal.Signals) -> None:
    with supervising(TWO_POLITE) as running:
        running.await_line("web runs")
        running.await_line("worker runs")

        running.process.send_signal(request_to_stop)

        assert running.exit_code() == 0
        assert re.findall(r"(\w+) ends", running.printed) == ["worker", "web"]


def test_a_killed_child_is_back_at_once() -> None:
    program = "Supervisor([python('web', 'import os, time; print(os.getpid()); time.sleep(60)')]).run()"
    with supervising(program) as running:
        first = int(running.await_line(r"│ (\d+)\n")[1])
        began = time.monotonic()

        os.kill(first, signal.SIGKILL)

        running.await_line("ended by SIGKILL; starting again in 0.1 s")
        running.await_line(r"│ (\d+)\n", count=2)
        assert time.monotonic() - began < SOON


def test_killing_web_children_refuses_no_connection() -> None:
    program = """
        listening = ListeningSocket(port=0)
        print('port', listening.port, flush=True)
        Supervisor([python('web', WEB, listening.fd, pass_fds=(listening.fd,))]).run()
    """
    with supervising(program) as running:
        port = int(running.await_line(r"port (\d+)\n")[1])
        seen = [ask_web(port)]
        for _ in range(3):
            os.kill(seen[-1], signal.SIGKILL)
            seen.append(ask_web(port))
        assert len(set(seen)) == 4


def test_what_a_dead_child_had_started_does_not_go_on_without_it() -> None:
    code = (
        "import os, subprocess, time; c = subprocess.Popen(['sleep', '60']); print(os.getpid(), c.pid); time.sleep(60)"
    )
    with supervising(f"Supervisor([python('web', {code!r})]).run()") as running:
        child, grandchild = (int(number) for number in running.await_line(r"│ (\d+) (\d+)\n").groups())

        os.kill(child, signal.SIGKILL)

        wait_until(lambda: gone(grandchild))


def test_a_child_that_does_not_listen_is_killed_after_the_timeout() -> None:
    with supervising("sys.exit(Supervisor([python('web', STUBBORN)], stop_timeout=0.5).run())") as running:
        running.await_line("deaf")
        began = time.monotonic()

        running.process.send_signal(signal.SIGINT)

        assert running.exit_code() == 0
        assert 0.5 <= time.monotonic() - began < 3.0


def test_a_second_ctrl_c_is_quicker_and_a_third_immediate() -> None:
    three = (
        "sys.exit(Supervisor([python(name, STUBBORN) for name in ('web', 'live', 'worker')], stop_timeout=60).run())"
    )
    with supervising(three) as running:
        running.await_line("deaf", count=3)
        running.process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        assert running.process.poll() is None
        running.process.send_signal(signal.SIGINT)
        assert running.exit_code(6) == 0
    with supervising(three) as running:
        running.await_line("deaf", count=3)
        began = time.monotonic()
        for _ in range(3):
            running.process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        assert running.exit_code() == 0
        assert time.monotonic() - began < 1.5


def test_killing_the_supervisor_leaves_nothing(data_dir: Path) -> None:
    program = f"""
        postgres = EmbeddedPostgres(Path({str(data_dir / "data")!r}))
        postgres.start()
        print('postmaster', postgres.pid, flush=True)
        deaf = "import os; print('child', os.getpid(), flush=True); " + STUBBORN
        Supervisor([python('web', deaf), python('worker', deaf)], postgres=postgres).run()
    """
    with supervising(program) as running:
        postmaster = int(running.await_line(r"postmaster (\d+)")[1])
        children = [int(running.await_line(r"child (\d+)", count=count)[1]) for count in (1, 2)]
        running.await_line("deaf", count=2)

        running.process.kill()

        wait_until(lambda: all(gone(pid) for pid in (postmaster, *children)))


def test_a_killed_postmaster_is_back_at_once_and_ends_with_the_rest(data_dir: Path) -> None:
    program = f"""
        postgres = EmbeddedPostgres(Path({str(data_dir / "data")!r}))
        postgres.start()
        print('url', postgres.owner_url, postgres.pid, flush=True)
        sys.exit(Supervisor([python('web', POLITE, 'web')], postgres=postgres).run())
    """
    with supervising(program) as running:
        url, postmaster = running.await_line(r"url (\S+) (\d+)\n").groups()
        running.await_line("web runs")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        began = time.monotonic()

        os.kill(int(postmaster), signal.SIGKILL)

        running.await_line(r"postgres │ is back after [\d.]+ s")
        assert time.monotonic() - began < SOON
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)

        running.process.send_signal(signal.SIGINT)
        assert running.exit_code() == 0
    assert not EmbeddedPostgres(data_dir / "data").is_running
    log = (data_dir / "data" / "postgres.log").read_text()
    assert "database system is shut down" in log.splitlines()[-1]


def test_a_supervisor_attached_to_anothers_database_leaves_it_running(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir / "data") as postgres:
        program = f"""
            with EmbeddedPostgres(Path({str(data_dir / "data")!r})).attach_or_start() as postgres:
                sys.exit(Supervisor([python('web', POLITE, 'web')], postgres=postgres).run())
        """
        with supervising(program) as running:
            running.await_line("web runs")
            running.process.send_signal(signal.SIGINT)
            assert running.exit_code() == 0
        assert postgres.is_running


def test_a_program_that_is_not_there_is_named_and_tried_again() -> None:
    with supervising("Supervisor([ChildSpec('web', ['/no/such/program'])]).run()") as running:
        running.await_line(r"web      │ cannot be started \(.*'/no/such/program'\); trying again in 0\.2 s")


def test_waiting_grows_while_a_child_keeps_dying_young_and_is_forgotten_when_it_lives() -> None:
    backoff = Backoff()
    assert [backoff.next_delay(lived=0.1) for _ in range(9)] == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]
    assert backoff.next_delay(lived=60.0) == 0.1


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with ListeningSocket(port=0) as taken:
        with pytest.raises(PortUnavailableError) as refusal:
            ListeningSocket(port=taken.port)
        other = taken.port + 1
        wanted = f"port {taken.port} is in use. Another one: make demo PORT={other}, or --port {other}"
        assert str(refusal.value) == wanted
