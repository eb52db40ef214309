"""Who fights together: the sides of an article as it has them, of two articles where they share belligerents.

Where an article has nobody on a side (its infobox is wanting), a state and its forces are one by their names, and those
who act together are.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass

from pyoxigraph import Store

from hamakg.infer.rows import rows
from hamakg.states import state_words


@dataclass(frozen=True, slots=True)
class Camp:
    """Parties as they fight in one article: on its ``side``, None where no side or more than one has them."""

    article: str
    side: str | None
    members: Set[str]


class Camps:
    """The sides of all articles with who fights on them."""

    def __init__(self, store: Store) -> None:
        self._states = {
            row["party"]: state for row in rows(store, "states-and-forces") if (state := _state(row["label"]))
        }
        self._sides: dict[str, dict[str, Set[str]]] = defaultdict(dict)
        self._known: set[str] = set()
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows(store, "sides"):
            found[row["article"], row["side"]].update({row["side"], row.get("member", row["side"])})
        for (article, side), members in found.items():
            self._known.add(side)
            self._sides[article][side] = self._with_states(members)

    def of(self, parties: Iterable[str], article: str) -> Camp:
        """The camp of those who act together in an article: a side that one of them is on, else they alone."""
        named, together = frozenset(parties), self._with_states(parties)
        known = self._sides.get(article, {}).items()
        sides = [side for side in known if named & side[1]] or [side for side in known if together & side[1]]
        return Camp(article, *sides[0]) if len(sides) == 1 else Camp(article, None, together)

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
        """The parties, and by its name each state that is one of them or whose force is."""
        parties = frozenset(parties)
        return parties | {self._states[party] for party in parties if party in self._states}

    def _shared_with_others(self, camp: Camp, far: Camp) -> int:
        others = (members for side, members in self._sides.get(far.article, {}).items() if side != far.side)
        return max((len(camp.members & members) for members in others), default=0) if far.side else 0

    def _all(self, article: str) -> set[str]:
        """All who are named on a side of the article."""
        return set().union(*self._sides.get(article, {}).values()) - self._known


def _state(label: str) -> str | None:
    """The state that a name of a state or a force has in it: "Russian Armed Forces" is Russia's."""
    words = re.findall(r"[^\W_]+", label.lower())
    runs = (" ".join(words[begin:end]) for end in range(len(words), 0, -1) for begin in range(end))
    return next((state_words()[run] for run in sorted(runs, key=len, reverse=True) if run in state_words()), None)
