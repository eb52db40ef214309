"""``/crosswalk``: the codes of other event data sets, each with the event classes that relate to it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from flask import Response, render_template
from pyoxigraph import NamedNode, QuerySolution

from hamakg.sparql.select import select
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.ontology_files import CROSSWALK, load_files, write_file
from hamakg.web.pages.rendering.representations import negotiate, respond_with
from hamakg.web.pages.rendering.terms import CODE_SCHEMES, RenderedTerm, TermRenderer
from hamakg.web.protocol.formats import GRAPHS, HTML

Relations = Mapping[NamedNode, Sequence[tuple[str, RenderedTerm]]]


@dataclass(frozen=True, slots=True)
class Code:
    """A code of another data set; ``relations`` are words such as "close to", each with a class of the ontology.

    ``notation`` is the code as that data set writes it, ``is_group`` whether other codes are below it.
    """

    id: str
    label: str
    notation: str
    definition: str
    is_group: bool
    relations: Sequence[tuple[str, RenderedTerm]]


def show_crosswalk(context: PageContext, scheme: str | None = None) -> Response:
    """Shows the codes of one scheme or of all, or gives the file; a request without preference gets Turtle."""
    form, media_type = negotiate((*GRAPHS, HTML))
    if form is not HTML:
        return respond_with(write_file(CROSSWALK, form), form, media_type)
    graph = load_files(CROSSWALK)
    terms = TermRenderer(graph, context.iris)
    (about,) = select(graph, "pages/about-ontology")
    relations = _read_relations(terms)
    schemes = {name: CODE_SCHEMES[name].removesuffix("#") for name in ([scheme] if scheme else CODE_SCHEMES)}
    tables = [_read_scheme(iri, terms, relations) for iri in schemes.values()]
    page = render_template("crosswalk.html", about=about, schemes=tables, is_whole=scheme is None, formats=GRAPHS)
    return respond_with(page, form, media_type)


def _read_scheme(iri: str, terms: TermRenderer, relations: Relations) -> dict[str, object]:
    (about,) = select(terms.store, "pages/about-code-scheme", scheme=iri)
    codes = [_read_code(row, relations) for row in select(terms.store, "pages/codes", scheme=iri)]
    return {"about": about, "codes": codes}


def _read_code(row: QuerySolution, relations: Relations) -> Code:
    node = cast(NamedNode, row["code"])
    return Code(
        id=node.value.rpartition("#")[2],
        label=row["label"].value,
        notation=row["notation"].value,
        definition=row["definition"].value,
        is_group=row["isGroup"].value == "true",
        relations=relations.get(node, ()),
    )


def _read_relations(terms: TermRenderer) -> Relations:
    """Reads which classes each code relates to; a code that is wider than a class is listed with "wider than"."""
    relations = defaultdict[NamedNode, list[tuple[str, RenderedTerm]]](list)
    for row in select(terms.store, "pages/mappings"):
        relations[cast(NamedNode, row["other"])].append((row["inverse"].value, terms.render(row["term"])))
    return relations
