"""The cast of one article: its entities, its sides, and which of them a word like "rebel" or "the Army" means."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from hamakg.extract.narrative.names.words import party_words
from hamakg.model import Entity, EntityKind, Ref, Side
from hamakg.naming.states import states_by_word
from hamakg.rdf.ids import entity_id


@dataclass(frozen=True, slots=True)
class Reference:
    """That the text refers to a party by a ``wording``, or to an ``entity`` that no name of the article has given."""

    ref: Ref
    wording: str | None = None
    entity: Entity | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties that words name, in their order and each once, and all that was referred to on the way."""

    refs: tuple[Ref, ...] = ()
    references: tuple[Reference, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.refs)

    def __add__(self, other: "Parties") -> "Parties":
        return Parties(tuple(dict.fromkeys(self.refs + other.refs)), self.references + other.references)

    def without(self, refs: Collection[Ref]) -> "Parties":
        """These parties without some of them."""
        return replace(self, refs=tuple(ref for ref in self.refs if ref not in refs))

    def beside(self, others: "Parties") -> "Parties":
        """These parties, where others were referred to and are not meant."""
        return replace(self, references=self.references + others.references)


def join(parts: Iterable[Parties]) -> Parties:
    """The parties of several phrases together."""
    return sum(parts, Parties())


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part in an article, as its infobox and its names tell; what a word like "rebels" means in it.

    ``by_name`` has the actors by every name in lower case; ``government`` is the side that has the state, ``rebels``
    and ``militants`` those that these words mean, None where it does not show.
    """

    slug: str
    entities: Mapping[Ref, Entity]
    sides: Mapping[Ref, Side]
    by_name: Mapping[str, Ref]
    side_of: Mapping[Ref, Ref]
    government: Ref | None = None
    rebels: Ref | None = None
    militants: Ref | None = None

    def named(self, *names: str) -> Ref | None:
        """The actor that carries one of these names, the earlier name first."""
        return next((self.by_name[name.lower()] for name in names if name.lower() in self.by_name), None)

    def kind_of(self, ref: Ref) -> EntityKind | None:
        """The kind of an entity; None for a side and for who is no name of the article's."""
        return self.entities[ref].kind if ref in self.entities else None

    def side(self, ref: Ref) -> Ref | None:
        """The side that a party is or belongs to."""
        return ref if ref in self.sides else self.side_of.get(ref)

    def state(self, word: str) -> Parties:
        """The state that an adjective, a people's name or a state's name means ("Russian": Russia)."""
        name = states_by_word().get(word)
        if name is None:
            return Parties()
        words = {w for w, state in states_by_word().items() if state == name}
        known = self.named(name) or next((ref for ref, e in self.entities.items() if _is_state_of(e, words)), None)
        return Parties((known,)) if known else make_party(EntityKind.STATE, name)

    def coalition(self, word: str) -> Ref | None:
        """The side that "the Allies" or "Axis forces" means: by the Axis powers, else the one of several states."""
        axis = [
            side for side in self.sides if self._states_of(side) & _AXIS and "Soviet Union" not in self._states_of(side)
        ]
        if len(axis) == 1 and word == "axis":
            return axis[0]
        if len(axis) == 1 and word in {"allies", "allied"}:
            return _only([side for side in self.sides if side != axis[0]])
        return _only([side for side in self.sides if len(self._states_of(side)) > 1 and word != "axis"])

    def _states_of(self, side: Ref) -> set[str]:
        states = states_by_word()
        names = [self.entities[ref].name for ref in self.members(side)]
        return {states[word] for name in names for word in (name, *name.split()) if word in states}

    def members(self, side: Ref | None) -> list[Ref]:
        """The entities of a side."""
        return [ref for ref, owner in self.side_of.items() if owner == side and ref in self.entities]

    def army(self, state_word: str | None = None) -> Ref | None:
        """The army that "the Army" means: the one of the state, or of the side that has a state."""
        words = {state_word} if state_word else self.state_words(self.government)
        return self.named(*(f"{word} {kind}" for kind in _ARMIES for word in sorted(words)))

    def state_words(self, side: Ref | None) -> set[str]:
        """All words for the states that names of a side begin with."""
        states = states_by_word()
        members = [self.entities[ref] for ref in self.members(side)]
        first = {name.split()[0] for entity in members for name in (entity.name, *entity.names)}
        own = {states[word] for word in first if word in states}
        return {word for word, state in states.items() if state in own}


_ARMIES = ("Army", "Arab Army", "Armed Forces", "Ground Forces", "military")
_AXIS = frozenset({"Germany", "Italy", "Japan"})


def make_party(kind: EntityKind, name: str, slug: str | None = None) -> Parties:
    """A party that no name has given; with a ``slug`` it is the article's own ("the rebels", "a spokesman")."""
    ref = entity_id(kind, name, slug)
    return Parties((ref,), (Reference(ref, entity=Entity(ref, name, kind)),))


def refer(ref: Ref, wording: str) -> Parties:
    """A party that is referred to by a wording."""
    return Parties((ref,), (Reference(ref, wording),))


def open_cast(slug: str, entities: Iterable[Entity], sides: Iterable[Side], place_names: Iterable[str]) -> Cast:
    """The cast with the sides' members, and the sides that "government" and "rebel" mean where it shows."""
    known = {entity.id: entity for entity in entities}
    by_name: dict[str, Ref] = {}
    for entity in known.values():
        for name in (entity.name, *entity.names) if entity.kind is not EntityKind.PLACE else ():
            by_name.setdefault(name.lower(), entity.id)
    by_id = {side.id: side for side in sides}
    side_of = {ref: side.id for side in by_id.values() for ref in (*side.belligerents, *side.units)}
    cast = Cast(slug, known, by_id, by_name, side_of)
    government = _find_government(cast, " ".join(place_names))
    rising = [side for side in by_id if any(_is_rising(known[ref]) for ref in cast.members(side))]
    if rising == [government]:
        government = None
    militants = _only([side for side in by_id if side != government]) if government else None
    jihadist = militants is not None and all(_is_jihadist_state(known[ref]) for ref in cast.members(militants))
    rebels = _only(rising) or (None if jihadist else militants)
    return replace(cast, government=government, rebels=rebels, militants=militants)


def _only(refs: list[Ref]) -> Ref | None:
    return refs[0] if len(refs) == 1 else None


def list_entities(cast: Cast, references: Iterable[Reference]) -> tuple[Entity, ...]:
    """All entities that the article names or refers to, each with the wordings that the text has for it."""
    entities, wordings = dict(cast.entities), _collect_wordings(references)
    for reference in references:
        if reference.entity is not None:
            entities.setdefault(reference.ref, reference.entity)
    return tuple(_describe(entity, wordings.get(ref, set())) for ref, entity in sorted(entities.items()))


def _describe(entity: Entity, wordings: set[str]) -> Entity:
    own = {entity.name, *entity.names}
    return replace(entity, descriptions=tuple(sorted({*entity.descriptions, *wordings} - own)))


def list_sides(cast: Cast, references: Iterable[Reference]) -> tuple[Side, ...]:
    """The sides, each with the wordings that the text has for it."""
    wordings = _collect_wordings(references)
    return tuple(
        replace(side, descriptions=tuple(sorted({*side.descriptions, *wordings.get(ref, ())})))
        for ref, side in sorted(cast.sides.items())
    )


def _collect_wordings(references: Iterable[Reference]) -> dict[Ref, set[str]]:
    wordings: dict[Ref, set[str]] = {}
    for reference in references:
        if reference.wording is not None:
            wordings.setdefault(reference.ref, set()).add(reference.wording)
    return wordings


# ---------------------------------------------------------------- what an entity is, by its name


def _is_rising(entity: Entity) -> bool:
    """ "Free Syrian Army", "Syrian opposition": a party that rises against a state."""
    return bool({word.lower() for word in entity.name.split()} & party_words().rising)


def _is_jihadist_state(entity: Entity) -> bool:
    """The Islamic State is no side that a text calls rebels."""
    return "Islamic State" in entity.name or any(name in {"ISIL", "ISIS"} for name in (entity.name, *entity.names))


def _is_state_of(entity: Entity, words: set[str]) -> bool:
    """ "Syrian Arab Republic", "Nazi Germany", "Empire of Japan": the state under its full or wartime name."""
    if entity.kind not in (EntityKind.STATE, EntityKind.ACTOR):
        return False
    parts = entity.name.replace("-", " ").split()
    own = [part for part in parts if part in words]
    return bool(own) and all(part in words or part.lower() in party_words().regime for part in parts)


def _find_government(cast: Cast, places: str) -> Ref | None:
    """The side that has a state; where several have one, the state that the battle's place names."""
    with_state = [side for side in cast.sides if any(_is_state_like(cast.entities[ref]) for ref in cast.members(side))]
    if len(with_state) == 1:
        return with_state[0]
    home = {state for word, state in states_by_word().items() if f" {word}" in f" {places}"}
    return _only([side for side in with_state if {states_by_word()[w] for w in cast.state_words(side)} & home])


def _is_state_like(entity: Entity) -> bool:
    words = entity.name.split()
    of_state = words[0] in states_by_word() or words[-1] in states_by_word()
    stately = entity.kind in (EntityKind.STATE, EntityKind.ARMED_FORCE)
    called = bool({word.lower() for word in words} & party_words().state)
    return entity.name in states_by_word() or (of_state and (stately or called))
