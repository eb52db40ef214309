"""A request and its answer, over the messages of ASGI (https://asgi.readthedocs.io/en/latest/specs/www.html).

A framework such as Starlette would be a dependency for these few methods, and has no limit on the time of a body.
"""

import asyncio
import ipaddress
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, BinaryIO

from hamakg.engine.request_error import RequestError
from hamakg.web.headers import COMMON

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = Iterable[tuple[str, str]]

_BODY_SECONDS = 60
_UPLOAD_SECONDS = 600
"""How long the body of a write may take, which only holders of the token may send."""

_TAKE_SECONDS = 30
"""How long a client may take for the next bytes of its answer, some 64 KB. A worker waits meanwhile."""

_WRITTEN_AT_ONCE = 1024 * 1024
_MAX_BUFFERED_BYTES = 64 * 1024 * 1024
_MAX_HOST_LENGTH = 253  # https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
_MAX_PORT = 65535
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([\w-]{1,63}(?:\.[\w-]{1,63})*)\.?)(?::([0-9]{0,5}))?", re.ASCII)
_COMMON = [(name.lower().encode(), value.encode()) for name, value in COMMON.items()]


class BrokenAnswerError(Exception):
    """An answer failed after it had begun; only breaking the connection can still tell the client."""


class BodyMemory:
    """Counts the bytes of all bodies that are held in memory."""

    def __init__(self) -> None:
        self._held = 0

    def take(self, size: int) -> None:
        """Takes note of more bytes. Raises RequestError ``busy`` if all bodies together are too large."""
        if self._held + size > _MAX_BUFFERED_BYTES:
            raise RequestError("busy", "The server is receiving too much at once; try again in a moment.")
        self._held += size

    def give_back(self, size: int) -> None:
        """Takes note that bytes are no longer held."""
        self._held -= size


class Request:
    """One request, and the means to answer it; ``status`` is that of the answer, 0 before it has begun."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, memory: BodyMemory) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query_string: bytes = scope["query_string"]
        self.status = 0
        self._http_version: str = scope["http_version"]
        self._scheme: str = scope.get("scheme", "http")
        self._receive, self._send, self._memory, self._held = receive, send, memory, 0
        self._headers: dict[bytes, str] = {}
        for name, value in scope["headers"]:
            earlier = self._headers.get(name)
            text = value.decode("latin-1")
            self._headers[name] = text if earlier is None else f"{earlier}, {text}"

    def require_host(self) -> None:
        """Raises RequestError ``malformed`` unless the request names one valid host.

        Addresses in answers are made from it. Only HTTP/1.0 does without (https://www.rfc-editor.org/rfc/rfc9112#section-3.2).
        """
        host = self.header("host")
        if not (_is_host(host) or (self._http_version == "1.0" and b"host" not in self._headers)):
            raise RequestError("malformed", "The Host header is missing, or it is not a name or address with a port.")

    def header(self, name: str) -> str:
        """The value of a header, whose name is given in lower case; "" if there is none."""
        return self._headers.get(name.encode(), "")

    @property
    def url(self) -> str:
        """The address as the client wrote it, without its query."""
        return f"{self._scheme}://{self.header('host') or 'localhost'}{self.path}"

    @property
    def top_path(self) -> str:
        """The first part of the path, such as "/resource"."""
        return "/" + self.path.removeprefix("/").partition("/")[0]

    async def read_body(self, limit: int) -> bytes:
        """Returns the body; that of a GET is empty. It counts as held in memory until :meth:`close`.

        Raises RequestError ``too-long`` if it has more than ``limit`` bytes, ``slow-body`` if it does not arrive in
        time, ``busy`` if the bodies of all requests together take too much memory.
        """
        if self.method in ("GET", "HEAD"):
            return b""
        pieces = list[bytes]()
        async for piece in self._read_pieces(limit, _BODY_SECONDS):
            self._memory.take(len(piece))
            self._held += len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def close(self) -> None:
        """Takes note that the request is over."""
        self._memory.give_back(self._held)
        self._held = 0

    async def save_body(self, file: BinaryIO, limit: int) -> None:
        """Writes the body to a file, in threads; raises as :meth:`read_body` does, and OSError."""
        pieces, size = list[bytes](), 0
        async for piece in self._read_pieces(limit, _UPLOAD_SECONDS):
            pieces.append(piece)
            size += len(piece)
            if size >= _WRITTEN_AT_ONCE:
                await asyncio.to_thread(file.writelines, pieces)
                pieces, size = [], 0
        await asyncio.to_thread(file.writelines, pieces)

    async def wait_for_disconnect(self) -> None:
        """Returns when the client has closed the connection; to be used after the body was read."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def start(self, status: int, headers: Headers) -> None:
        """Sends the status, these headers, and those that every answer has."""
        await self._start(status, [*_COMMON, *_encode_headers(headers)])

    async def write(self, data: bytes, more: bool = True) -> None:
        """Sends bytes of the body, none if the method is HEAD; ``more`` is False for the last ones.

        Raises BrokenAnswerError if the client does not take what was sent before.
        """
        body = b"" if self.method == "HEAD" else data
        message = {"type": "http.response.body", "body": body, "more_body": more}
        if not more:  # no worker waits any more
            await self._send(message)
            return
        try:
            async with asyncio.timeout(_TAKE_SECONDS):
                await self._send(message)
        except TimeoutError:
            raise BrokenAnswerError(f"The client took nothing for {_TAKE_SECONDS} s.") from None

    async def answer(self, status: int, headers: Headers = (), body: bytes = b"") -> None:
        """Sends a whole answer."""
        await self.start(status, [*headers, ("Content-Length", str(len(body)))])
        await self.write(body, more=False)

    async def start_forwarding(self, status: int, headers: Headers) -> None:
        """Sends the status and the headers of another application's answer as they are."""
        await self._start(status, _encode_headers(headers))

    async def _start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _read_pieces(self, limit: int, seconds: int) -> AsyncIterator[bytes]:
        too_long = RequestError("too-long", f"The body is longer than {limit} bytes; send it in parts.")
        if self.header("content-length").isdecimal() and int(self.header("content-length")) > limit:
            raise too_long
        size, more = 0, True
        try:
            async with asyncio.timeout(seconds):
                while more:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise RequestError("slow-body", "The client has gone.")
                    size, more = size + len(message.get("body", b"")), message.get("more_body", False)
                    if size > limit:
                        raise too_long
                    yield message.get("body", b"")
        except TimeoutError:
            raise RequestError("slow-body", f"The body did not arrive within {seconds} s.") from None


def _encode_headers(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]


@lru_cache(maxsize=256)
def _is_host(text: str) -> bool:
    """Whether a text is a host and perhaps a port (https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2)."""
    match = _HOST.fullmatch(text)
    if not match or int(match[3] or 0) > _MAX_PORT:
        return False
    if match[1]:
        with suppress(ValueError):
            return bool(ipaddress.IPv6Address(match[1]))
        return False
    return len(match[2]) <= _MAX_HOST_LENGTH
