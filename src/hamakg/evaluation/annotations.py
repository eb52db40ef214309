"""Reads the annotations of an article as facts: those that extraction should find.

``NAME.json`` holds the entities and events, ``NAME.sents.txt`` beside it the numbered sentences; the guidelines are
``tests/gold/GUIDELINES.md``. The annotations were made by language models that read by these guidelines; no human
expert has checked them.

The facts say what the files say and no more: ids are those of the annotation, and entities are not joined with those of
the infobox. So two entities that the annotator tells apart stay two.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from hamakg.errors import HamakgError
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
)

Json = Mapping[str, Any]
Value = TypeVar("Value")

SIDE = "side"
"""The annotations' word for an entity that stands for one side as a whole."""

KINDS = MappingProxyType(
    {
        "actor": EntityKind.ACTOR,
        "person": EntityKind.PERSON,
        "place": EntityKind.PLACE,
        "source": EntityKind.SOURCE,
    }
)
STANCES = MappingProxyType(
    {
        "reports": Stance.REPORTED,
        "claims": Stance.CLAIMED,
        "confirms": Stance.CONFIRMED,
        "denies": Stance.DENIED,
    }
)
CASUALTIES = MappingProxyType(
    {
        "killed": CasualtyKind.KILLED,
        "wounded": CasualtyKind.WOUNDED,
        "casualties": CasualtyKind.KILLED_OR_WOUNDED,
        "captured": CasualtyKind.CAPTURED,
        "missing": CasualtyKind.MISSING,
        "displaced": CasualtyKind.DISPLACED,
    }
)
TYPES = MappingProxyType({kind.value: kind for kind in EventType})
FACTUALITIES = MappingProxyType({factuality.lower(): factuality for factuality in Factuality})
STANDINGS = MappingProxyType({standing.lower(): standing for standing in Standing})
_RELATIONS = ("near", "from", "toward")

_NUMBERED = re.compile(r"\[(\d+)\] (.*)")
_QUOTED = 60  # longer values are not quoted in messages
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the files of one article annotate: its sentences by number, and its entities and events.

    Each entity and event has all keys of the guidelines, with their defaults where the file leaves them out.
    """

    path: Path
    sentences: Mapping[int, str]
    entities: Sequence[Json]
    events: Sequence[Json]


def read_annotation(path: Path) -> Annotation:
    """The annotation in ``NAME.json`` with the sentences in ``NAME.sents.txt`` beside it.

    Raises HamakgError, which names the file and what is wrong in it: it is missing or not JSON, or has a key, type,
    value, entity or sentence that the guidelines or the files do not have.
    """
    try:
        document = _parse(path.read_text("utf-8"))
        sentences = _read_sentences(path.with_name(f"{path.stem}.sents.txt"))
        _check_references(document["entities"], document["events"], sentences)
    except (OSError, UnicodeDecodeError, HamakgError) as error:
        raise HamakgError(f"{path}: {_describe(error)}; correct the annotation") from error
    return Annotation(path, sentences, document["entities"], document["events"])


def make_facts(annotation: Annotation, article: Article, infobox: InfoboxFacts) -> ArticleFacts:
    """The annotation as facts of the article, with the ids of the annotation; its passages are all annotated sentences.

    Offsets are those of the sentences among themselves, not in the article. An entity's id counts among its names.
    """
    names = {one["id"]: (*one["aliases"], one["id"]) for one in annotation.entities}
    reports = {event["id"]: tuple(_make_reports(event)) for event in annotation.events}
    return ArticleFacts(
        article=article,
        infobox=infobox,
        entities=tuple(
            Entity(one["id"], one["name"], KINDS[one["kind"]], names[one["id"]])
            for one in annotation.entities
            if one["kind"] != SIDE
        ),
        sides=tuple(
            Side(one["id"], one["side"], one["name"], descriptions=(one["name"], *names[one["id"]]))
            for one in annotation.entities
            if one["kind"] == SIDE
        ),
        events=tuple(_make_event(event, reports[event["id"]]) for event in annotation.events),
        casualties=tuple(report for of_event in reports.values() for report in of_event),
        claims=tuple(claim for event in annotation.events for claim in _make_claims(event)),
        passages=tuple(_make_passages(annotation.sentences)),
    )


def find_missing_sentences(annotation: Annotation, article: Article) -> list[int]:
    """The numbers of the annotated sentences that are not in the article's text, whatever its white space."""
    text = squash(article.text)
    return [number for number, sentence in annotation.sentences.items() if sentence not in text]


def squash(text: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(text.split())


def look_up(table: Mapping[str, Value], word: str, where: str) -> Value:
    """The table's value for the word. Raises HamakgError, which lists the table's words, if there is none."""
    if word not in table:
        raise HamakgError(f"{where}: {word!r} is not one of {', '.join(table)}")
    return table[word]


# ---------------------------------------------------------------- what a record may hold


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of a record: what its value is, in words and as a check; ``default`` where it may be left out.

    ``records`` are the keys of the records that the value is a list of.
    """

    what: str
    holds: Callable[[Any], bool]
    required: bool = True
    default: Any = None
    records: "Mapping[str, _Key] | None" = None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_null(value: object) -> bool:
    return value is None or _is_text(value)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number_or_null(value: object) -> bool:
    return value is None or _is_number(value)


def _is_day(value: object) -> bool:
    if value is None:
        return True
    try:
        return isinstance(value, str) and bool(_DAY.fullmatch(value) and date.fromisoformat(value))
    except ValueError:
        return False


def _is_relations(value: object) -> bool:
    return isinstance(value, dict) and all(relation in _RELATIONS for relation in value.values())


def _is_count(value: object) -> bool:
    return value is None or (
        isinstance(value, dict) and set(value) <= {"min", "max"} and all(map(_is_number_or_null, value.values()))
    )


def _is_one_of(words: Iterable[str]) -> tuple[str, Callable[[object], bool]]:
    """In words and as a check: that a value is one of these."""
    known = tuple(words)
    return f"one of {', '.join(known)}", lambda value: value in known


_TEXT = _Key("a text", _is_text)
_ENTITIES = _Key("a list of ids of entities", _is_texts)
_BOUND = _Key("a number or null", _is_number_or_null, required=False)
_SIDE_NUMBER = _Key("1, 2 or null", _is_number_or_null, required=False)
_LAST_DAY = _Key("a day (2017-03-22) or null", _is_day)

_SOURCE = {
    "source": _Key("the id of an entity, or null", _is_text_or_null),
    "stance": _Key(*_is_one_of(STANCES)),
}
_FIGURE = {
    "kind": _Key(*_is_one_of(CASUALTIES)),
    "min": _BOUND,
    "max": _BOUND,
    "victims": _Key("a text or null", _is_text_or_null, required=False),
}
_ENTITY = {
    "id": _TEXT,
    "name": _TEXT,
    "kind": _Key(*_is_one_of((*KINDS, SIDE))),
    "side": _SIDE_NUMBER,
    "aliases": _Key("a list of texts", _is_texts, required=False, default=()),
}
_EVENT = {
    "id": _TEXT,
    "sent": _Key("the number of a sentence", _is_number),
    "trigger": _TEXT,
    "type": _Key(*_is_one_of(TYPES)),
    "recapture": _Key("true or false", lambda value: isinstance(value, bool), required=False, default=False),
    "agents": _ENTITIES,
    "targets": _Key(_ENTITIES.what, _is_texts, required=False, default=()),
    "places": _ENTITIES,
    "relations": _Key(f"places, each with {', '.join(_RELATIONS)}", _is_relations, required=False, default={}),
    "extent": _Key('"part", "whole" or null', lambda value: value in (None, "part", "whole"), required=False),
    "count": _Key("min and max, each a number or null", _is_count, required=False),
    "start": _LAST_DAY,
    "end": _LAST_DAY,
    "factuality": _Key(*_is_one_of(FACTUALITIES)),
    "standing": _Key(*_is_one_of(STANDINGS)),
    "sources": _Key("a list", _is_list, required=False, default=(), records=_SOURCE),
    "casualties": _Key("a list", _is_list, required=False, default=(), records=_FIGURE),
    "note": _Key("a text or null", _is_text_or_null, required=False),
}
_FILE = {
    "doc": _TEXT,
    "entities": _Key("a list", _is_list, records=_ENTITY),
    "events": _Key("a list", _is_list, records=_EVENT),
}


# ---------------------------------------------------------------- the files


def _parse(text: str) -> Json:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise HamakgError(f"not JSON ({error})") from error
    except RecursionError as error:
        raise HamakgError("not an annotation: nested too deeply") from error
    return _complete(document, _FILE)


def _complete(record: object, keys: Mapping[str, _Key], where: str = "") -> Json:
    """The record with the defaults of the keys that it leaves out; raises HamakgError if it is not of this form."""
    if not isinstance(record, dict):
        raise HamakgError(f"{where}{_quote(record)} is not an object with {', '.join(keys)}")
    where += f"{record['id']}: " if isinstance(record.get("id"), str) else ""
    if unknown := record.keys() - keys.keys():
        raise HamakgError(f"{where}{', '.join(sorted(unknown))} unknown; there is {', '.join(keys)}")
    if missing := [name for name, key in keys.items() if key.required and name not in record]:
        raise HamakgError(f"{where}{', '.join(missing)} missing")
    return {
        name: _check(record[name], key, where, name) if name in record else key.default for name, key in keys.items()
    }


def _check(value: object, key: _Key, where: str, name: str) -> object:
    """The value, with its records completed; raises HamakgError if it is not what the key says."""
    if not key.holds(value):
        raise HamakgError(f"{where}{name}: {_quote(value)} is not {key.what}")
    if key.records is None or not isinstance(value, list):
        return value
    inner = f"{where}{name}: " if where else ""  # the ids of entities and events say where they are
    return [_complete(record, key.records, inner) for record in value]


def _quote(value: object) -> str:
    return value_text if len(value_text := json.dumps(value, ensure_ascii=False)) <= _QUOTED else "this"


def _read_sentences(path: Path) -> dict[int, str]:
    """The sentences by number, each run of white space as one space."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise HamakgError(f"its numbered sentences, {path.name}, cannot be read: {_describe(error)}") from error
    return {int(match[1]): squash(match[2]) for line in lines if (match := _NUMBERED.match(line))}


def _check_references(entities: Iterable[Json], events: Iterable[Json], sentences: Mapping[int, str]) -> None:
    """Check that no id is there twice, and that each that is referred to is there; raises HamakgError if not."""
    for records in (entities, events):
        if twice := [name for name, count in Counter(record["id"] for record in records).items() if count > 1]:
            raise HamakgError(f"{twice[0]}: this id is there twice")
    if nameless := [one["id"] for one in entities if one["kind"] == SIDE and one["side"] is None]:
        raise HamakgError(f"{nameless[0]}: an entity of kind side needs the side's number, 1 or 2")
    known = {entity["id"] for entity in entities}
    for event in events:
        if event["sent"] not in sentences:
            raise HamakgError(f"{event['id']}: there is no sentence {event['sent']}")
        speakers = [source["source"] for source in event["sources"] if source["source"] is not None]
        filled = {"agents": event["agents"], "targets": event["targets"], "places": event["places"]}
        for slot, ids in (filled | {"relations": [*event["relations"]], "sources": speakers}).items():
            if unknown := [one for one in ids if one not in known]:
                raise HamakgError(f"{event['id']}: {slot}: {unknown[0]!r} is not one of the file's entities")


def _describe(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


# ---------------------------------------------------------------- facts


def _make_passages(sentences: Mapping[int, str]) -> Iterator[Passage]:
    begin = 0
    for number, text in sentences.items():
        yield Passage(str(number), text, begin, begin + len(text))
        begin += len(text) + 1


def _make_event(annotated: Json, casualties: Iterable[CasualtyReport]) -> Event:
    relations, count = annotated["relations"], annotated["count"] or {}
    return Event(
        id=annotated["id"],
        type=TYPES[annotated["type"]],
        passage=str(annotated["sent"]),
        trigger=annotated["trigger"],
        trigger_begin=0,
        agents=tuple(annotated["agents"]),
        targets=tuple(annotated["targets"]),
        places=tuple(place for place in annotated["places"] if place not in relations),
        near=_find_related("near", relations),
        origin=_find_related("from", relations),
        toward=_find_related("toward", relations),
        extent=Extent.PART if annotated["extent"] == "part" else None,
        interval=Interval(annotated["start"], annotated["end"]),
        factuality=FACTUALITIES[annotated["factuality"]],
        standing=STANDINGS[annotated["standing"]],
        recapture=annotated["recapture"],
        minimum_count=count.get("min"),
        maximum_count=count.get("max"),
        casualties=tuple(report.id for report in casualties),
    )


def _find_related(relation: str, relations: Mapping[str, str]) -> tuple[Ref, ...]:
    return tuple(place for place, meant in relations.items() if meant == relation)


def _make_reports(annotated: Json) -> Iterator[CasualtyReport]:
    for nth, figure in enumerate(annotated["casualties"]):
        yield CasualtyReport(
            id=f"{annotated['id']}/casualties/{nth}",
            kind=CASUALTIES[figure["kind"]],
            passage=str(annotated["sent"]),
            minimum=figure["min"],
            maximum=figure["max"],
            victim_description=figure["victims"],
        )


def _make_claims(annotated: Json) -> Iterator[Claim]:
    for nth, source in enumerate(annotated["sources"]):
        yield Claim(
            id=f"{annotated['id']}/claim/{nth}",
            about=annotated["id"],
            stance=STANCES[source["stance"]],
            passage=str(annotated["sent"]),
            source=source["source"],
        )
