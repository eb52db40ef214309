"""The conflict itself: its class, the wars it is part of, what came of it."""

import re
from collections.abc import Iterator

from hamakg.extract.infobox.box import Box, Part, unread
from hamakg.extract.infobox.coordinates import read_coordinates
from hamakg.extract.infobox.dates import read_date
from hamakg.extract.infobox.items import read_items, without_residue
from hamakg.extract.infobox.places import read_places
from hamakg.extract.infobox.words import listed, words
from hamakg.model import Conflict, Entity, Interval, Ref
from hamakg.rdf.ids import conflict_id, fold

ABOUT = (
    *("conflict", "partof", "date", "place", "location", "coordinates", "result", "status", "territory"),
    *("casus", "notes", "note"),
)
"""The fields that tell of the conflict itself."""

_ARTICLE = re.compile(r"(?i)^(?:the|a|an)\s+")
_LINE_END = re.compile(r"[\r\n]+[\s*]*|(?:^|,)\s*\*+\s*")
_BEFORE_CAPITAL = re.compile(r"[,.;\s]*,\s+(?=[\"“'‘]?[A-ZÀ-Þ0-9])")
_RELATIVE = re.compile(r"(?i),|\b(?:which|who|that|where|including)\b")
_PREPOSITION = re.compile(r"\s(?:of|in|during|for|on)\s")
# Heads before which "and" joins two of their words.
_SHARED = frozenset({"theatre", "theater", "front", "fronts", "theatres", "theaters"})
_AND = re.compile(r"\s*,*\s+and\b[\s,]+(?:the,?\s+)?|\s*,[\s,]*(?:and[\s,]+)?(?:the\s+)?", re.I)


def read_conflict(box: Box) -> tuple[Conflict, Part]:
    """The conflict as its own fields describe it, with the places they name."""
    named = [(slot, without_residue(slot.value)) for slot in box.of("conflict")]
    wars = [(slot, read_part_of(slot.value, box.title)) for slot in box.of("partof")]
    dates = [(slot, read_date(slot.value)) for slot in box.of("date")]
    points = [(slot, *read_coordinates(slot.value)) for slot in box.of("coordinates")]
    located = [(slot, *read_coordinates(slot.value)) for slot in box.of("place", "location")]
    places = [read_places(value) for _, _, value in located]
    conflict = Conflict(
        id=conflict_id(box.title),
        name=box.title,
        type=conflict_type(box.title),
        names=tuple(name for _, name in named if name != box.title),
        part_of=tuple(war for _, (found, _) in wars for war in found),
        interval=dates[0][1][0] if dates else Interval(),
        coordinates=next((point for _, point, _ in (*points, *located) if point), None),
        causes=tuple(text for slot in box.of("casus") for text in read_statements(slot.value)),
        notes=tuple(dict.fromkeys(_notes(box, [read for _, read in dates], places))),
        places=tuple(dict.fromkeys(ref for _, own, _ in places for ref in own)),
        results=tuple(
            text
            for slot in box.of("result", "status")
            for text in read_statements(slot.value)
            if text.lower() not in listed("nothing")
        ),
        territory=tuple(text for slot in box.of("territory") for text in read_statements(slot.value)),
        passages=tuple(slot.passage.id for slot in box.of(*ABOUT)),
    )
    missed = [(slot, left) for slot, (_, left) in wars]
    missed += [(slot, [left]) for slot, (interval, left) in dates if left and interval == Interval()]
    missed += [(slot, [left]) for slot, _, left in points if left]
    return conflict, Part(
        entities=tuple(place for found, _, _ in places for place in found),
        unread=tuple(found for slot, left in missed for found in unread(slot, left)),
    )


def _notes(
    box: Box, dates: list[tuple[Interval, str]], places: list[tuple[list[Entity], list[Ref], list[str]]]
) -> Iterator[str]:
    """What the notes say, and what is said beside the dates and the places."""
    for slot in box.of("notes", "note"):
        yield from (line for line in map(without_residue, re.split(r"[\r\n]+[\s*#]*|^[\s*#]+", slot.value)) if line)
    yield from (left for interval, left in dates if left and interval != Interval())
    yield from (remark for _, _, remarks in places for remark in remarks)


def conflict_type(title: str) -> str:
    """The class that a title's head word tells: "First Battle of X" is a Battle, "Fall of X" a plain conflict."""
    name = re.sub(r"\([^()]*\)", "", title).lower()
    head = re.split(r"\s+(?:of|for|in|into|on|at|against|near|from|to)\s+", name.strip())[0].split()
    if head[:1] == ["operation"]:  # its name follows: "Operation Pedestal"
        head = head[:1]
    while len(head) > 1 and re.fullmatch(r"[ivx]+|\d+", head[-1]):
        head.pop()
    return str(words()["conflict"]["types"].get("".join(head[-1:]), "MilitaryConflict"))


def read_part_of(value: str, title: str) -> tuple[list[tuple[Ref, str]], list[str]]:
    """The conflicts that a value joins by "and" or commas, and words that name none ("the aftermath of …").

    "The Aba Campaign of the Ceded War" is one: without the war, its name may be that of another.
    """
    names = [_ARTICLE.sub("", name) for name in _joined_names(value)]
    found = [name for name in names if not name.lower().startswith("aftermath") and not _same_conflict(name, title)]
    refs = {conflict_id(name): name for name in found}
    return list(refs.items()), [name for name in names if name not in found]


def _same_conflict(a: str, b: str) -> bool:
    """Whether two names are one but for the order of words and a year that one of them lacks."""
    all_a, all_b = (frozenset(fold(name).split("-")) for name in (a, b))
    only_a, only_b = all_a - all_b, all_b - all_a
    return all(word.isdigit() for word in only_a | only_b) and not (only_a and only_b)


def _joined_names(value: str) -> list[str]:
    """The value cut where "and" or a comma joins two names that each have a word for a conflict."""
    text = ", ".join(item.words for item in read_items(value))
    names: list[list[str]] = []
    whole = False
    for joint, piece in zip(["", *_AND.findall(text)], _AND.split(text), strict=True):
        named = _names_conflict(piece)
        if names and not (whole and named and ("and" not in joint or _is_apart("".join(names[-1]), piece))):
            names[-1] += [joint, piece]
        else:
            names.append([piece])
            whole = False
        whole = whole or named
    return [name for name in ("".join(pieces).strip(" ,.") for pieces in names) if name]


def _is_apart(before: str, after: str) -> bool:
    """Whether "and" joins two conflicts, not two words of one ("in the Aba and Bebe theatre")."""
    head = _PREPOSITION.split(after)[0]
    shared = head.lower().rpartition(" ")[2] in _SHARED and _PREPOSITION.search(before)
    return _names_conflict(head) and not shared


def _names_conflict(text: str) -> bool:
    heads = listed("conflict", "words", "heads")
    return not heads.isdisjoint(re.split(r"[\W_]+", text.lower()))


def read_statements(value: str) -> list[str]:
    """The statements of a result or of territory, one each; commas inside a statement do not cut it.

    A line end or a star cuts; a comma cuts where a new clause begins: a capital, and a verb before the next comma.
    """
    statements: list[str] = []
    for line in _LINE_END.split(value):
        parts = [p for p in _BEFORE_CAPITAL.split(without_residue(line)) if p.strip(" ,.;")]
        clauses: list[str] = []
        for part in parts:
            if clauses and not _begins_statement(part):
                clauses[-1] += f", {part}"
            else:
                clauses.append(part)
        statements += clauses
    return [statement.strip(" ,.;") for statement in statements]


def _begins_statement(part: str) -> bool:
    low = part.lower()
    first = low.split()[0]
    clause = low if first in listed("results", "determiners") else _RELATIVE.split(low)[0]
    return first in listed("results", "nouns") or not listed("results", "verbs").isdisjoint(re.split(r"[\W_]+", clause))
