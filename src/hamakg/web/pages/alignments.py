"""``/ontology/alignments``: how the terms of the ontology relate to the terms of other vocabularies."""

from itertools import groupby
from typing import NamedTuple

from flask import Response, render_template

from hamakg.sparql.select import select
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.ontology_files import ALIGNMENTS, load_files, write_file
from hamakg.web.pages.rendering.representations import negotiate, respond_with
from hamakg.web.pages.rendering.terms import RenderedTerm, TermRenderer
from hamakg.web.protocol.formats import GRAPHS, HTML

# The vocabularies by the prefix that the page shows.
_VOCABULARIES = {
    "crm": "CIDOC CRM",
    "dbo": "DBpedia ontology",
    "prov": "PROV-O",
    "schema": "schema.org",
    "sem": "SEM, the Simple Event Model",
    "wd": "Wikidata",
}


class Alignment(NamedTuple):
    """One statement about a term of the ontology and a term of another vocabulary."""

    term: RenderedTerm
    relation: str
    other: RenderedTerm


def show_alignments(context: PageContext) -> Response:
    """Shows the alignments by vocabulary, or gives their file; a request without preference gets Turtle."""
    form, media_type = negotiate((*GRAPHS, HTML))
    if form is not HTML:
        return respond_with(write_file(ALIGNMENTS, form), form, media_type)
    graph = load_files(ALIGNMENTS)
    (about,) = select(graph, "pages/about-ontology")
    alignments = _read_alignments(TermRenderer(graph, context.iris))
    groups = [
        (_VOCABULARIES.get(prefix, prefix), list(rows)) for prefix, rows in groupby(alignments, key=_prefix_of_other)
    ]
    page = render_template("alignments.html", about=about, vocabularies=groups, formats=GRAPHS)
    return respond_with(page, form, media_type)


def _read_alignments(terms: TermRenderer) -> list[Alignment]:
    rows = (
        Alignment(terms.render(row["term"]), terms.render(row["relation"]).text, terms.render(row["other"]))
        for row in select(terms.store, "pages/mappings")
    )
    return sorted(rows, key=lambda row: (_prefix_of_other(row), row.term.text, row.relation, row.other.text))


def _prefix_of_other(alignment: Alignment) -> str:
    return alignment.other.text.partition(":")[0]
