"""People killed by an event of the same sentence: the figures are that event's, and there is no second one."""

from collections.abc import Sequence

from spacy.tokens import Token

from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.parse.grammar import has_child, has_mark, has_word, subjects
from hamakg.model import EventType, Factuality


def absorb_killings(drafts: list[Draft]) -> list[Draft]:
    """The drafts without the killings that another event of the sentence caused, or told before (guidelines)."""
    kept: list[Draft] = []
    for draft in drafts:
        cause = _cause(draft, drafts) if draft.type is EventType.KILLING else None
        if cause is None and draft.type is EventType.KILLING:
            cause = next((other for other in kept if other.type is EventType.KILLING and _same(other, draft)), None)
        if cause is None:
            kept.append(draft)
        else:
            cause.killings += [draft.trigger.token, *draft.killings]
            cause.places = cause.places or draft.places
            cause.vouchers += [v for v in draft.vouchers if v not in cause.vouchers]
    return kept


def _same(first: Draft, second: Draft) -> bool:
    return _coordinated(first, second) or _is_recount(second)


def _is_recount(draft: Draft) -> bool:
    """ "…; however, others gave a count of 14 to 20 casualties": another figure for those told of before."""
    noun = draft.trigger.token
    counted = (
        noun.dep_ == "pobj"
        and noun.head.lower_ == "of"
        and noun.head.head.lemma_ in {"count", "figure", "number", "toll"}
    )
    return counted and not draft.places and not draft.roles.agents


def _coordinated(first: Draft, second: Draft) -> bool:
    a, b = first.trigger.token, second.trigger.token
    return (
        b in a.conjuncts
        or (first.trigger.light is not None and first.trigger.light.is_ancestor(b))
        or ((b.is_ancestor(a) or a.is_ancestor(b)) and a.dep_ not in {"relcl"} and b.dep_ not in {"relcl"})
    )


def _cause(killing: Draft, drafts: Sequence[Draft]) -> Draft | None:
    """The event that killed: it governs the verb, is its subject, stands in "killed in …" or before "killing"."""
    verb = killing.trigger.token
    if verb.pos_ == "NOUN" and verb.head.lemma_ in {"suffer", "sustain", "incur", "take"}:
        return None
    others = [d for d in drafts if d.type not in {EventType.KILLING, EventType.OFFENSIVE_LAUNCH}]
    for one in (verb, *verb.conjuncts):
        for other in others:
            noun = other.trigger.token
            if _within(noun, one) or noun in subjects(one) or _when(one, other):
                return other
    return _governing(verb, others) or _before(verb, others)


def _when(verb: Token, other: Draft) -> bool:
    """ "killed when a rocket hit"."""
    clause = other.trigger.verb or other.trigger.token
    return clause.dep_ == "advcl" and clause.head == verb and has_word(clause, {"when", "as", "after"})


def _governing(verb: Token, others: Sequence[Draft]) -> Draft | None:
    head = verb
    while (
        head.dep_ in {"conj", "advcl", "acl", "xcomp", "relcl", "ccomp", "pcomp", "prep", "dep", *_NOMINAL}
        and head.head != head
    ):
        own_subject = has_child(head, {"nsubj", "nsubjpass"}) and not _is_absolute(head)
        if (head.dep_ in {"conj", "advcl"} and own_subject) or head.dep_ == "ccomp":
            return None
        head = head.head
        for other in others:
            if head in (other.trigger.token, other.trigger.light):
                return other
    return None


def _is_absolute(clause: Token) -> bool:
    """ "…, with 32 fighters reported killed": a clause of its own subject that still tells how the other ended."""
    return has_mark(clause, {"with"})


def _before(verb: Token, others: Sequence[Draft]) -> Draft | None:
    """The event that a bare "…, killing 40" follows."""
    if verb.tag_ != "VBG" or has_child(verb, {"nsubj", "aux"}):
        return None
    return next((o for o in reversed(others) if o.trigger.token.i < verb.i and o.factuality is Factuality.ACTUAL), None)


_NOMINAL = frozenset({"pobj", "dobj", "attr", "nsubj", "nsubjpass", "appos", "oprd"})


def _within(noun: Token, verb: Token) -> bool:
    """Whether the noun stands in a phrase of the verb that names the cause ("killed in airstrikes")."""
    if noun.dep_ == "pcomp" and noun.head.lower_ in {"after", "before", "since", "following"}:
        return False
    node = noun
    for _ in range(4):
        if node.head == verb:
            return node.dep_ in {"prep", "agent", "dobj", "advcl"} or node.dep_ == "pobj"
        if node.dep_ not in {"pobj", "prep", "agent", "pcomp", "conj", "nmod", "compound"} or node.head.pos_ in {
            "VERB",
            "AUX",
        }:
            return False
        node = node.head
    return False
