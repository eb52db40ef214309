"""Ask all sources for items, and merge what they say about the same item."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hamakg.link.items import Item
from hamakg.link.things import Thing
from hamakg.model import Ref


@dataclass(frozen=True, slots=True)
class ItemSource:
    """A source, and what it is called in reports; ``find_items`` returns the items that some things may be."""

    name: str
    find_items: Callable[[Sequence[Thing]], Mapping[Ref, Sequence[Item]]]


def ask_sources(things: Mapping[Ref, Thing], sources: Iterable[ItemSource]) -> dict[Ref, list[Item]]:
    """Return the items that the sources offer for the things that have a proper name, by id, each item once."""
    named = [thing for _, thing in sorted(things.items()) if thing.has_own_name]
    offered: dict[Ref, dict[str, Item]] = {}
    for source in sources:
        for ref, items in source.find_items(named).items():
            known = offered.setdefault(ref, {})
            for item in items:
                new = replace(item, offered_by=(source.name,))
                known[item.id] = _merge_items(known[item.id], new) if item.id in known else new
    return {ref: [items[id_] for id_ in sorted(items)] for ref, items in offered.items()}


def _merge_items(one: Item, other: Item) -> Item:
    """Combine two descriptions of an item; where only one value can stand, that of the richer description does."""
    richer, poorer = sorted((one, other), key=_richness, reverse=True)
    return replace(
        richer,
        aliases=tuple(dict.fromkeys((*richer.aliases, *poorer.names))),
        types=richer.types or poorer.types,
        point=richer.point or poorer.point,
        countries=richer.countries or poorer.countries,
        description=richer.description or poorer.description,
        coordinates_source=richer.coordinates_source if richer.point else poorer.coordinates_source,
        linked_by_article=richer.linked_by_article or poorer.linked_by_article,
        offered_by=tuple(sorted({*richer.offered_by, *poorer.offered_by})),
    )


def _richness(item: Item) -> tuple[int, str]:
    """Return how much is said of an item; the text decides between equals, so that the order of sources does not."""
    return bool(item.types) + bool(item.point) + bool(item.countries) + len(item.names), repr(item)
