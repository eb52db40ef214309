"""The narrative: a spaCy parse, and components that each answer one question of it."""

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from hamakg.extract.narrative.assemble import Assembly
from hamakg.extract.narrative.dates import begin_story, leave_lead, read_dates
from hamakg.extract.narrative.discourse import Discourse
from hamakg.extract.narrative.gazetteer import build_gazetteer
from hamakg.extract.narrative.pipeline import DEFAULT_MODEL, load_pipeline, plain
from hamakg.extract.narrative.reader import Draft, ParagraphReader
from hamakg.extract.narrative.registry import open_registry
from hamakg.model import Article, ArticleFacts, EntityKind, InfoboxFacts

__all__ = ["DEFAULT_MODEL", "extract_narrative", "load_pipeline"]


def extract_narrative(article: Article, infobox: InfoboxFacts, nlp: Language) -> ArticleFacts:
    """All that the article says: the infobox's facts joined by the narrative's events, reports and claims."""
    texts = [paragraph.text for paragraph in article.paragraphs]
    docs = list(nlp.pipe(map(plain, texts)))
    gazetteer = build_gazetteer(docs, texts, infobox, article.slug)
    registry = open_registry(article.slug, gazetteer.entities.values(), infobox.sides, _place_names(infobox))
    discourse = Discourse(
        {ref: e.kind_word for ref, e in gazetteer.entities.items() if e.kind_word}, _main_place(infobox)
    )
    assembly = Assembly(article)
    story, previous = begin_story(article.title, infobox.conflict.interval, texts), list[Draft]()
    body = next((paragraph.begin for paragraph in article.paragraphs if paragraph.headings), None)
    for paragraph, doc, mentions in zip(article.paragraphs, docs, gazetteer.mentions, strict=True):
        if paragraph.begin == body:
            story = leave_lead(story)
        dates, story = read_dates(doc, story)
        drafts = ParagraphReader(doc, mentions, dates, registry, discourse, before=previous).read()
        _assemble(assembly, doc, paragraph.begin, drafts)
        previous = drafts or previous
    return ArticleFacts(
        article, infobox, registry.known_entities(), registry.known_sides(),
        tuple(assembly.events), tuple(assembly.casualties), tuple(assembly.claims), tuple(assembly.passages.values()),
    )  # fmt: skip


def _assemble(assembly: Assembly, doc: Doc, begin: int, drafts: Sequence[Draft]) -> None:
    """Every sentence becomes a passage, whether or not it tells an event."""
    for sentence in doc.sents:
        stripped = sentence.text.strip()
        if not stripped:
            continue
        passage = assembly.add_sentence(begin + sentence.start_char + sentence.text.index(stripped), len(stripped))
        for draft in drafts:
            if draft.sentence.start == sentence.start:
                assembly.add_event(draft, passage, begin + draft.trigger.token.idx)


def _place_names(infobox: InfoboxFacts) -> list[str]:
    return [entity.name for entity in infobox.entities if entity.kind is EntityKind.PLACE]


def _main_place(infobox: InfoboxFacts) -> str | None:
    return infobox.conflict.places[0] if infobox.conflict.places else None
