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
    """The class of an event; ``ontology/conflict.ttl`` defines each."""

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
    """Whether an event happened, according to its sentence."""

    ACTUAL = "Actual"
    PLANNED = "Planned"
    ATTEMPTED = "Attempted"
    FAILED = "Failed"


class Standing(StrEnum):
    """Whether the article narrates something as fact, attributes it to a source, or says that it is disputed."""

    NARRATED = "Narrated"
    ATTRIBUTED = "Attributed"
    DISPUTED = "Disputed"


class Stance(StrEnum):
    """What a source does with the subject of a claim."""

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
    """Whether an event concerns all of its place or a part of it."""

    WHOLE = "Whole"
    PART = "Part"


class Timing(StrEnum):
    """Whether an occurrence lasted for all of its interval or happened on some day of it."""

    THROUGHOUT = "Throughout"
    WITHIN = "Within"


class Fate(StrEnum):
    """What happened to a commander, according to the infobox."""

    KILLED_IN_ACTION = "KilledInAction"
    WOUNDED_IN_ACTION = "WoundedInAction"
    TAKEN_PRISONER = "TakenPrisoner"
    EXECUTED = "Executed"
    SURRENDERED = "Surrendered"
    MISSING_IN_ACTION = "MissingInAction"


# ---------------------------------------------------------------- articles, from read


@dataclass(frozen=True, slots=True)
class Field:
    """An infobox parameter with its key as written; its value is ``Article.text[begin:end]``."""

    key: str
    value: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the narrative, ``Article.text[begin:end]``, with its headings, the outermost first."""

    text: str
    begin: int
    end: int
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the text: its words, and the title of the page of Wikipedia that it leads to."""

    words: str
    page: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that a note behind ``Article.text[:at]`` cites; ``text`` is the whole note, the rest are parts of it."""

    at: int
    text: str
    url: str | None = None
    title: str | None = None
    date: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source with the passages that cite it."""

    id: Ref
    citation: Citation
    passages: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A document that was read. Its ``text`` is unchanged; of wikitext it is what a reader of Wikipedia sees.

    ``modified`` is the ``xsd:dateTime`` when the revision was saved. ``templates`` are the names of the templates that
    were not understood, with how often each occurs.
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


# ---------------------------------------------------------------- facts, from extract


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of days, each an ``xsd:date`` (XSD 1.1: 490 BC is ``-0489``); None is an open end."""

    start: str | None = None
    end: str | None = None
    timing: Timing | None = None
    edtf: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The evidence of a fact: a sentence, or an infobox field with its key in lower case (``casualties1``)."""

    id: Ref
    text: str
    begin: int
    end: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """An actor, person, source or place in the article, under all its spellings.

    ``name`` is the fullest proper name, ``names`` are other proper names and spellings, and ``descriptions`` phrases by
    which the text refers to it ("the rebels"). ``kind_word`` is the word for the kind of a place ("village"). ``pages``
    are the titles of the pages of Wikipedia to which links of its names lead.
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
    """A side of the conflict with its number in the infobox; ``descriptions`` as in :class:`Entity`."""

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
    """The place of a belligerent or unit in the order of battle of a side; ``remarks`` are other words about it."""

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
    """A commander of a side; ``remarks`` are other words about the commander."""

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
    """How many people or things (``counted_as``: "fighters", "tanks") a party had; None is an open bound."""

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
    """A number of people killed, wounded and so on; None is an open bound, and two mean "dozens" or "several"."""

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
    """A number of things lost (``equipment``: "tanks"), and ``how`` in words ("sunk"); None is an open bound."""

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
class LostEquipment:
    """The equipment that an event destroyed or that was lost in it (``what``: "tanks"), and how many pieces."""

    what: str
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event as one sentence tells it. ``distance`` is the number of metres to the ``near`` place."""

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
    equipment: LostEquipment | None = None
    weapons: tuple[str, ...] = ()
    codename: str | None = None
    confidence: float | None = None
    rule: str | None = None
    part_of_conflict: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """What a source says about an event, a report or another claim; None where the text does not name the source."""

    id: Ref
    about: Ref
    stance: Stance
    passage: Ref
    source: Ref | None = None
    concerning: tuple[Ref, ...] = ()
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """The conflict that the article describes; its type is MilitaryConflict, War, Campaign, Offensive, Battle or Siege.

    ``part_of`` has the ids and names of larger conflicts; ``coordinates`` are latitude and longitude (degrees, WGS 84).
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
    """Text that was not understood, with the field (or "narrative") that has it; it is never dropped silently."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class InfoboxFacts:
    """The facts in the infobox."""

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
    """Everything that one article says; a pure function of the article.

    ``entities`` and ``sides`` come from infobox and narrative together: they replace those of ``infobox``, and have the
    same ids but more names. ``events``, ``casualties``, ``claims`` and ``passages`` come from the narrative only, and
    add to those of ``infobox``. ``silent`` are passages with a word for an event in which no event was found.
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


# ---------------------------------------------------------------- derived from all articles, from infer


@dataclass(frozen=True, slots=True)
class ControlPeriod:
    """The days from ``start`` to before ``end`` on which parties of one camp held a place; None: the end is not known.

    ``events`` are those that show it, beginning with those that began it. It is ``contested`` if another camp held the
    place on some of the days, or at an unknown time between them, or if somebody denies it.
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
    """The range of an infobox's casualty figures of one kind for the same people; None is an open bound.

    The ``reports`` are alternatives; nothing is added up.
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


# ---------------------------------------------------------------- links to other data, from link


class LinkStatus(StrEnum):
    """Whether a link is right; the value is the local name of the ontology's individual."""

    ACCEPTED = "Accepted"
    PROPOSED = "Proposed"
    REJECTED = "Rejected"


@dataclass(frozen=True, slots=True)
class Features:
    """How well an item agrees with a resource, from 0 to 1: by name, class, and place (or side and state, or years).

    ``label`` is the agreement of the resource's label alone; ``margin`` is the distance of the score from that of the
    next item.
    """

    name: float
    label: float
    type: float
    place: float
    margin: float


@dataclass(frozen=True, slots=True)
class Location:
    """The coordinates of a place: degrees (WGS 84) as decimal text, the provider, and the page or record."""

    latitude: str
    longitude: str
    source: str = ""
    record: str | None = None


@dataclass(frozen=True, slots=True)
class EntityLink:
    """A statement that an entity or conflict is, may be, or is not the same as an IRI of another data set.

    ``justification`` is a local name of the SEMAPV vocabulary, and ``confidence`` lies between 0 and 1. ``reviewer`` is
    None if the program decided. ``comment`` is the evidence in words.
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
        """The two ends of the link; there is at most one link between them."""
        return self.subject, self.object
