"""Serializes the results of queries, and graphs, in the formats that the engine knows."""

import re
from collections.abc import Iterable
from typing import IO, TypeVar, cast

import pyoxigraph as ox

from hamakg.engine.request_error import RequestError
from hamakg.engine.sink import Sink
from hamakg.rdf.iris import PREFIXES
from hamakg.sparql.ask import Result

_F = TypeVar("_F", ox.QueryResultsFormat, ox.RdfFormat)

OutputFormat = ox.QueryResultsFormat | ox.RdfFormat

_WITH_PREFIXES = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.JSON_LD, ox.RdfFormat.N3)
# https://www.w3.org/TR/xml-names/#NT-NCName, roughly
_XML_NAME = re.compile(r"[^\W\d][\w.-]*$")


def find_output_format(result: Result, media_type: str) -> OutputFormat:
    """Finds the engine's format for a result, by a media type of the tables in :mod:`hamakg.web.protocol.formats`."""
    if isinstance(result, ox.QueryTriples):
        return find_graph_format(media_type)
    return _require(ox.QueryResultsFormat.from_media_type(media_type), media_type)


def find_graph_format(media_type: str) -> ox.RdfFormat:
    """Finds the engine's format for graphs of this media type."""
    return _require(ox.RdfFormat.from_media_type(media_type), media_type)


def serialize_result(result: Result, form: OutputFormat, sink: Sink) -> None:
    """Writes a result. Raises RequestError for what RDF/XML cannot represent, and what evaluating the query raises."""
    if isinstance(result, ox.QueryTriples):
        serialize_triples(result, cast(ox.RdfFormat, form), sink)
    else:
        result.serialize(cast(IO[bytes], sink), format=cast(ox.QueryResultsFormat, form))


def serialize_triples(triples: Iterable[ox.Triple], form: ox.RdfFormat, sink: Sink) -> None:
    """Writes a graph, with hamakg's prefixes if the format has prefixes."""
    if form == ox.RdfFormat.RDF_XML:
        triples = [*triples]
        check_rdf_xml(triples)
    if isinstance(triples, ox.QueryTriples) and form not in _WITH_PREFIXES:
        triples.serialize(cast(IO[bytes], sink), format=form)
    else:
        ox.serialize(triples, cast(IO[bytes], sink), format=form, prefixes=PREFIXES)


def check_rdf_xml(triples: Iterable[ox.Triple]) -> None:
    """Raises RequestError if RDF/XML cannot represent a predicate (https://www.w3.org/TR/rdf-syntax-grammar/)."""
    if not all(_XML_NAME.search(triple.predicate.value) for triple in triples):
        raise RequestError(
            "not-acceptable",
            "RDF/XML cannot represent a predicate whose IRI does not end in an XML name; choose another format.",
        )


def _require(form: _F | None, media_type: str) -> _F:
    if form is None:
        raise ValueError(f"the engine has no format for {media_type}")
    return form
