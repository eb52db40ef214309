"""Losses in a sentence: people killed, wounded, captured, missing or displaced, and equipment, with their numbers.

What became of people is said by a word of ``figures.toml``; who they are is found by how the word is used: its
object or passive subject, the noun before a participle, the phrase after "of", or the count beside it. Further people
in the same list, and people added later with no verb of their own ("as well as eight soldiers"), share its meaning.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Span, Token

from hamakg.extract.narrative.parse.grammar import has_child, has_word, is_verb
from hamakg.extract.narrative.parse.numbers import Quantity, read_quantities
from hamakg.extract.narrative.parse.words import Words, make_sets, read_table
from hamakg.model import CasualtyKind


@dataclass(frozen=True, slots=True)
class CasualtyMention:
    """A figure of people: ``trigger`` the token that says what became of them, ``begin:end`` the words of who they are.

    ``head`` is the token of the noun for them; where nobody is named ("40 deaths") it is None and the words are empty.
    ``quantity`` is the span of the number, ``sufferer`` who is said to have suffered it ("the Army suffered losses").
    """

    trigger: int
    kind: CasualtyKind
    minimum: int | None
    maximum: int | None
    victims: str
    begin: int
    end: int
    head: int | None
    quantity: tuple[int, int] | None = None
    sufferer: int | None = None


@dataclass(frozen=True, slots=True)
class EquipmentMention:
    """What was lost ("tanks") at the token ``head``, and how many."""

    head: int
    what: str
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class _Meanings:
    """What became of people, by the verbs, states and nouns that say so."""

    verbs: Mapping[str, CasualtyKind]
    loses: Mapping[str, CasualtyKind]
    happens: Mapping[str, CasualtyKind]
    states: Mapping[str, CasualtyKind]
    nouns: Mapping[str, CasualtyKind]


@dataclass(frozen=True, slots=True)
class _FigureWords:
    """The sets of the table ``words`` in ``figures.toml``."""

    others: Words
    suffer: Words
    heavy: Words
    said: Words
    persons: Words
    collectives: Words


@dataclass(frozen=True, slots=True)
class _Equipment:
    """The sets of the table ``equipment``: verbs that lose it, and what it is."""

    verbs: Words
    things: Words


@cache
def _meanings() -> _Meanings:
    table = read_table(__file__, "figures.toml")
    return _Meanings(
        **{
            name: {word: CasualtyKind(kind) for kind, words in table[name].items() for word in words}
            for name in ("verbs", "loses", "happens", "states", "nouns")
        }
    )


@cache
def _words() -> _FigureWords:
    return make_sets(_FigureWords, read_table(__file__, "figures.toml")["words"])


@cache
def _equipment_words() -> _Equipment:
    return make_sets(_Equipment, read_table(__file__, "figures.toml")["equipment"])


def read_casualties(sentence: Span) -> list[CasualtyMention]:
    """The figures of people in a sentence in their order; none for what did not happen ("was not killed")."""
    quantities = read_quantities(sentence)
    found: list[CasualtyMention] = []
    for read in (_by_verbs, _by_states, _by_nouns, _added):
        for mention in read(sentence, quantities, found):
            if not _told(mention, found):
                found.append(mention)
    return sorted(found, key=lambda mention: (mention.begin, mention.trigger))


def _told(mention: CasualtyMention, found: Sequence[CasualtyMention]) -> bool:
    """Whether these people have already been counted, at another word of the sentence or as the same."""
    return any(
        (mention.trigger != other.trigger or mention.kind is other.kind) and _same_people(mention, other)
        for other in found
    )


def _same_people(one: CasualtyMention, other: CasualtyMention) -> bool:
    if one.head is not None and one.head == other.head:
        return True
    return one.quantity is not None and one.quantity == other.quantity


Reading = Iterator[CasualtyMention]


def _by_verbs(sentence: Span, quantities: Sequence[Quantity], found: Sequence[CasualtyMention]) -> Reading:
    """ "Killed 20 soldiers", "20 soldiers were reported killed", "a doctor died", "lost 40 men"."""
    joined: set[int] = set()
    for token in sentence:
        if _verb_kind(token) is None or token.i in joined or _unreal(token):
            continue
        together = _together(token)
        joined.update(other.i for other in together)
        victims = next((people for verb in together if (people := _victims(verb, quantities))), [])
        people = [victim for victim in victims if _may_be(token, victim, quantities)]
        numbered = any(_quantity(victim, quantities) for victim in people[:1])
        for victim in people:
            if not numbered or _quantity(victim, quantities):
                yield from _for_each(together, victim, quantities)


def _verb_kind(token: Token) -> CasualtyKind | None:
    words = _meanings()
    if not token.tag_.startswith("VB") and token.lower_ not in {"killed", "wounded", "injured"}:
        return None
    if token.dep_ == "amod" and token.head.i > token.i:
        return None
    lemma = token.lemma_.lower()
    return words.verbs.get(lemma) or words.loses.get(lemma) or words.happens.get(lemma)


def _together(token: Token) -> list[Token]:
    """The verb and those that share its people: "killed and wounded", "killed, captured or wounded"."""
    doc, verbs, index = token.doc, [token], token.i + 1
    while index + 1 < len(doc) and doc[index].lower_ in {",", "and", "or", "/"} and _verb_kind(doc[index + 1]):
        verbs.append(doc[index + 1])
        index += 2
    ended = len(verbs) > 1 and doc[verbs[-1].i - 1].text == ","
    return [token] if ended else verbs


def _for_each(verbs: Sequence[Token], victim: Token, quantities: Sequence[Quantity]) -> Reading:
    """One figure for one verb and for killed and wounded together; of other kinds each has at most the number."""
    kinds = list(dict.fromkeys(kind for verb in verbs if (kind := _verb_kind(verb))))
    if set(kinds) == {CasualtyKind.KILLED, CasualtyKind.WOUNDED}:
        kinds = [CasualtyKind.KILLED_OR_WOUNDED]
    for kind in kinds:
        mention = _mention(verbs[0], kind, victim, quantities)
        if mention is not None:
            yield mention if len(kinds) == 1 else replace(mention, minimum=None)


def _may_be(verb: Token, victim: Token, quantities: Sequence[Quantity]) -> bool:
    """Whether a verb is said of people here: "lost" needs a number of people, "captured" people or a bare number."""
    quantity = _quantity(victim, quantities)
    noun = victim if quantity is None or quantity.head is None else victim.doc[quantity.head]
    bare = quantity is not None and quantity.head is None
    if verb.lemma_ in _meanings().loses:
        return (
            quantity is not None
            and _is_person(noun)
            and _verb_kind(noun.doc[min(noun.i + 1, len(noun.doc) - 1)]) is None
        )
    return verb.lemma_ not in _words().others or bare or _is_person_noun(noun)


def _unreal(token: Token) -> bool:
    """Whether it did not happen ("was not killed") or only might have ("could have killed thousands")."""
    return any(
        child.dep_ == "neg" or (child.dep_ == "aux" and child.lower_ in {"could", "would", "might"})
        for child in token.children
    )


def _victims(token: Token, quantities: Sequence[Quantity]) -> list[Token]:
    """The nouns (or bare numbers) for the people that a verb speaks of, those in the same list after them."""
    counted = [token] if any(quantity.head == token.i for quantity in quantities) else []
    heads = counted or _by_parse(token) or _beside(token, quantities)
    return [noun for head in heads for noun in (head, *_listed(head, token))]


def _by_parse(token: Token) -> list[Token]:
    if token.lemma_.lower() in _meanings().happens:
        return _subjects(token)
    if _is_passive(token):
        return _passive_people(token)
    return [child for child in token.children if child.dep_ == "dobj"]


def _is_passive(token: Token) -> bool:
    """A participle without "have" before it, or with "be"."""
    if token.tag_ not in {"VBN", "VBD", "JJ"} or has_child(token, {"dobj"}):
        return False
    children = {child.dep_: child for child in token.children}
    return "auxpass" in children or "nsubjpass" in children or (token.tag_ != "VBD" and "aux" not in children)


def _passive_people(token: Token) -> list[Token]:
    own = [child for child in token.children if child.dep_ in {"nsubjpass", "nsubj"}]
    if own:
        return own
    head = token.head
    if token.dep_ in {"acl", "relcl"} and head.pos_ in {"NOUN", "PROPN", "NUM", "PRON"}:
        return [head]
    if token.dep_ in {"xcomp", "oprd", "ccomp", "acomp", "dep", "conj", "advcl"} and head.lemma_ in _words().said:
        passive = [child for child in head.children if child.dep_ == "nsubjpass"]
        return passive or (
            _subjects(head)
            if head.lemma_ in {"be", "go"}
            else [child for child in head.children if child.dep_ == "dobj"]
        )
    if token.dep_ == "conj" and _verb_kind(head) is not None and _adjacent(head, token):
        return _passive_people(head)
    return []


def _adjacent(one: Token, other: Token) -> bool:
    """ "killed and severely wounded"."""
    return other.i - one.i <= _REACH


_REACH = 3


def _subjects(token: Token) -> list[Token]:
    own = [child for child in token.children if child.dep_ in {"nsubj", "nsubjpass"}]
    if not own and token.dep_ in {"xcomp", "conj"} and is_verb(token.head):
        own = [child for child in token.head.children if child.dep_ in {"nsubj", "nsubjpass"}]
    if own and own[0].lower_ in {"who", "which", "that"} and token.dep_ == "relcl":
        return [token.head]
    return own


def _beside(token: Token, quantities: Sequence[Quantity]) -> list[Token]:
    """The count next to the verb, where the parse says nothing: "killing up to 30 of them", "12 others injured"."""
    doc = token.doc
    if token.tag_ in {"VBG", "VB", "VBD"} or any(
        child.dep_ == "aux" and child.lemma_ == "have" for child in token.children
    ):
        after = [q for q in quantities if token.i < q.begin <= token.i + 2]
        if after:
            return [doc[after[0].end - 1 if after[0].head is None else after[0].head]]
    before = [
        q
        for q in quantities
        if q.end <= token.i and not _parted(doc[q.end if q.head is None else q.head + 1 : token.i])
    ]
    last = before[-1] if before else None
    if last is None or (last.head is not None and not _is_person(doc[last.head])):
        return []
    return [doc[last.end - 1 if last.head is None else last.head]]


def _parted(words: Span) -> bool:
    """Whether something stands between people and what became of them: another verb or a stop."""
    said = _words().said
    return any(
        t.text in {",", ";", ":", "(", ")"}
        or (t.pos_ == "VERB" and t.lemma_ not in said)
        or t.lower_ in {"and", "but", "while"}
        for t in words
    )


def _listed(head: Token, token: Token) -> list[Token]:
    """The further nouns of the list that a noun opens; before a verb only those that stand before it."""
    return [
        noun
        for noun in head.conjuncts
        if noun.i > head.i and noun.pos_ in {"NOUN", "PROPN", "NUM", "PRON"} and (head.i > token.i or noun.i < token.i)
    ]


def _by_states(sentence: Span, quantities: Sequence[Quantity], found: Sequence[CasualtyMention]) -> Reading:
    """ "26 people dead", "three wounded", "12 missing", "20 soldiers were taken prisoner"."""
    states = _meanings().states
    for token in sentence:
        kind = states.get(token.lower_) or states.get(token.lemma_.lower())
        if kind is None or (token.dep_ == "amod" and token.head.i > token.i):
            continue
        people = (
            [token]
            if _counts(token, quantities)
            else _people_of_state(token) or [p for p in _beside(token, quantities) if p != token]
        )
        for person in people:
            for victim in (person, *_listed(person, token)):
                mention = _mention(token, kind, victim, quantities)
                if mention is not None and (mention.quantity or victim.i != token.i):
                    yield mention


CAPTIVES = frozenset({"prisoner", "captive", "pow"})


def _counts(token: Token, quantities: Sequence[Quantity]) -> bool:
    """Whether a number, not a mere article, counts the noun, and not part of a whole ("many of the dead")."""
    if token.doc[token.i - 1].lower_ == "the" or (
        token.lemma_.lower() in CAPTIVES and token.head.lemma_ not in {"take", "capture"}
    ):
        return False
    return any(q.head == token.i and token.doc[q.begin].lower_ not in {"a", "an"} for q in quantities)


def _people_of_state(token: Token) -> list[Token]:
    """Whom "dead", "missing" or "prisoner" is said of: the verb's object, else its subject, where they are people."""
    told = token.dep_ in {"oprd", "acomp", "xcomp", "ccomp", "attr", "dobj"}
    if not told or token.head.lemma_ not in _words().said | {"take"}:
        return []
    own = [child for child in token.children if child.dep_ in {"nsubj", "nsubjpass"}]
    objects = [child for child in token.head.children if child.dep_ == "dobj" and child != token]
    subjects = [
        child
        for child in token.head.children
        if child.dep_ == "nsubjpass" or (child.dep_ == "nsubj" and token.dep_ == "acomp")
    ]
    return [person for person in own or objects or subjects if _is_person(person) or person.like_num]


def _by_nouns(sentence: Span, quantities: Sequence[Quantity], found: Sequence[CasualtyMention]) -> Reading:
    """ "Over 40 deaths", "the death of 12 soldiers", "the bodies of 24 civilians", "suffered heavy casualties"."""
    for token in sentence:
        kind = _meanings().nouns.get(token.lemma_.lower()) if token.pos_ in {"NOUN", "PROPN"} else None
        if kind is None:
            continue
        people = [
            noun
            for of in token.children
            if of.lower_ == "of"
            for child in of.children
            for noun in (child, *_listed(child, of))
        ]
        of_whom = [m for person in people if (m := _mention(token, kind, person, quantities)) is not None]
        if any(m.quantity and (m.minimum, m.maximum) != (1, 1) for m in of_whom) or (
            of_whom and token.lemma_ == "death"
        ):
            yield from of_whom
        elif _counts(token, quantities):
            yield from (m for m in [_mention(token, kind, token, quantities)] if m is not None)
        elif _suffered(token):
            yield CasualtyMention(token.i, kind, None, None, "", token.i, token.i, None, sufferer=_sufferer(token))


def _suffered(token: Token) -> bool:
    """Whether a bare "casualties" or "losses" is told of somebody ("suffered heavy losses")."""
    if token.lemma_ not in {"casualty", "loss"} or token.head.lemma_ not in _words().suffer:
        return False
    return token.lemma_ == "casualty" or has_word(token, _words().heavy)


def _sufferer(token: Token) -> int | None:
    verb = token.head
    if verb.lemma_ in {"inflict", "cause"}:
        return None
    while verb.dep_ in {"pcomp", "prep", "advcl", "conj", "xcomp", "acl"} and not _subjects(verb):
        verb = verb.head
    subjects = _subjects(verb) if is_verb(verb) and verb.lemma_ not in {"inflict", "cause"} else []
    return subjects[0].i if subjects else None


ADDERS = ("as well as", "along with", "in addition to", "together with", "and", "plus")


def _added(sentence: Span, quantities: Sequence[Quantity], found: Sequence[CasualtyMention]) -> Reading:
    """People added with no verb of their own: "…, as well as eight soldiers", "and at least 16 in the base"."""
    doc = sentence.doc
    for quantity in quantities:
        told = [m for m in found if m.trigger < quantity.begin and m.quantity]
        nearest = max((q.end for q in quantities if q.end <= quantity.begin), default=0)
        before = doc[max(sentence.start, quantity.begin - 3) : quantity.begin].text.lower()
        if not before.endswith(ADDERS) or not any(m.quantity and m.quantity[1] == nearest for m in told):
            continue
        last = max(told, key=lambda m: m.trigger)
        listed = quantity.begin - last.end == 1
        if not listed and any(is_verb(t) for t in doc[quantity.begin : _stop(quantity, sentence)]):
            continue
        head = None if quantity.head is None else doc[quantity.head]
        if _is_person(head) if head is not None else doc[quantity.end].dep_ == "prep":
            mention = _mention(
                doc[last.trigger], last.kind, doc[quantity.end - 1] if head is None else head, quantities
            )
            yield from (m for m in [mention] if m is not None)


def _stop(quantity: Quantity, sentence: Span) -> int:
    """The end of the phrase that a quantity opens: the next comma, semicolon or end of the sentence."""
    return next((t.i for t in sentence.doc[quantity.end : sentence.end] if t.text in {",", ";", "."}), sentence.end)


# ---------------------------------------------------------------- people


def _mention(
    trigger: Token, kind: CasualtyKind, victim: Token, quantities: Sequence[Quantity]
) -> CasualtyMention | None:
    quantity = _quantity(victim, quantities)
    if quantity is None:
        number = _unnumbered(victim)
        if number is None:
            return None
        begin = next(
            (t.i for t in victim.doc[victim.left_edge.i : victim.i + 1] if t.pos_ not in {"DET", "PUNCT", "ADP"}),
            victim.i,
        )
        return CasualtyMention(
            trigger.i, kind, *number, victim.doc[begin : victim.i + 1].text, begin, victim.i + 1, victim.i
        )
    head = quantity.head
    begin, end = _phrase(trigger, quantity)
    named = None if head == trigger.i else head
    text = trigger.doc[begin:end].text
    return CasualtyMention(
        trigger.i, kind, quantity.minimum, quantity.maximum, text, begin, end, named, (quantity.begin, quantity.end)
    )


def _quantity(victim: Token, quantities: Sequence[Quantity]) -> Quantity | None:
    """The number of a noun: it counts it, or stands among the words before it ("four T-80 and T-72 tanks")."""
    own = next((q for q in quantities if q.head == victim.i or q.begin <= victim.i < q.end), None)
    return own or next(
        (replace(q, head=victim.i) for q in quantities if victim.left_edge.i <= q.begin and q.end <= victim.i), None
    )


def _phrase(trigger: Token, quantity: Quantity) -> tuple[int, int]:
    """The words for the people after their number; without the trigger ("152 civilian dead": "civilian")."""
    begin = quantity.end
    end = quantity.end if quantity.head is None else quantity.head + (quantity.head != trigger.i)
    while begin < end and trigger.doc[begin].lower_ in {"of", "the", "its", "their", "his", "these", "those"}:
        begin += 1
    return begin, max(begin, end)


ONE = frozenset(["he", "him", "himself", "she", "her", "herself"])


def _unnumbered(victim: Token) -> tuple[int | None, int | None] | None:
    """How many people a phrase without a number means: one person, an unknown number, or (None) no people at all."""
    lemma = victim.lemma_.lower()
    if victim.lower_ in {"nobody", "none", "who", "which", "that", "it", "this"}:
        return None
    if victim.lower_ in ONE or victim.ent_type_ == "PERSON" or (lemma in _words().persons and victim.tag_ == "NN"):
        return 1, 1
    if victim.tag_ == "NNP" and not victim.ent_type_:
        return 1, 1
    if lemma in _words().persons | _words().collectives or victim.tag_ == "NNPS":
        return None, None
    return None


def _is_person(token: Token) -> bool:
    return _is_person_noun(token) or token.ent_type_ == "PERSON"


def _is_person_noun(token: Token) -> bool:
    return bool({token.lemma_.lower(), token.lower_} & _words().persons)


# ---------------------------------------------------------------- equipment


def read_equipment(sentence: Span) -> list[EquipmentMention]:
    """Things that a sentence says were destroyed, damaged or taken, in their order, with their number."""
    quantities = read_quantities(sentence)
    lost = [thing for verb in sentence if verb.lemma_.lower() in _equipment_words().verbs for thing in _things(verb)]
    return [_equipment(thing, quantities) for thing in sorted(set(lost), key=lambda thing: thing.i)]


def _things(verb: Token) -> list[Token]:
    heads = _passive_people(verb) if _is_passive(verb) else [child for child in verb.children if child.dep_ == "dobj"]
    nouns = [noun for head in heads for noun in (head, *_listed(head, verb))]
    return [noun for noun in nouns if _is_thing(noun)]


def _is_thing(noun: Token) -> bool:
    things, doc = _equipment_words().things, noun.doc
    pair = f"{doc[noun.i - 1].lower_} {noun.lemma_.lower()}" if noun.i else ""
    model = any(c.isdigit() for c in noun.text) and noun.text[0].isupper()
    return noun.lemma_.lower() in things or pair in things or model


def _equipment(noun: Token, quantities: Sequence[Quantity]) -> EquipmentMention:
    quantity = _quantity(noun, quantities)
    begin = noun.left_edge.i if quantity is None else quantity.end
    words = [t for t in noun.doc[begin : noun.i + 1] if t.pos_ not in {"DET"}]
    what = noun.doc[words[0].i : noun.i + 1].text
    if quantity is not None:
        return EquipmentMention(noun.i, what, quantity.minimum, quantity.maximum)
    single = noun.tag_ in {"NN", "NNP"}
    return EquipmentMention(noun.i, what, 1 if single else None, 1 if single else None)
