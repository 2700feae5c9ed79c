"""Web processes that share a port share its connections."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection

import httpx
import pytest

from holdfast.core.listening_socket import ListeningSocket
from tests.core.processes import wait_until

# Answers with the number of its process, served by the class named.
SERVER = """
import os, sys
import uvicorn
from holdfast.config.fair_server import FairServer
from holdfast.core.listening_socket import inherited

async def application(scope, receive, send):
    if scope["type"] == "http":
        body = str(os.getpid()).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

config = uvicorn.Config(application, lifespan="off", log_level="warning")
kind = {"fair": FairServer, "plain": uvicorn.Server}[sys.argv[2]]
print("up", flush=True)
kind(config).run(sockets=[inherited(int(sys.argv[1]))])
"""


@contextmanager
def two_servers(kind: str) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    with ListeningSocket(port=0) as listening, ExitStack() as ended:
        command = [sys.executable, "-c", SERVER, str(listening.fd), kind]
        servers = []
        for _ in range(2):
            server = subprocess.Popen(command, pass_fds=(listening.fd,), stdout=subprocess.PIPE, text=True)
            ended.callback(server.communicate)
            ended.callback(server.terminate)
            servers.append(server)
        for server in servers:
            assert server.stdout is not None
            assert server.stdout.readline() == "up\n"
        yield f"http://127.0.0.1:{listening.port}", servers


def connections_of_each(url: str, how_many: int) -> Counter[str]:
    """So many connections, opened all at once and kept; how many of them each process has."""
    with ExitStack() as opened:
        clients = [HTTPConnection(url.removeprefix("http://"), timeout=10) for _ in range(how_many)]
        for client in clients:
            opened.callback(client.close)
            client.connect()
        for client in clients:
            client.request("GET", "/")
        return Counter(client.getresponse().read().decode() for client in clients)


def test_kept_connections_are_shared_by_the_processes() -> None:
    with two_servers("fair") as (url, servers):
        wait_until(lambda: len(connections_of_each(url, 8)) == 2)  # both are up
        shares = connections_of_each(url, 32)
    assert set(shares) == {str(server.pid) for server in servers}
    assert min(shares.values()) >= 32 // 4, "the plain server nearly always gives all 32 to one"


@pytest.mark.parametrize("kind", ["fair", "plain"])
def test_a_process_that_stops_leaves_its_connections_to_the_other(kind: str) -> None:
    """With uvicorn's own server too: what ours changes is only who accepts."""
    with two_servers(kind) as (url, servers):
        httpx.get(url)
        servers[0].terminate()
        servers[0].wait(10)
        answers = connections_of_each(url, 8)
    assert answers == {str(servers[1].pid): 8}
