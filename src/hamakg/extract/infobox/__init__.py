"""What an article's infobox says: the conflict, its sides, order of battle, commanders, strengths and losses."""

from dataclasses import replace

from hamakg.extract.infobox.actors import merge
from hamakg.extract.infobox.box import LONGEST, Box, Part, joined, open_box, unread
from hamakg.extract.infobox.conflict import ABOUT, read_conflict
from hamakg.extract.infobox.reports import Parties, casualty_reports, strength_reports
from hamakg.extract.infobox.sides import merge_sides, read_sides
from hamakg.extract.infobox.sources import camps
from hamakg.extract.infobox.words import listed
from hamakg.model import Article, InfoboxFacts, Unread

__all__ = ["extract_infobox"]

_OF_PARTIES = ("combatant", "unit", "commander", "strength", "casualties")


def extract_infobox(article: Article) -> InfoboxFacts:
    """The facts of the article's infobox, a pure function of the article.

    An article without fields gives its conflict by the title alone. What was not understood, unknown fields among it,
    stands in ``unread`` by the field's name.
    """
    box = open_box(article)
    conflict, about = read_conflict(box)
    sides, roster = read_sides(box)
    parties = Parties(
        slug=box.slug,
        roster=roster,
        sides={side.number: side for side in sides.sides},
        camps=camps(sides.sides, merge(sides.entities)),
        during=conflict.interval,
    )
    part = joined(
        [
            about,
            sides,
            *(strength_reports(slot, parties) for slot in box.of("strength")),
            *(casualty_reports(slot, parties) for slot in box.of("casualties")),
            Part(unread=_unknown(box)),
        ]
    )
    return InfoboxFacts(
        conflict=replace(conflict, casualties=tuple(report.id for report in part.casualties)),
        entities=merge(part.entities),
        sides=merge_sides(part.sides),
        participations=part.participations,
        commands=part.commands,
        strengths=part.strengths,
        casualties=part.casualties,
        equipment=part.equipment,
        claims=part.claims,
        passages=tuple(slot.passage for slot in box.of(*ABOUT, *_OF_PARTIES)),
        unread=tuple(dict.fromkeys(part.unread)),
    )


def _unknown(box: Box) -> tuple[Unread, ...]:
    """The fields that no step reads, overlong ones too, but for those known to say nothing of the fighting."""
    read = {*ABOUT, *_OF_PARTIES}
    slots = (slot for slot in box.slots if slot.kind not in read and slot.name not in listed("ignored_fields"))
    return tuple(found for slot in slots for found in unread(slot, [_shown(slot.value)]))


def _shown(value: str) -> str:
    return value if len(value) <= LONGEST else f"{value[:80]}… ({len(value):,} characters, too long for a field)"
