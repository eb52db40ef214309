"""Candidates in the order in which a person best decides on them, and what a decision makes of the known ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import pyoxigraph as ox

from hamakg.link.properties import Statements, Value
from hamakg.link.things import Thing, things
from hamakg.model import EntityLink, LinkStatus
from hamakg.terms import Names

_SENTENCE = "sentence"


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


def decide(
    known: Sequence[EntityLink], candidate: Candidate, verdict: Verdict, reviewer: str, day: str
) -> list[EntityLink]:
    """The decisions with one more: of a subject and an object there is one, and where one is accepted, of the same data
    set no other is accepted or proposed.
    """
    status = {Verdict.ACCEPT: LinkStatus.ACCEPTED, Verdict.REJECT: LinkStatus.REJECTED}[verdict]
    decision = replace(
        candidate.link, status=status, justification="ManualMappingCuration", reviewer=reviewer, date=day, features=None
    )
    return [*(link for link in known if not _overruled(link, decision)), decision]


def waiting(candidates: Sequence[Candidate], known: Iterable[EntityLink]) -> Iterator[Candidate]:
    """The candidates on which nothing is decided: neither on them nor, by accepting another, on their subject."""
    decisions = [link for link in known if link.status is not LinkStatus.PROPOSED]
    decided = {(link.subject, link.object) for link in decisions}
    settled = {(link.subject, _register(link.object)) for link in decisions if link.status is LinkStatus.ACCEPTED}
    for candidate in candidates:
        subject, target = candidate.link.subject, candidate.link.object
        if (subject, target) not in decided and (subject, _register(target)) not in settled:
            yield candidate


def _overruled(link: EntityLink, decision: EntityLink) -> bool:
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
