"""A sentence told another way, so that the same facts (or none) must be read from it: renamed, passive, negated."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from hamakg.extract.narrative.lexicon import lexicon
from hamakg.model import ArticleFacts, EntityKind
from hamakg.naming.place_kinds import generics, kind_words

# ---------------------------------------------------------------- every place with another name

# No two of them alike, none a word of English or a place that a model may know.
INVENTED = (
    "Zarmul", "Tobrekan", "Qilfad", "Dushen", "Marvond", "Bektosh", "Hulwein", "Nafrit", "Sgorda", "Velkuba",
    "Jomrach", "Pelshaq", "Wadruz", "Kinvar", "Lubzet", "Garmish", "Ostrabel", "Yenduq", "Fozmir", "Ruthbek",
    "Cavnosh", "Imdalur", "Thelvaz", "Umbrash",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’‘`][^\W\d_]+)*")
_SHARED = frozenset({"north", "northern", "south", "southern", "east", "eastern", "west", "western", "central", "new"})


def other_names(facts: ArticleFacts, sentence: str) -> dict[str, str]:
    """An invented word for each word of the names of places in the sentence; spellings of one place stay one place.

    Words for kinds ("Hill", "Tal"), directions, articles and the names of states stay what they are.
    """
    words: dict[str, str] = {}
    unused = iter(INVENTED)
    for entity in facts.entities:
        if entity.kind is not EntityKind.PLACE:
            continue
        at: dict[int, str] = {}
        for name in (entity.name, *entity.names):
            if re.search(rf"\b{re.escape(name)}\b", sentence) and name not in lexicon().states:
                for position, word in enumerate(filter(_is_own, _WORD.findall(name))):
                    words.setdefault(word, at.get(position) or next(unused))
                    at.setdefault(position, words[word])
    return words


def _is_own(word: str) -> bool:
    shared = {word.lower()} & {*kind_words(), *generics(), *_SHARED}
    return word[0].isupper() and not shared and word not in lexicon().states and word.lower() not in _ARTICLES


_ARTICLES = lexicon().names["articles"]


def renamed(text: str, words: Mapping[str, str]) -> str:
    """The text with each of the words written as the other."""
    return re.sub("|".join(rf"\b{re.escape(word)}\b" for word in words) or r"(?!)", lambda m: words[m[0]], text)


# ---------------------------------------------------------------- active and passive

_PARTICIPLES = {
    "took": "taken", "retook": "retaken", "overran": "overrun", "drove": "driven", "broke": "broken", "beat": "beaten",
    "began": "begun", "gave": "given", "saw": "seen", "threw": "thrown", "withdrew": "withdrawn", "shook": "shaken",
    "flew": "flown", "overthrew": "overthrown", "undertook": "undertaken",
}  # fmt: skip
# What may hang on a verb that is turned, beside its subject and object.
_KEPT = frozenset({"nsubj", "dobj", "prep", "npadvmod", "punct"})


@dataclass(frozen=True, slots=True)
class Passive:
    """A sentence in the passive, with the verb's form there."""

    text: str
    verb: str
    participle: str


def participle(past: str) -> str:
    """The past participle of a past tense: "taken" of "took", "captured" of "captured"."""
    return _PARTICIPLES.get(past, past)


def passive(doc: Doc) -> Passive | None:
    """The one sentence of the doc in the passive, or None where it is no plain "subject verb object …"."""
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
    doer = subject.text[0].lower() + subject.text[1:] if _is_common(subject[0]) else subject.text
    done_to = target.text if subject.start else target.text[0].upper() + target.text[1:]
    many = parts[1].tag_ in {"NNS", "NNPS"} or any(c.dep_ == "conj" for c in parts[1].children)
    turned = f"{done_to} {'were' if many else 'was'} {participle(verb.text)} by {doer}"
    text = doc.text[: subject.start_char] + turned + doc.text[target.end_char :]
    return Passive(text, verb.text, participle(verb.text))


def _is_common(first: Token) -> bool:
    """Whether the word has its capital, if any, only at the start of a sentence."""
    return first.pos_ != "PROPN" and first.is_sent_start is True and first.text not in lexicon().states


def _subject_and_object(verb: Token) -> tuple[Token, Token] | None:
    children = list(verb.children)
    subjects, targets = ([c for c in children if c.dep_ == dep] for dep in ("nsubj", "dobj"))
    plain = verb.tag_ == "VBD" and verb.pos_ == "VERB" and all(c.dep_ in _KEPT for c in children)
    return (subjects[0], targets[0]) if plain and len(subjects) == len(targets) == 1 else None


# ---------------------------------------------------------------- negated


def negated(verb: Token) -> str | None:
    """The text of the verb's doc with "did not" or "was not"; None where it is no simple past, or one of several."""
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


# ---------------------------------------------------------------- made from a template

_DOERS = ("the rebels", "the Chadian Army", "Northern Liberation Front fighters", "government forces")
_DEEDS = (
    ("captured", "the village of Fada"), ("seized", "the Gouro checkpoint"), ("stormed", "the town of Fada"),
    ("attacked", "the Ounianga military base"), ("took", "the hill of Emi Koussi"), ("shelled", "the town of Gouro"),
    ("recaptured", "Fada"), ("overran", "the Gouro airbase"), ("besieged", "the town of Ounianga"),
)  # fmt: skip
_WHEN = (("On 4 May, ", ""), ("", " on 7 May"), ("In the night, ", " after heavy clashes"), ("", ""))


def pairs() -> Iterator[tuple[str, str]]:
    """Sentences of an invented battle in the active, each with its passive."""
    for doer in _DOERS:
        for verb, place in _DEEDS:
            for before, after in _WHEN:
                active, turned = f"{doer} {verb} {place}", f"{place} was {participle(verb)} by {doer}"
                yield _sentence(before, active, after), _sentence(before, turned, after)


def _sentence(*parts: str) -> str:
    text = "".join(parts)
    return f"{text[0].upper()}{text[1:]}."
