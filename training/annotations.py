"""Annotations without the texts that they speak of, and how they are joined with the texts again.

A file of ``training/annotations`` knows each sentence by its length and a digest, and triggers and mentions by their
offsets in it; so whoever has the articles can train, and the texts stay out of the project.

    python -m training.annotations FOLDER PERIOD    # takes in what annotators wrote: NAME.json, NAME.sents.txt
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from hamakg.extract.encoder.pairs import Kind, Role
from hamakg.model import Article, EventType, Factuality, Standing

FOLDER = Path(__file__).with_name("annotations")
_NUMBERED = re.compile(r"\[(\d+)\] (.*)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's number, its length in code points, the digest of its text, and whether it opens a paragraph."""

    number: int
    length: int
    digest: str
    opens: bool


@dataclass(frozen=True, slots=True)
class Entity:
    """What an event's slots name; kind: actor, side, person, place or source; ``side``: 1, 2 or None."""

    id: str
    kind: Kind
    side: int | None


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a sentence names an entity; offsets are code points into the sentence."""

    sentence: int
    begin: int
    end: int
    entity: str


@dataclass(frozen=True, slots=True)
class Event:
    """An annotated event; ``roles`` gives the entities of its slots, each with what it is to the event."""

    sentence: int
    begin: int
    end: int
    type: EventType
    factuality: Factuality
    standing: Standing
    recapture: bool
    roles: tuple[tuple[str, Role], ...]


@dataclass(frozen=True, slots=True)
class Annotated:
    """All annotations of one article; ``texts`` holds its sentences by number once it was joined with them."""

    name: str
    title: str
    period: str
    sentences: tuple[Sentence, ...]
    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    events: tuple[Event, ...]


def digest(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the text: enough to tell the sentences of an article apart."""
    return sha256(text.encode()).hexdigest()[:16]


# ---------------------------------------------------------------- from what annotators wrote


def take_in(path: Path, period: str) -> tuple[Annotated, dict[int, str]]:
    """The annotations of NAME.json, and the texts of the sentences that NAME.sents.txt beside it numbers.

    Triggers and names are looked for in the texts. An event whose trigger its sentence does not hold is left out.
    """
    written = json.loads(path.read_text("utf-8"))
    lines = path.with_suffix(".sents.txt").read_text("utf-8").split("\n")
    texts: dict[int, str] = {}
    sentences = []
    for before, line in zip(["", *lines], lines, strict=False):
        if match := _NUMBERED.fullmatch(line):
            number, text = int(match[1]), match[2]
            texts[number] = text
            sentences.append(Sentence(number, len(text), digest(text), not _NUMBERED.fullmatch(before)))
    names = {entity["id"]: (entity["name"], *entity.get("aliases", ())) for entity in written["entities"]}
    return Annotated(
        name=path.stem,
        title=lines[0].strip("= "),
        period=period,
        sentences=tuple(sentences),
        entities=tuple(Entity(e["id"], Kind(e["kind"]), e.get("side")) for e in written["entities"]),
        mentions=tuple(mention for number, text in texts.items() for mention in _find_mentions(number, text, names)),
        events=tuple(_find_triggers(written["events"], texts)),
    ), texts


def _find_mentions(number: int, text: str, names: Mapping[str, Sequence[str]]) -> Iterator[Mention]:
    """The longest names first; where two entities bear the name, a mention of each; none inside another."""
    taken: list[tuple[int, int]] = []
    bearers: dict[str, list[str]] = {}
    for entity, spellings in names.items():
        for spelling in filter(None, dict.fromkeys(spellings)):
            bearers.setdefault(spelling, []).append(entity)
    for spelling in sorted(bearers, key=lambda spelling: (-len(spelling), spelling)):
        for begin, end in find_spelling(spelling, text):
            if all(end <= b or begin >= e or (begin, end) == (b, e) for b, e in taken):
                taken.append((begin, end))
                yield from (Mention(number, begin, end, entity) for entity in bearers[spelling])


def find_spelling(spelling: str, text: str) -> list[tuple[int, int]]:
    """Where whole words of the text are the spelling; a capital at its head must be one in the text (US, not us)."""
    found = re.finditer(rf"(?<!\w){re.escape(spelling)}(?!\w)", text, re.IGNORECASE)
    return [match.span() for match in found if match[0][0].isupper() or not spelling[0].isupper()]


def _find_triggers(events: Iterable[Mapping[str, Any]], texts: Mapping[int, str]) -> Iterator[Event]:
    """The same trigger told twice is looked for at its next place in the sentence."""
    taken: set[tuple[int, int]] = set()
    for event in events:
        number, trigger = event["sent"], event["trigger"]
        places = [match.start() for match in re.finditer(re.escape(trigger), texts.get(number, ""))]
        begin = next((begin for begin in places if (number, begin) not in taken), None)
        if begin is None:
            continue
        taken.add((number, begin))
        yield Event(
            sentence=number,
            begin=begin,
            end=begin + len(trigger),
            type=EventType(event["type"]),
            factuality=Factuality(event.get("factuality", "actual").capitalize()),
            standing=Standing(event.get("standing", "narrated").capitalize()),
            recapture=event.get("recapture") is True,
            roles=tuple(dict(_list_roles(event)).items()),
        )


def _list_roles(event: Mapping[str, Any]) -> Iterator[tuple[str, Role]]:
    """Each entity and what it is; of two roles the last counts, so that an agent who is the source too stays agent."""
    yield from ((source["source"], Role.SOURCE) for source in event.get("sources") or () if source.get("source"))
    relations = event.get("relations") or {}
    yield from ((place, Role(relations.get(place, "place"))) for place in event.get("places") or ())
    yield from ((target, Role.TARGET) for target in event.get("targets") or ())
    yield from ((agent, Role.AGENT) for agent in event.get("agents") or ())


# ---------------------------------------------------------------- files


def write(annotated: Annotated, folder: Path = FOLDER) -> None:
    """One line a sentence, entity, mention or event, so that a change can be read."""
    values = asdict(annotated)
    blocks = []
    for key, value in values.items():
        if isinstance(value, tuple):
            rows = ",\n".join(json.dumps(list(row.values()), ensure_ascii=False) for row in value)
            blocks.append(f'"{key}": [\n{rows}\n]' if rows else f'"{key}": []')
        else:
            blocks.append(f'"{key}": {json.dumps(value, ensure_ascii=False)}')
    (folder / f"{annotated.name}.json").write_text("{\n" + ",\n".join(blocks) + "\n}\n", "utf-8")


def read(path: Path) -> Annotated:
    """The annotations in a file that ``write`` wrote."""
    values = json.loads(path.read_text("utf-8"))
    return Annotated(
        name=values["name"],
        title=values["title"],
        period=values["period"],
        sentences=tuple(Sentence(*row) for row in values["sentences"]),
        entities=tuple(Entity(id, Kind(kind), side) for id, kind, side in values["entities"]),
        mentions=tuple(Mention(*row) for row in values["mentions"]),
        events=tuple(map(_read_event, values["events"])),
    )


def _read_event(row: Sequence[Any]) -> Event:
    sentence, begin, end, event_type, factuality, standing, recapture, roles = row
    return Event(
        sentence=sentence,
        begin=begin,
        end=end,
        type=EventType(event_type),
        factuality=Factuality(factuality),
        standing=Standing(standing),
        recapture=recapture,
        roles=tuple((entity, Role(role)) for entity, role in roles),
    )


def join(annotated: Annotated, article: Article) -> dict[int, str]:
    """The text of each sentence by its number, found in the article's paragraphs by length and digest.

    A sentence that the article does not hold (it was edited since) is missing.
    """
    places = [(paragraph.text, begin) for paragraph in article.paragraphs for begin in _starts(paragraph.text)]
    texts: dict[int, str] = {}
    next_place = 0
    for sentence in annotated.sentences:
        for index in (*range(next_place, len(places)), *range(next_place)):
            text, begin = places[index]
            words = text[begin : begin + sentence.length]
            if digest(words) == sentence.digest:
                texts[sentence.number] = words
                next_place = index + 1
                break
    return texts


def _starts(text: str) -> list[int]:
    return [match.start() for match in re.finditer(r"(?<!\S)\S", text)]


def main(folder: str, period: str) -> None:
    """Takes in all that annotators wrote in a folder."""
    for path in sorted(Path(folder).glob("*.json")):
        write(take_in(path, period)[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
