"""What a person decides on candidates: in which order they are asked about, and what becomes of what is known."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import pyoxigraph as ox

from hamakg.errors import HamakgError
from hamakg.link.properties import Statements, Value
from hamakg.link.things import Thing, things
from hamakg.model import EntityLink, LinkStatus
from hamakg.rdf.iris import Iris

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


def candidates(links: Iterable[EntityLink], store: ox.Store, iris: Iris) -> list[Candidate]:
    """The proposed links, those first that would connect the most statements, of one subject the best first."""
    known = things(store, iris)
    proposed = [link for link in links if link.status is LinkStatus.PROPOSED and link.subject in known]
    told = Statements(store, iris).values((link.subject for link in proposed), _SENTENCE)
    found = [
        Candidate(link, _sentence(told.get(link.subject, ()), known[link.subject]), known[link.subject].statements)
        for link in proposed
    ]
    return sorted(found, key=lambda c: (-c.statements, c.link.subject, -(c.link.confidence or 0.0), c.link.object))


def waiting(candidates: Iterable[Candidate], known: Iterable[EntityLink]) -> Iterator[Candidate]:
    """The candidates on which nothing is decided: neither on them nor, by accepting another, on their subject."""
    decisions = [link for link in known if link.status is not LinkStatus.PROPOSED]
    decided = {link.ends for link in decisions}
    settled = {(link.subject, _register(link.object)) for link in decisions if link.status is LinkStatus.ACCEPTED}
    for candidate in candidates:
        link = candidate.link
        if link.ends not in decided and (link.subject, _register(link.object)) not in settled:
            yield candidate


class AlreadyDecidedError(HamakgError):
    """Somebody else decided on the candidate, or on its subject, since it was asked about."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A decision, and of each place where it is kept the links that it overruled."""

    decision: EntityLink
    overruled: Sequence[list[EntityLink]]


class Review:
    """The decisions of one person, kept in several places alike; the last can be taken back, then that before it.

    The first place is the record: what another decided there stands. The others follow it.
    """

    def __init__(self, reviewer: str, keeps: Sequence[Keep]) -> None:
        self.reviewer, self._keeps = reviewer, keeps
        self._steps: list[_Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a decision to take back."""
        return bool(self._steps)

    def decide(self, candidate: Candidate, verdict: Verdict, day: str) -> EntityLink:
        """The decision, which is kept everywhere.

        Raises AlreadyDecidedError, and what a place raises that cannot keep it; then it is kept nowhere.
        """
        decision = replace(
            candidate.link,
            status={Verdict.ACCEPT: LinkStatus.ACCEPTED, Verdict.REJECT: LinkStatus.REJECTED}[verdict],
            justification="ManualMappingCuration",
            reviewer=self.reviewer,
            date=day,
            features=None,
        )
        step = _Step(decision, [[] for _ in self._keeps])
        _in_all(self._keeps, _decisions(step), _undecisions(step))
        self._steps.append(step)
        return decision

    def undo(self) -> EntityLink:
        """The last decision, which is now taken back; where somebody decided otherwise since, theirs stays.

        Raises IndexError where there is none, and what a place raises that cannot change; then it stays everywhere.
        """
        step = self._steps[-1]
        _in_all(self._keeps, _undecisions(step), _decisions(step))
        return self._steps.pop().decision


def _in_all(keeps: Sequence[Keep], changes: Sequence[Change], back: Sequence[Change]) -> None:
    """Makes the changes in all places, or in none: what the first places did is changed back."""
    done: list[int] = []
    try:
        for nth, keep in enumerate(keeps):
            keep(changes[nth])
            done.append(nth)
    except BaseException:
        for nth in reversed(done):
            keeps[nth](back[nth])
        raise


def _decisions(step: _Step) -> Sequence[Change]:
    first, *others = step.overruled
    return [
        partial(_recorded, decision=step.decision, gone=first),
        *(partial(_decided, decision=step.decision, gone=gone) for gone in others),
    ]


def _undecisions(step: _Step) -> Sequence[Change]:
    return [partial(_undecided, decision=step.decision, gone=gone) for gone in step.overruled]


def _recorded(known: Sequence[EntityLink], decision: EntityLink, gone: list[EntityLink]) -> list[EntityLink]:
    """As :func:`_decided`. Raises AlreadyDecidedError where another decision settles the link."""
    for link in known:
        if link.status is not LinkStatus.PROPOSED and _is_settled(decision, link):
            raise AlreadyDecidedError(f"{link.reviewer or 'somebody'} decided on {decision.label} meanwhile")
    return _decided(known, decision, gone)


def _decided(known: Iterable[EntityLink], decision: EntityLink, gone: list[EntityLink]) -> list[EntityLink]:
    """The links with one more: of a subject and an object there is one, and where one is accepted, of the same data set
    no other is accepted or proposed. What it overrules is ``gone``.
    """
    gone.clear()
    kept = list[EntityLink]()
    for link in known:
        (gone if _is_settled(link, decision) else kept).append(link)
    return [*kept, decision]


def _undecided(known: list[EntityLink], decision: EntityLink, gone: Iterable[EntityLink]) -> list[EntityLink]:
    """The links without the decision and with those that it overruled, but for those on which others decided since."""
    rest = [link for link in known if not _is_same(link, decision)]
    if len(rest) == len(known):
        return known
    there = {link.ends for link in rest}
    return [*rest, *(link for link in gone if link.ends not in there)]


def _is_settled(link: EntityLink, by: EntityLink) -> bool:
    """Whether nothing is left to say of a link after a decision: on it, or for another item of the same data set."""
    if link.subject != by.subject:
        return False
    accepted = by.status is LinkStatus.ACCEPTED and link.status is not LinkStatus.REJECTED
    return link.object == by.object or (accepted and _register(link.object) == _register(by.object))


def _is_same(link: EntityLink, decision: EntityLink) -> bool:
    return all(
        getattr(link, part) == getattr(decision, part) for part in ("subject", "object", "status", "reviewer", "date")
    )


def _register(iri: str) -> str:
    """What of an IRI names the data set: all but the last part."""
    return iri.rstrip("/").rpartition("/")[0]


def _sentence(told: Sequence[Value], thing: Thing) -> str | None:
    """The first sentence that has one of the thing's names, else the first."""
    texts = [value.text for value in told]
    return next((text for text in texts if any(name in text for name in thing.names)), texts[0] if texts else None)
