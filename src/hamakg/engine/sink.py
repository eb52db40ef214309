"""Where the engine writes an answer: it goes on in large pieces, and not before its head can be said for sure."""

import re
import socket
import zlib
from collections.abc import Callable

from hamakg.engine.jobs import DATA, END, HEAD, Head, message, packed
from hamakg.engine.request_error import RequestError

PIECE = 64 * 1024
"""So many bytes go at once."""
_SMALL = 1024
_GZIP = 31  # for zlib: with gzip's header, https://docs.python.org/3/library/zlib.html#zlib.compressobj
_FASTEST = 1
# https://www.w3.org/TR/xml/#charsets, as UTF-8
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class Sink:
    """A file that takes the bytes of one answer and sends them, the head first.

    The head waits for ``hold`` bytes or the end, whichever comes first: until then a fault is still a clear answer.
    ``head`` makes it, of the number of times that ``mark`` stands in the answer, None where that is not all of it yet.
    Writing raises Fault where the answer grows over ``max_bytes``, or would be no XML.
    """

    def __init__(
        self,
        channel: socket.socket,
        head: Callable[[int | None], Head],
        max_bytes: int,
        *,
        hold: int = PIECE,
        mark: bytes = b"",
        gzip: bool = False,
        xml: bool = False,
    ) -> None:
        self._channel, self._head, self._max_bytes, self._mark, self._xml = channel, head, max_bytes, mark, xml
        self._pieces: list[bytes] = []
        self._enough, self._held, self._size, self._marks, self._last = hold, 0, 0, 0, b""
        self._opened = False
        self._zip = zlib.compressobj(_FASTEST, wbits=_GZIP) if gzip else None

    def write(self, data: bytes) -> int:
        """Takes the next bytes; all of them."""
        self._size += len(data)
        if self._size > self._max_bytes:
            raise RequestError(
                "too-large", f"The answer is larger than {self._max_bytes} bytes; ask in parts, with LIMIT."
            )
        if self._xml and _NOT_IN_XML.search(data):
            raise RequestError(
                "not-acceptable",
                "XML cannot carry a control character that the answer contains; choose another format.",
            )
        self._count(data)
        self._pieces.append(data)
        self._held += len(data)
        if self._held >= self._enough:
            self._send()
        return len(data)

    def flush(self) -> None:
        """Nothing: pieces go when they are large enough."""

    def end(self) -> None:
        """Sends what is left, and the end."""
        self._send(end=True)

    def _count(self, data: bytes) -> None:
        """A mark may stand across the end of what came before."""
        if self._mark:
            self._marks += (self._last + data).count(self._mark)
            self._last = data[max(len(data) - len(self._mark) + 1, 0) :]

    def _send(self, end: bool = False) -> None:
        data, opening = b"".join(self._pieces), b""
        first, self._opened = not self._opened, True
        if first and end and len(data) <= _SMALL:
            self._zip = None
        if self._zip:
            data = self._zip.compress(data) + (self._zip.flush() if end else b"")
        if first:
            head, length = self._head(self._marks if end else None), len(data) if end else None
            opening = packed(HEAD, head._replace(encoding="gzip" if self._zip else None, length=length))
        self._channel.sendall(opening + (message(DATA, data) if data else b"") + (message(END) if end else b""))
        self._pieces, self._held, self._enough = [], 0, PIECE
