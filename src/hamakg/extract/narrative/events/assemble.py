"""Drafts made into the model's values, with the ids that their evidence gives them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from hamakg.extract.narrative.events.attribution import Voucher
from hamakg.extract.narrative.events.confidence import confidence
from hamakg.extract.narrative.events.counts import Casualty
from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.events.places import FROM, NEAR, TOWARD
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


@dataclass(slots=True)
class Assembly:
    """The values of one article's narrative as they are made, in the order of the text."""

    article: Article
    conflict: Interval
    events: list[Event] = field(default_factory=list)
    casualties: list[CasualtyReport] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    passages: dict[Ref, Passage] = field(default_factory=dict)
    sentence_at: dict[int, Ref] = field(default_factory=dict)
    _sentences: Counter[str] = field(default_factory=Counter)
    _triggers: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add_sentence(self, begin: int, length: int) -> Ref:
        """The id of the sentence that ``length`` characters of the article's text from ``begin`` are."""
        text = self.article.text[begin : begin + length]
        ref = sentence_id(self.article.slug, text, self._sentences[text])
        self.sentence_at[begin] = ref
        self._sentences[text] += 1
        self.passages[ref] = Passage(ref, text, begin, begin + length)
        return ref

    def add_event(self, draft: Draft, passage: Ref, begin: int) -> None:
        """Adds the event of a draft, its casualty reports and the claims about it."""
        text, trigger = self.passages[passage].text, draft.trigger_text
        key = (text, draft.type.value, trigger)
        ref = event_id(self.article.slug, text, draft.type.value, trigger, self._triggers[key])
        self._triggers[key] += 1
        standing = standing_of(draft.vouchers)
        reports = [self._report(ref, passage, nth, casualty, standing) for nth, casualty in enumerate(draft.casualties)]
        event = _event(draft, ref, passage, begin, reports, standing)
        self.events.append(replace(event, part_of_conflict=belongs(event, begin, self.article, self.conflict)))
        self.casualties += reports
        self.claims += self._claims(ref, passage, named_first(draft.vouchers))

    def _report(self, event: Ref, passage: Ref, nth: int, casualty: Casualty, standing: Standing) -> CasualtyReport:
        label = f"{casualty.kind.value} {casualty.victims or ''}".strip()
        ref = fact_id(self.article.slug, "casualties", label, event, nth=nth)
        side = casualty.side
        return CasualtyReport(
            ref,
            casualty.kind,
            passage,
            casualty.minimum,
            casualty.maximum,
            casualty.party,
            casualty.victims,
            side,
            standing=standing,
        )

    def _claims(self, event: Ref, passage: Ref, vouchers: Iterable[Voucher]) -> list[Claim]:
        """What each source says of the event; a denial in another sentence is told there."""
        found = {(v.source, v.stance): v for v in reversed(list(vouchers))}
        return [
            self._claim(event, self.sentence_at.get(voucher.told, passage), voucher)
            for voucher in reversed(found.values())
        ]

    def _claim(self, event: Ref, passage: Ref, voucher: Voucher) -> Claim:
        who = (voucher.source or "nobody named").split("/")[-1]
        label = f"{voucher.stance.value} by {who}"
        ref = fact_id(self.article.slug, "claim", label, event, voucher.stance.value, voucher.source or "")
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


def _event(
    draft: Draft, ref: Ref, passage: Ref, begin: int, reports: Sequence[CasualtyReport], standing: Standing
) -> Event:
    by_relation = {
        relation: tuple(p.ref for p in draft.places if p.relation == relation)
        for relation in (None, NEAR, FROM, TOWARD)
    }
    return Event(
        ref, draft.type, passage, draft.trigger_text, begin,
        agents=draft.roles.agents, targets=draft.roles.targets,
        places=by_relation[None], near=by_relation[NEAR], origin=by_relation[FROM], toward=by_relation[TOWARD],
        extent=_extent(draft), distance=draft.distance, interval=draft.interval,
        factuality=draft.factuality, standing=standing,
        recapture=draft.recapture if draft.type is EventType.CAPTURE else None,
        minimum_count=draft.count[0] if draft.count else None, maximum_count=draft.count[1] if draft.count else None,
        casualties=tuple(r.id for r in reports), equipment=draft.equipment, weapons=draft.weapons,
        codename=draft.codename,
        confidence=confidence(draft.type, standing, bool(draft.roles.agents), bool(draft.places)),
        rule=draft.trigger.rule,
    )  # fmt: skip


def _extent(draft: Draft) -> Extent | None:
    """Of a capture of a place itself: the whole of it, or a part."""
    if draft.type is not EventType.CAPTURE or not any(p.relation is None for p in draft.places):
        return None
    return Extent.PART if any(p.extent is Extent.PART for p in draft.places) else Extent.WHOLE
