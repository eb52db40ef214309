"""Where an event happened, and what a place's name only anchors: "a checkpoint near Halfaya" is not Halfaya."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Token

from hamakg.extract.narrative.events.triggers import Trigger
from hamakg.extract.narrative.names.gazetteer import PLACE, Mention
from hamakg.extract.narrative.parse.grammar import has_child, has_word, is_verb, objects, prepositional, with_conjuncts
from hamakg.extract.narrative.parse.lexicon import lexicon
from hamakg.model import EventType, Extent, Factuality, Ref
from hamakg.naming.place_kinds import kind_words

NEAR, FROM, TOWARD = "near", "from", "toward"
# Where somebody is from ("marines from X"), which is no place of the event.
ELSEWHERE = "elsewhere"
_INSIDE = frozenset({"in", "inside", "within", "at", "on"})


@dataclass(slots=True)
class Path:
    """What was seen on the way from a place's name up to the event.

    ``word`` is the first preposition, ``by`` the one that settled the relation, ``within`` the one between an unnamed
    thing that was taken and the place ("two checkpoints in X"); ``area``: "the X area".
    """

    relation: str | None = None
    extent: Extent | None = None
    thing: bool = False
    settled: bool = False
    word: str = ""
    locating: bool = False
    including: bool = False
    within: str = ""
    area: bool = False
    by: str = ""

    def settle(self, relation: str | None, word: str = "") -> None:
        """The preposition nearest to the name decides."""
        if not self.settled:
            self.relation, self.settled, self.by = relation, True, word


@dataclass(frozen=True, slots=True)
class PlaceArgument:
    """A place of an event; ``relation`` None: it happened there; else ``near``, ``from`` or ``toward``."""

    ref: Ref
    relation: str | None
    extent: Extent | None
    token: Token
    way: Path = field(default_factory=Path)


@dataclass(frozen=True, slots=True)
class PlaceReader:
    """Reads the places of one paragraph; ``described`` resolves "the town", "both villages", "it" at a token."""

    mentions: Mapping[int, Mention]
    described: Mapping[int, tuple[Ref, ...]] = field(default_factory=dict)

    def read(self, region: set[int], trigger: set[int], doc_tokens: list[Token]) -> tuple[PlaceArgument, ...]:
        """The places among the tokens of an event's ``region``, each by its way up to one of the ``trigger`` tokens."""
        found: dict[Ref, PlaceArgument] = {}
        for argument in self._arguments(region, trigger, doc_tokens):
            known = found.get(argument.ref)
            if known is None or (known.relation is not None and argument.relation is None):
                found[argument.ref] = argument
        return settle_places(tuple(found.values()))

    def _arguments(self, region: set[int], trigger: set[int], tokens: list[Token]) -> Iterator[PlaceArgument]:
        seen: set[int] = set()
        for token in tokens:
            if token.i not in region or token.i in seen:
                continue
            mention = self.mentions.get(token.i)
            if mention and mention.role == PLACE and mention.ref:
                seen |= set(range(mention.start, mention.end))
                root = token.doc[mention.start : mention.end].root
                refs: tuple[Ref, ...] = (mention.ref,)
            elif token.i in self.described:
                root, refs = token, self.described[token.i]
            else:
                continue
            path = self.climb(root, trigger)
            if path is not None and token.i > token.sent.start and token.nbor(-1).lower_ == "near":
                path.settle(NEAR)  # a preposition, whatever a parser makes of it at a sentence's start
            if path is not None and path.relation != ELSEWHERE:
                yield from (PlaceArgument(ref, path.relation, path.extent, token, path) for ref in refs)

    def climb(self, root: Token, trigger: set[int]) -> Path | None:
        """The way from a name to its event; None where the name only says where another named place lies."""
        path, node, listed = Path(), root, True
        for _ in range(25):
            if node.i in trigger:
                return path
            head = node.head
            if head == node or (not listed and self._names_place(node, root) and (path.settled or path.thing)):
                return None
            listed = self._is_listed(node, head)
            if listed and _excluded(node):
                return None
            if listed:
                node = head
                continue
            if (node.dep_ == "appos" or _says_where(node)) and self._names_place(head, node):
                return None
            node = self._step(path, node, head, trigger)
            if path.locating:
                return None
        return None

    def _is_listed(self, node: Token, head: Token) -> bool:
        """Whether the node is listed with its head ("A, B and parts of C"): what holds for the first holds for it."""
        if node.dep_ == "conj":
            return not is_verb(node)
        in_list = has_child(node, {"conj", "cc"}) or has_child(head, {"conj"})
        return node.dep_ == "appos" and in_list and self._is_place_name(head)

    def _is_thing_taken(self, anchor: Token, trigger: set[int]) -> bool:
        """Whether the word is what the event takes, and is no name ("two checkpoints", "their positions")."""
        if anchor.pos_ != "NOUN" or anchor.i in trigger or anchor.i in self.mentions or anchor.dep_ == "attr":
            return False
        while anchor.dep_ == "conj":
            anchor = anchor.head
        taken = {"dobj", "nsubjpass"} | ({"nsubj"} if _is_under_control(anchor.head, trigger) else set())
        return anchor.dep_ in taken and anchor.head.i in trigger

    def _takes_things(self, verb: Token, trigger: set[int]) -> bool:
        """Whether all that the event's verb takes is unnamed: "seized 15 checkpoints in X", read as "seized in X"."""
        taken = with_conjuncts([c for c in verb.children if c.dep_ in {"dobj", "nsubjpass"}])
        if not taken and verb.dep_ == "acl" and verb.tag_ == "VBN":
            taken = [verb.head]
        named = any(self._is_place_name(t) or _called(t) in self.mentions for t in taken)
        return verb.i in trigger and is_verb(verb) and bool(taken) and not named

    def _names_place(self, node: Token, root: Token) -> bool:
        mention = self.mentions.get(node.i)
        own = self.mentions.get(root.i)
        return mention is not None and mention.role == PLACE and (own is None or mention.start != own.start)

    def _step(self, path: Path, node: Token, head: Token, trigger: set[int]) -> Token:
        """Takes one step up, noting what the words on it say."""
        if node.dep_ == "pobj" or (node.dep_ == "pcomp" and head.dep_ in {"prep", "agent", "advmod", "prt", "dep"}):
            return self._preposition(path, head, trigger)
        if node.dep_ in {"compound", "nmod", "poss", "amod", "npadvmod"}:
            self._modified(path, node, head, trigger)
        elif node.dep_ == "dobj" and head.dep_ == "acl" and head.lower_ in lexicon().places["near"]:
            path.settle(NEAR)
        elif node.dep_ in {"relcl", "advcl"} and node.i not in trigger and not path.settled:
            path.thing = True
        return head

    def _is_place_name(self, node: Token) -> bool:
        return node.i in self.described or ((m := self.mentions.get(node.i)) is not None and m.role == PLACE)

    def _modified(self, path: Path, node: Token, head: Token, trigger: set[int]) -> None:
        """ "Qomhana's northern flank", "the Halfaya outskirts", "the city's airbase": beside the place itself."""
        mention = self.mentions.get(node.i)
        quarter = mention is not None and node.doc[mention.start].lower_ in lexicon().names["quarters"]
        entry = kind_words().get(head.lower_)
        label = entry.kind.label if entry is not None and head.i not in self.mentions else ""
        if label in lexicon().places["inner"] and not path.settled:
            path.within = path.within or "in"
        owned = node.dep_ == "poss" and label in lexicon().places["things"]
        if node.dep_ == "poss" and not path.settled and head.i not in trigger:
            path.extent = path.extent or Extent.PART
        if owned or (head.lemma_.lower() in lexicon().places["edge"] - {"flank"} and not quarter):
            path.settle(NEAR)
        path.area = path.area or head.lower_ in {"area", "region", "vicinity"}

    def _preposition(self, path: Path, prep: Token, trigger: set[int]) -> Token:
        word, anchor = prep.lower_, prep.head
        if (
            anchor.dep_ == "prep"
            and anchor.i not in trigger
            and anchor.lower_ in {"from", "to", "out", "close", "next", "due"}
        ):
            onward = anchor.lower_ == "from" and word in lexicon().places["toward"] | {"into"}
            word, anchor = (word if onward else anchor.lower_.replace("out", "from")), anchor.head
        if word == "to" and anchor.lower_ == "addition":
            # "A in addition to B": B stands beside A
            return anchor.head.head
        if prep.dep_ == "conj" and anchor.pos_ == "ADP":
            # "in and around X" is in X
            word, anchor = anchor.lower_, anchor.head
        path.word = path.word or word
        if word == "including" or anchor.lower_ == "including":
            path.including = True
        relation, extent = self._meaning(word, prep, anchor, trigger)
        path.extent = path.extent or extent
        inside = self._is_thing_taken(anchor, trigger) or self._takes_things(anchor, trigger)
        if word in _INSIDE and not path.settled and inside:
            path.within = word
        if relation == NEAR and not path.settled:
            path.locating = self._follows_place(self._first_of_locating(prep, anchor, trigger))
        if relation is not None or not (extent or (word == "of" and self._transparent(anchor, trigger))):
            path.settle(relation, word)
        if (
            anchor.i not in trigger
            and anchor.pos_ in {"NOUN", "PROPN"}
            and not self._transparent(anchor, trigger)
            and anchor.lower_ not in lexicon().places["directions"]
        ):
            path.thing = True
        return anchor

    def _first_of_locating(self, prep: Token, anchor: Token, trigger: set[int]) -> Token:
        """Where the phrase begins that says where a place lies: "to the west of X and south of Y" is one phrase."""
        if anchor.lower_ == "including" or anchor.i > prep.i or anchor.i in trigger:
            return prep
        both = lexicon().places["directions"]
        return anchor.head if anchor.dep_ == "conj" and {anchor.lower_, anchor.head.lower_} <= both else anchor

    def _transparent(self, anchor: Token, trigger: set[int]) -> bool:
        """ "the village of X", "the area of X", "the northern part of X": the anchor is the place itself."""
        word = anchor.lower_
        return (
            anchor.i in trigger
            or (word in kind_words() and anchor.lemma_.lower() not in lexicon().places["edge"])
            or word in lexicon().places["area"]
        )

    def _meaning(self, word: str, prep: Token, anchor: Token, trigger: set[int]) -> tuple[str | None, Extent | None]:
        lemma, text = anchor.lemma_.lower(), anchor.lower_
        outside = anchor.i not in trigger
        if (
            outside
            and word in {"of", "from", "to"}
            and (
                text in lexicon().places["directions"] | lexicon().places["units"] | {"close", "next", "adjacent"}
                or _after_unit(prep)
            )
        ):
            return NEAR, None
        if lemma == "direction" and word == "of":
            return TOWARD, None
        if lemma in lexicon().places["edge"] and outside and word in {"of", "to", "in", "at"}:
            return NEAR, None
        if word == "of" and outside and text in lexicon().names["titles"]:
            return ELSEWHERE, None
        if text == "side" and word == "of" and anchor.head.lower_ in {"on", "to"}:
            return NEAR, None
        if word == "of" and (text in lexicon().places["part"] or lemma in lexicon().places["part"]) and outside:
            return None, Extent.PART
        if word == "of" and outside and self._is_inner(anchor):
            return None, Extent.PART
        if word in lexicon().places["near"] or (word == "by" and anchor.pos_ == "NOUN"):
            return NEAR, None
        if word == "from" and outside and anchor.dep_ in {"nsubj", "nsubjpass", "conj"} and anchor.pos_ != "VERB":
            return ELSEWHERE, None
        return {"from": FROM}.get(word, TOWARD if word in lexicon().places["toward"] else None), None

    def _is_inner(self, anchor: Token) -> bool:
        """ "the X district of", "small areas of": a part that has a name or a measure of its own."""
        if anchor.lower_ not in lexicon().places["quarters"]:
            return False
        named = anchor.i in self.mentions or any(c.i in self.mentions or c.pos_ == "PROPN" for c in anchor.lefts)
        some = anchor.tag_ == "NNS" and not has_word(anchor, {"the", "all", "both"})
        return named or some

    def _follows_place(self, token: Token) -> bool:
        """Whether the phrase only says where the place before it lies ("X, 2 km south of Y")."""
        index = token.i - 1
        while index >= token.sent.start and (
            token.doc[index].lower_ in lexicon().places["fillers"]
            or (token.doc[index].pos_ in {"NUM", "ADJ"} and index not in self.mentions)
        ):
            index -= 1
        mention = self.mentions.get(index)
        return mention is not None and mention.role == PLACE


def _is_under_control(verb: Token, trigger: set[int]) -> bool:
    """ "two areas remained under control": the subject is what is held."""
    held = [verb.doc[i] for i in trigger if verb.doc[i].lemma_ == "control" and verb.doc[i].dep_ == "pobj"]
    return any(noun.head.lower_ == "under" for noun in held)


def _says_where(node: Token) -> bool:
    """ "X, located along the flank of Y": a participle that says where a place lies."""
    return node.dep_ == "acl" and node.lower_ in lexicon().places["lying"]


def _excluded(node: Token) -> bool:
    """ "ten villages, but not X or Y": named as not meant."""
    return node.i > node.sent.start and node.nbor(-1).lower_ == "not"


def _called(noun: Token) -> int | None:
    """Where the name stands of "the village of X"; None without one."""
    return next((obj.i for obj in prepositional(noun, {"of"})), None)


def _after_unit(prep: Token) -> bool:
    return prep.i > 0 and prep.doc[prep.i - 1].lower_ in lexicon().places["units"]


def settle_places(found: Sequence[PlaceArgument]) -> tuple[PlaceArgument, ...]:
    """The places of an event without the region that holds those it names one by one ("in X, including on A and B")."""
    first = min((p.token.i for p in found if p.way.including), default=None)
    if first is not None:
        return tuple(p for p in found if p.token.i >= first or p.relation is not None or not p.way.word)
    return tuple(found)


_LOCATING = frozenset({"in", "inside", "within", "at", "on", "across", "over", "along"})


def without_surroundings(found: Sequence[PlaceArgument], trigger: Trigger) -> tuple[PlaceArgument, ...]:
    """The places of a capture without those that only say where the places lie that were taken by name."""
    taken = [p for p in found if p.relation is None and not p.way.word]
    if trigger.type is not EventType.CAPTURE or not taken:
        return tuple(found)
    return tuple(p for p in found if p.relation is not None or p.way.within or p.way.word not in _LOCATING)


_GROUND = frozenset({"ground", "territory", "position", "area", "land"})


def settled(place: PlaceArgument, trigger: Trigger, factuality: Factuality) -> PlaceArgument:
    """What the event makes of a place beside its preposition.

    What is taken inside a place is a part of it, a thing at it is only near; a fight "for" a place is there; a road
    "to" a place is cut near it; and an advance that is not told as done has its place ahead.
    """
    relation, extent = place.relation, place.extent
    within = place.way.within and not place.way.including
    if trigger.type is EventType.CAPTURE and within and relation is None:
        at = place.way.within in {"at", "on"} and not _takes_ground(trigger)
        return replace(place, relation=NEAR) if at or place.way.area else replace(place, extent=Extent.PART)
    if trigger.type is EventType.CAPTURE and relation is None and _is_partial(trigger, place):
        extent = Extent.PART
    if trigger.type is EventType.CLASH and place.way.by == "for" and relation == TOWARD:
        relation = None
    if trigger.object == "road" and relation == TOWARD:
        relation = NEAR
    if trigger.type is EventType.ADVANCE and trigger.object != "road" and factuality is not Factuality.ACTUAL:
        relation = relation or TOWARD
    return replace(place, relation=relation, extent=extent)


def _is_partial(trigger: Trigger, place: PlaceArgument) -> bool:
    """ "partly captured", "took partial control of"; a flag raised on something in a place is not over all of it."""
    on_something = trigger.rule.endswith("flag") and place.way.word not in {"", "over", "above"}
    words = [trigger.token, *objects(trigger.token)]
    return on_something or any(has_word(t, lexicon().places["partly"]) for t in words)


def _takes_ground(trigger: Trigger) -> bool:
    return any(token.lemma_.lower() in _GROUND for token in objects(trigger.token))
