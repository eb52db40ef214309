"""One article from its paragraphs to its facts, through the four rooms."""

import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from hamakg.extract.narrative.events.assemble import Assembly
from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.events.reader import ParagraphReader
from hamakg.extract.narrative.events.triggers import has_event_word
from hamakg.extract.narrative.names.discourse import Discourse
from hamakg.extract.narrative.names.gazetteer import Gazetteer, build_gazetteer
from hamakg.extract.narrative.names.registry import open_registry
from hamakg.extract.narrative.parse.pipeline import plain, words_begin
from hamakg.extract.narrative.parse.prose import LONGEST_PARAGRAPH, is_prose
from hamakg.extract.narrative.time.dates import begin_story, leave_lead, read_dates
from hamakg.model import Article, ArticleFacts, Entity, EntityKind, InfoboxFacts, Paragraph, Ref, Unread
from hamakg.naming.place_kinds import kind_words


def extract_narrative(article: Article, infobox: InfoboxFacts, nlp: Language) -> ArticleFacts:
    """All that the article says: the infobox's facts joined by the narrative's events, reports and claims.

    Paragraphs that are too long to be prose, as :func:`is_prose` says, are not read and given as ``unread``.
    """
    paragraphs: list[Paragraph] = []
    unread: list[Unread] = []
    for paragraph in article.paragraphs:
        if is_prose(paragraph.text, nlp):
            paragraphs.append(paragraph)
        else:
            unread.append(Unread("narrative", paragraph.text[:LONGEST_PARAGRAPH]))
    texts = [paragraph.text for paragraph in paragraphs]
    docs = list(nlp.pipe(map(plain, texts)))
    gazetteer = build_gazetteer(docs, texts, infobox, article.slug, article.links)
    registry = open_registry(article.slug, gazetteer.entities.values(), infobox.sides, _place_names(infobox))
    kinds = {ref: kind for ref, entity in gazetteer.entities.items() if (kind := _place_kind(entity))}
    discourse = Discourse(kinds, _main_place(infobox, article.title, gazetteer))
    assembly = Assembly(article, infobox.conflict.interval)
    told: list[Telling] = []
    story, previous = begin_story(article.title, infobox.conflict.interval, texts), list[Draft]()
    body = next((paragraph.begin for paragraph in paragraphs if paragraph.headings), None)
    for paragraph, doc, mentions in zip(paragraphs, docs, gazetteer.mentions, strict=True):
        if paragraph.begin == body:
            story = leave_lead(story)
        dates, story = read_dates(doc, story, paragraph.headings)
        drafts = ParagraphReader(doc, paragraph.begin, mentions, dates, registry, discourse, before=previous).read()
        told.append((doc, paragraph.begin, drafts))
        previous = drafts or previous
    silent = _assemble(assembly, told)
    return ArticleFacts(
        article, infobox, registry.known_entities(), registry.known_sides(),
        tuple(assembly.events), tuple(assembly.casualties), tuple(assembly.claims), tuple(assembly.passages.values()),
        tuple(unread),
        silent,
    )  # fmt: skip


# A paragraph, where it begins in the article, and its events.
Telling = tuple[Doc, int, Sequence[Draft]]


def _assemble(assembly: Assembly, told: Sequence[Telling]) -> tuple[Ref, ...]:
    """Every sentence becomes a passage, whether or not it tells an event; the events may quote later ones.

    The passages that have a word for an event and tell none.
    """
    passages = {
        (begin, sentence.start): assembly.add_sentence(begin + words_begin(sentence), len(sentence.text.strip()))
        for doc, begin, _ in told
        for sentence in doc.sents
        if sentence.text.strip()
    }
    for _, begin, drafts in told:
        for draft in drafts:
            assembly.add_event(draft, passages[begin, draft.sentence.start], begin + draft.trigger.token.idx)
    telling = {(begin, draft.sentence.start) for _, begin, drafts in told for draft in drafts}
    without = passages.keys() - telling
    return tuple(
        passages[begin, sentence.start]
        for doc, begin, _ in told
        for sentence in doc.sents
        if (begin, sentence.start) in without and has_event_word(sentence)
    )


def _place_kind(entity: Entity) -> str | None:
    """What the text calls a place, else what its own name does ("Idlib Governorate")."""
    words = entity.name.lower().split() if entity.kind is EntityKind.PLACE else []
    named = next((kind_words()[word].kind.label for word in reversed(words) if word in kind_words()), None)
    return entity.kind_word or named


def _place_names(infobox: InfoboxFacts) -> list[str]:
    return [entity.name for entity in infobox.entities if entity.kind is EntityKind.PLACE]


_OF_PLACE = re.compile(
    r"(?:Battle|Siege|Fall|Capture|Defense|Defence|Liberation) of (?P<of>[^(,]+)|(?P<before>.+?) offensive"
)


def _main_place(infobox: InfoboxFacts, title: str, gazetteer: Gazetteer) -> Ref | None:
    """The place that the article is about: the one of its title ("Battle of X"), else the infobox's."""
    found = _OF_PLACE.search(title)
    named = gazetteer.named((found["of"] or found["before"]).strip()) if found else None
    return named or (infobox.conflict.places[0] if infobox.conflict.places else None)
