"""``/ontology``: the terms of the ontology, each with its relations to other terms; and the ontology as RDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from flask import Response, render_template
from pyoxigraph import NamedNode, QuerySolution

from hamakg.rdf.iris import HAMA
from hamakg.sparql.select import select
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.ontology_files import ALIGNMENTS, CROSSWALK, ONTOLOGY, load_files, write_file
from hamakg.web.pages.rendering.representations import negotiate, respond_with
from hamakg.web.pages.rendering.terms import RenderedTerm, TermRenderer
from hamakg.web.protocol.formats import GRAPHS, HTML

# The columns of terms.rq that relate a term to others, with the words that the page uses.
_RELATIONS = {
    "broader": "kind of",
    "narrower": "has kinds",
    "values": "has values",
    "domain": "applies to",
    "range": "takes values of",
    "inverse": "inverse of",
    "under": "in other vocabularies a kind of",
    "exact": "the same as",
    "close": "close to",
    "broad": "narrower than",
    "narrow": "wider than",
    "related": "overlaps with",
}


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term of the ontology; ``relations`` are words such as "kind of" with the terms that they lead to."""

    id: str
    kind: str
    label: str
    comment: str
    example: str
    relations: tuple[tuple[str, tuple[RenderedTerm, ...]], ...]


def show_ontology(context: PageContext) -> Response:
    """Shows the terms of the ontology, or gives its file."""
    form, media_type = negotiate((HTML, *GRAPHS))
    if form is not HTML:
        return respond_with(write_file(ONTOLOGY, form), form, media_type)
    ontology = load_files(ONTOLOGY, ALIGNMENTS, CROSSWALK)
    terms = TermRenderer(ontology, context.iris)
    entries = [_read_entry(solution, terms) for solution in select(ontology, "pages/terms")]
    kinds = [(kind, list(group)) for kind, group in groupby(entries, key=lambda entry: entry.kind)]
    page = render_template("ontology.html", kinds=kinds, namespace=HAMA, formats=GRAPHS)
    return respond_with(page, form, media_type)


def _read_entry(solution: QuerySolution, terms: TermRenderer) -> TermEntry:
    """Reads a row of ``terms.rq``; its columns of related terms hold IRIs separated by spaces."""

    def text(column: str) -> str:
        return terms.render(solution[column]).text

    iris: Mapping[str, list[str]] = {word: sorted(text(column).split()) for column, word in _RELATIONS.items()}
    return TermEntry(
        id=cast(NamedNode, solution["term"]).value.removeprefix(HAMA),
        kind=text("kind"),
        label=text("label"),
        comment=text("comment"),
        example=text("example"),
        relations=tuple(
            (word, tuple(terms.render(NamedNode(iri)) for iri in related)) for word, related in iris.items() if related
        ),
    )
