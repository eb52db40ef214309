"""One article from its paragraphs to its facts, through the four rooms."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from hamakg.extract.encoder.model import Model
from hamakg.extract.narrative.events.assemble import assemble
from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.events.evidence import Evidence, collect_evidence
from hamakg.extract.narrative.events.judges import decide_events, judge_events
from hamakg.extract.narrative.events.reader import Memory, Paragraph, read_paragraph
from hamakg.extract.narrative.events.scores import Scores, find_references, read_scores
from hamakg.extract.narrative.events.trained import Trained
from hamakg.extract.narrative.events.words import triggers
from hamakg.extract.narrative.names.cast import Cast, list_entities, list_sides, open_cast
from hamakg.extract.narrative.names.discourse import Discourse
from hamakg.extract.narrative.names.gazetteer import Gazetteer, build_gazetteer
from hamakg.extract.narrative.parse import pipeline
from hamakg.extract.narrative.parse.pipeline import DEFAULT_MODEL, plain
from hamakg.extract.narrative.parse.prose import LONGEST_PARAGRAPH, is_prose
from hamakg.extract.narrative.time.dates import DateMention, begin_story, leave_lead, read_dates
from hamakg.model import Article, ArticleFacts, Entity, EntityKind, InfoboxFacts, Interval, Ref, Unread
from hamakg.model import Paragraph as Text
from hamakg.naming.place_kinds import kind_words


def load_pipeline(model: str = DEFAULT_MODEL) -> Language:
    """The named spaCy model as the narrative is read with it.

    Raises HamakgError where the model is not installed or has no parser.
    """
    return pipeline.load_pipeline(model, triggers().verbs)


@dataclass(frozen=True, slots=True)
class Proposed:
    """An article whose events are proposed and not yet decided on."""

    article: Article
    infobox: InfoboxFacts
    docs: tuple[tuple[int, Doc], ...]
    cast: Cast
    memory: Memory
    scores: Scores | None
    unread: tuple[Unread, ...]

    def collect_evidence(self) -> list[Evidence]:
        """What speaks for each of the drafts; empty without a trained model."""
        if self.scores is None:
            return []
        memory = self.memory
        main_place = memory.discourse.main_place
        return collect_evidence(self.scores, memory.telling.drafts, memory.expressions, self.cast, main_place)


def extract_narrative(
    article: Article, infobox: InfoboxFacts, nlp: Language, trained: Trained | None = None
) -> ArticleFacts:
    """All that the article says: the infobox's facts joined by the narrative's events, reports and claims.

    Rules and the trained model propose events, and the trained judges decide; without them all that the rules propose
    is told. Paragraphs that are too long to be prose, as :func:`is_prose` says, are not read and given as ``unread``.
    """
    proposed = propose_events(article, infobox, nlp, trained.model if trained else None)
    drafts = proposed.memory.telling.drafts
    if trained:
        judged = judge_events(drafts, proposed.collect_evidence(), trained.judges)
        drafts = tuple(decide_events(drafts, judged, trained.judges))
    return tell_events(proposed, drafts)


def propose_events(article: Article, infobox: InfoboxFacts, nlp: Language, model: Model | None = None) -> Proposed:
    """The events that the rules, and with them the model, propose."""
    read, unread = list[Text](), list[Unread]()
    for paragraph in article.paragraphs:
        if is_prose(paragraph.text, nlp):
            read.append(paragraph)
        else:
            unread.append(Unread("narrative", paragraph.text[:LONGEST_PARAGRAPH]))
    texts = [paragraph.text for paragraph in read]
    docs = list(nlp.pipe(map(plain, texts)))
    gazetteer = build_gazetteer(docs, texts, infobox, article.slug, links=article.links, verbs=triggers().verbs.keys())
    places = [entity.name for entity in infobox.entities if entity.kind is EntityKind.PLACE]
    cast = open_cast(article.slug, gazetteer.entities.values(), infobox.sides, places)
    memory = Memory(_open_discourse(infobox, article.title, gazetteer))
    dates = _read_dates(article.title, infobox.conflict.interval, read, docs)
    begins = [paragraph.begin for paragraph in read]
    scores = read_scores(model, article.title, list(zip(begins, docs, texts, strict=True))) if model else None
    for begin, doc, mentions, own in zip(begins, docs, gazetteer.mentions, dates, strict=True):
        memory = read_paragraph(Paragraph(doc, begin, mentions, own, scores), cast, memory)
    return Proposed(article, infobox, tuple(zip(begins, docs, strict=True)), cast, memory, scores, tuple(unread))


def tell_events(proposed: Proposed, drafts: Sequence[Draft]) -> ArticleFacts:
    """The facts of an article that tells these of its drafts."""
    article, infobox, memory = proposed.article, proposed.infobox, proposed.memory
    references = (*memory.references, *find_references(drafts, memory.expressions))
    facts = assemble(article, infobox.conflict.interval, proposed.docs, drafts)
    return ArticleFacts(
        article,
        infobox,
        list_entities(proposed.cast, references),
        list_sides(proposed.cast, references),
        facts.events,
        facts.casualties,
        facts.claims,
        facts.passages,
        proposed.unread,
        facts.silent,
    )


def _read_dates(
    title: str, conflict: Interval, paragraphs: Sequence[Text], docs: Sequence[Doc]
) -> list[tuple[DateMention, ...]]:
    """The dates of each paragraph; where the body begins, the story starts anew."""
    story, found = begin_story(title, conflict, [paragraph.text for paragraph in paragraphs]), []
    body = next((paragraph.begin for paragraph in paragraphs if paragraph.headings), None)
    for paragraph, doc in zip(paragraphs, docs, strict=True):
        story = leave_lead(story) if paragraph.begin == body else story
        dates, story = read_dates(doc, story, paragraph.headings)
        found.append(dates)
    return found


def _open_discourse(infobox: InfoboxFacts, title: str, gazetteer: Gazetteer) -> Discourse:
    kinds = {ref: kind for ref, entity in gazetteer.entities.items() if (kind := _find_kind(entity))}
    return Discourse(kinds, _find_main_place(infobox, title, gazetteer))


def _find_kind(entity: Entity) -> str | None:
    """What the text calls a place, else what its own name does ("Idlib Governorate")."""
    words = entity.name.lower().split() if entity.kind is EntityKind.PLACE else []
    named = next((kind_words()[word].kind.label for word in reversed(words) if word in kind_words()), None)
    return entity.kind_word or named


_OF_PLACE = re.compile(
    r"(?:Battle|Siege|Fall|Capture|Defense|Defence|Liberation) of (?P<of>[^(,]+)|(?P<before>.+?) offensive"
)


def _find_main_place(infobox: InfoboxFacts, title: str, gazetteer: Gazetteer) -> Ref | None:
    """The place that the article is about: the one of its title ("Battle of X"), else the infobox's."""
    found = _OF_PLACE.search(title)
    named = gazetteer.named((found["of"] or found["before"]).strip()) if found else None
    return named or (infobox.conflict.places[0] if infobox.conflict.places else None)
