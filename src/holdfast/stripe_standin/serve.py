"""Run the stand-in: as a process of its own (`holdfast stripe-standin`), or in a thread of a test."""

import os
import socket
import threading
import time
from types import TracebackType
from typing import Self

import uvicorn

from holdfast.core.listening_socket import ListeningSocket, inherited
from holdfast.stripe_standin.app import Standin


def _config(standin: Standin) -> uvicorn.Config:
    # Without proxy headers nothing wraps uvicorn's `send`, which faults need (app.py:_spoiled).
    return uvicorn.Config(
        standin, log_level="warning", access_log=False, proxy_headers=False, timeout_graceful_shutdown=1
    )


def _of(listening: ListeningSocket) -> socket.socket:
    """A descriptor of its own: uvicorn closes what it is given."""
    return inherited(os.dup(listening.fd))


def run_on(fd: int, *, path: str) -> None:
    """Serve on an inherited listening socket until SIGTERM or SIGINT."""
    listening = inherited(fd)
    host, port = listening.getsockname()[:2]
    uvicorn.Server(_config(Standin(path, base=f"http://{host}:{port}"))).run(sockets=[listening])


def run(*, host: str, port: int, path: str) -> None:
    """Serve until SIGTERM or SIGINT; `path` is the SQLite file, or `:memory:`."""
    with ListeningSocket(host, port) as listening:
        standin = Standin(path, base=f"http://{host}:{listening.port}")
        uvicorn.Server(_config(standin)).run(sockets=[_of(listening)])


class InThread:
    """A stand-in on a port the system chooses, while the block runs."""

    def __init__(self) -> None:
        self._listening = ListeningSocket("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._listening.port}"
        self.standin = Standin(base=self.url)
        self._server = uvicorn.Server(_config(self.standin))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [_of(self._listening)]}, name="stripe-standin", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._listening.close()
