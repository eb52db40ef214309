"""Reads events as rows of a table, article by article in the order of the text; one article is in memory at a time."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from hamakg.errors import UsageError
from hamakg.model import CasualtyKind
from hamakg.publish.attribution import read_sources
from hamakg.publish.selection import filter_article_graphs
from hamakg.rdf.iris import Iris
from hamakg.sparql.select import select, select_text

Cell = str | int | Decimal | bool | tuple[str, ...] | None
Values = Sequence[tuple[str, str]]
"""The values of one property, sorted by label: each an id, a prefixed name or text, with its label or ``""``."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event: its id, its cells by column, and the latitude and longitude of its places in degrees."""

    id: str
    cells: Mapping[str, Cell]
    points: tuple[tuple[Decimal, Decimal], ...] = ()


# ---------------------------------------------------------------- columns


def _first_text(values: Values) -> Cell:
    return min((value for value, _ in values), default=None)


def _first_local_name(values: Values) -> Cell:
    return min((value.partition(":")[2] for value, _ in values), default=None)


def _first_label(values: Values) -> Cell:
    return values[0][1] or values[0][0] if values else None


def _least_integer(values: Values) -> Cell:
    return min((int(value) for value, _ in values), default=None)


def _least_decimal(values: Values) -> Cell:
    return min((Decimal(value) for value, _ in values), default=None)


def _any_true(values: Values) -> Cell:
    return any(value == "true" for value, _ in values) if values else None


def _all_values(values: Values) -> Cell:
    return tuple(value for value, _ in values)


def _all_labels(values: Values) -> Cell:
    return tuple(label or value for value, label in values)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; ``cell`` makes a cell from the values that an event has under the key ``source``.

    ``datatype`` is one of CSVW (https://www.w3.org/TR/tabular-data-primer/#datatypes); ``term`` is the prefixed name of
    a property if the column holds its values unchanged.
    """

    name: str
    description: str
    source: str
    cell: Callable[[Values], Cell] = _first_text
    datatype: str = "string"
    term: str | None = None

    @property
    def many(self) -> bool:
        """Whether a cell may have several values."""
        return self.cell in (_all_labels, _all_values)


def _name_columns(name: str, singular: str, description: str) -> tuple[Column, Column]:
    """Two columns for one property: the names of its values and their ids."""
    return (
        Column(name, f"{description}, by name", name, _all_labels),
        Column(f"{singular}_ids", f"{description}, by id, in the order of the names", name, _all_values),
    )


def _bound_columns(
    name: str, description: str, minimum: str | None = None, maximum: str | None = None
) -> tuple[Column, Column]:
    """Two columns for the bounds of one number."""
    return (
        Column(f"{name}_min", f"{description}: at least", f"{name}_min", _least_integer, "integer", minimum),
        Column(f"{name}_max", f"{description}: at most", f"{name}_max", _least_integer, "integer", maximum),
    )


def _casualty_columns(kind: CasualtyKind) -> tuple[Column, Column]:
    name = _to_snake_case(kind)
    return _bound_columns(name, f"People {name.replace('_', ' ')}, if the event has one figure of them")


def _to_snake_case(kind: str) -> str:
    """``KilledOrWounded`` as ``killed_or_wounded``."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in kind).removeprefix("_")


COLUMNS = (
    Column("id", "The event's id: its IRI without the part that all resources share", "id"),
    Column("type", "The kind of event, a class of the ontology", "type", _first_local_name),
    Column("label", "The event in a few words", "label", term="rdfs:label"),
    Column("start", "The first day on which it may have happened", "start", datatype="date", term="hama:startDate"),
    Column("end", "The last day on which it may have happened", "end", datatype="date", term="hama:endDate"),
    Column(
        "timing",
        "Throughout if it lasted from start to end, Within if it happened on some day between",
        "timing",
        _first_local_name,
    ),
    Column("edtf", "The date in EDTF, if it is more than a day or a plain interval", "edtf", term="hama:edtf"),
    *_name_columns("agents", "agent", "The parties that acted"),
    *_name_columns("targets", "target", "The parties or places that it was directed at"),
    *_name_columns("places", "place", "The places where it happened"),
    *_name_columns("near", "near", "The places near which it happened"),
    *_name_columns("from", "from", "The places that it started from"),
    *_name_columns("toward", "toward", "The places that it was headed for"),
    Column(
        "latitude",
        "Latitude of the place, if just one of the places has coordinates; WGS 84, degrees",
        "latitude",
        _least_decimal,
        "decimal",
    ),
    Column(
        "longitude",
        "Longitude of the place, if just one of the places has coordinates; WGS 84, degrees",
        "longitude",
        _least_decimal,
        "decimal",
    ),
    Column("extent", "Whole or Part, of the place that was captured", "extent", _first_local_name),
    Column("distance", "Metres to the place nearby", "distance", _least_decimal, "decimal", "hama:distance"),
    Column("factuality", "Actual, Planned, Attempted or Failed", "factuality", _first_local_name),
    Column("standing", "Narrated as fact, Attributed to somebody, or Disputed", "standing", _first_local_name),
    Column("claims", "Who reports, claims, confirms or denies it", "claims", _all_labels),
    Column(
        "recapture",
        "Whether the place is said to have been captured again",
        "recapture",
        _any_true,
        "boolean",
        "hama:recapture",
    ),
    *_bound_columns("count", "How many events of this kind it stands for", "hama:minimumCount", "hama:maximumCount"),
    *(column for kind in CasualtyKind for column in _casualty_columns(kind)),
    Column("casualties", "Each casualty figure in words", "casualties", _all_labels),
    Column("equipment", "The equipment that was lost", "equipment", term="hama:equipment"),
    *_bound_columns("equipment", "How many pieces of equipment were lost", "hama:minimum", "hama:maximum"),
    Column("weapons", "The weapons used", "weapons", _all_values, term="hama:weapon"),
    Column("codename", "The name of the operation", "codename", term="hama:codename"),
    Column("conflict", "The conflict that it is part of, by name", "conflict", _first_label),
    Column("conflict_id", "The conflict that it is part of, by id", "conflict"),
    Column(
        "confidence",
        "The probability that its type, parties, places, dates, factuality and standing are all right",
        "confidence",
        _least_decimal,
        "decimal",
    ),
    Column("sentence", "The sentence that tells of it, letter for letter", "sentence"),
    Column("article", "The title of the article", "article"),
    Column("page", "The address of the article", "page", datatype="anyURI"),
    Column("revision", "The revision of the article, if known", "revision"),
    Column("licence", "The licence of the article, which applies to this row too", "licence", datatype="anyURI"),
)


# ---------------------------------------------------------------- rows


def read_events(store: ox.Store, graphs: Sequence[str], iris: Iris) -> Iterator[EventRow]:
    """Reads the events in the graphs of articles among these. Raises UsageError if none of them is an article's."""
    articles = filter_article_graphs(graphs, iris)
    if graphs and not articles:
        raise UsageError("a table holds the events of articles, and none of these graphs is an article's")
    for graph in articles:
        yield from _read_article(store, graph, iris)


def _read_article(store: ox.Store, graph: str, iris: Iris) -> Iterator[EventRow]:
    events = _read_values(store, graph, iris)
    (source,) = read_sources(store, [graph], iris)
    casualties, points = _read_casualties(store, graph), _read_points(store, graph)
    of_article = {"article": source.title, "page": source.page, "revision": source.revision, "licence": source.licence}
    for event in sorted(events, key=lambda event: (int(events[event]["begin"][0][0]), event)):
        iri = iris.resource(event)
        values = {
            **events[event],
            **{name: [(text, "")] for name, text in of_article.items() if text},
            **casualties.get(iri, {}),
            **_single_point(points.get(iri, ())),
            "id": [(event, "")],
        }
        cells = {column.name: column.cell(values.get(column.source, ())) for column in COLUMNS}
        yield EventRow(event, cells, points.get(iri, ()))


def _read_values(store: ox.Store, graph: str, iris: Iris) -> dict[str, dict[str, Values]]:
    """{id of the event: {key: its values}}."""
    events: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    for terms in select(store, "tables/cells", graphs=[graph]):
        iri, key, value, label = (term.value if term else "" for term in terms)
        text = iris.shorten(value) if isinstance(terms["value"], ox.NamedNode) else value
        events[iris.ref(iri)][key].add((text, label))
    return {
        event: {key: sorted(values, key=lambda v: (v[1], v[0])) for key, values in by_key.items()}
        for event, by_key in events.items()
    }


def _read_casualties(store: ox.Store, graph: str) -> dict[str, dict[str, Values]]:
    """{IRI of the event: {bound: its value}} for kinds with one figure; several may be of different people."""
    figures: dict[str, dict[str, list[tuple[str | None, str | None]]]] = defaultdict(lambda: defaultdict(list))
    for row in select_text(store, "tables/casualties", graphs=[graph]):
        kind = _to_snake_case(row["kind"].partition("#")[2])
        figures[row["event"]][kind].append((row.get("minimum"), row.get("maximum")))
    return {
        event: {
            f"{kind}_{end}": [(str(int(bound)), "")]
            for kind, bounds in kinds.items()
            if len(bounds) == 1
            for end, bound in zip(("min", "max"), bounds[0], strict=True)
            if bound is not None
        }
        for event, kinds in figures.items()
    }


def _read_points(store: ox.Store, graph: str) -> dict[str, tuple[tuple[Decimal, Decimal], ...]]:
    """{IRI of the event: latitude and longitude of each of its places, where they are known}."""
    points: dict[str, tuple[tuple[Decimal, Decimal], ...]] = defaultdict(tuple)
    for row in select_text(store, "tables/coordinates", graphs=[graph]):
        points[row["event"]] += ((Decimal(row["latitude"]), Decimal(row["longitude"])),)
    return points


def _single_point(points: Sequence[tuple[Decimal, Decimal]]) -> dict[str, Values]:
    """Latitude and longitude if just one place has them: of several, none is the event's own."""
    if len(points) != 1:
        return {}
    return {name: [(str(degrees), "")] for name, degrees in zip(("latitude", "longitude"), points[0], strict=True)}
