"""Sends the bytes of an answer in large pieces, and its head no earlier than it is certain."""

import re
import socket
import zlib
from collections.abc import Callable

from hamakg.engine.jobs import Head
from hamakg.engine.messages import DATA, END, HEAD, encode_message, encode_value
from hamakg.engine.request_error import RequestError

PIECE_BYTES = 64 * 1024
"""The size of the pieces that an answer is sent in."""

_TOO_SMALL_TO_COMPRESS = 1024
_WITH_GZIP_HEADER = 31  # https://docs.python.org/3/library/zlib.html#zlib.compressobj
_FASTEST = 1
# https://www.w3.org/TR/xml/#charsets, as UTF-8
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class Sink:
    """A binary file that sends what is written to it as one answer.

    The head is sent when ``hold_bytes`` were written or the answer has ended; until then an error can still become a
    clear answer of its own. ``make_head`` gets the number of times that ``row_mark`` occurs in the answer, None if the
    answer has not ended. Writing raises RequestError if the answer grows beyond ``max_bytes``, or if it is ``xml`` and
    contains a character that XML forbids.
    """

    def __init__(
        self,
        channel: socket.socket,
        make_head: Callable[[int | None], Head],
        max_bytes: int,
        *,
        hold_bytes: int = PIECE_BYTES,
        row_mark: bytes = b"",
        gzip: bool = False,
        xml: bool = False,
    ) -> None:
        self._channel, self._make_head, self._max_bytes, self._xml = channel, make_head, max_bytes, xml
        self._row_mark, self._marks, self._last = row_mark, 0, b""
        self._pieces, self._pending, self._threshold, self._size = list[bytes](), 0, hold_bytes, 0
        self._head_is_sent = False
        self._compressor = zlib.compressobj(_FASTEST, wbits=_WITH_GZIP_HEADER) if gzip else None

    def write(self, data: bytes) -> int:
        """Takes the next bytes; returns their number."""
        self._size += len(data)
        if self._size > self._max_bytes:
            raise RequestError(
                "too-large", f"The answer is larger than {self._max_bytes} bytes; ask for parts of it with LIMIT."
            )
        if self._xml:
            check_xml(data)
        if self._row_mark:  # a mark may begin in what was written before
            self._marks += (self._last + data).count(self._row_mark)
            self._last = data[max(len(data) - len(self._row_mark) + 1, 0) :]
        self._pieces.append(data)
        self._pending += len(data)
        if self._pending >= self._threshold:
            self._send()
        return len(data)

    def flush(self) -> None:
        """Does nothing, since pieces are sent when they are large enough; files have this method."""

    def end(self) -> None:
        """Sends what is left, and the end of the answer."""
        self._send(end=True)

    def _send(self, end: bool = False) -> None:
        data, head = b"".join(self._pieces), b""
        is_first, self._head_is_sent = not self._head_is_sent, True
        if is_first and end and len(data) <= _TOO_SMALL_TO_COMPRESS:
            self._compressor = None
        if self._compressor:
            data = self._compressor.compress(data) + (self._compressor.flush() if end else b"")
        if is_first:
            encoding, length = "gzip" if self._compressor else None, len(data) if end else None
            values = self._make_head(self._marks if end else None)._replace(encoding=encoding, length=length)
            head = encode_value(HEAD, values)
        self._channel.sendall(
            head + (encode_message(DATA, data) if data else b"") + (encode_message(END) if end else b"")
        )
        self._pieces, self._pending, self._threshold = [], 0, PIECE_BYTES


def check_xml(data: bytes) -> None:
    """Raises RequestError if UTF-8 text contains a character that XML forbids."""
    if _NOT_IN_XML.search(data):
        raise RequestError(
            "not-acceptable", "XML cannot represent a control character in the answer; choose another format."
        )
