"""The server process: uvicorn, with an event loop that passes jobs to the engine's workers.

Other servers were measured. Granian ends an answer that breaks off as if it were whole, under WSGI and RSGI, and its
threads cost more than they save when other processes do the work. Gunicorn's threads serve half as many small requests.
"""

import asyncio
import os
import signal
import socket
from asyncio import Transport
from types import FrameType
from typing import Any

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hamakg.errors import HamakgError
from hamakg.log import log_in_background
from hamakg.store import VersionedStore
from hamakg.web.service import Settings
from hamakg.web.site import Site

MAX_HEAD_BYTES = 512 * 1024
"""The largest request line and headers."""

HEAD_SECONDS = 10
"""How long they may take to arrive."""

_LATE_BYTES = 32 * 1024 * 1024
_LATE_SECONDS = 5
"""How much of a body, and for how long, is thrown away after the answer was sent, so that clients that first send all
of it can read the answer (https://www.rfc-editor.org/rfc/rfc9112#section-9.6)."""

_KEEP_ALIVE_SECONDS = 30
_BACKLOG = 4096
_DRAIN_SECONDS = 5
_CLOSE_SECONDS = 10
_TICKS_PER_SECOND = 10


class _LimitedProtocol(HttpToolsProtocol):
    """HTTP/1.1 with limits on a request's head, and on a body that still arrives after the answer.

    ``head_since`` is the time since which it is waiting for a head, ``late_since`` that of an answer that was sent
    before the whole body had arrived; None if it does not wait for them.
    """

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # uvicorn's own narrower type
        super().connection_made(transport)
        self._head_bytes, self._late_bytes, self._body_is_complete = 0, 0, True
        self.head_since: float | None = self.loop.time()
        self.late_since: float | None = None

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.head_since is not None:
            self._head_bytes += len(data)
        if self.late_since is not None:
            self._late_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES or self._late_bytes > _LATE_BYTES:
            self.transport.close()

    def on_message_begin(self) -> None:
        self._head_bytes, self.head_since = 0, self.loop.time()
        self._late_bytes, self.late_since, self._body_is_complete = 0, None, False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_bytes, self.head_since = 0, None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self.late_since, self._body_is_complete = None, True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and not self._body_is_complete:  # else the body is that of the next request
            self.late_since = self.loop.time()


class _Server(uvicorn.Server):
    """Prints the address when the server is ready; closes connections whose request does not arrive in time.

    Once it is told to stop, the system ends the process at last, whatever still holds it up.
    """

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        signal.alarm((self.config.timeout_graceful_shutdown or 0) + _CLOSE_SECONDS)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        addresses = " and ".join(_format_address(listening) for listening in sockets or ())
        print(f"Serving on {addresses} (Ctrl-C stops)", flush=True)

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_PER_SECOND == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, _LimitedProtocol) and _is_overdue(connection, now):
                    connection.transport.close()
        return await super().on_tick(counter)


def _is_overdue(connection: _LimitedProtocol, now: float) -> bool:
    """Whether a head, or the rest of a body that was answered early, takes too long."""
    head_since, late_since = connection.head_since or now, connection.late_since or now
    return now - head_since > HEAD_SECONDS or now - late_since > _LATE_SECONDS


def serve(store: VersionedStore, host: str, port: int, settings: Settings) -> None:
    """Serves the store until the process is told to stop; then finishes the answers it has begun, and returns.

    Raises HamakgError if there is no store to read, or if it cannot listen on the address; KeyboardInterrupt on Ctrl-C.
    """
    store.snapshot()
    store.close()
    config = uvicorn.Config(
        Site(store.path, settings),
        http=_LimitedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(settings.limits.timeout) + _DRAIN_SECONDS,
    )
    sockets = _listen(host, port)
    # uvicorn handles the signal while it serves; before and after that, this keeps it from killing the process
    signal.signal(signal.SIGTERM, _ignore_signal)
    with log_in_background(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_Server(config).serve(sockets=sockets))


def _ignore_signal(*_: Any) -> None:
    pass


def _listen(host: str, port: int) -> list[socket.socket]:
    """Opens a socket for each address of the host; for port 0, all on the same free port."""
    sockets = list[socket.socket]()
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _, _, _, address in dict.fromkeys(found):
            chosen = sockets[0].getsockname()[1] if sockets else port
            sockets.append(socket.create_server((address[0], chosen), family=family, backlog=_BACKLOG))
    except OSError as error:
        number = error.errno or 0  # negative for an unknown host
        reason = os.strerror(number) if number > 0 else error.strerror
        raise HamakgError(f"cannot listen on {host} port {port}: {reason}; choose another --host or --port") from error
    return sockets


def _format_address(listening: socket.socket) -> str:
    address, port = listening.getsockname()[:2]
    return f"http://{f'[{address}]' if ':' in address else address}:{port}/"
