"""Splits text into words, and words into the pieces that the encoder knows.

The encoder was trained on text in lower case without accents, split as by BERT: at blanks, and before and after each
punctuation mark and each Chinese character; a word is then the longest known piece, followed by the longest known
continuations (Wu et al. 2016; Devlin et al. 2019). What lower case loses, the shape of a word keeps.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

CLASSIFY, SEPARATE, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_CONTINUES = "##"
_VOCABULARY = Path(__file__).with_name("vocabulary.txt")
_LONGEST_WORD = 100  # characters; the encoder's own tokenizer takes a longer word as unknown

# What the encoder's tokenizer takes as Chinese characters, each a word.
_IDEOGRAPHS = (
    *((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F)),
    *((0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)),
)


class Shape(IntEnum):
    """How a word is written, which its pieces in lower case do not tell."""

    LOWER = 0
    CAPITALISED = 1
    CAPITALS = 2
    OTHER = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a punctuation mark, ``text[begin:end]``, with the numbers of its pieces, one or more."""

    begin: int
    end: int
    pieces: tuple[int, ...]
    shape: Shape


@cache
def read_vocabulary() -> Mapping[str, int]:
    """The pieces that the encoder knows, each with its number: the line of the file, from 0, on which it stands."""
    return {piece: number for number, piece in enumerate(_VOCABULARY.read_text("utf-8").split("\n")[:-1])}


def split_words(text: str, vocabulary: Mapping[str, int]) -> tuple[Word, ...]:
    """The words of the text in its order; offsets are code points into it."""
    return tuple(
        Word(begin, end, _split_pieces(normal, vocabulary), _find_shape(text[begin:end]))
        for begin, end in _find_words(text)
        if (normal := _normalise(text[begin:end]))
    )


def _find_words(text: str) -> Iterator[tuple[int, int]]:
    begin: int | None = None
    for at, character in enumerate(text):
        alone = _stands_alone(character)
        if begin is not None and (alone or _is_blank(character)):
            yield begin, at
            begin = None
        if alone:
            yield at, at + 1
        elif begin is None and not _is_blank(character):
            begin = at
    if begin is not None:
        yield begin, len(text)


@cache
def _stands_alone(character: str) -> bool:
    """Punctuation as the encoder's tokenizer sees it: all of ASCII but letters, digits, blanks and controls, too."""
    code = ord(character)
    if unicodedata.category(character).startswith("P") or any(low <= code <= high for low, high in _IDEOGRAPHS):
        return True
    return character.isascii() and character.isprintable() and not character.isalnum() and character != " "


def _is_blank(character: str) -> bool:
    return character in " \t\n\r" or unicodedata.category(character) == "Zs"


@cache
def _normalise_character(character: str) -> str:
    if unicodedata.category(character).startswith("C") or character == "\N{REPLACEMENT CHARACTER}":
        return ""
    return "".join(c for c in unicodedata.normalize("NFD", character) if unicodedata.category(c) != "Mn").lower()


def _normalise(word: str) -> str:
    return "".join(map(_normalise_character, word))


def _split_pieces(word: str, vocabulary: Mapping[str, int]) -> tuple[int, ...]:
    """The longest known piece from the left, again and again; one unknown piece if that leads nowhere."""
    pieces: list[int] = []
    begin = 0
    while begin < len(word) <= _LONGEST_WORD:
        prefix = _CONTINUES if begin else ""
        ends = range(len(word), begin, -1)
        end = next((end for end in ends if prefix + word[begin:end] in vocabulary), begin)
        if end == begin:
            break
        pieces.append(vocabulary[prefix + word[begin:end]])
        begin = end
    return tuple(pieces) if begin == len(word) else (vocabulary[UNKNOWN],)


def _find_shape(word: str) -> Shape:
    if word.islower():
        return Shape.LOWER
    if len(word) > 1 and word.isupper():
        return Shape.CAPITALS
    return Shape.CAPITALISED if word[0].isupper() else Shape.OTHER
