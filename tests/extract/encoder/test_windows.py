"""Windows of whole sentences, with context before."""

from hypothesis import given
from hypothesis import strategies as st

from hamakg.extract.encoder.windows import CONTEXT, LONGEST, Sentence, Window, arrange_windows
from hamakg.extract.encoder.wordpiece import Shape, Word

VOCABULARY = {"[CLS]": 0, "[SEP]": 1}
TITLE = (Word(0, 1, (7,), Shape.LOWER),)


def _sentences(sizes: list[int]) -> list[Sentence]:
    words = [tuple(Word(n, n + 1, (9,), Shape.LOWER) for n in range(size)) for size in sizes]
    return [Sentence(own, number % 3 == 0) for number, own in enumerate(words)]


def _arrange(sizes: list[int], first: int = LONGEST) -> list[Window]:
    return arrange_windows(TITLE, _sentences(sizes), VOCABULARY, first)


def _list_judged(window: Window) -> list[int]:
    return sorted({word.sentence for word in window.words if word.sentence >= window.judged})


def test_a_window_begins_with_the_title_and_parts_paragraphs() -> None:
    (window,) = _arrange([2, 1, 1, 1])
    assert window.pieces == (0, 7, 1, 9, 9, 9, 9, 1, 9, 1)
    assert [(word.sentence, word.begin) for word in window.words] == [(0, 3), (0, 4), (1, 5), (2, 6), (3, 8)]


def test_sentences_before_are_context() -> None:
    first, second = _arrange([100, 100, 60, 40, 40])
    assert (_list_judged(first), first.judged) == ([0, 1, 2, 3], 0)
    assert (_list_judged(second), second.judged) == ([4], 4)
    assert {word.sentence for word in second.words} == {2, 3, 4}  # the one before does not fit beside them


def test_a_sentence_that_is_too_long_loses_its_end() -> None:
    (window,) = _arrange([2 * LONGEST])
    assert len(window.pieces) == LONGEST


def test_no_sentence_no_window() -> None:
    assert _arrange([]) == []


@given(sizes=st.lists(st.integers(1, 400), max_size=30), first=st.integers(1, LONGEST))
def test_every_sentence_is_judged_once(sizes: list[int], first: int) -> None:
    windows = _arrange(sizes, first)
    assert [number for window in windows for number in _list_judged(window)] == list(range(len(sizes)))
    assert all(len(window.pieces) == len(window.shapes) <= LONGEST for window in windows)
    assert all(window.judged - window.words[0].sentence <= CONTEXT for window in windows)
