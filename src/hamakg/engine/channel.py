"""Reading messages from a socket that blocks."""

import pickle
import socket

from hamakg.engine.jobs import PREFIX


def receive(channel: socket.socket) -> object:
    """The next message's value; None where the other side is gone."""
    prefix = _exactly(channel, PREFIX.size)
    if prefix is None:
        return None
    length, _kind = PREFIX.unpack(prefix)
    payload = _exactly(channel, length)
    return None if payload is None else pickle.loads(payload)


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        piece = channel.recv(size - len(data))
        if not piece:
            return None
        data += piece
    return bytes(data)
