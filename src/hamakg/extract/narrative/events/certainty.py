"""Whether an event is told as fact, planned, tried or failed; what did not happen is no event.

Three tables of rules, tried in their order; the first that applies decides. The trigger's own words are asked first,
then each word that governs it, from the nearest to the root of the sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypeVar

from spacy.tokens import Token

from hamakg.extract.narrative.events.triggers import Trigger
from hamakg.extract.narrative.events.words import certainty_words, triggers
from hamakg.extract.narrative.names.words import party_words
from hamakg.extract.narrative.parse.grammar import (
    first_conjunct,
    has_child,
    has_mark,
    has_word,
    is_infinitive,
    is_negated,
    is_verb,
)
from hamakg.model import EventType, Factuality


class Verdict(Enum):
    """What a rule says of an event."""

    ACTUAL = auto()
    PLANNED = auto()
    ATTEMPTED = auto()
    FAILED = auto()
    NO_EVENT = auto()
    """It did not happen, or the text speaks of no fact at all."""
    AS_GOVERNED = auto()
    """It is as certain as the word that governs it."""


_FACTUALITIES = {
    Verdict.ACTUAL: Factuality.ACTUAL,
    Verdict.PLANNED: Factuality.PLANNED,
    Verdict.ATTEMPTED: Factuality.ATTEMPTED,
    Verdict.FAILED: Factuality.FAILED,
}


def find_factuality(trigger: Trigger) -> Factuality | None:
    """How sure the text is that the event happened; None where it says that it did not or speaks of no fact at all."""
    return _FACTUALITIES.get(_judge(trigger))


def _judge(trigger: Trigger) -> Verdict:
    own = _first(_OWN_WORDS, _Own(trigger, trigger.verb or trigger.token))
    if own is not None:
        return own
    node = trigger.verb or trigger.token
    while node.head != node and node.dep_ in _GOVERNED:
        governed = _Governed(node, node.head, is_trigger=node == trigger.token)
        verdict = _first(_BESIDE, governed) or _first(_GOVERNING, _of_list(governed)) or Verdict.ACTUAL
        if verdict is not Verdict.AS_GOVERNED:
            return verdict
        node = node.head
    return Verdict.ACTUAL


_GOVERNED = frozenset(
    {
        *("xcomp", "ccomp", "advcl", "acl", "pcomp", "conj", "relcl", "oprd", "dep"),
        *("dobj", "pobj", "prep", "nsubjpass", "attr"),
    }
)


@dataclass(frozen=True, slots=True)
class _Own:
    """A trigger and the word that its auxiliaries hang on."""

    trigger: Trigger
    verb: Token

    @property
    def adjectives(self) -> set[str]:
        return {child.lower_ for child in self.trigger.token.children if child.dep_ in {"amod", "advmod"}}

    @property
    def light(self) -> str:
        """The lemma of the verb that carries a noun."""
        return self.trigger.light.lemma_.lower() if self.trigger.light is not None else ""


@dataclass(frozen=True, slots=True)
class _Governed:
    """A word on the way up from a trigger, and the word that governs it."""

    node: Token
    head: Token
    is_trigger: bool

    @property
    def dep(self) -> str:
        return self.node.dep_

    @property
    def lemma(self) -> str:
        return self.head.lemma_.lower()

    @property
    def infinitive(self) -> bool:
        return is_infinitive(self.node)

    @property
    def negated(self) -> bool:
        unable = self.head.pos_ == "ADJ" and is_negated(self.head.head)
        return unable or is_negated(self.head) or has_word(self.head, {"unable"})

    @property
    def by_noun(self) -> bool:
        return self.head.pos_ == "NOUN"


def _of_list(governed: _Governed) -> _Governed:
    """ "ordered it to do A, take B": the first of the infinitives that a past tense governs stands for the others."""
    node, head = governed.node, governed.head
    bare = node.tag_ == "VB" and head.tag_ == "VBD" and not _has_own_clause(node)
    if node.dep_ != "conj" or not bare:
        return governed
    first = next((c for c in head.children if c.dep_ == "xcomp" and c.tag_ == "VB" and head.i < c.i < node.i), node)
    return replace(governed, node=first)


def _has_own_clause(node: Token) -> bool:
    return has_child(node, {"nsubj", "nsubjpass", "aux", "auxpass"})


# ---------------------------------------------------------------- what the words say


def _has_modal(verb: Token) -> bool:
    """ "would capture", but not "would later capture"."""
    while verb.dep_ == "conj" and is_verb(verb.head) and not _has_own_clause(verb):
        verb = verb.head
    auxiliaries = {child.lower_ for child in verb.children if child.dep_ == "aux" and child.text != "May"}
    later = has_word(verb, {"later", "eventually", "subsequently"})
    return bool(auxiliaries & certainty_words().modal) and not later


def _is_denied(token: Token) -> bool:
    """ "no fighting", "without an attack"."""
    first = first_conjunct(token)
    without = first.dep_ == "pobj" and first.head.lower_ == "without"
    return without or any(_says_none(c) for t in (first, token) for c in t.children)


def _says_none(child: Token) -> bool:
    """ "no attack", but not "no less than 40"."""
    number = child.i + 1 < len(child.doc) and child.nbor(1).lower_ in {"less", "fewer"}
    return child.dep_ == "det" and child.lower_ == "no" and not number


def _is_done_by_nobody(verb: Token) -> bool:
    doers = [c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}]
    return any(_is_denied(c) or c.lower_ in {"nobody", "none"} for c in doers)


def _is_supposed(verb: Token) -> bool:
    """ "if X attacked": the clause, or one that it hangs on, is a condition."""
    node = verb
    while True:
        if has_mark(node, {"if", "unless", "lest"}):
            return True
        if node.head == node or node.dep_ not in {"advcl", "conj", "xcomp", "ccomp", "pcomp"}:
            return False
        node = node.head


def _is_needed(be: Token) -> bool:
    it = any(c.dep_ == "nsubj" and c.lower_ == "it" for c in be.children)
    return it and any(c.dep_ == "acomp" and c.lower_ in certainty_words().needed for c in be.children)


def _is_task(be: Token) -> bool:
    """ "the aim was to take", "the brigade was to take": what somebody is to do."""
    subject = next((c for c in be.children if c.dep_ == "nsubj"), None)
    if subject is None:
        return False
    acts = subject.pos_ in {"PROPN", "PRON"} or subject.lemma_.lower() in party_words().group | party_words().fighters
    aim = subject.lemma_.lower() in certainty_words().planned_nouns
    return aim or (be.lower_ in {"was", "were"} and acts)


def _is_purpose(governed: _Governed) -> bool:
    """An infinitive behind an object that does not do it."""
    verb, node = governed.head, governed.node
    between = any(c.dep_ == "dobj" and verb.i < c.i < node.i for c in verb.children)
    return governed.infinitive and governed.dep == "xcomp" and between and governed.lemma in triggers().light.object


def _fails(token: Token) -> bool:
    return has_word(token, certainty_words().failed_words)


def _came_to_nothing(verb: Token) -> bool:
    later = [c for c in verb.children if c.dep_ == "conj" and c.i > verb.i]
    return any(c.lemma_.lower() in certainty_words().failed or _fails(c) for c in later)


def _is_impossible(governed: _Governed) -> bool:
    impossible = certainty_words().impossible - {"unable"}
    return any(c.dep_ == "acomp" and c.lemma_.lower() in impossible for c in governed.head.children)


def _is_enabled(governed: _Governed) -> bool:
    return governed.dep == "ccomp" and governed.infinitive and governed.lemma in certainty_words().enabling


def _is_tried(governed: _Governed) -> bool:
    words = certainty_words()
    noun = governed.lemma in words.attempted_nouns and (governed.infinitive or governed.by_noun)
    return governed.lemma in words.attempted or noun


def _is_prevented(governed: _Governed) -> bool:
    clause = governed.dep in {"xcomp", "advcl", "ccomp", "acl", "pcomp", "pobj", "oprd"}
    hindered = clause or governed.node.lower_ == "from"
    return hindered and governed.lemma in certainty_words().prevented and not governed.negated


def _is_intended(governed: _Governed) -> bool:
    clause = governed.dep in {"dobj", "ccomp", "pobj", "pcomp", "xcomp", "nsubjpass"}
    return governed.lemma in certainty_words().planned and (governed.infinitive or clause)


def _is_fact_inside(governed: _Governed) -> bool:
    words = certainty_words()
    other = words.planned | words.attempted | words.prevented | words.charged
    inside = governed.dep in {"dobj", "pobj", "prep", "nsubjpass", "attr"} and not governed.is_trigger
    return inside and is_verb(governed.head) and governed.lemma not in other


def _is_unsure(governed: _Governed) -> bool:
    clause = governed.dep in {"xcomp", "advcl", "ccomp"} and is_verb(governed.head)
    return clause and (_has_modal(governed.head) or _is_needed(governed.head))


def _is_rejected(governed: _Governed) -> bool:
    instead = governed.head.head.lower_ == "instead"
    return governed.dep == "pcomp" and (instead or governed.head.lower_ in certainty_words().rejecting)


def _leaves_open(governed: _Governed) -> bool:
    below = governed.head.pos_ in {"NOUN", "ADP"} and governed.dep in {"acl", "pobj", "prep", "pcomp"}
    inside = governed.dep == "xcomp" or governed.head.dep_ in {"prep", "pobj", "pcomp"}
    return inside or below or governed.lemma in certainty_words().happened


# ---------------------------------------------------------------- the rules

_Case = TypeVar("_Case")
_Rules = tuple[tuple[Verdict, Callable[[_Case], bool], str], ...]


def _first(rules: _Rules[_Case], case: _Case) -> Verdict | None:
    """The verdict of the first rule that applies."""
    return next((verdict for verdict, applies, _ in rules if applies(case)), None)


_PLANNED = frozenset({"planned", "intended", "possible", "potential", "expected", "future"})

_OWN_WORDS: _Rules[_Own] = (
    (Verdict.NO_EVENT, lambda own: is_negated(own.verb), '"did not capture"'),
    (Verdict.NO_EVENT, lambda own: has_word(own.verb, {"nearly", "almost", "can"}), '"nearly captured"'),
    (Verdict.NO_EVENT, lambda own: _is_denied(own.trigger.token), '"no fighting"'),
    (Verdict.NO_EVENT, lambda own: _is_supposed(own.verb), '"if they capture"'),
    (Verdict.NO_EVENT, lambda own: _is_done_by_nobody(own.verb), '"no one was wounded", "none were killed"'),
    (Verdict.PLANNED, lambda own: _has_modal(own.verb), '"would capture"'),
    (Verdict.PLANNED, lambda own: bool(own.adjectives & _PLANNED), '"a planned attack"'),
    (Verdict.ATTEMPTED, lambda own: "attempted" in own.adjectives, '"an attempted landing"'),
    (
        Verdict.FAILED,
        lambda own: (
            own.trigger.type is not EventType.OFFENSIVE_LAUNCH and bool(own.adjectives & certainty_words().failed_words)
        ),
        '"an abortive attack"; an unsuccessful offensive was launched all the same',
    ),
    (
        Verdict.PLANNED,
        lambda own: own.light in certainty_words().planned - {"agree", "order"},
        '"planned an attack"; what is agreed on or ordered is done by that',
    ),
    (
        Verdict.FAILED,
        lambda own: own.light in certainty_words().attempted and _came_to_nothing(own.trigger.light or own.verb),
        '"attempted another breakthrough, but were unsuccessful"',
    ),
    (Verdict.ATTEMPTED, lambda own: own.light in certainty_words().attempted, '"attempted a breakthrough"'),
)

_BESIDE: _Rules[_Governed] = (
    (Verdict.ACTUAL, _is_fact_inside, '"said after the attack": what a verb of no plan speaks of in passing'),
    (Verdict.NO_EVENT, _is_impossible, '"it was difficult to advance"'),
    (Verdict.PLANNED, _is_unsure, '"would try to take", "it is imperative that X is taken"'),
)

_GOVERNING: _Rules[_Governed] = (
    (Verdict.PLANNED, _is_purpose, '"began operations to capture X"'),
    (
        Verdict.AS_GOVERNED,
        lambda g: g.dep == "conj" and (g.infinitive or not _has_own_clause(g.node)),
        '"went to attack and take": as certain as the first of the list',
    ),
    (Verdict.ACTUAL, lambda g: g.dep == "conj", '"…, and they took X": a clause of its own'),
    (
        Verdict.NO_EVENT,
        lambda g: g.infinitive and g.dep in {"acl", "relcl"} and g.lemma in certainty_words().abilities,
        '"the ability to bring in reinforcements": what may be done, not what is',
    ),
    (
        Verdict.PLANNED,
        lambda g: (
            g.infinitive
            and g.dep in {"acl", "relcl"}
            and g.by_noun
            and g.lemma not in certainty_words().attempted_nouns
        ),
        '"an operation to take X"',
    ),
    (Verdict.NO_EVENT, lambda g: g.dep == "prep" and g.lemma in certainty_words().absent, '"free from attack"'),
    (Verdict.NO_EVENT, lambda g: g.dep == "dobj" and g.lemma in certainty_words().averted, '"prevented an attack"'),
    (
        Verdict.PLANNED,
        lambda g: g.dep in {"prep", "xcomp"} and g.lemma in certainty_words().charged,
        '"tasked with assaulting X": no fact yet',
    ),
    (
        Verdict.PLANNED,
        lambda g: g.infinitive and g.lemma == "be" and g.dep in {"xcomp", "ccomp", "attr"} and _is_task(g.head),
        '"the brigade was to take X"',
    ),
    (
        Verdict.NO_EVENT,
        lambda g: _is_enabled(g) and g.negated,
        '"did not allow them to advance"',
    ),
    (Verdict.AS_GOVERNED, _is_enabled, '"allowed them to advance": as certain as what let them'),
    (
        Verdict.NO_EVENT,
        lambda g: g.dep in {"ccomp", "xcomp", "acl", "relcl"} and has_word(g.head, certainty_words().untrue),
        '"falsely claimed that", "premature reports that"',
    ),
    (
        Verdict.ACTUAL,
        lambda g: g.dep in {"relcl", "ccomp"} and g.lemma not in certainty_words().planned,
        '"said that they took X": told as done, by whoever tells it',
    ),
    (Verdict.NO_EVENT, _is_prevented, '"prevented them from advancing"'),
    (Verdict.NO_EVENT, _is_rejected, '"without attacking", "a blockade over storming": what was not done'),
    (Verdict.FAILED, lambda g: g.dep in {"xcomp", "advcl"} and g.lemma == "unable", '"unable to advance"'),
    (
        Verdict.NO_EVENT,
        lambda g: g.dep in {"xcomp", "advcl"} and g.lemma in certainty_words().impossible,
        '"too weak to attack"',
    ),
    (Verdict.FAILED, lambda g: g.lemma in certainty_words().failed, '"failed to take X"'),
    (Verdict.FAILED, lambda g: g.dep == "xcomp" and g.negated, '"did not manage to take X"'),
    (Verdict.FAILED, lambda g: _is_tried(g) and _fails(g.head), '"unsuccessful attempts to take X"'),
    (Verdict.ATTEMPTED, _is_tried, '"tried to take X"'),
    (
        Verdict.ACTUAL,
        lambda g: g.lemma in {"agree", "announce"} and g.dep in {"dobj", "nsubjpass"},
        '"agreed a truce": done by that',
    ),
    (Verdict.PLANNED, _is_intended, '"planned to take X"'),
    (Verdict.PLANNED, lambda g: g.by_noun and g.lemma in certainty_words().planned_nouns, '"plans for an attack"'),
    (
        Verdict.PLANNED,
        lambda g: g.infinitive and g.dep == "xcomp" and g.lemma in certainty_words().moving,
        '"advanced to capture X": the purpose of the move',
    ),
    (
        Verdict.PLANNED,
        lambda g: g.infinitive and g.dep == "advcl" and g.lemma not in certainty_words().happened,
        '"crossed the river to take X"',
    ),
    (Verdict.AS_GOVERNED, _leaves_open, '"began to shell", "the start of the attack"'),
)
