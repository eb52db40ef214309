"""Reading messages from a socket that blocks."""

import pickle
import socket
from collections.abc import Iterator

from hamakg.engine.jobs import PREFIX

_READ = 256 * 1024


def received(channel: socket.socket) -> Iterator[object]:
    """The values of the messages as they come, till the other side is gone."""
    buffer = bytearray()
    while data := channel.recv(_READ):
        buffer += data
        begin = 0
        while len(buffer) - begin >= PREFIX.size:
            length, _kind = PREFIX.unpack_from(buffer, begin)
            end = begin + PREFIX.size + length
            if end > len(buffer):
                break
            yield pickle.loads(memoryview(buffer)[begin + PREFIX.size : end].tobytes())
            begin = end
        del buffer[:begin]
