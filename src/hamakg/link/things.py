"""The things that can be linked: the parties, places and conflicts of a graph, and what its articles say about each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

import pyoxigraph as ox

from hamakg.link.points import Point
from hamakg.model import Ref
from hamakg.rdf.iris import HAMA, Iris
from hamakg.sparql.select import select_text

_MIN_YEAR_SHARE = 0.2
"""A year counts for an article if it has at least this share of the events of the article's busiest year."""

_GENERAL_CLASSES = frozenset({"Actor", "MilitaryConflict"})


@dataclass(frozen=True, slots=True)
class Thing:
    """One party, place or conflict.

    ``classes`` are local names of the ontology's classes; ``names`` begin with the label. ``articles`` maps the graph
    of each article that names the thing to the number of its statements about it. ``superior_units`` are the units
    above it in an order of battle, ``pages`` the addresses of its Wikipedia pages, ``start_years`` the years in which a
    conflict began, and ``article_years`` the years in which most events of its articles happened.
    """

    ref: Ref
    classes: tuple[str, ...]
    names: tuple[str, ...]
    articles: Mapping[str, int]
    place_kinds: tuple[str, ...] = ()
    within: tuple[Ref, ...] = ()
    superior_units: tuple[Ref, ...] = ()
    pages: tuple[str, ...] = ()
    start_years: tuple[str, ...] = ()
    article_years: tuple[str, ...] = ()
    point: Point | None = None

    @property
    def label(self) -> str:
        """The first name."""
        return self.names[0]

    @property
    def statement_count(self) -> int:
        """How many statements of all articles a link of the thing would connect."""
        return sum(self.articles.values())

    @property
    def main_class(self) -> str:
        """The most specific class: ArmedGroup rather than Actor, if any article says that the actor is one."""
        return min(self.classes, key=lambda class_: (class_ in _GENERAL_CLASSES, class_))

    @property
    def is_place(self) -> bool:
        """Whether the thing is a place."""
        return "Place" in self.classes

    @property
    def has_own_name(self) -> bool:
        """Whether the thing has a proper name.

        Persons do. Any other thing whose id lies below one article was only described there, as "special forces".
        """
        return "Person" in self.classes or self.ref.count("/") == 1


def read_things(store: ox.Store, iris: Iris) -> dict[Ref, Thing]:
    """Read all things that some article names, by id, in alphabetical order of their ids."""
    classes: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[tuple[bool, str]]] = defaultdict(set)
    for row in select_text(store, "linking/things", entities=iris.graph("entities")):
        classes[row["thing"]].add(row["class"].removeprefix(HAMA))
        names[row["thing"]].add((not row["property"].endswith("#label"), row["name"]))  # the label sorts first
    facts, articles, years = _read_facts(store, iris), _read_articles(store, iris), _read_years(store, iris)
    things: dict[Ref, Thing] = {}
    for iri in sorted(classes):
        own = facts[iri]
        latitudes, longitudes = own["latitude"], own["longitude"]
        has_point = len(latitudes) == len(longitudes) == 1  # of several points none can be preferred
        thing = Thing(
            ref=iris.ref(iri),
            classes=tuple(sorted(classes[iri])),
            names=tuple(name for _, name in sorted(names[iri])),
            articles=dict(sorted(articles[iri].items())),
            place_kinds=tuple(sorted(own["kind"])),
            within=tuple(sorted(map(iris.ref, own["within"]))),
            superior_units=tuple(sorted(map(iris.ref, own["above"]))),
            pages=tuple(sorted(page for page in own["page"] if "/wiki/" in page)),
            start_years=tuple(sorted({day[: -len("-MM-DD")] for day in own["start"]})),
            article_years=tuple(sorted({year for article in articles[iri] for year in years.get(article, ())})),
            point=Point(*latitudes, *longitudes) if has_point else None,
        )
        things[thing.ref] = thing
    return things


def _read_facts(store: ox.Store, iris: Iris) -> Mapping[str, Mapping[str, Set[str]]]:
    """Read {IRI of a thing: {fact: its values}}; the facts are named in ``queries/linking/facts.rq``."""
    facts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in select_text(store, "linking/facts", articles=iris.article_graph("")):
        facts[row["thing"]][row["fact"]].add(row["value"])
    return facts


def _read_articles(store: ox.Store, iris: Iris) -> Mapping[str, Mapping[str, int]]:
    """Read {IRI of a thing: {graph of an article: number of statements about the thing}}."""
    articles: dict[str, dict[str, int]] = defaultdict(dict)
    for row in select_text(store, "linking/mentions", articles=iris.article_graph("")):
        articles[row["thing"]][row["graph"]] = int(row["statements"])
    return articles


def _read_years(store: ox.Store, iris: Iris) -> Mapping[str, Iterable[str]]:
    """Read {graph of an article: its years}, without those in which only a few of its events happened."""
    events: dict[str, dict[str, int]] = defaultdict(dict)
    for row in select_text(store, "linking/years", articles=iris.article_graph("")):
        events[row["graph"]][row["year"]] = int(row["events"])
    return {
        graph: [year for year, count in counts.items() if count >= _MIN_YEAR_SHARE * max(counts.values())]
        for graph, counts in events.items()
    }
