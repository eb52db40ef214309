"""Decisions by people: the proposed links in the order of review, and each decision kept in several places at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import pyoxigraph as ox

from hamakg.errors import HamakgError
from hamakg.link.catalogue.properties import PropertyReader, PropertyValue
from hamakg.link.things import Thing, read_things
from hamakg.model import EntityLink, LinkStatus
from hamakg.rdf.iris import Iris

_SENTENCE = "sentence"  # a property of properties.toml

LinkChange = Callable[[list[EntityLink]], list[EntityLink]]
"""Returns the links that are to stand in place of those it is given."""

ApplyChange = Callable[[LinkChange], None]
"""Applies a change to the links in one place, a file or a store; no other writer's work comes between."""


class Verdict(StrEnum):
    """What a person says about a proposed link."""

    ACCEPT = "accept"
    REJECT = "reject"
    SKIP = "skip"


_STATUSES = {Verdict.ACCEPT: LinkStatus.ACCEPTED, Verdict.REJECT: LinkStatus.REJECTED}


# ---------------------------------------------------------------- what is to be decided


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed link, a sentence about its subject (None if only infoboxes name it), and the statements to connect."""

    link: EntityLink
    sentence: str | None
    statement_count: int


def find_proposals(links: Iterable[EntityLink], store: ox.Store, iris: Iris) -> list[Proposal]:
    """Return the proposed links; those that would connect the most statements come first, and each subject's best."""
    things = read_things(store, iris)
    proposed = [link for link in links if link.status is LinkStatus.PROPOSED and link.subject in things]
    sentences = PropertyReader(store, iris).read_values((link.subject for link in proposed), _SENTENCE)
    proposals = []
    for link in proposed:
        thing = things[link.subject]
        sentence = _choose_sentence(sentences.get(link.subject, ()), thing)
        proposals.append(Proposal(link, sentence, thing.statement_count))
    return sorted(
        proposals, key=lambda p: (-p.statement_count, p.link.subject, -(p.link.confidence or 0.0), p.link.object)
    )


def _choose_sentence(sentences: Sequence[PropertyValue], thing: Thing) -> str | None:
    """Return the first sentence with one of the thing's names, or else the first."""
    texts = [value.text for value in sentences]
    return next((text for text in texts if any(name in text for name in thing.names)), texts[0] if texts else None)


def select_undecided(proposals: Iterable[Proposal], links: Iterable[EntityLink]) -> Iterator[Proposal]:
    """Yield the proposals that ``links`` do not settle, directly or by accepting another item of the subject."""
    decisions = [link for link in links if link.status is not LinkStatus.PROPOSED]
    decided = {link.ends for link in decisions}
    settled = {(link.subject, _data_set(link.object)) for link in decisions if link.status is LinkStatus.ACCEPTED}
    for proposal in proposals:
        link = proposal.link
        if link.ends not in decided and (link.subject, _data_set(link.object)) not in settled:
            yield proposal


# ---------------------------------------------------------------- deciding


class AlreadyDecidedError(HamakgError):
    """Somebody else has decided on the proposal, or on its subject, since it was shown."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A decision, and the links that it replaced in each place."""

    decision: EntityLink
    replaced: Sequence[list[EntityLink]]


class Review:
    """The decisions of one person, kept in several places; they can be undone, the last one first.

    The first place is the record: what somebody else has decided there is not overruled. The others follow it.
    """

    def __init__(self, reviewer: str, places: Sequence[ApplyChange]) -> None:
        self.reviewer, self._places = reviewer, places
        self._steps: list[_Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a decision to undo."""
        return bool(self._steps)

    def decide(self, proposal: Proposal, verdict: Verdict, day: str) -> EntityLink:
        """Keep the decision everywhere, and return it; ``verdict`` is ACCEPT or REJECT.

        Raises AlreadyDecidedError, and whatever a place raises that cannot keep it; then it is kept nowhere.
        """
        decision = replace(
            proposal.link,
            status=_STATUSES[verdict],
            justification="ManualMappingCuration",
            reviewer=self.reviewer,
            date=day,
            features=None,
        )
        step = _Step(decision, [[] for _ in self._places])
        _apply_everywhere(self._places, _build_changes(step), _build_undo_changes(step))
        self._steps.append(step)
        return decision

    def undo(self) -> EntityLink:
        """Undo the last decision, and return it; where somebody has decided otherwise since, theirs stays.

        Raises IndexError if there is none, and whatever a place raises that cannot change; then it stays everywhere.
        """
        step = self._steps[-1]
        _apply_everywhere(self._places, _build_undo_changes(step), _build_changes(step))
        return self._steps.pop().decision


def _apply_everywhere(places: Sequence[ApplyChange], changes: Sequence[LinkChange], undo: Sequence[LinkChange]) -> None:
    """Make each place's change in all places or in none: if one fails, those before it are undone."""
    done: list[int] = []
    try:
        for number, apply in enumerate(places):
            apply(changes[number])
            done.append(number)
    except BaseException:
        for number in reversed(done):
            places[number](undo[number])
        raise


def _build_changes(step: _Step) -> Sequence[LinkChange]:
    first, *others = step.replaced
    return [
        partial(_add_to_record, decision=step.decision, replaced=first),
        *(partial(_add_decision, decision=step.decision, replaced=replaced) for replaced in others),
    ]


def _build_undo_changes(step: _Step) -> Sequence[LinkChange]:
    return [partial(_remove_decision, decision=step.decision, replaced=replaced) for replaced in step.replaced]


def _add_to_record(links: list[EntityLink], decision: EntityLink, replaced: list[EntityLink]) -> list[EntityLink]:
    """Do as :func:`_add_decision`. Raises AlreadyDecidedError if another decision settles the link."""
    for link in links:
        if link.status is not LinkStatus.PROPOSED and _is_settled(decision, link):
            raise AlreadyDecidedError(f"{link.reviewer or 'somebody'} has already decided on {decision.label}")
    return _add_decision(links, decision, replaced)


def _add_decision(links: list[EntityLink], decision: EntityLink, replaced: list[EntityLink]) -> list[EntityLink]:
    """Return the links with the decision instead of those that it settles, which are put into ``replaced``.

    So there is one link of a subject and an object; and of an accepted link's subject, no other in the same data set is
    accepted or proposed.
    """
    replaced.clear()  # a change may be made again, if another writer was faster
    left = list[EntityLink]()
    for link in links:
        (replaced if _is_settled(link, decision) else left).append(link)
    return [*left, decision]


def _remove_decision(links: list[EntityLink], decision: EntityLink, replaced: list[EntityLink]) -> list[EntityLink]:
    """Return the links without the decision and with those it replaced, except where others have decided since."""
    left = [link for link in links if not _is_same_decision(link, decision)]
    if len(left) == len(links):
        return links
    present = {link.ends for link in left}
    return [*left, *(link for link in replaced if link.ends not in present)]


def _is_settled(link: EntityLink, decision: EntityLink) -> bool:
    """Whether a decision leaves nothing to say about a link: it is on this link, or accepts another in the data set."""
    if link.subject != decision.subject:
        return False
    excludes_others = decision.status is LinkStatus.ACCEPTED and link.status is not LinkStatus.REJECTED
    is_other_of_data_set = excludes_others and _data_set(link.object) == _data_set(decision.object)
    return link.object == decision.object or is_other_of_data_set


def _is_same_decision(link: EntityLink, decision: EntityLink) -> bool:
    """Compare without the texts and figures, which a place may keep in another form."""
    return (link.ends, link.status, link.reviewer, link.date) == (
        decision.ends,
        decision.status,
        decision.reviewer,
        decision.date,
    )


def _data_set(iri: str) -> str:
    """Return the part of an IRI that names its data set: all but the last segment."""
    return iri.rstrip("/").rpartition("/")[0]
