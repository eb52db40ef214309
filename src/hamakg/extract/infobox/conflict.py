"""Reads the fields about the conflict itself: its class, the wars it is part of, its dates, places and results."""

import re
from collections.abc import Iterator

from hamakg.extract.infobox.box import BoxField, Infobox, PartialFacts, mark_unread
from hamakg.extract.infobox.coordinates import read_coordinates
from hamakg.extract.infobox.dates import read_date
from hamakg.extract.infobox.items import read_list, remove_residue
from hamakg.extract.infobox.places import PlacesRead, read_places
from hamakg.extract.infobox.words import word_list, word_tables
from hamakg.model import Conflict, Interval, Ref
from hamakg.rdf.ids import conflict_id, fold

CONFLICT_FIELDS = (
    *("conflict", "partof", "date", "place", "location", "coordinates", "result", "status", "territory"),
    *("casus", "notes", "note"),
)
"""The names of the fields about the conflict itself."""

_ARTICLE = re.compile(r"(?i)^(?:the|a|an)\s+")
_LINE_END = re.compile(r"[\r\n]+[\s*]*|(?:^|,)\s*\*+\s*")
_BEFORE_CAPITAL = re.compile(r"[,.;\s]*,\s+(?=[\"“'‘]?[A-ZÀ-Þ0-9])")
_RELATIVE = re.compile(r"(?i),|\b(?:which|who|that|where|including)\b")
_PREPOSITION = re.compile(r"\s(?:of|in|during|for|on)\s")
# Nouns that two words joined by "and" may share ("the Aba and Bebe theatre").
_SHARED = frozenset({"theatre", "theater", "front", "fronts", "theatres", "theaters"})
_AND = re.compile(r"\s*,*\s+and\b[\s,]+(?:the,?\s+)?|\s*,[\s,]*(?:and[\s,]+)?(?:the\s+)?", re.I)


def read_conflict(box: Infobox) -> tuple[Conflict, PartialFacts]:
    """The conflict as its fields describe it, and the places that they name."""
    names = [remove_residue(field.value) for field in box.fields_of_kind("conflict")]
    wars = [(field, *read_part_of(field.value, box.title)) for field in box.fields_of_kind("partof")]
    dates = [(field, *read_date(field.value)) for field in box.fields_of_kind("date")]
    points = [(field, *read_coordinates(field.value)) for field in box.fields_of_kind("coordinates")]
    located = [(field, *read_coordinates(field.value)) for field in box.fields_of_kind("place", "location")]
    places = [read_places(rest) for _, _, rest in located]
    conflict = Conflict(
        id=conflict_id(box.title),
        name=box.title,
        type=classify_conflict(box.title),
        names=tuple(name for name in names if name != box.title),
        part_of=tuple(war for _, field_wars, _ in wars for war in field_wars),
        interval=dates[0][1] if dates else Interval(),
        coordinates=next((point for _, point, _ in (*points, *located) if point), None),
        causes=_read_all_statements(box, "casus"),
        notes=tuple(dict.fromkeys(_collect_notes(box, dates, places))),
        places=tuple(dict.fromkeys(ref for read in places for ref in read.conflict_places)),
        results=tuple(
            text for text in _read_all_statements(box, "result", "status") if text.lower() not in word_list("nothing")
        ),
        territory=_read_all_statements(box, "territory"),
        passages=tuple(field.passage.id for field in box.fields_of_kind(*CONFLICT_FIELDS)),
    )
    unread = [(field, words) for field, _, words in wars]
    unread += [(field, [rest]) for field, interval, rest in dates if rest and interval == Interval()]
    unread += [(field, [rest]) for field, _, rest in points if rest]
    return conflict, PartialFacts(
        entities=tuple(place for read in places for place in read.places),
        unread=tuple(text for field, words in unread for text in mark_unread(field, words)),
    )


def _read_all_statements(box: Infobox, *kinds: str) -> tuple[str, ...]:
    return tuple(text for field in box.fields_of_kind(*kinds) for text in read_statements(field.value))


def _collect_notes(
    box: Infobox, dates: list[tuple[BoxField, Interval, str]], places: list[PlacesRead]
) -> Iterator[str]:
    """The notes, and the words beside dates and places."""
    for field in box.fields_of_kind("notes", "note"):
        lines = map(remove_residue, re.split(r"[\r\n]+[\s*#]*|^[\s*#]+", field.value))
        yield from filter(None, lines)
    yield from (rest for _, interval, rest in dates if rest and interval != Interval())
    yield from (remark for read in places for remark in read.remarks)


def classify_conflict(title: str) -> str:
    """The class by the head of a title: "First Battle of X" is a Battle, "Fall of X" only a MilitaryConflict."""
    name = re.sub(r"\([^()]*\)", "", title).lower()
    head = re.split(r"\s+(?:of|for|in|into|on|at|against|near|from|to)\s+", name.strip())[0].split()
    if head[:1] == ["operation"]:  # a name follows: "Operation Pedestal"
        head = head[:1]
    while len(head) > 1 and re.fullmatch(r"[ivx]+|\d+", head[-1]):
        head.pop()
    return str(word_tables()["conflict"]["types"].get("".join(head[-1:]), "MilitaryConflict"))


def read_part_of(value: str, title: str) -> tuple[list[tuple[Ref, str]], list[str]]:
    """The conflicts in a value, joined by "and" or commas, and words that are none ("the aftermath of …").

    "The Aba Campaign of the Ceded War" is one conflict: without the war its name may be that of another.
    """
    names = [_ARTICLE.sub("", name) for name in _split_names(value)]
    wars = [name for name in names if not name.lower().startswith("aftermath") and not _is_same_conflict(name, title)]
    refs = {conflict_id(name): name for name in wars}
    return list(refs.items()), [name for name in names if name not in wars]


def _is_same_conflict(a: str, b: str) -> bool:
    """Whether two names differ only in the order of their words, or in a year that one of them lacks."""
    words_a, words_b = (frozenset(fold(name).split("-")) for name in (a, b))
    only_a, only_b = words_a - words_b, words_b - words_a
    return all(word.isdigit() for word in only_a | only_b) and not (only_a and only_b)


def _split_names(value: str) -> list[str]:
    """The parts of the value on both sides of an "and" or comma that joins two names with a word for a conflict."""
    text = ", ".join(entry.words for entry in read_list(value))
    names: list[str] = []
    is_complete = False  # whether the last name has a word for a conflict
    for joint, part in zip(["", *_AND.findall(text)], _AND.split(text), strict=True):
        has_word = _has_conflict_word(part)
        begins_name = is_complete and has_word and ("and" not in joint or _joins_conflicts(names[-1], part))
        if names and not begins_name:
            names[-1] += joint + part
            is_complete = is_complete or has_word
        else:
            names.append(part)
            is_complete = has_word
    return [stripped for name in names if (stripped := name.strip(" ,."))]


def _joins_conflicts(before: str, after: str) -> bool:
    """Whether the "and" between the texts joins two conflicts, not two words of one ("in the Aba and Bebe theatre")."""
    head = _PREPOSITION.split(after, maxsplit=1)[0]
    is_shared = head.lower().rpartition(" ")[2] in _SHARED and _PREPOSITION.search(before)
    return _has_conflict_word(head) and not is_shared


def _has_conflict_word(text: str) -> bool:
    words = word_list("conflict", "words", "heads")
    return not words.isdisjoint(re.split(r"[\W_]+", text.lower()))


def read_statements(value: str) -> list[str]:
    """The statements in a value about results or territory.

    Line ends and stars separate statements; a comma does if a clause begins after it: with a capital, and with a verb
    before the next comma.
    """
    statements: list[str] = []
    for line in _LINE_END.split(value):
        parts = [p for p in _BEFORE_CAPITAL.split(remove_residue(line)) if p.strip(" ,.;")]
        clauses: list[str] = []
        for part in parts:
            if clauses and not _begins_statement(part):
                clauses[-1] += f", {part}"
            else:
                clauses.append(part)
        statements += clauses
    return [statement.strip(" ,.;") for statement in statements]


def _begins_statement(part: str) -> bool:
    lower = part.lower()
    first = lower.split()[0]
    clause = lower if first in word_list("results", "determiners") else _RELATIVE.split(lower, maxsplit=1)[0]
    has_verb = not word_list("results", "verbs").isdisjoint(re.split(r"[\W_]+", clause))
    return has_verb or first in word_list("results", "nouns")
