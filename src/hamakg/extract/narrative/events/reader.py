"""One article's events, sentence by sentence: each step takes the values of those before it and hands on its own.

parsed → mentions → vouchers and triggers → drafts with arguments → completed from each other and from the paragraph →
with figures → with the answers that later sentences give.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Doc, Span, Token

from hamakg.extract.narrative.events.answers import Narration, answer
from hamakg.extract.narrative.events.arguments import read_roles
from hamakg.extract.narrative.events.attribution import Speech, read_speech
from hamakg.extract.narrative.events.certainty import find_factuality
from hamakg.extract.narrative.events.counts import SentenceFigures, find_codename, find_weapons, read_figures
from hamakg.extract.narrative.events.distribution import distribute
from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.events.evidence import describe_days
from hamakg.extract.narrative.events.implied import Context, complete, decide_targets
from hamakg.extract.narrative.events.killings import absorb_killings
from hamakg.extract.narrative.events.places import PlaceArgument, PlaceReader, Relation
from hamakg.extract.narrative.events.regions import find_region
from hamakg.extract.narrative.events.scores import Expression, Scores, find_expressions
from hamakg.extract.narrative.events.triggers import (
    Trigger,
    add_scores,
    decide_triggers,
    propose_scored,
    propose_triggers,
)
from hamakg.extract.narrative.events.words import thing_words
from hamakg.extract.narrative.names.cast import Cast, Reference
from hamakg.extract.narrative.names.discourse import Described, Discourse, describe_places, find_countries
from hamakg.extract.narrative.names.mentions import Mentions
from hamakg.extract.narrative.names.parties import PartyReader
from hamakg.extract.narrative.names.pronouns import Spoken, hear_person, hear_subject, read_parties
from hamakg.extract.narrative.names.words import place_words
from hamakg.extract.narrative.parse.grammar import by_phrase, subjects
from hamakg.extract.narrative.parse.pipeline import words_begin
from hamakg.extract.narrative.time.dates import DateMention
from hamakg.extract.narrative.time.holding import find_interval
from hamakg.model import EventType, Factuality, Interval


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A parsed paragraph that begins at ``begin`` of the article, with the names and dates in it."""

    doc: Doc
    begin: int
    mentions: Mentions
    dates: Sequence[DateMention]
    scores: Scores | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What the article has spoken of so far: its places, its parties, its events, and all that it referred to."""

    discourse: Discourse
    spoken: Spoken = field(default_factory=Spoken)
    telling: Narration = field(default_factory=Narration)
    references: Mapping[Reference, None] = field(default_factory=dict)
    """Each once, in the order of the text."""
    expressions: tuple[Expression, ...] = ()
    """All words that mean entities, in the order of the text; none without a trained model."""

    def referring(self, references: Iterable[Reference]) -> "Memory":
        """The memory with further references."""
        new = dict.fromkeys(reference for reference in references if reference not in self.references)
        return replace(self, references={**self.references, **new}) if new else self


def read_paragraph(paragraph: Paragraph, cast: Cast, memory: Memory) -> Memory:
    """The memory after a paragraph: its events are the last that are told.

    Parties carry over into a new paragraph only by name.
    """
    spoken, telling = replace(memory.spoken, targets=()), memory.telling.enter_paragraph()
    memory = replace(memory, spoken=spoken, telling=telling)
    for sentence in paragraph.doc.sents:
        memory = _read_sentence(sentence, paragraph, cast, memory)
    return memory


def _read_sentence(sentence: Span, paragraph: Paragraph, cast: Cast, memory: Memory) -> Memory:
    mentions = paragraph.mentions
    described, memory = _read_places(sentence, mentions, memory)
    memory = replace(memory, spoken=hear_person(sentence, mentions, memory.spoken))
    parties = read_parties(cast, mentions, memory.spoken)
    speech = read_speech(sentence, parties, paragraph.begin + words_begin(sentence))
    figures = read_figures(sentence)
    proposed = (*propose_triggers(sentence, mentions), *figures.propose_triggers())
    if paragraph.scores is None:
        triggers = decide_triggers(proposed)
    else:
        scored = paragraph.scores.find_triggers(paragraph.begin, sentence)
        triggers = add_scores(decide_triggers((*proposed, *propose_scored(scored))), scored)
        found = find_expressions(
            paragraph.scores, paragraph.begin, sentence, mentions, described, parties, memory.expressions
        )
        memory = replace(memory, expressions=(*memory.expressions, *found))
    steps = _Sentence(sentence, paragraph, cast, described, speech, figures, triggers)
    drafts, memory = _read_events(steps, memory)
    drafts, memory = _complete_events(steps, drafts, memory)
    telling = answer(speech.vouchers, drafts, memory.telling)
    spoken, subject = hear_subject(sentence, read_parties(cast, mentions, memory.spoken), memory.spoken)
    return replace(memory, spoken=spoken, telling=telling).referring((*speech.references, *subject.references))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What is known of a sentence before its events are read."""

    span: Span
    paragraph: Paragraph
    cast: Cast
    described: Described
    speech: Speech
    figures: SentenceFigures
    triggers: Sequence[Trigger]


def _read_events(sentence: _Sentence, memory: Memory) -> tuple[Sequence[Draft], Memory]:
    """The events that the triggers tell by themselves; whom one was directed at, the next may speak of as "them"."""
    drafts: list[Draft] = []
    paragraph, vouchers = sentence.paragraph, sentence.speech.vouchers
    places = PlaceReader(paragraph.mentions, sentence.described)
    for trigger in sentence.triggers:
        parties = read_parties(sentence.cast, paragraph.mentions, memory.spoken)
        draft = _read_event(trigger, sentence.span, paragraph, parties)
        if draft is not None:
            region = find_region(draft.trigger, sentence.triggers)
            own = tuple(voucher for voucher in vouchers if trigger.token.i in voucher.scope)
            found = _find_places(draft, region, places, memory.discourse)
            draft = replace(draft, places=found, vouchers=own, said=draft.said | {place.ref for place in found})
            drafts += distribute(draft, paragraph.dates, paragraph.mentions)
            targets = draft.roles.targets or memory.spoken.targets
            memory = replace(memory, spoken=replace(memory.spoken, targets=targets)).referring(draft.roles.references)
    return drafts, memory


def _complete_events(sentence: _Sentence, drafts: Sequence[Draft], memory: Memory) -> tuple[Sequence[Draft], Memory]:
    """The events with what the others and the paragraph show of them, and with their figures."""
    context = Context(sentence.cast, memory.telling.in_paragraph, memory.telling.launch)
    completed, launch = complete(absorb_killings(drafts), context)
    memory = replace(memory, telling=replace(memory.telling, launch=launch))
    parties, counted = read_parties(sentence.cast, sentence.paragraph.mentions, memory.spoken), list[Draft]()
    for draft in completed:
        region = find_region(draft.trigger, sentence.triggers)
        with_figures, references = _count(draft, sentence.figures, region, parties)
        counted.append(with_figures.with_roles(targets=decide_targets(with_figures, context)))
        memory = memory.referring(references)
    return counted, memory


def _read_places(sentence: Span, mentions: Mentions, memory: Memory) -> tuple[Described, Memory]:
    """What descriptions and the names of countries mean, and the places spoken of after them."""
    described, discourse = describe_places(sentence, mentions, memory.discourse)
    countries = find_countries(sentence)
    kinds = {**discourse.kinds, **{country.id: "country" for country in countries.values()}}
    references = [Reference(country.id, entity=country) for country in countries.values()]
    land = {index: (country.id,) for index, country in countries.items()}
    memory = replace(memory, discourse=replace(discourse, kinds=kinds) if countries else discourse)
    return {**described, **land}, memory.referring(references)


def _read_event(trigger: Trigger, sentence: Span, paragraph: Paragraph, parties: PartyReader) -> Draft | None:
    """The event of a trigger with its certainty, its parties and its days; a plan has no days (convention 3)."""
    factuality = find_factuality(trigger)
    if factuality is None:
        return None
    roles = read_roles(trigger, parties)
    draft = Draft(
        paragraph.begin, sentence, trigger, factuality, roles, said=frozenset((*roles.agents, *roles.targets))
    )
    planned = factuality is Factuality.PLANNED
    interval = Interval() if planned else find_interval(sentence, trigger.token.i, paragraph.dates)
    dated = describe_days(sentence, trigger.token.i, interval, paragraph.dates)
    return replace(draft, trigger=_from_the_air(draft, parties.cast), interval=interval, dated=dated)


_AIR_FORCES = ("Air Force", "Aerospace Forces", "Luftwaffe")


def _from_the_air(draft: Draft, cast: Cast) -> Trigger:
    """An attack or a strike by aircraft or an air force is an air strike, whatever the verb."""
    trigger = draft.trigger
    if trigger.type not in {EventType.ASSAULT, EventType.SHELLING}:
        return trigger
    verb = trigger.verb or trigger.token
    doers = [*subjects(verb), *by_phrase(verb), *by_phrase(trigger.token)]
    by_aircraft = any(t.lemma_.lower() in thing_words().aeroplanes for t in doers)
    agents = [ref for ref in draft.roles.agents if ref not in cast.sides]
    by_force = bool(agents) and all(
        ref in cast.entities and cast.entities[ref].name.endswith(_AIR_FORCES) for ref in agents
    )
    return replace(trigger, type=EventType.AIR_STRIKE) if by_aircraft or by_force else trigger


def _find_places(
    draft: Draft, region: Sequence[Token], reader: PlaceReader, discourse: Discourse
) -> tuple[PlaceArgument, ...]:
    found = reader.read(draft.trigger, draft.factuality, region)
    return _without_regions(found, discourse) or reader.read_struck(draft.trigger)


def _without_regions(found: tuple[PlaceArgument, ...], discourse: Discourse) -> tuple[PlaceArgument, ...]:
    """The places without the region that holds another of them (guidelines: not the containing region as well)."""
    names = place_words().regions
    regions = [p for p in found if discourse.kinds.get(p.ref) in names and not p.way.including]
    inner = any(p.relation is Relation.AT for p in found if p not in regions)
    return tuple(p for p in found if p not in regions or p.relation is not Relation.AT) if inner else found


def _count(
    draft: Draft, figures: SentenceFigures, region: Sequence[Token], parties: PartyReader
) -> tuple[Draft, Sequence[Reference]]:
    """The draft with its figures, and what the words for its people refer to."""
    trigger = draft.trigger
    casualties, references = figures.casualties_at((*trigger.words, *draft.killings), parties)
    near = any(place.relation is Relation.NEAR for place in draft.places)
    counted = replace(
        draft,
        casualties=casualties,
        count=figures.count(trigger),
        equipment=figures.equipment(trigger),
        weapons=find_weapons(trigger, region, parties.mentions),
        codename=find_codename(trigger, draft.sentence),
        distance=figures.distance(region) if near else None,
    )
    return counted, references
