"""Whether an event is told as fact, planned, tried or failed; negated events are none."""

from spacy.tokens import Token

from hamakg.extract.narrative.events.triggers import Trigger
from hamakg.extract.narrative.parse.grammar import has_child, has_mark, has_word, is_negated, is_verb
from hamakg.extract.narrative.parse.lexicon import lexicon
from hamakg.model import EventType, Factuality

_UP = frozenset(
    {
        "xcomp",
        "ccomp",
        "advcl",
        "acl",
        "pcomp",
        "conj",
        "dobj",
        "pobj",
        "prep",
        "relcl",
        "nsubjpass",
        "oprd",
        "dep",
        "attr",
    }
)


def factuality_of(trigger: Trigger) -> Factuality | None:
    """How sure the text is that the event happened; None where it says that it did not or speaks of no fact at all."""
    words = lexicon().certainty
    node = trigger.verb or trigger.token
    own = _own_words(trigger, node)
    if own is not Factuality.ACTUAL:
        return own
    if trigger.light is not None and trigger.light.lemma_.lower() in words["planned"] - {"agree", "order"}:
        return Factuality.PLANNED
    if trigger.light is not None and trigger.light.lemma_.lower() in words["attempted"]:
        return Factuality.FAILED if _came_to_nothing(trigger.light) else Factuality.ATTEMPTED
    while True:
        head = node.head
        if head == node or node.dep_ not in _UP:
            return Factuality.ACTUAL
        lemma = head.lemma_.lower()
        if (
            node.dep_ in {"dobj", "pobj", "prep", "nsubjpass", "attr"}
            and node != trigger.token
            and is_verb(head)
            and lemma not in words["planned"] | words["attempted"] | words["prevented"] | words["charged"]
        ):
            return Factuality.ACTUAL
        if any(c.dep_ == "acomp" and c.lemma_.lower() in words["impossible"] - {"unable"} for c in head.children):
            return None
        if is_verb(head) and node.dep_ in {"xcomp", "advcl", "ccomp"} and (_modal(head) or _needed(head)):
            return Factuality.PLANNED
        verdict = _governed(node, head)
        if verdict != "up":
            return verdict  # type: ignore[return-value]
        node = head


def _own_words(trigger: Trigger, verb: Token) -> Factuality | None:
    """What the event's own auxiliaries and adjectives say."""
    words = lexicon().certainty
    if (
        is_negated(verb)
        or has_word(verb, {"nearly", "almost", "can"})
        or _denied(trigger.token)
        or _supposed(verb)
        or _by_nobody(verb)
    ):
        return None
    if _modal(verb):
        return Factuality.PLANNED
    adjectives = {child.lower_ for child in trigger.token.children if child.dep_ in {"amod", "advmod"}}
    if adjectives & {"planned", "intended", "possible", "potential", "expected", "future"}:
        return Factuality.PLANNED
    if adjectives & {"attempted"}:
        return Factuality.ATTEMPTED
    if adjectives & words["failed_words"] and trigger.type is not EventType.OFFENSIVE_LAUNCH:
        return Factuality.FAILED
    return Factuality.ACTUAL


def _modal(verb: Token) -> bool:
    """ "would capture", but not "would later capture"."""
    while verb.dep_ == "conj" and is_verb(verb.head) and not has_child(verb, {"nsubj", "nsubjpass", "aux", "auxpass"}):
        verb = verb.head
    auxiliaries = {child.lower_ for child in verb.children if child.dep_ == "aux" and child.text != "May"}
    later = has_word(verb, {"later", "eventually", "subsequently"})
    return bool(auxiliaries & lexicon().certainty["modal"]) and not later


def _denied(token: Token) -> bool:
    """ "no fighting", "without an attack"."""
    first = token
    while first.dep_ == "conj":
        first = first.head
    without = first.dep_ == "pobj" and first.head.lower_ == "without"
    return without or any(_says_none(c) for t in (first, token) for c in t.children)


def _says_none(child: Token) -> bool:
    """ "no attack", but not "no less than 40"."""
    number = child.i + 1 < len(child.doc) and child.nbor(1).lower_ in {"less", "fewer"}
    return child.dep_ == "det" and child.lower_ == "no" and not number


def _by_nobody(verb: Token) -> bool:
    """ "no one was wounded", "none were killed"."""
    return any(
        c.dep_ in {"nsubj", "nsubjpass"} and (_denied(c) or c.lower_ in {"nobody", "none"}) for c in verb.children
    )


def _supposed(verb: Token) -> bool:
    """ "if X attacked": the clause, or one that it hangs on, is a condition."""
    node = verb
    while True:
        if has_mark(node, {"if", "unless", "lest"}):
            return True
        if node.head == node or node.dep_ not in {"advcl", "conj", "xcomp", "ccomp", "pcomp"}:
            return False
        node = node.head


def _governed(node: Token, head: Token) -> Factuality | str | None:
    """What the governing word makes of it; "up" where it leaves it as it is."""
    words, lemma = lexicon().certainty, head.lemma_.lower()
    infinitive = any(child.lower_ == "to" and child.dep_ == "aux" for child in node.children)
    able = head.pos_ == "ADJ" and is_negated(head.head)
    negated = able or is_negated(head) or has_word(head, {"unable"})
    if infinitive and node.dep_ == "xcomp" and _is_purpose(node, head):
        return Factuality.PLANNED
    if node.dep_ == "conj" and (first := _first_infinitive(node, head)) is not None:
        return _governed(first, head)
    if node.dep_ == "conj":
        return (
            "up" if not has_child(node, {"nsubj", "nsubjpass", "aux", "auxpass"}) or infinitive else Factuality.ACTUAL
        )
    if infinitive and node.dep_ in {"acl", "relcl"} and lemma in words["abilities"]:
        return None
    if infinitive and node.dep_ in {"acl", "relcl"} and head.pos_ == "NOUN" and lemma not in words["attempted_nouns"]:
        return Factuality.PLANNED
    if node.dep_ == "prep" and lemma in words["absent"]:
        return None
    if node.dep_ == "dobj" and lemma in words["averted"]:
        return None
    if node.dep_ in {"prep", "xcomp"} and lemma in words["charged"]:
        return Factuality.PLANNED
    if infinitive and lemma == "be" and node.dep_ in {"xcomp", "ccomp", "attr"} and _is_task(head):
        return Factuality.PLANNED
    if node.dep_ == "ccomp" and infinitive and lemma in words["enabling"]:
        return None if negated else "up"
    if node.dep_ in {"ccomp", "xcomp", "acl", "relcl"} and has_word(head, words["untrue"]):
        return None
    if node.dep_ in {"relcl", "ccomp"} and lemma not in words["planned"]:
        return Factuality.ACTUAL
    if (
        (node.dep_ in {"xcomp", "advcl", "ccomp", "acl", "pcomp", "pobj", "oprd"} or node.lower_ == "from")
        and lemma in words["prevented"]
        and not negated
    ):
        return None
    if node.dep_ == "pcomp" and (head.lower_ in words["rejecting"] or head.head.lower_ == "instead"):
        return None
    if node.dep_ in {"xcomp", "advcl"} and lemma in words["impossible"]:
        return Factuality.FAILED if lemma == "unable" else None
    if lemma in words["failed"] or (negated and node.dep_ == "xcomp"):
        return Factuality.FAILED
    if lemma in words["attempted"] or (lemma in words["attempted_nouns"] and (infinitive or head.pos_ == "NOUN")):
        return Factuality.FAILED if _fails(head) else Factuality.ATTEMPTED
    if lemma in {"agree", "announce"} and node.dep_ in {"dobj", "nsubjpass"}:
        return Factuality.ACTUAL
    if lemma in words["planned"] and (
        infinitive or node.dep_ in {"dobj", "ccomp", "pobj", "pcomp", "xcomp", "nsubjpass"}
    ):
        return Factuality.PLANNED
    if lemma in words["planned_nouns"] and head.pos_ == "NOUN":
        return Factuality.PLANNED
    if infinitive and node.dep_ == "acl" and head.pos_ == "NOUN":
        return Factuality.PLANNED
    if infinitive and node.dep_ == "xcomp" and lemma in words["moving"]:
        return Factuality.PLANNED
    if infinitive and node.dep_ == "advcl" and lemma not in words["happened"]:
        return Factuality.PLANNED
    if (
        node.dep_ == "xcomp"
        or lemma in words["happened"]
        or head.dep_ in {"prep", "pobj", "pcomp"}
        or (head.pos_ in {"NOUN", "ADP"} and node.dep_ in {"acl", "pobj", "prep", "pcomp"})
    ):
        return "up"
    return Factuality.ACTUAL


def _first_infinitive(node: Token, head: Token) -> Token | None:
    """ "ordered it to do A, take B": the first of the infinitives that a past tense governs."""
    bare = node.tag_ == "VB" and head.tag_ == "VBD" and not has_child(node, {"nsubj", "nsubjpass", "aux", "auxpass"})
    if not bare:
        return None
    return next((c for c in head.children if c.dep_ == "xcomp" and c.tag_ == "VB" and head.i < c.i < node.i), None)


def _needed(be: Token) -> bool:
    """ "it is imperative that": what has still to be done."""
    needed = lexicon().certainty["needed"]
    it = any(c.dep_ == "nsubj" and c.lower_ == "it" for c in be.children)
    return it and any(c.dep_ == "acomp" and c.lower_ in needed for c in be.children)


def _is_task(be: Token) -> bool:
    """ "the aim was to take", "the brigade was to take": what somebody is to do."""
    words, subject = lexicon().certainty, next((c for c in be.children if c.dep_ == "nsubj"), None)
    planned = subject is not None and subject.lemma_.lower() in words["planned_nouns"]
    return planned or (subject is not None and be.lower_ in {"was", "were"} and _acts(subject))


def _acts(subject: Token) -> bool:
    parties = lexicon().parties
    people = parties["group"] | parties["fighters"]
    return subject.pos_ in {"PROPN", "PRON"} or subject.lemma_.lower() in people


def _is_purpose(node: Token, verb: Token) -> bool:
    """ "began operations to capture X": an infinitive behind an object that does not do it says what it was for."""
    between = [c for c in verb.children if c.dep_ == "dobj" and verb.i < c.i < node.i]
    return bool(between) and verb.lemma_.lower() in lexicon().light["object"]


def _came_to_nothing(verb: Token) -> bool:
    """ "attempted another breakthrough, but were unsuccessful"."""
    failed = lexicon().certainty["failed"]
    later = [c for c in verb.children if c.dep_ == "conj" and c.i > verb.i]
    return any(c.lemma_.lower() in failed or _fails(c) for c in later)


def _fails(token: Token) -> bool:
    return has_word(token, lexicon().certainty["failed_words"])
