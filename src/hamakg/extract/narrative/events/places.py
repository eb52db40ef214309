"""Where an event happened, and what a place's name only anchors: "a checkpoint near Halfaya" is not Halfaya."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from spacy.tokens import Token

from hamakg.extract.narrative.events.triggers import Trigger
from hamakg.extract.narrative.events.words import Object, event_place_words, thing_words
from hamakg.extract.narrative.names.discourse import Described
from hamakg.extract.narrative.names.mentions import Mentions, place_at
from hamakg.extract.narrative.names.words import name_words, place_words
from hamakg.extract.narrative.parse.grammar import (
    first_conjunct,
    has_child,
    has_word,
    is_passive,
    is_verb,
    objects,
    prepositional,
    subjects,
    with_conjuncts,
)
from hamakg.model import EventType, Extent, Factuality, Ref
from hamakg.naming.place_kinds import kind_words


class Relation(StrEnum):
    """How an event's place is meant."""

    AT = "at"
    NEAR = "near"
    FROM = "from"
    TOWARD = "toward"
    ELSEWHERE = "elsewhere"
    """Where somebody is from ("marines from X"), which is no place of the event."""


@dataclass(frozen=True, slots=True)
class Way:
    """What was seen on the way from a place's name up to the event.

    ``word`` is the first preposition, ``by`` the one that settled the relation, ``within`` the one between an unnamed
    thing that was taken and the place ("two checkpoints in X"); ``area``: "the X area"; ``thing``: the name hangs on a
    thing that is no place itself; ``locating``: the name only says where the place before it lies; ``including``: it is
    one that "including" names.
    """

    relation: Relation | None = None
    extent: Extent | None = None
    word: str = ""
    by: str = ""
    within: str = ""
    area: bool = False
    thing: bool = False
    locating: bool = False
    including: bool = False

    def settle(self, relation: Relation, by: str = "") -> "Way":
        """The way where its relation is settled: the preposition nearest to the name decides."""
        return self if self.relation is not None else replace(self, relation=relation, by=by)


@dataclass(frozen=True, slots=True)
class PlaceArgument:
    """A place of an event, how it is meant, and the token and the way that say so."""

    ref: Ref
    relation: Relation
    extent: Extent | None
    token: Token
    way: Way = field(default_factory=Way)


@dataclass(frozen=True, slots=True)
class PlaceReader:
    """Reads the places of one paragraph; ``described`` has what "the town", "both villages" and "it" mean."""

    mentions: Mentions
    described: Described

    def read(self, trigger: Trigger, factuality: Factuality, region: Sequence[Token]) -> tuple[PlaceArgument, ...]:
        """The places among the tokens of an event's region, each once, as the event makes them mean."""
        found: dict[Ref, PlaceArgument] = {}
        for place in self._read_region(region, trigger.tokens):
            known = found.get(place.ref)
            if known is None or (known.relation is not Relation.AT and place.relation is Relation.AT):
                found[place.ref] = place
        kept = _without_surroundings(_without_container(tuple(found.values())), trigger)
        return tuple(_settle(place, trigger, factuality) for place in kept)

    def read_struck(self, trigger: Trigger) -> tuple[PlaceArgument, ...]:
        """The place that a passive's subject is, from however far ("X was reported to have been struck by …")."""
        verb = trigger.verb
        if verb is None or not is_passive(verb):
            return ()
        return tuple(
            PlaceArgument(ref, Relation.AT, None, subject)
            for subject in subjects(verb)
            for ref in self._refs_of_subject(subject)
        )

    def _refs_of_subject(self, subject: Token) -> tuple[Ref, ...]:
        called = next((obj.i for obj in prepositional(subject, {"of"})), subject.i)
        index = called if subject.i not in self.mentions and subject.lower_ in kind_words() else subject.i
        mention = place_at(self.mentions, index)
        return (mention.ref,) if mention and mention.ref else self.described.get(subject.i, ())

    def _read_region(self, region: Sequence[Token], trigger: Collection[int]) -> Iterator[PlaceArgument]:
        seen: set[int] = set()
        refs: tuple[Ref, ...]
        for token in region:
            mention = place_at(self.mentions, token.i)
            if token.i in seen:
                continue
            if mention and mention.ref:
                seen |= set(range(mention.start, mention.end))
                root, refs = token.doc[mention.start : mention.end].root, (mention.ref,)
            elif token.i in self.described:
                root, refs = token, self.described[token.i]
            else:
                continue
            way = self.climb(root, trigger)
            if way is not None and token.i > token.sent.start and token.nbor(-1).lower_ == "near":
                way = way.settle(Relation.NEAR)  # a preposition, whatever a parser makes of it at a sentence's start
            if way is not None and way.relation is not Relation.ELSEWHERE:
                relation = way.relation or Relation.AT
                yield from (PlaceArgument(ref, relation, way.extent, token, way) for ref in refs)

    def climb(self, root: Token, trigger: Collection[int]) -> Way | None:
        """The way from a name to its event; None where the name only says where another named place lies."""
        way, node, listed = Way(), root, True
        for _ in range(_HIGHEST):
            if node.i in trigger:
                return way
            head = node.head
            other = not listed and self._names_other(node, root) and (way.relation is not None or way.thing)
            if head == node or other:
                return None
            listed = self._is_listed(node, head)
            if listed and _is_excluded(node):
                return None
            if not listed:
                if (node.dep_ == "appos" or _says_where(node)) and self._names_other(head, node):
                    return None
                way, head = self._step(way, node, head, trigger)
                if way.locating:
                    return None
            node = head
        return None

    def _is_listed(self, node: Token, head: Token) -> bool:
        """Whether the node is listed with its head ("A, B and parts of C"): what holds for the first holds for it."""
        if node.dep_ == "conj":
            return not is_verb(node)
        in_list = has_child(node, {"conj", "cc"}) or has_child(head, {"conj"})
        return node.dep_ == "appos" and in_list and self._is_place_name(head)

    def _is_place_name(self, node: Token) -> bool:
        return node.i in self.described or place_at(self.mentions, node.i) is not None

    def _names_other(self, node: Token, root: Token) -> bool:
        """Whether the node names a place, and another than the one that the root names."""
        mention, own = place_at(self.mentions, node.i), self.mentions.get(root.i)
        return mention is not None and (own is None or mention.start != own.start)

    def _step(self, way: Way, node: Token, head: Token, trigger: Collection[int]) -> tuple[Way, Token]:
        """One step up, with what the words on it say."""
        if node.dep_ == "pobj" or (node.dep_ == "pcomp" and head.dep_ in {"prep", "agent", "advmod", "prt", "dep"}):
            return self._pass_preposition(way, head, trigger)
        if node.dep_ in {"compound", "nmod", "poss", "amod", "npadvmod"}:
            return self._pass_modifier(way, node, head, trigger), head
        if node.dep_ == "dobj" and head.dep_ == "acl" and head.lower_ in event_place_words().near:
            return way.settle(Relation.NEAR), head
        if node.dep_ in {"relcl", "advcl"} and node.i not in trigger and way.relation is None:
            return replace(way, thing=True), head
        return way, head

    def _pass_modifier(self, way: Way, node: Token, head: Token, trigger: Collection[int]) -> Way:
        """ "Qomhana's northern flank", "the Halfaya outskirts", "the city's airbase": beside the place itself."""
        words, mention = event_place_words(), self.mentions.get(node.i)
        quarter = mention is not None and node.doc[mention.start].lower_ in name_words().quarters
        entry = kind_words().get(head.lower_)
        label = entry.kind.label if entry is not None and head.i not in self.mentions else ""
        owner, settled = node.dep_ == "poss", way.relation is not None
        if label in words.inner and not settled:
            way = replace(way, within=way.within or "in")
        if owner and not settled and head.i not in trigger:
            way = replace(way, extent=way.extent or Extent.PART)
        at_edge = head.lemma_.lower() in words.edge - {"flank"} and not quarter
        if at_edge or (owner and label in words.things):
            way = way.settle(Relation.NEAR)
        return replace(way, area=way.area or head.lower_ in {"area", "region", "vicinity"})

    def _pass_preposition(self, way: Way, prep: Token, trigger: Collection[int]) -> tuple[Way, Token]:
        word, anchor = _join_prepositions(prep, trigger)
        if word == "to" and anchor.lower_ == "addition":
            return way, anchor.head.head  # "A in addition to B": B stands beside A
        if prep.dep_ == "conj" and anchor.pos_ == "ADP":
            word, anchor = anchor.lower_, anchor.head  # "in and around X" is in X
        outside, settled = anchor.i not in trigger, way.relation is not None
        relation, extent = self._mean(word, prep, anchor, outside=outside)
        transparent = self._is_place_itself(anchor, trigger)
        way = replace(
            way,
            word=way.word or word,
            including=way.including or "including" in {word, anchor.lower_},
            extent=way.extent or extent,
        )
        taken = self._is_thing_taken(anchor, trigger) or self._takes_things(anchor, trigger)
        if word in {"in", "inside", "within", "at", "on"} and not settled and taken:
            way = replace(way, within=word)
        if relation is Relation.NEAR and not settled:
            way = replace(way, locating=self._follows_place(_first_of_locating(prep, anchor, trigger)))
        if relation is not None or not (extent or (word == "of" and transparent)):
            way = way.settle(relation or Relation.AT, word)
        noun = anchor.pos_ in {"NOUN", "PROPN"} and anchor.lower_ not in place_words().directions
        return replace(way, thing=way.thing or (outside and noun and not transparent)), anchor

    def _is_thing_taken(self, anchor: Token, trigger: Collection[int]) -> bool:
        """Whether the word is what the event takes, and is no name ("two checkpoints", "their positions")."""
        if anchor.pos_ != "NOUN" or anchor.i in trigger or anchor.i in self.mentions or anchor.dep_ == "attr":
            return False
        anchor = first_conjunct(anchor)
        taken = {"dobj", "nsubjpass"} | ({"nsubj"} if _is_under_control(anchor.head, trigger) else set())
        return anchor.dep_ in taken and anchor.head.i in trigger

    def _takes_things(self, verb: Token, trigger: Collection[int]) -> bool:
        """Whether all that the event's verb takes is unnamed: "seized 15 checkpoints in X", read as "seized in X"."""
        if verb.i not in trigger or not is_verb(verb):
            return False
        taken = with_conjuncts([c for c in verb.children if c.dep_ in {"dobj", "nsubjpass"}])
        if not taken and verb.dep_ == "acl" and verb.tag_ == "VBN":
            taken = [verb.head]
        return bool(taken) and not any(self._is_place_name(t) or _called(t) in self.mentions for t in taken)

    def _is_place_itself(self, anchor: Token, trigger: Collection[int]) -> bool:
        """ "the village of X", "the area of X", "the northern part of X": the anchor is the place itself."""
        words, word = event_place_words(), anchor.lower_
        kind = word in kind_words() and anchor.lemma_.lower() not in words.edge
        return anchor.i in trigger or kind or word in words.area

    def _mean(self, word: str, prep: Token, anchor: Token, *, outside: bool) -> tuple[Relation | None, Extent | None]:
        """What a preposition and the word before it make of a place; ``outside``: it is not the trigger's own."""
        phrase = _Phrase(word, prep, anchor, outside, is_inner=self._is_inner(anchor))
        return next(((relation, extent) for relation, extent, applies, _ in _MEANINGS if applies(phrase)), (None, None))

    def _is_inner(self, anchor: Token) -> bool:
        """ "the X district of", "small areas of": a part that has a name or a measure of its own."""
        if anchor.lower_ not in event_place_words().quarters:
            return False
        named = anchor.i in self.mentions or any(c.i in self.mentions or c.pos_ == "PROPN" for c in anchor.lefts)
        return named or (anchor.tag_ == "NNS" and not has_word(anchor, {"the", "all", "both"}))

    def _follows_place(self, token: Token) -> bool:
        """Whether the phrase only says where the place before it lies ("X, 2 km south of Y")."""
        index, doc = token.i - 1, token.doc
        while index >= token.sent.start and (
            doc[index].lower_ in event_place_words().fillers
            or (doc[index].pos_ in {"NUM", "ADJ"} and index not in self.mentions)
        ):
            index -= 1
        return place_at(self.mentions, index) is not None


_HIGHEST = 25
"""A name that far below its event is none of its places."""

# ---------------------------------------------------------------- what a preposition means


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A preposition with the word before it, which ``outside`` the trigger may be a noun of its own."""

    word: str
    prep: Token
    anchor: Token
    outside: bool
    is_inner: bool

    @property
    def noun(self) -> str:
        return self.anchor.lower_

    @property
    def lemma(self) -> str:
        return self.anchor.lemma_.lower()

    @property
    def of_noun(self) -> bool:
        return self.word == "of" and self.outside


def _is_beside(phrase: _Phrase) -> bool:
    words, behind_unit = event_place_words(), phrase.prep.doc[phrase.prep.i - 1] if phrase.prep.i > 0 else None
    measured = behind_unit is not None and behind_unit.lower_ in words.units
    beside = phrase.noun in place_words().directions | words.units | {"close", "next", "adjacent"}
    return phrase.outside and phrase.word in {"of", "from", "to"} and (beside or measured)


def _is_part(phrase: _Phrase) -> bool:
    return phrase.of_noun and bool({phrase.noun, phrase.lemma} & event_place_words().part)


def _is_home(phrase: _Phrase) -> bool:
    doer = phrase.anchor.dep_ in {"nsubj", "nsubjpass", "conj"} and phrase.anchor.pos_ != "VERB"
    return phrase.word == "from" and phrase.outside and doer


_MEANINGS: tuple[tuple[Relation | None, Extent | None, Callable[[_Phrase], bool], str], ...] = (
    (Relation.NEAR, None, _is_beside, '"north of X", "3 km from X", "close to X"'),
    (
        Relation.TOWARD,
        None,
        lambda p: p.word == "of" and p.lemma == "direction",
        '"in the direction of X"',
    ),
    (
        Relation.NEAR,
        None,
        lambda p: p.outside and p.word in {"of", "to", "in", "at"} and p.lemma in event_place_words().edge,
        '"the outskirts of X"',
    ),
    (Relation.ELSEWHERE, None, lambda p: p.of_noun and p.noun in name_words().titles, '"the governor of X"'),
    (
        Relation.NEAR,
        None,
        lambda p: p.word == "of" and p.noun == "side" and p.anchor.head.lower_ in {"on", "to"},
        '"on the side of X"',
    ),
    (None, Extent.PART, _is_part, '"half of X"'),
    (None, Extent.PART, lambda p: p.of_noun and p.is_inner, '"the old quarter of X", "small areas of X"'),
    (
        Relation.NEAR,
        None,
        lambda p: p.word in event_place_words().near or (p.word == "by" and p.anchor.pos_ == "NOUN"),
        '"around X"; behind a noun "by" is beside',
    ),
    (Relation.ELSEWHERE, None, _is_home, '"marines from X arrived"'),
    (Relation.FROM, None, lambda p: p.word == "from", '"withdrew from X"'),
    (Relation.TOWARD, None, lambda p: p.word in event_place_words().toward, '"advanced to X"'),
)
"""What a phrase makes of the place's relation and extent, when, and an example; the first that applies decides."""


def _join_prepositions(prep: Token, trigger: Collection[int]) -> tuple[str, Token]:
    """The word that two prepositions make, and what they hang on: "out of" is from, "from X to Y" to."""
    word, anchor = prep.lower_, prep.head
    if anchor.dep_ != "prep" or anchor.i in trigger or anchor.lower_ not in _DOUBLED:
        return word, anchor
    onward = anchor.lower_ == "from" and word in event_place_words().toward | {"into"}
    return word if onward else anchor.lower_.replace("out", "from"), anchor.head


_DOUBLED = frozenset({"from", "to", "out", "close", "next", "due"})


def _first_of_locating(prep: Token, anchor: Token, trigger: Collection[int]) -> Token:
    """Where the phrase begins that says where a place lies: "to the west of X and south of Y" is one phrase."""
    if anchor.lower_ == "including" or anchor.i > prep.i or anchor.i in trigger:
        return prep
    both = {anchor.lower_, anchor.head.lower_} <= place_words().directions
    return anchor.head if anchor.dep_ == "conj" and both else anchor


def _is_under_control(verb: Token, trigger: Collection[int]) -> bool:
    """ "two areas remained under control": the subject is what is held."""
    held = [verb.doc[i] for i in trigger if verb.doc[i].lemma_ == "control" and verb.doc[i].dep_ == "pobj"]
    return any(noun.head.lower_ == "under" for noun in held)


def _says_where(node: Token) -> bool:
    """ "X, located along the flank of Y": a participle that says where a place lies."""
    return node.dep_ == "acl" and node.lower_ in event_place_words().lying


def _is_excluded(node: Token) -> bool:
    """ "ten villages, but not X or Y": named as not meant."""
    return node.i > node.sent.start and node.nbor(-1).lower_ == "not"


def _called(noun: Token) -> int | None:
    """Where the name stands of "the village of X"; None without one."""
    return next((obj.i for obj in prepositional(noun, {"of"})), None)


# ---------------------------------------------------------------- what the event makes of its places


def _without_container(found: Sequence[PlaceArgument]) -> tuple[PlaceArgument, ...]:
    """The places without the region that holds those it names one by one ("in X, including on A and B")."""
    first = min((p.token.i for p in found if p.way.including), default=0)
    return tuple(p for p in found if p.token.i >= first or p.relation is not Relation.AT or not p.way.word)


_LOCATING = frozenset({"in", "inside", "within", "at", "on", "across", "over", "along"})


def _without_surroundings(found: Sequence[PlaceArgument], trigger: Trigger) -> tuple[PlaceArgument, ...]:
    """The places of a capture without those that only say where the places lie that were taken by name."""
    taken = any(p.relation is Relation.AT and not p.way.word for p in found)
    if trigger.type is not EventType.CAPTURE or not taken:
        return tuple(found)
    return tuple(p for p in found if p.relation is not Relation.AT or p.way.within or p.way.word not in _LOCATING)


@dataclass(frozen=True, slots=True)
class _Told:
    """A place with the event that it is a place of."""

    place: PlaceArgument
    trigger: Trigger
    factuality: Factuality

    def is_taken(self) -> bool:
        return self.trigger.type is EventType.CAPTURE and self.place.relation is Relation.AT

    def is_around(self) -> bool:
        """Whether an unnamed thing was taken in it ("two checkpoints in X")."""
        return self.is_taken() and bool(self.place.way.within) and not self.place.way.including

    def is_beside(self) -> bool:
        """ "captured a checkpoint at X", "captured positions in the X area"; "captured ground at X" is a part of X."""
        ground = any(token.lemma_.lower() in thing_words().ground for token in objects(self.trigger.token))
        return self.place.way.area or (self.place.way.within in {"at", "on"} and not ground)

    def is_partial(self) -> bool:
        on_something = self.trigger.object is Object.FLAG and self.place.way.word not in {"", "over", "above"}
        words = [self.trigger.token, *objects(self.trigger.token)]
        return on_something or any(has_word(token, event_place_words().partly) for token in words)

    def leads_to(self) -> bool:
        return self.place.relation is Relation.TOWARD

    def is_ahead(self) -> bool:
        planned = self.factuality is not Factuality.ACTUAL and self.trigger.object is not Object.ROAD
        return self.trigger.type is EventType.ADVANCE and planned and self.place.relation is Relation.AT


_SETTLING: tuple[tuple[Relation | None, Extent | None, Callable[[_Told], bool], str], ...] = (
    (Relation.NEAR, None, lambda t: t.is_around() and t.is_beside(), "a thing that is taken at a place is near it"),
    (None, Extent.PART, lambda t: t.is_around(), "what is taken inside a place is a part of it"),
    (
        None,
        Extent.PART,
        lambda t: t.is_taken() and t.is_partial(),
        '"partly captured", "took partial control of"; a flag raised on something in a place is not over all of it',
    ),
    (
        Relation.AT,
        None,
        lambda t: t.leads_to() and t.trigger.type is EventType.CLASH and t.place.way.by == "for",
        'a fight "for" a place is there',
    ),
    (Relation.NEAR, None, lambda t: t.leads_to() and t.trigger.object is Object.ROAD, 'a road "to" it is cut near it'),
    (Relation.TOWARD, None, lambda t: t.is_ahead(), "an advance that is not told as done has its place ahead"),
)
"""What an event makes of a place's relation and extent, when, and why; the first that applies decides."""


def _settle(place: PlaceArgument, trigger: Trigger, factuality: Factuality) -> PlaceArgument:
    """The place as the event makes it mean, beside its preposition."""
    told = _Told(place, trigger, factuality)
    for relation, extent, applies, _ in _SETTLING:
        if applies(told):
            return replace(place, relation=relation or place.relation, extent=extent or place.extent)
    return place
