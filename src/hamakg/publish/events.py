"""Events as rows: what the articles say of each, in cells of columns, article by article in the order of the text.

One article is in memory at a time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from hamakg.errors import UsageError
from hamakg.model import CasualtyKind
from hamakg.publish.attribution import SourceArticle, read_sources
from hamakg.publish.selection import filter_article_graphs
from hamakg.rdf.iris import Iris
from hamakg.sparql.select import select, select_text

Cell = str | int | Decimal | bool | tuple[str, ...] | None
Found = Sequence[tuple[str, str]]
"""The values of one property, an id, prefixed name or text each, and its label ("" where it has none), by label."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event: its id, its cells by the names of COLUMNS, its places as degrees of latitude and longitude."""

    id: str
    cells: Mapping[str, Cell]
    points: tuple[tuple[Decimal, Decimal], ...] = ()


# ---------------------------------------------------------------- columns


def _text(found: Found) -> Cell:
    return min((value for value, _ in found), default=None)


def _local(found: Found) -> Cell:
    return min((value.partition(":")[2] for value, _ in found), default=None)


def _label(found: Found) -> Cell:
    return found[0][1] or found[0][0] if found else None


def _number(found: Found) -> Cell:
    return min((int(value) for value, _ in found), default=None)


def _decimal(found: Found) -> Cell:
    return min((Decimal(value) for value, _ in found), default=None)


def _truth(found: Found) -> Cell:
    return any(value == "true" for value, _ in found) if found else None


def _values(found: Found) -> Cell:
    return tuple(value for value, _ in found)


def _labels(found: Found) -> Cell:
    return tuple(label or value for value, label in found)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what stands in it, how its cell is made of what was ``found`` of an event under ``of``.

    ``datatype`` is one of CSVW; ``term`` a prefixed name where the column is the values of one, as they are.
    """

    name: str
    description: str
    of: str
    cell: Callable[[Found], Cell] = _text
    datatype: str = "string"
    term: str | None = None

    @property
    def many(self) -> bool:
        """Whether a cell may have several values."""
        return self.cell in (_labels, _values)


def _parties(name: str, one: str, what: str) -> tuple[Column, Column]:
    return (
        Column(name, f"{what}, by name", name, _labels),
        Column(f"{one}_ids", f"{what}, by id, in the order of the names", name, _values),
    )


def _bounds(name: str, what: str, minimum: str | None = None, maximum: str | None = None) -> tuple[Column, Column]:
    return (
        Column(f"{name}_min", f"{what}: at least so many", f"{name}_min", _number, "integer", minimum),
        Column(f"{name}_max", f"{what}: at most so many", f"{name}_max", _number, "integer", maximum),
    )


def _snake(kind: str) -> str:
    """``KilledOrWounded`` as ``killed_or_wounded``."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in kind).removeprefix("_")


COLUMNS = (
    Column("id", "The event's id: its IRI without the namespace of the resources", "id"),
    Column("type", "What kind of event it is, a class of the ontology", "type", _local),
    Column("label", "The event in few words", "label", term="rdfs:label"),
    Column("start", "The first day on which it can have been", "start", datatype="date", term="hama:startDate"),
    Column("end", "The last day on which it can have been", "end", datatype="date", term="hama:endDate"),
    Column("timing", "Throughout: it lasted from start to end; Within: some day between", "timing", _local),
    Column("edtf", "The date in EDTF, where it is more than a day or a plain interval", "edtf", term="hama:edtf"),
    *_parties("agents", "agent", "Who did it"),
    *_parties("targets", "target", "Whom or what it was directed at"),
    *_parties("places", "place", "Where it happened"),
    *_parties("near", "near", "Places that it happened near, not at"),
    *_parties("from", "from", "Where it came from"),
    *_parties("toward", "toward", "Where it was headed"),
    Column(
        "latitude",
        "Of the place, where just one of the places has coordinates; WGS 84",
        "latitude",
        _decimal,
        "decimal",
    ),
    Column("longitude", "Likewise", "longitude", _decimal, "decimal"),
    Column("extent", "Whole or Part: of the place that was captured", "extent", _local),
    Column("distance", "Metres to the place that it was near", "distance", _decimal, "decimal", "hama:distance"),
    Column("factuality", "Actual, Planned, Attempted or Failed", "factuality", _local),
    Column("standing", "Narrated as fact, Attributed to somebody, or Disputed", "standing", _local),
    Column("claims", "Who reports, claims, confirms or denies it", "claims", _labels),
    Column(
        "recapture", "Whether the place is said to be taken again", "recapture", _truth, "boolean", "hama:recapture"
    ),
    *_bounds("count", "How many of its kind it tells", "hama:minimumCount", "hama:maximumCount"),
    *(
        column
        for kind in CasualtyKind
        for column in _bounds(_snake(kind), f"People {_snake(kind).replace('_', ' ')}, over all its figures")
    ),
    Column("casualties", "Each figure of casualties in words", "casualties", _labels),
    Column("equipment", "What was lost", "equipment", term="hama:equipment"),
    *_bounds("equipment", "How many of it", "hama:minimum", "hama:maximum"),
    Column("weapons", "What with", "weapons", _values, term="hama:weapon"),
    Column("codename", "The operation's name", "codename", term="hama:codename"),
    Column("conflict", "The conflict that it belongs to, by name", "conflict", _label),
    Column("conflict_id", "The same by id", "conflict"),
    Column("confidence", "The share of events read like it that are right", "confidence", _decimal, "decimal"),
    Column("sentence", "The sentence that tells it, letter for letter", "sentence"),
    Column("article", "The article's title", "article"),
    Column("page", "The article's address", "page", datatype="anyURI"),
    Column("revision", "The article's revision, where it is known", "revision"),
    Column("licence", "The article's licence, which holds for this row too", "licence", datatype="anyURI"),
)


# ---------------------------------------------------------------- rows


def read_events(store: ox.Store, graphs: Sequence[str], iris: Iris) -> Iterator[EventRow]:
    """The events of the articles among the graphs. Raises UsageError where there is none among them."""
    articles = filter_article_graphs(graphs, iris)
    if graphs and not articles:
        raise UsageError("a table holds the events of articles, and none of these graphs is an article's")
    for graph in articles:
        yield from _of_article(store, graph, iris)


def _of_article(store: ox.Store, graph: str, iris: Iris) -> Iterator[EventRow]:
    events = _cells(store, graph, iris)
    (source,) = read_sources(store, [graph], iris)
    casualties, points = _casualties(store, graph), _points(store, graph)
    for event in sorted(events, key=lambda event: (int(events[event]["begin"][0][0]), event)):
        iri = iris.resource(event)
        found = events[event] | _of_source(source) | casualties.get(iri, {}) | _only(points.get(iri, ()))
        found["id"] = [(event, "")]
        yield EventRow(
            event, {column.name: column.cell(found.get(column.of, ())) for column in COLUMNS}, points.get(iri, ())
        )


def _cells(store: ox.Store, graph: str, iris: Iris) -> dict[str, dict[str, Found]]:
    """{event's id: {column: what was found}}."""
    found: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    for terms in select(store, "tables/cells", graphs=[graph]):
        iri, column, value, label = (term.value if term else "" for term in terms)
        shown = iris.shorten(value) if isinstance(terms["value"], ox.NamedNode) else value
        found[iris.shorten(iri)][column].add((shown, label))
    return {
        event: defaultdict(
            tuple, {column: sorted(values, key=lambda v: (v[1], v[0])) for column, values in cells.items()}
        )
        for event, cells in found.items()
    }


def _of_source(source: SourceArticle) -> dict[str, Found]:
    known = {"article": source.title, "page": source.page, "revision": source.revision, "licence": source.licence}
    return {name: [(text, "")] for name, text in known.items() if text}


def _casualties(store: ox.Store, graph: str) -> dict[str, dict[str, Found]]:
    """{event: {bound: the figure's}} where it has one figure of the kind: several may be of several groups."""
    figures: dict[str, dict[str, list[tuple[str | None, str | None]]]] = defaultdict(lambda: defaultdict(list))
    for row in select_text(store, "tables/casualties", graphs=[graph]):
        kind = _snake(row["kind"].partition("#")[2])
        figures[row["event"]][kind].append((row.get("minimum"), row.get("maximum")))
    found: dict[str, dict[str, Found]] = defaultdict(dict)
    for event, kinds in figures.items():
        for name, bounds in kinds.items():
            if len(bounds) == 1:
                given = zip(("min", "max"), bounds[0], strict=True)
                found[event] |= {f"{name}_{end}": [(str(int(bound)), "")] for end, bound in given if bound is not None}
    return found


def _points(store: ox.Store, graph: str) -> dict[str, tuple[tuple[Decimal, Decimal], ...]]:
    """{event: latitude and longitude of each of its places that has them}."""
    points: dict[str, tuple[tuple[Decimal, Decimal], ...]] = defaultdict(tuple)
    for row in select_text(store, "tables/coordinates", graphs=[graph]):
        points[row["event"]] += ((Decimal(row["latitude"]), Decimal(row["longitude"])),)
    return points


def _only(points: Sequence[tuple[Decimal, Decimal]]) -> dict[str, Found]:
    if len(points) != 1:
        return {}
    return {name: [(str(degrees), "")] for name, degrees in zip(("latitude", "longitude"), points[0], strict=True)}
