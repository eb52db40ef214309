"""Which places the text has spoken of last: what "the town", "both villages" or "there" means."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from spacy.tokens import Span, Token

from hamakg.extract.narrative.names.mentions import Mentions, place_at
from hamakg.extract.narrative.names.words import place_words
from hamakg.extract.narrative.parse.grammar import has_word, verb_lemma
from hamakg.model import Entity, EntityKind, Ref
from hamakg.naming.place_kinds import KindWord, kind_words
from hamakg.naming.states import states_by_word
from hamakg.rdf.ids import entity_id

_NUMBERS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both"})

# So many places are remembered, and among so many of them a description is looked for.
_REMEMBERED, _NEAR = 12, 6

Described = Mapping[int, tuple[Ref, ...]]
"""The places that descriptions and pronouns mean, by their tokens."""


@dataclass(frozen=True, slots=True)
class Discourse:
    """The places that an article has spoken of so far, the last first.

    ``kinds`` has what places are called ("village"); ``unnamed`` how many names ago a kind of place was spoken of that
    has no name ("a village"); ``said`` the places that the last description of the sentence meant; ``named_here`` and
    ``named_before`` how many of ``places`` this sentence and the one before have named.
    """

    kinds: Mapping[Ref, str]
    main_place: Ref | None = None
    places: tuple[Ref, ...] = ()
    seen: frozenset[Ref] = frozenset()
    unnamed: Mapping[str, int] = field(default_factory=dict)
    said: tuple[Ref, ...] = ()
    named_here: int = 0
    named_before: int = 0

    @property
    def here(self) -> tuple[Ref, ...]:
        """The places that this sentence has named."""
        return self.places[: self.named_here]


def describe_places(sentence: Span, mentions: Mentions, discourse: Discourse) -> tuple[Described, Discourse]:
    """What the sentence's descriptions of places mean, and the places spoken of after it."""
    described: dict[int, tuple[Ref, ...]] = {}
    discourse = replace(discourse, named_before=discourse.named_here, named_here=0, said=())
    for token in sentence:
        mention = mentions.get(token.i)
        if mention is None:
            refs, discourse = _read_description(token, discourse)
            described |= {token.i: refs} if refs else {}
        elif place_at(mentions, token.i) and mention.ref and token.i == mention.start:
            only_locates = _only_locates(sentence.doc[mention.start : mention.end].root)
            discourse = _remember(mention.ref, discourse, behind=only_locates)
    return described, discourse


def find_countries(sentence: Span) -> dict[int, Entity]:
    """The countries where a state's name means its land, by their tokens: "in Syria", "invaded Poland"."""
    return {
        token.i: Entity(entity_id(EntityKind.PLACE, token.text), token.text, EntityKind.PLACE)
        for token in sentence
        if states_by_word().get(token.text) == token.text and _is_land(token)
    }


def _is_land(token: Token) -> bool:
    if token.dep_ == "dobj":
        return token.head.lemma_ in place_words().land_verbs
    return token.dep_ == "pobj" and token.head.lower_ in place_words().in_land


def _remember(ref: Ref, discourse: Discourse, *, behind: bool) -> Discourse:
    """The place is the last named; ``behind`` the one before it, if it only says where that lies."""
    places = discourse.places
    first = places[:1] if behind and discourse.named_here > 0 and places[:1] != (ref,) else ()
    others = tuple(place for place in places if place != ref and place not in first)
    return replace(
        discourse,
        places=(*first, ref, *others)[:_REMEMBERED],
        seen=discourse.seen | {ref},
        unnamed={word: age + 1 for word, age in discourse.unnamed.items()},
        said=discourse.said if first else (),
        named_here=discourse.named_here + (ref not in discourse.here),
    )


def _only_locates(name: Token) -> bool:
    """ "north of X": the name only says where something else lies."""
    return name.dep_ == "pobj" and name.head.head.lower_ in place_words().directions


def _read_description(token: Token, discourse: Discourse) -> tuple[tuple[Ref, ...], Discourse]:
    """The places that a word means, and the places spoken of after it."""
    entry = _kind_of_place(token)
    if entry is not None and not _determiners(token) & _DEFINITE:
        return (), replace(discourse, unnamed={**discourse.unnamed, token.lemma_.lower(): 0})
    meant = _pronoun(token, discourse) or (_definite(token, entry, discourse) if entry else ())
    return meant, replace(discourse, said=meant) if meant else discourse


def _pronoun(token: Token, discourse: Discourse) -> tuple[Ref, ...]:
    """Where "it", "there", "which" and "the area" are."""
    if token.lower_ in {"it", "there", "which"} and _stands_for_place(token):
        return discourse.said or discourse.places[:1]
    area = token.lower_ == "area" and token.dep_ == "pobj" and {c.lower_ for c in token.children} == {"the"}
    return discourse.places[:1] if area else ()


def _stands_for_place(token: Token) -> bool:
    if token.lower_ == "which":
        relative = token.dep_ == "dobj" and token.head.dep_ == "relcl" and token.i > 0
        return relative and token.head.head.ent_type_ != "PERSON"
    if token.dep_ == "pobj" and token.head.lower_ in place_words().inside:
        return True
    return token.dep_ == "dobj" and verb_lemma(token.head) in place_words().taking


def _kind_of_place(token: Token) -> KindWord | None:
    """What kind of place a common noun tells of."""
    entry = kind_words().get(token.lower_)
    noun = token.pos_ in {"NOUN", "PROPN"} and token.dep_ != "compound"
    return entry if noun and token.lower_ not in place_words().no_kinds else None


def _determiners(noun: Token) -> set[str]:
    return {c.lower_ for c in noun.children if c.dep_ in {"det", "nummod", "predet", "poss", "preconj"}}


def _definite(noun: Token, entry: KindWord, discourse: Discourse) -> tuple[Ref, ...]:
    """ "the town", "both villages", "these towns"."""
    words = _determiners(noun)
    if any(c.dep_ == "prep" and c.lower_ == "of" for c in noun.children) or _is_another(noun, entry):
        return ()
    if not entry.plural:
        return _single(noun, entry, discourse)
    number = next((_NUMBERS[word] for word in words if word in _NUMBERS), None)
    if number is not None:
        age = discourse.unnamed.get(noun.lemma_.lower(), number)
        return tuple(reversed(discourse.places[:number])) if number <= min(len(discourse.places), age) else ()
    count = discourse.named_here or discourse.named_before
    these = words & {"these", "those"} and count > 1
    return tuple(reversed(discourse.places[:count])) if these else ()


def _is_another(noun: Token, entry: KindWord) -> bool:
    """ "the city council building", "the nearby village": a thing of its own, none that was named."""
    own = any(c.dep_ == "compound" or (c.dep_ == "amod" and c.pos_ == "PROPN") for c in noun.children)
    return own or (not entry.plural and has_word(noun, place_words().other))


def _single(noun: Token, entry: KindWord, discourse: Discourse) -> tuple[Ref, ...]:
    """The last place that can be of the kind; "the city" of an article on a city's battle is that city."""
    age, label, kinds = discourse.unnamed.get(noun.lemma_.lower()), entry.kind.label, discourse.kinds
    if label == "city" and _is_on_a_city(discourse):
        return () if _may_be_another(discourse) or discourse.main_place is None else (discourse.main_place,)
    before = discourse.places[discourse.named_here : discourse.named_here + discourse.named_before]
    exact = next((ref for ref in before if kinds.get(ref) == label), None)
    if not discourse.named_here and exact and age is None:
        return (exact,)
    near = discourse.places[: _NEAR if age is None else min(age, _NEAR)]
    for index, ref in enumerate(near):
        alone = index < discourse.named_here == 1
        if _may_be(kinds.get(ref), entry, alone=alone):
            return (ref,)
    if entry.kind.family == "settlement":
        return ()
    only = [ref for ref in sorted(discourse.seen) if kinds.get(ref) == label]
    return tuple(only) if len(only) == 1 else ()


def _may_be(known: str | None, entry: KindWord, *, alone: bool) -> bool:
    """Whether a place may be what a word calls it; ``alone``: it is the one place that the sentence has named."""
    label = entry.kind.label
    if known is None:
        return entry.kind.family == "settlement" and (alone or label != "city")
    return known == label or {known, label} == {"town", "city"}


def _is_on_a_city(discourse: Discourse) -> bool:
    """Whether the article is on a city, and neither this sentence nor the one before has named another."""
    main, kinds = discourse.main_place, discourse.kinds
    lately = discourse.places[: discourse.named_here + discourse.named_before]
    other = any(ref != main and kinds.get(ref) == "city" for ref in lately)
    return main is not None and kinds.get(main) in (None, "city", "town") and not other


def _may_be_another(discourse: Discourse) -> bool:
    """Whether this sentence has named one place alone that may be a city, and not the article's own."""
    named = discourse.here
    return len(named) == 1 and named[0] != discourse.main_place and discourse.kinds.get(named[0]) is None
