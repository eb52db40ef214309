"""Extracts the facts of an infobox: the conflict, its sides, order of battle, commanders, strengths and losses."""

from dataclasses import replace

from hamakg.extract.infobox.actors import merge_entities
from hamakg.extract.infobox.box import LONGEST_VALUE, Infobox, PartialFacts, build_infobox, combine, mark_unread
from hamakg.extract.infobox.conflict import CONFLICT_FIELDS, read_conflict
from hamakg.extract.infobox.reports import ReportContext, make_loss_reports, make_strength_reports
from hamakg.extract.infobox.sides import merge_sides, read_sides
from hamakg.extract.infobox.sources import map_camp_words
from hamakg.extract.infobox.words import word_list
from hamakg.model import Article, InfoboxFacts, Unread

__all__ = ["extract_infobox"]

_PARTY_FIELDS = ("combatant", "unit", "commander", "strength", "casualties")


def extract_infobox(article: Article) -> InfoboxFacts:
    """The facts of the article's infobox; a pure function of the article.

    Without fields there is only a conflict named by the title. Words that were not understood, and unknown fields, are
    in ``unread`` with the name of their field.
    """
    box = build_infobox(article)
    conflict, places = read_conflict(box)
    sides, roster = read_sides(box)
    context = ReportContext(
        slug=box.slug,
        roster=roster,
        sides={side.number: side for side in sides.sides},
        camps=map_camp_words(sides.sides, merge_entities(sides.entities)),
        during=conflict.interval,
    )
    facts = combine(
        [
            places,
            sides,
            *(make_strength_reports(field, context) for field in box.fields_of_kind("strength")),
            *(make_loss_reports(field, context) for field in box.fields_of_kind("casualties")),
            PartialFacts(unread=_find_unknown_fields(box)),
        ]
    )
    return InfoboxFacts(
        conflict=replace(conflict, casualties=tuple(report.id for report in facts.casualties)),
        entities=merge_entities(facts.entities),
        sides=merge_sides(facts.sides),
        participations=facts.participations,
        commands=facts.commands,
        strengths=facts.strengths,
        casualties=facts.casualties,
        equipment=facts.equipment,
        claims=facts.claims,
        passages=tuple(field.passage for field in box.fields_of_kind(*CONFLICT_FIELDS, *_PARTY_FIELDS)),
        unread=tuple(dict.fromkeys(facts.unread)),
    )


def _find_unknown_fields(box: Infobox) -> tuple[Unread, ...]:
    """The fields that no step reads, including those that are too long, but without those that are ignored."""
    known = {*CONFLICT_FIELDS, *_PARTY_FIELDS}
    unknown = (f for f in box.fields if f.kind not in known and f.name not in word_list("ignored_fields"))
    return tuple(unread for field in unknown for unread in mark_unread(field, [_shorten(field.value)]))


def _shorten(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else f"{value[:80]}… ({len(value):,} characters, too long for a field)"
