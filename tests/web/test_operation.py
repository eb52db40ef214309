"""Parameters are decoded as the standard library does."""

from collections.abc import Callable
from urllib.parse import quote, quote_plus, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.web.protocol.operation import decode_parameter


@given(st.text(), st.sampled_from([quote, quote_plus]))
def test_an_encoded_text_is_decoded(text: str, encode: Callable[[str], str]) -> None:
    assert decode_parameter(encode(text).encode()) == text


@given(st.text("%=+ \r\n\t_.-0aAfFzZ", max_size=30))
def test_any_ascii_text_is_decoded_as_the_standard_library_does(text: str) -> None:
    try:
        expected = unquote_plus(text, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            decode_parameter(text.encode())
    else:
        assert decode_parameter(text.encode()) == expected


def test_what_is_not_ascii_is_refused() -> None:
    with pytest.raises(UnicodeDecodeError):
        decode_parameter("ä".encode())
