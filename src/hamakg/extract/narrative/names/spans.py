"""Proper names in a paragraph: where they begin and end, before anyone asks what they name."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from hamakg.extract.narrative.names.units import Unit, find_units, is_ordinal
from hamakg.extract.narrative.names.words import name_words, party_words, place_words
from hamakg.extract.narrative.parse.words import parse_words
from hamakg.naming.place_kinds import kind_words
from hamakg.naming.states import states_by_word

_HYPHENS = frozenset({"-", "–", "‑"})


@dataclass(frozen=True, slots=True)
class NameSpan:
    """Tokens ``[start, end)`` of a Doc that are one proper name, its lower-case kind word ("hill") included.

    ``proper_end`` is where the capitalised part ends; ``text`` the whole, letter for letter; of a unit that is listed
    with others its name ("69th Army" of "the 3rd and 69th Armies").
    """

    start: int
    end: int
    proper_end: int
    text: str


def find_names(doc: Doc, known: Collection[str] = ()) -> list[NameSpan]:
    """The proper names of a paragraph in their order, none overlapping another.

    ``known`` names (the infobox's) are found as they are written, whatever joins their words ("People's Republic").
    Words of states and peoples ("Russia", "Syrian") are no names of their own here.
    """
    fixed = _known_spans(doc, known) | _roads(doc)
    units = {start: _with_more(doc, unit) for start, unit in find_units(doc).items()}
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(doc):
        if index in units and fixed.get(index, index) <= units[index].end:
            spans.append((index, units[index].end))
            index = units[index].end
            continue
        end = max(fixed.get(index, index), _name_end(doc, index))
        if end > index and not _is_generic(doc, index, end):
            spans.extend([(index, end)] if index in fixed else _cut_states(doc, index, end))
        index = max(end, index + 1)
    return [
        NameSpan(start, end, end, units[start].name)
        if start in units and units[start].end == end
        else _with_quarter(doc, _with_kind_word(doc, start, end))
        for start, end in spans
        if start in units or not _is_adjective(doc, start, end)
    ]


def _with_quarter(doc: Doc, span: NameSpan) -> NameSpan:
    """ "northern X" is a region of its own; before a kind word ("northern X district") the kind is the region's."""
    before = doc[span.start - 1] if span.start > 0 and not doc[span.start].is_sent_start else None
    following = doc[span.end].lower_ if span.end < len(doc) else ""
    if (
        before is None
        or before.text not in name_words().quarters
        or following in party_words().fighters | {"-"} | name_words().suburbs
    ):
        return span
    start, end = before.i, span.proper_end
    if any(token.lower_ in name_words().actor for token in doc[span.start : end]) or is_kind_word(doc[end - 1].text):
        return span
    return NameSpan(start, end, end, doc[start:end].text)


def _with_more(doc: Doc, unit: Unit) -> Unit:
    """A unit with what its name goes on with: "2nd Battalion, South Staffordshire Regiment", "2e Division Légère"."""
    if unit.name != doc[unit.start : unit.end].text:
        return unit
    end = unit.end
    while (after := _continued(doc, unit.start, end)) > end and doc[end].lower_ not in name_words().titles:
        end = after
    return Unit(unit.start, end, doc[unit.start : end].text)


def _is_adjective(doc: Doc, start: int, end: int) -> bool:
    """A state, a people or another single adjective ("Western", "Chechen")."""
    return doc[start:end].text in states_by_word() or (
        end - start == 1 and doc[start].pos_ == "ADJ" and not doc[start].text.isupper()
    )


def _roads(doc: Doc) -> dict[int, int]:
    """{first token: end} of every road that is named by its ends: "the road between X and Y"."""
    found: dict[int, int] = {}
    for token in doc[:-4]:
        if token.lower_ not in name_words().roads or doc[token.i + 1].lower_ not in name_words().linking:
            continue
        first = _name_end(doc, token.i + 2)
        joined = first > token.i + 2 and first < len(doc) - 1 and doc[first].lower_ in {"and", "to", "with"}
        last = _name_end(doc, first + 1) if joined else first
        if joined and last > first + 1:
            found[token.i] = last
    return found


def _known_spans(doc: Doc, known: Collection[str]) -> dict[int, int]:
    """{first token: end} of every known name of two words or more."""
    found: dict[int, int] = {}
    text = doc.text
    for name in known:
        if " " not in name:
            continue
        at = text.find(name)
        while at >= 0:
            span = doc.char_span(at, at + len(name))
            if span is not None:
                found[span.start] = max(span.end, found.get(span.start, 0))
            at = text.find(name, at + 1)
    return found


def _is_generic(doc: Doc, start: int, end: int) -> bool:
    words = [t.text.lower() for t in doc[start:end] if t.is_alpha]
    return bool(words) and all(word in name_words().generic for word in words)


def _name_end(doc: Doc, index: int) -> int:
    """The end of the name that begins at ``index``; ``index`` itself where none does."""
    if not _begins(doc, index):
        return index
    end = _unit_end(doc, index)
    while (after := _continued(doc, index, end)) > end:
        end = after
    return end


def _begins(doc: Doc, index: int) -> bool:
    token = doc[index]
    if _article_unit(doc, index):
        return True
    if token.text[0].isdigit():
        return (
            is_ordinal(token.text)
            and index + 1 < len(doc)
            and _capital(doc[index + 1])
            and doc[index + 1].text.lower() not in parse_words().calendar
        )
    if (
        not _capital(token)
        or token.text.lower() in parse_words().calendar
        or (token.is_stop and not token.text.isupper())
    ):
        return False
    return not token.is_sent_start or _names_at_start(doc, index)


def _names_at_start(doc: Doc, index: int) -> bool:
    """Whether the capital at the start of a sentence is more than the sentence's own."""
    token = doc[index]
    prepositions = name_words().place_prepositions - place_words().directions
    if token.lower_ in prepositions and not token.text.isupper():
        return False
    if token.text.isupper() and len(token) > 1:
        return True
    if token.is_stop or token.pos_ in {
        "ADP",
        "ADV",
        "DET",
        "PRON",
        "SCONJ",
        "CCONJ",
        "AUX",
        "VERB",
        "PART",
        "NUM",
        "ADJ",
        "INTJ",
    }:
        return False
    return token.pos_ == "PROPN" or bool(token.ent_type_)


def _unit_end(doc: Doc, index: int) -> int:
    return index + 3 if _article_unit(doc, index) else index + 1


def _article_unit(doc: Doc, index: int) -> bool:
    """ "al-Lataminah": an article in any case, a hyphen, a capital."""
    return (
        index + 2 < len(doc)
        and doc[index].text.lower() in name_words().articles
        and doc[index + 1].text in _HYPHENS
        and (_capital(doc[index + 2]) or doc[index].text[0].isupper())
        and not doc[index].whitespace_
    )


def _continued(doc: Doc, start: int, end: int) -> int:
    """The end of the name with its next words, or ``end`` where it ends here."""
    if end >= len(doc) or doc[end].is_sent_start:
        return end
    return next((after for join in _JOINS if (after := join(doc, start, end)) > end), end)


def _join_capital(doc: Doc, start: int, end: int) -> int:
    """ "Tahrir al-Sham": a capital, or an article before a hyphen; no month or day."""
    capital = _capital(doc[end]) and doc[end].lower_ not in parse_words().calendar
    return _unit_end(doc, end) if capital or _article_unit(doc, end) else end


def _join_hyphen(doc: Doc, start: int, end: int) -> int:
    """ "Saint-Lô": a capital behind a hyphen without blanks."""
    glued = doc[end].text in _HYPHENS and not doc[end - 1].whitespace_ and not doc[end].whitespace_
    return end + 2 if glued and _capital_at(doc, end + 1) else end


def _join_foreign(doc: Doc, start: int, end: int) -> int:
    """ "-sur-Mer": a small word between hyphens."""
    parts = [token.text for token in doc[end : end + _FOREIGN]]
    joined = len(parts) == _FOREIGN and parts[0] in _HYPHENS and parts[2] in _HYPHENS
    written = not any(token.whitespace_ for token in doc[end - 1 : end + _FOREIGN - 1])
    small = joined and parts[1].islower() and len(parts[1]) <= _LONGEST_PARTICLE
    return end + _FOREIGN if small and written and _capital_at(doc, end + _FOREIGN - 1) else end


_FOREIGN = len(("-", "sur", "-", "Mer"))
_LONGEST_PARTICLE = 4


def _join_particle(doc: Doc, start: int, end: int) -> int:
    """ "Ludwig van Beethoven"."""
    particle = doc[end].lower_ in name_words().particles and _capital_at(doc, end + 1)
    return _unit_end(doc, end + 1) if particle else end


def _join_of(doc: Doc, start: int, end: int) -> int:
    """ "Army of the Republic", "Institute for Study"."""
    if doc[end].text not in {"of", "for"} or doc[end - 1].lower_ not in name_words().of_heads:
        return end
    following = end + 1 + (end + 1 < len(doc) and doc[end + 1].lower_ == "the")
    named = following < len(doc) and (_capital(doc[following]) or _article_unit(doc, following))
    return _unit_end(doc, following) if named else end


def _join_number(doc: Doc, start: int, end: int) -> int:
    """ "Hill 800", "Sham 4 hospital", but not "Hama 2017"."""
    token, last = doc[end], doc[end - 1]
    if not token.text.isdigit() or len(token) > _MOST_DIGITS:
        return end
    numbered = last.lower_ in name_words().numbered or last.text in {"M", "T"}
    before_kind = end + 1 < len(doc) and len(token) <= _MOST_DIGITS // 2 and is_kind_word(doc[end + 1].text)
    return end + 1 if numbered or before_kind else end


_MOST_DIGITS = 4


def _join_owned(doc: Doc, start: int, end: int) -> int:
    """ "Donetsk People's Republic"."""
    owned = doc[end].text == "'s" and doc[end - 1].lower_ in name_words().owners
    return _unit_end(doc, end + 1) if owned and _capital_at(doc, end + 1) else end


def _join_parent(doc: Doc, start: int, end: int) -> int:
    """ "2nd Battalion, South Staffordshire Regiment" is one unit."""
    if doc[end].text != "," or doc[end - 1].lower_ not in name_words().subunits:
        return end
    for stop in range(end + 1, min(end + 1 + _LONGEST_PARENT, len(doc))):
        if not (_capital(doc[stop]) or is_ordinal(doc[stop].text)):
            break
        if doc[stop].lower_ in name_words().parents:
            return stop + 1
    return end


_LONGEST_PARENT = 5

_JOINS: tuple[Callable[[Doc, int, int], int], ...] = (
    _join_capital,
    _join_hyphen,
    _join_foreign,
    _join_particle,
    _join_of,
    _join_number,
    _join_owned,
    _join_parent,
)
"""What a name goes on with: each gives the end of the name with it, or the end as it was."""


def _capital(token: Token) -> bool:
    text = token.text
    return text[0].isupper() and not (len(text) == 1 and text == "I") and token.pos_ != "PUNCT"


def _capital_at(doc: Doc, index: int) -> bool:
    return index < len(doc) and _capital(doc[index])


def _cut_states(doc: Doc, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A name, or its parts where a hyphen joins two parties ("Russian-LPR")."""
    states = states_by_word()
    for index in range(start + 1, end - 1):
        if doc[index].text in _HYPHENS and doc[start:index].text in states:
            yield start, index
            yield from _cut_states(doc, index + 1, end)
            return
    yield start, end


def _with_kind_word(doc: Doc, start: int, end: int) -> NameSpan:
    """The name with the kind word that follows it ("Saman hill", "Khazanat fueling base")."""
    stop = end
    if end + 1 < len(doc) and doc[end].text in {'"', "'"} and is_kind_word(doc[end + 1].text):
        return NameSpan(start, end + 2, end, doc[start:end].text)
    for index in range(end, min(end + 2, len(doc))):
        token = doc[index]
        if (
            token.is_sent_start
            or not token.is_alpha
            or token.text[0].isupper()
            or token.pos_ not in {"NOUN", "VERB", "ADJ", "PROPN"}
        ):
            break
        two = doc[index : index + 2].text
        if token.text in name_words().surroundings:
            break
        if (is_kind_word(token.text) or is_kind_word(two)) and _joins(doc, end - 1, index):
            stop = min(index + (2 if is_kind_word(two) else 1), len(doc))
            break
    return NameSpan(start, stop, end, doc[start:stop].text)


def _joins(doc: Doc, last: int, index: int) -> bool:
    """Whether the noun at ``index`` has the name that ends at ``last`` as its modifier."""
    return doc[last].head.i >= index


def is_kind_word(word: str) -> bool:
    """Whether a word is a singular kind of place ("hill"), in any case."""
    entry = kind_words().get(word.lower())
    return entry is not None and not entry.plural
