"""Reads where the conflict was: one or several places, with the districts, provinces and states around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from hamakg.extract.infobox.items import ListEntry, read_list
from hamakg.extract.infobox.words import build_alternation, word_list, word_tables
from hamakg.model import Entity, EntityKind, Ref
from hamakg.naming.place_kinds import kind_words
from hamakg.naming.states import states_by_lowercase_word
from hamakg.rdf.ids import entity_id

_DISTRICT_RANK, _STATE_RANK = 2, 4  # as in the table of places; a settlement has 1
_AND = re.compile(r"\s+(?:and|&)\s+")


@dataclass(frozen=True, slots=True)
class PlacesRead:
    """The places that a value names, which of them are the conflict's own, and the words beside them."""

    places: tuple[Entity, ...]
    conflict_places: tuple[Ref, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Level:
    """Names on one level of places, between two commas: ("Aleppo Governorate", "Raqqa Governorate").

    ``parent`` is the place of the entry that they are listed under; ``is_starred`` is whether stars begin their line.
    """

    names: tuple[str, ...]
    rank: int
    is_starred: bool = False
    parent: Ref | None = None


def read_places(value: str) -> PlacesRead:
    """The places in a value.

    "Northern Hama Governorate, Southern Idlib Governorate" are two places of the conflict. "Fallujah, Anbar
    Governorate, Iraq" is one, Fallujah: the others contain it. Words such as "near Fallujah" are remarks.
    """
    all_entries = read_list(value)
    entries = [entry for entry in all_entries if not _vicinity_pattern().match(entry.name)]
    places: list[Entity] = []
    conflict_places: list[Ref] = []
    for chain in _make_chains(entries, all_entries):
        chain_places = list(_make_places(chain))
        places += chain_places
        conflict_places += [place.id for place in chain_places[-len(chain[0].names) :]]
    vicinities = [entry.words for entry in all_entries if entry not in entries]
    remarks = [r for entry in entries for r in entry.remarks if r not in _find_states_in_brackets(entry)]
    return PlacesRead(tuple(places), tuple(dict.fromkeys(conflict_places)), (*vicinities, *remarks))


@cache
def _vicinity_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:{build_alternation(word_list('place', 'beside'))})\s", re.I)


def _make_chains(entries: list[ListEntry], all_entries: list[ListEntry]) -> list[list[_Level]]:
    """Chains of levels from small to large, each inside the next.

    A new chain begins with a starred line, with a district or larger area that is not larger than the level before it,
    and after a state: seas and continents do not contain states.
    """
    chains: list[list[_Level]] = []
    for level in _read_levels(entries, all_entries):
        last = chains[-1][-1].rank if chains else 0
        is_not_larger = (_DISTRICT_RANK <= level.rank <= last or last == _STATE_RANK) and level.rank < _STATE_RANK
        if not chains or level.is_starred or is_not_larger:
            chains.append([])
        chains[-1].append(level)
    return chains


def _read_levels(entries: list[ListEntry], all_entries: list[ListEntry]) -> list[_Level]:
    """The levels in order; names that share a head are on one level: "Aleppo, Hasakah, and Raqqa governorates"."""
    levels: list[_Level] = []
    for entry in entries:
        text, state = _split_off_state(entry.name.removeprefix("the "))
        follows_and = text.lower().startswith("and ")
        names = _split_names(entry)
        head = names[-1].split()[-1]
        kind = kind_words().get(head.lower())
        has_shared_head = kind is not None and kind.plural and len(names) > 1
        ends_list = entry is entries[-1] and len(names) > 1 and _find_rank(names[-1]) == 1
        if follows_and or ends_list or has_shared_head:
            are_states = follows_and and all(level.rank == _STATE_RANK for level in levels)
            while levels and (levels[-1].rank == 1 or are_states):
                names = [*levels.pop().names, *names]
        if kind and kind.plural and len(names) > 1:
            names = [f"{name} {head.removesuffix('s')}" for name in (*names[:-1], names[-1].removesuffix(head).strip())]
        parents = [] if entry.parent is None else _split_names(all_entries[entry.parent])
        parent = entity_id(EntityKind.PLACE, parents[0]) if len(parents) == 1 else None
        levels.append(_Level(tuple(names), _find_rank(names[-1]), is_starred=bool(entry.depth), parent=parent))
        states = [state] if state else _find_states_in_brackets(entry)
        levels += [_Level((state,), _STATE_RANK) for state in states]
    return levels


def _find_states_in_brackets(entry: ListEntry) -> list[str]:
    """The states in brackets after a place, which contain it: "Roermond (Netherlands)"."""
    return [remark for remark in entry.remarks if remark.lower() in states_by_lowercase_word()]


def _split_names(entry: ListEntry) -> list[str]:
    """The names in an entry, without a state after them and the words "the" and "and" before them."""
    return _split_at_and(_split_off_state(entry.name.removeprefix("the "))[0].removeprefix("and "))


def _split_off_state(name: str) -> tuple[str, str | None]:
    """A name and a state after it, without a comma between them: "southern Aleppo Governorate Syria"."""
    area, _, last = name.rpartition(" ")
    is_area = last.lower() in states_by_lowercase_word() and area and 1 < _find_rank(area) < _STATE_RANK
    return (area, last) if is_area else (name, None)


def _split_at_and(text: str) -> list[str]:
    """The names joined by "and": two in "Fallujah and Al-Karmah", one in "Al Qusayr and its district"."""
    parts = _AND.split(text)
    is_one = text.lower() in states_by_lowercase_word() or not all(_is_name(part) for part in parts)
    return [text] if is_one else parts


def _is_name(text: str) -> bool:
    """Whether the text has a word with a capital that is not only a direction ("Eastern")."""
    return any(w[:1].isupper() and not w.lower().endswith("ern") and w.lower() != "central" for w in text.split())


def _find_rank(name: str) -> int:
    lower = name.lower()
    last = lower.split()[-1]
    if lower in states_by_lowercase_word() or last in word_list("actors", "state"):
        return _STATE_RANK
    return int(word_tables()["place"]["ranks"].get(last, 1))


def _make_places(chain: list[_Level]) -> Iterator[Entity]:
    """The places of a chain, the largest first, each within the one before."""
    container = chain[0].parent
    for index, level in reversed(list(enumerate(chain))):
        within = container
        for name in level.names:
            full_name = ", ".join((name, *(larger.names[0] for larger in chain[index + 1 :])))
            has_full_name = len(level.names) == 1 and not index and full_name != name
            place = Entity(
                id=entity_id(EntityKind.PLACE, name),
                name=name,
                kind=EntityKind.PLACE,
                names=(full_name,) if has_full_name else (),
                kind_word=_find_kind_word(name),
                within=within,
            )
            container = place.id if len(level.names) == 1 else within
            yield place


def _find_kind_word(name: str) -> str | None:
    last = name.lower().split()[-1]
    return last if last in kind_words() and last != name.lower() and not _AND.search(name) else None
