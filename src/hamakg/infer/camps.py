"""Finds out who fights together: the sides of one article, and which sides of two articles are the same camp.

Sides of two articles are the same where they share members. Where an article puts nobody on a side (its infobox lacks
belligerents), a state and its forces belong together by their names, and so do parties that act together.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from pathlib import Path

from pyoxigraph import Store

from hamakg.naming.states import states_by_lowercase_word
from hamakg.rdf.iris import HAMA
from hamakg.sparql.select import select_text

_FORCES = Path(__file__).with_name("forces.txt")

# An actor of one of these classes belongs to a state if its name contains the state's; other actors only if their name
# has no other words than the state's and those for forces.
_STATE_CLASSES = frozenset({"State", "ArmedForce"})


@dataclass(frozen=True, slots=True)
class Camp:
    """Parties that fight together in one article; ``side`` is None where they are on no side or on several."""

    article: str
    side: str | None
    members: Set[str]


class Camps:
    """The sides of all articles in a store, and who is on them."""

    def __init__(self, store: Store) -> None:
        self._names_and_states = _read_names_and_states(store)
        self._sides: dict[str, dict[str, Set[str]]] = defaultdict(dict)
        for (article, side), members in _read_sides(store).items():
            self._sides[article][side] = self._add_names_and_states(members)
        self._side_iris = {side for sides in self._sides.values() for side in sides}
        self._allies = _find_allies(select_text(store, "rules/acting-together"), self._sides)

    def find(self, parties: Iterable[str], article: str) -> Camp:
        """The camp of parties that act together in an article: the only side with any of them, or else just them."""
        parties = frozenset(parties)
        together = self._add_names_and_states(parties.union(*(self._allies[article, party] for party in parties)))
        sides = self._sides.get(article, {}).items()
        matches = [side for side in sides if parties & side[1]] or [side for side in sides if together & side[1]]
        return Camp(article, *matches[0]) if len(matches) == 1 else Camp(article, None, together)

    def assign_side_to_opponent(self, camp: Camp, opponent: Camp) -> Camp:
        """The opponent, put on the camp's opposing side if their article has two sides and it is on neither."""
        sides = self._sides.get(camp.article, {})
        others = [side for side in sides if side != camp.side]
        if opponent.side or camp.side is None or opponent.article != camp.article or len(others) != 1:
            return opponent
        return Camp(opponent.article, others[0], sides[others[0]] | opponent.members)

    def is_side(self, party: str) -> bool:
        """Whether the party is a side of some article, and not a named party."""
        return party in self._side_iris

    def are_same(self, one: Camp, other: Camp) -> bool:
        """Whether two camps are one: within an article by side, else if they share more members than opponents do."""
        if one.article == other.article and one.side and other.side:
            return one.side == other.side
        shared = len(one.members & other.members)
        return shared > max(self._count_shared_with_opponents(a, b) for a, b in permutations((one, other)))

    def may_be_of_one_war(self, one: Camp, other: Camp) -> bool:
        """Whether the articles of both camps have a party in common, or one of them puts nobody on a side."""
        members = [self._list_named_parties(camp.article) for camp in (one, other)]
        return one.article == other.article or not all(members) or not members[0].isdisjoint(members[1])

    def _add_names_and_states(self, parties: Iterable[str]) -> frozenset[str]:
        """The parties, their names, and the states that they are or fight for."""
        parties = frozenset(parties)
        return parties.union(*(self._names_and_states[party] for party in parties if party in self._names_and_states))

    def _count_shared_with_opponents(self, camp: Camp, other: Camp) -> int:
        """The most members that the camp shares with an opponent of the other."""
        sides = self._sides.get(other.article, {}) if other.side else {}
        return max((len(camp.members & members) for side, members in sides.items() if side != other.side), default=0)

    def _list_named_parties(self, article: str) -> set[str]:
        """All named parties on the sides of the article."""
        return set().union(*self._sides.get(article, {}).values()) - self._side_iris


def _read_names_and_states(store: Store) -> Mapping[str, set[str]]:
    """For each party, its names of several words, and the state that it is or fights for."""
    names: dict[str, set[str]] = defaultdict(set)
    for row in select_text(store, "rules/states-and-forces"):
        find = _find_state if row["class"].removeprefix(HAMA) in _STATE_CLASSES else _find_state_of_force
        if state := find(row["label"]):
            names[row["party"]].add(state)
    for row in select_text(store, "rules/names-of-actors"):
        names[row["party"]].add(row["name"])
    return names


def _read_sides(store: Store) -> Mapping[tuple[str, str], set[str]]:
    """For each (article, side), the side and its members."""
    sides: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in select_text(store, "rules/sides"):
        sides[row["article"], row["side"]].update({row["side"], row.get("member", row["side"])})
    return sides


def _find_allies(rows: Iterable[Mapping[str, str]], with_sides: Collection[str]) -> Mapping[tuple[str, str], set[str]]:
    """For each (article, party), its allies, in articles that put nobody on a side.

    Allies act together in two events or more, and never against each other.
    """
    events: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for row in rows:
        if row["article"] not in with_sides:
            agents, targets = events[row["article"], row["event"]]
            (targets if row["role"].endswith("target") else agents).add(row["party"])
    together, opposed = Counter[tuple[str, str, str]](), set[tuple[str, str, str]]()
    for (article, _), (agents, targets) in events.items():
        together.update((article, one, other) for one, other in permutations(agents, 2))
        opposed |= {(article, one, other) for one in agents for other in targets}
    allies: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (article, one, other), times in together.items():
        if times > 1 and not opposed & {(article, one, other), (article, other, one)}:
            allies[article, one].add(other)
    return allies


def _find_state_of_force(label: str) -> str | None:
    """The state whose force or government a name describes with all its words.

    "Armed Forces of Ukraine" is Ukraine's; "Free Syrian Army", a faction, is not Syria's.
    """
    state = _find_state(label)
    state_forms = {word for form, name in states_by_lowercase_word().items() if name == state for word in form.split()}
    return state if state and {*_split_words(label)} <= state_forms | _force_words() else None


def _find_state(label: str) -> str | None:
    """The state that the name of a state or force contains: "Russian Armed Forces" are Russia's. The longest wins."""
    words = _split_words(label)
    runs = (" ".join(words[begin:end]) for end in range(len(words), 0, -1) for begin in range(end))
    states = states_by_lowercase_word()
    return next((states[run] for run in sorted(runs, key=len, reverse=True) if run in states), None)


def _split_words(label: str) -> list[str]:
    return re.findall(r"[^\W_]+", label.lower())


@cache
def _force_words() -> frozenset[str]:
    """The words that may stand beside a state's name in the name of its force or government."""
    return frozenset(_FORCES.read_text(encoding="utf-8").split())
