"""The word lists beside this file, read once into values."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hamakg.model import EventType, Stance
from hamakg.naming.states import states_by_word

_FOLDER = Path(__file__).parent / "lexicon"


@dataclass(frozen=True, slots=True)
class VerbRule:
    """One reading of a verb: the event it tells and who its subject and object are."""

    type: EventType
    subject: str
    object: str
    needs: str | None
    recapture: bool


@dataclass(frozen=True, slots=True)
class NounRule:
    """An event noun; ``mention``: when it tells an event rather than mention one ("launched", "argued", or open)."""

    type: EventType
    mention: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All word lists; lemmas are in lower case, particles follow their verb ("push back")."""

    verbs: Mapping[str, tuple[VerbRule, ...]]
    nouns: Mapping[str, NounRule]
    light: Mapping[str, frozenset[str]]
    names: Mapping[str, frozenset[str]]
    places: Mapping[str, frozenset[str]]
    speech: Mapping[str, frozenset[str]]
    grammar: Mapping[str, frozenset[str]]
    parties: Mapping[str, frozenset[str]]
    certainty: Mapping[str, frozenset[str]]
    stance_verbs: Mapping[str, Stance]
    stance_adverbs: Mapping[str, Stance]
    stance_nouns: Mapping[str, Stance]
    states: Mapping[str, str]
    abbreviations: Mapping[str, tuple[str, ...]]


@cache
def lexicon() -> Lexicon:
    """The word lists of the package."""
    triggers, attribution = _toml("triggers"), _toml("attribution")
    return Lexicon(
        verbs=_verbs(triggers["verb"]),
        nouns={
            lemma: NounRule(EventType(row["type"]), row.get("mention", "open"))
            for row in triggers["noun"]
            for lemma in row["lemmas"]
        },
        light=_sets(triggers["light"]),
        names=_sets(_toml("names")),
        places=_sets(_toml("places")),
        speech=_sets(attribution["words"]),
        grammar=_sets(_toml("grammar")),
        parties=_sets(_toml("parties")),
        certainty=_sets(_toml("certainty")),
        stance_verbs=_stances(attribution["verbs"]),
        stance_adverbs=_stances(attribution["adverbs"]),
        stance_nouns=_stances(attribution["nouns"]),
        states=states_by_word(),
        abbreviations={row["abbreviation"]: tuple(row["names"].split(", ")) for row in _table("abbreviations")},
    )


def _toml(name: str) -> dict:  # type: ignore[type-arg]
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _sets(table: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in table.items()}


def _verbs(rows: list[dict]) -> dict[str, tuple[VerbRule, ...]]:  # type: ignore[type-arg]
    verbs: dict[str, tuple[VerbRule, ...]] = {}
    for row in rows:
        rule = VerbRule(
            EventType(row["type"]), row["subject"], row["object"], row.get("needs"), row.get("recapture", False)
        )
        for lemma in row["lemmas"]:
            verbs[lemma] = (*verbs.get(lemma, ()), rule)
    return verbs


def _stances(table: dict[str, list[str]]) -> dict[str, Stance]:
    return {word: Stance(name.title()) for name, words in table.items() for word in words}


def _table(name: str) -> list[dict[str, str]]:
    with (_FOLDER / f"{name}.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))
