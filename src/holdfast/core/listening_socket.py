"""The public port, held by the supervisor: while a web child is replaced, new connections wait instead of failing."""

import errno
import socket
from types import TracebackType
from typing import Self

BACKLOG = 2048  # connections that may wait for a child (the kernel's somaxconn may lower it)


class PortUnavailableError(RuntimeError):
    """The address cannot be listened on; the message says what to do."""


class ListeningSocket:
    """A TCP socket that listens from now on; children get it by `pass_fds=(listening.fd,)` and accept on it."""

    def __init__(self, host: str = "127.0.0.1", port: int = 8000) -> None:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        except socket.gaierror as unknown:
            raise PortUnavailableError(f"{host!r} is no address of this machine: {unknown.strerror}") from unknown
        self._socket = socket.socket(family, kind, protocol)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind(address)
            self._socket.listen(BACKLOG)
        except OSError as refusal:
            self._socket.close()
            raise PortUnavailableError(_explain(refusal, host, port)) from refusal

    @property
    def fd(self) -> int:
        return self._socket.fileno()

    @property
    def host(self) -> str:
        return str(self._socket.getsockname()[0])

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def inherited(fd: int) -> socket.socket:
    """In the child: the parent's listening socket as an object (its family and kind are read from the descriptor)."""
    return socket.socket(fileno=fd)


def _explain(refusal: OSError, host: str, port: int) -> str:
    if refusal.errno == errno.EADDRINUSE:
        return f"port {port} is in use. {_another(port + 1)}"
    if refusal.errno == errno.EACCES:
        return f"port {port} is kept for root. {_another(port + 8000)}"
    if refusal.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine"
    return f"cannot listen on {host}:{port}: {refusal.strerror}"


def _another(port: int) -> str:
    return f"Another one: make demo PORT={port}, or --port {port}"
