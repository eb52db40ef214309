"""The messages between the service and its workers: jobs one way; heads, data and errors the other.

A message is the length and the kind of its payload, and the payload: bytes of an answer or a pickled value. Both ends
are this program, and nobody else has their socket, so pickles are safe. ``multiprocessing.Connection`` is not used,
because it blocks: the service's end is read by an event loop, and large answers pass through it in pieces.
"""

import pickle
import socket
import struct
from collections.abc import Iterator

HEAD, DATA, END, ERROR, JOB = b"H", b"D", b"E", b"F", b"J"
"""The kinds: what is known of an answer before its first byte, bytes of it, its end, a RequestError, a job."""

_PREFIX = struct.Struct("!Ic")
_READ_BYTES = 32 * 1024
"""More would have to be taken from the system and given back for each read, which takes longer than a small job."""


class MessageDecoder:
    """Puts messages together from the pieces in which a socket delivers them."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def decode(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Takes the next bytes; returns the kinds and payloads of the messages that are complete now."""
        self._buffer += data
        messages, begin, size = list[tuple[bytes, bytes]](), 0, len(self._buffer)
        with memoryview(self._buffer) as view:
            while size - begin >= _PREFIX.size:
                length, kind = _PREFIX.unpack_from(view, begin)
                end = begin + _PREFIX.size + length
                if end > size:
                    break
                messages.append((kind, bytes(view[begin + _PREFIX.size : end])))
                begin = end
        del self._buffer[:begin]
        return messages


def encode_message(kind: bytes, payload: bytes = b"") -> bytes:
    """Returns the bytes of a message."""
    return _PREFIX.pack(len(payload), kind) + payload


def encode_value(kind: bytes, value: object) -> bytes:
    """Returns the bytes of a message whose payload is the pickled value."""
    return encode_message(kind, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))


def read_values(channel: socket.socket) -> Iterator[object]:
    """Yields the values of the messages from a blocking socket, until the other side closes it."""
    decoder = MessageDecoder()
    while data := channel.recv(_READ_BYTES):
        for _, payload in decoder.decode(data):
            yield pickle.loads(payload)
