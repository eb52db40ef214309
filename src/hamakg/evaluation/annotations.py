"""People's reading of an article: its events from an annotation file, as the facts that an extractor should find.

``NAME.json`` holds the entities and events, ``NAME.sents.txt`` beside it the numbered sentences; the guidelines stand
in ``tests/gold/GUIDELINES.md``. What people did not write down stays empty (equipment, weapons, confidence); two things
are read from the text: where a source is named that speaks in a later sentence, and distances (:func:`_distance`).
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from hamakg.errors import HamakgError
from hamakg.extract.narrative.belonging import belongs
from hamakg.extract.narrative.days import edtf
from hamakg.model import (
    Article,
    ArticleFacts,
    CasualtyKind,
    CasualtyReport,
    Claim,
    Entity,
    EntityKind,
    Event,
    EventType,
    Extent,
    Factuality,
    InfoboxFacts,
    Interval,
    Passage,
    Ref,
    Side,
    Stance,
    Standing,
    Timing,
)
from hamakg.naming.spellings import core_name, same_name
from hamakg.rdf.ids import entity_id, event_id, fact_id, fold, sentence_id, side_id

Json = Mapping[str, Any]
T = TypeVar("T")

_FILE_KEYS = {"doc", "entities", "events"}
_ENTITY_KEYS = {"id", "name", "kind", "aliases"}
_EVENT_KEYS = {
    *("id", "sent", "trigger", "type", "recapture", "agents", "targets", "places", "start", "end"),
    *("factuality", "standing", "sources", "casualties", "note"),
}
_OPTIONAL_KEYS = {"side", "relations", "extent", "count"}

_KINDS = {
    "actor": EntityKind.ACTOR,
    "person": EntityKind.PERSON,
    "place": EntityKind.PLACE,
    "source": EntityKind.SOURCE,
}
_STANCES = {
    "reports": Stance.REPORTED,
    "claims": Stance.CLAIMED,
    "confirms": Stance.CONFIRMED,
    "denies": Stance.DENIED,
}
_CASUALTIES = {
    "killed": CasualtyKind.KILLED,
    "wounded": CasualtyKind.WOUNDED,
    "casualties": CasualtyKind.KILLED_OR_WOUNDED,
    "captured": CasualtyKind.CAPTURED,
    "missing": CasualtyKind.MISSING,
    "displaced": CasualtyKind.DISPLACED,
}
_TYPES = {kind.value: kind for kind in EventType}
_FACTUALITIES = {factuality.lower(): factuality for factuality in Factuality}
_STANDINGS = {standing.lower(): standing for standing in Standing}
_METRES = {"metre": 1, "meter": 1, "m": 1, "kilometre": 1000, "kilometer": 1000, "km": 1000}

_SENTENCE = re.compile(r"\[(\d+)\] (.*)")
_LENGTH = re.compile(rf"(\d[\d,]*(?:\.\d+)?)[ \u00a0-]?({'|'.join(_METRES)})s?\b")
_LASTING = {EventType.CLASH, EventType.ENCIRCLEMENT}
_OTHER_TIMES = {"background", "aftermath"}
_TOLD_LATER = 2  # sentences after an event's in which a source may be named that confirms or denies it


def read_annotations(path: Path, article: Article, infobox: InfoboxFacts) -> ArticleFacts:
    """The facts that people found in the article, on the infobox's entities and sides where a name agrees.

    Raises HamakgError naming the file where it is missing, malformed, or speaks of another text than the article's.
    """
    try:
        document = _document(path.read_text("utf-8"))
        sentences = _sentences(path.with_name(f"{path.stem}.sents.txt").read_text("utf-8"), article)
        cast = _cast(document["entities"], article.slug, infobox)
        told = [_telling(event, article, infobox, sentences, cast) for event in _numbered(document["events"])]
    except (OSError, HamakgError) as error:
        raise HamakgError(f"{path}: {error}; mend the annotation or give the article that it is of") from error
    return ArticleFacts(
        article=article,
        infobox=infobox,
        entities=cast.entities,
        sides=cast.sides,
        events=tuple(telling.event for telling in told),
        casualties=tuple(report for telling in told for report in telling.casualties),
        claims=tuple(claim for telling in told for claim in telling.claims),
        passages=tuple(dict.fromkeys(passage for telling in told for passage in telling.passages)),
    )


# ---------------------------------------------------------------- the files


def _document(text: str) -> Json:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise HamakgError(f"not JSON ({error})") from error
    _demand(document, _FILE_KEYS)
    for entity in document["entities"]:
        _demand(entity, _ENTITY_KEYS)
    for event in document["events"]:
        _demand(event, _EVENT_KEYS)
    return dict(document)


def _demand(record: object, keys: set[str]) -> None:
    """Read strictly: each key known, none missing."""
    if not isinstance(record, dict):
        raise HamakgError(f"{record!r} stands where an object with {', '.join(sorted(keys))} should")
    if wrong := (record.keys() ^ keys) - (_OPTIONAL_KEYS if keys != _FILE_KEYS else set()):
        raise HamakgError(f"{record.get('id', 'file')}: {', '.join(sorted(wrong))} missing or unknown")


def _choice(table: Mapping[str, T], word: str, where: str) -> T:
    if word not in table:
        raise HamakgError(f"{where}: {word!r} is none of {', '.join(table)}")
    return table[word]


def _sentences(text: str, article: Article) -> dict[int, Passage]:
    """The sentences by their numbers; the file's are squashed of white space, a passage has the article's own."""
    found: dict[int, Passage] = {}
    position, seen = 0, Counter[str]()
    for number, words in _SENTENCE.findall(text):
        match = re.compile(r"\s+".join(map(re.escape, words.split()))).search(article.text, position)
        if match is None:
            raise HamakgError(f"sentence {number} is not in the article {article.title!r}")
        passage = sentence_id(article.slug, match[0], seen[match[0]])
        found[int(number)] = Passage(passage, match[0], match.start(), match.end())
        seen[match[0]] += 1
        position = match.end()
    return found


# ---------------------------------------------------------------- who and where


@dataclass(frozen=True, slots=True)
class _Cast:
    """Entities and sides of the article, and how the annotation speaks of them.

    ``refs`` are by the annotation's ids, ``wordings`` give parties by folded name or alias, ``camps`` a party's side,
    ``spellings`` the names and aliases of an id.
    """

    entities: tuple[Entity, ...]
    sides: tuple[Side, ...]
    refs: Mapping[str, Ref]
    wordings: Mapping[str, Ref]
    camps: Mapping[Ref, Ref]
    spellings: Mapping[str, tuple[str, ...]]

    def ref(self, annotated: str, where: str) -> Ref:
        return _choice(self.refs, annotated, where)

    def refs_of(self, annotated: Iterable[str], where: str) -> tuple[Ref, ...]:
        return tuple(dict.fromkeys(self.ref(one, where) for one in annotated))


def _cast(annotated: Sequence[Json], slug: str, infobox: InfoboxFacts) -> _Cast:
    entities = {entity.id: entity for entity in infobox.entities}
    sides = {side.id: side for side in infobox.sides}
    camps = {ref: side.id for side in infobox.sides for ref in (side.id, *side.belligerents, *side.units)}
    refs: dict[str, Ref] = {}
    wordings: dict[str, Ref] = {}
    for one in annotated:
        if one["kind"] == "side":
            side = _side(one, slug, sides)
            refs[one["id"]], sides[side.id], camps[side.id] = side.id, side, side.id
        else:
            entity = _entity(one, slug, infobox.entities)
            known = entities.get(entity.id)
            refs[one["id"]], entities[entity.id] = entity.id, _joined(known, entity) if known else entity
            if one.get("side"):
                camps.setdefault(entity.id, side_id(slug, one["side"]))
        if one["kind"] != "place":
            wordings |= {fold(word): refs[one["id"]] for word in (one["name"], *one["aliases"])}
    spellings = {one["id"]: (one["name"], *one["aliases"]) for one in annotated}
    return _Cast(tuple(entities.values()), tuple(sides.values()), refs, wordings, camps, spellings)


def _side(one: Json, slug: str, sides: Mapping[Ref, Side]) -> Side:
    """The infobox's side of this number, which learns the wordings; a new one where the infobox has none."""
    ref = side_id(slug, one["side"])
    known = sides.get(ref, Side(ref, one["side"], one["name"]))
    wordings = dict.fromkeys((*known.descriptions, one["name"], *one["aliases"]))
    return replace(known, descriptions=tuple(word for word in wordings if word != known.name))


def _entity(one: Json, slug: str, known: Iterable[Entity]) -> Entity:
    kind = _choice(_KINDS, one["kind"], one["id"])
    spellings = (one["name"], *one["aliases"])
    proper = [word for word in one["aliases"] if _is_proper(word) and not one["name"].endswith(f" {word}")]
    same = _same_entity(kind, spellings, known)
    kinds = [core_name(word)[1] for word in spellings] if kind is EntityKind.PLACE else []
    return Entity(
        id=same.id if same else entity_id(kind, one["name"], slug if _is_own(kind, one["name"]) else None),
        name=one["name"],
        kind=same.kind if same else kind,
        names=tuple(proper),
        descriptions=tuple(word for word in one["aliases"] if word not in proper),
        kind_word=next(filter(None, kinds), None),
    )


def _same_entity(kind: EntityKind, spellings: Iterable[str], known: Iterable[Entity]) -> Entity | None:
    """The infobox's entity that bears one of the names; a place is never an actor of the same name."""
    alike = [entity for entity in known if (entity.kind is EntityKind.PLACE) == (kind is EntityKind.PLACE)]
    folded = {fold(word) for word in spellings}
    exact = (entity for entity in alike if not folded.isdisjoint(map(fold, (entity.name, *entity.names))))
    main = next(iter(spellings))
    return next(exact, None) or next((entity for entity in alike if same_name(entity.name, main)), None)


def _joined(known: Entity, found: Entity) -> Entity:
    """The infobox's entity with the names and wordings that people found for it."""
    names = dict.fromkeys((*known.names, found.name, *found.names))
    return replace(
        known,
        names=tuple(name for name in names if name != known.name),
        descriptions=tuple(dict.fromkeys((*known.descriptions, *found.descriptions))),
        kind_word=known.kind_word or found.kind_word,
    )


def _is_proper(words: str) -> bool:
    """ "Al-Masdar News", but neither "the Army" nor "village of Khitab" nor "HTS rebels"."""
    first, *rest = re.sub(r"\b(?:al|el|ash|at|ad)[- ]", "", words).split() or [""]
    return first[:1].isupper() and all(word[:1].isupper() or word[:1].isdigit() or word == "of" for word in rest)


def _is_own(kind: EntityKind, name: str) -> bool:
    """Whether only this article knows who is meant: a person, "pro-government sources", "HTS commanders"."""
    return kind is EntityKind.PERSON or name.islower() or (kind is not EntityKind.PLACE and name.split()[-1].islower())


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class _Telling:
    event: Event
    casualties: tuple[CasualtyReport, ...]
    claims: tuple[Claim, ...]
    passages: tuple[Passage, ...]


def _numbered(events: Iterable[Json]) -> Iterator[tuple[Json, int]]:
    """Each event with the number, from 0, of equal triggers of its type before it in its sentence."""
    seen = Counter[tuple[int, str, str]]()
    for event in events:
        key = (event["sent"], event["type"], event["trigger"])
        yield event, seen[key]
        seen[key] += 1


def _telling(
    numbered: tuple[Json, int], article: Article, infobox: InfoboxFacts, sentences: Mapping[int, Passage], cast: _Cast
) -> _Telling:
    annotated, nth = numbered
    where = annotated["id"]
    if annotated["sent"] not in sentences:
        raise HamakgError(f"{where}: no sentence {annotated['sent']}")
    passage = sentences[annotated["sent"]]
    event = _event(annotated, nth, article.slug, passage, cast)
    event = replace(event, part_of_conflict=belongs(event, passage.begin, article, infobox.conflict.interval))
    casualties = tuple(_casualties(annotated, event, article.slug, cast))
    evidence = [_told_in(source, annotated["sent"], sentences, cast) for source in annotated["sources"]]
    return _Telling(
        event=replace(event, casualties=tuple(report.id for report in casualties)),
        casualties=casualties,
        claims=tuple(_claims(annotated, event, casualties, evidence, article.slug, cast)),
        passages=(passage, *evidence),
    )


def _event(annotated: Json, nth: int, slug: str, passage: Passage, cast: _Cast) -> Event:
    where = annotated["id"]
    kind = _choice(_TYPES, annotated["type"], where)
    relations, count = annotated.get("relations", {}), annotated.get("count", {})
    near = _related("near", annotated, cast)
    return Event(
        id=event_id(slug, passage.text, kind, annotated["trigger"], nth),
        type=kind,
        passage=passage.id,
        trigger=annotated["trigger"],
        trigger_begin=passage.begin + _trigger_begin(passage.text, annotated["trigger"], nth, where),
        agents=cast.refs_of(annotated["agents"], where),
        targets=cast.refs_of(annotated["targets"], where),
        places=cast.refs_of((place for place in annotated["places"] if place not in relations), where),
        near=near,
        origin=_related("from", annotated, cast),
        toward=_related("toward", annotated, cast),
        extent=Extent.PART if annotated.get("extent") == "part" else None,
        distance=_distance(passage.text) if len(near) == 1 else None,
        interval=_interval(annotated["start"], annotated["end"], kind),
        factuality=_choice(_FACTUALITIES, annotated["factuality"], where),
        standing=_choice(_STANDINGS, annotated["standing"], where),
        recapture=annotated["recapture"] if kind is EventType.CAPTURE else None,
        minimum_count=count.get("min"),
        maximum_count=count.get("max"),
    )


def _related(relation: str, annotated: Json, cast: _Cast) -> tuple[Ref, ...]:
    places = (place for place, meant in annotated.get("relations", {}).items() if meant == relation)
    return cast.refs_of(places, annotated["id"])


def _trigger_begin(sentence: str, trigger: str, nth: int, where: str) -> int:
    places = [match.start() for match in re.finditer(r"\s+".join(map(re.escape, trigger.split())), sentence)]
    if nth >= len(places):
        raise HamakgError(f"{where}: {trigger!r} does not stand in its sentence {nth + 1} times")
    return places[nth]


def _distance(sentence: str) -> float | None:
    """Metres, where the sentence has one length and one only.

    Annotations mark that a place is ``near`` but how far it is stands in their notes ("within 7 km"); the sentence says
    the same in figures. With two lengths in a sentence nothing tells whose each is, so none is taken.
    """
    lengths = _LENGTH.findall(sentence)
    if len(lengths) != 1:
        return None
    number, unit = lengths[0]
    return float(number.replace(",", "")) * _METRES[unit]


def _interval(start: str | None, end: str | None, kind: EventType) -> Interval:
    """Fighting and sieges fill their days; of all else a longer interval says that it was on some day of it."""
    if start == end:
        return Interval(start, end)
    lasted = start and end and kind in _LASTING
    return Interval(start, end, Timing.THROUGHOUT if lasted else Timing.WITHIN, edtf(start, end))


# ---------------------------------------------------------------- figures and claims


def _casualties(annotated: Json, event: Event, slug: str, cast: _Cast) -> Iterator[CasualtyReport]:
    figures = annotated["casualties"]
    for nth, (figure, source) in enumerate(zip(figures, _givers(annotated), strict=True)):
        kind = _choice(_CASUALTIES, figure["kind"], annotated["id"])
        victims = _victims(figure["victims"], event, cast)
        yield CasualtyReport(
            id=fact_id(slug, "casualties", f"{kind} {figure['victims']}", event.id, nth=nth),
            kind=kind,
            passage=event.passage,
            minimum=figure["min"],
            maximum=figure["max"],
            victims=victims,
            victim_description=figure["victims"] or None,
            side=cast.camps.get(victims) if victims else None,
            according_to=cast.ref(source, annotated["id"]) if source else None,
            interval=event.interval,
            standing=_report_standing(annotated, event),
        )


def _givers(annotated: Json) -> list[str | None]:
    """Who gives each figure: the one who speaks; of several speakers each one's own, in the order of the text."""
    figures = annotated["casualties"]
    speakers = [source["source"] for source in annotated["sources"] if source["stance"] != "denies"]
    if len(speakers) == 1:
        return speakers * len(figures)
    return speakers if len(speakers) == len(figures) else [None] * len(figures)


def _victims(words: str, event: Event, cast: _Cast) -> Ref | None:
    """The party that the words are, begin with or end with ("HTS commanders"), else a killing's only target."""
    said = f"-{fold(words)}-"
    named = [word for word in cast.wordings if said.startswith(f"-{word}-") or said.endswith(f"-{word}-")]
    if named:
        return cast.wordings[max(named, key=len)]
    return event.targets[0] if event.type is EventType.KILLING and len(event.targets) == 1 else None


def _report_standing(annotated: Json, event: Event) -> Standing:
    said = event.standing is Standing.NARRATED and annotated["sources"]
    return Standing.ATTRIBUTED if said else event.standing


def _claims(
    annotated: Json,
    event: Event,
    casualties: Iterable[CasualtyReport],
    evidence: Iterable[Passage],
    slug: str,
    cast: _Cast,
) -> Iterator[Claim]:
    """What the sources say: about the event, or, where the article tells that as fact, about its figures alone."""
    figures = [report.id for report in casualties]
    about = figures if event.standing is Standing.NARRATED and figures else [event.id]
    for source, passage in zip(annotated["sources"], evidence, strict=True):
        stance = _choice(_STANCES, source["stance"], annotated["id"])
        speaker = cast.ref(source["source"], annotated["id"]) if source["source"] else None
        for what in about:
            label = f"{stance} {cast.spellings[source['source']][0]}" if speaker else stance
            yield Claim(fact_id(slug, "claim", label, what), what, stance, passage.id, speaker)


def _told_in(source: Json, sentence: int, sentences: Mapping[int, Passage], cast: _Cast) -> Passage:
    """The sentence that names the source: the event's, or one soon after; the event's where none does ("they")."""
    words = [rf"\b{re.escape(word)}\b" for word in cast.spellings.get(source["source"], ())]
    named = re.compile("|".join(words) or "(?!)")
    near = [sentences[n] for n in range(sentence, sentence + _TOLD_LATER + 1) if n in sentences]
    return next((passage for passage in near if named.search(passage.text)), sentences[sentence])
