"""Messages arrive whole and in order, however the socket splits them."""

import socket

from hypothesis import given
from hypothesis import strategies as st

from hamakg.engine.messages import DATA, END, JOB, MessageDecoder, encode_message, encode_value, read_values

MESSAGES = st.lists(st.tuples(st.sampled_from([DATA, END]), st.binary(max_size=20)), max_size=6)


@given(MESSAGES, st.lists(st.integers(1, 30), max_size=20))
def test_messages_are_the_same_whatever_pieces_they_come_in(
    messages: list[tuple[bytes, bytes]], sizes: list[int]
) -> None:
    data, decoder, decoded = b"".join(encode_message(*message) for message in messages), MessageDecoder(), []
    for size in [*sizes, len(data) + 1]:
        decoded += decoder.decode(data[:size])
        data = data[size:]
    assert decoded == messages


def test_values_are_read_until_the_other_side_closes() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(encode_value(JOB, {"text": "ASK {}"}) + encode_value(JOB, 7))
        theirs.shutdown(socket.SHUT_WR)
        assert list(read_values(ours)) == [{"text": "ASK {}"}, 7]
