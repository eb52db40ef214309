"""Whether an event is told as fact, planned, tried or failed; what did not happen is no event.

Rules are tried in their order, and the first that applies decides: those on the trigger's own words, then for each word
that governs it, from the nearest to the root of the sentence, those of ``certainty.toml``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

from spacy.tokens import Token

from hamakg.extract.narrative.events.triggers import Trigger
from hamakg.extract.narrative.events.words import certainty_words, triggers
from hamakg.extract.narrative.names.words import party_words
from hamakg.extract.narrative.parse.grammar import (
    children,
    first_conjunct,
    has_child,
    has_mark,
    has_word,
    is_infinitive,
    is_negated,
    is_verb,
)
from hamakg.extract.narrative.parse.words import Words, read_table
from hamakg.model import EventType, Factuality


class Verdict(StrEnum):
    """What a rule says of an event."""

    ACTUAL = "actual"
    PLANNED = "planned"
    ATTEMPTED = "attempted"
    FAILED = "failed"
    NO_EVENT = "no event"
    """It did not happen, or the text speaks of no fact at all."""
    AS_GOVERNED = "as governed"
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
    node = trigger.verb or trigger.token
    own = next((verdict for verdict, applies, _ in _OWN_WORDS if applies(_Own(trigger, node))), Verdict.ACTUAL)
    if own is not Verdict.ACTUAL:
        return own
    while node.head != node and node.dep_ in _UP:
        verdict = _judge_governed(_Governed(node, node.head), is_trigger=node == trigger.token)
        if verdict is not Verdict.AS_GOVERNED:
            return verdict
        node = node.head
    return Verdict.ACTUAL


_UP = frozenset(
    {
        *("xcomp", "ccomp", "advcl", "acl", "pcomp", "conj", "relcl", "oprd", "dep"),
        *("dobj", "pobj", "prep", "nsubjpass", "attr"),
    }
)


# ---------------------------------------------------------------- what the trigger's own words say


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


def _has_own_clause(node: Token) -> bool:
    return has_child(node, {"nsubj", "nsubjpass", "aux", "auxpass"})


def _fails(token: Token) -> bool:
    return has_word(token, certainty_words().failed_words)


def _came_to_nothing(verb: Token) -> bool:
    later = [c for c in verb.children if c.dep_ == "conj" and c.i > verb.i]
    return any(c.lemma_.lower() in certainty_words().failed or _fails(c) for c in later)


_OWN_WORDS: tuple[tuple[Verdict, Callable[[_Own], bool], str], ...] = (
    (Verdict.NO_EVENT, lambda own: is_negated(own.verb), '"did not capture"'),
    (Verdict.NO_EVENT, lambda own: has_word(own.verb, {"nearly", "almost", "can"}), '"nearly captured"'),
    (Verdict.NO_EVENT, lambda own: _is_denied(own.trigger.token), '"no fighting"'),
    (Verdict.NO_EVENT, lambda own: _is_supposed(own.verb), '"if they capture"'),
    (Verdict.NO_EVENT, lambda own: _is_done_by_nobody(own.verb), '"no one was wounded", "none were killed"'),
    (Verdict.PLANNED, lambda own: _has_modal(own.verb), '"would capture"'),
    (Verdict.PLANNED, lambda own: bool(own.adjectives & certainty_words().planned_adjectives), '"a planned attack"'),
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


# ---------------------------------------------------------------- what the word above makes of it


@dataclass(frozen=True, slots=True)
class _Governed:
    """A trigger, or a word on the way up from it, and the word that governs it."""

    node: Token
    head: Token

    @property
    def lemma(self) -> str:
        return self.head.lemma_.lower()

    @property
    def is_negated(self) -> bool:
        unable = self.head.pos_ == "ADJ" and is_negated(self.head.head)
        return unable or is_negated(self.head) or has_word(self.head, {"unable"})


@dataclass(frozen=True, slots=True)
class _Rule:
    """A row of ``certainty.toml``; what is None does not matter."""

    says: Verdict
    node: Words | None
    head: Words | None
    not_head: Words | None
    noun: bool | None
    infinitive: bool | None
    negated: bool | None
    test: Callable[[_Governed], bool] | None
    why: str

    def applies(self, governed: _Governed) -> bool:
        """Whether all that the row has holds."""
        return (
            (self.node is None or governed.node.dep_ in self.node)
            and (self.head is None or governed.lemma in self.head)
            and (self.not_head is None or governed.lemma not in self.not_head)
            and self.noun in {None, governed.head.pos_ == "NOUN"}
            and (self.infinitive is None or self.infinitive is is_infinitive(governed.node))
            and (self.negated is None or self.negated is governed.is_negated)
            and (self.test is None or self.test(governed))
        )


def _judge_governed(governed: _Governed, *, is_trigger: bool) -> Verdict:
    if not is_trigger and _is_fact_inside(governed):
        return Verdict.ACTUAL
    if any(c.lemma_.lower() in certainty_words().impossible for c in children(governed.head, {"acomp"})):
        return Verdict.NO_EVENT
    if _is_unsure(governed):
        return Verdict.PLANNED
    first = _of_list(governed)
    return next((rule.says for rule in _rules() if rule.applies(first)), Verdict.ACTUAL)


def _is_fact_inside(governed: _Governed) -> bool:
    """ "said after the attack": what a verb of no plan speaks of in passing."""
    words = certainty_words()
    other = words.planned | words.attempted | words.prevented | words.charged
    inside = governed.node.dep_ in {"dobj", "pobj", "prep", "nsubjpass", "attr"}
    return inside and is_verb(governed.head) and governed.lemma not in other


def _is_unsure(governed: _Governed) -> bool:
    """ "would try to take", "it is imperative that X is taken"."""
    clause = governed.node.dep_ in {"xcomp", "advcl", "ccomp"} and is_verb(governed.head)
    return clause and (_has_modal(governed.head) or _is_needed(governed.head))


def _is_needed(be: Token) -> bool:
    it = any(c.dep_ == "nsubj" and c.lower_ == "it" for c in be.children)
    return it and any(c.dep_ == "acomp" and c.lower_ in certainty_words().needed for c in be.children)


def _of_list(governed: _Governed) -> _Governed:
    """ "ordered it to do A, take B": the first of the infinitives that a past tense governs stands for the others."""
    node, head = governed.node, governed.head
    bare = node.tag_ == "VB" and head.tag_ == "VBD" and not _has_own_clause(node)
    if node.dep_ != "conj" or not bare:
        return governed
    first = next((c for c in head.children if c.dep_ == "xcomp" and c.tag_ == "VB" and head.i < c.i < node.i), node)
    return replace(governed, node=first)


# ---------------------------------------------------------------- the tests of the table


def is_purpose(governed: _Governed) -> bool:
    """Whether an infinitive stands behind an object of a light verb, which does not do it."""
    verb, node = governed.head, governed.node
    between = any(verb.i < c.i < node.i for c in children(verb, {"dobj"}))
    infinitive = node.dep_ == "xcomp" and is_infinitive(node)
    return infinitive and between and governed.lemma in triggers().light.object


def shares_clause(governed: _Governed) -> bool:
    """Whether the node has no subject or auxiliary of its own."""
    return not _has_own_clause(governed.node)


def is_task(governed: _Governed) -> bool:
    """Whether a form of "be" says what an aim is, or what somebody is to do."""
    be, subject = governed.head, next(iter(children(governed.head, {"nsubj"})), None)
    if governed.lemma != "be" or subject is None:
        return False
    acts = subject.pos_ in {"PROPN", "PRON"} or subject.lemma_.lower() in party_words().group | party_words().fighters
    aim = subject.lemma_.lower() in certainty_words().planned_nouns
    return aim or (be.lower_ in {"was", "were"} and acts)


def is_untrue(governed: _Governed) -> bool:
    """Whether the governing word itself is told to be wrong."""
    return has_word(governed.head, certainty_words().untrue)


def stands_behind_from(governed: _Governed) -> bool:
    """Whether the node is the word "from"."""
    return governed.node.lower_ == "from"


def is_rejected(governed: _Governed) -> bool:
    """Whether "without", "over" or "instead of" says what was not done."""
    return governed.head.lower_ in certainty_words().rejecting or governed.head.head.lower_ == "instead"


def is_tried(governed: _Governed) -> bool:
    """Whether a verb or a noun says that it was tried."""
    words = certainty_words()
    noun = governed.head.pos_ == "NOUN" or is_infinitive(governed.node)
    return governed.lemma in words.attempted or (noun and governed.lemma in words.attempted_nouns)


def is_tried_in_vain(governed: _Governed) -> bool:
    """Whether it was tried, and a word beside says that it failed."""
    return is_tried(governed) and _fails(governed.head)


def lies_inside(governed: _Governed) -> bool:
    """Whether the governing word stands in a phrase, or has the node in a phrase of its own."""
    inside = governed.head.dep_ in {"prep", "pobj", "pcomp"}
    below = governed.head.pos_ in {"NOUN", "ADP"} and governed.node.dep_ in {"acl", "pobj", "prep", "pcomp"}
    return inside or below


_TESTS: Mapping[str, Callable[[_Governed], bool]] = {
    test.__name__: test
    for test in (
        *(is_purpose, shares_clause, is_task, is_untrue, stands_behind_from, is_rejected),
        *(is_tried, is_tried_in_vain, lies_inside),
    )
}


@cache
def _rules() -> tuple[_Rule, ...]:
    """The rows of ``certainty.toml``. Raises KeyError for a list or a test that is not there."""
    return tuple(_read_rule(row) for row in read_table(__file__, "certainty.toml")["governing"])


def _read_rule(row: Mapping[str, Any]) -> _Rule:
    def words(key: str) -> Words | None:
        return getattr(certainty_words(), row[key]) if key in row else None

    return _Rule(
        Verdict(row["says"]),
        frozenset(row["node"]) if "node" in row else None,
        words("head"),
        words("not_head"),
        row.get("noun"),
        row.get("infinitive"),
        row.get("negated"),
        _TESTS[row["test"]] if "test" in row else None,
        row["why"],
    )
