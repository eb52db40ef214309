"""The parties, places and conflicts of a graph, with what the articles together know of each: what is to be linked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from hamakg.link.items import Point
from hamakg.model import Ref
from hamakg.rdf.iris import HAMA, Iris
from hamakg.sparql.select import select_text

_LABEL = "label"
_MANY = 0.2  # of the events of the year that has the most
_VAGUE = frozenset({"Actor", "MilitaryConflict"})


@dataclass(frozen=True, slots=True)
class Thing:
    """One party, place or conflict.

    ``classes`` are local names of the ontology's; ``iris`` begin with the label; ``articles`` are the graphs that
    speak of it, each with the number of its statements that do; ``above`` the units that an order of battle has it
    under; ``pages`` the addresses of Wikipedia's pages on it; ``years`` those in which a conflict began; ``dated`` the
    years of most events that its articles tell of.
    """

    ref: Ref
    classes: tuple[str, ...]
    names: tuple[str, ...]
    articles: Mapping[str, int]
    kinds: tuple[str, ...] = ()
    within: tuple[Ref, ...] = ()
    above: tuple[Ref, ...] = ()
    pages: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    point: Point | None = None

    @property
    def label(self) -> str:
        """The first of the names."""
        return self.names[0]

    @property
    def statements(self) -> int:
        """How many statements a link of it would connect."""
        return sum(self.articles.values())

    @property
    def kind(self) -> str:
        """The class that says most of it: of an actor that some article knows to be an armed group, that."""
        return min(self.classes, key=lambda class_: (class_ in _VAGUE, class_))

    @property
    def is_place(self) -> bool:
        """Whether the thing is a place, of whatever kind."""
        return "Place" in self.classes

    @property
    def has_own_name(self) -> bool:
        """Of what an article alone knows only persons have: others are "special forces"."""
        return "Person" in self.classes or self.ref.count("/") == 1


def things(store: ox.Store, iris: Iris) -> dict[Ref, Thing]:
    """What is to be linked, by its id, in alphabetical order: all that some article names."""
    classes: dict[str, set[str]] = defaultdict(set)
    called: dict[str, set[tuple[bool, str]]] = defaultdict(set)
    for row in select_text(store, "linking/things", entities=iris.graph("entities")):
        classes[row["thing"]].add(row["class"].removeprefix(HAMA))
        is_label = row["property"].endswith(_LABEL) and not row["property"].endswith("altLabel")
        called[row["thing"]].add((not is_label, row["name"]))
    facts = _facts(store, iris)
    articles, years = _articles(store, iris), _years(store, iris)
    made = (_thing(iri, classes[iri], called[iri], facts[iri], articles[iri], iris) for iri in sorted(classes))
    return {thing.ref: replace(thing, dated=_dated(thing, years)) for thing in made}


def _dated(thing: Thing, years: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    return tuple(sorted({year for article in thing.articles for year in years.get(article, ())}))


def _thing(
    iri: str,
    classes: set[str],
    called: set[tuple[bool, str]],
    facts: Mapping[str, set[str]],
    articles: Mapping[str, int],
    iris: Iris,
) -> Thing:
    point = [next(iter(facts[axis])) for axis in ("latitude", "longitude") if len(facts.get(axis, ())) == 1]
    return Thing(
        ref=iris.ref(iri),
        classes=tuple(sorted(classes)),
        names=tuple(name for _, name in sorted(called)),
        articles=dict(sorted(articles.items())),
        kinds=tuple(sorted(facts.get("kind", ()))),
        within=tuple(sorted(map(iris.ref, facts.get("within", ())))),
        above=tuple(sorted(map(iris.ref, facts.get("above", ())))),
        pages=tuple(sorted(page for page in facts.get("page", ()) if "/wiki/" in page)),
        years=tuple(sorted({day[:-6] for day in facts.get("start", ())})),
        point=Point(*point) if len(point) == 2 else None,
    )


def _facts(store: ox.Store, iris: Iris) -> dict[str, dict[str, set[str]]]:
    """{thing: {fact: its values}}."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in select_text(store, "linking/facts", articles=iris.article_graph("")):
        found[row["thing"]][row["fact"]].add(row["value"])
    return found


def _years(store: ox.Store, iris: Iris) -> dict[str, list[str]]:
    """{article's graph: the years of more than a few of its events}: what it tells of before and after is left out."""
    events: dict[str, dict[str, int]] = defaultdict(dict)
    for row in select_text(store, "linking/years", articles=iris.article_graph("")):
        events[row["graph"]][row["year"]] = int(row["events"])
    return {graph: [y for y, n in found.items() if n >= _MANY * max(found.values())] for graph, found in events.items()}


def _articles(store: ox.Store, iris: Iris) -> dict[str, dict[str, int]]:
    """{thing: {article's graph: statements}}."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in select_text(store, "linking/mentions", articles=iris.article_graph("")):
        found[row["thing"]][row["graph"]] = int(row["statements"])
    return found
