"""uvicorn that shares a listening socket fairly: whoever serves fewer connections accepts the next one.

Processes that wait at one socket are woken by the kernel in a fixed order, so that the first one took every connection
of a keep-alive client or proxy while the others slept: 161 bookings/s where two processes give 267.
"""

import asyncio
import logging
import socket
from collections.abc import Callable
from functools import partial

import uvicorn

from holdfast.live.streams import leaving

# How long a process lets others go first, times the number of binary digits of how many connections it has.
COURTESY_SECONDS = 0.0005
# How long it lets the machine recover when it cannot accept at all.
PAUSE_SECONDS = 1.0
# How long streams may take to say goodbye, before uvicorn cuts the WebSockets off.
GOODBYE_SECONDS = 0.1

logger = logging.getLogger(__name__)


class FairServer(uvicorn.Server):
    """Accepts on inherited sockets by itself; the protocol, its state and stopping are uvicorn's."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        self._accepting: set[asyncio.Task[None]] = set()
        for listening in sockets or []:
            listening.setblocking(False)
            self._watch(listening)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """What was not accepted yet stays in the queue for the next process; streams are told to end."""
        loop = asyncio.get_running_loop()
        for listening in sockets or []:
            loop.remove_reader(listening)
        await asyncio.gather(*self._accepting)
        leaving.announce()
        await asyncio.sleep(GOODBYE_SECONDS)
        await super().shutdown(sockets)

    def _watch(self, listening: socket.socket) -> None:
        if not self.should_exit:
            asyncio.get_running_loop().add_reader(listening, self._be_polite, listening)

    def _be_polite(self, listening: socket.socket) -> None:
        """Somebody is waiting to be accepted. Look again when those who have less to do have had their turn."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(listening)
        courtesy = COURTESY_SECONDS * len(self.server_state.connections).bit_length()
        loop.call_later(courtesy, self._accept, listening)

    def _accept(self, listening: socket.socket) -> None:
        if self.should_exit:
            return
        try:
            connection, _address = listening.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another process was faster, or the client has left
            self._watch(listening)
            return
        except OSError:  # too many open files, most likely
            logger.exception("no connection can be accepted")
            asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._watch, listening)
            return
        task = asyncio.get_running_loop().create_task(self._serve_connection(connection, listening))
        self._accepting.add(task)
        task.add_done_callback(self._accepting.discard)

    async def _serve_connection(self, connection: socket.socket, listening: socket.socket) -> None:
        connection.setblocking(False)
        # As uvicorn's own `startup` makes it.
        protocol: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        made = partial(protocol, config=self.config, server_state=self.server_state, app_state=self.lifespan.state)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(made, connection)
        except OSError:  # the client has left
            connection.close()
        finally:
            self._watch(listening)  # from now on this connection counts
