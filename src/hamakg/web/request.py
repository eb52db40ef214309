"""A request and its answer as ASGI has them (https://asgi.readthedocs.io/en/latest/specs/www.html)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from typing import Any, BinaryIO

from hamakg.engine.request_error import RequestError
from hamakg.web.headers import COMMON

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = Iterable[tuple[str, str]]

_BODY_SECONDS = 60
_COMMON = [(name.lower().encode(), value.encode()) for name, value in COMMON.items()]


class Request:
    """One request: its parts, its body as far as that may go, and the way to answer it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query_string: bytes = scope["query_string"]
        self.status = 0
        self._scheme: str = scope.get("scheme", "http")
        self._receive, self._send = receive, send
        self._headers: dict[bytes, str] = {}
        for name, value in scope["headers"]:
            known = self._headers.get(name)
            self._headers[name] = value.decode("latin-1") if known is None else f"{known}, {value.decode('latin-1')}"

    def header(self, name: str) -> str:
        """The header's value, "" for none; ``name`` in lower case."""
        return self._headers.get(name.encode(), "")

    @property
    def url(self) -> str:
        """The address without its query, as the client called it."""
        return f"{self._scheme}://{self.header('host') or 'localhost'}{self.path}"

    def noting(self, send: Send) -> Send:
        """``send``, for somebody else who answers this request; the status is noted here."""

        async def noted(message: MutableMapping[str, Any]) -> None:
            self.status = message.get("status", self.status)
            await send(message)

        return noted

    async def body(self, limit: int) -> bytes:
        """All of the body, none of a GET. Raises RequestError ``too-long`` or ``slow-body``."""
        return b"" if self.method in ("GET", "HEAD") else b"".join([piece async for piece in self._pieces(limit)])

    async def save_body(self, file: BinaryIO, limit: int) -> None:
        """Writes the body to a file, as :meth:`body` reads it."""
        async for piece in self._pieces(limit):
            file.write(piece)

    async def gone(self) -> None:
        """Comes back when the client has closed the connection; to be asked when the body has been read."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def start(self, status: int, headers: Headers) -> None:
        """Sends the status and the headers, and those that every answer has."""
        self.status = status
        encoded = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
        await self._send({"type": "http.response.start", "status": status, "headers": [*_COMMON, *encoded]})

    async def write(self, data: bytes, more: bool = True) -> None:
        """Sends bytes of the body; the last are those without ``more``. Of HEAD, none."""
        body = b"" if self.method == "HEAD" else data
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def answer(self, status: int, headers: Headers = (), body: bytes = b"") -> None:
        """Sends a whole answer."""
        await self.start(status, [*headers, ("Content-Length", str(len(body)))])
        await self.write(body, more=False)

    async def _pieces(self, limit: int) -> AsyncIterator[bytes]:
        too_long = RequestError("too-long", f"The body is longer than {limit} bytes; send it in parts.")
        if self.header("content-length").isdecimal() and int(self.header("content-length")) > limit:
            raise too_long
        size, more = 0, True
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                while more:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise RequestError("slow-body", "The client has gone.")
                    size, more = size + len(message.get("body", b"")), message.get("more_body", False)
                    if size > limit:
                        raise too_long
                    yield message.get("body", b"")
        except TimeoutError:
            raise RequestError("slow-body", f"The body did not come within {_BODY_SECONDS} s.") from None
