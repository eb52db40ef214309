"""From a file's bytes to its text, letter for letter."""

import codecs
import re

from hamakg.errors import HamakgError

# What no text holds, and what RDF/XML could not carry (https://www.w3.org/TR/xml/#charsets).
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes) -> str:
    """The text of a UTF-8 file: line ends stay; a byte order mark, which belongs to the encoding, is left off.

    Raises HamakgError for an empty file and for bytes that are not UTF-8 text.
    """
    if not data.strip():
        raise HamakgError("the file is empty; an article starts with a line '= Title ='")
    if data.startswith(_UTF_16):
        raise HamakgError("not UTF-8 but UTF-16; save it as UTF-8")
    if b"\0" in data[:8192]:
        raise HamakgError("not text but a binary file; give an article as UTF-8 text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HamakgError(f"not UTF-8 (byte 0x{data[error.start]:02x} at {error.start}); save it as UTF-8") from error
    if control := _CONTROL.search(text):
        raise HamakgError(
            f"not plain text (U+{ord(control[0]):04X} at character {control.start()}); take the character out, "
            "or give an article as UTF-8 text"
        )
    return text
