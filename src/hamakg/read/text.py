"""Decodes the bytes of a file, and refuses what is not text, or too long for an article."""

import codecs
import re

from hamakg.errors import HamakgError, LimitError

LONGEST_PAGE = 5_000_000
"""The length in characters of the longest page that is read; Wikipedia's own limit is two million bytes."""

LONGEST_TITLE = 500
"""The length in characters of the longest title that is read; Wikipedia's own limit is 255 bytes."""

# Control characters and noncharacters that XML, and so RDF/XML, cannot contain (https://www.w3.org/TR/xml/#charsets).
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes) -> str:
    """The text of a UTF-8 file with its line ends, but without a byte order mark.

    Raises HamakgError for an empty file and for bytes that are not UTF-8 text.
    """
    if not data.strip():
        raise HamakgError("the file is empty; an article starts with a line '= Title ='")
    if data.startswith(_UTF_16):
        raise HamakgError("UTF-16, not UTF-8; save it as UTF-8")
    if b"\0" in data[:8192]:
        raise HamakgError("a binary file, not text; give an article as UTF-8 text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HamakgError(f"not UTF-8 (byte 0x{data[error.start]:02x} at {error.start}); save it as UTF-8") from error
    if control := _CONTROL.search(text):
        raise HamakgError(
            f"not plain text (U+{ord(control[0]):04X} at character {control.start()}); remove the character, "
            "or give an article as UTF-8 text"
        )
    return text


def require_length(title: int, text: int) -> None:
    """Raises LimitError if no article has so long a title or text (in characters)."""
    if text > LONGEST_PAGE:
        raise LimitError(f"a page of {text:,} characters; articles have at most {LONGEST_PAGE:,}")
    if title > LONGEST_TITLE:
        raise LimitError(f"a title of {title:,} characters; titles have at most {LONGEST_TITLE:,}")
