"""A resource with its facts, the words they come from, and the claims about it."""

from collections.abc import Iterable, Sequence

from rich.text import Text

from hamakg.cli.terminal.table import print_line, style_value
from hamakg.explain import Explanation, Word

_FACT_WIDTH = 22


def show_explanations(explanations: Iterable[Explanation]) -> None:
    """Each resource with its facts, the words they come from, and the claims about it."""
    for explanation in explanations:
        _show_explanation(explanation, "")
        print_line()


def _show_explanation(explanation: Explanation, indent: str) -> None:
    print_line(f"{indent}{explanation.label}\n{indent}  {explanation.iri}")
    for prop, value in explanation.facts:
        print_line(Text(f"{indent}  {prop:<{_FACT_WIDTH - 1}} ") + style_value(prop, value))
    for passage in explanation.passages:
        where = f"field {passage.field}, " if passage.field else ""
        print_line(f"{indent}  “{passage.text}”")
        print_line(f"{indent}    {passage.article}, {where}characters {passage.begin} to {passage.end}")
        _show_parse(passage.parse, f"{indent}    ")
    for claim in explanation.claims:
        print_line(f"{indent}  claim about it")
        _show_explanation(claim, f"{indent}    ")


def _show_parse(words: Sequence[Word], indent: str) -> None:
    """A line a word: its number, itself, its tag, and what it is of which other; the trigger behind a mark."""
    wide = max((len(word.text) for word in words), default=0)
    wide_role = max((len(word.dependency) for word in words), default=0)
    for word in words:
        head = "" if word.head == word.number else f"of {word.head} {words[word.head - 1].text}"
        mark = "*" if word.trigger else " "
        line = f"{mark}{word.number:>3} {word.text:<{wide}} {word.tag:<5} {word.dependency:<{wide_role}} {head}"
        print_line(f"{indent}{line.rstrip()}")
