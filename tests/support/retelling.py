"""Sentences in other words: other place names, active and passive, negated.

The first two must give the same facts as the sentence they are made from, a negated sentence no actual event.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from hamakg.extract.narrative.names.words import name_words
from hamakg.model import ArticleFacts, EntityKind
from hamakg.naming.place_kinds import generics, kind_words
from hamakg.naming.states import states_by_word

# ---------------------------------------------------------------- other place names

# No two are spellings of one name; none is an English word or a place that the language model may know.
INVENTED = (
    "Zarmul", "Tobrekan", "Qilfad", "Dushen", "Marvond", "Bektosh", "Hulwein", "Nafrit", "Sgorda", "Velkuba",
    "Jomrach", "Pelshaq", "Wadruz", "Kinvar", "Lubzet", "Garmish", "Ostrabel", "Yenduq", "Fozmir", "Ruthbek",
    "Cavnosh", "Imdalur", "Thelvaz", "Umbrash",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’‘`][^\W\d_]+)*")
_SHARED = frozenset({"north", "northern", "south", "southern", "east", "eastern", "west", "western", "central", "new"})


def invent_place_names(facts: ArticleFacts, sentence: str) -> dict[str, str]:
    """Map each word of the place names in the sentence to an invented one; spellings of one place stay one place.

    Words for kinds ("Hill", "Tal"), directions, articles and the names of states are left alone.
    """
    words: dict[str, str] = {}
    unused = iter(INVENTED)
    for entity in facts.entities:
        if entity.kind is not EntityKind.PLACE:
            continue
        at: dict[int, str] = {}
        for name in (entity.name, *entity.names):
            if re.search(rf"\b{re.escape(name)}\b", sentence) and name not in states_by_word():
                for position, word in enumerate(filter(_is_own_word, _WORD.findall(name))):
                    words.setdefault(word, at.get(position) or next(unused))
                    at.setdefault(position, words[word])
    return words


def _is_own_word(word: str) -> bool:
    shared = {word.lower()} & {*kind_words(), *generics(), *_SHARED}
    return word[0].isupper() and not shared and word not in states_by_word() and word.lower() not in _ARTICLES


_ARTICLES = name_words().articles


def replace_words(text: str, words: Mapping[str, str]) -> str:
    """The text with each word that is a key replaced by its value."""
    return re.sub("|".join(rf"\b{re.escape(word)}\b" for word in words) or r"(?!)", lambda m: words[m[0]], text)


# ---------------------------------------------------------------- active and passive

_PARTICIPLES = {
    "took": "taken", "retook": "retaken", "overran": "overrun", "drove": "driven", "broke": "broken", "beat": "beaten",
    "began": "begun", "gave": "given", "saw": "seen", "threw": "thrown", "withdrew": "withdrawn", "shook": "shaken",
    "flew": "flown", "overthrew": "overthrown", "undertook": "undertaken",
}  # fmt: skip
# The dependents that a verb may have if its sentence is to be turned into the passive.
_ALLOWED = frozenset({"nsubj", "dobj", "prep", "npadvmod", "punct"})


@dataclass(frozen=True, slots=True)
class PassiveSentence:
    """A sentence in the passive, with the verb of the active sentence and its participle."""

    text: str
    verb: str
    participle: str


def past_participle(past: str) -> str:
    """The past participle of a past tense: "taken" of "took", "captured" of "captured"."""
    return _PARTICIPLES.get(past, past)


def to_passive(doc: Doc) -> PassiveSentence | None:
    """The doc's only sentence in the passive; None unless it is a plain "subject verb object …"."""
    verb = next(doc.sents).root
    parts = _subject_and_object(verb)
    if parts is None or len(list(doc.sents)) > 1:
        return None
    subject, target = (doc[part.left_edge.i : part.right_edge.i + 1] for part in parts)
    in_order = subject.end == verb.i and target.start == verb.i + 1
    simple = not any(
        t.pos_ in {"VERB", "AUX", "PRON"} or t.text == "," or t.ent_type_ == "DATE" for t in (*subject, *target)
    )
    if not in_order or not simple:
        return None
    agent = subject.text[0].lower() + subject.text[1:] if _is_common(subject[0]) else subject.text
    patient = target.text if subject.start else target.text[0].upper() + target.text[1:]
    plural = parts[1].tag_ in {"NNS", "NNPS"} or any(c.dep_ == "conj" for c in parts[1].children)
    passive = f"{patient} {'were' if plural else 'was'} {past_participle(verb.text)} by {agent}"
    text = doc.text[: subject.start_char] + passive + doc.text[target.end_char :]
    return PassiveSentence(text, verb.text, past_participle(verb.text))


def _is_common(first: Token) -> bool:
    """Whether the word is a common word, with a capital only because it starts the sentence."""
    return first.pos_ != "PROPN" and first.is_sent_start is True and first.text not in states_by_word()


def _subject_and_object(verb: Token) -> tuple[Token, Token] | None:
    children = list(verb.children)
    subjects, targets = ([c for c in children if c.dep_ == dep] for dep in ("nsubj", "dobj"))
    plain = verb.tag_ == "VBD" and verb.pos_ == "VERB" and all(c.dep_ in _ALLOWED for c in children)
    return (subjects[0], targets[0]) if plain and len(subjects) == len(targets) == 1 else None


# ---------------------------------------------------------------- negated


def negate(verb: Token) -> str | None:
    """The verb's text with "did not" or "was not" added; None unless the verb is a single one in the simple past."""
    text, children = verb.doc.text, list(verb.children)
    auxiliary = next((c for c in children if c.dep_ == "auxpass" and c.tag_ == "VBD"), None)
    if any(c.dep_ in {"aux", "neg", "conj"} for c in children):
        return None
    if auxiliary is not None:
        end = auxiliary.idx + len(auxiliary)
        return f"{text[:end]} not{text[end:]}"
    if verb.tag_ != "VBD" or verb.pos_ != "VERB":
        return None
    return f"{text[: verb.idx]}did not {verb.lemma_}{text[verb.idx + len(verb) :]}"


# ---------------------------------------------------------------- sentences from a template

_AGENTS = ("the rebels", "the Chadian Army", "Northern Liberation Front fighters", "government forces")
_ACTIONS = (
    ("captured", "the village of Fada"), ("seized", "the Gouro checkpoint"), ("stormed", "the town of Fada"),
    ("attacked", "the Ounianga military base"), ("took", "the hill of Emi Koussi"), ("shelled", "the town of Gouro"),
    ("recaptured", "Fada"), ("overran", "the Gouro airbase"), ("besieged", "the town of Ounianga"),
)  # fmt: skip
_TIMES = (("On 4 May, ", ""), ("", " on 7 May"), ("In the night, ", " after heavy clashes"), ("", ""))


def make_active_passive_pairs() -> Iterator[tuple[str, str]]:
    """Sentences of the invented battle in the active, each with its passive."""
    for agent in _AGENTS:
        for verb, place in _ACTIONS:
            for before, after in _TIMES:
                active, passive = f"{agent} {verb} {place}", f"{place} was {past_participle(verb)} by {agent}"
                yield _sentence(before, active, after), _sentence(before, passive, after)


def _sentence(*parts: str) -> str:
    text = "".join(parts)
    return f"{text[0].upper()}{text[1:]}."
