"""Answers to the sample questions as tables: from a store, and from the files of ``tests/expected``.

An expected answer names an event by its article, its id in ``tests/gold`` and its trigger ("march e14 captured"), a
figure by its event and number, and a figure of an infobox as "march infobox". It leaves out the column ``what``, an
event's label, because the label follows from the event.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import pyoxigraph

from hamakg.model import ArticleFacts
from hamakg.sparql.ask import ask
from hamakg.sparql.query_files import SampleQuestion
from support.seed_articles import FILE_NAMES, IRIS, TESTS, annotated_facts

Table = list[dict[str, str]]

_RESOURCE = IRIS.resource("")


def ask_table(store: pyoxigraph.Store, text: str) -> Table:
    """The answer to a query, unbound variables as ""; the triples of a CONSTRUCT query are sorted."""
    answer = ask(store, text)
    if isinstance(answer, pyoxigraph.QueryTriples):
        triples = ((t.subject, t.predicate, t.object) for t in answer)
        rows = sorted([term.value for term in triple] for triple in triples)
        return [dict(zip(("subject", "predicate", "object"), row, strict=True)) for row in rows]
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return [dict(zip(names, ("" if term is None else term.value for term in row), strict=True)) for row in answer]


def answer_question(store: pyoxigraph.Store, query: SampleQuestion) -> Table:
    """The answer to a sample question, written like the expected one; checks that ``what`` labels the row's event."""
    short_names = _short_names()
    table = ask_table(store, query.text)
    defaults = {parameter.name: parameter.default for parameter in query.parameters}
    for row in table:
        if "what" in row:
            event = (defaults | row).get("event") or row["statement"]
            assert row.pop("what") == _label(store, event)
        row.update({name: short_names.get(value, value.removeprefix(_RESOURCE)) for name, value in row.items()})
    return table


def read_expected_answer(name: str) -> Table:
    """The answer to a sample question as worked out from the articles and their annotations."""
    with (TESTS / "expected" / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def compare_tables(ours: Sequence[Mapping[str, str]], true: Sequence[Mapping[str, str]]) -> tuple[int, int, int]:
    """How many rows two answers share, how many only the first has and how many only the second has."""
    mine, theirs = (Counter(tuple(row.items()) for row in table) for table in (ours, true))
    return (mine & theirs).total(), (mine - theirs).total(), (theirs - mine).total()


@cache
def _short_names() -> Mapping[str, str]:
    """The names that expected answers use for events and figures, by IRI."""
    named = (pair for short, facts in annotated_facts().items() for pair in _name_events_and_figures(short, facts))
    return {IRIS.resource(ref): name for ref, name in named}


def _name_events_and_figures(short: str, facts: ArticleFacts) -> Iterator[tuple[str, str]]:
    annotated = json.loads((TESTS / "gold" / f"{FILE_NAMES[short]}.json").read_text("utf-8"))["events"]
    for event, annotation in zip(facts.events, annotated, strict=True):
        name = f"{short} {annotation['id']} {event.trigger}"
        yield event.id, name
        yield from ((report, f"{name} figure {nth}") for nth, report in enumerate(event.casualties, start=1))
    yield from ((report.id, f"{short} infobox") for report in facts.infobox.casualties)


def _label(store: pyoxigraph.Store, thing: str) -> str:
    (row,) = ask_table(
        store, f"SELECT DISTINCT ?label {{ <{thing}> <http://www.w3.org/2000/01/rdf-schema#label> ?label }}"
    )
    return row["label"]
