"""People killed by an event of the same sentence: the figures are that event's, and there is no second one."""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Token

from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.parse.grammar import has_child, has_mark, has_word, subjects
from hamakg.model import EventType, Factuality


def absorb_killings(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The drafts without the killings that another event of the sentence caused, or told before (guidelines)."""
    causes: dict[int, int] = {}
    for index, draft in enumerate(drafts):
        if draft.type is EventType.KILLING:
            own = [other for other in range(index) if other not in causes and _is_same(drafts[other], draft)]
            cause = _find_cause(draft, drafts)
            if cause is not None or own:
                causes[index] = own[0] if cause is None else drafts.index(cause)
    kept = {index: draft for index, draft in enumerate(drafts) if index not in causes}
    for killing, cause_of_it in causes.items():
        kept[cause_of_it] = _absorb(kept[cause_of_it], drafts[killing])
    return tuple(kept.values())


def _absorb(cause: Draft, killing: Draft) -> Draft:
    return replace(
        cause,
        killings=(*cause.killings, killing.token),
        places=cause.places or killing.places,
        vouchers=tuple(dict.fromkeys(cause.vouchers + killing.vouchers)),
    )


# ---------------------------------------------------------------- one killing told twice


def _is_same(first: Draft, second: Draft) -> bool:
    return first.type is EventType.KILLING and (_is_coordinated(first, second) or _is_recount(second))


def _is_recount(draft: Draft) -> bool:
    """ "…; however, others gave a count of 14 to 20 casualties": another figure for those told of before."""
    noun = draft.token
    counts = {"count", "figure", "number", "toll"}
    counted = noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lemma_ in counts
    return counted and not draft.places and not draft.roles.agents


def _is_coordinated(first: Draft, second: Draft) -> bool:
    a, b, light = first.token, second.token, first.trigger.light
    above = (b.is_ancestor(a) or a.is_ancestor(b)) and "relcl" not in {a.dep_, b.dep_}
    return above or b in a.conjuncts or (light is not None and light.is_ancestor(b))


# ---------------------------------------------------------------- what killed


def _find_cause(killing: Draft, drafts: Sequence[Draft]) -> Draft | None:
    """The event that killed: it governs the verb, is its subject, stands in "killed in …" or before "killing"."""
    verb = killing.token
    if verb.pos_ == "NOUN" and verb.head.lemma_ in {"suffer", "sustain", "incur", "take"}:
        return None
    others = [d for d in drafts if d.type not in {EventType.KILLING, EventType.OFFENSIVE_LAUNCH}]
    for one in (verb, *verb.conjuncts):
        for other in others:
            if _is_within(other.token, one) or other.token in subjects(one) or _is_when(one, other):
                return other
    return _find_governing(verb, others) or _find_before(verb, others)


def _is_when(verb: Token, other: Draft) -> bool:
    """ "killed when a rocket hit"."""
    clause = other.trigger.verb or other.token
    return clause.dep_ == "advcl" and clause.head == verb and has_word(clause, {"when", "as", "after"})


_INSIDE = frozenset({"pobj", "prep", "agent", "pcomp", "conj", "nmod", "compound"})


def _is_within(noun: Token, verb: Token) -> bool:
    """Whether the noun stands in a phrase of the verb that names the cause ("killed in airstrikes")."""
    if noun.dep_ == "pcomp" and noun.head.lower_ in {"after", "before", "since", "following"}:
        return False
    node = noun
    for _ in range(4):
        if node.head == verb:
            return node.dep_ in {"prep", "agent", "dobj", "advcl", "pobj"}
        if node.dep_ not in _INSIDE or node.head.pos_ in {"VERB", "AUX"}:
            return False
        node = node.head
    return False


_ABOVE = frozenset(
    {
        *("conj", "advcl", "acl", "xcomp", "relcl", "ccomp", "pcomp", "prep", "dep"),
        *("pobj", "dobj", "attr", "nsubj", "nsubjpass", "appos", "oprd"),
    }
)


def _find_governing(verb: Token, others: Sequence[Draft]) -> Draft | None:
    head = verb
    while head.dep_ in _ABOVE and head.head != head:
        absolute = has_mark(head, {"with"})  # "…, with 32 fighters reported killed": still how the other ended
        own_subject = has_child(head, {"nsubj", "nsubjpass"}) and not absolute
        if (head.dep_ in {"conj", "advcl"} and own_subject) or head.dep_ == "ccomp":
            return None
        head = head.head
        for other in others:
            if head in other.trigger.words:
                return other
    return None


def _find_before(verb: Token, others: Sequence[Draft]) -> Draft | None:
    """The event that a bare "…, killing 40" follows."""
    if verb.tag_ != "VBG" or has_child(verb, {"nsubj", "aux"}):
        return None
    return next((o for o in reversed(others) if o.token.i < verb.i and o.factuality is Factuality.ACTUAL), None)
