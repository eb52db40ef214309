"""Equipment that a sentence says was lost: what ("T-72 tanks"), and how many."""

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Span, Token

from hamakg.extract.narrative.events.casualties import find_patients, with_listed
from hamakg.extract.narrative.parse.numbers import Quantity, count_of, read_quantities
from hamakg.extract.narrative.parse.words import Words, set_reader


@dataclass(frozen=True, slots=True)
class EquipmentMention:
    """What was lost ("tanks") at the token ``head``, and how many."""

    head: int
    what: str
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class _Words:
    """The sets of ``equipment.toml``: verbs that lose it, and what it is."""

    verbs: Words
    things: Words


_words = set_reader(_Words, __file__, "equipment.toml")


def read_equipment(sentence: Span) -> list[EquipmentMention]:
    """Things that a sentence says were destroyed, damaged or taken, in their order, with their number."""
    quantities = read_quantities(sentence)
    verbs = [token for token in sentence if token.lemma_.lower() in _words().verbs]
    lost = {noun for verb in verbs for noun in with_listed(find_patients(verb), verb) if _is_thing(noun)}
    return [_mention(thing, quantities) for thing in sorted(lost, key=lambda thing: thing.i)]


def _is_thing(noun: Token) -> bool:
    before = noun.doc[noun.i - 1].lower_ if noun.i else ""
    model = any(c.isdigit() for c in noun.text) and noun.text[0].isupper()
    lemma = noun.lemma_.lower()
    return model or not {lemma, f"{before} {lemma}"}.isdisjoint(_words().things)


def _mention(noun: Token, quantities: Sequence[Quantity]) -> EquipmentMention:
    quantity = count_of(noun, quantities)
    begin = noun.left_edge.i if quantity is None else quantity.end
    first = next(t.i for t in noun.doc[begin : noun.i + 1] if t.pos_ != "DET")
    what = noun.doc[first : noun.i + 1].text
    if quantity is not None:
        return EquipmentMention(noun.i, what, quantity.minimum, quantity.maximum)
    one = 1 if noun.tag_ in {"NN", "NNP"} else None
    return EquipmentMention(noun.i, what, one, one)
