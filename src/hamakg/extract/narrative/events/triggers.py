"""The words of a sentence that tell an event: a verb ("stormed"), a noun with its verb ("launched an attack")."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from hamakg.extract.narrative.events.conditions import clause_of, holds
from hamakg.extract.narrative.events.nouns import EventNoun, is_nominal, light_verb, noun_rule, tells, types_by_means
from hamakg.extract.narrative.names.gazetteer import Mention
from hamakg.extract.narrative.parse.grammar import has_word, is_verb, subjects, verb_keys, verb_lemma
from hamakg.extract.narrative.parse.lexicon import lexicon
from hamakg.model import EventType


@dataclass(frozen=True, slots=True)
class Trigger:
    """A token that tells an event of a type; ``light`` is the verb that carries an event noun.

    ``rule`` names the lexicon row, ``subject`` and ``object`` the roles that it gives, ``recapture`` whether the word
    says so.
    """

    token: Token
    type: EventType
    rule: str
    subject: str = "agent"
    object: str = "either"
    light: Token | None = None
    recapture: bool = False

    @property
    def verb(self) -> Token | None:
        """The verb that subject and adverbs hang on, if there is one."""
        return self.light or (self.token if is_verb(self.token) else None)

    @property
    def tokens(self) -> set[int]:
        """The trigger's own tokens: the telling word, and the verb that carries it."""
        return {self.token.i} | ({self.light.i} if self.light is not None else set())

    @property
    def is_noun(self) -> bool:
        return self.rule.startswith("noun")


def find_triggers(sentence: Span, mentions: Mapping[int, Mention]) -> list[Trigger]:
    """The triggers of a sentence in their order; one for each telling word."""
    free = [token for token in sentence if token.i not in mentions]
    found = [trigger for token in free for trigger in _noun_triggers(token)]
    used = {i for trigger in found for i in trigger.tokens}
    found += [trigger for token in free if token.i not in used for trigger in _verb_triggers(token, mentions)]
    for mend in (_joined_to_nouns, _without_alternatives, _with_bombers, _with_carriers):
        found = mend(found)
    return sorted(found, key=lambda trigger: trigger.token.i)


def has_event_word(sentence: Span) -> bool:
    """Whether a sentence has a verb or a noun of the lexicon, whether or not it tells an event with it."""
    verbs, nouns = lexicon().verbs, lexicon().nouns
    return any((is_verb(t) and verb_lemma(t) in verbs) or (t.pos_ == "NOUN" and t.lemma_ in nouns) for t in sentence)


def _verb_triggers(token: Token, mentions: Mapping[int, Mention]) -> Iterator[Trigger]:
    verbal = is_verb(token) or token.tag_ in {"VBN", "VBD", "VBG"}
    if not verbal or token.dep_ in {"amod", "compound"} or (token.dep_ == "acl" and token.head.lower_ == "those"):
        return
    if _is_state(token) or _is_adjective(token) or _by_fire(token):
        return
    clause = clause_of(token, mentions)
    for key in verb_keys(token):
        if key in lexicon().grammar["no_event"]:
            return
        rule = next((rule for rule in lexicon().verbs.get(key, ()) if holds(rule.needs, clause)), None)
        if rule is not None:
            yield Trigger(token, rule.type, f"verb {key}", rule.subject, rule.object, recapture=rule.recapture)
            return


def _is_state(token: Token) -> bool:
    """ "forces occupying X", "rebels that controlled X": how things stood, no event."""
    lemma = token.lemma_.lower()
    holding = lemma in {"occupy", "control"} and token.dep_ == "acl" and token.tag_ == "VBG"
    return holding or (lemma == "control" and token.dep_ == "relcl")


def _by_fire(token: Token) -> bool:
    """ "established fire control over X": X is within range, not taken."""
    gained = [c for c in token.children if c.dep_ in {"dobj", "nsubjpass"} and c.lemma_ == "control"]
    return any(has_word(noun, {"fire"}) for noun in gained)


def _is_adjective(token: Token) -> bool:
    """ "from surrounding high points", "to advancing forces": a participle before its noun, taken for a verb."""
    describes = token.tag_ == "VBG" and token.dep_ == "pcomp" and token.lower_ in lexicon().grammar["describing"]
    nouns = [c for c in token.children if c.dep_ == "dobj"]
    return describes and any(not any(d.dep_ in {"det", "poss"} for d in noun.children) for noun in nouns)


def _noun_triggers(token: Token) -> Iterator[Trigger]:
    entry = noun_rule(token) if token.dep_ != "compound" and is_nominal(token) else None
    if entry is None or _is_order_of_battle(token):
        return
    key, rule = entry
    noun = EventNoun(token, rule, light_verb(token))
    if tells(noun):
        for event_type in types_by_means(token) or (rule.type,):
            yield Trigger(token, event_type, f"noun {key}", light=noun.light)


def _is_order_of_battle(token: Token) -> bool:
    return token.doc[max(token.i - 2, 0) : token.i].text.lower() == "order of"


# ---------------------------------------------------------------- what two words tell together


def _joined_to_nouns(triggers: list[Trigger]) -> list[Trigger]:
    """ "airstrikes started hitting X" is one event: the verb carries the noun that is its subject."""
    nouns = {t.token.i: t for t in triggers if t.is_noun}
    carriers: dict[int, Token] = {}
    for verb in [t for t in triggers if not t.is_noun]:
        owner = next((nouns[s.i] for s in subjects(verb.token) if s.i in nouns), None)
        if owner is not None and owner.type is verb.type:
            carriers[owner.token.i] = verb.token
    kept = [t for t in triggers if t.token not in carriers.values()]
    return [replace(t, light=carriers.get(t.token.i, t.light)) for t in kept]


def _without_alternatives(triggers: list[Trigger]) -> list[Trigger]:
    """ "destroyed or damaged" is one event."""
    told = {(t.type, t.token.i) for t in triggers}
    return [t for t in triggers if not (_is_alternative(t.token) and (t.type, t.token.head.i) in told)]


def _is_alternative(token: Token) -> bool:
    return token.dep_ == "conj" and has_word(token.head, {"or"})


def _with_bombers(triggers: list[Trigger]) -> list[Trigger]:
    """An attack by suicide bombers is a bombing, and the word for the bombers no second one."""
    bombers = [t.token for t in triggers if _names_bombers(t)]
    attacks = {t.token: b for t in triggers if t.type is EventType.ASSAULT for b in bombers if _done_by(t.token, b)}
    kept = [t for t in triggers if t.token not in attacks.values()]
    return [replace(t, type=EventType.BOMBING) if t.token in attacks else t for t in kept]


def _names_bombers(trigger: Trigger) -> bool:
    return trigger.type is EventType.BOMBING and trigger.light is None and trigger.rule.endswith(("bomber", "bomb"))


def _done_by(attack: Token, bomber: Token) -> bool:
    by = [c for c in attack.children if c.lower_ == "by"]
    return bomber in subjects(attack) or any(bomber in agent.children for agent in by)


def _with_carriers(triggers: list[Trigger]) -> list[Trigger]:
    """An advance "with" or "in" which a verb happens, that tells none itself, is that verb's subject's doing."""
    telling = {i for trigger in triggers for i in trigger.tokens}
    return [replace(t, light=t.token.head.head) if _is_carried(t, telling) else t for t in triggers]


def _is_carried(trigger: Trigger, telling: set[int]) -> bool:
    prep, verb = trigger.token.head, trigger.token.head.head
    loose = trigger.is_noun and trigger.light is None and trigger.type in {EventType.ADVANCE, EventType.ASSAULT}
    behind = trigger.token.dep_ == "pobj" and prep.lower_ in {"with", "in"}
    return loose and behind and verb.pos_ == "VERB" and verb.i not in telling
