"""Facts of an invented article that together use every property of the ontology."""

from decimal import Decimal

from hamakg.model import (
    Article,
    ArticleFacts,
    CasualtyKind,
    CasualtyReport,
    CasualtyTotal,
    Citation,
    CitedSource,
    Claim,
    Command,
    Conflict,
    ControlPeriod,
    Entity,
    EntityKind,
    EntityLink,
    EquipmentLossReport,
    Event,
    EventType,
    Extent,
    Factuality,
    Fate,
    Features,
    Happening,
    InfoboxFacts,
    Interval,
    LinkStatus,
    Location,
    LostEquipment,
    Participation,
    Passage,
    Side,
    Stance,
    Standing,
    StrengthReport,
    Timing,
)
from hamakg.rdf.iris import HAMA

TEXT = "= Battle of Aba =\n- Units1: Reds\n\nThe Reds took part of Aba by 2 May 2017, but the Blues denied it."
FIELD = Passage("aba/infobox/units1", "Reds", 28, 32, "units1")
SENTENCE = Passage("aba/sentence/the-reds", TEXT[34:], 34, len(TEXT))

REDS = Entity("actor/reds", "Reds", EntityKind.ARMED_GROUP, ("Red Front",), ("the fighters", "Red Front", "Reds"))
UNIT = Entity("actor/first-brigade", "1st Brigade", EntityKind.MILITARY_UNIT)
CAMP = Entity("actor/opposition", "Opposition", EntityKind.COALITION)
BLUES = Entity("source/blues", "Blues", EntityKind.SOURCE)
BO = Entity("aba/person/bo", "Bo", EntityKind.PERSON)
ABA = Entity("place/aba", "Aba", EntityKind.PLACE, kind_word="village", within="place/shire", pages=("Aba (town)",))
SHIRE = Entity("place/shire", "Shire", EntityKind.PLACE)
ENTITIES = (REDS, UNIT, CAMP, BLUES, BO, ABA, SHIRE)

SIDE = Side(
    "aba/side/1", 1, "Reds and allies", ("actor/reds",), ("actor/first-brigade",), ("the allies",), "actor/opposition",
    (FIELD.id,),
)  # fmt: skip
DAY = Interval("2017-05-02", "2017-05-02")

CONFLICT = Conflict(
    "conflict/battle-of-aba",
    "Battle of Aba",
    "Battle",
    ("Aba battle",),
    (("conflict/red-war", "Red War"), ("conflict/intervention", "Blue intervention in the Red War")),
    Interval("2017-05-01", "2017-05-03", Timing.THROUGHOUT),
    ("place/aba",),
    ("Indecisive",),
    ("Aba is held by the Reds",),
    ("aba/casualties/killed",),
    (FIELD.id,),
    (Decimal("35.1333"), Decimal("-36.75")),
    ("A dispute over a well",),
    ("A truce held from 4 May",),
)
KILLED = CasualtyReport(
    "aba/casualties/killed", CasualtyKind.KILLED, FIELD.id, 30, None, "actor/reds", "Red fighters", "aba/side/1",
    "source/blues", None, DAY, Standing.ATTRIBUTED,
)  # fmt: skip
WOUNDED = CasualtyReport("aba/casualties/wounded", CasualtyKind.WOUNDED, SENTENCE.id, included_in=KILLED.id)
CAPTURE = Event(
    "aba/event/capture",
    EventType.CAPTURE,
    SENTENCE.id,
    "took",
    43,
    ("actor/reds",),
    ("source/blues",),
    ("place/aba",),
    ("place/shire",),
    ("place/shire",),
    ("place/aba",),
    Extent.PART,
    7000.0,
    Interval(None, "2017-05-02", Timing.WITHIN, "/2017-05-02"),
    Factuality.ACTUAL,
    Standing.DISPUTED,
    False,
    1,
    2,
    (WOUNDED.id,),
    None,
    ("mortar",),
    "Thunder",
    0.25,
    "capture/took",
)
LOSS = Event(
    "aba/event/loss", EventType.EQUIPMENT_LOSS, SENTENCE.id, "destroyed", 50, equipment=LostEquipment("tanks", 2, 3),
    factuality=Factuality.PLANNED, part_of_conflict=False,
)  # fmt: skip
DENIAL = Claim("aba/claim/denial", CAPTURE.id, Stance.DENIED, SENTENCE.id, "source/blues", ("place/aba",), DAY)
RELAY = Claim("aba/claim/relay", DENIAL.id, Stance.REPORTED, SENTENCE.id)

CONTROL = ControlPeriod(
    "control/aba", "place/aba", ("actor/reds",), "2017-05-02", "2017-05-04", Standing.DISPUTED, True, (CAPTURE.id,)
)
HAPPENING = Happening(
    "happening/aba",
    "Capture: Reds, Aba; told 2 times",
    (CAPTURE.id, LOSS.id),
    ("place/aba",),
    "2017-05-02",
    "2017-05-02",
    (HAMA + "place",),
    (HAMA + "agent",),
)
TOTAL = CasualtyTotal(
    "total/aba", CONFLICT.id, CasualtyKind.KILLED, (KILLED.id,), 30, 40, SIDE.id, "actor/reds", "Red fighters"
)

NEWS = CitedSource(
    "aba/source/news",
    Citation(len(TEXT), "Bo. News. Ci. 1999", "https://news.example/", "News", "1999", "Ci"),
    (SENTENCE.id,),
)
FACTS = ArticleFacts(
    Article(
        "aba",
        "Battle of Aba",
        TEXT,
        "https://example.org/wiki/Battle_of_Aba",
        revision="12",
        modified="2020-02-03T04:05:06Z",
    ),
    InfoboxFacts(
        CONFLICT,
        ENTITIES,
        (SIDE,),
        (
            Participation("aba/participation/reds", "actor/reds", SIDE.id, FIELD.id, "Northern front", "Allies"),
            Participation("aba/participation/unit", "actor/first-brigade", SIDE.id, FIELD.id, under="actor/reds"),
        ),
        (Command("aba/command/bo", "aba/person/bo", SIDE.id, FIELD.id, "Col.", "chief", Fate.KILLED_IN_ACTION),),
        (
            StrengthReport(
                "aba/strength/reds",
                FIELD.id,
                10,
                20,
                "actor/reds",
                SIDE.id,
                "fighters",
                "tanks",
                DAY,
                "source/blues",
                remarks=("initially",),
            ),
        ),
        (KILLED,),
        (
            EquipmentLossReport(
                "aba/losses/guns",
                "guns",
                FIELD.id,
                3,
                None,
                "captured",
                "actor/reds",
                SIDE.id,
                "source/blues",
                DAY,
                remarks=("in May",),
            ),
        ),
        (),
        (FIELD,),
    ),
    ENTITIES,
    (SIDE,),
    (CAPTURE, LOSS),
    (WOUNDED,),
    (DENIAL, RELAY),
    (SENTENCE,),
    sources=(NEWS,),
)

LINK = EntityLink(
    subject="place/aba",
    object="http://www.wikidata.org/entity/Q1",
    status=LinkStatus.ACCEPTED,
    label="Aba",
    object_label="Aba",
    confidence=0.9,
    features=Features(name=1.0, label=1.0, type=0.9, place=0.8, margin=0.3),
    reviewer="A. Reader",
    date="2026-11-25",
    comment="The record gives both.",
    location=Location("5.1", "7.4", "A gazetteer, CC BY 4.0", "http://www.wikidata.org/entity/Q1"),
)
