"""Event nouns: the word that tells, the verb that carries it, and whether it tells an event or only mentions one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from hamakg.extract.narrative.events.words import NounRule, Telling, noun_words, thing_words, triggers
from hamakg.extract.narrative.names.words import party_words
from hamakg.extract.narrative.parse.grammar import below, has_child, has_word, is_verb, objects, prepositional, subjects
from hamakg.model import EventType

_NOMINAL = frozenset({"dobj", "nsubj", "nsubjpass", "pobj", "attr", "conj", "ROOT"})


def is_nominal(token: Token) -> bool:
    """A noun, or a word that the tagger took for an adjective ("a new offensive") or a verb ("Russian airstrikes")."""
    if token.pos_ in {"NOUN", "PROPN"} or (token.pos_ == "ADJ" and token.dep_ in _NOMINAL):
        return True
    described = has_child(token, {"amod", "det", "compound", "nummod"})
    return _is_gerund(token) or (token.tag_ == "VBZ" and token.dep_ in _NOMINAL - {"ROOT", "conj"} and described)


def _is_gerund(token: Token) -> bool:
    """ "by Russian shelling": a noun that the tagger took for a verb."""
    described = any(c.dep_ in {"amod", "det", "compound", "poss"} and c.i < token.i for c in token.children)
    nominal = token.dep_ in {"pcomp", "pobj", "nsubj", "nsubjpass", "dobj"}
    return token.tag_ == "VBG" and token.lower_ in triggers().nouns and nominal and described


def find_noun(token: Token) -> tuple[str, NounRule] | None:
    """The longest event noun that ends at the token, with its row: "suicide car bomb", "air-strikes"."""
    nouns, lemma = triggers().nouns, token.lower_ if _is_gerund(token) else token.lemma_.lower()
    best = (lemma, nouns[lemma]) if lemma in nouns else None
    words: list[str] = []
    for index in range(token.i - 1, max(token.i - 6, token.sent.start) - 1, -1):
        word = token.doc[index]
        if not (word.is_alpha or word.text == "-"):
            break
        words.insert(0, word.lower_)
        written = " ".join([*words, lemma])
        for text in (written, written.replace(" - ", "-"), written.replace(" - ", " ")):
            best = (text, nouns[text]) if text in nouns else best
    return best


def types_by_means(token: Token) -> tuple[EventType, ...]:
    """The types that the modifiers of a strike or an attack give it; () where they give none."""
    if token.lemma_.lower() not in noun_words().strikes:
        return ()
    modifiers = [c for c in token.children if c.dep_ in {"compound", "amod", "nmod"}]
    modifiers += [c for m in modifiers for c in m.children if c.dep_ in {"compound", "conj", "amod", "nmod"}]
    means, ordered = triggers().means, sorted(modifiers, key=lambda token: token.i)
    return tuple(dict.fromkeys(means[m.lower_] for m in ordered if m.lower_ in means))


# ---------------------------------------------------------------- the verb that carries it


def light_verb(token: Token) -> Token | None:
    """The verb that carries the noun: as its object ("launched an attack") or subject ("fighting erupted")."""
    if token.dep_ == "conj" and token.head.pos_ in {"NOUN", "PROPN"} and token.head.i < token.i:
        return light_verb(token.head)
    return next(
        (verb for find in (_governor, _participle, _definition, _from_preposition) for verb in find(token)), None
    )


def _governor(token: Token) -> Iterator[Token]:
    light, head = triggers().light, token.head
    lemma = head.lemma_.lower()
    keys = {lemma} | {f"{lemma} {c.lower_}" for c in head.children if c.dep_ in {"prt", "prep", "advmod", "dobj"}}
    if token.dep_ in {"dobj", "nsubjpass", "oprd"} and keys & light.object:
        yield head
    if token.dep_ == "nsubj" and is_verb(head) and keys & light.subject:
        yield head


def _participle(token: Token) -> Iterator[Token]:
    """ "an offensive launched by"."""
    yield from (c for c in token.children if c.dep_ == "acl" and c.tag_ == "VBN" and _carries(c))


def _carries(verb: Token) -> bool:
    return verb.lemma_.lower() in triggers().light.object


def _definition(token: Token) -> Iterator[Token]:
    """ "X was an offensive", "X was a series of operations"."""
    head = token.head
    if token.dep_ == "attr" and head.lemma_ == "be" and not has_word(head, {"there"}):
        yield head
    series = head.lower_ == "of" and head.head.dep_ == "attr" and head.head.lemma_ in noun_words().series
    if token.dep_ == "pobj" and series:
        yield head.head.head


def _from_preposition(token: Token) -> Iterator[Token]:
    """ "hit by an airstrike", "came under fire", "was under X's control"."""
    if token.dep_ not in {"pobj", "pcomp"}:
        return
    prep, governor = token.head, token.head.head
    by = prep.dep_ == "agent" or prep.lower_ == "with"
    if by and governor.lemma_ in noun_words().hitting:
        yield governor
    if token.lemma_ == "control":
        yield from (a for a in token.ancestors if is_verb(a))
    if governor.pos_ == "VERB" and f"{governor.lemma_.lower()} {prep.lower_}" in triggers().light.prepositional:
        yield governor


# ---------------------------------------------------------------- telling or mentioning


@dataclass(frozen=True, slots=True)
class EventNoun:
    """An event noun with the verb that carries it."""

    token: Token
    row: NounRule
    light: Token | None

    @property
    def light_lemma(self) -> str:
        """The lemma of the verb that carries it."""
        return self.light.lemma_.lower() if self.light is not None else ""


def is_definite(token: Token) -> bool:
    """Whether the noun phrase speaks of something already known ("the attack", "the day's clashes")."""
    grammar = noun_words()
    marks = [c for c in token.children if c.dep_ in {"det", "poss"}]
    known = any(c.lower_ in grammar.definite or c.ent_type_ == "DATE" or c.lower_ == "day" for c in marks)
    return known and not has_word(token, {"own"}) and not has_word(token, grammar.again)


def tells(noun: EventNoun) -> bool:
    """Whether the noun tells an event, or only mentions one (see the annotation guidelines)."""
    return _TELLING[noun.row.telling](noun)


def _launched(noun: EventNoun) -> bool:
    defining = noun.light_lemma == "be" and is_definite(noun.token)
    return noun.light is not None and noun.light_lemma not in {"involve", "continue", "use"} and not defining


def _of_chemicals(noun: EventNoun) -> bool:
    """ "a release of chlorine"; "it was the deadliest use of …" judges what was told."""
    judged = noun.token.dep_ == "attr" and is_definite(noun.token)
    return not judged and any(t.lemma_.lower() in thing_words().chemical for t in below(noun.token, "of"))


def _of_a_siege(noun: EventNoun) -> bool:
    return any(t.lemma_.lower() in thing_words().sieges for t in below(noun.token, "of"))


def _hitting(noun: EventNoun) -> bool:
    """ "a rocket hit", "struck by shells"."""
    token = noun.token
    first = token.head if token.dep_ == "conj" else token
    if first.dep_ == "nsubj":
        return first.head.lemma_ in noun_words().landing
    return token.dep_ == "pobj" and token.head.lower_ in {"with", "by"} and token.head.head.lemma_ in {"hit", "strike"}


def _carried(noun: EventNoun) -> bool:
    return noun.light_lemma in triggers().light.object


def _come_under(noun: EventNoun) -> bool:
    return noun.light_lemma == "come"


def _held(noun: EventNoun) -> bool:
    """ "in control", "under control", said by a verb and not of another noun; "fire control" is none."""
    token = noun.token
    bare = not any(c.dep_ == "relcl" or c.lower_ == "fire" for c in token.children)
    said = token.dep_ == "pobj" and token.head.head.pos_ != "NOUN"
    past = noun.light is not None and noun.light.dep_ == "relcl" and has_word(noun.light, {"still", "then"})
    return bare and said and not past and token.head.lower_ in {"under", "in"} and not _commands(token, noun.light)


def _commands(control: Token, light: Token | None) -> bool:
    """ "in control of the situation", "the brigade was under the control of": no place is held."""
    words = party_words()
    under = (objects(light) or subjects(light)) if light is not None else []
    held = prepositional(control, {"of", "over"}) if control.head.lower_ == "in" else under
    lemmas = [t.lemma_.lower() for t in held]
    people = (words.fighters - {"people"}) | noun_words().no_places
    return bool(lemmas) and all(lemma in people for lemma in lemmas)


def _argued(noun: EventNoun) -> bool:
    """With its own "of", "by" or owner, and not as a mere point in time ("after the capture of X")."""
    arguments = {"of", "by", "from", "to", "on", "against"}
    own = any((c.dep_ == "prep" and c.lower_ in arguments) or c.dep_ in {"poss", "agent"} for c in noun.token.children)
    mere = _stands_behind(noun.token, noun_words().time_words) or _is_charge(noun.token)
    return own and not mere and not (noun.row.type is EventType.CAPTURE and _of_people(noun.token))


def _of_people(taking: Token) -> bool:
    """ "the liberation of the prisoners": no place is taken."""
    people = party_words().civilians | party_words().fighters | {"prisoner", "hostage", "pow"}
    taken = prepositional(taking, {"of"})
    return bool(taken) and all(t.lemma_.lower() in people for t in taken)


def _open(noun: EventNoun) -> bool:
    """A noun of any use: told anew, opened by its verb, dated by itself, or deadly."""
    token = noun.token
    if _is_charge(token) or (noun.row.type is EventType.BOMBING and _stands_behind(token, {"with"})):
        return False
    definite = is_definite(token)
    if noun.light is not None:
        return not definite or (noun.light_lemma in noun_words().opening and noun.light_lemma != "be")
    if definite:
        return is_dated(token) or (noun.row.type in _DEADLY and _holds_casualties(token))
    return not _answers(token) and not _supports(token)


_DEADLY = frozenset({EventType.AIR_STRIKE, EventType.CLASH, EventType.SHELLING, EventType.BOMBING})

_TELLING: Mapping[Telling, Callable[[EventNoun], bool]] = {
    Telling.OPEN: _open,
    Telling.LAUNCHED: _launched,
    Telling.ARGUED: _argued,
    Telling.CARRIED: _carried,
    Telling.COME_UNDER: _come_under,
    Telling.HITTING: _hitting,
    Telling.HELD: _held,
    Telling.OF_CHEMICALS: _of_chemicals,
    Telling.OF_A_SIEGE: _of_a_siege,
}


def _stands_behind(token: Token, words: frozenset[str] | set[str]) -> bool:
    return token.dep_ == "pobj" and token.head.lower_ in words


def _is_charge(token: Token) -> bool:
    """A bomb that a verb of the sentence detonates, finds or destroys."""
    exploding = token.head.lemma_.lower() in noun_words().charges
    return exploding and token.dep_ in {"dobj", "nsubj", "nsubjpass"}


def is_dated(token: Token) -> bool:
    """ "the chemical attack in 2013": another event than those told, with its own date."""
    return any(t.ent_type_ == "DATE" and t.dep_ == "pobj" for word in ("in", "on", "of") for t in below(token, word))


def _answers(token: Token) -> bool:
    """ "in response to an attack"."""
    answering = noun_words().answering
    return _stands_behind(token, {"to", "despite", "for"}) and token.head.head.lower_ in answering


def _supports(token: Token) -> bool:
    """ "supported by airstrikes": said of how another event went."""
    verb = token.head.head
    supporting = verb.lemma_ in noun_words().supporting and verb.dep_ == "acl"
    return token.dep_ == "pobj" and token.head.dep_ == "agent" and supporting


def _holds_casualties(token: Token) -> bool:
    """ "killed in the clashes", "152 dead in the campaign"."""
    causing = _stands_behind(token, {"in", "by", "during"})
    return causing and token.head.head.lemma_.lower() in noun_words().deadly
