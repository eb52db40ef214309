"""Figures of people in a sentence: killed, wounded, captured, missing or displaced, with their numbers.

What became of people is said by a word of ``casualties.toml``; who they are is found by how the word is used: its
object or passive subject, the noun before a participle, the phrase after "of", or the count beside it. Further people
in the same list, and people added later with no verb of their own ("as well as eight soldiers"), share its meaning.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Span, Token

from hamakg.extract.narrative.parse.grammar import children, has_child, has_word, is_verb, prepositional
from hamakg.extract.narrative.parse.numbers import Quantity, count_of, read_quantities
from hamakg.extract.narrative.parse.words import Words, read_table, set_reader
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


Mentions = Iterator[CasualtyMention]
Kinds = Mapping[str, CasualtyKind]


@dataclass(frozen=True, slots=True)
class _Meanings:
    """What became of people, by the verbs, states and nouns that say so."""

    verbs: Kinds
    loses: Kinds
    happens: Kinds
    states: Kinds
    nouns: Kinds


@dataclass(frozen=True, slots=True)
class _Words:
    """The sets of the table ``words`` in ``casualties.toml``."""

    others: Words
    suffer: Words
    causing: Words
    heavy: Words
    said: Words
    persons: Words
    collectives: Words
    captives: Words
    one: Words
    nobody: Words
    possessive: Words


@cache
def _meanings() -> _Meanings:
    table = read_table(__file__, "casualties.toml")
    return _Meanings(
        **{
            name: {word: CasualtyKind(kind) for kind, words in table[name].items() for word in words}
            for name in ("verbs", "loses", "happens", "states", "nouns")
        }
    )


_words = set_reader(_Words, __file__, "casualties.toml", "words")


def read_casualties(sentence: Span) -> list[CasualtyMention]:
    """The figures of people in a sentence in their order; none for what did not happen ("was not killed")."""
    reader = _Reader(sentence, read_quantities(sentence))
    found: list[CasualtyMention] = []
    for read in (reader.by_verbs, reader.by_states, reader.by_nouns, lambda: reader.added(found)):
        for mention in read():
            if not _is_told(mention, found):
                found.append(mention)
    return sorted(found, key=lambda mention: (mention.begin, mention.trigger))


def _is_told(mention: CasualtyMention, found: Sequence[CasualtyMention]) -> bool:
    """Whether these people have already been counted, at another word of the sentence or as the same."""
    return any(
        (mention.trigger != other.trigger or mention.kind is other.kind) and _are_same_people(mention, other)
        for other in found
    )


def _are_same_people(one: CasualtyMention, other: CasualtyMention) -> bool:
    same = one.head is not None and one.head == other.head
    return same or (one.quantity is not None and one.quantity == other.quantity)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one sentence, in which these quantities stand."""

    sentence: Span
    quantities: Sequence[Quantity]

    # ---------------------------------------------------------------- by verbs

    def by_verbs(self) -> Mentions:
        """ "Killed 20 soldiers", "20 soldiers were reported killed", "a doctor died", "lost 40 men"."""
        joined: set[int] = set()
        for token in self.sentence:
            if _verb_kind(token) is not None and token.i not in joined and not _is_unreal(token):
                together = _together(token)
                joined.update(other.i for other in together)
                victims = next((people for verb in together if (people := self._victims(verb))), [])
                people = [victim for victim in victims if self._may_be(token, victim)]
                numbered = bool(people) and self._count_of(people[0]) is not None
                for victim in people:
                    if not numbered or self._count_of(victim):
                        yield from self._mention_each(together, victim)

    def _victims(self, verb: Token) -> list[Token]:
        """The nouns (or bare numbers) for the people that a verb speaks of, those in the same list after them."""
        counted = [verb] if any(quantity.head == verb.i for quantity in self.quantities) else []
        return with_listed(counted or _people_of_verb(verb) or self._people_beside(verb), verb)

    def _may_be(self, verb: Token, victim: Token) -> bool:
        """Whether a verb is said of people here: "lost" needs a number of them, "captured" people or a bare number."""
        quantity = self._count_of(victim)
        noun = victim if quantity is None or quantity.head is None else victim.doc[quantity.head]
        if verb.lemma_ in _meanings().loses:
            following = noun.doc[min(noun.i + 1, len(noun.doc) - 1)]
            return quantity is not None and _is_person(noun) and _verb_kind(following) is None
        bare = quantity is not None and quantity.head is None
        return verb.lemma_ not in _words().others or bare or _is_person_noun(noun)

    def _mention_each(self, verbs: Sequence[Token], victim: Token) -> Mentions:
        """One figure for one verb and for killed and wounded together; of other kinds each has at most the number."""
        kinds = list(dict.fromkeys(kind for verb in verbs if (kind := _verb_kind(verb))))
        if set(kinds) == {CasualtyKind.KILLED, CasualtyKind.WOUNDED}:
            kinds = [CasualtyKind.KILLED_OR_WOUNDED]
        for kind in kinds:
            for mention in self._mention(verbs[0], kind, victim):
                yield mention if len(kinds) == 1 else replace(mention, minimum=None)

    def _people_beside(self, word: Token) -> list[Token]:
        """The count next to a word, where the parse says nothing: "killing up to 30 of them", "12 others injured"."""
        doc = word.doc
        active = word.tag_ in {"VBG", "VB", "VBD"} or any(c.lemma_ == "have" for c in children(word, {"aux"}))
        if active and (after := [q for q in self.quantities if word.i < q.begin <= word.i + 2]):
            return [_person_of(after[0], word)]
        before = [q for q in self.quantities if q.end <= word.i and not _are_parted(doc[_end_of(q) : word.i])]
        if not before or (before[-1].head is not None and not _is_person(doc[before[-1].head])):
            return []
        return [_person_of(before[-1], word)]

    # ---------------------------------------------------------------- by states and nouns

    def by_states(self) -> Mentions:
        """ "26 people dead", "three wounded", "12 missing", "20 soldiers were taken prisoner"."""
        states = _meanings().states
        for token in self.sentence:
            kind = states.get(token.lower_) or states.get(token.lemma_.lower())
            if kind is not None and not _is_before_noun(token):
                beside = [token] if self._is_counted(token) else _people_of_state(token)
                people = beside or [person for person in self._people_beside(token) if person != token]
                for victim in with_listed(people, token):
                    mentions = self._mention(token, kind, victim)
                    yield from (mention for mention in mentions if mention.quantity or victim.i != token.i)

    def by_nouns(self) -> Mentions:
        """ "Over 40 deaths", "the death of 12 soldiers", "the bodies of 24 civilians", "suffered heavy casualties"."""
        for token in self.sentence:
            kind = _meanings().nouns.get(token.lemma_.lower()) if token.pos_ in {"NOUN", "PROPN"} else None
            if kind is not None:
                people = with_listed(prepositional(token, {"of"}), token)
                of_whom = [mention for person in people for mention in self._mention(token, kind, person)]
                several = any(m.quantity and (m.minimum, m.maximum) != (1, 1) for m in of_whom)
                if several or (of_whom and token.lemma_ == "death"):
                    yield from of_whom
                elif self._is_counted(token):
                    yield from self._mention(token, kind, token)
                elif _is_suffered(token):
                    sufferer = _find_sufferer(token)
                    yield CasualtyMention(token.i, kind, None, None, "", token.i, token.i, None, sufferer=sufferer)

    def _is_counted(self, noun: Token) -> bool:
        """Whether a number, not a mere article, counts the noun, and not part of a whole ("many of the dead")."""
        held = noun.lemma_.lower() in _words().captives and noun.head.lemma_ not in {"take", "capture"}
        if held or noun.doc[noun.i - 1].lower_ == "the":
            return False
        return any(q.head == noun.i and noun.doc[q.begin].lower_ not in {"a", "an"} for q in self.quantities)

    # ---------------------------------------------------------------- people added without a verb

    def added(self, found: Sequence[CasualtyMention]) -> Mentions:
        """People added with no verb of their own: "…, as well as eight soldiers", "and at least 16 in the base"."""
        doc = self.sentence.doc
        for quantity in self.quantities:
            told = [m for m in found if m.trigger < quantity.begin and m.quantity]
            nearest = max((q.end for q in self.quantities if q.end <= quantity.begin), default=0)
            before = doc[max(self.sentence.start, quantity.begin - _LONGEST_ADDER) : quantity.begin].text.lower()
            if before.endswith(_ADDERS) and any(m.quantity and m.quantity[1] == nearest for m in told):
                last = max(told, key=lambda m: m.trigger)
                listed = quantity.begin - last.end == 1
                person = _person_of(quantity, self.sentence[0])
                people = _is_person(person) if quantity.head is not None else doc[quantity.end].dep_ == "prep"
                if people and (listed or not any(map(is_verb, self._phrase_from(quantity)))):
                    yield from self._mention(doc[last.trigger], last.kind, person)

    def _phrase_from(self, quantity: Quantity) -> Iterable[Token]:
        """The phrase that a quantity opens, up to the next comma, semicolon or end of the sentence."""
        doc, end = self.sentence.doc, self.sentence.end
        return doc[quantity.begin : next((t.i for t in doc[quantity.end : end] if t.text in {",", ";", "."}), end)]

    # ---------------------------------------------------------------- the people

    def _mention(self, trigger: Token, kind: CasualtyKind, victim: Token) -> list[CasualtyMention]:
        """The figure that a noun for people, or their number, makes; none where it means no people."""
        quantity = self._count_of(victim)
        if quantity is None:
            number = _count_unnumbered(victim)
            words = victim.doc[victim.left_edge.i : victim.i + 1]
            begin = next((t.i for t in words if t.pos_ not in {"DET", "PUNCT", "ADP"}), victim.i)
            text, end = victim.doc[begin : victim.i + 1].text, victim.i + 1
            return [] if number is None else [CasualtyMention(trigger.i, kind, *number, text, begin, end, victim.i)]
        begin, end = _phrase_after(trigger, quantity)
        head = None if quantity.head == trigger.i else quantity.head
        bounds, text = (quantity.minimum, quantity.maximum), trigger.doc[begin:end].text
        return [CasualtyMention(trigger.i, kind, *bounds, text, begin, end, head, (quantity.begin, quantity.end))]

    def _count_of(self, noun: Token) -> Quantity | None:
        return count_of(noun, self.quantities)


_ADDERS = ("as well as", "along with", "in addition to", "together with", "and", "plus")
_LONGEST_ADDER = 3


def _person_of(quantity: Quantity, token: Token) -> Token:
    """The noun that a quantity counts, else its last word; in the document of the token."""
    return token.doc[quantity.end - 1 if quantity.head is None else quantity.head]


def _end_of(quantity: Quantity) -> int:
    return quantity.end if quantity.head is None else quantity.head + 1


def _phrase_after(trigger: Token, quantity: Quantity) -> tuple[int, int]:
    """The words for the people after their number; without the trigger ("152 civilian dead": "civilian")."""
    begin = quantity.end
    end = quantity.end if quantity.head is None else quantity.head + (quantity.head != trigger.i)
    while begin < end and trigger.doc[begin].lower_ in _words().possessive:
        begin += 1
    return begin, max(begin, end)


def _count_unnumbered(victim: Token) -> tuple[int | None, int | None] | None:
    """How many people a phrase without a number means: one person, an unknown number, or (None) no people at all."""
    words, lemma = _words(), victim.lemma_.lower()
    if victim.lower_ in words.nobody:
        return None
    called = victim.lower_ in words.one or (lemma in words.persons and victim.tag_ == "NN")
    if called or victim.ent_type_ == "PERSON" or (victim.tag_ == "NNP" and not victim.ent_type_):
        return 1, 1
    return (None, None) if lemma in words.persons | words.collectives or victim.tag_ == "NNPS" else None


def _is_person(token: Token) -> bool:
    return _is_person_noun(token) or token.ent_type_ == "PERSON"


def _is_person_noun(token: Token) -> bool:
    return bool({token.lemma_.lower(), token.lower_} & _words().persons)


# ---------------------------------------------------------------- grammar

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_NOUNS = frozenset({"NOUN", "PROPN", "NUM", "PRON"})


def _verb_kind(token: Token) -> CasualtyKind | None:
    words, lemma = _meanings(), token.lemma_.lower()
    if (not token.tag_.startswith("VB") and token.lower_ not in {"killed", "wounded", "injured"}) or _is_before_noun(
        token
    ):
        return None
    return words.verbs.get(lemma) or words.loses.get(lemma) or words.happens.get(lemma)


def _is_before_noun(token: Token) -> bool:
    """ "the wounded soldiers": an adjective."""
    return token.dep_ == "amod" and token.head.i > token.i


def _together(token: Token) -> list[Token]:
    """The verb and those that share its people: "killed and wounded", "killed, captured or wounded"."""
    doc, verbs, index = token.doc, [token], token.i + 1
    while index + 1 < len(doc) and doc[index].lower_ in {",", "and", "or", "/"} and _verb_kind(doc[index + 1]):
        verbs.append(doc[index + 1])
        index += 2
    ended = len(verbs) > 1 and doc[verbs[-1].i - 1].text == ","
    return [token] if ended else verbs


def _is_unreal(token: Token) -> bool:
    """Whether it did not happen ("was not killed") or only might have ("could have killed thousands")."""
    modal = any(c.lower_ in {"could", "would", "might"} for c in children(token, {"aux"}))
    return modal or has_child(token, {"neg"})


def with_listed(heads: Iterable[Token], word: Token) -> list[Token]:
    """Nouns with the further ones of the lists that they open; before a word only those that stand before it."""
    return [noun for head in heads for noun in (head, *_listed(head, word))]


def _listed(head: Token, word: Token) -> list[Token]:
    further = [noun for noun in head.conjuncts if noun.i > head.i and noun.pos_ in _NOUNS]
    return [noun for noun in further if head.i > word.i or noun.i < word.i]


def find_patients(verb: Token) -> list[Token]:
    """Who or what is killed or lost: the object of an active verb, whom a participle is said of."""
    return _passive_people(verb) if _is_passive(verb) else children(verb, {"dobj"})


def _people_of_verb(verb: Token) -> list[Token]:
    return _subjects(verb) if verb.lemma_.lower() in _meanings().happens else find_patients(verb)


def _is_passive(token: Token) -> bool:
    """A participle without "have" before it, or with "be"."""
    if token.tag_ not in {"VBN", "VBD", "JJ"} or has_child(token, {"dobj"}):
        return False
    return has_child(token, {"auxpass", "nsubjpass"}) or (token.tag_ != "VBD" and not has_child(token, {"aux"}))


_SAID_OF = frozenset({"xcomp", "oprd", "ccomp", "acomp", "dep", "conj", "advcl"})


def _passive_people(token: Token) -> list[Token]:
    """Whom a participle is said of: "12 were killed", "12 people killed", "they reported 12 killed"."""
    own, head = children(token, _SUBJECTS), token.head
    if own:
        return own
    if token.dep_ in {"acl", "relcl"} and head.pos_ in _NOUNS:
        return [head]
    if token.dep_ in _SAID_OF and head.lemma_ in _words().said:
        active = _subjects(head) if head.lemma_ in {"be", "go"} else children(head, {"dobj"})
        return children(head, {"nsubjpass"}) or active
    joined = token.dep_ == "conj" and _verb_kind(head) is not None and token.i - head.i <= _REACH
    return _passive_people(head) if joined else []


_REACH = 3  # "killed and severely wounded"


def _subjects(token: Token) -> list[Token]:
    own = children(token, _SUBJECTS)
    if not own and token.dep_ in {"xcomp", "conj"} and is_verb(token.head):
        own = children(token.head, _SUBJECTS)
    relative = bool(own) and own[0].lower_ in {"who", "which", "that"} and token.dep_ == "relcl"
    return [token.head] if relative else own


def _people_of_state(token: Token) -> list[Token]:
    """Whom "dead", "missing" or "prisoner" is said of: the verb's object, else its subject, where they are people."""
    told = token.dep_ in {"oprd", "acomp", "xcomp", "ccomp", "attr", "dobj"}
    if not told or token.head.lemma_ not in _words().said | {"take"}:
        return []
    objects = [child for child in children(token.head, {"dobj"}) if child != token]
    subjects = children(token.head, _SUBJECTS if token.dep_ == "acomp" else {"nsubjpass"})
    people = children(token, _SUBJECTS) or objects or subjects
    return [person for person in people if _is_person(person) or person.like_num]


def _are_parted(words: Span) -> bool:
    """Whether something stands between people and what became of them: another verb or a stop."""
    verb = any(t.pos_ == "VERB" and t.lemma_ not in _words().said for t in words)
    return verb or any(t.lower_ in {",", ";", ":", "(", ")", "and", "but", "while"} for t in words)


def _is_suffered(token: Token) -> bool:
    """Whether a bare "casualties" or "losses" is told of somebody ("suffered heavy losses")."""
    if token.lemma_ not in {"casualty", "loss"} or token.head.lemma_ not in _words().suffer:
        return False
    return token.lemma_ == "casualty" or has_word(token, _words().heavy)


def _find_sufferer(token: Token) -> int | None:
    verb, causing = token.head, _words().causing
    if verb.lemma_ in causing:
        return None
    while verb.dep_ in {"pcomp", "prep", "advcl", "conj", "xcomp", "acl"} and not _subjects(verb):
        verb = verb.head
    subjects = _subjects(verb) if is_verb(verb) and verb.lemma_ not in causing else []
    return subjects[0].i if subjects else None
