"""What a sentence leaves out and its paragraph shows: where a clash was, who a passive means, whom an attack was on.

Each function proposes what may fill a slot, by rules in the order of their trust.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from spacy.tokens import Token

from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.events.nouns import is_dated, is_definite
from hamakg.extract.narrative.events.places import PlaceArgument, Relation
from hamakg.extract.narrative.events.proposals import Slot, SlotProposal, SlotRule, decide
from hamakg.extract.narrative.names.cast import Cast
from hamakg.extract.narrative.parse.grammar import is_passive, objects, subjects
from hamakg.model import EventType, Factuality, Ref
from hamakg.naming.place_kinds import kind_words

Places = Iterable[SlotProposal[PlaceArgument]]
Party = SlotProposal[Ref]

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
class Context:
    """What the events of a sentence are completed from: what the paragraph has ``told`` before, the last offensive."""

    cast: Cast
    told: Sequence[Draft]
    launch: Draft | None


def complete(drafts: Sequence[Draft], context: Context) -> tuple[tuple[Draft, ...], Draft | None]:
    """The drafts of a sentence with the places and parties that its paragraph shows, and the last offensive after it.

    They are completed in their order; a later one sees what the ones before it have got.
    """
    done = list(drafts)
    for index, draft in enumerate(drafts):
        done[index] = replace(draft, places=_decide_places(draft, done, context))
        if draft.type is EventType.REPULSION:
            done[index] = done[index].with_roles(targets=decide_targets(done[index], context))
        agents = chain(_propose_own(Slot.AGENT, draft.roles.agents), _propose_agents(done[index], done, context))
        done[index] = done[index].with_roles(agents=decide(agents))
        if draft.type is EventType.OFFENSIVE_LAUNCH and draft.factuality is Factuality.ACTUAL:
            context = replace(context, launch=done[index])
    return tuple(done), context.launch


def decide_targets(draft: Draft, context: Context) -> tuple[Ref, ...]:
    """Whom an event was directed at: by its words, else by its victims, the attack that it repelled or the sides."""
    return decide(chain(_propose_own(Slot.TARGET, draft.roles.targets), _propose_targets(draft, context)))


def _propose_own(slot: Slot, refs: Iterable[Ref]) -> Iterator[Party]:
    return (SlotProposal(slot, ref, SlotRule.GRAMMAR) for ref in refs)


# ---------------------------------------------------------------- places


def _decide_places(draft: Draft, drafts: Sequence[Draft], context: Context) -> tuple[PlaceArgument, ...]:
    own = _propose(draft.places, SlotRule.GRAMMAR)
    places = decide(chain(own, _propose_shared(draft, drafts, context), _propose_story(draft, context)))
    leaving = draft.type is EventType.EVACUATION and objects(draft.token)
    return tuple(map(_as_origin, places)) if leaving or draft.type is EventType.WITHDRAWAL else places


def _as_origin(place: PlaceArgument) -> PlaceArgument:
    """Of a withdrawal: where it was from, or with "into" where it went."""
    if place.relation is not Relation.AT:
        return place
    return replace(place, relation=Relation.TOWARD if place.way.word in {"into", "onto"} else Relation.FROM)


def _propose(places: Iterable[PlaceArgument], rule: SlotRule, relation: Relation | None = None) -> Places:
    return [SlotProposal(Slot.PLACE, replace(p, relation=relation or p.relation), rule) for p in places]


def _propose_shared(draft: Draft, drafts: Sequence[Draft], context: Context) -> Iterator[SlotProposal[PlaceArgument]]:
    """An event inside another's clause happened where that did ("the attack was repelled at X")."""
    if draft.type is EventType.OFFENSIVE_LAUNCH:
        yield from _propose_goal(draft, drafts)
        if context.launch is not None and is_definite(draft.token):
            yield from _propose(context.launch.places, SlotRule.LAUNCHED_BEFORE)
    elif draft.type is EventType.CAPTURE and _taken(draft):
        yield from _propose_beside(draft, drafts)
    elif draft.type in _SHARING:
        yield from _propose_joined(draft, drafts)


def _propose_goal(draft: Draft, drafts: Sequence[Draft]) -> Places:
    """ "began operations to capture X" go towards X; "…, capturing villages near X" was near X."""
    for other in drafts:
        if other.places and any(token.is_ancestor(other.token) for token in draft.trigger.words):
            if other.factuality is Factuality.PLANNED:
                return _propose(other.places, SlotRule.GOAL, Relation.TOWARD)
            if all(p.relation is Relation.NEAR for p in other.places) and other.token.dep_ == "advcl":
                return _propose(other.places, SlotRule.GOAL)
    return ()


def _taken(draft: Draft) -> list[Token]:
    return objects(draft.token) or (subjects(draft.token) if is_passive(draft.token) else [])


def _propose_beside(draft: Draft, drafts: Sequence[Draft]) -> Places:
    """ "pushed towards X, taking a checkpoint": what is taken without a name lies near where the way went."""
    small = any(t.lower_ in kind_words() or t.lemma_ in kind_words() for t in objects(draft.token))
    for other in drafts if small else ():
        anchors = [p for p in other.places if p.relation in {Relation.NEAR, Relation.TOWARD}]
        earlier = other.token.i < draft.token.i and other.factuality is draft.factuality
        if earlier and anchors and _are_joined(draft, other):
            return _propose((replace(p, extent=None) for p in anchors), SlotRule.BESIDE, Relation.NEAR)
    return ()


def _propose_joined(draft: Draft, drafts: Sequence[Draft]) -> Places:
    for other in drafts:
        if other is draft or not other.places or not _are_joined(draft, other):
            continue
        if draft.type is EventType.ADVANCE:
            return () if objects(draft.token) else _propose_ahead(other)
        if draft.type is EventType.EQUIPMENT_LOSS:
            return _propose(other.places, SlotRule.JOINED, Relation.AT)
        if kept := [p for p in other.places if p.relation is Relation.AT]:
            return _propose(kept, SlotRule.JOINED)
    return ()


def _are_joined(draft: Draft, other: Draft) -> bool:
    pairs = [(a, b) for a in draft.trigger.words for b in other.trigger.words]
    return any(a.is_ancestor(b) or b.is_ancestor(a) or b in a.conjuncts for a, b in pairs)


def _propose_ahead(other: Draft) -> Places:
    """Where an advance went that is told with another event: there, or towards what was only planned ("to take X")."""
    if other.factuality is not Factuality.PLANNED:
        return _propose(other.places, SlotRule.JOINED)
    ahead = (replace(p, relation=Relation.TOWARD) if p.relation is Relation.AT else p for p in other.places)
    return _propose(ahead, SlotRule.JOINED)


def _propose_story(draft: Draft, context: Context) -> Places:
    """Where the paragraph's story is, for a noun that speaks of it again ("the clashes", "their attack")."""
    again = draft.trigger.is_noun and is_definite(draft.token) and not is_dated(draft.token)
    if not again or draft.type not in _CARRYING or draft.factuality is not Factuality.ACTUAL:
        return ()
    told = (d.places for d in reversed(context.told) if d.places and d.factuality is not Factuality.PLANNED)
    return _propose(next(told, ()), SlotRule.STORY)


# ---------------------------------------------------------------- parties


@dataclass(frozen=True, slots=True)
class _Unsaid:
    """An event whose agents its own words do not say, with the events of its sentence."""

    draft: Draft
    drafts: Sequence[Draft]
    context: Context

    @property
    def is_definite_noun(self) -> bool:
        return self.draft.trigger.is_noun and is_definite(self.draft.token)

    def tell_before(self) -> tuple[Ref, ...]:
        """The agents of the last event of the sentence before this one that has some."""
        told = [d for d in self.drafts if d.token.i < self.draft.token.i and d.roles.agents]
        return told[-1].roles.agents if told else ()

    def do_again(self) -> tuple[Ref, ...]:
        """The agents of the paragraph's last event of the type."""
        told = (d for d in reversed(self.context.told) if d.roles.agents and d.type is self.draft.type)
        return next((d.roles.agents for d in told), ())

    def retake(self) -> tuple[Ref, ...]:
        """The other side than the one that took a place last."""
        told = (d for d in reversed(self.context.told) if d.type is EventType.CAPTURE and d.roles.agents)
        captors = next((d.roles.agents for d in told), ())
        return _find_opposed(captors, self.context) if captors else self.do_again()


_AGENTS: tuple[tuple[SlotRule, Callable[[_Unsaid], bool], Callable[[_Unsaid], tuple[Ref, ...]]], ...] = (
    (
        SlotRule.TAKER,
        lambda u: u.draft.type is EventType.CAPTURE and u.draft.trigger.is_noun and bool(u.tell_before()),
        _Unsaid.tell_before,
    ),
    (
        SlotRule.LAUNCHED_BEFORE,
        lambda u: (
            u.draft.type is EventType.OFFENSIVE_LAUNCH and u.context.launch is not None and is_definite(u.draft.token)
        ),
        lambda u: u.context.launch.roles.agents if u.context.launch else (),
    ),
    (
        SlotRule.REPELLER,
        lambda u: u.draft.type is EventType.REPULSION,
        lambda u: _find_opposed(u.draft.roles.targets, u.context, u.drafts),
    ),
    (
        SlotRule.AGAIN,
        lambda u: u.is_definite_noun and u.draft.type not in _NAMED_ONLY,
        _Unsaid.do_again,
    ),
    (
        SlotRule.RETAKER,
        lambda u: _is_left_open(u.draft) and u.draft.trigger.recapture,
        _Unsaid.retake,
    ),
    (SlotRule.AGAIN, lambda u: _is_left_open(u.draft), _Unsaid.do_again),
)
"""The one party that a passive without "by" can mean (guidelines, convention 13), by the first rule that applies."""


def _is_left_open(draft: Draft) -> bool:
    return draft.type is EventType.CAPTURE and (is_passive(draft.token) or draft.trigger.is_noun)


def _propose_agents(draft: Draft, drafts: Sequence[Draft], context: Context) -> Iterator[Party]:
    unsaid = _Unsaid(draft, drafts, context)
    for rule, applies, find in _AGENTS:
        if applies(unsaid):
            yield from (SlotProposal(Slot.AGENT, ref, rule) for ref in find(unsaid))
            return


def _propose_targets(draft: Draft, context: Context) -> Iterator[Party]:
    agents = draft.roles.agents
    if draft.type is EventType.REPULSION:
        attack = next((d for d in reversed(context.told) if d.type in _ATTACKS and d.roles.agents), None)
        own = attack is None or set(attack.roles.agents) & set(agents)
        found, rule = () if attack is None or own else attack.roles.agents, SlotRule.ATTACKERS
    elif draft.type is EventType.EQUIPMENT_LOSS:
        found, rule = _find_opposed(agents, context), SlotRule.OPPONENT
    else:
        found, rule = _find_victims(draft, context.cast), SlotRule.VICTIMS
    yield from (SlotProposal(Slot.TARGET, ref, rule) for ref in found)


def _find_victims(draft: Draft, cast: Cast) -> tuple[Ref, ...]:
    """Whose people an event killed, where they are of one side; clashes are not directed at a whole side."""
    victims = tuple(dict.fromkeys(c.party for c in draft.casualties if c.party))
    one_side = len({cast.side(ref) for ref in victims}) == 1
    named = draft.type is not EventType.CLASH or all(ref not in cast.sides for ref in victims)
    return tuple(ref for ref in victims if ref not in draft.roles.agents) if one_side and named else ()


def _find_opposed(parties: Sequence[Ref], context: Context, drafts: Iterable[Draft] = ()) -> tuple[Ref, ...]:
    """The party of the other side that the sentence, else the paragraph, has spoken of last."""
    cast = context.cast
    sides = {cast.side(ref) for ref in parties} - {None}
    if len(sides) != 1:
        return ()
    side = next(iter(sides))
    for other in (*drafts, *reversed(context.told)):
        for group in (other.roles.agents, other.roles.targets):
            if found := tuple(ref for ref in group if cast.side(ref) not in (None, side)):
                return found
    opposite = [ref for ref in cast.sides if ref != side]
    if len(opposite) != 1:
        return ()
    army = cast.army() if opposite[0] == cast.government else None
    return (army or opposite[0],)
