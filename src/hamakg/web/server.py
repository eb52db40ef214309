"""The process that serves: uvicorn, whose event loop hands jobs to the engine's processes.

Chosen by measuring: granian ends an answer that breaks off, under WSGI and RSGI, as if it were whole, and its threads
cost more than they save where other processes do the work; gunicorn's threads carry half as many small requests.
"""

import asyncio
import os
import signal
import socket
from asyncio import Transport
from typing import Any

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hamakg.errors import HamakgError
from hamakg.store import VersionedStore
from hamakg.web.service import Settings
from hamakg.web.site import Site

MAX_HEAD_BYTES = 512 * 1024
HEAD_SECONDS = 10
_KEEP_ALIVE_SECONDS = 30
_BACKLOG = 4096
_DRAIN_SECONDS = 5
_TICKS_A_SECOND = 10


class _Bounded(HttpToolsProtocol):
    """HTTP/1.1 that knows how much of a request's head has come, and since when."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._head_bytes = 0
        self.head_since: float | None = self.loop.time()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.head_since is not None:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self.transport.close()

    def on_message_begin(self) -> None:
        self._head_bytes, self.head_since = 0, self.loop.time()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.head_since = None
        super().on_headers_complete()


class _Server(uvicorn.Server):
    """Says where it listens, once it does; closes connections on which a request's head does not come in time."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        addresses = " and ".join(_address(listening) for listening in sockets or ())
        print(f"Serving on {addresses} (Ctrl-C stops)", flush=True)

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_A_SECOND == 0:
            late = asyncio.get_running_loop().time() - HEAD_SECONDS
            for connection in list(self.server_state.connections):
                if isinstance(connection, _Bounded) and connection.head_since and connection.head_since < late:
                    connection.transport.close()
        return await super().on_tick(counter)


def serve(store: VersionedStore, host: str, port: int, settings: Settings) -> None:
    """Serves the store until the process is told to stop; then lets end what is being answered, and returns.

    Raises HamakgError if there is no store to read, or the address cannot be listened on; KeyboardInterrupt for Ctrl-C.
    """
    store.snapshot()
    store.close()
    config = uvicorn.Config(
        Site(store.path, settings),
        http=_Bounded,
        ws="none",
        lifespan="on",
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(settings.limits.timeout) + _DRAIN_SECONDS,
    )
    listening = _listen(host, port)
    signal.signal(signal.SIGTERM, _stopped)  # for the moments in which the server does not listen to it
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_Server(config).serve(sockets=listening))


def _stopped(*_: Any) -> None:
    """The server has ended in order."""


def _listen(host: str, port: int) -> list[socket.socket]:
    """A socket for each address that the host stands for; of port 0, the same free one."""
    listening = list[socket.socket]()
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _, _, _, address in dict.fromkeys(found):
            chosen = listening[0].getsockname()[1] if listening else port
            listening.append(socket.create_server((address[0], chosen), family=family, backlog=_BACKLOG))
    except OSError as error:
        number = error.errno or 0  # below it, of a host that nobody knows
        reason = os.strerror(number) if number > 0 else error.strerror
        raise HamakgError(f"cannot listen on {host} port {port}: {reason}; choose another --host or --port") from error
    return listening


def _address(listening: socket.socket) -> str:
    address, port = listening.getsockname()[:2]
    return f"http://{f'[{address}]' if ':' in address else address}:{port}/"
