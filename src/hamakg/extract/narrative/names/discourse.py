"""What the text has spoken of last: who "they" are, which place "the town" or "both villages" means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from spacy.tokens import Span, Token

from hamakg.extract.narrative.names.gazetteer import PLACE, Mention
from hamakg.extract.narrative.parse.grammar import has_word, verb_lemma
from hamakg.extract.narrative.parse.lexicon import lexicon
from hamakg.model import Ref
from hamakg.naming.place_kinds import KindWord, kind_words

_NUMBERS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both"})
_NOT_A_KIND = frozenset({"front", "line", "area", "base", "position", "outskirts", "countryside"})


if TYPE_CHECKING:
    from hamakg.extract.narrative.events.draft import Draft


@dataclass(slots=True)
class Discourse:
    """The memory of one article's reading, in the order of the text."""

    kinds: dict[Ref, str]
    main_place: Ref | None = None
    places: list[Ref] = field(default_factory=list)
    unnamed: dict[str, int] = field(default_factory=dict)
    subject: tuple[Ref, ...] = ()
    person: Ref | None = None
    seen: set[Ref] = field(default_factory=set)
    said: tuple[Ref, ...] = ()
    named_here: int = 0
    named_before: int = 0
    agents: tuple[Ref, ...] = ()
    targets: tuple[Ref, ...] = ()
    launch: "Draft | None" = None

    def new_paragraph(self) -> None:
        """Parties carry over into a new paragraph only by name."""
        self.agents, self.targets = (), ()

    def describe(self, sentence: Span, mentions: Mapping[int, Mention]) -> dict[int, tuple[Ref, ...]]:
        """{token: the places that it means} for descriptions and pronouns; remembers the places named on the way."""
        described: dict[int, tuple[Ref, ...]] = {}
        self.named_before, self.named_here, self.said = self.named_here, 0, ()
        for token in sentence:
            mention = mentions.get(token.i)
            if mention:
                if mention.role == PLACE and mention.ref and token.i == mention.start:
                    self._remember(mention.ref, _only_locates(sentence.doc[mention.start : mention.end].root))
                continue
            if refs := self._means(token):
                described[token.i] = self.said = refs
        return described

    def _remember(self, ref: Ref, behind: bool = False) -> None:
        """Remembers a place as the last named; ``behind``: one that only says where the one before it lies."""
        first = self.places[: int(behind and self.named_here > 0 and self.places[:1] != [ref])]
        self.said = () if not first else self.said
        self.seen.add(ref)
        self.named_here += ref not in self.places[: self.named_here]
        self.places = [*first, ref, *(p for p in self.places if p != ref and p not in first)][:12]
        self.unnamed = {word: age + 1 for word, age in self.unnamed.items()}

    def _means(self, token: Token) -> tuple[Ref, ...]:
        if token.lower_ in {"it", "there", "which"} and self._stands_for_place(token):
            return self.said or tuple(self.places[:1])
        if token.lower_ == "area" and token.dep_ == "pobj" and {c.lower_ for c in token.children} == {"the"}:
            return tuple(self.places[:1])
        entry = kind_words().get(token.lower_)
        if (
            entry is None
            or token.pos_ not in {"NOUN", "PROPN"}
            or token.lower_ in _NOT_A_KIND
            or token.dep_ == "compound"
        ):
            return ()
        words = {
            child.lower_ for child in token.children if child.dep_ in {"det", "nummod", "predet", "poss", "preconj"}
        }
        number = next((_NUMBERS[w] for w in words if w in _NUMBERS), None)
        if not words & _DEFINITE:
            self.unnamed[token.lemma_.lower()] = 0
            return ()
        if any(c.dep_ == "prep" and c.lower_ == "of" for c in token.children) or _is_another(token, entry):
            return ()
        if entry.plural:
            return self._these(token) if number is None and words & {"these", "those"} else self._group(token, number)
        return self._single(token, entry)

    def _these(self, token: Token) -> tuple[Ref, ...]:
        """ "these towns": the places that the sentence, else the one before, has named."""
        count = self.named_here or self.named_before
        return tuple(reversed(self.places[:count])) if count > 1 else ()

    def _stands_for_place(self, token: Token) -> bool:
        if token.lower_ == "which":
            return (
                token.dep_ == "dobj"
                and token.head.dep_ == "relcl"
                and token.i > 0
                and token.head.head.ent_type_ != "PERSON"
            )
        if token.dep_ == "pobj" and token.head.lower_ in {"in", "inside", "from", "into", "within", "around", "at"}:
            return True
        return token.dep_ == "dobj" and verb_lemma(token.head) in lexicon().places["taking"]

    def _group(self, token: Token, number: int | None) -> tuple[Ref, ...]:
        age = self.unnamed.get(token.lemma_.lower())
        if number is None or len(self.places) < number or (age is not None and age < number):
            return ()
        return tuple(reversed(self.places[:number]))

    def _single(self, token: Token, entry: KindWord) -> tuple[Ref, ...]:
        """The last place that can be of the kind; "the city" of an article on a city's battle is that city."""
        age = self.unnamed.get(token.lemma_.lower())
        label = entry.kind.label
        if label == "city" and self._main_is_city() and not self._other_city():
            return () if self._may_be_another() else (self.main_place,) if self.main_place else ()
        before = self.places[self.named_here : self.named_here + self.named_before]
        exact = next((ref for ref in before if self.kinds.get(ref) == label), None)
        if not self.named_here and exact and age is None:
            return (exact,)
        for index, ref in enumerate(self.places[:6]):
            if age is not None and index >= age:
                break
            known = self.kinds.get(ref)
            named_alone = known is None and entry.kind.family == "settlement" and index < self.named_here == 1
            if named_alone or (
                known == label
                or {known, label} == {"town", "city"}
                or (known is None and entry.kind.family == "settlement" and label != "city")
            ):
                return (ref,)
        return self._only_one(entry)

    def _only_one(self, entry: KindWord) -> tuple[Ref, ...]:
        """ "the prison": the one prison that the article has named, however long ago."""
        if entry.kind.family == "settlement":
            return ()
        named = [ref for ref in sorted(self.seen) if self.kinds.get(ref) == entry.kind.label]
        return tuple(named) if len(named) == 1 else ()

    def _main_is_city(self) -> bool:
        return self.main_place is not None and self.kinds.get(self.main_place) in (None, "city", "town")

    def _may_be_another(self) -> bool:
        """Whether this sentence has named one place alone that may be a city, and not the article's own."""
        named = self.places[: self.named_here]
        return len(named) == 1 and named[0] != self.main_place and self.kinds.get(named[0]) is None

    def _other_city(self) -> bool:
        """Whether this sentence or the one before has named another city."""
        return any(
            ref != self.main_place and self.kinds.get(ref) == "city"
            for ref in self.places[: self.named_here + self.named_before]
        )


def _only_locates(name: Token) -> bool:
    """ "north of X": the name only says where something else lies."""
    return name.dep_ == "pobj" and name.head.head.lower_ in lexicon().places["directions"]


def _is_another(noun: Token, entry: KindWord) -> bool:
    """ "the city council building", "the nearby village": a thing of its own, none that was named."""
    own = any(c.dep_ == "compound" or (c.dep_ == "amod" and c.pos_ == "PROPN") for c in noun.children)
    return own or (not entry.plural and has_word(noun, lexicon().places["other"]))
