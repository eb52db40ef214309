"""The whole of a linking: decisions first, then what the sources offer, then a verdict on each thing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from hamakg.link.decide import decided, likely, possible
from hamakg.link.items import WIKIDATA, Item
from hamakg.link.likeness import agreement
from hamakg.link.surroundings import surroundings
from hamakg.link.things import Thing
from hamakg.model import EntityLink, LinkStatus, Ref

Offer = Callable[[Sequence[Thing]], Mapping[Ref, Sequence[Item]]]
"""A source: the items that it has for some things."""

_SAME_LABEL = 0.85
_STYLE = 0.05  # of no weight between two names: case, accents, the style of an office


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things of one kind (a class of the ontology) are linked to Wikidata, have candidates, have none."""

    kind: str
    accepted: int
    proposed: int
    none: int


@dataclass(frozen=True, slots=True)
class Linking:
    """What one run found: the links by their subjects, what came of each kind, what it could not use, a line each."""

    links: tuple[EntityLink, ...]
    tallies: tuple[Tally, ...] = ()
    notes: tuple[str, ...] = ()


def linked(things: Mapping[Ref, Thing], decisions: Iterable[EntityLink], sources: Iterable[Offer] = ()) -> Linking:
    """The links of these things: what was decided stands, the rest is what the sources together give grounds for.

    A pure function of things, decisions and what the sources offer: the order of decisions and sources plays no part,
    and a decision bears on no link but those of its subject. One about a thing that is not there, or is called
    otherwise now, is left out; the latter is noted.
    """
    kept, notes = standing(decisions, lambda ref: things[ref].names if ref in things else ())
    named = _named(things)
    offered = _together([source(named) for source in sources])
    found = {thing.ref: possible(thing, offered.get(thing.ref, ())) for thing in named}
    around = surroundings(things, {ref: likely(items) for ref, items in found.items() if things[ref].is_place})
    verdicts = {ref: decided(things[ref], items, around) for ref, items in found.items()}
    taken = {link.object for links in verdicts.values() for link in links if _by_label(link)}
    for ref, ids in _rejected(kept).items():
        verdicts[ref] = decided(things[ref], [one for one in found.get(ref, ()) if one.item.id not in ids], around)
    settled = {link.subject for link in kept if link.status is LinkStatus.ACCEPTED and link.object.startswith(WIKIDATA)}
    open_ = [link for ref, links in verdicts.items() if ref not in settled for link in links]
    told = {link.ends: link for link in (*(_lent(link, taken) for link in open_), *kept)}
    links = tuple(told[key] for key in sorted(told))
    return Linking(links, tuple(_tallies(things, links)), tuple(notes))


def asked(things: Mapping[Ref, Thing], sources: Iterable[Offer]) -> list[Offer]:
    """The sources as they answer now: who asks them again, later, is told the same."""
    return [partial(_told, source(_named(things))) for source in sources]


def _told(offered: Mapping[Ref, Sequence[Item]], things: Sequence[Thing]) -> Mapping[Ref, Sequence[Item]]:
    return {thing.ref: offered[thing.ref] for thing in things if thing.ref in offered}


def _named(things: Mapping[Ref, Thing]) -> list[Thing]:
    return [thing for _, thing in sorted(things.items()) if thing.has_own_name]


def _rejected(decisions: Iterable[EntityLink]) -> Mapping[Ref, set[str]]:
    """Of each subject the ids of the items that it is not."""
    found: dict[Ref, set[str]] = defaultdict(set)
    for link in decisions:
        if link.status is LinkStatus.REJECTED:
            found[link.subject].add(link.object.removeprefix(WIKIDATA))
    return found


def _tallies(things: Mapping[Ref, Thing], links: Iterable[EntityLink]) -> Iterable[Tally]:
    status = {(link.subject, link.status) for link in links if link.object.startswith(WIKIDATA)}
    kinds: dict[str, list[Ref]] = defaultdict(list)
    for ref, thing in things.items():
        kinds[thing.kind].append(ref)
    for kind, refs in sorted(kinds.items()):
        accepted = {ref for ref in refs if (ref, LinkStatus.ACCEPTED) in status}
        proposed = {ref for ref in refs if (ref, LinkStatus.PROPOSED) in status} - accepted
        yield Tally(kind, len(accepted), len(proposed), len(refs) - len(accepted) - len(proposed))


def standing(
    decisions: Iterable[EntityLink], names_of: Callable[[Ref], Sequence[str]]
) -> tuple[list[EntityLink], list[str]]:
    """The decisions about what is there and is called as it was when they were made, and a line on each that is not."""
    kept, notes = [], []
    for link in decisions:
        names = names_of(link.subject)
        if names and link.label and agreement(names, [link.label]).score < _SAME_LABEL:
            notes.append(f"{link.subject} is {names[0]!r} here, {link.label!r} in the decisions: left out")
        elif names:
            kept.append(link)
    return kept, sorted(notes)


def _by_label(link: EntityLink) -> bool:
    """Whether the thing is accepted as the item by its label, not only by a name beside its own."""
    features = link.features
    return link.status is LinkStatus.ACCEPTED and features is not None and features.label >= features.name - _STYLE


def _lent(link: EntityLink, taken: set[str]) -> EntityLink:
    """An item that one thing is by its label is not accepted for another that only bears the name beside its own."""
    lent = link.status is LinkStatus.ACCEPTED and link.object in taken and not _by_label(link)
    return replace(link, status=LinkStatus.PROPOSED) if lent else link


def _together(offers: Iterable[Mapping[Ref, Sequence[Item]]]) -> Mapping[Ref, Sequence[Item]]:
    """What all sources offer, each item once, with what they say of it together."""
    found: dict[Ref, dict[str, Item]] = {}
    for offer in offers:
        for ref, items in offer.items():
            for item in items:
                there = found.setdefault(ref, {}).get(item.id)
                found[ref][item.id] = item if there is None else _merged(there, item)
    return {ref: [items[id_] for id_ in sorted(items)] for ref, items in found.items()}


def _merged(one: Item, other: Item) -> Item:
    """All that two sources say of an item; of what only one may say, what the one that knows more says."""
    more, less = sorted((one, other), key=_knowledge, reverse=True)
    return replace(
        more,
        aliases=tuple(dict.fromkeys((*more.aliases, *less.names))),
        types=more.types or less.types,
        point=more.point or less.point,
        country=more.country or less.country,
        description=more.description or less.description,
        source=more.source if more.point else less.source,
        linked=more.linked or less.linked,
    )


def _knowledge(item: Item) -> tuple[int, str]:
    return (bool(item.types) + bool(item.point) + bool(item.country) + len(item.names)), repr(item)
