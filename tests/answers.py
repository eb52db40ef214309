"""Answers to the sample questions as tables: from a store, and from the files of ``tests/expected``.

An expected answer speaks of an event by its article, its id in ``tests/gold`` and its trigger ("march e14 captured"),
of a figure by its event and number, of a figure of an infobox as "march infobox". It leaves out the column ``what``, an
event's label, which follows from the event.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pyoxigraph

from hamakg.build import derive
from hamakg.evaluation.annotations import read_annotations
from hamakg.extract.infobox import extract_infobox
from hamakg.graph import article_quads
from hamakg.model import Article, ArticleFacts
from hamakg.rdf.iris import Iris
from hamakg.read import read_document
from hamakg.sparql.ask import ask as run_query
from hamakg.sparql.query_files import QueryFile
from hamakg.store import replace_graph

TESTS = Path(__file__).parent
SEEDS = {"march": "hama_offensive_march_april_2017", "september": "hama_offensive_september_2017"}
NAMES = Iris()
_RESOURCE = NAMES.resource("")

Table = list[dict[str, str]]


@cache
def articles() -> Mapping[str, Article]:
    """The two seed articles, by the short names of :data:`SEEDS`."""
    seeds = [article for path in sorted((TESTS.parent / "seeds").glob("*.txt")) for article in read_document(path)]
    return dict(zip(SEEDS, seeds, strict=True))


@cache
def people_read() -> Mapping[str, ArticleFacts]:
    """What people found in the seed articles."""
    return {
        short: read_annotations(TESTS / "gold" / f"{SEEDS[short]}.json", article, extract_infobox(article))
        for short, article in articles().items()
    }


def graph_of(facts: Iterable[ArticleFacts]) -> pyoxigraph.Store:
    """The store of some articles' facts and of all that follows from them, in memory."""
    store = pyoxigraph.Store()
    for one in facts:
        replace_graph(store, NAMES.article_graph(one.article.slug), article_quads(one, NAMES))
    derive(store, NAMES)
    return store


def ask(store: pyoxigraph.Store, text: str) -> Table:
    """The answer as it is, triples sorted: lexical forms and IRIs, "" where a variable has no value."""
    found = run_query(store, text)
    if isinstance(found, pyoxigraph.QueryTriples):
        triples = ((t.subject, t.predicate, t.object) for t in found)
        rows = sorted([term.value for term in triple] for triple in triples)
        return [dict(zip(("subject", "predicate", "object"), row, strict=True)) for row in rows]
    assert isinstance(found, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [dict(zip(names, ("" if term is None else term.value for term in row), strict=True)) for row in found]


def answer(store: pyoxigraph.Store, query: QueryFile) -> Table:
    """The answer in the words of the expected one; ``what`` must be the label of its row's event."""
    known = _known_as()
    table = ask(store, query.text)
    default = {parameter.name: parameter.default for parameter in query.parameters}
    for row in table:
        if "what" in row:
            event = (default | row).get("event") or row["statement"]
            assert row.pop("what") == _label(store, event)
        row.update({name: known.get(value, value.removeprefix(_RESOURCE)) for name, value in row.items()})
    return table


def expected(name: str) -> Table:
    """The answer that people worked out from the articles and their annotations."""
    with (TESTS / "expected" / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def agreement(ours: Sequence[Mapping[str, str]], true: Sequence[Mapping[str, str]]) -> tuple[int, int, int]:
    """How many rows two answers share, how many only the first has and how many only the second has."""
    mine, theirs = (Counter(tuple(row.items()) for row in table) for table in (ours, true))
    return (mine & theirs).total(), (mine - theirs).total(), (theirs - mine).total()


@cache
def _known_as() -> Mapping[str, str]:
    named = (pair for short, facts in people_read().items() for pair in _short_names(short, facts))
    return {NAMES.resource(ref): name for ref, name in named}


def _short_names(short: str, facts: ArticleFacts) -> Iterator[tuple[str, str]]:
    annotated = json.loads((TESTS / "gold" / f"{SEEDS[short]}.json").read_text("utf-8"))["events"]
    for event, found in zip(facts.events, annotated, strict=True):
        name = f"{short} {found['id']} {event.trigger}"
        yield event.id, name
        yield from ((report, f"{name} figure {nth}") for nth, report in enumerate(event.casualties, start=1))
    yield from ((report.id, f"{short} infobox") for report in facts.infobox.casualties)


def _label(store: pyoxigraph.Store, thing: str) -> str:
    (row,) = ask(store, f"SELECT DISTINCT ?label {{ <{thing}> <http://www.w3.org/2000/01/rdf-schema#label> ?label }}")
    return row["label"]
