"""Arranges the sentences of an article in windows that the encoder reads at once.

A window begins with the article's title; the last sentences of the window before stand again at its head, as context.
So every sentence is judged once, with what was told just before it, and a text is encoded about 1.3 times.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hamakg.extract.encoder.wordpiece import CLASSIFY, SEPARATE, Shape, Word

CONTEXT = 3  # sentences: nine of ten slots are filled from a sentence or the three before it
LONGEST = 320  # pieces
_LONGEST_TITLE = 24  # pieces
_MOST_CONTEXT = 160  # pieces


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence; ``opens`` is whether a paragraph begins with it."""

    words: tuple[Word, ...]
    opens: bool

    @property
    def size(self) -> int:
        """How many pieces it takes in a window."""
        return self.opens + sum(len(word.pieces) for word in self.words)

    def find_words(self, begin: int, end: int) -> tuple[int, int] | None:
        """The numbers of the first word with a character of ``text[begin:end]``, and of the one after the last."""
        numbers = [number for number, word in enumerate(self.words) if word.end > begin and word.begin < end]
        return (numbers[0], numbers[-1] + 1) if numbers else None


class Words(NamedTuple):
    """Words of a sentence: its number, and the numbers of the first word and of the one after the last."""

    sentence: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """Where in a window the pieces of the word with this number, of the sentence with this number, begin and end."""

    sentence: int
    word: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces that are encoded together, the shape of each one's word, and where the words of the sentences are.

    The sentences from number ``judged`` on are judged in this window; those before it are context.
    """

    pieces: tuple[int, ...]
    shapes: tuple[Shape, ...]
    words: tuple[PlacedWord, ...]
    judged: int

    def place(self, spans: Iterable[Words]) -> dict[Words, tuple[int, int]]:
        """Where the pieces of those spans begin and end that have a word and are whole in the window, in its order."""
        at = {(word.sentence, word.word): word for word in self.words}
        return {
            span: (at[span.sentence, span.begin].begin, at[span.sentence, span.end - 1].end)
            for span in sorted(spans)
            if span.end > span.begin and (span.sentence, span.begin) in at and (span.sentence, span.end - 1) in at
        }


def arrange_windows(
    title: Sequence[Word], sentences: Sequence[Sentence], vocabulary: Mapping[str, int], first: int = LONGEST
) -> list[Window]:
    """Windows of whole sentences that judge every sentence once, in order; each holds at most ``LONGEST`` pieces.

    Only a sentence that is longer than a window loses its end. ``first`` is how many pieces the first window may hold.
    """
    head = [vocabulary[CLASSIFY]]
    for word in title:
        head += word.pieces if len(head) + len(word.pieces) <= _LONGEST_TITLE else ()
    head.append(vocabulary[SEPARATE])
    windows: list[Window] = []
    judged = 0
    while judged < len(sentences):
        room = (LONGEST if windows else min(first, LONGEST)) - len(head) - 1
        begin = _find_context(sentences, judged, min(_MOST_CONTEXT, room - sentences[judged].size))
        end = judged
        taken = sum(sentence.size for sentence in sentences[begin:judged])
        while end == judged or (end < len(sentences) and taken + sentences[end].size <= room):
            taken += sentences[end].size
            end += 1
        windows.append(_lay_out(head, sentences, (begin, judged, end), vocabulary[SEPARATE]))
        judged = end
    return windows


def _find_context(sentences: Sequence[Sentence], judged: int, room: int) -> int:
    """The number of the first of at most ``CONTEXT`` sentences before a judged one that fit in the room."""
    begin = judged
    while begin > max(0, judged - CONTEXT) and sentences[begin - 1].size <= room:
        begin -= 1
        room -= sentences[begin].size
    return begin


def _lay_out(
    head: Sequence[int], sentences: Sequence[Sentence], bounds: tuple[int, int, int], separator: int
) -> Window:
    begin, judged, end = bounds
    pieces = list(head)
    shapes = [Shape.OTHER] * len(head)
    words: list[PlacedWord] = []
    for number in range(begin, end):
        if sentences[number].opens and number > begin:
            pieces.append(separator)
            shapes.append(Shape.OTHER)
        for index, word in enumerate(sentences[number].words):
            if len(pieces) + len(word.pieces) > LONGEST - 1:
                break
            words.append(PlacedWord(number, index, len(pieces), len(pieces) + len(word.pieces)))
            pieces += word.pieces
            shapes += [word.shape] * len(word.pieces)
    return Window((*pieces, separator), (*shapes, Shape.OTHER), tuple(words), judged)
