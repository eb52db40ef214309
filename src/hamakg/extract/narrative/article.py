"""One article from its paragraphs to its facts, through the four rooms."""

import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from hamakg.extract.narrative.events.assemble import assemble
from hamakg.extract.narrative.events.reader import Memory, Paragraph, read_paragraph
from hamakg.extract.narrative.events.words import triggers
from hamakg.extract.narrative.names.cast import list_entities, list_sides, open_cast
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


def extract_narrative(article: Article, infobox: InfoboxFacts, nlp: Language) -> ArticleFacts:
    """All that the article says: the infobox's facts joined by the narrative's events, reports and claims.

    Paragraphs that are too long to be prose, as :func:`is_prose` says, are not read and given as ``unread``.
    """
    conflict = infobox.conflict.interval
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
    dates = _read_dates(article.title, conflict, read, docs)
    for text, doc, mentions, own in zip(read, docs, gazetteer.mentions, dates, strict=True):
        memory = read_paragraph(Paragraph(doc, text.begin, mentions, own), cast, memory)
    begins = [paragraph.begin for paragraph in read]
    facts = assemble(article, conflict, list(zip(begins, docs, strict=True)), memory.telling.drafts)
    return ArticleFacts(
        article,
        infobox,
        list_entities(cast, memory.references),
        list_sides(cast, memory.references),
        facts.events,
        facts.casualties,
        facts.claims,
        facts.passages,
        tuple(unread),
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
