"""Describes a data set or a dump of it in VoID, DCAT and PROV, as Turtle without blank nodes.

The description depends on the content and name of the dump and on the version of hamakg, but not on the day of the run.
https://www.w3.org/TR/void/, https://www.w3.org/TR/vocab-dcat-3/, https://www.w3.org/TR/prov-o/
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import pyoxigraph as ox

from hamakg import __version__
from hamakg.publish.attribution import CHANGES, SourceArticle, count_articles
from hamakg.publish.dumps import FORMATS, serialize_turtle
from hamakg.publish.selection import list_part_graphs
from hamakg.publish.sorting import sort_key
from hamakg.rdf.iris import DESCRIPTION_PREFIXES, PREFIXES, Iris
from hamakg.rdf.terms import english, integer, iri_or_literal, term, typed
from hamakg.sparql.select import select_text

_PREFIXES = {**PREFIXES, **{prefix: DESCRIPTION_PREFIXES[prefix] for prefix in ("dcat", "spdx")}}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class Linkset:
    """How many triples with this property have values whose IRI begins with ``space``."""

    property: str
    space: str
    triples: int


@dataclass(frozen=True, slots=True)
class DatasetCounts:
    """How much some graphs contain together; each triple counts once, even if several graphs state it.

    ``subjects`` are all resources with a triple, ``entities`` those in the data set's own namespace. ``classes`` has
    the number of instances by the IRI of the class, ``properties`` the number of triples by that of the property.
    """

    subjects: int
    entities: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    linksets: Sequence[Linkset] = ()

    @property
    def triples(self) -> int:
        """The number of triples."""
        return sum(self.properties.values())


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A dump that has been written; ``format`` is one of FORMATS."""

    name: str
    format: str
    bytes: int
    sha256: str


def count_contents(store: ox.Store, graphs: Sequence[str], iris: Iris) -> DatasetCounts:
    """Counts what the graphs contain, and the links of the whole store; one property at a time, to save memory."""
    (counts,) = select_text(store, "description/subjects", graphs=graphs, space=iris.resource(""))
    classes = select_text(store, "description/classes", graphs=graphs)
    properties = [row["property"] for row in select_text(store, "description/properties", graphs=graphs)]
    linksets = select_text(store, "description/linksets", graphs=list_part_graphs("links", store, iris))
    return DatasetCounts(
        subjects=int(counts["subjects"]),
        entities=int(counts.get("entities", 0)),
        classes={row["class"]: int(row["entities"]) for row in classes},
        properties={
            iri: int(row["triples"])
            for iri in properties
            for row in select_text(store, "description/property", graphs=graphs, property=iri)
        },
        linksets=tuple(Linkset(row["property"], row["space"], int(row["triples"])) for row in linksets),
    )


def describe_dataset(
    counts: DatasetCounts,
    sources: Sequence[SourceArticle],
    file: DumpFile | None,
    selected: str,
    iris: Iris,
    *,
    endpoint: str | None = None,
) -> bytes:
    """Describes the selected part of the data set, its dump and the articles behind it, as Turtle.

    ``selected`` is the name of the selection, ``""`` for the whole data set. Without a ``file``, the data set is
    described as an ``endpoint`` serves it.
    """
    names = _DescriptionIris(iris, selected)
    statements = (
        *_describe_selection(names, counts, sources),
        *_describe_program(names),
        *(statement for source in sources for statement in _describe_source(source)),
        *(
            statement
            for kind, unit, numbers in (
                ("class", "void:entities", counts.classes),
                ("property", "void:triples", counts.properties),
            )
            for term_iri, number in numbers.items()
            for statement in _describe_partition(names, kind, term_iri, unit, number)
        ),
        *(statement for linkset in counts.linksets for statement in _describe_linkset(linkset, iris)),
        *(_describe_file(names, file) if file else ()),
        *([(names.dataset, "void:sparqlEndpoint", ox.NamedNode(endpoint))] if endpoint else []),
    )
    triples = {ox.Triple(ox.NamedNode(subject), term(prop), value) for subject, prop, value in statements}
    return serialize_turtle(sorted(triples, key=sort_key), iris, _PREFIXES)


# ---------------------------------------------------------------- statements: subject, prefixed property, value

Value = ox.NamedNode | ox.Literal
Statement = tuple[str, str, Value]


@dataclass(frozen=True, slots=True)
class _DescriptionIris:
    """Makes the IRIs of a description: fragments of the data set's IRI that begin with the name of the selection."""

    iris: Iris
    selected: str = ""

    @property
    def whole(self) -> str:
        return self.iris.graph("dataset")

    @property
    def dataset(self) -> str:
        return self.fragment() if self.selected else self.whole

    def fragment(self, *words: str) -> str:
        return f"{self.whole}#{quote('-'.join(filter(None, (self.selected, *words))), safe=':/?@+')}"


def _describe_selection(
    names: _DescriptionIris, counts: DatasetCounts, sources: Sequence[SourceArticle]
) -> Iterator[Statement]:
    selection = f", {names.selected}" if names.selected else ""
    return _make_statements(
        names.dataset,
        ("rdf:type", [term("void:Dataset"), term("dcat:Dataset"), term("prov:Entity")]),
        ("dcterms:title", [english(f"What hamakg reads in {count_articles(len(sources))} on battles{selection}")]),
        ("dcterms:rights", [english(CHANGES)] if sources else []),
        ("dcterms:license", [iri_or_literal(source.licence) for source in sources]),
        ("dcterms:source", [iri_or_literal(source.page) for source in sources]),
        ("dcterms:modified", sorted((_date_literal(s.modified) for s in sources if s.modified), key=str)[-1:]),
        ("dcterms:isPartOf", [ox.NamedNode(names.whole)] if names.selected else []),
        ("prov:wasDerivedFrom", [ox.NamedNode(source.iri) for source in sources]),
        ("prov:wasAttributedTo", [ox.NamedNode(_DescriptionIris(names.iris).fragment("hamakg"))]),
        ("owl:versionInfo", [ox.Literal(f"hamakg {__version__}")]),
        ("void:uriSpace", [ox.Literal(names.iris.resource(""))]),
        ("void:vocabulary", [ox.NamedNode(iri) for iri in _find_vocabularies(counts)]),
        ("void:triples", [integer(counts.triples)]),
        ("void:entities", [integer(counts.entities)]),
        ("void:distinctSubjects", [integer(counts.subjects)]),
        ("void:classes", [integer(len(counts.classes))]),
        ("void:properties", [integer(len(counts.properties))]),
    )


def _describe_program(names: _DescriptionIris) -> Iterator[Statement]:
    return _make_statements(
        _DescriptionIris(names.iris).fragment("hamakg"),
        ("rdf:type", [term("prov:SoftwareAgent")]),
        ("rdfs:label", [english("hamakg")]),
        ("owl:versionInfo", [ox.Literal(__version__)]),
    )


def _describe_source(source: SourceArticle) -> Iterator[Statement]:
    return _make_statements(
        source.iri,
        ("rdf:type", [term("prov:Entity")]),
        ("dcterms:title", [english(source.title)]),
        ("dcterms:source", [iri_or_literal(source.page)]),
        ("dcterms:license", [iri_or_literal(source.licence)]),
        ("dcterms:modified", [_date_literal(source.modified)] if source.modified else []),
        ("schema:version", [ox.Literal(source.revision)] if source.revision else []),
        ("prov:wasDerivedFrom", [ox.NamedNode(source.revision_page)] if source.revision_page else []),
    )


def _describe_partition(names: _DescriptionIris, kind: str, iri: str, unit: str, number: int) -> Iterator[Statement]:
    part = names.fragment(kind, names.iris.shorten(iri))
    yield names.dataset, f"void:{kind}Partition", ox.NamedNode(part)
    yield part, f"void:{kind}", ox.NamedNode(iri)
    yield part, unit, integer(number)


def _describe_linkset(linkset: Linkset, iris: Iris) -> Iterator[Statement]:
    """Links belong to the whole data set, whatever is selected of it."""
    names = _DescriptionIris(iris)
    target = names.fragment("target", linkset.space)
    links = names.fragment("links", iris.shorten(linkset.property), linkset.space)
    yield names.whole, "void:subset", ox.NamedNode(links)
    yield from _make_statements(
        links,
        ("rdf:type", [term("void:Linkset")]),
        ("void:linkPredicate", [ox.NamedNode(linkset.property)]),
        ("void:subjectsTarget", [ox.NamedNode(names.whole)]),
        ("void:objectsTarget", [ox.NamedNode(target)]),
        ("void:triples", [integer(linkset.triples)]),
    )
    yield target, "rdf:type", term("void:Dataset")
    yield target, "void:uriSpace", ox.Literal(linkset.space)


def _describe_file(names: _DescriptionIris, file: DumpFile) -> Iterator[Statement]:
    rdf = FORMATS[file.format]
    dump, checksum = names.fragment("dump", file.format), names.fragment("dump", file.format, "checksum")
    yield names.dataset, "dcat:distribution", ox.NamedNode(dump)
    yield names.dataset, "void:feature", ox.NamedNode(rdf.iri)
    yield from _make_statements(
        dump,
        ("rdf:type", [term("dcat:Distribution")]),
        ("dcterms:title", [ox.Literal(file.name)]),
        ("dcat:mediaType", [ox.NamedNode(_MEDIA_TYPES + rdf.media_type)]),
        ("dcat:byteSize", [typed(str(file.bytes), "xsd:nonNegativeInteger")]),
        ("spdx:checksum", [ox.NamedNode(checksum)]),
    )
    yield from _make_statements(
        checksum,
        ("rdf:type", [term("spdx:Checksum")]),
        ("spdx:algorithm", [term("spdx:checksumAlgorithm_sha256")]),
        ("spdx:checksumValue", [typed(file.sha256, "xsd:hexBinary")]),
    )


def _find_vocabularies(counts: DatasetCounts) -> set[str]:
    """The namespaces in PREFIXES whose terms the data use."""
    used = (*counts.classes, *counts.properties)
    return {space for space in PREFIXES.values() if any(iri.startswith(space) for iri in used)}


def _make_statements(subject: str, *properties: tuple[str, Sequence[Value]]) -> Iterator[Statement]:
    return ((subject, prop, value) for prop, values in properties for value in values)


def _date_literal(text: str) -> ox.Literal:
    return typed(text, "xsd:dateTime" if "T" in text else "xsd:date")
