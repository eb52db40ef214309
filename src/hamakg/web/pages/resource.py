"""The page of one resource: what is said of it, what points to it, the events, and the sentences behind it all."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Generic, TypeVar, cast

from flask import render_template
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store, Triple

from hamakg.explain import trigger_test
from hamakg.graph import term
from hamakg.rdf.iris import Iris
from hamakg.sparql.ask import ask
from hamakg.sparql.query_files import query_text
from hamakg.sparql.select import select
from hamakg.store import find_triples
from hamakg.web.pages.display import RDF_TYPE, Show, Shown, Term, in_order, label_of, marks_of, shower
from hamakg.web.pages.facts import Facts, fact, facts, in_words, query_page
from hamakg.web.protocol.formats import GRAPHS, write

EVENTS_SHOWN = 50
SENTENCES_SHOWN = 10
CROWDED = 2_000
"""To a resource that more statements point to than these a list's beginning is what is found first."""

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_JSON_LD = next(form for form in GRAPHS if form.name == "jsonld")
_SHORTEST_NAME = 3

Item = TypeVar("Item")
IsTrigger = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; ``kind`` is "trigger" for the word that tells the event, "name" for a mention, or ""."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that a resource rests on, letter for letter, and where they stand."""

    parts: tuple[Part, ...]
    passage: Shown
    article: Shown


@dataclass(frozen=True, slots=True)
class Telling:
    """An event of which the resource is the ``relation``: the place it happened "at", its "agent", …"""

    start: Shown
    end: Shown
    relation: Shown
    event: Shown


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """The beginning of a list, how many more there are (None: many, not counted), and the page that asks for all."""

    items: tuple[Item, ...]
    more: int | None
    all: str


def described(snapshot: Store, node: NamedNode) -> list[Triple]:
    """All that the data says of a resource and by it, what follows by the ontology too; sorted, empty if nothing."""
    return sorted({*find_triples(snapshot, node), *find_triples(snapshot, value=node)}, key=str)


def resource_page(snapshot: Store, iris: Iris, node: NamedNode) -> str | None:
    """The resource's page, None if the data says nothing of it."""
    said = [Triple(node, row["property"], row["value"]) for row in select(snapshot, "pages/said", resource=node.value)]
    incoming = {row["property"]: _number(row) for row in select(snapshot, "pages/incoming", resource=node.value)}
    (statements,) = map(_number, select(snapshot, "pages/statements", resource=node.value))
    if not statements:
        return None
    show, crowded = shower(snapshot, iris), sum(incoming.values()) > CROWDED
    return render_template(
        "resource.html",
        iri=node.value,
        title=label_of(node, snapshot) or iris.shorten(node.value),
        types=in_order((triple.object for triple in said if triple.predicate == RDF_TYPE), show),
        marks=marks_of(node, snapshot),
        evidence=_evidence(snapshot, iris, node, show, crowded),
        facts_said=facts(((triple.predicate, triple.object) for triple in said), show, _asking("pages/values", node)),
        told=_listed(snapshot, "pages/told-of", node, EVENTS_SHOWN, crowded, partial(_telling, show)),
        incoming=_pointing(snapshot, iris, node, incoming, show),
        inferred=statements - len(said) - sum(incoming.values()),
        json_ld=_data_block(said),
        formats=GRAPHS,
    )


def _pointing(snapshot: Store, iris: Iris, node: NamedNode, counts: Mapping[NamedNode, int], show: Show) -> list[Facts]:
    """What points to the resource, by property; of events, which have a table in order of time, here too."""
    return in_words(
        fact(prop, _subjects(snapshot, iris, prop, node), count, show, _asking("pages/pointing", node))
        for prop, count in counts.items()
    )


def _subjects(snapshot: Store, iris: Iris, prop: NamedNode, node: NamedNode) -> Iterator[Term]:
    """What points to the resource by this property, each once, but for what only follows by the ontology."""
    inferred, seen = iris.graph("inferred/"), set[Term]()
    for quad in snapshot.quads_for_pattern(None, prop, node):
        named = isinstance(quad.graph_name, NamedNode) and not quad.graph_name.value.startswith(inferred)
        if named and quad.subject not in seen:
            seen.add(quad.subject)
            yield quad.subject


def _asking(query: str, node: NamedNode) -> Callable[[Term], str]:
    """The address of the page that asks for all values of a property."""
    return lambda prop: query_page(query, resource=node.value, property=cast(NamedNode, prop).value)


def _listed(
    snapshot: Store,
    query: str,
    node: NamedNode,
    shown: int,
    crowded: bool,
    item: Callable[[QuerySolution], Item],
) -> Listed[Item]:
    """The first of a query's rows; of a crowded resource's those that are found first, for sorting would read all."""
    text = query_text(query, resource=node.value)
    if crowded:
        text = f"{text.partition('ORDER BY')[0]} LIMIT {shown}"
    rows = cast(QuerySolutions, ask(snapshot, text))
    items = tuple(item(row) for row in islice(rows, shown))
    more = None if crowded and len(items) == shown else _count(rows)
    return Listed(items, more, query_page(query, resource=node.value))


def _telling(show: Show, row: QuerySolution) -> Telling:
    return Telling(*(show(row[name]) for name in ("start", "end", "relation", "event")))


# ---------------------------------------------------------------- sentences


def _evidence(snapshot: Store, iris: Iris, node: NamedNode, show: Show, crowded: bool) -> Listed[Evidence]:
    """The passages that the resource rests on, its mentions in them marked, and of an event the word that tells it."""
    called = _names(select(snapshot, "pages/names", resource=node.value))
    is_event = any(find_triples(snapshot, node, term("hama:extractedBy")))
    is_trigger = trigger_test(snapshot, node, iris) if is_event else lambda sentence, word: False

    def evidence(row: QuerySolution) -> Evidence:
        text = cast(Literal, row["text"]).value
        return Evidence(tuple(_parts(text, called, is_trigger)), show(row["passage"]), show(row["article"]))

    return _listed(snapshot, "pages/sentences", node, SENTENCES_SHOWN, crowded, evidence)


def _names(rows: Iterable[QuerySolution]) -> re.Pattern[str] | None:
    """A pattern of the names, the longest first, as whole words; None if there is none long enough to tell."""
    found = {cast(Literal, row["name"]).value for row in rows}
    words = sorted((re.escape(name) for name in found if len(name) >= _SHORTEST_NAME), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)") if words else None


def _parts(text: str, called: re.Pattern[str] | None, is_trigger: IsTrigger) -> Iterator[Part]:
    """The text in pieces that together are it, letter for letter."""
    spans = [(match.span(), "trigger") for match in _WORD.finditer(text) if is_trigger(text, match[0])]
    spans += [(match.span(), "name") for match in (called.finditer(text) if called else ())]
    done = 0
    for (begin, end), kind in sorted(spans):
        if begin < done:
            continue  # a name within a name, or a trigger within it
        yield Part(text[done:begin], "")
        yield Part(text[begin:end], kind)
        done = end
    yield Part(text[done:], "")


# ---------------------------------------------------------------- JSON-LD


def _data_block(said: list[Triple]) -> Markup:
    """The statements as JSON-LD that cannot end the element they stand in.

    Outside of its strings JSON has none of these characters, and within them any can be written by its number
    (https://www.w3.org/TR/json-ld11/#restrictions-for-contents-of-json-ld-script-elements).
    """
    written = write(said, _JSON_LD).decode()
    for character in "<>&\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return Markup(written)


def _number(row: QuerySolution) -> int:
    return int(cast(Literal, row["count"]).value)


def _count(items: Iterable[object]) -> int:
    return sum(1 for _ in items)
