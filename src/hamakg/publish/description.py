"""What stands beside a dump: its description in VoID and DCAT, and the attribution that the articles' licence asks for.

Both are functions of the dump's content, its name and the version of hamakg; no date of a run is in them, and no blank
node. https://www.w3.org/TR/void/, https://www.w3.org/TR/vocab-dcat-3/, https://www.w3.org/TR/prov-o/
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from urllib.parse import quote

import pyoxigraph as ox

from hamakg import __version__
from hamakg.publish.dumps import FORMATS, serialize_turtle
from hamakg.publish.selection import find_source_graphs, list_part_graphs
from hamakg.publish.sorting import sort_key
from hamakg.rdf.iris import DESCRIPTION_PREFIXES, PREFIXES, Iris
from hamakg.rdf.terms import english, integer, iri_or_literal, term, typed
from hamakg.sparql.select import select_text

_PREFIXES = {**PREFIXES, **{prefix: DESCRIPTION_PREFIXES[prefix] for prefix in ("dcat", "spdx")}}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

_LICENCES = {
    "https://creativecommons.org/licenses/by-sa/4.0/": "Creative Commons Attribution-ShareAlike 4.0 International",
    "https://creativecommons.org/licenses/by-sa/3.0/": "Creative Commons Attribution-ShareAlike 3.0 Unported",
}
_ADDRESSES = {
    "GeoNames": "https://www.geonames.org/",
    "Who's On First": "https://whosonfirst.org/",
    "Wikidata": "https://www.wikidata.org/",
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
_WIKIPEDIA = re.compile(r"(https?://[a-z-]+\.wikipedia\.org)/wiki/(.+)")

CHANGES = (
    "A program read the articles and wrote what it understood as data, with mistakes. Sentences and fields of "
    "infoboxes are quoted letter for letter; types, roles, dates, figures, labels and all else are its reading. "
    "The articles' authors have not seen or endorsed it."
)


@dataclass(frozen=True, slots=True)
class SourceArticle:
    """An article that data are made from; ``iri`` is its resource, ``modified`` the day or time of its revision."""

    iri: str
    title: str
    page: str
    licence: str
    revision: str | None = None
    modified: str | None = None

    @property
    def revision_page(self) -> str | None:
        """The address of this very revision, where it is known: of Wikipedia's articles."""
        found = _WIKIPEDIA.fullmatch(self.page)
        return f"{found[1]}/w/index.php?oldid={self.revision}" if found and self.revision else None

    @property
    def history(self) -> str | None:
        """The address of the list of its authors."""
        found = _WIKIPEDIA.fullmatch(self.page)
        return f"{found[1]}/w/index.php?title={found[2]}&action=history" if found else None


@dataclass(frozen=True, slots=True)
class Linkset:
    """How many triples with this property lead to IRIs that begin with ``space``."""

    property: str
    space: str
    triples: int


@dataclass(frozen=True, slots=True)
class DatasetCounts:
    """What is in graphs taken together: each triple counts once, however many of them state it.

    ``subjects`` are all that something is said of, ``entities`` those of the data set's own namespace; ``classes`` and
    ``properties`` are counted by IRI, things and triples.
    """

    subjects: int
    entities: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    linksets: Sequence[Linkset] = ()

    @property
    def triples(self) -> int:
        """How many triples the graph has."""
        return sum(self.properties.values())


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A dump as it was written: its name, format (of FORMATS), size and digest."""

    name: str
    format: str
    bytes: int
    sha256: str


def read_sources(store: ox.Store, graphs: Sequence[str], iris: Iris) -> tuple[SourceArticle, ...]:
    """The articles that the graphs are made from, by title."""
    rows = select_text(store, "description/articles", graphs=find_source_graphs(store, graphs, iris))
    return tuple(
        SourceArticle(
            row["article"], row["title"], row["page"], row["licence"], row.get("revision"), row.get("modified")
        )
        for row in rows
    )


def count_contents(store: ox.Store, graphs: Sequence[str], iris: Iris) -> DatasetCounts:
    """What is in the graphs, and which links the store has. Takes the memory of the most used property's triples."""
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
    figures: DatasetCounts,
    sources: Sequence[SourceArticle],
    file: DumpFile | None,
    selected: str,
    iris: Iris,
    *,
    endpoint: str | None = None,
) -> bytes:
    """The data set, the dump and the articles behind it, in Turtle; ``selected`` is the name of what was chosen.

    Without a file it is what an ``endpoint`` serves.
    """
    home = _Home(iris, selected)
    facts = (
        *_dataset(home, figures, sources),
        *_program(home),
        *(fact for source in sources for fact in _source(source)),
        *(fact for iri, n in figures.classes.items() for fact in _partition(home, "class", iri, "void:entities", n)),
        *(
            fact
            for iri, n in figures.properties.items()
            for fact in _partition(home, "property", iri, "void:triples", n)
        ),
        *(fact for linkset in figures.linksets for fact in _linkset(linkset, iris)),
        *(_distribution(home, file) if file else ()),
        *([(home.dataset, "void:sparqlEndpoint", ox.NamedNode(endpoint))] if endpoint else []),
    )
    triples = {ox.Triple(ox.NamedNode(subject), term(prop), value) for subject, prop, value in facts}
    return serialize_turtle(sorted(triples, key=sort_key), iris, _PREFIXES)


def read_credits(store: ox.Store, graphs: Sequence[str], iris: Iris, table: bool = False) -> tuple[str, ...]:
    """Who gives the coordinates that the graphs have, in alphabetical order; a table has those of all links."""
    holding = list_part_graphs("links", store, iris) if table else graphs
    return tuple(row["credit"] for row in select_text(store, "description/credits", graphs=holding)) if holding else ()


def format_attribution(sources: Sequence[SourceArticle], name: str, credits: Sequence[str] = ()) -> str:
    """The attribution that whoever passes the file on has to give, as text.

    It names the articles, their licence, what was changed, and who gives the coordinates (``credits``).
    """
    lines = [f"{name}: made by hamakg {__version__} from {_articles(len(sources))}."]
    for licence in sorted({source.licence for source in sources}):
        lines += ["", f"Licence: {_LICENCES.get(licence, 'that of the articles')}", f"  {licence}"]
    if sources:
        lines += [
            "It holds for the articles and for this file. Whoever passes the file on names the articles with their",
            "addresses, names the licence with its address, and says what was changed.",
            "",
            *wrap("What was changed: " + CHANGES, 100),
            "",
            "The articles, by their contributors:",
        ]
    for source in sources:
        lines += ["", *_credit(source)]
    if credits:
        lines += ["", "The coordinates of places are by:", *(f"  {_with_addresses(credit)}" for credit in credits)]
    return "\n".join(lines) + "\n"


def _with_addresses(credit: str) -> str:
    """The credit with the addresses of those that it names, as CC BY asks for."""
    named = [address for name, address in _ADDRESSES.items() if name in credit]
    return f"{credit} ({', '.join(named)})" if named else credit


def _articles(number: int) -> str:
    return {0: "no article", 1: "1 article"}.get(number, f"{number:,} articles")


def _credit(source: SourceArticle) -> Iterator[str]:
    yield source.title
    yield f"  {source.page}"
    if source.revision:
        day = f" of {source.modified}" if source.modified else ""
        yield f"  revision {source.revision}{day}" + (f": {source.revision_page}" if source.revision_page else "")
    if source.history:
        yield f"  contributors: {source.history}"
    yield f"  licence: {source.licence}"


# ---------------------------------------------------------------- statements: subject, prefixed property, value

Value = ox.NamedNode | ox.Literal
Fact = tuple[str, str, Value]


@dataclass(frozen=True, slots=True)
class _Home:
    """Where the IRIs of a description lie: below the data set's, with ``selected`` in front where that is not all."""

    iris: Iris
    selected: str = ""

    @property
    def whole(self) -> str:
        return self.iris.graph("dataset")

    @property
    def dataset(self) -> str:
        return self.part() if self.selected else self.whole

    def part(self, *words: str) -> str:
        return f"{self.whole}#{quote('-'.join(filter(None, (self.selected, *words))), safe=':/?@+')}"


def _dataset(home: _Home, figures: DatasetCounts, sources: Sequence[SourceArticle]) -> Iterator[Fact]:
    what = f", {home.selected}" if home.selected else ""
    return _about(
        home.dataset,
        ("rdf:type", [term("void:Dataset"), term("dcat:Dataset"), term("prov:Entity")]),
        ("dcterms:title", [english(f"What hamakg reads in {_articles(len(sources))} on battles{what}")]),
        ("dcterms:rights", [english(CHANGES)] if sources else []),
        ("dcterms:license", [iri_or_literal(source.licence) for source in sources]),
        ("dcterms:source", [iri_or_literal(source.page) for source in sources]),
        ("dcterms:modified", sorted((_date(s.modified) for s in sources if s.modified), key=str)[-1:]),
        ("dcterms:isPartOf", [ox.NamedNode(home.whole)] if home.selected else []),
        ("prov:wasDerivedFrom", [ox.NamedNode(source.iri) for source in sources]),
        ("prov:wasAttributedTo", [ox.NamedNode(_Home(home.iris).part("hamakg"))]),
        ("owl:versionInfo", [ox.Literal(f"hamakg {__version__}")]),
        ("void:uriSpace", [ox.Literal(home.iris.resource(""))]),
        ("void:vocabulary", [ox.NamedNode(iri) for iri in _vocabularies(figures)]),
        ("void:triples", [integer(figures.triples)]),
        ("void:entities", [integer(figures.entities)]),
        ("void:distinctSubjects", [integer(figures.subjects)]),
        ("void:classes", [integer(len(figures.classes))]),
        ("void:properties", [integer(len(figures.properties))]),
    )


def _program(home: _Home) -> Iterator[Fact]:
    return _about(
        _Home(home.iris).part("hamakg"),
        ("rdf:type", [term("prov:SoftwareAgent")]),
        ("rdfs:label", [english("hamakg")]),
        ("owl:versionInfo", [ox.Literal(__version__)]),
    )


def _source(source: SourceArticle) -> Iterator[Fact]:
    return _about(
        source.iri,
        ("rdf:type", [term("prov:Entity")]),
        ("dcterms:title", [english(source.title)]),
        ("dcterms:source", [iri_or_literal(source.page)]),
        ("dcterms:license", [iri_or_literal(source.licence)]),
        ("dcterms:modified", [_date(source.modified)] if source.modified else []),
        ("schema:version", [ox.Literal(source.revision)] if source.revision else []),
        ("prov:wasDerivedFrom", [ox.NamedNode(source.revision_page)] if source.revision_page else []),
    )


def _partition(home: _Home, kind: str, iri: str, counted: str, count: int) -> Iterator[Fact]:
    part = home.part(kind, home.iris.shorten(iri))
    yield home.dataset, f"void:{kind}Partition", ox.NamedNode(part)
    yield part, f"void:{kind}", ox.NamedNode(iri)
    yield part, counted, integer(count)


def _linkset(linkset: Linkset, iris: Iris) -> Iterator[Fact]:
    """Links of the whole data set, whatever was chosen of it."""
    home = _Home(iris)
    target, links = (
        home.part("target", linkset.space),
        home.part("links", iris.shorten(linkset.property), linkset.space),
    )
    yield home.whole, "void:subset", ox.NamedNode(links)
    yield from _about(
        links,
        ("rdf:type", [term("void:Linkset")]),
        ("void:linkPredicate", [ox.NamedNode(linkset.property)]),
        ("void:subjectsTarget", [ox.NamedNode(home.whole)]),
        ("void:objectsTarget", [ox.NamedNode(target)]),
        ("void:triples", [integer(linkset.triples)]),
    )
    yield target, "rdf:type", term("void:Dataset")
    yield target, "void:uriSpace", ox.Literal(linkset.space)


def _distribution(home: _Home, file: DumpFile) -> Iterator[Fact]:
    rdf = FORMATS[file.format]
    dump, checksum = home.part("dump", file.format), home.part("dump", file.format, "checksum")
    yield home.dataset, "dcat:distribution", ox.NamedNode(dump)
    yield home.dataset, "void:feature", ox.NamedNode(rdf.iri)
    yield from _about(
        dump,
        ("rdf:type", [term("dcat:Distribution")]),
        ("dcterms:title", [ox.Literal(file.name)]),
        ("dcat:mediaType", [ox.NamedNode(_MEDIA_TYPES + rdf.media_type)]),
        ("dcat:byteSize", [typed(str(file.bytes), "xsd:nonNegativeInteger")]),
        ("spdx:checksum", [ox.NamedNode(checksum)]),
    )
    yield from _about(
        checksum,
        ("rdf:type", [term("spdx:Checksum")]),
        ("spdx:algorithm", [term("spdx:checksumAlgorithm_sha256")]),
        ("spdx:checksumValue", [typed(file.sha256, "xsd:hexBinary")]),
    )


def _vocabularies(figures: DatasetCounts) -> set[str]:
    """The namespaces, of those that have a prefix, whose terms the data use."""
    used = (*figures.classes, *figures.properties)
    return {space for space in PREFIXES.values() if any(iri.startswith(space) for iri in used)}


def _about(subject: str, *properties: tuple[str, Sequence[Value]]) -> Iterator[Fact]:
    return ((subject, prop, value) for prop, values in properties for value in values)


# ---------------------------------------------------------------- terms of RDF


def _date(text: str) -> ox.Literal:
    return typed(text, "xsd:dateTime" if "T" in text else "xsd:date")
