"""What a person decides on candidates: in which order they are asked about, and what becomes of what is known."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import pyoxigraph as ox

from hamakg.link.properties import Statements, Value
from hamakg.link.things import Thing, things
from hamakg.model import EntityLink, LinkStatus
from hamakg.terms import Names

_SENTENCE = "sentence"

Change = Callable[[list[EntityLink]], list[EntityLink]]
Keep = Callable[[Change], None]
"""Makes what is kept somewhere, in a file or a store, what a change makes of it; nobody else's work comes between."""


class Verdict(StrEnum):
    """What a person says of a candidate."""

    ACCEPT = "accept"
    REJECT = "reject"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed link, a sentence that tells of its subject (None: only an infobox does), how much it would connect."""

    link: EntityLink
    sentence: str | None
    statements: int


def candidates(links: Iterable[EntityLink], store: ox.Store, names: Names) -> list[Candidate]:
    """The proposed links, those first that would connect the most statements, of one subject the best first."""
    known = things(store, names)
    proposed = [link for link in links if link.status is LinkStatus.PROPOSED and link.subject in known]
    told = Statements(store, names).values((link.subject for link in proposed), _SENTENCE)
    found = [
        Candidate(link, _sentence(told.get(link.subject, ()), known[link.subject]), known[link.subject].statements)
        for link in proposed
    ]
    return sorted(found, key=lambda c: (-c.statements, c.link.subject, -(c.link.confidence or 0.0), c.link.object))


def waiting(candidates: Iterable[Candidate], known: Iterable[EntityLink]) -> Iterator[Candidate]:
    """The candidates on which nothing is decided: neither on them nor, by accepting another, on their subject."""
    decisions = [link for link in known if link.status is not LinkStatus.PROPOSED]
    decided = {(link.subject, link.object) for link in decisions}
    settled = {(link.subject, _register(link.object)) for link in decisions if link.status is LinkStatus.ACCEPTED}
    for candidate in candidates:
        subject, target = candidate.link.subject, candidate.link.object
        if (subject, target) not in decided and (subject, _register(target)) not in settled:
            yield candidate


@dataclass(frozen=True, slots=True)
class _Step:
    """A decision, and of each place where it is kept the links that it overruled."""

    decision: EntityLink
    overruled: Sequence[Sequence[EntityLink]]


class Review:
    """The decisions of one person, kept in several places alike; the last can be taken back, then that before it."""

    def __init__(self, reviewer: str, keeps: Sequence[Keep]) -> None:
        self.reviewer, self._keeps = reviewer, keeps
        self._steps: list[_Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a decision to take back."""
        return bool(self._steps)

    def decide(self, candidate: Candidate, verdict: Verdict, day: str) -> EntityLink:
        """The decision, which is kept everywhere. Raises what a place raises that cannot keep it; then none does."""
        decision = replace(
            candidate.link,
            status={Verdict.ACCEPT: LinkStatus.ACCEPTED, Verdict.REJECT: LinkStatus.REJECTED}[verdict],
            justification="ManualMappingCuration",
            reviewer=self.reviewer,
            date=day,
            features=None,
        )
        overruled: list[list[EntityLink]] = []
        try:
            for keep in self._keeps:
                gone: list[EntityLink] = []
                keep(lambda known, gone=gone: _decided(known, decision, gone))  # type: ignore[misc]
                overruled.append(gone)
        except BaseException:
            self._take_back(_Step(decision, overruled))
            raise
        self._steps.append(_Step(decision, overruled))
        return decision

    def undo(self) -> EntityLink:
        """The last decision, which is now taken back; where somebody decided otherwise since, theirs stays.

        Raises IndexError where there is none.
        """
        step = self._steps[-1]
        self._take_back(step)
        return self._steps.pop().decision

    def _take_back(self, step: _Step) -> None:
        for keep, gone in zip(self._keeps, step.overruled, strict=False):
            keep(lambda known, gone=gone: _undecided(known, step.decision, gone))  # type: ignore[misc]


def _decided(known: Iterable[EntityLink], decision: EntityLink, gone: list[EntityLink]) -> list[EntityLink]:
    """The links with one more: of a subject and an object there is one, and where one is accepted, of the same data set
    no other is accepted or proposed. What it overrules goes to ``gone``.
    """
    kept = list[EntityLink]()
    for link in known:
        (gone if _is_overruled(link, decision) else kept).append(link)
    return [*kept, decision]


def _undecided(known: list[EntityLink], decision: EntityLink, gone: Iterable[EntityLink]) -> list[EntityLink]:
    """The links without the decision and with those that it overruled, but for what others decided since."""
    rest = [link for link in known if not _is_same(link, decision)]
    if len(rest) == len(known):
        return known
    return [*rest, *(link for link in gone if not any(_is_overruled(link, other) for other in rest))]


def _is_same(link: EntityLink, decision: EntityLink) -> bool:
    return all(
        getattr(link, part) == getattr(decision, part) for part in ("subject", "object", "status", "reviewer", "date")
    )


def _is_overruled(link: EntityLink, decision: EntityLink) -> bool:
    if link.subject != decision.subject:
        return False
    settles = decision.status is LinkStatus.ACCEPTED and link.status is not LinkStatus.REJECTED
    return link.object == decision.object or (settles and _register(link.object) == _register(decision.object))


def _register(iri: str) -> str:
    """What of an IRI names the data set: all but the last part."""
    return iri.rstrip("/").rpartition("/")[0]


def _sentence(told: Sequence[Value], thing: Thing) -> str | None:
    """The first sentence that has one of the thing's names, else the first."""
    texts = [value.text for value in told]
    return next((text for text in texts if any(name in text for name in thing.names)), texts[0] if texts else None)
