"""What answers can be written as, and which of it a request asks for.

The tables are the whole of content negotiation: a row is a name for ``?format=``, the media types, and the writer. The
first row is what a request gets that does not mind.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from flask import abort, request
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, serialize
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from hamakg.engine.request_error import RequestError
from hamakg.rdf.iris import PREFIXES


@dataclass(frozen=True, slots=True, eq=False)  # each row is itself: quick to look up
class Format:
    """A row: ``media_types`` begins with the format's own; the others are asked for by habit, and answered as asked."""

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

# https://www.w3.org/TR/xml/#charsets, as UTF-8, and https://www.w3.org/TR/xml-names/#NT-NCName, roughly
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_XML_NAME = re.compile(r"[^\W\d][\w.-]*$")

_SHORT = {"json": "application/json", "xml": "application/xml"}


def choose(asked: str | None, accept: str, offers: tuple[Format, ...]) -> tuple[Format, str]:
    """The format of the response, and the media type to call it by: what ``?format=`` or ``Accept`` wishes most.

    ``asked`` is a row's name or media type, or None. Of equally welcome rows the first wins. Raises Fault ``malformed``
    for a format that no answer has, ``not-acceptable`` for one that this answer cannot have
    (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1).
    """
    found = _named(asked, offers) if asked else _accepted(accept, offers)
    if isinstance(found, RequestError):
        raise found
    return found


def negotiate(offers: Sequence[Format]) -> tuple[Format, str]:
    """:func:`choose` for the current request of Flask; aborts where that raises."""
    try:
        return choose(request.values.get("format"), request.headers.get("Accept", ""), tuple(offers))
    except RequestError as fault:
        abort(fault.status, fault.message)


def write(result: QuerySolutions | QueryBoolean | Iterable[Triple], form: Format) -> bytes:
    """A query's result in a format that has a writer, each triple once.

    Raises what the engine finds wrong while it evaluates (``ask.faults``). Aborts with 406 for what XML cannot carry.
    """
    if isinstance(form.writer, QueryResultsFormat):
        written = cast(QuerySolutions | QueryBoolean, result).serialize(format=form.writer)
    else:
        triples = dict.fromkeys(cast(Iterable[Triple], result))
        if form.writer is RdfFormat.RDF_XML and not all(_XML_NAME.search(triple.predicate.value) for triple in triples):
            abort(406, "RDF/XML cannot carry a predicate whose IRI does not end in an XML name; choose another format.")
        written = serialize(triples, format=form.writer, prefixes=PREFIXES)
    if form.writer in (QueryResultsFormat.XML, RdfFormat.RDF_XML) and _NOT_IN_XML.search(cast(bytes, written)):
        abort(406, "XML cannot carry a control character that the answer contains; choose another format.")
    return cast(bytes, written)


@lru_cache(maxsize=256)
def _named(asked: str, offers: tuple[Format, ...]) -> tuple[Format, str] | RequestError:
    wanted = asked.strip().lower()
    for form in offers:
        if wanted in (form.name, *form.media_types) or _SHORT.get(wanted) in form.media_types:
            return form, wanted if wanted in form.media_types else form.media_types[0]
    known = any(wanted in (form.name, *form.media_types) for form in (*SOLUTIONS, *GRAPHS, HTML))
    said = f"This answer cannot be written as {asked!r}; {_choices(offers)}."
    return RequestError("not-acceptable" if known else "malformed", said)


@lru_cache(maxsize=256)
def _accepted(header: str, offers: tuple[Format, ...]) -> tuple[Format, str] | RequestError:
    # Parameters such as charset or profile do not tell our formats apart.
    wishes = parse_accept_header(header, MIMEAccept) or [("*/*", 1)]
    accept = MIMEAccept([(kind.partition(";")[0].strip(), quality) for kind, quality in wishes])
    types = [(form, media_type) for form in offers for media_type in form.media_types]
    # The most specific range decides on each type, so that "*/*, text/csv;q=0" is no CSV; best_match() would send it.
    best = max(types, key=lambda offer: accept.quality(offer[1]))
    if not accept.quality(best[1]):
        return RequestError("not-acceptable", f"Nothing that Accept allows can be sent; {_choices(offers)}.")
    return best


def _choices(offers: Sequence[Format]) -> str:
    return "choose one of " + ", ".join(f"{form.media_types[0]} (?format={form.name})" for form in offers)
