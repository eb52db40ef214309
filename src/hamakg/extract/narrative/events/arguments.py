"""Who did it and to whom: the parties in an event's grammatical roles."""

from dataclasses import dataclass

from spacy.tokens import Token

from hamakg.extract.narrative.events.nouns import is_definite
from hamakg.extract.narrative.events.triggers import Trigger
from hamakg.extract.narrative.names.parties import PartyReader
from hamakg.extract.narrative.parse.grammar import (
    by_phrase,
    has_child,
    is_passive,
    is_verb,
    objects,
    prepositional,
    subjects,
    verb_lemma,
)
from hamakg.extract.narrative.parse.lexicon import lexicon
from hamakg.model import EventType, Ref

_AGAINST = frozenset({"on", "against", "at", "upon", "with", "over"})
_BETWEEN = frozenset({"between"})
_COUNTERED = frozenset(
    {EventType.ASSAULT, EventType.OFFENSIVE_LAUNCH, EventType.AIR_STRIKE, EventType.SHELLING, EventType.BOMBING}
)


@dataclass(frozen=True, slots=True)
class Roles:
    """The parties of an event; ``() `` where the sentence does not say."""

    agents: tuple[Ref, ...] = ()
    targets: tuple[Ref, ...] = ()


def roles_of(trigger: Trigger, parties: PartyReader) -> Roles:
    """The agents and targets that the sentence's grammar gives the event."""
    roles = _noun_roles(trigger, parties) if trigger.is_noun else _verb_roles(trigger, parties)
    targets = tuple(ref for ref in roles.targets if ref not in roles.agents)
    return Roles(tuple(dict.fromkeys(roles.agents)), tuple(dict.fromkeys(targets)))


def _read(tokens: list[Token], parties: PartyReader) -> tuple[Ref, ...]:
    return tuple(ref for token in tokens for ref in parties.read(token))


# ---------------------------------------------------------------- verbs


def _verb_roles(trigger: Trigger, parties: PartyReader) -> Roles:
    verb = trigger.token
    subject, patient = subjects(verb), objects(verb)
    if is_passive(verb):
        doers, done_to = _read(by_phrase(verb), parties), patient or subject
    else:
        doers = () if trigger.rule.startswith("figure") else _subject_parties(verb, subject, parties)
        done_to = patient
    companions = _read(prepositional(verb, frozenset({"alongside"})), parties)
    doers = (*doers, *companions) if doers else doers
    if trigger.object == "repelled":
        return Roles(doers, _attackers(done_to, parties))
    patients = _read(done_to, parties)
    if trigger.type is EventType.DEPLOYMENT and is_passive(verb) and not doers:
        return Roles(patients)
    against = _read(prepositional(verb, frozenset({"against"})), parties)
    match trigger.subject, trigger.object:
        case "forcer", _:
            return Roles(patients)
        case "dead", _:
            return Roles((), _named_only(subject, parties))
        case "loser", _:
            return Roles((), doers)
        case "target", _:
            return Roles(
                _read(prepositional(verb, frozenset({"to"})), parties) if trigger.type is EventType.SURRENDER else (),
                doers,
            )
        case "killer", _:
            return Roles(doers, patients if doers or not is_passive(verb) else _named_only(done_to, parties))
        case "place", _:
            return Roles(_read(prepositional(verb, frozenset({"to", "between"})), parties))
        case _, "place" | "road":
            return Roles(doers, (*_holders_of(done_to, parties), *against))
        case _, "origin" | "weapon":
            return Roles(doers, against)
        case _, "equipment":
            return Roles(doers, tuple(ref for t in done_to for ref in (parties.described(t) or _of(t, parties))))
    return Roles(doers, (*_targets_of(done_to, parties), *against))


_CLIMB = frozenset({"xcomp", "advcl", "acl", "conj", "pcomp", "ccomp", "prep", "pobj", "dobj", "attr", "dep"})


def _subject_parties(verb: Token, subject: list[Token], parties: PartyReader) -> tuple[Ref, ...]:
    """The parties that do what a verb says: its subject, else the one of the clause that it hangs on.

    A subject of its own that names no party ends the search, and so does one who only speaks of it.
    """
    found = _read(subject, parties) or _nominal(subject, parties)
    if has_child(verb, {"nsubj", "nsubjpass", "csubj"}) or _is_made_to(verb):
        return found
    node = verb
    while not found and node.dep_ in _CLIMB and node.head != node:
        dep, node = node.dep_, node.head
        if not is_verb(node):
            continue
        if dep != "xcomp" and node.lemma_.lower() in _SPEAKING and node.lemma_ not in _ACCUSING:
            return ()
        own = _own_subjects(node)
        by = _read(by_phrase(node), parties) if is_passive(node) and dep != "xcomp" else ()
        found = by or _read(own, parties) or _nominal(own, parties)
        if own and not found:
            return ()
    return found


def _is_made_to(verb: Token) -> bool:
    """ "urged civilians to leave": the one urged does it, whoever he is."""
    return (
        verb.dep_ == "xcomp"
        and verb.head.lemma_.lower() in lexicon().grammar["controlling"]
        and has_child(verb.head, {"dobj"})
    )


_ACCUSING = frozenset({"accuse", "suspect", "blame"})
_SPEAKING = frozenset(lexicon().stance_verbs) | {"call", "urge", "criticize", "criticise", "order"}


def _own_subjects(verb: Token) -> list[Token]:
    """The subject of a verb; of an accusation the accused."""
    doer = "dobj" if verb.lemma_ in _ACCUSING else "nsubj"
    return [c for c in verb.children if c.dep_ in {doer, "nsubjpass"}]


def _nominal(subject: list[Token], parties: PartyReader) -> tuple[Ref, ...]:
    """The parties in a subject that is an event itself ("a rebel attack … killing", "the military's attack")."""
    return tuple(
        ref for c in subject for ref in (*parties.described(c), *_possessor(c, parties), *_read(by_phrase(c), parties))
    )


def _named_only(tokens: list[Token], parties: PartyReader) -> tuple[Ref, ...]:
    return tuple(ref for t in tokens if t.i in parties.mentions for ref in parties.read(t))


def _targets_of(tokens: list[Token], parties: PartyReader) -> tuple[Ref, ...]:
    return tuple(ref for t in tokens for ref in (parties.read(t) or parties.described(t)))


def _holders_of(tokens: list[Token], parties: PartyReader) -> tuple[Ref, ...]:
    """Whose the places were that an event took: "HTS positions", "buildings held by HTS"."""
    held = [c for t in tokens for c in t.children if c.dep_ == "acl" and c.lemma_ in {"hold", "control", "occupy"}]
    own = tuple(ref for t in tokens if t.i not in parties.mentions for ref in parties.described(t))
    return (*own, *(ref for verb in held for ref in _read(by_phrase(verb), parties)))


def _attackers(tokens: list[Token], parties: PartyReader) -> tuple[Ref, ...]:
    """Whose attack it was that was repelled."""
    return tuple(
        ref
        for t in tokens
        for ref in (parties.read(t) or (*parties.described(t), *_possessor(t, parties), *_read(by_phrase(t), parties)))
    )


def _possessor(token: Token, parties: PartyReader) -> tuple[Ref, ...]:
    return _read([c for c in token.children if c.dep_ == "poss"], parties)


def _of(token: Token, parties: PartyReader) -> tuple[Ref, ...]:
    return _read(prepositional(token, frozenset({"of"})), parties)


# ---------------------------------------------------------------- nouns


def _noun_roles(trigger: Trigger, parties: PartyReader) -> Roles:
    noun, light = trigger.token, trigger.light
    agents = [*_whose(noun, trigger, parties), *_possessor(noun, parties), *_read(by_phrase(noun), parties)]
    targets = [*_targets_of(prepositional(noun, _AGAINST), parties)]
    both = _read(prepositional(noun, _BETWEEN), parties)
    if trigger.type in _OF_DOER:
        agents += _read(prepositional(noun, frozenset({"of"})), parties)
    if trigger.type in _OF_TARGET:
        targets += _targets_of(prepositional(noun, frozenset({"of"})), parties)
    if trigger.rule == "noun control":
        return Roles(tuple(agents) or (_holders(noun, light, parties) if light is not None else ()))
    if light is not None:
        both = both or _read(prepositional(light, _BETWEEN), parties) or _between(light, parties)
        agents += _carriers(noun, light, parties)
        targets += _targets_of(prepositional(light, _AGAINST - {"at", "with"}), parties)
        if light.lemma_ == "bring" and trigger.type is EventType.ADVANCE:
            agents = agents or list(_read(objects(light), parties))
        if light.lemma_ in {"come", "face"} or (noun.dep_ == "pobj" and noun.head.lower_ == "under"):
            agents, targets = (
                [*parties.described(noun), *_read(prepositional(noun, frozenset({"from"})), parties)],
                list(_read(subjects(light), parties)),
            )
        elif (
            noun.dep_ == "nsubj" and trigger.type in _COUNTERED and light.lemma_ in {"hit", "strike", "target", "force"}
        ):
            targets += _targets_of(objects(light), parties)
    if not agents and light is None and trigger.type in _INHERITING and (carrier := _carrying_verb(noun)):
        agents = list(_subject_parties(carrier, subjects(carrier), parties))
    if trigger.type is EventType.CLASH and not both:
        targets = [*targets, *_targets_of(prepositional(noun, frozenset({"with"})), parties)]
        if targets and not agents:
            agents = list(_doers_above(noun, parties))
    return Roles((*agents, *both), tuple(targets))


def _whose(noun: Token, trigger: Trigger, parties: PartyReader) -> tuple[Ref, ...]:
    """Whose event the noun's own words say it was; of a chemical attack or a massacre a bare name may be its place."""
    described = parties.described(noun)
    if trigger.type not in {EventType.CHEMICAL_ATTACK, EventType.KILLING}:
        return described
    known = parties.registry
    return tuple(ref for ref in described if ref in known.sides or ref in known.side_of)


def _doers_above(noun: Token, parties: PartyReader) -> tuple[Ref, ...]:
    """Who fought, of "X took the town after clashes with Y"."""
    verb = next((a for a in noun.ancestors if is_verb(a)), None)
    if verb is None:
        return ()
    return _read(by_phrase(verb), parties) if is_passive(verb) else _subject_parties(verb, subjects(verb), parties)


# "the withdrawal of X" is X's; "the shelling of X" was done to X.
_OF_DOER = frozenset({EventType.WITHDRAWAL, EventType.ADVANCE, EventType.OFFENSIVE_LAUNCH})
_OF_TARGET = frozenset({EventType.SURRENDER, EventType.SHELLING, EventType.AIR_STRIKE, EventType.KILLING})
_INHERITING = frozenset({EventType.ASSAULT, EventType.ADVANCE})


def _carrying_verb(noun: Token) -> Token | None:
    """The verb whose subject also did the noun's event ("retook it in a counter-attack", "after an assault")."""
    prep = noun.head
    if noun.dep_ != "pobj" or prep.head.pos_ != "VERB" or is_passive(prep.head):
        return None
    taking = any(rule.type is EventType.CAPTURE for rule in lexicon().verbs.get(verb_lemma(prep.head), ()))
    before = prep.lower_ in {"after", "following"} and taking and not is_definite(noun)
    return prep.head if before or prep.lower_ in {"in", "with", "during", "through"} else None


def _between(light: Token, parties: PartyReader) -> tuple[Ref, ...]:
    """The two parties behind a "between" that stands further down."""
    for token in light.subtree:
        if token.lower_ == "between" and token.dep_ == "prep":
            found = _read([obj for obj in token.children if obj.dep_ == "pobj"], parties)
            if len(set(found)) > 1:
                return found
    return ()


def _carriers(noun: Token, light: Token, parties: PartyReader) -> tuple[Ref, ...]:
    """The subject of the light verb, or its "by"; an event noun that is itself the subject has none."""
    first = noun
    while first.dep_ == "conj":
        first = first.head
    if first.dep_ in {"nsubj", "attr"} or is_passive(light) or first.dep_ == "nsubjpass":
        return _read(by_phrase(light), parties)
    if first.dep_ == "dobj" and light.lemma_ in {"see", "involve", "repel", "announce", "order", "plan", "report"}:
        return ()
    return _subject_parties(light, subjects(light), parties)


def _holders(noun: Token, light: Token, parties: PartyReader) -> tuple[Ref, ...]:
    """Who is "in control" or was "left in control"; of a place "under control" the words do not say more."""
    return _read(objects(light) or subjects(light), parties) if noun.head.lower_ == "in" else ()
