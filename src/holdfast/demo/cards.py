"""The demo's card company: a stand-in for Stripe, as a process of its own on this machine, where no money moves."""

import base64
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from holdfast.core.child_process import start_child
from holdfast.core.listening_socket import ListeningSocket, PortUnavailableError
from holdfast.core.supervisor import ChildSpec

# Always the same where it is free, so that pages of before a restart still work.
PORT = 12111
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class CardCompany:
    """`file`: where it remembers everything. Its socket is held here, so that it may die and be started again."""

    listening: ListeningSocket
    file: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listening.port}"

    @property
    def child(self) -> ChildSpec:
        command = (sys.executable, "-m", "holdfast", "stripe-standin", "--file", str(self.file))
        return ChildSpec("cards", (*command, "--fd", str(self.listening.fd)), pass_fds=(self.listening.fd,))

    def announce(self) -> None:
        """Before the settings are read: this is where cards are charged, and what pages may show."""
        os.environ["HOLDFAST_STRIPE_API_URL"] = os.environ["HOLDFAST_STRIPE_CHECKOUT_URL"] = self.url
        os.environ["HOLDFAST_STRIPE_SCRIPT_URL"] = f"{self.url}/v3/"
        os.environ["HOLDFAST_STRIPE_FRAME_URLS"] = ","

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the demo is prepared; afterwards the supervisor keeps it alive."""
        spec = self.child
        process = start_child(
            spec.argv, on_parent_death=signal.SIGKILL, env=os.environ, output=DEVNULL, pass_fds=spec.pass_fds
        )
        try:
            self._wait()
            yield
        finally:
            process.terminate()
            process.wait()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.ask("GET", "/v1/account", "sk_test_0000000000")
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return

    def ask(self, method: str, path: str, key: str) -> dict[str, Any]:
        """What no booking asks for, so the gateway has no word for it: webhook endpoints that are there already."""
        connection = HTTPConnection("127.0.0.1", self.listening.port, timeout=PATIENCE_SECONDS)
        try:
            secret = base64.b64encode(f"{key}:".encode()).decode()
            connection.request(method, path, headers={"Authorization": f"Basic {secret}"})
            told: dict[str, Any] = json.loads(connection.getresponse().read())
            return told
        finally:
            connection.close()


@contextmanager
def card_company(data_dir: Path) -> Iterator[CardCompany | None]:
    """None where the environment names a card company: then that is used, and nobody is connected to it."""
    if os.environ.get("HOLDFAST_STRIPE_API_URL"):
        yield None
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with _listening() as listening:
        yield CardCompany(listening, data_dir / "demo-cards.sqlite3")


def _listening() -> ListeningSocket:
    try:
        return ListeningSocket("127.0.0.1", PORT)
    except PortUnavailableError:
        return ListeningSocket("127.0.0.1", 0)
