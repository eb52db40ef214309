"""Shows what each rule of the narrative pays: the facts' F1 without it, over annotated articles.

python benchmarks/rules.py DIR [--articles N]

DIR is as in ``hamakg evaluate``. Of the rows of each table of rules one after another is left out, and all articles are
read again; they are parsed once. With --articles every so many of them are left out that about N remain. A row without
which F1 is higher costs more than it brings on these articles; one without which it is the same may be for others.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from spacy.language import Language
from spacy.tokens import Doc

from hamakg.evaluation.gold import AnnotatedArticle, EvaluatedArticle, read_gold
from hamakg.evaluation.periods import Period, find_period
from hamakg.evaluation.scores import score_facts
from hamakg.extract.article import extract_facts
from hamakg.extract.narrative import load_pipeline
from hamakg.extract.narrative.events import attribution, certainty, implied, places, triggers
from hamakg.extract.narrative.names import spans, votes

TABLES: Sequence[tuple[ModuleType, str]] = (
    (votes, "VOTES"),
    (spans, "_JOINS"),
    (triggers, "_NO_EVENTS"),
    (certainty, "_OWN_WORDS"),
    (certainty, "_rules"),
    (places, "_MEANINGS"),
    (places, "_SETTLING"),
    (attribution, "_READERS"),
    (implied, "_AGENTS"),
)
"""The tables of rules; one that is read from a file is a function that returns it."""


class ParsedOnce:
    """A pipeline that parses each text once; reading does not change what it gives."""

    def __init__(self, nlp: Language) -> None:
        self.make_doc = nlp.make_doc
        self._nlp = nlp
        self._docs: dict[str, Doc] = {}

    def pipe(self, texts: Iterable[str]) -> Iterator[Doc]:
        """The documents of the texts."""
        for text in texts:
            if text not in self._docs:
                self._docs[text] = self._nlp(text)
            yield self._docs[text]


@contextmanager
def leave_out(module: ModuleType, name: str, index: int) -> Iterator[str]:
    """Gives a row's description; meanwhile the table does not have it."""
    table = getattr(module, name)
    rows = list(table() if callable(table) else table)
    row = rows.pop(index)
    setattr(module, name, (lambda: tuple(rows)) if callable(table) else tuple(rows))
    try:
        yield f"{module.__name__.rpartition('.')[2]} {name.strip('_')} {index + 1}: {describe(row)}"
    finally:
        setattr(module, name, table)


def describe(row: Any) -> str:
    """What tells a row from the others of its table: its reason, or the name of its function."""
    if callable(row):
        return str(row.__name__)
    if isinstance(row, tuple):
        return ", ".join(str(part) for part in row if part is not None and not callable(part))
    return str(row.why)


def measure(articles: Sequence[AnnotatedArticle], nlp: Language) -> dict[Period, float]:
    """The facts' F1 of the articles of each period."""
    comparisons: dict[Period, list[Any]] = {}
    for one in articles:
        found = EvaluatedArticle(extract_facts(one.annotated.article, nlp), one.annotated, one.missing)
        comparisons.setdefault(find_period(one.annotated), []).append(found.compare())
    return {period: score_facts(own).f1 for period, own in comparisons.items()}


def main(folder: Path, number: int | None, write: Callable[[str], object]) -> None:
    """Print the figures with all rules, then those without each."""
    articles = list(read_gold(folder))
    articles = articles[:: max(1, round(len(articles) / number))] if number else articles
    nlp = cast(Language, ParsedOnce(load_pipeline()))
    whole = measure(articles, nlp)
    write(f"{len(articles)} articles, all rules: " + ", ".join(f"{p} {f1:.4f}" for p, f1 in whole.items()))
    for module, name in TABLES:
        table = getattr(module, name)
        for index in range(len(table() if callable(table) else table)):
            with leave_out(module, name, index) as row:
                without = measure(articles, nlp)
            write("  ".join(f"{100 * (without[period] - whole[period]):+6.2f}" for period in whole) + f"  {row}")


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int)
    arguments = parser.parse_args()
    main(arguments.folder, arguments.articles, lambda line: print(line, flush=True, file=sys.stdout))
