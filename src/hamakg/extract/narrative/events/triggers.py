"""The words of a sentence that tell an event: a verb ("stormed"), a noun with its verb ("launched an attack")."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from spacy.tokens import Span, Token

from hamakg.extract.encoder.tags import TriggerScore
from hamakg.extract.narrative.events.conditions import clause_of, holds
from hamakg.extract.narrative.events.nouns import EventNoun, find_noun, is_nominal, light_verb, tells, types_by_means
from hamakg.extract.narrative.events.words import Object, Subject, noun_words, triggers
from hamakg.extract.narrative.names.mentions import Mentions
from hamakg.extract.narrative.parse.grammar import by_phrase, has_word, is_verb, subjects, verb_keys, verb_lemma
from hamakg.model import EventType


class TriggerKind(StrEnum):
    """What made a word a trigger."""

    VERB = "verb"
    NOUN = "noun"
    FIGURE = "figure"
    """A figure of people at a word of no event's own ("43 deaths were reported")."""
    MODEL = "model"
    """The trained model alone."""


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """The rule that proposes an event: its kind and the words of ``triggers.toml`` that it found."""

    kind: TriggerKind
    words: str

    def __str__(self) -> str:
        return f"{self.kind} {self.words}"


@dataclass(frozen=True, slots=True)
class Trigger:
    """The proposal of an event: the token that tells it, its type, and the rule that found it.

    ``light`` is the verb that carries an event noun; ``subject`` and ``object`` say who those of a verb are, and
    ``recapture`` whether the word says that a place was held before. ``types`` has the model's probabilities.
    """

    token: Token
    type: EventType
    rule: TriggerRule
    subject: Subject = Subject.AGENT
    object: Object = Object.EITHER
    light: Token | None = None
    recapture: bool = False
    types: tuple[float, ...] = ()

    @property
    def verb(self) -> Token | None:
        """The verb that subject and adverbs hang on, if there is one."""
        return self.light or (self.token if is_verb(self.token) else None)

    @property
    def words(self) -> tuple[Token, ...]:
        """The trigger's own tokens: the telling word, and the verb that carries it."""
        return (self.token,) if self.light is None else (self.token, self.light)

    @property
    def tokens(self) -> frozenset[int]:
        """Where these tokens stand."""
        return frozenset(token.i for token in self.words)

    @property
    def is_noun(self) -> bool:
        """Whether a noun tells the event."""
        return self.rule.kind is TriggerKind.NOUN or (self.rule.kind is TriggerKind.MODEL and not is_verb(self.token))


def propose_triggers(sentence: Span, mentions: Mentions) -> tuple[Trigger, ...]:
    """The events that the nouns and verbs of a sentence may tell; the words of names tell none."""
    free = [token for token in sentence if token.i not in mentions]
    nouns = (trigger for token in free for trigger in _noun_triggers(token))
    verbs = (trigger for token in free for trigger in _verb_triggers(token, mentions))
    return (*nouns, *verbs)


def decide_triggers(proposals: Sequence[Trigger]) -> tuple[Trigger, ...]:
    """Which of the proposed events a sentence tells, in the order of their words; those that figures propose come last.

    A noun is preferred to the verb that carries it, what several words tell together is one event, and a figure tells
    one only at a word that tells none.
    """
    by_kind = {kind: [t for t in proposals if t.rule.kind is kind] for kind in TriggerKind}
    found = by_kind[TriggerKind.NOUN]
    used = {i for trigger in found for i in trigger.tokens}
    found = found + [trigger for trigger in by_kind[TriggerKind.VERB] if trigger.token.i not in used]
    for merge in (_join_to_nouns, _without_alternatives, _with_bombers, _with_carriers):
        found = merge(found)
    used = {i for trigger in found for i in trigger.tokens}
    for trigger in by_kind[TriggerKind.MODEL]:
        if not trigger.tokens & used and not any(_tells_the_same(trigger, other) for other in found):
            found.append(trigger)
            used |= trigger.tokens
    figures = [trigger for trigger in by_kind[TriggerKind.FIGURE] if trigger.token.i not in used]
    return (*sorted(found, key=lambda trigger: trigger.token.i), *figures)


def _tells_the_same(trigger: Trigger, other: Trigger) -> bool:
    """Whether two words that hang together tell one event: "took control", "chemical attack", "suicide bombers"."""
    if trigger.token.dep_ in _MODIFIERS and trigger.token.head in other.words:
        return True
    near = abs(trigger.token.i - other.token.i) <= _PHRASE and trigger.type is other.type
    return near and any(_hangs(a, b) or _hangs(b, a) for a in trigger.words for b in other.words)


def _hangs(token: Token, head: Token) -> bool:
    """Whether a word hangs on another, if need be with a preposition between; "attacked A and attacked B" are two."""
    if token.dep_ == "conj":
        return False
    return token.head == head or (token.head.pos_ == "ADP" and token.head.head == head)


_MODIFIERS = frozenset({"compound", "amod", "nmod"})

_PHRASE = 6
"""So many tokens apart are the words of a phrase that tells one event."""

_TOLD = 0.3
"""The least probability of a trigger that only the model proposes."""


def propose_scored(scored: Iterable[tuple[Token, TriggerScore]]) -> Iterator[Trigger]:
    """The events that the trained model proposes."""
    for token, score in scored:
        if score.probability >= _TOLD:
            rule = TriggerRule(TriggerKind.MODEL, token.lemma_.lower())
            rows = [row for key in verb_keys(token) for row in triggers().verbs.get(key, ())] if is_verb(token) else []
            row = next((row for row in rows if row.type is score.type), None)
            subject, object_ = (row.subject, row.object) if row else (Subject.AGENT, Object.EITHER)
            light = None if is_verb(token) else light_verb(token)
            yield Trigger(token, score.type, rule, subject, object_, light, types=score.types)


def add_scores(found: Iterable[Trigger], scored: Sequence[tuple[Token, TriggerScore]]) -> tuple[Trigger, ...]:
    """The triggers with the probabilities that the model gives their words."""
    by_token = {token.i: score.types for token, score in scored}
    return tuple(
        replace(t, types=next((by_token[i] for i in (t.token.i, *sorted(t.tokens)) if i in by_token), t.types))
        for t in found
    )


def has_event_word(sentence: Span) -> bool:
    """Whether a sentence has a verb or a noun of ``triggers.toml``, whether or not it tells an event with it."""
    return any(map(is_event_word, sentence))


def is_event_word(token: Token) -> bool:
    """Whether a word is a verb or a noun of ``triggers.toml``, whether or not it tells an event."""
    known = is_verb(token) and verb_lemma(token) in triggers().verbs
    return known or (token.pos_ == "NOUN" and token.lemma_ in triggers().nouns)


# ---------------------------------------------------------------- verbs


def _verb_triggers(token: Token, mentions: Mentions) -> Iterator[Trigger]:
    verbal = is_verb(token) or token.tag_ in {"VBN", "VBD", "VBG"}
    if not verbal or any(is_none(token) for is_none in _NO_EVENTS):
        return
    clause = clause_of(token, mentions)
    for key in verb_keys(token):
        if key in noun_words().no_event:
            return
        row = next((row for row in triggers().verbs.get(key, ()) if holds(row.need, clause)), None)
        if row is not None:
            rule = TriggerRule(TriggerKind.VERB, key)
            yield Trigger(token, row.type, rule, row.subject, row.object, recapture=row.recapture)
            return


def _is_modifier(token: Token) -> bool:
    """ "the captured town", "those killed"."""
    return token.dep_ in {"amod", "compound"} or (token.dep_ == "acl" and token.head.lower_ == "those")


def _is_state(token: Token) -> bool:
    """ "forces occupying X", "rebels that controlled X": how things stood."""
    lemma = token.lemma_.lower()
    holding = lemma in {"occupy", "control"} and token.dep_ == "acl" and token.tag_ == "VBG"
    return holding or (lemma == "control" and token.dep_ == "relcl")


def _is_adjective(token: Token) -> bool:
    """ "from surrounding high points", "to advancing forces": a participle before its noun, taken for a verb."""
    describes = token.tag_ == "VBG" and token.dep_ == "pcomp" and token.lower_ in noun_words().describing
    nouns = [c for c in token.children if c.dep_ == "dobj"]
    return describes and any(not any(d.dep_ in {"det", "poss"} for d in noun.children) for noun in nouns)


def _is_by_fire(token: Token) -> bool:
    """ "established fire control over X": X is within range, not taken."""
    gained = [c for c in token.children if c.dep_ in {"dobj", "nsubjpass"} and c.lemma_ == "control"]
    return any(has_word(noun, {"fire"}) for noun in gained)


_NO_EVENTS = (_is_modifier, _is_state, _is_adjective, _is_by_fire)
"""Uses of a verb that tell no event."""


# ---------------------------------------------------------------- nouns


def _noun_triggers(token: Token) -> Iterator[Trigger]:
    entry = find_noun(token) if token.dep_ != "compound" and is_nominal(token) else None
    if entry is None or _is_order_of_battle(token):
        return
    words, row = entry
    noun = EventNoun(token, row, light_verb(token))
    if tells(noun):
        for event_type in types_by_means(token) or (row.type,):
            yield Trigger(token, event_type, TriggerRule(TriggerKind.NOUN, words), object=row.object, light=noun.light)


def _is_order_of_battle(token: Token) -> bool:
    return token.doc[max(token.i - 2, 0) : token.i].text.lower() == "order of"


# ---------------------------------------------------------------- what two words tell together


def _join_to_nouns(found: list[Trigger]) -> list[Trigger]:
    """ "airstrikes started hitting X" is one event: the verb carries the noun that is its subject."""
    nouns = {t.token.i: t for t in found if t.is_noun}
    carriers: dict[int, Token] = {}
    for verb in [t for t in found if not t.is_noun]:
        owner = next((nouns[s.i] for s in subjects(verb.token) if s.i in nouns), None)
        if owner is not None and owner.type is verb.type:
            carriers[owner.token.i] = verb.token
    kept = [t for t in found if t.token not in carriers.values()]
    return [replace(t, light=carriers.get(t.token.i, t.light)) for t in kept]


def _without_alternatives(found: list[Trigger]) -> list[Trigger]:
    """ "destroyed or damaged" is one event."""
    told = {(t.type, t.token.i) for t in found}
    return [t for t in found if not (_is_alternative(t.token) and (t.type, t.token.head.i) in told)]


def _is_alternative(token: Token) -> bool:
    return token.dep_ == "conj" and has_word(token.head, {"or"})


def _with_bombers(found: list[Trigger]) -> list[Trigger]:
    """An attack by suicide bombers is a bombing, and the word for the bombers no second one."""
    bombers = [t.token for t in found if _names_bombers(t)]
    attacks = {t.token: b for t in found if t.type is EventType.ASSAULT for b in bombers if _is_done_by(t.token, b)}
    kept = [t for t in found if t.token not in attacks.values()]
    return [replace(t, type=EventType.BOMBING) if t.token in attacks else t for t in kept]


def _names_bombers(trigger: Trigger) -> bool:
    return trigger.object is Object.BOMB and trigger.type is EventType.BOMBING and trigger.light is None


def _is_done_by(attack: Token, bomber: Token) -> bool:
    return bomber in subjects(attack) or bomber in by_phrase(attack)


def _with_carriers(found: list[Trigger]) -> list[Trigger]:
    """An advance "with" or "in" which a verb happens, that tells none itself, is that verb's subject's doing."""
    telling = {i for trigger in found for i in trigger.tokens}
    return [replace(t, light=t.token.head.head) if _is_carried(t, telling) else t for t in found]


def _is_carried(trigger: Trigger, telling: set[int]) -> bool:
    prep, verb = trigger.token.head, trigger.token.head.head
    loose = trigger.is_noun and trigger.light is None and trigger.type in {EventType.ADVANCE, EventType.ASSAULT}
    behind = trigger.token.dep_ == "pobj" and prep.lower_ in {"with", "in"}
    return loose and behind and verb.pos_ == "VERB" and verb.i not in telling
