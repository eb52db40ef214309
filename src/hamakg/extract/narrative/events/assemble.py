"""Drafts made into the model's values, with the ids that their evidence gives them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span

from hamakg.extract.narrative.events.attribution import Voucher
from hamakg.extract.narrative.events.counts import Casualty
from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.events.places import Relation
from hamakg.extract.narrative.events.triggers import has_event_word
from hamakg.extract.narrative.parse.pipeline import words_begin
from hamakg.extract.narrative.time.belonging import belongs
from hamakg.model import (
    Article,
    CasualtyReport,
    Claim,
    Event,
    EventType,
    Extent,
    Interval,
    Passage,
    Ref,
    Stance,
    Standing,
)
from hamakg.rdf.ids import event_id, fact_id, sentence_id


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the paragraph that begins at ``begin`` of the article, as a passage."""

    begin: int
    span: Span
    passage: Passage


@dataclass(frozen=True, slots=True)
class Facts:
    """What the events of an article become, and the passages that have a word for an event and tell none (silent)."""

    events: tuple[Event, ...]
    casualties: tuple[CasualtyReport, ...]
    claims: tuple[Claim, ...]
    passages: tuple[Passage, ...]
    silent: tuple[Ref, ...]


def assemble(article: Article, conflict: Interval, docs: Sequence[tuple[int, Doc]], drafts: Sequence[Draft]) -> Facts:
    """The facts of an article's drafts; ``docs`` are its paragraphs with where they begin.

    Every sentence becomes a passage, whether or not it tells an event: events may quote later ones.
    """
    sentences = _find_sentences(article, docs)
    by_start = {(sentence.begin, sentence.span.start): sentence.passage for sentence in sentences}
    by_offset = {sentence.passage.begin: sentence.passage.id for sentence in sentences}
    told = [(draft, by_start[draft.begin, draft.sentence.start]) for draft in drafts]
    made = [
        _make_event(draft, passage, ref, article, conflict, by_offset)
        for (draft, passage), ref in zip(told, _number_events(article.slug, told), strict=True)
    ]
    telling = {passage.id for _, passage in told}
    return Facts(
        events=tuple(event for event, _, _ in made),
        casualties=tuple(report for _, reports, _ in made for report in reports),
        claims=tuple(claim for _, _, claims in made for claim in claims),
        passages=tuple(sentence.passage for sentence in sentences),
        silent=tuple(s.passage.id for s in sentences if s.passage.id not in telling and has_event_word(s.span)),
    )


def _find_sentences(article: Article, docs: Sequence[tuple[int, Doc]]) -> list[Sentence]:
    seen, found = Counter[str](), list[Sentence]()
    for begin, doc in docs:
        for span in doc.sents:
            if length := len(span.text.strip()):
                first = begin + words_begin(span)
                text = article.text[first : first + length]
                passage = Passage(sentence_id(article.slug, text, seen[text]), text, first, first + length)
                seen[text] += 1
                found.append(Sentence(begin, span, passage))
    return found


def _number_events(slug: str, told: Sequence[tuple[Draft, Passage]]) -> list[Ref]:
    """An id for each event; equal words for one type in equal sentences are told apart by their order."""
    seen, refs = Counter[tuple[str, str, str]](), list[Ref]()
    for draft, passage in told:
        key = (passage.text, draft.type.value, draft.token.text)
        refs.append(event_id(slug, *key, seen[key]))
        seen[key] += 1
    return refs


def _make_event(
    draft: Draft, passage: Passage, ref: Ref, article: Article, conflict: Interval, by_offset: Mapping[int, Ref]
) -> tuple[Event, list[CasualtyReport], list[Claim]]:
    """The event of a draft, its casualty reports, and the claims about it; a denial elsewhere is told there."""
    standing = standing_of(draft.vouchers)
    reports = [
        _make_report(article.slug, ref, passage.id, nth, casualty, standing)
        for nth, casualty in enumerate(draft.casualties)
    ]
    vouchers = {(v.source, v.stance): v for v in reversed(named_first(draft.vouchers))}
    claims = [
        _make_claim(article.slug, ref, by_offset.get(voucher.told, passage.id), voucher)
        for voucher in reversed(vouchers.values())
    ]
    begin = draft.begin + draft.token.idx
    by_relation = {
        relation: tuple(place.ref for place in draft.places if place.relation is relation) for relation in Relation
    }
    minimum, maximum = draft.count or (None, None)
    event = Event(
        ref, draft.type, passage.id, draft.token.text, begin,
        agents=draft.roles.agents, targets=draft.roles.targets,
        places=by_relation[Relation.AT], near=by_relation[Relation.NEAR],
        origin=by_relation[Relation.FROM], toward=by_relation[Relation.TOWARD],
        extent=_find_extent(draft), distance=draft.distance, interval=draft.interval,
        factuality=draft.factuality, standing=standing,
        recapture=draft.recapture if draft.type is EventType.CAPTURE else None,
        minimum_count=minimum, maximum_count=maximum,
        casualties=tuple(report.id for report in reports), equipment=draft.equipment, weapons=draft.weapons,
        codename=draft.codename,
        confidence=None if draft.confidence is None else round(draft.confidence, 2),
        rule=str(draft.trigger.rule),
    )  # fmt: skip
    return replace(event, part_of_conflict=belongs(event, begin, article, conflict)), reports, claims


def _make_report(
    slug: str, event: Ref, passage: Ref, nth: int, casualty: Casualty, standing: Standing
) -> CasualtyReport:
    label = f"{casualty.kind.value} {casualty.victims or ''}".strip()
    return CasualtyReport(
        fact_id(slug, "casualties", label, event, nth=nth),
        casualty.kind,
        passage,
        casualty.minimum,
        casualty.maximum,
        casualty.party,
        casualty.victims,
        casualty.side,
        standing=standing,
    )


def _make_claim(slug: str, event: Ref, passage: Ref, voucher: Voucher) -> Claim:
    who = (voucher.source or "nobody named").split("/")[-1]
    label = f"{voucher.stance.value} by {who}"
    ref = fact_id(slug, "claim", label, event, voucher.stance.value, voucher.source or "")
    return Claim(ref, event, voucher.stance, passage, voucher.source, voucher.concerning)


def named_first(vouchers: Sequence[Voucher]) -> list[Voucher]:
    """The vouchers without those that name nobody, where somebody is named who reports or claims it."""
    named = any(v.source and v.stance in (Stance.REPORTED, Stance.CLAIMED) for v in vouchers)
    return [v for v in vouchers if v.source or not named]


def standing_of(vouchers: Sequence[Voucher]) -> Standing:
    """Narrated where nobody vouches, disputed where somebody denies, else attributed."""
    stances = {v.stance for v in vouchers}
    if Stance.DENIED in stances:
        return Standing.DISPUTED
    return Standing.ATTRIBUTED if stances else Standing.NARRATED


def _find_extent(draft: Draft) -> Extent | None:
    """Of a capture of a place itself: the whole of it, or a part."""
    if draft.type is not EventType.CAPTURE or not any(place.relation is Relation.AT for place in draft.places):
        return None
    return Extent.PART if any(place.extent is Extent.PART for place in draft.places) else Extent.WHOLE
