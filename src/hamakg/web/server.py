"""The process that serves: granian, with one worker whose event loop hands jobs to the engine's processes."""

import multiprocessing
import socket
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from hamakg.errors import HamakgError
from hamakg.store import Store
from hamakg.web.service import Settings

_HEADER_MILLISECONDS = 10_000
_HEADER_BYTES = 512 * 1024
_CONNECTIONS = 4096
_DRAIN_SECONDS = 5
_PROBE_SECONDS = 0.02


def serve(path: Path, host: str, port: int, settings: Settings) -> None:
    """Serves the store at the path until the process is told to stop; then ends what is being answered, and returns.

    Raises HamakgError if there is no store to read, or the address cannot be listened on.
    """
    store = Store(path)
    store.snapshot()
    store.close()
    address, port = _free(host, port)
    multiprocessing.set_start_method("spawn", force=True)  # a fork would share the engine's locks
    server = Granian(
        "hamakg.web.site:Site",
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=_CONNECTIONS,
        backpressure=_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MILLISECONDS, max_buffer_size=_HEADER_BYTES),
        respawn_failed_workers=True,
        workers_kill_timeout=int(settings.limits.timeout) + _DRAIN_SECONDS,
        log_level=LogLevels.critical,
    )
    threading.Thread(target=_announce, args=(address, port), daemon=True).start()
    server.serve(target_loader=partial(_load, path, settings), wrap_loader=False)


def _load(path: Path, settings: Settings, *_: Any) -> Any:
    from hamakg.web.site import Site

    return Site(path, settings)


def _free(host: str, port: int) -> tuple[str, int]:
    """The address and the port to listen on; of port 0, one that nobody has."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            found = tried.getsockname()
    except OSError as error:
        reason = error.strerror or str(error)
        raise HamakgError(f"cannot listen on {host} port {port}: {reason}; choose another --host or --port") from error
    return found[0], found[1]


def _announce(address: str, port: int) -> None:
    """Says where the server listens, once it does."""
    reached = "127.0.0.1" if address == "0.0.0.0" else "::1" if address == "::" else address
    while True:
        try:
            socket.create_connection((reached, port), timeout=1).close()
            break
        except OSError:
            time.sleep(_PROBE_SECONDS)
    print(f"Serving on http://{f'[{address}]' if ':' in address else address}:{port}/ (Ctrl-C stops)", flush=True)
