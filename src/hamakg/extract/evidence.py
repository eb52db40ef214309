"""Adds to the facts what notes and links show: the sources that passages cite, and the pages about entities."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from hamakg.model import ArticleFacts, Citation, CitedSource, Entity, Passage, Ref
from hamakg.naming.wikilinks import find_linked_pages
from hamakg.rdf.ids import fact_id


def add_evidence(facts: ArticleFacts) -> ArticleFacts:
    """The facts, with the sources that the notes cite and, for each entity, the page to which its links lead."""
    article, passages = facts.article, (*facts.infobox.passages, *facts.passages)
    pages = find_linked_pages(article.links)
    return replace(
        facts,
        entities=tuple(replace(entity, pages=_find_pages(entity, pages)) for entity in facts.entities),
        sources=tuple(_collect_sources(facts, passages)),
    )


def _collect_sources(facts: ArticleFacts, passages: Iterable[Passage]) -> Iterable[CitedSource]:
    """Each source once, with all passages after which it is cited."""
    ordered = sorted(passages, key=lambda passage: passage.begin)
    begins = [passage.begin for passage in ordered]
    cited: dict[tuple[str, str], list[Ref]] = defaultdict(list)
    first: dict[tuple[str, str], Citation] = {}
    for citation in facts.article.citations:
        before = bisect_left(begins, citation.at)
        passage = ordered[before - 1] if before else None
        key = (citation.text, citation.url or "")
        first.setdefault(key, citation)
        if passage is not None and citation.at <= passage.end + 1 and passage.id not in cited[key]:
            cited[key].append(passage.id)
    for key, citation in first.items():
        ref = fact_id(facts.article.slug, "source", citation.title or citation.text, *key)
        yield CitedSource(ref, citation, tuple(cited[key]))


def _find_pages(entity: Entity, pages: Mapping[str, str]) -> tuple[str, ...]:
    """The page to which links on the names of the entity lead; none if they lead to several."""
    titles = {pages[name] for name in (entity.name, *entity.names) if name in pages}
    return tuple(titles) if len(titles) == 1 else ()
