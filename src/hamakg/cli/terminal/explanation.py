"""Prints explanations of resources."""

from collections.abc import Iterable, Sequence

from rich.text import Text

from hamakg.cli.terminal.table import print_line, print_paragraph, style_value
from hamakg.explain import Explanation, Word

_PROPERTY_WIDTH = 21


def show_explanations(explanations: Iterable[Explanation]) -> None:
    """Print each resource with its facts, the passages they come from, and the claims about it."""
    for explanation in explanations:
        _show_explanation(explanation, "")
        print_line()


def _show_explanation(explanation: Explanation, indent: str) -> None:
    print_line(f"{indent}{explanation.label}\n{indent}  {explanation.iri}")
    for prop, value in explanation.facts:
        print_line(Text(f"{indent}  {prop:<{_PROPERTY_WIDTH}} ") + style_value(prop, value))
    for passage in explanation.passages:
        where = f"field {passage.field}, " if passage.field else ""
        print_paragraph(f"“{passage.text}”", len(indent) + 2)
        print_line(f"{indent}    {passage.article}, {where}characters {passage.begin} to {passage.end}")
        _show_parse(passage.parse, f"{indent}    ")
    for claim in explanation.claims:
        print_line(f"{indent}  claim about it")
        _show_explanation(claim, f"{indent}    ")


def _show_parse(words: Sequence[Word], indent: str) -> None:
    """Print each word in a line: its number, text, tag, and dependency on another word; * marks the trigger."""
    text_width = max((len(word.text) for word in words), default=0)
    dependency_width = max((len(word.dependency) for word in words), default=0)
    for word in words:
        head = "" if word.head == word.number else f"of {word.head} {words[word.head - 1].text}"
        mark = "*" if word.trigger else " "
        start = f"{indent}{mark}{word.number:>3} {word.text:<{text_width}}"
        print_line(f"{start} {word.tag:<5} {word.dependency:<{dependency_width}} {head}".rstrip())
