"""What speaks for each proposed event and for each entity in each of its slots, as numbers for the judges.

A candidate is an entity in a role: what the rules have put there, every entity that is named in the sentence or the
three before it and that the model gives the role with some probability, and what the article has just told of.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Span

from hamakg.extract.encoder.pairs import ATTRIBUTES, EVENT_TYPES, KINDS, ROLES, Kind, Role
from hamakg.extract.encoder.windows import Words
from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.events.places import Relation
from hamakg.extract.narrative.events.scores import Expression, Scores
from hamakg.extract.narrative.events.triggers import TriggerKind, is_event_word
from hamakg.extract.narrative.names.cast import Cast
from hamakg.extract.narrative.time.dates import DateMention
from hamakg.extract.narrative.time.wordings import DateKind
from hamakg.model import Factuality, Interval, Ref

RELATIONS = {
    Relation.AT: Role.PLACE,
    Relation.NEAR: Role.NEAR,
    Relation.FROM: Role.FROM,
    Relation.TOWARD: Role.TOWARD,
}
"""The role of a place in each relation."""

_PLACES = tuple(RELATIONS.values())
_SLOTS = (Role.AGENT, Role.TARGET, *_PLACES)
_FLOOR = 0.05
"""The least probability of a role that the model alone proposes."""

_SENTENCES = 5
"""How far away an entity is named: in the sentence, up to three before it, or nowhere near."""

_UNLIKELY = 0.01


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity in a role of an event, with what speaks for it."""

    ref: Ref
    role: Role
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an event, and its candidates; their features end with the event's."""

    features: tuple[float, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """What the model says of an entity that is named near an event: of all its mentions the highest probabilities."""

    roles: tuple[float, ...] = (1.0, *(0.0,) * (len(ROLES) - 1))
    distance: tuple[int, int] = (_SENTENCES, 0)
    is_name: bool = False
    kind: Kind = Kind.ACTOR
    mentions: int = 0

    def add(self, expression: Expression, distance: tuple[int, int], roles: Sequence[float]) -> "_Named":
        """What the model says of the entity with one more mention."""
        is_nearest = distance < self.distance
        return _Named(
            (min(self.roles[0], roles[0]), *map(max, self.roles[1:], roles[1:])),
            distance if is_nearest else self.distance,
            expression.is_name if is_nearest else self.is_name,
            expression.kind,
            self.mentions + 1,
        )

    def find(self, role: Role) -> float:
        """The probability of a role."""
        return self.roles[ROLES.index(role)]


@dataclass(frozen=True, slots=True)
class _Before:
    """What the article has told before an event: its last two events, the last first; its main place; its entities."""

    last: tuple[Draft, ...]
    main_place: Ref | None
    shares: Mapping[Ref, float]
    cast: Cast

    def find_candidates(self) -> Iterator[tuple[Ref, Role]]:
        """Entities that may fill a slot without being named near."""
        for draft in self.last[:1]:
            for ref in (*draft.roles.agents, *draft.roles.targets):
                yield ref, Role.AGENT
                yield ref, Role.TARGET
            yield from ((place.ref, Role.PLACE) for place in draft.places)
        if self.main_place:
            yield self.main_place, Role.PLACE

    def describe(self, ref: Ref, draft: Draft) -> Iterator[float]:
        """What the article's course says of an entity for an event."""
        for number in range(2):
            told = self.last[number] if number < len(self.last) else None
            yield float(told is not None and ref in told.roles.agents)
            yield float(told is not None and ref in told.roles.targets)
            yield float(told is not None and any(place.ref == ref for place in told.places))
            yield float(told is not None and told.type is draft.type)
        yield float(bool(self.last) and self.last[0].sentence.start == draft.sentence.start)
        yield float(ref == self.main_place)
        yield self.shares.get(ref, 0.0)
        side = self.cast.side(ref)
        others = {self.cast.side(other) for other in draft.roles.agents if other != ref} - {None}
        yield float(side is not None and side in others)
        yield float(side is not None and bool(others) and side not in others)
        yield float(side is None)


@dataclass(frozen=True, slots=True)
class _Case:
    """An event with all that its evidence is made of."""

    draft: Draft
    attributes: Sequence[Sequence[float]]
    named: Mapping[Ref, _Named]
    before: _Before

    def weigh(self) -> Evidence:
        """The evidence for the event."""
        fillers = list_fillers(self.draft)
        likely = {(ref, role): None for ref, own in self.named.items() for role in _SLOTS if own.find(role) >= _FLOOR}
        shared = tuple(self._describe_event())
        return Evidence(
            shared,
            tuple(
                Candidate(
                    ref,
                    role,
                    (*self._describe_mentions(ref, role), *self._describe_rules(ref, role, fillers),
                     *self.before.describe(ref, self.draft), *shared),
                )
                for ref, role in fillers | dict.fromkeys(self.before.find_candidates()) | likely
            ),
        )  # fmt: skip

    def _find_best(self, role: Role, without: Ref = "") -> float:
        return max((own.find(role) for ref, own in self.named.items() if ref != without), default=_UNLIKELY)

    def _describe_event(self) -> Iterator[float]:
        draft, types = self.draft, self.draft.trigger.types or (0.0,) * len(EVENT_TYPES)
        yield logit(types[EVENT_TYPES.index(draft.type)])
        yield logit(max(p for kind, p in zip(EVENT_TYPES, types, strict=True) if kind is not draft.type))
        yield logit(1 - sum(types))
        yield from (float(draft.trigger.rule.kind is kind) for kind in TriggerKind)
        yield float(
            draft.trigger.rule.kind is TriggerKind.MODEL and is_event_word(draft.token)
        )  # the rules declined it
        yield float(draft.trigger.light is not None)
        yield from (float(draft.type is kind) for kind in EVENT_TYPES)
        yield from (float(draft.factuality is kind) for kind in Factuality)
        known = [p for part in self.attributes for p in part]
        yield from map(logit, known or [0.5] * sum(map(len, ATTRIBUTES)))
        yield float(bool(draft.roles.agents))
        yield float(bool(draft.roles.targets))
        yield float(bool(draft.places))
        yield float(len(draft.places) > 1)
        yield float(draft.interval.start is not None)
        yield float(draft.interval.start is not None and draft.interval.start == draft.interval.end)
        yield float(bool(draft.vouchers))
        yield float(bool(draft.casualties))
        yield float(draft.count is not None)
        yield from (logit(self._find_best(role)) for role in _SLOTS)

    def _describe_mentions(self, ref: Ref, role: Role) -> Iterator[float]:
        """What the model says of an entity in a role, and where it is named."""
        own = self.named.get(ref) or _Named()
        probability = own.find(role)
        yield logit(probability)
        yield logit(own.roles[0])
        yield logit(max(p for other, p in zip(ROLES[1:], own.roles[1:], strict=True) if other is not role))
        yield logit(probability) - logit(self._find_best(role, without=ref))
        yield from (float(own.distance[0] == step) for step in range(_SENTENCES + 1))
        yield math.sqrt(own.distance[1]) / 4
        yield float(own.is_name)
        yield min(own.mentions, 5) / 5
        yield from (float(own.mentions > 0 and own.kind is kind) for kind in KINDS)
        yield from (float(role is slot) for slot in _SLOTS)

    def _describe_rules(self, ref: Ref, role: Role, fillers: Mapping[tuple[Ref, Role], None]) -> Iterator[float]:
        """What the rules say of an entity in a role."""
        by_rule = (ref, role) in fillers
        said = by_rule and ref in self.draft.said
        own = self.named.get(ref) or _Named()
        same = sum(other is role for _, other in fillers)
        yield float(by_rule)
        yield float(said)
        yield float(not by_rule and any(other == ref for other, _ in fillers))
        yield float(same > 0 and not by_rule)
        yield float(same > 1)
        yield float(role in _PLACES and not by_rule and any(other in _PLACES for _, other in fillers))
        yield by_rule * logit(own.find(role)) / 5
        yield said * logit(own.find(role)) / 5


def collect_evidence(
    scores: Scores, drafts: Sequence[Draft], expressions: Sequence[Expression], cast: Cast, main_place: Ref | None
) -> list[Evidence]:
    """The evidence for each of an article's drafts."""
    at = [scores.find_words(d.begin, d.sentence, d.sentence.doc[d.token.i : d.token.i + 1]) for d in drafts]
    judged = scores.judge({words: d.type for words, d in zip(at, drafts, strict=True) if words}, expressions)
    by_words: defaultdict[Words, list[Expression]] = defaultdict(list)
    for expression in expressions:
        by_words[expression.words].append(expression)
    named: defaultdict[Words, defaultdict[Ref, _Named]] = defaultdict(lambda: defaultdict(_Named))
    for (trigger, mention), roles in judged.roles.items():
        distance = trigger.sentence - mention.sentence, abs(trigger.begin - mention.begin)
        for expression in by_words[mention]:
            for ref in expression.refs:
                named[trigger][ref] = named[trigger][ref].add(expression, distance, roles)
    counts = Counter(ref for expression in expressions for ref in expression.refs)
    most = max(counts.values(), default=1)
    shares = {ref: math.sqrt(count / most) for ref, count in counts.items()}
    return [
        _Case(
            draft,
            judged.attributes.get(words, ()) if words else (),
            named[words] if words else {},
            _Before(tuple(reversed(drafts[max(0, number - 2) : number])), main_place, shares, cast),
        ).weigh()
        for number, (draft, words) in enumerate(zip(drafts, at, strict=True))
    ]


def list_fillers(draft: Draft) -> dict[tuple[Ref, Role], None]:
    """What the rules have put in the slots of a draft."""
    return (
        {(ref, Role.AGENT): None for ref in draft.roles.agents}
        | {(ref, Role.TARGET): None for ref in draft.roles.targets}
        | {(place.ref, RELATIONS[place.relation]): None for place in draft.places if place.relation in RELATIONS}
    )


def describe_days(sentence: Span, trigger: int, interval: Interval, dates: Sequence[DateMention]) -> tuple[float, ...]:
    """What speaks for the days of the event whose trigger is a token of the sentence, by the paragraph's dates."""
    inside = [m for m in dates if sentence.start <= m.begin < sentence.end and m.end > m.begin]
    same = [m for m in inside if m.interval == interval]
    before = [m for m in dates if m.begin < sentence.start and m.moves]
    known = interval != Interval()
    return (
        float(known),
        float(interval.start is not None and interval.start == interval.end),
        float(interval.start is None and known),
        float(interval.end is None and known),
        float(not inside),
        float(len(inside) > 1),
        float(bool(same)),
        float(known and not same),
        min((abs(m.begin - trigger) for m in same), default=40) / 20,
        min(sentence.start - before[-1].begin, 200) / 50 if before else 5.0,
        float(bool(before) and before[-1].interval == interval),
        float(bool(before) and before[-1].end == before[-1].begin),
        *(float(any(m.kind is kind for m in same)) for kind in DateKind),
        float(sentence.start == 0),
    )


def logit(probability: float) -> float:
    """The log-odds of a probability, which is bounded so that none is certain."""
    bounded = min(max(probability, 0.005), 0.995)
    return math.log(bounded / (1 - bounded))
