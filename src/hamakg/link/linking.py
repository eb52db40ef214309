"""Link all things of a graph: earlier decisions stand, the rest is decided from the items that the sources offer."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hamakg.link.decide import decide_links, find_candidates, select_likely_items
from hamakg.link.items import WIKIDATA, Item
from hamakg.link.name_similarity import best_agreement
from hamakg.link.surroundings import build_surroundings
from hamakg.link.things import Thing
from hamakg.model import EntityLink, LinkStatus, Ref

_MIN_LABEL_SIMILARITY = 0.85
"""Below this a thing is called differently now than in a decision, which then no longer applies."""

_STYLE_TOLERANCE = 0.05
"""A difference in similarity that only comes from case, accents or the style of an official name."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things of one class are linked to Wikidata, have proposed links only, and have neither."""

    class_name: str
    accepted: int
    proposed: int
    none: int


@dataclass(frozen=True, slots=True)
class LinkingResult:
    """What one run decided: all links in the order of their subjects and objects, and a tally of each class.

    ``notes`` has a line about each decision that no longer applies. ``items`` are those that the sources offered, by
    thing; see :func:`summarize_links`.
    """

    links: tuple[EntityLink, ...]
    tallies: tuple[Tally, ...] = ()
    notes: tuple[str, ...] = ()
    items: Mapping[Ref, Sequence[Item]] = field(default_factory=dict)


def link_things(
    things: Mapping[Ref, Thing], decisions: Iterable[EntityLink], items: Mapping[Ref, Sequence[Item]]
) -> LinkingResult:
    """Link the things to the ``items`` that the sources offer (see :func:`ask_sources`), by the decisions first.

    This is a pure function; the order of decisions does not matter, and a decision affects the links of its own subject
    only. A decision about a thing that is gone or has another name now is left out; the latter is noted.
    """
    valid, notes = select_valid_decisions(decisions, lambda ref: things[ref].names if ref in things else ())
    named = {ref: thing for ref, thing in sorted(things.items()) if thing.has_own_name}
    candidates = {ref: find_candidates(thing, items.get(ref, ())) for ref, thing in named.items()}
    likely = {ref: select_likely_items(found) for ref, found in candidates.items() if things[ref].is_place}
    around = build_surroundings(things, likely)
    decided = {ref: decide_links(thing, candidates[ref], around) for ref, thing in named.items()}
    # Taken before rejections count, or else a decision on one thing would change the links of another.
    taken = {link.object for links in decided.values() for link in links if _is_accepted_by_label(link)}
    for ref, rejected in _find_rejected(valid).items():
        left = [candidate for candidate in candidates.get(ref, ()) if WIKIDATA + candidate.item.id not in rejected]
        decided[ref] = decide_links(things[ref], left, around)
    settled = {link.subject for link in valid if link.status is LinkStatus.ACCEPTED and _is_to_wikidata(link)}
    by_ends = {
        link.ends: _propose_if_taken(link, taken)
        for ref, links in decided.items()
        if ref not in settled
        for link in links
    }
    by_ends |= {link.ends: link for link in valid}
    links = tuple(by_ends[ends] for ends in sorted(by_ends))
    return LinkingResult(links, tuple(_count_links(things, links)), tuple(notes), items)


def select_valid_decisions(
    decisions: Iterable[EntityLink], names_of: Callable[[Ref], Sequence[str]]
) -> tuple[list[EntityLink], list[str]]:
    """Return the decisions whose subject still has a similar name, and a line about each whose subject was renamed.

    ``names_of`` returns the names of a thing, its label first; none if the thing is gone.
    """
    valid, notes = [], []
    for link in decisions:
        names = names_of(link.subject)
        if names and link.label and best_agreement(names, [link.label]).score < _MIN_LABEL_SIMILARITY:
            notes.append(f"{link.subject} is {names[0]!r} here, {link.label!r} in the decisions: left out")
        elif names:
            valid.append(link)
    return valid, sorted(notes)


def _find_rejected(decisions: Iterable[EntityLink]) -> Mapping[Ref, set[str]]:
    """Return the IRIs that each subject was decided not to be."""
    rejected: dict[Ref, set[str]] = defaultdict(set)
    for link in decisions:
        if link.status is LinkStatus.REJECTED:
            rejected[link.subject].add(link.object)
    return rejected


def _is_to_wikidata(link: EntityLink) -> bool:
    return link.object.startswith(WIKIDATA)


def _is_accepted_by_label(link: EntityLink) -> bool:
    """Whether the thing is accepted as the item by its label, and not only by another of its names."""
    features = link.features
    is_by_label = features is not None and features.label >= features.name - _STYLE_TOLERANCE
    return link.status is LinkStatus.ACCEPTED and is_by_label


def _propose_if_taken(link: EntityLink, taken: set[str]) -> EntityLink:
    """Only propose an accepted link by another name if the item is already accepted for a thing by its label."""
    if link.status is LinkStatus.ACCEPTED and link.object in taken and not _is_accepted_by_label(link):
        return replace(link, status=LinkStatus.PROPOSED)
    return link


def _count_links(things: Mapping[Ref, Thing], links: Iterable[EntityLink]) -> Iterator[Tally]:
    statuses = {(link.subject, link.status) for link in links if _is_to_wikidata(link)}
    by_class: dict[str, list[Ref]] = defaultdict(list)
    for ref, thing in things.items():
        by_class[thing.main_class].append(ref)
    for class_name, refs in sorted(by_class.items()):
        accepted = {ref for ref in refs if (ref, LinkStatus.ACCEPTED) in statuses}
        proposed = {ref for ref in refs if (ref, LinkStatus.PROPOSED) in statuses} - accepted
        yield Tally(class_name, len(accepted), len(proposed), len(refs) - len(accepted) - len(proposed))


# ---------------------------------------------------------------- for people


@dataclass(frozen=True, slots=True)
class LinkSummary:
    """One link as a person reads it.

    ``sources`` names who offers the item (empty for a decision), ``grounds`` says in words why the link has its status.
    """

    label: str
    subject: Ref
    object_label: str
    object: str
    status: LinkStatus
    sources: tuple[str, ...]
    grounds: str

    @property
    def ends(self) -> tuple[Ref, str]:
        """What it links and to what, as :attr:`EntityLink.ends`."""
        return self.subject, self.object


def summarize_links(result: LinkingResult) -> list[LinkSummary]:
    """Return what a run decided, link by link, in the order of the result."""
    items = {(ref, WIKIDATA + item.id): item for ref, offered in result.items.items() for item in offered}
    summaries = []
    for link in result.links:
        item = items.get(link.ends) if link.features else None
        summaries.append(
            LinkSummary(
                label=link.label or link.subject,
                subject=link.subject,
                object_label=link.object_label,
                object=link.object,
                status=link.status,
                sources=item.offered_by if item else (),
                grounds=_describe_grounds(link, item),
            )
        )
    return summaries


def _describe_grounds(link: EntityLink, item: Item | None) -> str:
    features = link.features
    if features is None:
        day = f" on {link.date}" if link.date else ""
        return f"decided by {link.reviewer}{day}" if link.reviewer else "stands in the decisions"
    if item and item.linked_by_article and link.status is LinkStatus.ACCEPTED:
        return "an article links to the item's page"
    return (
        f"name {features.name:.2f}, class {features.type:.2f}, place or side {features.place:.2f},"
        f" {features.margin:.2f} ahead of the next item"
    )
