"""What a wikitext article's notes and links give its facts: the sources of each passage, the pages of its entities."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from hamakg.model import ArticleFacts, Citation, CitedSource, Entity, Passage, Ref
from hamakg.naming.wikilinks import find_linked_pages
from hamakg.rdf.ids import fact_id


def with_evidence(facts: ArticleFacts) -> ArticleFacts:
    """The facts with the sources that its notes cite, and with the entities' own pages where links name them."""
    article, passages = facts.article, (*facts.infobox.passages, *facts.passages)
    pages = find_linked_pages(article.links)
    return replace(
        facts,
        entities=tuple(replace(entity, pages=_pages_of(entity, pages)) for entity in facts.entities),
        sources=tuple(_sources(facts, passages)),
    )


def _sources(facts: ArticleFacts, passages: Iterable[Passage]) -> Iterable[CitedSource]:
    """Each source once, with all the passages that it stands behind."""
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


def _pages_of(entity: Entity, pages: Mapping[str, str]) -> tuple[str, ...]:
    """The one page that links of the entity's names lead to; none where they lead to several."""
    found = {pages[name] for name in (entity.name, *entity.names) if name in pages}
    return tuple(found) if len(found) == 1 else ()
