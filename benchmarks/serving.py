"""Servers to measure: the product as `holdfast serve` runs it, and bare ASGI applications under the same uvicorn."""

import http.client
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from benchmarks.load import HOST
from holdfast.core.listening_socket import ListeningSocket

START_SECONDS = 60.0
STOP_SECONDS = 15.0


@contextmanager
def holdfast(environment: Mapping[str, str], *, ready: str) -> Iterator[int]:
    """`holdfast serve` without workers, on a free port, which is yielded once `ready` (a path) is answered."""
    command = [sys.executable, "-m", "holdfast", "serve", "--port", "0", "--workers", "0"]
    server = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        found = re.search(r"listens on \S+:(\d+)", server.stdout.readline())
        if found is None:
            raise RuntimeError("holdfast serve did not say where it listens")
        port = int(found[1])
        wait_for(port, ready)
        yield port
    finally:
        stop(server)


@contextmanager
def asgi(application: str, environment: Mapping[str, str]) -> Iterator[int]:
    """One uvicorn process with `application` ("module:name") on a free port, which is yielded once it answers."""
    with ListeningSocket(HOST, 0) as listening:
        command = [
            *(sys.executable, "-m", "benchmarks.bare", application, str(listening.fd)),
        ]
        server = subprocess.Popen(command, env={**os.environ, **environment}, pass_fds=(listening.fd,))
        try:
            wait_for(listening.port, "/")
            yield listening.port
        finally:
            stop(server)


def fetch(port: int, path: str) -> bytes:
    """The body of a 200. Raises OSError for everything else."""
    with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=30) as answer:
        body: bytes = answer.read()
    return body


def wait_for_memory(port: int, path: str) -> None:
    """Until every process answers from memory: each is asked on connections of its own."""
    ready = 0
    while ready < 40:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        ready = ready + 1 if answer.headers["Event-Id"] else 0


def wait_for(port: int, path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            fetch(port, path)
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def stop(server: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
