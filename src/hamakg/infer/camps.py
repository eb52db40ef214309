"""Who fights together: the sides of an article as it has them, of two articles where they share belligerents."""

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass

from pyoxigraph import Store

from hamakg.infer.rows import rows


@dataclass(frozen=True, slots=True)
class Camp:
    """A party as it fights in one article: its side, or itself where no side or more than one has it."""

    article: str
    side: str
    members: Set[str]


class Camps:
    """The sides of all articles with who fights on them."""

    def __init__(self, store: Store) -> None:
        self._sides: dict[str, dict[str, set[str]]] = defaultdict(dict)
        self._known: set[str] = set()
        for row in rows(store, "sides"):
            members = self._sides[row["article"]].setdefault(row["side"], {row["side"]})
            self._known.add(row["side"])
            members.update([row["member"]] if "member" in row else [])

    def of(self, party: str, article: str) -> Camp:
        """The camp that a party belongs to in an article."""
        sides = [(side, members) for side, members in self._sides.get(article, {}).items() if party in members]
        return Camp(article, *sides[0]) if len(sides) == 1 else Camp(article, party, frozenset({party}))

    def of_all(self, parties: Iterable[str], article: str) -> Camp:
        """The camp of several who act together: a side that one of them is on, else the first of them."""
        found = [self.of(party, article) for party in sorted(parties)]
        return next((camp for camp in found if self.is_side(camp.side)), found[0])

    def is_side(self, party: str) -> bool:
        """Whether the party is a side of some article, not somebody who is named."""
        return party in self._known

    def same(self, one: Camp, other: Camp) -> bool:
        """Whether two camps are one: within an article by its sides, else where they share more than opponents do."""
        if one.article == other.article:
            return one.side == other.side
        shared = len(one.members & other.members)
        return shared > max(self._shared_with_others(one, other), self._shared_with_others(other, one))

    def related(self, one: Camp, other: Camp) -> bool:
        """Whether somebody fights in the articles of both, or of one it is not known who fights on which side."""
        members = [self._all(camp.article) for camp in (one, other)]
        unknown = any(not known for known in members)
        return one.article == other.article or unknown or not members[0].isdisjoint(members[1])

    def _shared_with_others(self, camp: Camp, far: Camp) -> int:
        others = (members for side, members in self._sides.get(far.article, {}).items() if side != far.side)
        return max((len(camp.members & members) for members in others), default=0)

    def _all(self, article: str) -> set[str]:
        """All who are named on a side of the article."""
        return set().union(*self._sides.get(article, {}).values()) - self._known
