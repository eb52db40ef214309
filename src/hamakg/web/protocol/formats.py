"""The formats of answers, and the choice of one by what a request asks for.

The tables are all of content negotiation. A request that accepts anything gets the first row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, serialize
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from hamakg.engine.request_error import RequestError
from hamakg.engine.serialization import check_rdf_xml
from hamakg.engine.sink import check_xml
from hamakg.rdf.iris import PREFIXES


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity, so that caches find a row quickly
class Format:
    """A row: the name for ``?format=``, the label for people, the media types, and the engine's format.

    The first media type is the registered one. Clients also ask for the others, and their answer is named as they ask.
    """

    name: str
    label: str
    media_types: tuple[str, ...]
    writer: QueryResultsFormat | RdfFormat | None = None


HTML = Format("html", "Web page", ("text/html", "application/xhtml+xml"))

# https://www.w3.org/TR/sparql11-protocol/#query-success
SOLUTIONS = (
    # https://www.w3.org/TR/sparql11-results-json/
    Format("json", "JSON", ("application/sparql-results+json", "application/json"), QueryResultsFormat.JSON),
    # https://www.w3.org/TR/rdf-sparql-XMLres/
    Format("xml", "XML", ("application/sparql-results+xml", "application/xml", "text/xml"), QueryResultsFormat.XML),
    # https://www.w3.org/TR/sparql11-results-csv-tsv/
    Format("csv", "CSV", ("text/csv",), QueryResultsFormat.CSV),
    Format("tsv", "TSV", ("text/tab-separated-values",), QueryResultsFormat.TSV),
)
GRAPHS = (
    # https://www.w3.org/TR/turtle/
    Format("turtle", "Turtle", ("text/turtle", "application/x-turtle"), RdfFormat.TURTLE),
    # https://www.w3.org/TR/n-triples/
    Format("ntriples", "N-Triples", ("application/n-triples", "text/plain"), RdfFormat.N_TRIPLES),
    # https://www.w3.org/TR/json-ld11/
    Format("jsonld", "JSON-LD", ("application/ld+json", "application/json"), RdfFormat.JSON_LD),
    # https://www.w3.org/TR/rdf-syntax-grammar/
    Format("rdfxml", "RDF/XML", ("application/rdf+xml", "application/xml", "text/xml"), RdfFormat.RDF_XML),
    # https://www.w3.org/TR/n-quads/
    Format("nquads", "N-Quads", ("application/n-quads",), RdfFormat.N_QUADS),
    # https://www.w3.org/TR/trig/
    Format("trig", "TriG", ("application/trig",), RdfFormat.TRIG),
)

_SHORT_NAMES = {"json": "application/json", "xml": "application/xml"}
"""Names that stand for different formats of solutions and of graphs."""


def choose_format(name: str | None, accept: str, offers: tuple[Format, ...]) -> tuple[Format, str]:
    """Chooses a format and the media type to call it by: the one that ``?format=`` names, or else ``Accept`` prefers.

    ``name`` is the name or a media type of a format, or None. Of equally preferred formats, the first is chosen.

    Raises RequestError ``malformed`` if no answer has the format, ``not-acceptable`` if this one does not
    (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1).
    """
    choice = _find_named(name, offers) if name else _find_accepted(accept, offers)
    if isinstance(choice, RequestError):
        raise choice
    return choice


def write(result: QuerySolutions | QueryBoolean | Iterable[Triple], form: Format) -> bytes:
    """Writes the result of a query in a format that the engine knows; a graph without duplicate triples.

    Raises RequestError for what XML cannot represent, and the engine's errors about the query
    (see :func:`hamakg.sparql.ask.explain_errors`).
    """
    if isinstance(form.writer, QueryResultsFormat):
        written = cast(QuerySolutions | QueryBoolean, result).serialize(format=form.writer)
    else:
        triples = dict.fromkeys(cast(Iterable[Triple], result))
        if form.writer is RdfFormat.RDF_XML:
            check_rdf_xml(triples)
        written = serialize(triples, format=form.writer, prefixes=PREFIXES)
    if form.writer in (QueryResultsFormat.XML, RdfFormat.RDF_XML):
        check_xml(cast(bytes, written))
    return cast(bytes, written)


# The two ways to choose return errors rather than raise them, because lru_cache does not keep what is raised.


@lru_cache(maxsize=256)
def _find_named(name: str, offers: tuple[Format, ...]) -> tuple[Format, str] | RequestError:
    wanted = name.strip().lower()
    for form in offers:
        if wanted in (form.name, *form.media_types) or _SHORT_NAMES.get(wanted) in form.media_types:
            return form, wanted if wanted in form.media_types else form.media_types[0]
    is_known = any(wanted in (form.name, *form.media_types) for form in (*SOLUTIONS, *GRAPHS, HTML))
    problem = f"This answer cannot be written as {name!r}; {_list_choices(offers)}."
    return RequestError("not-acceptable" if is_known else "malformed", problem)


@lru_cache(maxsize=256)
def _find_accepted(header: str, offers: tuple[Format, ...]) -> tuple[Format, str] | RequestError:
    # parameters such as charset or profile make no difference between these formats
    wishes = parse_accept_header(header, MIMEAccept) or [("*/*", 1)]
    accept = MIMEAccept([(media_type.partition(";")[0].strip(), quality) for media_type, quality in wishes])
    types = [(form, media_type) for form in offers for media_type in form.media_types]
    # the most specific range decides on each type, so that "*/*, text/csv;q=0" excludes CSV; best_match() would not
    best = max(types, key=lambda offer: accept.quality(offer[1]))
    if not accept.quality(best[1]):
        return RequestError(
            "not-acceptable", f"The Accept header allows no format of this answer; {_list_choices(offers)}."
        )
    return best


def _list_choices(offers: Sequence[Format]) -> str:
    return "choose one of " + ", ".join(f"{form.media_types[0]} (?format={form.name})" for form in offers)
