"""How an answer is written: each kind of result in its formats."""

import re
from collections.abc import Iterable
from typing import IO, TypeVar, cast

import pyoxigraph as ox

from hamakg.engine.request_error import RequestError
from hamakg.engine.sink import Sink
from hamakg.rdf.iris import PREFIXES
from hamakg.sparql.ask import Result

_F = TypeVar("_F", ox.QueryResultsFormat, ox.RdfFormat)

Form = ox.QueryResultsFormat | ox.RdfFormat

_WITH_PREFIXES = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.JSON_LD, ox.RdfFormat.N3)
# https://www.w3.org/TR/xml-names/#NT-NCName, roughly
_XML_NAME = re.compile(r"[^\W\d][\w.-]*$")


def form_of(result: Result, media_type: str) -> Form:
    """The format of this media type for such a result; the engine's table knows those that :mod:`web.formats` names."""
    if isinstance(result, ox.QueryTriples):
        return graph_form(media_type)
    return _known(ox.QueryResultsFormat.from_media_type(media_type), media_type)


def graph_form(media_type: str) -> ox.RdfFormat:
    """The format of graphs of this media type."""
    return _known(ox.RdfFormat.from_media_type(media_type), media_type)


def write(result: Result, form: Form, sink: Sink) -> None:
    """Writes all of the result. Raises Fault for what RDF/XML cannot carry, and as evaluating the query does."""
    if isinstance(result, ox.QueryTriples):
        write_triples(result, cast(ox.RdfFormat, form), sink)
    else:
        result.serialize(cast(IO[bytes], sink), format=cast(ox.QueryResultsFormat, form))


def write_triples(triples: Iterable[ox.Triple], form: ox.RdfFormat, sink: Sink) -> None:
    """Writes a graph, with our prefixes where the format has any."""
    if form == ox.RdfFormat.RDF_XML:
        triples = [*triples]
        if not all(_XML_NAME.search(triple.predicate.value) for triple in triples):
            raise RequestError(
                "not-acceptable",
                "RDF/XML cannot carry a predicate whose IRI does not end in an XML name; choose another format.",
            )
    if isinstance(triples, ox.QueryTriples) and form not in _WITH_PREFIXES:
        triples.serialize(cast(IO[bytes], sink), format=form)
    else:
        ox.serialize(triples, cast(IO[bytes], sink), format=form, prefixes=PREFIXES)


def _known(form: _F | None, media_type: str) -> _F:
    if form is None:
        raise ValueError(f"no format of the engine is {media_type}")
    return form
