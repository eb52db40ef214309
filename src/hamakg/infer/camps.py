"""Who fights together: the sides of an article as it has them, of two articles where they share belligerents.

Where an article has nobody on a side (its infobox is wanting), a state and its forces are one by their names, and those
who act together are.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from pathlib import Path

from pyoxigraph import Store

from hamakg.naming.states import state_words
from hamakg.rdf.iris import HAMA
from hamakg.sparql.select import select_text

# What an article calls a state or a force of one is so by any state in its name.
_FORCE_KINDS = frozenset({"State", "ArmedForce"})


@dataclass(frozen=True, slots=True)
class Camp:
    """Parties as they fight in one article: on its ``side``, None where no side or more than one has them."""

    article: str
    side: str | None
    members: Set[str]


class Camps:
    """The sides of all articles with who fights on them."""

    def __init__(self, store: Store) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)
        for row in select_text(store, "rules/states-and-forces"):
            read = _state if row["class"].removeprefix(HAMA) in _FORCE_KINDS else _of_state
            if state := read(row["label"]):
                self._names[row["party"]].add(state)
        for row in select_text(store, "rules/names-of-actors"):
            self._names[row["party"]].add(row["name"])
        self._sides: dict[str, dict[str, Set[str]]] = defaultdict(dict)
        self._known: set[str] = set()
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in select_text(store, "rules/sides"):
            found[row["article"], row["side"]].update({row["side"], row.get("member", row["side"])})
        for (article, side), members in found.items():
            self._known.add(side)
            self._sides[article][side] = self._with_states(members)
        self._allies = _allies(select_text(store, "rules/acting-together"), self._sides)

    def of(self, parties: Iterable[str], article: str) -> Camp:
        """The camp of those who act together in an article: a side that one of them is on, else they alone."""
        named = frozenset(parties)
        together = self._with_states(named.union(*(self._allies[article, party] for party in named)))
        known = self._sides.get(article, {}).items()
        sides = [side for side in known if named & side[1]] or [side for side in known if together & side[1]]
        return Camp(article, *sides[0]) if len(sides) == 1 else Camp(article, None, together)

    def against(self, camp: Camp, foe: Camp) -> Camp:
        """The foe of one of an article's two sides as the other, where the article has it on neither."""
        sides = self._sides.get(camp.article, {})
        others = [side for side in sides if side != camp.side]
        if foe.side or camp.side is None or foe.article != camp.article or len(others) != 1:
            return foe
        return Camp(foe.article, others[0], sides[others[0]] | foe.members)

    def is_side(self, party: str) -> bool:
        """Whether the party is a side of some article, not somebody who is named."""
        return party in self._known

    def same(self, one: Camp, other: Camp) -> bool:
        """Whether two camps are one: within an article by its sides, else where they share more than opponents do."""
        if one.article == other.article and one.side and other.side:
            return one.side == other.side
        shared = len(one.members & other.members)
        return shared > max(self._shared_with_others(one, other), self._shared_with_others(other, one))

    def related(self, one: Camp, other: Camp) -> bool:
        """Whether somebody fights in the articles of both, or of one it is not known who fights on which side."""
        members = [self._all(camp.article) for camp in (one, other)]
        unknown = any(not known for known in members)
        return one.article == other.article or unknown or not members[0].isdisjoint(members[1])

    def _with_states(self, parties: Iterable[str]) -> frozenset[str]:
        """The parties, their names, and each state that is one of them or whose force is."""
        parties = frozenset(parties)
        return parties.union(*(self._names[party] for party in parties if party in self._names))

    def _shared_with_others(self, camp: Camp, far: Camp) -> int:
        others = (members for side, members in self._sides.get(far.article, {}).items() if side != far.side)
        return max((len(camp.members & members) for members in others), default=0) if far.side else 0

    def _all(self, article: str) -> set[str]:
        """All who are named on a side of the article."""
        return set().union(*self._sides.get(article, {}).values()) - self._known


def _allies(told: Iterable[Mapping[str, str]], sides: Collection[str]) -> Mapping[tuple[str, str], set[str]]:
    """{(article, party): its allies} in articles without sides: who act together twice, and never on each other."""
    events: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for row in told:
        if row["article"] not in sides:
            events[row["article"], row["event"]][row["role"].endswith("target")].add(row["party"])
    together, foes = Counter[tuple[str, str, str]](), set[tuple[str, str, str]]()
    for (article, _), (agents, targets) in events.items():
        together.update((article, one, other) for one, other in permutations(agents, 2))
        foes |= {(article, one, other) for one in agents for other in targets}
    allies: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (article, one, other), times in together.items():
        if times > 1 and not foes & {(article, one, other), (article, other, one)}:
            allies[article, one].add(other)
    return allies


def _of_state(label: str) -> str | None:
    """The state whose force or government a name is by all of its words: "Armed Forces of Ukraine", no faction's."""
    words = re.findall(r"[^\W_]+", label.lower())
    state = _state(label)
    named = {word for form, name in state_words().items() if name == state for word in form.split()}
    return state if state and {*words} <= named | force_words() else None


@cache
def force_words() -> frozenset[str]:
    """The words that make a state's name that of its force, its government or itself."""
    return frozenset(_FORCES.read_text(encoding="utf-8").split())


_FORCES = Path(__file__).with_name("forces.txt")


def _state(label: str) -> str | None:
    """The state that a name of a state or a force has in it: "Russian Armed Forces" is Russia's."""
    words = re.findall(r"[^\W_]+", label.lower())
    runs = (" ".join(words[begin:end]) for end in range(len(words), 0, -1) for begin in range(end))
    return next((state_words()[run] for run in sorted(runs, key=len, reverse=True) if run in state_words()), None)
