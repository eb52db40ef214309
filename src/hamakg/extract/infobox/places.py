"""Where the conflict was: places, several or one, with the districts, provinces and states around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from hamakg.extract.infobox.items import Item, read_items
from hamakg.extract.infobox.words import alternatives, listed, words
from hamakg.model import Entity, EntityKind, Ref
from hamakg.naming.place_kinds import kind_words
from hamakg.naming.states import state_words
from hamakg.rdf.ids import entity_id

_DISTRICT_RANK, _STATE_RANK = 2, 4  # as in the table of places; a settlement has 1
_AND = re.compile(r"\s+(?:and|&)\s+")


@dataclass(frozen=True, slots=True)
class _Segment:
    """Names on one level, between two commas: ("Aleppo Governorate", "Raqqa Governorate").

    ``above`` is the place in whose list they stand.
    """

    names: tuple[str, ...]
    rank: int
    new: bool = False
    above: Ref | None = None


def read_places(value: str) -> tuple[list[Entity], list[Ref], list[str]]:
    """All places that a value names, which of them are the conflict's own, and what else is said of them.

    "Northern Hama Governorate, Southern Idlib Governorate" are two; of "Fallujah, Anbar Governorate, Iraq" the later
    lie around the first, which alone is the conflict's own. What is near a place ("near Fallujah") is said beside it.
    """
    given = read_items(value)
    items = [item for item in given if not _beside().match(item.name)]
    entities: list[Entity] = []
    own: list[Ref] = []
    for chain in _chains(items, given):
        places = list(_entities(chain))
        entities += places
        own += [place.id for place in places[-len(chain[0].names) :]]
    remarks = [remark for item in items for remark in item.remarks if remark not in _states_beside(item)]
    beside = [item.words for item in given if item not in items]
    return entities, list(dict.fromkeys(own)), [*beside, *remarks]


@cache
def _beside() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words()['place']['beside'])})\s", re.I)


def _chains(items: list[Item], given: list[Item]) -> list[list[_Segment]]:
    """The segments from small to large; a new chain begins where one is no larger than the district before it.

    So it does after a state, for seas and continents are no places around a state.
    """
    chains: list[list[_Segment]] = []
    for segment in _segments(items, given):
        last = chains[-1][-1].rank if chains else 0
        smaller = (_DISTRICT_RANK <= segment.rank <= last or last == _STATE_RANK) and segment.rank < _STATE_RANK
        if not chains or segment.new or smaller:
            chains.append([])
        chains[-1].append(segment)
    return chains


def _segments(items: list[Item], given: list[Item]) -> list[_Segment]:
    """The levels in order, names that share a head word together: "Aleppo, Hasakah, and Raqqa governorates"."""
    segments: list[_Segment] = []
    for item in items:
        text, state = _glued_state(item.name.removeprefix("the "))
        joined = text.lower().startswith("and ")
        names = _coordinated(text.removeprefix("and "))
        head = names[-1].split()[-1]
        kind = kind_words().get(head.lower())
        last = item is items[-1] and len(names) > 1 and _rank(names[-1]) == 1
        if joined or last or (kind and kind.plural and len(names) > 1):
            states = joined and all(segment.rank == _STATE_RANK for segment in segments)
            while segments and (segments[-1].rank == 1 or states):
                names = [*segments.pop().names, *names]
        if kind and kind.plural and len(names) > 1:
            names = [f"{name} {head.removesuffix('s')}" for name in (*names[:-1], names[-1].removesuffix(head).strip())]
        above = entity_id(EntityKind.PLACE, given[item.parent].name) if item.parent is not None else None
        segments.append(_Segment(tuple(names), _rank(names[-1]), new=bool(item.depth), above=above))
        segments += [_Segment((state,), _STATE_RANK) for state in ([state] if state else _states_beside(item))]
    return segments


def _states_beside(item: Item) -> list[str]:
    """The states in brackets after a place, in which it lies: "Roermond (Netherlands)"."""
    return [remark for remark in item.remarks if remark.lower() in state_words()]


def _glued_state(name: str) -> tuple[str, str | None]:
    """A name and the state after it whose comma is lost: "southern Aleppo Governorate Syria"."""
    area, _, last = name.rpartition(" ")
    glued = last.lower() in state_words() and area and 1 < _rank(area) < _STATE_RANK
    return (area, last) if glued else (name, None)


def _coordinated(text: str) -> list[str]:
    """The names that "and" joins: "Fallujah and Al-Karmah", but not "Al Qusayr and its district"."""
    parts = _AND.split(text)
    whole = text.lower() in state_words() or not all(_is_name(part) for part in parts)
    return [text] if whole else parts


def _is_name(text: str) -> bool:
    """Whether a capital stands in the text that begins more than a direction ("Eastern")."""
    return any(w[:1].isupper() and not w.lower().endswith("ern") and w.lower() != "central" for w in text.split())


def _rank(name: str) -> int:
    low = name.lower()
    if low in state_words() or low.split()[-1] in listed("actors", "state"):
        return _STATE_RANK
    return int(words()["place"]["ranks"].get(low.split()[-1], 1))


def _entities(chain: list[_Segment]) -> Iterator[Entity]:
    """The places of a chain, the largest first, each within the one around it."""
    around = chain[0].above
    for depth, segment in reversed(list(enumerate(chain))):
        within = around
        for name in segment.names:
            whole = ", ".join((name, *(s.names[0] for s in chain[depth + 1 :])))
            alone = len(segment.names) == 1 and not depth and whole != name
            place = Entity(
                id=entity_id(EntityKind.PLACE, name),
                name=name,
                kind=EntityKind.PLACE,
                names=(whole,) if alone else (),
                kind_word=_kind_word(name),
                within=within,
            )
            around = place.id if len(segment.names) == 1 else within
            yield place


def _kind_word(name: str) -> str | None:
    last = name.lower().split()[-1]
    return last if last in kind_words() and last != name.lower() and not _AND.search(name) else None
