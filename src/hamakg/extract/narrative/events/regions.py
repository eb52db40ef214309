"""Which words of a sentence belong to an event: what hangs on its trigger, other events and clauses left out."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from hamakg.extract.narrative.events.nouns import find_noun
from hamakg.extract.narrative.events.triggers import Trigger
from hamakg.extract.narrative.events.words import noun_words
from hamakg.extract.narrative.parse.grammar import is_verb
from hamakg.model import EventType

_TAKING = frozenset({EventType.CAPTURE, EventType.WITHDRAWAL, EventType.OFFENSIVE_LAUNCH})


def find_region(trigger: Trigger, triggers: Iterable[Trigger]) -> tuple[Token, ...]:
    """The tokens below an event, in their order, without what is below the other events of its sentence."""
    barred = {i for t in triggers if t.token.i not in trigger.tokens for i in t.tokens} - trigger.tokens
    return tuple(sorted(set(_descend(trigger, barred)), key=lambda token: token.i))


def _descend(trigger: Trigger, barred: set[int]) -> Iterator[Token]:
    stack, seen = list(trigger.words), set[int]()
    while stack:
        token = stack.pop()
        if token.i not in seen:
            seen.add(token.i)
            yield token
            stack += [c for c in token.children if c.i not in barred and not _is_other_clause(c, trigger)]


def _is_other_clause(token: Token, trigger: Trigger) -> bool:
    """A clause of its own that a verb of no event governs ("…, where the castle stands"), or who says so."""
    if token.lower_ == "according" or _is_other_time(token, trigger):
        return True
    if token.dep_ == "acl" and token.head.lower_ == "order":
        return True
    return token.dep_ in {"relcl", "advcl", "ccomp"} and is_verb(token) and token.i != trigger.token.i


def _is_other_time(token: Token, trigger: Trigger) -> bool:
    """ "after the capture of X": another event is only named to say when."""
    if token.dep_ != "prep" or token.lower_ not in noun_words().time_words:
        return False
    if token.lower_ == "during" and trigger.type is not EventType.CAPTURE:
        return False
    named = [found[1].type for obj in token.children if obj.dep_ == "pobj" and (found := find_noun(obj))]
    return any(kind in _TAKING for kind in named)
