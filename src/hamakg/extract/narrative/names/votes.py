"""What the words in and around one occurrence of a name say of its kind: "the village of X", "X Brigade", "Gen. X".

Each row of ``VOTES`` that applies to the occurrence gives its votes; the votes of all occurrences are counted together
over the article.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from hamakg.extract.narrative.names.mentions import Role
from hamakg.extract.narrative.names.spans import NameSpan, is_kind_word
from hamakg.extract.narrative.names.units import is_ordinal
from hamakg.extract.narrative.names.words import name_words, party_words
from hamakg.extract.narrative.parse.grammar import first_conjunct
from hamakg.extract.narrative.parse.words import stance_verbs
from hamakg.naming.place_kinds import generics, kind_words


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name in its paragraph, with the words and grammar that its kind can be told from.

    ``words`` are the name's own, ``before`` up to four words before it without an article, both in lower case; ``head``
    is the token that the others of the name hang on; ``verbs`` are the lemmas that tell events.
    """

    doc: Doc
    span: NameSpan
    words: tuple[str, ...]
    before: tuple[str, ...]
    head: Token
    verbs: Collection[str]

    @property
    def following(self) -> Span:
        """What follows the name, up to five tokens."""
        return self.doc[self.span.end : self.span.end + 5]

    @property
    def last(self) -> Token:
        """The last capitalised token."""
        return self.doc[self.span.proper_end - 1]


def read_occurrence(doc: Doc, span: NameSpan, verbs: Collection[str]) -> Occurrence:
    """The occurrence of a name in its paragraph."""
    words = tuple(token.lower_ for token in doc[span.start : span.end])
    before = tuple(token.lower_ for token in doc[max(0, span.start - 4) : span.start])
    before = before[:-1] if before and before[-1] in {"the", "a"} else before
    return Occurrence(doc, span, words, before, doc[span.start : span.proper_end].root, verbs)


def count_votes(name: Occurrence) -> Counter[Role]:
    """The votes of one occurrence for each role."""
    votes: Counter[Role] = Counter()
    for role, number, applies, _ in VOTES:
        if applies(name):
            votes[role] += number
    label = next((t.ent_type_ for t in name.doc[name.span.start : name.span.end] if t.ent_type_), "")
    if label in _LABELS:
        votes[_LABELS[label]] += 1
    return votes


def count_kinds(name: Occurrence) -> Counter[str]:
    """What kinds of place the words call it, such as village or hill."""
    of = name.before[-2:-1] if name.before[-1:] == ("of",) else ()
    called = [word for word in (*of, name.words[-1], name.words[0]) if is_kind_word(word)]
    kinds = Counter(label for word in called if (label := kind_words()[word].kind.label) not in _NO_KIND)
    if name.words[0] in generics():
        kinds[generics()[name.words[0]].label] += 1
    return kinds


_NO_KIND = frozenset({"area", "countryside", "front"})
"""Of these the words do not say what a place is: "the X area"."""

_LABELS = {
    "GPE": Role.PLACE,
    "LOC": Role.PLACE,
    "FAC": Role.PLACE,
    "ORG": Role.ACTOR,
    "NORP": Role.ACTOR,
    "PERSON": Role.PERSON,
    "EVENT": Role.EVENT,
}
"""What the labels of spaCy's entity recogniser say."""

# ---------------------------------------------------------------- by the words


def _has_quarter_or_kind(name: Occurrence) -> bool:
    return name.span.end > name.span.proper_end or name.words[0] in name_words().quarters


def _is_called_a_kind(name: Occurrence) -> bool:
    of_kind = name.before[-1:] == ("of",) and any(map(is_kind_word, name.before[-2:-1]))
    own = is_kind_word(name.words[-1]) or is_kind_word(name.words[0])
    return (own or of_kind) and not _has_quarter_or_kind(name)


def _has_party_word(name: Occurrence) -> bool:
    return any(t.lower_ in name_words().actor for t in name.doc[name.span.start : name.span.proper_end])


def _has_source_word(name: Occurrence) -> bool:
    return any(word in name_words().source for word in name.words)


def _has_title(name: Occurrence) -> bool:
    titles, behind = name_words().titles, name.following
    own = any(word in titles for word in (*name.words[:2], *name.before[-1:]))
    apposition = len(behind) > 1 and behind[0].text == ","
    return own or (apposition and any(t.lower_ in titles and t.dep_ in {"appos", "conj", "attr"} for t in behind[1:]))


_ROMAN = re.compile(r"[IVXL]{2,}")


def _is_unit(name: Occurrence) -> bool:
    first = name.doc[name.span.start].text
    return is_ordinal(first) or _ROMAN.fullmatch(first) is not None or name.words[-1] in name_words().actor


def _is_ship(name: Occurrence) -> bool:
    return name.words[0] in name_words().ship_prefixes or any(w in name_words().ships for w in name.before[-1:])


def _is_people(name: Occurrence) -> bool:
    bare = name.span.end == name.span.proper_end and not is_kind_word(name.words[-1])
    return name.last.tag_ == "NNPS" and bare


def _leads_men(name: Occurrence) -> bool:
    before = [t.lower_ for t in name.doc[max(0, name.span.start - 2) : name.span.start]]
    if before[-1:] == ["by"] and before[0] in {"led", "commanded", "succeeded", "headed"}:
        return name.last.ent_type_ == "PERSON"
    owned = name.following[:3]
    owns = len(owned) > 1 and owned[0].text in {"'s", "'"}
    return owns and any(t.lower_ in name_words().led for t in owned[1:])


def _before_fighters(name: Occurrence) -> bool:
    return any(t.lemma_.lower() in party_words().fighters for t in name.following[:1])


def _before_led(name: Occurrence) -> bool:
    joined = name.following[:2]
    return len(joined) > 1 and joined[0].text == "-" and joined[1].text in name_words().hyphened


# ---------------------------------------------------------------- by the grammar


def _behind_place_preposition(name: Occurrence) -> bool:
    return any(word in name_words().place_prepositions for word in name.before[-1:])


def _is_done_to(head: Token) -> bool:
    return head.dep_ in {"dobj", "nsubjpass"}


def _takes_a_place(name: Occurrence) -> bool:
    return _is_taken(name.head) or _is_attacked(name.head) or _is_measured(name.head)


def _is_taken(head: Token) -> bool:
    """Whether the name is what a verb takes, enters or shells, and does not execute as well."""
    head = first_conjunct(head)
    persons = {"execute", "kill", "arrest", "detain", "torture"}
    if any(c.dep_ == "conj" and c.lemma_ in persons for c in head.head.children):
        return False
    return _is_done_to(head) and head.head.lemma_.lower() in name_words().place_verbs


def _is_attacked(head: Token) -> bool:
    """ "near X and Y", "an attack on X", "the road between X and Y": where the first of them stands, all do."""
    first = first_conjunct(head)
    if first.dep_ != "pobj":
        return False
    word, anchor = first.head.lower_, first.head.head.lemma_.lower()
    listed = word in name_words().place_prepositions and first != head
    return listed or (word in {"on", "against"} and anchor in name_words().attacks)


def _is_measured(head: Token) -> bool:
    first = first_conjunct(head)
    measured = first.dep_ == "pobj" and first.head.lower_ in {"of", "from"}
    return measured and first.head.head.lower_ in name_words().measures


def _takes_an_attack(name: Occurrence) -> bool:
    attacking = name.head.head.lemma_.lower() in name_words().attacking_verbs
    return _is_done_to(name.head) and attacking and not _takes_a_place(name)


def _is_of_kind(name: Occurrence) -> bool:
    first = first_conjunct(name.head)
    return first.dep_ == "pobj" and first.head.lower_ == "of" and first.head.head.lower_ in kind_words()


def _is_killed(name: Occurrence) -> bool:
    return _is_done_to(name.head) and name.head.head.lemma_ in name_words().person_verbs


def _is_beside_title(name: Occurrence) -> bool:
    return name.head.dep_ == "appos" and name.head.head.lower_ in name_words().titles


def _does_an_event(name: Occurrence) -> bool:
    return name.head.dep_ == "nsubj" and name.head.head.lemma_.lower() in name.verbs


def _says(name: Occurrence) -> bool:
    return name.head.dep_ == "nsubj" and name.head.head.lemma_.lower() in stance_verbs()


def _is_according_to(name: Occurrence) -> bool:
    return name.before[-2:] == ("according", "to")


VOTES: tuple[tuple[Role, int, Callable[[Occurrence], bool], str], ...] = (
    (Role.PLACE, 8, _has_quarter_or_kind, '"X hill", "northern X": the kind is said, or only places have quarters'),
    (Role.PLACE, 6, _is_called_a_kind, '"Tal X", "the village of X"'),
    (Role.PLACE, 3, _behind_place_preposition, '"in X", "near X"; one may be in an army, too'),
    (Role.PLACE, 3, _takes_a_place, '"captured X", "an attack on X", "parts of X"'),
    (Role.PLACE, 1, _takes_an_attack, '"attacked X": a place or a party'),
    (Role.PLACE, 6, _is_of_kind, '"the villages of X and Y"'),
    (Role.ACTOR, 7, _has_party_word, '"X Brigade", "Army of X"'),
    (Role.ACTOR, 7, _is_unit, '"24th X", "II X", and a party word at the very end'),
    (Role.ACTOR, 9, _is_ship, '"HMS X", "the cruiser X"'),
    (Role.ACTOR, 3, _is_people, '"the Xs": a people or a band'),
    (Role.ACTOR, 1, _does_an_event, '"X captured": parties do, and places stand for them'),
    (Role.ACTOR, 4, _before_fighters, '"X fighters"'),
    (Role.ACTOR, 4, _before_led, '"X-led"'),
    (Role.PERSON, 8, _has_title, '"Gen. X", "X, the governor of Y"'),
    (Role.PERSON, 6, _leads_men, '"commanded by X", "X\'s men": by what is done under the name'),
    (Role.PERSON, 6, _is_killed, '"X was assassinated"'),
    (Role.PERSON, 8, _is_beside_title, '"the chairman, X"'),
    (Role.SOURCE, 9, _has_source_word, '"X News Agency"'),
    (Role.SOURCE, 9, _is_according_to, '"according to X"'),
    (Role.SOURCE, 2, _says, '"X reported": everybody says something'),
)
"""What an occurrence votes for, with how many votes, when, and why."""
