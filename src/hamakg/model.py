"""The values that are handed from stage to stage.

``read`` makes an :class:`Article`; ``extract`` makes :class:`ArticleFacts` of it, a pure function of that one article;
``graph`` writes the facts as quads. Offsets are code points into ``Article.text``. An id (``Ref``) is the part of an
IRI below ``resource/``; ids are minted in :mod:`hamakg.rdf.ids` only.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Ref = str


class EntityKind(StrEnum):
    """The class of an entity; the value is the local name of the ontology's class."""

    ACTOR = "Actor"
    STATE = "State"
    ARMED_FORCE = "ArmedForce"
    ARMED_GROUP = "ArmedGroup"
    MILITARY_UNIT = "MilitaryUnit"
    PERSON = "Person"
    SOURCE = "InformationSource"
    COALITION = "Coalition"
    PLACE = "Place"


class EventType(StrEnum):
    """The class of an event; what each means stands in ``ontology/conflict.ttl``."""

    OFFENSIVE_LAUNCH = "OffensiveLaunch"
    ASSAULT = "Assault"
    CLASH = "Clash"
    AIR_STRIKE = "AirStrike"
    SHELLING = "Shelling"
    BOMBING = "Bombing"
    CHEMICAL_ATTACK = "ChemicalAttack"
    CAPTURE = "Capture"
    ADVANCE = "Advance"
    WITHDRAWAL = "Withdrawal"
    REPULSION = "Repulsion"
    ENCIRCLEMENT = "Encirclement"
    SIEGE_BREAKING = "SiegeBreaking"
    DEPLOYMENT = "Deployment"
    KILLING = "Killing"
    EQUIPMENT_LOSS = "EquipmentLoss"
    AGREEMENT = "Agreement"
    EVACUATION = "Evacuation"
    SURRENDER = "Surrender"


class Factuality(StrEnum):
    """Whether an event happened, by what its sentence says."""

    ACTUAL = "Actual"
    PLANNED = "Planned"
    ATTEMPTED = "Attempted"
    FAILED = "Failed"


class Standing(StrEnum):
    """Who answers for an event: the article itself, a source that it names, or sources that disagree."""

    NARRATED = "Narrated"
    ATTRIBUTED = "Attributed"
    DISPUTED = "Disputed"


class Stance(StrEnum):
    """How a source stands to the event that it is cited for."""

    REPORTED = "Reported"
    CLAIMED = "Claimed"
    CONFIRMED = "Confirmed"
    DENIED = "Denied"


class CasualtyKind(StrEnum):
    """What happened to the people that a casualty report counts."""

    KILLED = "Killed"
    WOUNDED = "Wounded"
    KILLED_OR_WOUNDED = "KilledOrWounded"
    CAPTURED = "Captured"
    MISSING = "Missing"
    DISPLACED = "Displaced"


class Extent(StrEnum):
    """Whether an event concerns the whole of its place or a part of it."""

    WHOLE = "Whole"
    PART = "Part"


class Timing(StrEnum):
    """Whether an occurrence filled its interval or fell on some day of it."""

    THROUGHOUT = "Throughout"
    WITHIN = "Within"


class Fate(StrEnum):
    """What the infobox says became of a commander."""

    KILLED_IN_ACTION = "KilledInAction"
    WOUNDED_IN_ACTION = "WoundedInAction"
    TAKEN_PRISONER = "TakenPrisoner"
    EXECUTED = "Executed"
    SURRENDERED = "Surrendered"
    MISSING_IN_ACTION = "MissingInAction"


# ---------------------------------------------------------------- what was read


@dataclass(frozen=True, slots=True)
class Field:
    """One infobox parameter: its key as written and its value, ``text[begin:end] == value``."""

    key: str
    value: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the narrative, ``text[begin:end]`` its words, under its headings (outermost first)."""

    text: str
    begin: int
    end: int
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link's ``words`` in the text, and the ``page`` of Wikipedia that it leads to, by its title."""

    words: str
    page: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that a note behind ``text[:at]`` cites; ``text`` is the note in words, the rest as far as it is told."""

    at: int
    text: str
    url: str | None = None
    title: str | None = None
    date: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source with the passages behind which it is cited."""

    id: Ref
    citation: Citation
    passages: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A document as it was given; ``text`` letter for letter, of wikitext what a reader of Wikipedia sees.

    ``modified`` is when its revision was saved, an ``xsd:dateTime``; ``templates`` are those of its wikitext that were
    not understood, by name, with how often they stand there.
    """

    slug: str
    title: str
    text: str
    source: str
    fields: tuple[Field, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    revision: str | None = None
    licence: str = "https://creativecommons.org/licenses/by-sa/4.0/"
    templates: tuple[tuple[str, int], ...] = ()
    citations: tuple[Citation, ...] = ()
    links: tuple[Link, ...] = ()
    modified: str | None = None


# ---------------------------------------------------------------- what was understood


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of days as ``xsd:date`` strings (XSD 1.1: 490 BC is ``-0489``); an open end is None."""

    start: str | None = None
    end: str | None = None
    timing: Timing | None = None
    edtf: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The evidence of a fact: a sentence, or (with ``field``, lower case: ``casualties1``) an infobox field."""

    id: Ref
    text: str
    begin: int
    end: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One actor, person, source or place of the article, whatever its spellings.

    ``name`` is the fullest proper name, ``names`` other proper names and spellings, ``descriptions`` wordings such as
    "the rebels" by which the text refers to it. ``kind_word`` is a place's kind as the text has it ("village"),
    ``pages`` the titles of Wikipedia's articles on it that links of its names lead to.
    """

    id: Ref
    name: str
    kind: EntityKind
    names: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    kind_word: str | None = None
    within: Ref | None = None
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the conflict, numbered as the infobox does; ``descriptions`` as of an entity."""

    id: Ref
    number: int
    name: str
    belligerents: tuple[Ref, ...] = ()
    units: tuple[Ref, ...] = ()
    descriptions: tuple[str, ...] = ()
    represents: Ref | None = None
    passages: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Participation:
    """A belligerent's or a unit's place in the order of battle of one side; ``remarks``: what else is said of it."""

    id: Ref
    participant: Ref
    side: Ref
    passage: Ref
    front: str | None = None
    group: str | None = None
    under: Ref | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A commander of a side; ``remarks``: what else is said of it."""

    id: Ref
    commander: Ref
    side: Ref
    passage: Ref
    rank: str | None = None
    role: str | None = None
    fate: Fate | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StrengthReport:
    """How many people or things (``counted_as``: "fighters", "tanks") a party brought; None is an open bound."""

    id: Ref
    passage: Ref
    minimum: int | None = None
    maximum: int | None = None
    party: Ref | None = None
    side: Ref | None = None
    counted_as: str | None = None
    equipment: str | None = None
    interval: Interval | None = None
    according_to: Ref | None = None
    standing: Standing = Standing.NARRATED
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CasualtyReport:
    """A figure of people killed, wounded …; None is an open bound, both None is "dozens", "several"."""

    id: Ref
    kind: CasualtyKind
    passage: Ref
    minimum: int | None = None
    maximum: int | None = None
    victims: Ref | None = None
    victim_description: str | None = None
    side: Ref | None = None
    according_to: Ref | None = None
    included_in: Ref | None = None
    interval: Interval | None = None
    standing: Standing = Standing.NARRATED
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EquipmentLossReport:
    """A figure of things lost (``equipment``: "tanks"), and ``how`` in the text's words ("sunk"); None: open bound."""

    id: Ref
    equipment: str
    passage: Ref
    minimum: int | None = None
    maximum: int | None = None
    how: str | None = None
    party: Ref | None = None
    side: Ref | None = None
    according_to: Ref | None = None
    interval: Interval | None = None
    standing: Standing = Standing.NARRATED
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EquipmentReport:
    """What was lost or destroyed (``what``: "tanks") and how many."""

    what: str
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One telling of an event in one sentence. ``distance`` is metres to the ``near`` place."""

    id: Ref
    type: EventType
    passage: Ref
    trigger: str
    trigger_begin: int
    agents: tuple[Ref, ...] = ()
    targets: tuple[Ref, ...] = ()
    places: tuple[Ref, ...] = ()
    near: tuple[Ref, ...] = ()
    origin: tuple[Ref, ...] = ()
    toward: tuple[Ref, ...] = ()
    extent: Extent | None = None
    distance: float | None = None
    interval: Interval = Interval()
    factuality: Factuality = Factuality.ACTUAL
    standing: Standing = Standing.NARRATED
    recapture: bool | None = None
    minimum_count: int | None = None
    maximum_count: int | None = None
    casualties: tuple[Ref, ...] = ()
    equipment: EquipmentReport | None = None
    weapons: tuple[str, ...] = ()
    codename: str | None = None
    confidence: float | None = None
    rule: str | None = None
    part_of_conflict: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says what (``stance``) about an event, a report or another claim; no source where the text names nobody."""

    id: Ref
    about: Ref
    stance: Stance
    passage: Ref
    source: Ref | None = None
    concerning: tuple[Ref, ...] = ()
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the article is about. ``type``: MilitaryConflict, War, Campaign, Offensive, Battle or Siege.

    ``coordinates`` are degrees of latitude and longitude, WGS 84; ``causes``, ``notes``: what the infobox says of them.
    """

    id: Ref
    name: str
    type: str
    names: tuple[str, ...] = ()
    part_of: tuple[tuple[Ref, str], ...] = ()
    interval: Interval = Interval()
    places: tuple[Ref, ...] = ()
    results: tuple[str, ...] = ()
    territory: tuple[str, ...] = ()
    casualties: tuple[Ref, ...] = ()
    passages: tuple[Ref, ...] = ()
    coordinates: tuple[Decimal, Decimal] | None = None
    causes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """Text that was not understood, by the field (or "narrative") that it stands in; never dropped silently."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class InfoboxFacts:
    """What the infobox alone says."""

    conflict: Conflict
    entities: tuple[Entity, ...] = ()
    sides: tuple[Side, ...] = ()
    participations: tuple[Participation, ...] = ()
    commands: tuple[Command, ...] = ()
    strengths: tuple[StrengthReport, ...] = ()
    casualties: tuple[CasualtyReport, ...] = ()
    equipment: tuple[EquipmentLossReport, ...] = ()
    claims: tuple[Claim, ...] = ()
    passages: tuple[Passage, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """All that one article says; a pure function of the article.

    ``entities`` and ``sides`` are those of the infobox and the narrative together (they replace ``infobox.entities``
    and ``infobox.sides``, same ids, more names); ``events``, ``casualties``, ``claims`` and ``passages`` are the
    narrative's and come on top of the infobox's own. ``silent`` are the passages that have a word for an event and
    tell none.
    """

    article: Article
    infobox: InfoboxFacts
    entities: tuple[Entity, ...] = ()
    sides: tuple[Side, ...] = ()
    events: tuple[Event, ...] = ()
    casualties: tuple[CasualtyReport, ...] = ()
    claims: tuple[Claim, ...] = ()
    passages: tuple[Passage, ...] = ()
    unread: tuple[Unread, ...] = ()
    silent: tuple[Ref, ...] = ()
    sources: tuple[CitedSource, ...] = ()


# ---------------------------------------------------------------- what follows from all articles


@dataclass(frozen=True, slots=True)
class ControlPeriod:
    """The days from ``start`` to before ``end`` in which parties of one camp held a place; no end is known where None.

    ``events`` are the tellings it rests on, those that began it first; ``standing`` is theirs. ``contested``: another
    held it too, or at a time that nobody tells, or it is denied.
    """

    id: Ref
    place: Ref
    controllers: tuple[Ref, ...]
    start: str
    end: str | None = None
    standing: Standing = Standing.NARRATED
    contested: bool = False
    events: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """What several events tell together: its places and days are those on which all of them agree.

    ``agrees`` and ``differs`` are the IRIs of the properties that at least two of the events have, with the same values
    and with different ones.
    """

    id: Ref
    label: str
    events: tuple[Ref, ...]
    places: tuple[Ref, ...] = ()
    start: str | None = None
    end: str | None = None
    agrees: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CasualtyTotal:
    """The range that an infobox's figures of one quantity span, from the lowest to the highest; None: an open bound.

    The ``reports`` are of one kind and of the same people; they are alternatives, and nothing is added up.
    """

    id: Ref
    conflict: Ref
    kind: CasualtyKind
    reports: tuple[Ref, ...]
    minimum: int | None = None
    maximum: int | None = None
    side: Ref | None = None
    victims: Ref | None = None
    victim_description: str | None = None


# ---------------------------------------------------------------- what is linked to other data


class LinkStatus(StrEnum):
    """Whether a link holds; the value is the local name of the ontology's individual."""

    ACCEPTED = "Accepted"
    PROPOSED = "Proposed"
    REJECTED = "Rejected"


@dataclass(frozen=True, slots=True)
class Features:
    """How well an item agrees with a thing, each from 0 to 1: by name, class, place (or side and state, or years).

    ``label`` is the agreement of the thing's label alone, ``margin`` how far the score lies above that of the next
    item.
    """

    name: float
    label: float
    type: float
    place: float
    margin: float


@dataclass(frozen=True, slots=True)
class Location:
    """Where a place is: degrees (WGS 84) as decimal text, who says so, and the page or record that does."""

    latitude: str
    longitude: str
    source: str = ""
    record: str | None = None


@dataclass(frozen=True, slots=True)
class EntityLink:
    """That an entity or conflict of the graph is, may be, or is not what an IRI of another data set names.

    ``justification`` is a local name of the SEMAPV vocabulary; ``confidence`` lies from 0 to 1; ``reviewer`` is the
    person who decided, None where the program did; ``comment`` the evidence in words.
    """

    subject: Ref
    object: str
    status: LinkStatus
    label: str = ""
    object_label: str = ""
    justification: str = "ManualMappingCuration"
    confidence: float | None = None
    features: Features | None = None
    reviewer: str | None = None
    date: str | None = None
    comment: str | None = None
    location: Location | None = None

    @property
    def ends(self) -> tuple[Ref, str]:
        """What it links and to what: of these there is one link."""
        return self.subject, self.object
