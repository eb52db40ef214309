"""``/resource/…``: one resource, with its statements, its events, and the passages that it rests on."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Generic, TypeVar, cast

from flask import Response, abort, render_template
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store, Triple

from hamakg.explain import make_trigger_test
from hamakg.rdf.iris import Iris
from hamakg.rdf.terms import term
from hamakg.sparql.ask import ask
from hamakg.sparql.query_files import query_text
from hamakg.sparql.select import select
from hamakg.store import find_triples
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.rendering.properties import (
    LinkToAll,
    PropertyValues,
    group_values,
    query_url,
    render_property,
    sort_properties,
)
from hamakg.web.pages.rendering.representations import require_iri, respond_with
from hamakg.web.pages.rendering.terms import RDF_TYPE, RenderedTerm, Term, TermRenderer, read_label, read_marks
from hamakg.web.protocol.formats import GRAPHS, HTML, write

EVENTS_SHOWN = 50
PASSAGES_SHOWN = 10
CROWDED = 2_000
"""A resource with more incoming statements than this has its lists cut unsorted: sorting would read them all."""

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_JSON_LD = next(form for form in GRAPHS if form.name == "jsonld")
_MIN_NAME_LENGTH = 3

_Item = TypeVar("_Item")
_IsTrigger = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a passage; ``kind`` is "trigger" for the word that tells the event, "name" for a mention, or ""."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage that the resource rests on: together the spans are its exact text."""

    spans: tuple[Span, ...]
    passage: RenderedTerm
    article: RenderedTerm


@dataclass(frozen=True, slots=True)
class RelatedEvent:
    """An event and what the resource is to it: the place it happened "at", its "agent" and so on."""

    start: RenderedTerm
    end: RenderedTerm
    relation: RenderedTerm
    event: RenderedTerm


@dataclass(frozen=True, slots=True)
class PartialList(Generic[_Item]):
    """The first items of a list, the number of further ones (None: unknown, but some), and a page with all."""

    items: tuple[_Item, ...]
    more: int | None
    all_url: str


def show_resource(context: PageContext, path: str) -> Response:
    """Shows a resource; programs get all statements with it as subject or object from the event loop."""
    node = require_iri(context.iris.resource(path))
    page = _render_page(context.snapshot(), context.iris, node)
    if page is None:
        abort(404, f"The data has no statement about {node.value}.")
    return respond_with(page, HTML, HTML.media_types[0])


def _render_page(snapshot: Store, iris: Iris, node: NamedNode) -> str | None:
    """Renders the page of a resource; None if no statement mentions it."""
    outgoing = [Triple(node, row["property"], row["value"]) for row in _select(snapshot, "outgoing", node)]
    incoming = {row["property"]: _read_count(row) for row in _select(snapshot, "incoming-counts", node)}
    (statements,) = map(_read_count, _select(snapshot, "statement-count", node))
    if not statements:
        return None
    terms, is_crowded = TermRenderer(snapshot, iris), sum(incoming.values()) > CROWDED
    return render_template(
        "resource.html",
        iri=node.value,
        title=read_label(node, snapshot) or iris.shorten(node.value),
        types=terms.render_sorted(triple.object for triple in outgoing if triple.predicate == RDF_TYPE),
        marks=read_marks(node, snapshot),
        quotations=_read_quotations(terms, node, is_crowded),
        outgoing=group_values(
            ((triple.predicate, triple.object) for triple in outgoing), terms, _link_to_query("pages/values", node)
        ),
        events=_read_list(terms, "pages/events-of", node, EVENTS_SHOWN, is_crowded, partial(_read_event, terms)),
        incoming=_read_incoming(terms, node, incoming),
        inferred=statements - len(outgoing) - sum(incoming.values()),
        json_ld=_write_data_block(outgoing),
        formats=GRAPHS,
    )


def _select(snapshot: Store, name: str, node: NamedNode) -> QuerySolutions:
    return select(snapshot, f"pages/{name}", resource=node.value)


def _read_incoming(terms: TermRenderer, node: NamedNode, counts: Mapping[NamedNode, int]) -> list[PropertyValues]:
    """Reads the subjects of the statements with the resource as object, by property."""
    link = _link_to_query("pages/subjects", node)
    return sort_properties(
        render_property(prop, _find_subjects(terms, prop, node), count, terms, link) for prop, count in counts.items()
    )


def _find_subjects(terms: TermRenderer, prop: NamedNode, node: NamedNode) -> Iterator[Term]:
    """Yields each subject once, and leaves out statements that are only inferred."""
    inferred, seen = terms.iris.graph("inferred/"), set[Term]()
    for quad in terms.store.quads_for_pattern(None, prop, node):
        is_stated = isinstance(quad.graph_name, NamedNode) and not quad.graph_name.value.startswith(inferred)
        if is_stated and quad.subject not in seen:
            seen.add(quad.subject)
            yield quad.subject


def _link_to_query(query: str, node: NamedNode) -> LinkToAll:
    return lambda prop: query_url(query, resource=node.value, property=cast(NamedNode, prop).value)


def _read_list(
    terms: TermRenderer,
    query: str,
    node: NamedNode,
    shown: int,
    is_crowded: bool,
    read_item: Callable[[QuerySolution], _Item],
) -> PartialList[_Item]:
    """Reads the first rows of a query; of a crowded resource the first that the engine finds, not in order."""
    text = query_text(query, resource=node.value)
    if is_crowded:
        text = f"{text.partition('ORDER BY')[0]} LIMIT {shown}"
    rows = cast(QuerySolutions, ask(terms.store, text))
    items = tuple(read_item(row) for row in islice(rows, shown))
    more = None if is_crowded and len(items) == shown else sum(1 for _ in rows)
    return PartialList(items, more, query_url(query, resource=node.value))


def _read_event(terms: TermRenderer, row: QuerySolution) -> RelatedEvent:
    return RelatedEvent(*(terms.render(row[name]) for name in ("start", "end", "relation", "event")))


def _read_count(row: QuerySolution) -> int:
    return int(cast(Literal, row["count"]).value)


# ---------------------------------------------------------------- passages


def _read_quotations(terms: TermRenderer, node: NamedNode, is_crowded: bool) -> PartialList[Quotation]:
    """Reads the passages that the resource rests on, and marks mentions of it and the word that tells an event."""
    snapshot = terms.store
    names = _compile_names(cast(Literal, row["name"]).value for row in _select(snapshot, "names", node))
    is_event = any(find_triples(snapshot, node, term("hama:extractedBy")))
    is_trigger = make_trigger_test(snapshot, node, terms.iris) if is_event else lambda sentence, word: False

    def read_quotation(row: QuerySolution) -> Quotation:
        spans = _split_passage(cast(Literal, row["text"]).value, names, is_trigger)
        return Quotation(tuple(spans), terms.render(row["passage"]), terms.render(row["article"]))

    return _read_list(terms, "pages/passages", node, PASSAGES_SHOWN, is_crowded, read_quotation)


def _compile_names(names: Iterable[str]) -> re.Pattern[str] | None:
    """Compiles a pattern of whole names, the longest first; None if every name is too short to be recognised."""
    usable = {name for name in names if len(name) >= _MIN_NAME_LENGTH}
    alternatives = sorted(map(re.escape, usable), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)") if alternatives else None


def _split_passage(text: str, names: re.Pattern[str] | None, is_trigger: _IsTrigger) -> Iterator[Span]:
    """Splits a passage at its names and triggers; together the spans are the exact text."""
    found = [(match.span(), "trigger") for match in _WORD.finditer(text) if is_trigger(text, match[0])]
    found += [(match.span(), "name") for match in (names.finditer(text) if names else ())]
    done = 0
    for (begin, end), kind in sorted(found):
        if begin < done:
            continue  # it overlaps the span before
        yield Span(text[done:begin], "")
        yield Span(text[begin:end], kind)
        done = end
    yield Span(text[done:], "")


# ---------------------------------------------------------------- JSON-LD


def _write_data_block(statements: Sequence[Triple]) -> Markup:
    """Writes statements as JSON-LD that cannot end the script element around it.

    JSON has none of these characters outside of strings, and inside a string each can be written as an escape
    (https://www.w3.org/TR/json-ld11/#restrictions-for-contents-of-json-ld-script-elements).
    """
    json_ld = write(statements, _JSON_LD).decode()
    for character in "<>&\u2028\u2029":
        json_ld = json_ld.replace(character, f"\\u{ord(character):04x}")
    return Markup(json_ld)
