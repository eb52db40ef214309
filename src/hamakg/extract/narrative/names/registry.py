"""The parties of one article: its entities, its sides, and which of them a word like "rebel" or "the Army" means."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hamakg.extract.narrative.parse.lexicon import lexicon
from hamakg.model import Entity, EntityKind, Ref, Side
from hamakg.rdf.ids import entity_id

_STATE_WORDS = frozenset({"government", "republic", "armed", "army", "state", "kingdom", "empire", "union"})


@dataclass(slots=True)
class Registry:
    """What is known of the parties while one article is read; it only ever grows."""

    slug: str
    entities: dict[Ref, Entity]
    sides: dict[Ref, Side]
    side_of: dict[Ref, Ref] = field(default_factory=dict)
    government: Ref | None = None
    rebels: Ref | None = None
    militants: Ref | None = None
    wordings: dict[Ref, set[str]] = field(default_factory=lambda: defaultdict(set))

    def named(self, *names: str) -> Ref | None:
        """The actor that carries one of these names, the earlier name first."""
        for name in names:
            for ref, entity in self.entities.items():
                if entity.kind is not EntityKind.PLACE and name.lower() in {
                    n.lower() for n in (entity.name, *entity.names)
                }:
                    return ref
        return None

    def ensure(self, kind: EntityKind, name: str, own: bool = False) -> Ref:
        """The id of the entity of this name, made if it is new; ``own``: an unnamed party, the article's own."""
        ref = entity_id(kind, name, self.slug if own else None)
        self.entities.setdefault(ref, Entity(ref, name, kind))
        return ref

    def note(self, ref: Ref, wording: str) -> Ref:
        """Remembers a wording by which the text refers to a party."""
        self.wordings[ref].add(wording)
        return ref

    def state(self, word: str) -> Ref | None:
        """The state that an adjective, a people's name or a state's name means ("Russian": Russia)."""
        name = lexicon().states.get(word)
        if name is None:
            return None
        words = {w for w, state in lexicon().states.items() if state == name}
        known = self.named(name) or next((ref for ref, e in self.entities.items() if _is_state_of(e, words)), None)
        return known or self.ensure(EntityKind.STATE, name)

    def coalition(self, word: str) -> Ref | None:
        """The side that "the Allies" or "Axis forces" means: by the Axis powers, else the one of several states."""
        axis = [
            side for side in self.sides if self._states_of(side) & _AXIS and "Soviet Union" not in self._states_of(side)
        ]
        if len(axis) == 1 and word == "axis":
            return axis[0]
        if len(axis) == 1 and word in {"allies", "allied"}:
            others = [side for side in self.sides if side != axis[0]]
            return others[0] if len(others) == 1 else None
        many = [side for side in self.sides if len(self._states_of(side)) > 1]
        return many[0] if len(many) == 1 and word != "axis" else None

    def _states_of(self, side: Ref) -> set[str]:
        states = lexicon().states
        names = [self.entities[ref].name for ref, s in self.side_of.items() if s == side and ref in self.entities]
        return {states[word] for name in names for word in (name, *name.split()) if word in states}

    def army(self, state_word: str | None = None) -> Ref | None:
        """The army that "the Army" means: the one of the state, or of the side that has a state."""
        words = {state_word} if state_word else self._state_words(self.government)
        names = [
            f"{w} {kind}"
            for kind in ("Army", "Arab Army", "Armed Forces", "Ground Forces", "military")
            for w in sorted(words)
        ]
        return self.named(*names)

    def _state_words(self, side: Ref | None) -> set[str]:
        states = lexicon().states
        members = {ref for ref, s in self.side_of.items() if s == side}
        names = [
            name
            for ref in members
            if ref in self.entities
            for name in (self.entities[ref].name, *self.entities[ref].names)
        ]
        first = {states[word] for name in names for word in [name.split()[0]] if word in states}
        return {word for word, state in states.items() if state in first}

    def known_entities(self) -> tuple[Entity, ...]:
        """All entities, each with the wordings that the text used for it."""
        return tuple(
            replace(
                entity,
                descriptions=tuple(
                    sorted({*entity.descriptions, *self.wordings.get(ref, ())} - {entity.name, *entity.names})
                ),
            )
            for ref, entity in sorted(self.entities.items())
        )

    def known_sides(self) -> tuple[Side, ...]:
        return tuple(
            replace(side, descriptions=tuple(sorted({*side.descriptions, *self.wordings.get(ref, ())})))
            for ref, side in sorted(self.sides.items())
        )


def open_registry(slug: str, entities: Iterable[Entity], sides: Iterable[Side], place_names: Iterable[str]) -> Registry:
    """A registry with the sides' members, and the sides that "government" and "rebel" mean where it shows."""
    registry = Registry(slug, {e.id: e for e in entities}, {s.id: s for s in sides})
    for side in registry.sides.values():
        registry.side_of |= dict.fromkeys((*side.belligerents, *side.units), side.id)
    registry.government = _government_side(registry, " ".join(place_names))
    rising = [
        side for side in registry.sides if any(_is_rising(registry.entities[r]) for r in _members(registry, side))
    ]
    if rising == [registry.government]:
        registry.government = None
    others = [side for side in registry.sides if side != registry.government]
    if registry.government and len(others) == 1:
        registry.militants = others[0]
    jihadist = registry.militants and all(
        _is_jihadist_state(registry.entities[r]) for r in _members(registry, registry.militants)
    )
    registry.rebels = rising[0] if len(rising) == 1 else (None if jihadist else registry.militants)
    return registry


def _is_rising(entity: Entity) -> bool:
    """ "Free Syrian Army", "Syrian opposition": a party that rises against a state, by its name."""
    return bool({word.lower() for word in entity.name.split()} & lexicon().parties["rising"])


def _is_jihadist_state(entity: Entity) -> bool:
    """The Islamic State is no side that a text calls rebels."""
    return "Islamic State" in entity.name or any(name in {"ISIL", "ISIS"} for name in (entity.name, *entity.names))


_AXIS = frozenset({"Germany", "Italy", "Japan"})
_REGIME = frozenset(
    [
        "nazi",
        "empire",
        "kingdom",
        "of",
        "republic",
        "union",
        "democratic",
        "islamic",
        "arab",
        "federation",
        "federal",
        "people's",
        "imperial",
        "the",
        "soviet",
        "socialist",
        "government",
        "state",
        "fascist",
        "united",
        "revolutionary",
    ]
)


def _is_state_of(entity: Entity, words: set[str]) -> bool:
    """ "Syrian Arab Republic", "Nazi Germany", "Empire of Japan": the state under its full or wartime name."""
    if entity.kind not in (EntityKind.STATE, EntityKind.ACTOR):
        return False
    parts = entity.name.replace("-", " ").split()
    own = [part for part in parts if part in words]
    return bool(own) and all(part in words or part.lower() in _REGIME for part in parts)


def _government_side(registry: Registry, places: str) -> Ref | None:
    """The side that has a state; where several have one, the state that the battle's place names."""
    with_state = [
        side for side in registry.sides if any(_is_state_like(registry.entities[r]) for r in _members(registry, side))
    ]
    if len(with_state) == 1:
        return with_state[0]
    home = {state for word, state in lexicon().states.items() if f" {word}" in f" {places}"}
    at_home = [side for side in with_state if {lexicon().states.get(w) for w in registry._state_words(side)} & home]
    return at_home[0] if len(at_home) == 1 else None


def _members(registry: Registry, side: Ref) -> list[Ref]:
    return [ref for ref, owner in registry.side_of.items() if owner == side and ref in registry.entities]


def _is_state_like(entity: Entity) -> bool:
    words = {word.lower() for word in entity.name.split()}
    of_state = entity.name.split()[0] in lexicon().states or entity.name.split()[-1] in lexicon().states
    return (
        (entity.kind in (EntityKind.STATE, EntityKind.ARMED_FORCE) and of_state)
        or entity.name in lexicon().states
        or bool(words & _STATE_WORDS and of_state)
    )
