"""Who and what the names of one article are: every name of the text and the infobox, one entity each.

A name's kind is decided over the whole article: each occurrence votes by the words around it (``votes.py``), and all
spellings of a name vote together.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from spacy.tokens import Doc

from hamakg.extract.narrative.names.groups import Votes, find_acronyms, group_names
from hamakg.extract.narrative.names.mentions import KINDS, Mention, Mentions, Role, find_role
from hamakg.extract.narrative.names.nothings import names_no_thing
from hamakg.extract.narrative.names.spans import NameSpan, find_names
from hamakg.extract.narrative.names.votes import Occurrence, count_kinds, count_votes, read_occurrence
from hamakg.extract.narrative.names.words import name_words
from hamakg.model import Entity, EntityKind, InfoboxFacts, Link, Ref
from hamakg.naming.spellings import split_kind
from hamakg.naming.wikilinks import find_linked_pages
from hamakg.rdf.ids import entity_id

_Counted = TypeVar("_Counted")


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The entities of the article by id, and the mentions of each paragraph."""

    entities: Mapping[Ref, Entity]
    mentions: Sequence[Mentions]

    def named(self, name: str) -> Ref | None:
        """The entity that carries this very name, in any case."""
        return next(
            (ref for ref, e in self.entities.items() if name.lower() in map(str.lower, (e.name, *e.names))), None
        )


def build_gazetteer(
    docs: Sequence[Doc],
    texts: Sequence[str],
    infobox: InfoboxFacts,
    slug: str,
    *,
    links: Iterable[Link],
    verbs: Collection[str],
) -> Gazetteer:
    """Read the names of all paragraphs (``texts``: letter for letter) together with the infobox's entities.

    Names whose ``links`` lead to one page name one thing; ``verbs`` are the lemmas that tell events.
    """
    known = _known_names(infobox)
    spans = [find_names(doc, known) for doc in docs]
    things = [
        (_name_of(doc, span), read_occurrence(doc, span, verbs))
        for doc, found in zip(docs, spans, strict=True)
        for span in found
        if not names_no_thing(doc, span)
    ]
    votes, kinds = _count(things, count_votes), _count(things, count_kinds)
    groups = group_names(votes, known, find_acronyms(texts), find_linked_pages(links))
    entities, roles, by_name = _make_entities(groups, votes, kinds, known, infobox, slug)
    mentions = []
    for doc, found in zip(docs, spans, strict=True):
        read = [_mention(doc, span, by_name, roles) for span in found]
        found_at = {index: mention for mention in read for index in range(mention.start, mention.end)}
        mentions.append({**_short_mentions(doc, known, roles, found_at), **found_at})
    return Gazetteer(entities, mentions)


def _known_names(infobox: InfoboxFacts) -> dict[str, Ref]:
    names: dict[str, Ref] = {}
    for entity in infobox.entities:
        for name in (entity.name, *entity.names):
            names.setdefault(name, entity.id)
    return names


def _name_of(doc: Doc, span: NameSpan) -> str:
    """The name without what is only its kind or a person's rank ("Tal Shihah hill", "Gen. X")."""
    if span.text != doc[span.start : span.end].text:
        return span.text  # one of several units
    start = span.start
    while start < span.proper_end - 1 and (doc[start].lower_ in name_words().titles or doc[start].text == "-"):
        start += 1
    return split_kind(doc[start : span.end].text)[0]


def _count(
    named: Iterable[tuple[str, Occurrence]], count: Callable[[Occurrence], Counter[_Counted]]
) -> dict[str, Counter[_Counted]]:
    """What all occurrences of each name give together."""
    counts: dict[str, Counter[_Counted]] = defaultdict(Counter)
    for name, occurrence in named:
        counts[name].update(count(occurrence))
    return counts


def _sum(group: Iterable[str], counts: Mapping[str, Counter[_Counted]]) -> Counter[_Counted]:
    return sum((counts[name] for name in group if name in counts), Counter())


def _make_entities(
    groups: Iterable[tuple[str, ...]],
    votes: Votes,
    kinds: Mapping[str, Counter[str]],
    known: Mapping[str, Ref],
    infobox: InfoboxFacts,
    slug: str,
) -> tuple[dict[Ref, Entity], dict[Ref, Role], dict[str, Ref]]:
    """An entity for each group of names, and the role of each entity and the entity of each name."""
    entities = {entity.id: entity for entity in infobox.entities}
    roles = {entity.id: find_role(entity.kind) for entity in infobox.entities}
    by_name: dict[str, Ref] = dict(known)
    for group in groups:
        ref = next((known[name] for name in group if name in known), None)
        if ref is None:
            role = _elect(_sum(group, votes))
            entity = _new_entity(group, votes, role, slug)
            if role is Role.PLACE:
                entity = replace(entity, kind_word=_most_common(_sum(group, kinds)))
            ref = entity.id
            entities[ref], roles[ref] = entities.get(ref, entity), role
        else:
            names = {*entities[ref].names, *group} - {entities[ref].name}
            entities[ref] = replace(entities[ref], names=tuple(sorted(names)))
        by_name |= dict.fromkeys(group, ref)
    return entities, roles, by_name


_PERSON_EVIDENCE = 5


def _elect(ballot: Counter[Role]) -> Role:
    """The role with most votes; a person needs a title among them, since models take foreign places for people."""
    counted = ballot.copy()
    if counted[Role.PERSON] < _PERSON_EVIDENCE * max(1, counted.total() // 40):
        counted[Role.PLACE] += counted.pop(Role.PERSON, 0)
    ranked = sorted(counted, reverse=True)
    best = max(ranked, key=lambda role: (counted[role], role is Role.PLACE), default=Role.ACTOR)
    return best if counted[best] > 0 else Role.ACTOR


def _most_common(counted: Counter[str]) -> str | None:
    return max(sorted(counted), key=lambda word: counted[word], default=None)


def _new_entity(group: tuple[str, ...], votes: Votes, role: Role, slug: str) -> Entity:
    name = max(group, key=lambda n: (not n.isupper(), votes[n].total() if n in votes else 0, len(n), n))
    kind = KINDS.get(role, EntityKind.ACTOR)
    ref = entity_id(kind, name, slug if kind is EntityKind.PERSON else None)
    return Entity(ref, name, kind, names=tuple(sorted(set(group) - {name})))


def _mention(doc: Doc, span: NameSpan, by_name: Mapping[str, Ref], roles: Mapping[Ref, Role]) -> Mention:
    ref = by_name.get(_name_of(doc, span))
    if ref is None or names_no_thing(doc, span):
        return Mention(span.start, span.end, None, Role.EVENT)
    return Mention(span.start, span.end, ref, roles[ref])


def _short_mentions(
    doc: Doc, known: Mapping[str, Ref], roles: Mapping[Ref, Role], found: Mentions
) -> dict[int, Mention]:
    """ "the Front": the one party of the infobox whose name ends in that word."""
    short: dict[int, Mention] = {}
    for token in doc:
        word = token.text
        candidate = word[0].isupper() and token.lower_ in name_words().actor - name_words().armies
        if not candidate or token.i in found or token.i == 0 or token.nbor(-1).lower_ not in {"the", "'s"}:
            continue
        owners = {ref for name, ref in known.items() if name.endswith(f" {word}") and roles[ref] is Role.ACTOR}
        if len(owners) == 1:
            short[token.i] = Mention(token.i, token.i + 1, owners.pop(), Role.ACTOR)
    return short
