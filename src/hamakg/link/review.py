"""Candidates in the order in which a person best decides on them, and what a decision makes of the known ones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import pyoxigraph as ox

from hamakg.link.asking import rows
from hamakg.link.things import things
from hamakg.model import EntityLink, LinkStatus, Ref
from hamakg.terms import Names


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
    known, sentences = things(store, names), _sentences(store, names)
    found = [
        Candidate(link, sentences.get(link.subject), known[link.subject].statements)
        for link in links
        if link.status is LinkStatus.PROPOSED and link.subject in known
    ]
    return sorted(found, key=lambda c: (-c.statements, c.link.subject, -(c.link.confidence or 0.0), c.link.object))


def decide(
    known: Sequence[EntityLink], candidate: Candidate, verdict: Verdict, reviewer: str, day: str
) -> list[EntityLink]:
    """The decisions with one more: of a subject and an object there is one, and of a subject one is accepted."""
    status = {Verdict.ACCEPT: LinkStatus.ACCEPTED, Verdict.REJECT: LinkStatus.REJECTED}[verdict]
    decision = replace(
        candidate.link, status=status, justification="ManualMappingCuration", reviewer=reviewer, date=day, features=None
    )
    return [*(link for link in known if not _overruled(link, decision)), decision]


def waiting(candidates: Sequence[Candidate], known: Iterable[EntityLink]) -> Iterator[Candidate]:
    """The candidates on which nothing is decided: neither on them nor, by accepting another, on their subject."""
    decided = {(link.subject, link.object) for link in known if link.status is not LinkStatus.PROPOSED}
    settled = {
        link.subject for link in known if link.status is LinkStatus.ACCEPTED and _same_register(link, candidates)
    }
    return (c for c in candidates if (c.link.subject, c.link.object) not in decided and c.link.subject not in settled)


def _same_register(link: EntityLink, candidates: Iterable[Candidate]) -> bool:
    return any(_register(link.object) == _register(c.link.object) for c in candidates if c.link.subject == link.subject)


def _overruled(link: EntityLink, decision: EntityLink) -> bool:
    if link.subject != decision.subject:
        return False
    both_hold = LinkStatus.ACCEPTED is link.status is decision.status
    return link.object == decision.object or (both_hold and _register(link.object) == _register(decision.object))


def _register(iri: str) -> str:
    """What of an IRI names the data set: all but the last part."""
    return iri.rstrip("/").rpartition("/")[0]


def _sentences(store: ox.Store, names: Names) -> Mapping[Ref, str]:
    """One sentence that tells of each thing, the first of them by its text."""
    found: dict[Ref, str] = {}
    for iri, sentence in rows(store, "sentences", articles=names.article_graph("")):
        found.setdefault(names.ref(iri), sentence)
    return found
