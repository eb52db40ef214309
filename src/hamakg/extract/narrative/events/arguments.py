"""Who did it and to whom: the parties in an event's grammatical roles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from hamakg.extract.narrative.events.nouns import is_definite
from hamakg.extract.narrative.events.triggers import Trigger, TriggerKind
from hamakg.extract.narrative.events.words import Object, Subject, noun_words, triggers
from hamakg.extract.narrative.names.cast import Parties, Reference, join
from hamakg.extract.narrative.names.parties import PartyReader
from hamakg.extract.narrative.parse.grammar import (
    by_phrase,
    children,
    first_conjunct,
    has_child,
    is_passive,
    is_verb,
    objects,
    prepositional,
    subjects,
    verb_lemma,
)
from hamakg.extract.narrative.parse.words import parse_words, stance_verbs
from hamakg.model import EventType, Ref

_AGAINST = frozenset({"on", "against", "at", "upon", "with", "over"})


@dataclass(frozen=True, slots=True)
class Roles:
    """The parties of an event, () where the text does not say; ``references``: all that its words refer to."""

    agents: tuple[Ref, ...] = ()
    targets: tuple[Ref, ...] = ()
    references: tuple[Reference, ...] = ()


def read_roles(trigger: Trigger, parties: PartyReader) -> Roles:
    """The agents and targets that the sentence's grammar gives the event; nobody is both."""
    roles = _read_noun(trigger, parties) if trigger.is_noun else _read_verb(trigger, parties)
    return Roles(roles.agents, tuple(ref for ref in roles.targets if ref not in roles.agents), roles.references)


def _make_roles(agents: Parties, targets: Parties, *others: Parties) -> Roles:
    """Roles of these parties, where others were referred to and have none."""
    return Roles(agents.refs, targets.refs, join((agents, targets, *others)).references)


# ---------------------------------------------------------------- verbs


@dataclass(frozen=True, slots=True)
class _Clause:
    """A verb that tells an event, with who does it, to whom, and "against" whom."""

    trigger: Trigger
    parties: PartyReader
    passive: bool
    subject: Sequence[Token]
    done_to: Sequence[Token]
    doers: Parties

    @property
    def patients(self) -> Parties:
        return self.parties.read_all(self.done_to)

    @property
    def named_patients(self) -> Parties:
        return _read_named(self.done_to, self.parties)

    def behind(self, *words: str) -> Parties:
        """The parties behind the verb's prepositions among these words."""
        return self.parties.read_all(prepositional(self.trigger.token, words))

    def owners(self) -> Parties:
        """Whose the things were: "HTS tanks", "tanks of HTS"."""
        read, described = self.parties.read_all, self.parties.described
        return join(described(t) or read(prepositional(t, {"of"})) for t in self.done_to)


def _read_verb(trigger: Trigger, parties: PartyReader) -> Roles:
    clause = _read_clause(trigger, parties)
    if trigger.object is Object.REPELLED:
        return _make_roles(clause.doers, _read_attackers(clause.done_to, parties))
    if trigger.type is EventType.DEPLOYMENT and clause.passive and not clause.doers:
        return _make_roles(clause.patients, Parties(), clause.doers)
    agents, targets = next(
        (find_agents(clause), find_targets(clause))
        for subject, objects_, find_agents, find_targets in _ROLES
        if subject in {None, trigger.subject} and (objects_ is None or trigger.object in objects_)
    )
    return _make_roles(agents, targets, clause.doers, clause.patients, clause.behind("against"))


def _read_clause(trigger: Trigger, parties: PartyReader) -> _Clause:
    verb, passive = trigger.token, is_passive(trigger.token)
    subject, patient = subjects(verb), objects(verb)
    if passive:
        doers = parties.read_all(by_phrase(verb))
    else:
        figure = trigger.rule.kind is TriggerKind.FIGURE
        doers = Parties() if figure else _read_subject(verb, subject, parties)
    companions = parties.read_all(prepositional(verb, {"alongside"}))
    doers = doers + companions if doers else doers.beside(companions)
    return _Clause(trigger, parties, passive, subject, patient or (subject if passive else []), doers)


def _nobody(clause: _Clause) -> Parties:
    return Parties()


def _doers(clause: _Clause) -> Parties:
    return clause.doers


def _patients(clause: _Clause) -> Parties:
    return clause.patients


def _victors(clause: _Clause) -> Parties:
    return clause.behind("to") if clause.trigger.type is EventType.SURRENDER else Parties()


def _victims(clause: _Clause) -> Parties:
    return clause.patients if clause.doers or not clause.passive else clause.named_patients


_Find = Callable[[_Clause], Parties]
_ROLES: tuple[tuple[Subject | None, frozenset[Object] | None, _Find, _Find], ...] = (
    (Subject.FORCER, None, _patients, _nobody),
    (Subject.DEAD, None, _nobody, lambda c: _read_named(c.subject, c.parties)),
    (Subject.LOSER, None, _nobody, _doers),
    (Subject.TARGET, None, _victors, _doers),
    (Subject.KILLER, None, _doers, _victims),
    (Subject.PLACE, None, lambda c: c.behind("to", "between"), _nobody),
    (
        None,
        frozenset({Object.PLACE, Object.ROAD}),
        _doers,
        lambda c: _read_holders(c.done_to, c.parties) + c.behind("against"),
    ),
    (None, frozenset({Object.ORIGIN, Object.WEAPON}), _doers, lambda c: c.behind("against")),
    (None, frozenset({Object.EQUIPMENT}), _doers, _Clause.owners),
    (None, None, _doers, lambda c: _read_targets(c.done_to, c.parties) + c.behind("against")),
)
"""Who the agents and the targets are, by what subject and object of the verb are; the first row that fits."""


_CLIMB = frozenset({"xcomp", "advcl", "acl", "conj", "pcomp", "ccomp", "prep", "pobj", "dobj", "attr", "dep"})


def _read_subject(verb: Token, subject: Sequence[Token], parties: PartyReader) -> Parties:
    """The parties that do what a verb says: its subject, else the one of the clause that it hangs on.

    A subject of its own that names no party ends the search, and so does one who only speaks of it.
    """
    found = _read_doers(subject, parties)
    if has_child(verb, {"nsubj", "nsubjpass", "csubj"}) or _is_made_to(verb):
        return found
    node = verb
    while not found and node.dep_ in _CLIMB and node.head != node:
        dep, node = node.dep_, node.head
        if not is_verb(node):
            continue
        if dep != "xcomp" and _only_speaks(node):
            return found
        doer = "dobj" if node.lemma_ in noun_words().accusing else "nsubj"
        own = [c for c in node.children if c.dep_ in {doer, "nsubjpass"}]
        by = parties.read_all(by_phrase(node)) if is_passive(node) and dep != "xcomp" else Parties()
        found = (by or _read_doers(own, parties)).beside(found)
        if own and not found:
            return found
    return found


def _only_speaks(verb: Token) -> bool:
    """Whether the subject of a verb speaks of what somebody else does."""
    speaking = stance_verbs().keys() | noun_words().speaking
    return verb.lemma_.lower() in speaking and verb.lemma_ not in noun_words().accusing


def _is_made_to(verb: Token) -> bool:
    """ "urged civilians to leave": the one urged does it, whoever he is."""
    made = verb.dep_ == "xcomp" and verb.head.lemma_.lower() in parse_words().controlling
    return made and has_child(verb.head, {"dobj"})


def _read_doers(subject: Sequence[Token], parties: PartyReader) -> Parties:
    """The parties of a subject, or those whose doing it is ("a rebel attack … killing", "the military's attack")."""
    found = parties.read_all(subject)
    return found or join(_read_owners(token, parties) for token in subject).beside(found)


def _read_owners(event: Token, parties: PartyReader) -> Parties:
    """Whose an event noun is, by its own words, by its possessor or by who did it."""
    return parties.described(event) + _read_doers_beside(event, parties)


def _read_doers_beside(event: Token, parties: PartyReader) -> Parties:
    """ "the military's attack", "the attack by the military"."""
    possessors = [c for c in event.children if c.dep_ == "poss"]
    return parties.read_all(possessors) + parties.read_all(by_phrase(event))


def _read_named(tokens: Sequence[Token], parties: PartyReader) -> Parties:
    return parties.read_all(token for token in tokens if token.i in parties.mentions)


def _read_targets(tokens: Sequence[Token], parties: PartyReader) -> Parties:
    return join(parties.read(token) or parties.described(token) for token in tokens)


def _read_holders(tokens: Sequence[Token], parties: PartyReader) -> Parties:
    """Whose the places were that an event took: "HTS positions", "buildings held by HTS"."""
    held = [c for t in tokens for c in t.children if c.dep_ == "acl" and c.lemma_ in {"hold", "control", "occupy"}]
    own = join(parties.described(token) for token in tokens if token.i not in parties.mentions)
    return own + join(parties.read_all(by_phrase(verb)) for verb in held)


def _read_attackers(tokens: Sequence[Token], parties: PartyReader) -> Parties:
    """Whose attack it was that was repelled."""
    return join(parties.read(token) or _read_owners(token, parties) for token in tokens)


# ---------------------------------------------------------------- nouns

# "the withdrawal of X" is X's; "the shelling of X" was done to X.
_OF_DOER = frozenset({EventType.WITHDRAWAL, EventType.ADVANCE, EventType.OFFENSIVE_LAUNCH})
_OF_TARGET = frozenset({EventType.SURRENDER, EventType.SHELLING, EventType.AIR_STRIKE, EventType.KILLING})
_INHERITING = frozenset({EventType.ASSAULT, EventType.ADVANCE})
_HITTING = frozenset(
    {EventType.ASSAULT, EventType.OFFENSIVE_LAUNCH, EventType.AIR_STRIKE, EventType.SHELLING, EventType.BOMBING}
)


def _read_noun(trigger: Trigger, parties: PartyReader) -> Roles:
    noun, light = trigger.token, trigger.light
    agents, targets = _read_agents(trigger, parties), _read_targets(prepositional(noun, _AGAINST), parties)
    both = parties.read_all(prepositional(noun, {"between"}))
    if trigger.type in _OF_DOER:
        agents += parties.read_all(prepositional(noun, {"of"}))
    if trigger.type in _OF_TARGET:
        targets += _read_targets(prepositional(noun, {"of"}), parties)
    if trigger.object is Object.HELD:
        return _make_roles(agents or _read_controllers(noun, light, parties), Parties(), targets, both)
    if light is not None:
        both = both or parties.read_all(prepositional(light, {"between"})) or _read_between(light, parties)
        agents += _read_carriers(noun, light, parties)
        targets += _read_targets(prepositional(light, _AGAINST - {"at", "with"}), parties)
        if light.lemma_ == "bring" and trigger.type is EventType.ADVANCE:
            agents = agents or parties.read_all(objects(light))
        if light.lemma_ in {"come", "face"} or (noun.dep_ == "pobj" and noun.head.lower_ == "under"):
            of_whom = parties.described(noun) + parties.read_all(prepositional(noun, {"from"}))
            agents, targets = of_whom.beside(agents), parties.read_all(subjects(light)).beside(targets)
        elif noun.dep_ == "nsubj" and trigger.type in _HITTING and light.lemma_ in {"hit", "strike", "target", "force"}:
            targets += _read_targets(objects(light), parties)
    elif not agents and trigger.type in _INHERITING and (carrier := _find_carrier(noun)):
        agents = _read_subject(carrier, subjects(carrier), parties).beside(agents)
    if trigger.type is EventType.CLASH and not both:
        targets += _read_targets(prepositional(noun, {"with"}), parties)
        agents = agents if agents or not targets else _read_fighters(noun, parties).beside(agents)
    return _make_roles(agents + both, targets)


def _read_agents(trigger: Trigger, parties: PartyReader) -> Parties:
    """Whose event the noun's own words say it was; of a chemical attack or a massacre a bare name may be its place."""
    own = parties.described(trigger.token)
    if trigger.type in {EventType.CHEMICAL_ATTACK, EventType.KILLING}:
        own = own.without([ref for ref in own.refs if parties.cast.side(ref) is None])
    return own + _read_doers_beside(trigger.token, parties)


def _read_fighters(noun: Token, parties: PartyReader) -> Parties:
    """Who fought, of "X took the town after clashes with Y"."""
    verb = next((a for a in noun.ancestors if is_verb(a)), None)
    if verb is None:
        return Parties()
    passive = is_passive(verb)
    return parties.read_all(by_phrase(verb)) if passive else _read_subject(verb, subjects(verb), parties)


def _find_carrier(noun: Token) -> Token | None:
    """The verb whose subject also did the noun's event ("retook it in a counter-attack", "after an assault")."""
    prep = noun.head
    if noun.dep_ != "pobj" or prep.head.pos_ != "VERB" or is_passive(prep.head):
        return None
    taking = any(rule.type is EventType.CAPTURE for rule in triggers().verbs.get(verb_lemma(prep.head), ()))
    before = prep.lower_ in {"after", "following"} and taking and not is_definite(noun)
    return prep.head if before or prep.lower_ in {"in", "with", "during", "through"} else None


def _read_between(light: Token, parties: PartyReader) -> Parties:
    """The two parties behind a "between" that stands further down."""
    found = Parties()
    for token in light.subtree:
        if token.lower_ == "between" and token.dep_ == "prep":
            found = parties.read_all(children(token, {"pobj"})).beside(found)
            if len(found.refs) > 1:
                return found
    return Parties().beside(found)


def _read_carriers(noun: Token, light: Token, parties: PartyReader) -> Parties:
    """The subject of the light verb, or its "by"; an event noun that is itself the subject has none."""
    first = first_conjunct(noun)
    if first.dep_ in {"nsubj", "attr", "nsubjpass"} or is_passive(light):
        return parties.read_all(by_phrase(light))
    if first.dep_ == "dobj" and light.lemma_ in noun_words().of_others:
        return Parties()
    return _read_subject(light, subjects(light), parties)


def _read_controllers(noun: Token, light: Token | None, parties: PartyReader) -> Parties:
    """Who is "in control" or was "left in control"; of a place "under control" the words do not say more."""
    if light is None or noun.head.lower_ != "in":
        return Parties()
    return parties.read_all(objects(light) or subjects(light))
