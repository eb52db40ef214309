"""What a sentence leaves out and its paragraph shows: where a clash was, who a passive means, whom an attack was on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hamakg.extract.narrative.events.arguments import Roles
from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.events.nouns import is_dated, is_definite
from hamakg.extract.narrative.events.places import FROM, NEAR, TOWARD, PlaceArgument
from hamakg.extract.narrative.names.discourse import Discourse
from hamakg.extract.narrative.names.registry import Registry
from hamakg.extract.narrative.parse.grammar import is_passive, objects, subjects
from hamakg.model import EventType, Factuality, Ref
from hamakg.naming.place_kinds import kind_words

# Events that happen where the event that they are told with does, or where the story is.
_SHARING = frozenset(
    {
        EventType.CLASH, EventType.ASSAULT, EventType.REPULSION, EventType.CAPTURE, EventType.KILLING,
        EventType.EQUIPMENT_LOSS, EventType.ENCIRCLEMENT, EventType.WITHDRAWAL, EventType.BOMBING,
        EventType.CHEMICAL_ATTACK, EventType.ADVANCE,
    }
)  # fmt: skip
_ATTACKS = frozenset({EventType.ASSAULT, EventType.OFFENSIVE_LAUNCH, EventType.ADVANCE})
# Who did these is never taken from another sentence: an accusation is made by those who are named, or not at all.
_NAMED_ONLY = frozenset(
    {
        EventType.CLASH, EventType.CHEMICAL_ATTACK, EventType.KILLING, EventType.AIR_STRIKE, EventType.SHELLING,
        EventType.BOMBING,
    }
)  # fmt: skip
_CARRYING = frozenset(
    {EventType.CLASH, EventType.ASSAULT, EventType.BOMBING, EventType.REPULSION, EventType.CHEMICAL_ATTACK}
)


@dataclass(frozen=True, slots=True)
class Implied:
    """Completes the events of a sentence from each other and from those that the paragraph has ``told`` before."""

    registry: Registry
    discourse: Discourse
    told: Sequence[Draft]

    def complete(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            if not draft.places:
                draft.places = self._shared_places(draft, drafts) or self._places_told(draft)
            if draft.type is EventType.WITHDRAWAL or (
                draft.type is EventType.EVACUATION and objects(draft.trigger.token)
            ):
                draft.places = tuple(map(_as_origin, draft.places))
            if draft.type is EventType.REPULSION and not draft.roles.targets:
                draft.roles = Roles(draft.roles.agents, self.targets(draft))
            if not draft.roles.agents:
                draft.roles = Roles(self.agents(draft, drafts), draft.roles.targets)
            if draft.type is EventType.OFFENSIVE_LAUNCH and draft.factuality is Factuality.ACTUAL:
                self.discourse.launch = draft

    def _shared_places(self, draft: Draft, drafts: Iterable[Draft]) -> tuple[PlaceArgument, ...]:
        """An event inside another's clause happened where that did ("the attack was repelled at X")."""
        if draft.type is EventType.OFFENSIVE_LAUNCH:
            return self._goal(draft, drafts) or self._launched_before(draft)
        if self._unnamed_object(draft):
            return self._beside(draft, drafts)
        if draft.type not in _SHARING:
            return ()
        for other in drafts:
            if other is draft or not other.places or not self._joined(draft, other):
                continue
            if draft.type is EventType.ADVANCE:
                return () if objects(draft.trigger.token) else _ahead(other)
            if draft.type is EventType.EQUIPMENT_LOSS:
                return tuple(replace(p, relation=None) for p in other.places)
            if kept := tuple(p for p in other.places if p.relation is None):
                return kept
        return ()

    def _beside(self, draft: Draft, drafts: Iterable[Draft]) -> tuple[PlaceArgument, ...]:
        """ "pushed towards X, taking a checkpoint": what is taken without a name lies near where the way went."""
        for other in drafts:
            anchors = tuple(p for p in other.places if p.relation in (NEAR, TOWARD))
            earlier = other.trigger.token.i < draft.trigger.token.i and other.factuality is draft.factuality
            small = any(t.lower_ in kind_words() or t.lemma_ in kind_words() for t in objects(draft.trigger.token))
            if earlier and small and anchors and self._joined(draft, other):
                return tuple(replace(p, relation=NEAR, extent=None) for p in anchors)
        return ()

    def _goal(self, draft: Draft, drafts: Iterable[Draft]) -> tuple[PlaceArgument, ...]:
        """ "began operations to capture X" go towards X; "…, capturing villages near X" was near X."""
        own = [t for t in (draft.trigger.token, draft.trigger.light) if t is not None]
        for other in drafts:
            if not other.places or not any(t.is_ancestor(other.trigger.token) for t in own):
                continue
            if other.factuality is Factuality.PLANNED:
                return tuple(replace(p, relation=TOWARD) for p in other.places)
            if all(p.relation is NEAR for p in other.places) and other.trigger.token.dep_ == "advcl":
                return other.places
        return ()

    def _launched_before(self, draft: Draft) -> tuple[PlaceArgument, ...]:
        """ "The offensive began" is the one that the article has told of."""
        last = self.discourse.launch
        return last.places if last is not None and is_definite(draft.trigger.token) else ()

    def _joined(self, draft: Draft, other: Draft) -> bool:
        mine = [t for t in (draft.trigger.token, draft.trigger.light) if t is not None]
        theirs = [t for t in (other.trigger.token, other.trigger.light) if t is not None]
        return any(a.is_ancestor(b) or b.is_ancestor(a) or b in a.conjuncts for a in mine for b in theirs)

    def _places_told(self, draft: Draft) -> tuple[PlaceArgument, ...]:
        """Where the paragraph's story is, for a noun that speaks of it again ("the clashes", "their attack")."""
        if (
            draft.type not in _CARRYING
            or not draft.trigger.is_noun
            or not is_definite(draft.trigger.token)
            or is_dated(draft.trigger.token)
            or draft.factuality is not Factuality.ACTUAL
        ):
            return ()
        return next(
            (
                other.places
                for other in reversed(self.told)
                if other.places and other.factuality is not Factuality.PLANNED
            ),
            (),
        )

    def _unnamed_object(self, draft: Draft) -> bool:
        token = draft.trigger.token
        taken = objects(token) or (subjects(token) if is_passive(token) else [])
        return draft.type is EventType.CAPTURE and bool(taken)

    def agents(self, draft: Draft, drafts: Iterable[Draft]) -> tuple[Ref, ...]:
        """The one party that a passive without "by" can mean (guidelines, convention 13)."""
        token = draft.trigger.token
        if draft.type is EventType.CAPTURE and draft.trigger.is_noun:
            told = [d for d in drafts if d.trigger.token.i < token.i and d.roles.agents]
            if told:
                return told[-1].roles.agents
        if draft.type is EventType.OFFENSIVE_LAUNCH and self.discourse.launch is not None and is_definite(token):
            return self.discourse.launch.roles.agents
        if draft.type is EventType.REPULSION:
            return self._opposed(draft.roles.targets, drafts)
        if draft.trigger.is_noun and draft.type not in _NAMED_ONLY and is_definite(token):
            return self._last_agents(draft)
        if draft.type is EventType.CAPTURE and (is_passive(token) or draft.trigger.is_noun):
            last = self._last_agents(draft)
            if draft.trigger.recapture:
                captured = [d for d in reversed(self.told) if d.type is EventType.CAPTURE and d.roles.agents]
                return self._opposed(captured[0].roles.agents) if captured else last
            return last
        return ()

    def targets(self, draft: Draft) -> tuple[Ref, ...]:
        """Who an event was directed at, where its victims, the attack it repelled or the other side show it."""
        if draft.type is EventType.REPULSION:
            attack = next((d for d in reversed(self.told) if d.type in _ATTACKS and d.roles.agents), None)
            return () if attack is None or set(attack.roles.agents) & set(draft.roles.agents) else attack.roles.agents
        if draft.type is EventType.EQUIPMENT_LOSS:
            return self._opposed(draft.roles.agents)
        victims = tuple(dict.fromkeys(c.party for c in draft.casualties if c.party))
        one_side = len({self._side(ref) for ref in victims}) == 1
        named = draft.type is not EventType.CLASH or all(ref not in self.registry.sides for ref in victims)
        return tuple(ref for ref in victims if ref not in draft.roles.agents) if one_side and named else ()

    def _last_agents(self, draft: Draft) -> tuple[Ref, ...]:
        for other in reversed(self.told):
            if other.roles.agents and other.type is draft.type:
                return other.roles.agents
        return ()

    def _opposed(self, parties: Sequence[Ref], drafts: Iterable[Draft] = ()) -> tuple[Ref, ...]:
        """The party of the other side that the sentence, else the paragraph, has spoken of last."""
        sides = {self._side(ref) for ref in parties} - {None}
        if len(sides) != 1:
            return ()
        side = next(iter(sides))
        for other in (*drafts, *reversed(self.told)):
            for group in (other.roles.agents, other.roles.targets):
                found = tuple(ref for ref in group if self._side(ref) not in (None, side))
                if found:
                    return found
        opposite = [s for s in self.registry.sides if s != side]
        if len(opposite) != 1:
            return ()
        army = self.registry.army() if opposite[0] == self.registry.government else None
        return (army or opposite[0],)

    def _side(self, ref: Ref) -> Ref | None:
        if ref in self.registry.sides:
            return ref
        return self.registry.side_of.get(ref)


def _as_origin(place: PlaceArgument) -> PlaceArgument:
    """Of a withdrawal: where it was from, or with "into" where it went."""
    if place.relation is not None:
        return place
    return replace(place, relation=TOWARD if place.way.word in {"into", "onto"} else FROM)


def _ahead(other: Draft) -> tuple[PlaceArgument, ...]:
    """Where an advance went that is told with another event: there, or towards what was only planned ("to take X")."""
    if other.factuality is not Factuality.PLANNED:
        return other.places
    return tuple(replace(p, relation=p.relation or TOWARD) for p in other.places)
