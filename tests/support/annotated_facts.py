"""Annotations as the facts of a graph: on the entities and sides of the infobox, with exact passages.

The answers in ``tests/expected`` are answers on these facts, so the way from facts to SPARQL is tested apart from
extraction. What annotations do not cover stays empty (equipment, weapons, confidence). Two things are taken from the
text: the later sentence in which a source speaks (:func:`_find_source_sentence`) and distances
(:func:`_find_distance`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hamakg.errors import HamakgError
from hamakg.evaluation.annotations import (
    CASUALTIES,
    FACTUALITIES,
    KINDS,
    STANCES,
    STANDINGS,
    TYPES,
    look_up,
    read_annotation,
)
from hamakg.extract.narrative.time.belonging import belongs
from hamakg.extract.narrative.time.days import edtf
from hamakg.model import (
    Article,
    ArticleFacts,
    CasualtyReport,
    Claim,
    Entity,
    EntityKind,
    Event,
    EventType,
    Extent,
    InfoboxFacts,
    Interval,
    Passage,
    Ref,
    Side,
    Standing,
    Timing,
)
from hamakg.naming.spellings import is_same_name, split_kind
from hamakg.rdf.ids import entity_id, event_id, fact_id, fold, sentence_id, side_id

Json = Mapping[str, Any]

_METRES = {"metre": 1, "meter": 1, "m": 1, "kilometre": 1000, "kilometer": 1000, "km": 1000}

_LENGTH = re.compile(rf"(\d[\d,]*(?:\.\d+)?)[ \u00a0-]?({'|'.join(_METRES)})s?\b")
_LASTING = {EventType.CLASH, EventType.ENCIRCLEMENT}
_SENTENCES_AHEAD = 2  # how many sentences after the event a source that confirms or denies it may be named


def read_annotations(path: Path, article: Article, infobox: InfoboxFacts) -> ArticleFacts:
    """The facts annotated in the article; entities and sides are those of the infobox where a name agrees.

    Raises HamakgError, which names the file, where it is missing, malformed, or was made of another text.
    """
    annotation = read_annotation(path)
    try:
        sentences = _locate_sentences(annotation.sentences, article)
        entities = _resolve_entities(annotation.entities, article.slug, infobox)
        events = [
            _make_event_facts(event, nth, article, infobox, sentences=sentences, entities=entities)
            for event, nth in _number_equal_triggers(annotation.events)
        ]
    except HamakgError as error:
        raise HamakgError(f"{path}: {error}; correct the annotation, or name the article that was annotated") from error
    return ArticleFacts(
        article=article,
        infobox=infobox,
        entities=entities.entities,
        sides=entities.sides,
        events=tuple(facts.event for facts in events),
        casualties=tuple(report for facts in events for report in facts.casualties),
        claims=tuple(claim for facts in events for claim in facts.claims),
        passages=tuple(dict.fromkeys(passage for facts in events for passage in facts.passages)),
    )


# ---------------------------------------------------------------- sentences


def _locate_sentences(numbered: Mapping[int, str], article: Article) -> dict[int, Passage]:
    """The sentences by number, with the article's own white space; in the file each run of it is one space."""
    sentences: dict[int, Passage] = {}
    position, seen = 0, Counter[str]()
    for number, words in numbered.items():
        match = re.compile(r"\s+".join(map(re.escape, words.split()))).search(article.text, position)
        if match is None:
            raise HamakgError(f"sentence {number} is not in the article {article.title!r}")
        passage = sentence_id(article.slug, match[0], seen[match[0]])
        sentences[number] = Passage(passage, match[0], match.start(), match.end())
        seen[match[0]] += 1
        position = match.end()
    return sentences


# ---------------------------------------------------------------- entities and sides


@dataclass(frozen=True, slots=True)
class _Entities:
    """Entities and sides of the article, and the words by which the annotation refers to them.

    ``refs`` are by the annotation's ids, ``parties`` by folded name or alias; ``side_of`` gives the side of a party,
    ``spellings`` the name and aliases of an id of the annotation.
    """

    entities: tuple[Entity, ...]
    sides: tuple[Side, ...]
    refs: Mapping[str, Ref]
    parties: Mapping[str, Ref]
    side_of: Mapping[Ref, Ref]
    spellings: Mapping[str, tuple[str, ...]]

    def resolve(self, annotated_id: str, where: str) -> Ref:
        return look_up(self.refs, annotated_id, where)

    def resolve_all(self, annotated_ids: Iterable[str], where: str) -> tuple[Ref, ...]:
        return tuple(dict.fromkeys(self.resolve(annotated_id, where) for annotated_id in annotated_ids))


def _resolve_entities(annotated: Sequence[Json], slug: str, infobox: InfoboxFacts) -> _Entities:
    entities = {entity.id: entity for entity in infobox.entities}
    sides = {side.id: side for side in infobox.sides}
    side_of = {ref: side.id for side in infobox.sides for ref in (side.id, *side.belligerents, *side.units)}
    refs: dict[str, Ref] = {}
    parties: dict[str, Ref] = {}
    for one in annotated:
        if one["kind"] == "side":
            side = _add_side_wordings(one, slug, sides)
            refs[one["id"]], sides[side.id], side_of[side.id] = side.id, side, side.id
        else:
            entity = _make_entity(one, slug, infobox.entities)
            known = entities.get(entity.id)
            refs[one["id"]], entities[entity.id] = entity.id, _merge(known, entity) if known else entity
            if one["side"]:
                side_of.setdefault(entity.id, side_id(slug, one["side"]))
        if one["kind"] != "place":
            parties |= {fold(word): refs[one["id"]] for word in (one["name"], *one["aliases"])}
    spellings = {one["id"]: (one["name"], *one["aliases"]) for one in annotated}
    return _Entities(tuple(entities.values()), tuple(sides.values()), refs, parties, side_of, spellings)


def _add_side_wordings(one: Json, slug: str, sides: Mapping[Ref, Side]) -> Side:
    """The infobox's side of this number with the annotated wordings added; a new side if the infobox has none."""
    ref = side_id(slug, one["side"])
    known = sides.get(ref, Side(ref, one["side"], one["name"]))
    wordings = dict.fromkeys((*known.descriptions, one["name"], *one["aliases"]))
    return replace(known, descriptions=tuple(word for word in wordings if word != known.name))


def _make_entity(one: Json, slug: str, known: Iterable[Entity]) -> Entity:
    kind = look_up(KINDS, one["kind"], one["id"])
    spellings = (one["name"], *one["aliases"])
    proper = [word for word in one["aliases"] if _is_proper_name(word) and not one["name"].endswith(f" {word}")]
    same = _find_same_entity(kind, spellings, known)
    kinds = [split_kind(word)[1] for word in spellings] if kind is EntityKind.PLACE else []
    return Entity(
        id=same.id if same else entity_id(kind, one["name"], slug if _is_article_specific(kind, one["name"]) else None),
        name=one["name"],
        kind=same.kind if same else kind,
        names=tuple(proper),
        descriptions=tuple(word for word in one["aliases"] if word not in proper),
        kind_word=next(filter(None, kinds), None),
    )


def _find_same_entity(kind: EntityKind, spellings: Iterable[str], known: Iterable[Entity]) -> Entity | None:
    """The infobox's entity that has one of the names; a place is never the same as an actor of its name."""
    alike = [entity for entity in known if (entity.kind is EntityKind.PLACE) == (kind is EntityKind.PLACE)]
    folded = {fold(word) for word in spellings}
    exact = (entity for entity in alike if not folded.isdisjoint(map(fold, (entity.name, *entity.names))))
    main = next(iter(spellings))
    return next(exact, None) or next((entity for entity in alike if is_same_name(entity.name, main)), None)


def _merge(known: Entity, annotated: Entity) -> Entity:
    """The infobox's entity with the annotated names and wordings added."""
    names = dict.fromkeys((*known.names, annotated.name, *annotated.names))
    return replace(
        known,
        names=tuple(name for name in names if name != known.name),
        descriptions=tuple(dict.fromkeys((*known.descriptions, *annotated.descriptions))),
        kind_word=known.kind_word or annotated.kind_word,
    )


def _is_proper_name(words: str) -> bool:
    """True for "Al-Masdar News", false for "the Army", "village of Khitab" and "HTS rebels"."""
    first, *rest = re.sub(r"\b(?:al|el|ash|at|ad)[- ]", "", words).split() or [""]
    return first[:1].isupper() and all(word[:1].isupper() or word[:1].isdigit() or word == "of" for word in rest)


def _is_article_specific(kind: EntityKind, name: str) -> bool:
    """Whether the name means somebody only within this article: a person, "pro-government sources"."""
    if kind is EntityKind.PERSON or name.islower():
        return True
    return kind is not EntityKind.PLACE and name.rsplit(maxsplit=1)[-1].islower()


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class _EventFacts:
    """An event with its figures, claims and passages."""

    event: Event
    casualties: tuple[CasualtyReport, ...]
    claims: tuple[Claim, ...]
    passages: tuple[Passage, ...]


def _number_equal_triggers(events: Iterable[Json]) -> Iterator[tuple[Json, int]]:
    """Each event with how many events of its type and trigger come before it in its sentence."""
    seen = Counter[tuple[int, str, str]]()
    for event in events:
        key = (event["sent"], event["type"], event["trigger"])
        yield event, seen[key]
        seen[key] += 1


def _make_event_facts(
    annotated: Json,
    nth: int,
    article: Article,
    infobox: InfoboxFacts,
    *,
    sentences: Mapping[int, Passage],
    entities: _Entities,
) -> _EventFacts:
    where = annotated["id"]
    if annotated["sent"] not in sentences:
        raise HamakgError(f"{where}: there is no sentence {annotated['sent']}")
    passage = sentences[annotated["sent"]]
    event = _make_event(annotated, nth, article.slug, passage, entities)
    event = replace(event, part_of_conflict=belongs(event, passage.begin, article, infobox.conflict.interval))
    casualties = tuple(_make_reports(annotated, event, article.slug, entities))
    evidence = [
        _find_source_sentence(source, annotated["sent"], sentences, entities) for source in annotated["sources"]
    ]
    return _EventFacts(
        event=replace(event, casualties=tuple(report.id for report in casualties)),
        casualties=casualties,
        claims=tuple(_make_claims(annotated, event, casualties, evidence, slug=article.slug, entities=entities)),
        passages=(passage, *evidence),
    )


def _make_event(annotated: Json, nth: int, slug: str, passage: Passage, entities: _Entities) -> Event:
    where = annotated["id"]
    kind = look_up(TYPES, annotated["type"], where)
    relations, count = annotated["relations"], annotated["count"] or {}
    near = _resolve_related("near", annotated, entities)
    return Event(
        id=event_id(slug, passage.text, kind, annotated["trigger"], nth),
        type=kind,
        passage=passage.id,
        trigger=annotated["trigger"],
        trigger_begin=passage.begin + _find_trigger(passage.text, annotated["trigger"], nth, where),
        agents=entities.resolve_all(annotated["agents"], where),
        targets=entities.resolve_all(annotated["targets"], where),
        places=entities.resolve_all((place for place in annotated["places"] if place not in relations), where),
        near=near,
        origin=_resolve_related("from", annotated, entities),
        toward=_resolve_related("toward", annotated, entities),
        extent=Extent.PART if annotated["extent"] == "part" else None,
        distance=_find_distance(passage.text) if len(near) == 1 else None,
        interval=_make_interval(annotated["start"], annotated["end"], kind),
        factuality=look_up(FACTUALITIES, annotated["factuality"], where),
        standing=look_up(STANDINGS, annotated["standing"], where),
        recapture=annotated["recapture"] if kind is EventType.CAPTURE else None,
        minimum_count=count.get("min"),
        maximum_count=count.get("max"),
    )


def _resolve_related(relation: str, annotated: Json, entities: _Entities) -> tuple[Ref, ...]:
    places = (place for place, meant in annotated["relations"].items() if meant == relation)
    return entities.resolve_all(places, annotated["id"])


def _find_trigger(sentence: str, trigger: str, nth: int, where: str) -> int:
    places = [match.start() for match in re.finditer(r"\s+".join(map(re.escape, trigger.split())), sentence)]
    if nth >= len(places):
        raise HamakgError(f"{where}: {trigger!r} does not occur {nth + 1} times in its sentence")
    return places[nth]


def _find_distance(sentence: str) -> float | None:
    """The length that the sentence gives, in metres; None unless there is exactly one.

    Annotations mark a place as ``near`` but give the distance only in their notes ("within 7 km"), so it is read from
    the sentence. If the sentence has two lengths, it is unknown which belongs to the place.
    """
    lengths = _LENGTH.findall(sentence)
    if len(lengths) != 1:
        return None
    number, unit = lengths[0]
    return float(number.replace(",", "")) * _METRES[unit]


def _make_interval(start: str | None, end: str | None, kind: EventType) -> Interval:
    """The interval; clashes and sieges last throughout it, any other event falls on some day of a longer interval."""
    if start == end:
        return Interval(start, end)
    lasted = start and end and kind in _LASTING
    return Interval(start, end, Timing.THROUGHOUT if lasted else Timing.WITHIN, edtf(start, end))


# ---------------------------------------------------------------- figures and claims


def _make_reports(annotated: Json, event: Event, slug: str, entities: _Entities) -> Iterator[CasualtyReport]:
    figures = annotated["casualties"]
    for nth, (figure, source) in enumerate(zip(figures, _find_figure_sources(annotated), strict=True)):
        kind = look_up(CASUALTIES, figure["kind"], annotated["id"])
        victims = _find_victims(figure["victims"], event, entities)
        yield CasualtyReport(
            id=fact_id(slug, "casualties", f"{kind} {figure['victims']}", event.id, nth=nth),
            kind=kind,
            passage=event.passage,
            minimum=figure["min"],
            maximum=figure["max"],
            victims=victims,
            victim_description=figure["victims"] or None,
            side=entities.side_of.get(victims) if victims else None,
            according_to=entities.resolve(source, annotated["id"]) if source else None,
            interval=event.interval,
            standing=_find_report_standing(annotated, event),
        )


def _find_figure_sources(annotated: Json) -> list[str | None]:
    """The source of each figure: the only source, or the nth source for the nth of as many figures; else None."""
    figures = annotated["casualties"]
    speakers = [source["source"] for source in annotated["sources"] if source["stance"] != "denies"]
    if len(speakers) == 1:
        return speakers * len(figures)
    return speakers if len(speakers) == len(figures) else [None] * len(figures)


def _find_victims(words: str, event: Event, entities: _Entities) -> Ref | None:
    """The party whose name the words are, begin with or end with ("HTS commanders"); else a killing's only target."""
    folded = f"-{fold(words)}-"
    names = [name for name in entities.parties if folded.startswith(f"-{name}-") or folded.endswith(f"-{name}-")]
    if names:
        return entities.parties[max(names, key=len)]
    return event.targets[0] if event.type is EventType.KILLING and len(event.targets) == 1 else None


def _find_report_standing(annotated: Json, event: Event) -> Standing:
    is_sourced = event.standing is Standing.NARRATED and annotated["sources"]
    return Standing.ATTRIBUTED if is_sourced else event.standing


def _make_claims(
    annotated: Json,
    event: Event,
    casualties: Iterable[CasualtyReport],
    evidence: Iterable[Passage],
    *,
    slug: str,
    entities: _Entities,
) -> Iterator[Claim]:
    """The claims of the sources about the event; about its figures only where the article tells the event as fact."""
    figures = [report.id for report in casualties]
    subjects = figures if event.standing is Standing.NARRATED and figures else [event.id]
    for source, passage in zip(annotated["sources"], evidence, strict=True):
        stance = look_up(STANCES, source["stance"], annotated["id"])
        speaker = entities.resolve(source["source"], annotated["id"]) if source["source"] else None
        for subject in subjects:
            label = f"{stance} {entities.spellings[source['source']][0]}" if speaker else stance
            yield Claim(fact_id(slug, "claim", label, subject), subject, stance, passage.id, speaker)


def _find_source_sentence(
    source: Json, sentence: int, sentences: Mapping[int, Passage], entities: _Entities
) -> Passage:
    """The sentence that names the source: the event's or one soon after; the event's if none does ("they")."""
    words = [rf"\b{re.escape(word)}\b" for word in entities.spellings.get(source["source"], ())]
    names = re.compile("|".join(words) or "(?!)")
    following = [sentences[n] for n in range(sentence, sentence + _SENTENCES_AHEAD + 1) if n in sentences]
    return next((passage for passage in following if names.search(passage.text)), sentences[sentence])
