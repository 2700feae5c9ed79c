"""The processes of a running Holdfast: web (with `live/` in front) and worker, under one supervisor."""

import os
import resource
import subprocess
import sys
from collections.abc import Sequence

import uvicorn

from holdfast.config.fair_server import FairServer
from holdfast.config.protocols import HttpProtocol, WebSocketProtocol
from holdfast.core.embedded_postgres import EmbeddedPostgres
from holdfast.core.listening_socket import ListeningSocket, inherited
from holdfast.core.supervisor import ChildSpec, Supervisor

GRACEFUL_SECONDS = 5
# Listeners are sockets, and a socket is a file.
MOST_FILES = 65_536
# What a listener may say at once: nothing of it is read.
MOST_SAID = 4_096


def run_web_process(fd: int) -> None:
    """Serve on an inherited listening socket until SIGTERM; requests under way are finished."""
    _allow_files()
    config = uvicorn.Config(
        "holdfast.config.asgi:application",
        http=HttpProtocol,
        ws=WebSocketProtocol,
        ws_max_size=MOST_SAID,
        ws_per_message_deflate=False,  # small messages, and each connection would have buffers of its own
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # uvicorn's trusts hosts; ours counts them (config/behind_proxies.py)
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )
    # Not `fd=fd`: uvicorn takes that for a Unix socket, which leaves TCP_NODELAY off, and an answer in two pieces then
    # waits 40 ms for the reader's delayed acknowledgement.
    FairServer(config).run(sockets=[inherited(fd)])


def supervise(
    *,
    listening: ListeningSocket,
    web_processes: int,
    workers: int,
    postgres: EmbeddedPostgres | None,
    beside: Sequence[ChildSpec] = (),
) -> int:
    """Run until told to stop; whatever dies is started again. Returns the exit code.

    `beside`: other programs that the house is asked to keep alive; they start first and stop last.
    """
    command = (sys.executable, "-m", "holdfast")
    web = [
        ChildSpec(f"web-{number}", (*command, "web", "--fd", str(listening.fd)), pass_fds=(listening.fd,))
        for number in range(1, web_processes + 1)
    ]
    jobs = [ChildSpec("worker", (*command, "worker"))] * workers
    return Supervisor([*beside, *web, *jobs], postgres=postgres).run()


def _allow_files() -> None:
    """As many open files as the machine allows this process, up to what we could use."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def migrate() -> None:
    """Bring the database up to date in a process of its own, which works as the owner."""
    run("migrate", "--quiet")


def run(*arguments: str) -> None:
    """Run a holdfast command to its end. Raises SystemExit when it fails; it has said why itself."""
    done = subprocess.run([sys.executable, "-m", "holdfast", *arguments], check=False)
    if done.returncode != 0:
        raise SystemExit(done.returncode)


def web_processes_wanted(given: int | None) -> int:
    """One for each core, two at least so that a restart is never felt, eight at most."""
    return given or max(2, min(8, os.cpu_count() or 1))
