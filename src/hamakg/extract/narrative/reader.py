"""One article's narrative, sentence by sentence: each component answers one question, the reader joins the answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Doc, Span, Token

from hamakg.extract.narrative.arguments import Roles, roles_of
from hamakg.extract.narrative.attribution import Voucher, find_vouchers
from hamakg.extract.narrative.certainty import factuality_of
from hamakg.extract.narrative.counts import Casualty, SentenceFigures, read_figures, weapons_of
from hamakg.extract.narrative.dates import DateMention, day_of
from hamakg.extract.narrative.discourse import Discourse
from hamakg.extract.narrative.gazetteer import PERSON, PLACE, Mention
from hamakg.extract.narrative.grammar import by_phrase, is_passive, objects, subjects
from hamakg.extract.narrative.lexicon import lexicon
from hamakg.extract.narrative.nouns import is_definite
from hamakg.extract.narrative.parties import PartyReader
from hamakg.extract.narrative.pipeline import words_begin
from hamakg.extract.narrative.places import FROM, NEAR, TOWARD, PlaceArgument, PlaceReader
from hamakg.extract.narrative.registry import Registry
from hamakg.extract.narrative.triggers import Trigger, find_triggers
from hamakg.model import EntityKind, EquipmentReport, EventType, Factuality, Interval, Ref, Stance
from hamakg.place_kinds import kind_words


@dataclass(slots=True)
class Draft:
    """An event while it is being read."""

    trigger: Trigger
    sentence: Span
    factuality: Factuality
    roles: Roles = field(default_factory=Roles)
    places: tuple[PlaceArgument, ...] = ()
    interval: Interval = field(default_factory=Interval)
    vouchers: list[Voucher] = field(default_factory=list)
    casualties: list[Casualty] = field(default_factory=list)
    killings: list[Token] = field(default_factory=list)
    count: tuple[int | None, int | None] | None = None
    distance: float | None = None
    equipment: EquipmentReport | None = None
    weapons: tuple[str, ...] = ()

    @property
    def type(self) -> EventType:
        return self.trigger.type

    @property
    def trigger_text(self) -> str:
        return self.trigger.token.text

    @property
    def recapture(self) -> bool:
        """Whether the words say that the place was held before: "re-", "back", "again", "regain"."""
        token = self.trigger.verb or self.trigger.token
        again = any(c.lower_ in {"again", "back"} for c in token.children) or any(
            c.lower_ in {"again"} for c in self.trigger.token.children
        )
        return self.trigger.recapture or again or self.trigger.token.lower_.startswith("recaptur")


_PLURAL = frozenset({"they", "them", "their", "themselves"})
# Events that happen where the event that they are told with does, or where the story is.
_SHARING = frozenset(
    {
        *(
            EventType.CLASH,
            EventType.ASSAULT,
            EventType.REPULSION,
            EventType.CAPTURE,
            EventType.KILLING,
            EventType.EQUIPMENT_LOSS,
        ),
        *(
            EventType.ENCIRCLEMENT,
            EventType.WITHDRAWAL,
            EventType.BOMBING,
            EventType.CHEMICAL_ATTACK,
            EventType.ADVANCE,
        ),
    }
)
_ATTACKS = frozenset({EventType.ASSAULT, EventType.OFFENSIVE_LAUNCH, EventType.ADVANCE})
_CARRYING = frozenset(
    {EventType.CLASH, EventType.ASSAULT, EventType.BOMBING, EventType.REPULSION, EventType.CHEMICAL_ATTACK}
)


@dataclass(slots=True)
class ParagraphReader:
    """Reads one paragraph; the registry and the discourse go on from paragraph to paragraph."""

    doc: Doc
    begin: int
    mentions: Mapping[int, Mention]
    dates: Sequence[DateMention]
    registry: Registry
    discourse: Discourse
    told: list[Draft] = field(default_factory=list)
    before: list[Draft] = field(default_factory=list)

    def read(self) -> list[Draft]:
        """The events of the paragraph in the order of the text, without dates and figures."""
        self.discourse.new_paragraph()
        for sentence in self.doc.sents:
            drafts = self._sentence(sentence)
            self.told += drafts
            self.before = drafts or self.before
        return self.told

    def _sentence(self, sentence: Span) -> list[Draft]:
        parties = PartyReader(self.registry, self.mentions, self._they)
        described = self.discourse.describe(sentence, self.mentions)
        described |= self._countries(sentence)
        self._remember_person(sentence)
        vouchers = find_vouchers(sentence, parties, self.begin + words_begin(sentence))
        drafts = []
        figures = read_figures(sentence)
        triggers = find_triggers(sentence, self.mentions)
        triggers += figures.triggers(triggers)
        for trigger in triggers:
            factuality = factuality_of(trigger)
            if factuality is None:
                continue
            draft = Draft(trigger, sentence, factuality, roles_of(trigger, parties))
            draft.trigger = self._from_the_air(draft)
            draft.interval = self._days(draft)
            draft.places = self._places(draft, triggers, described)
            draft.vouchers = [v for v in vouchers if trigger.token.i in v.scope]
            drafts.append(draft)
            self._follow(draft)
        drafts = absorb_killings(drafts)
        self._complete(drafts)
        for draft in drafts:
            self._count(draft, figures, parties, triggers)
            if not draft.roles.targets:
                draft.roles = Roles(draft.roles.agents, self._implied_targets(draft))
        self._vouch_back(vouchers, drafts)
        self._confirm_back(drafts)
        self._remember_subject(sentence, parties)
        return drafts

    def _count(self, draft: Draft, figures: SentenceFigures, parties: PartyReader, triggers: Sequence[Trigger]) -> None:
        trigger = draft.trigger
        region = self._own_region(draft, triggers)
        draft.casualties = figures.casualties_at(trigger.tokens | {t.i for t in draft.killings}, parties)
        draft.count, draft.equipment = figures.count(trigger), figures.equipment(trigger)
        draft.weapons = weapons_of(trigger, region, self.mentions)
        if any(p.relation == NEAR for p in draft.places):
            draft.distance = figures.distance(region)

    # ---------------------------------------------------------------- who "they" are

    def _they(self, token: Token) -> tuple[Ref, ...]:
        if token.lower_ in {"who", "which", "that"}:
            return self._antecedent(token)
        if token.lower_ in {"he", "she", "his", "her", "him"}:
            return self._person(token)
        if token.lower_ in {"it", "its", "both"} and token.dep_ not in {"nsubj", "nsubjpass", "poss"}:
            return ()
        found = self._subject_before(token) or self.discourse.subject
        return () if token.lower_ in _PLURAL and self._is_one_person(found) else found

    def _is_one_person(self, refs: tuple[Ref, ...]) -> bool:
        known = self.registry.entities.get(refs[0]) if len(refs) == 1 else None
        return known is not None and known.kind in (EntityKind.PERSON, EntityKind.SOURCE)

    def _person(self, token: Token) -> tuple[Ref, ...]:
        """Who "he" is: as a speaker the last person named, else a person of the same sentence, nobody between."""
        speaks = token.dep_ == "nsubj" and token.head.lemma_.lower() in lexicon().stance_verbs
        if speaks and self.discourse.person:
            return (self.discourse.person,)
        for other in reversed(self.doc[token.sent.start : token.i]):
            mention = self.mentions.get(other.i)
            if mention and mention.role == PERSON and mention.ref:
                return (mention.ref,)
            if other.lemma_.lower() in lexicon().parties["group"] | lexicon().parties["civilians"] | {"man", "woman"}:
                return ()
        return ()

    def _countries(self, sentence: Span) -> dict[int, tuple[Ref, ...]]:
        """{token: the country} where a state's name means its land: "in Syria", "invaded Poland"."""
        found: dict[int, tuple[Ref, ...]] = {}
        for token in sentence:
            if lexicon().states.get(token.text) == token.text and self._is_land(token):
                ref = self.registry.ensure(EntityKind.PLACE, token.text)
                self.discourse.kinds[ref] = "country"
                found[token.i] = (ref,)
        return found

    def _is_land(self, token: Token) -> bool:
        if token.dep_ == "dobj":
            return token.head.lemma_ in lexicon().places["land_verbs"]
        return token.dep_ == "pobj" and token.head.lower_ in {"in", "into", "through", "across", "inside", "throughout"}

    def _remember_person(self, sentence: Span) -> None:
        people = [m.ref for t in sentence if (m := self.mentions.get(t.i)) and m.role == PERSON and m.ref]
        if people:
            self.discourse.person = people[-1]

    def _subject_before(self, token: Token) -> tuple[Ref, ...]:
        """The parties of the last subject before a pronoun in its own sentence ("the Army …, as it advanced")."""
        parties = PartyReader(self.registry, self.mentions, lambda _: ())
        for other in reversed(self.doc[token.sent.start : token.i]):
            if other.dep_ in {"nsubj", "nsubjpass"} and other.pos_ != "PRON" and (found := parties.read(other)):
                return found
        return ()

    def _antecedent(self, token: Token) -> tuple[Ref, ...]:
        verb = token.head
        while verb.dep_ in {"xcomp", "conj", "ccomp", "auxpass", "aux"} and verb.head != verb:
            verb = verb.head
        noun = verb.head
        if verb.dep_ != "relcl" or noun.i >= token.i:
            return ()
        parties = PartyReader(self.registry, self.mentions, lambda _: ())
        return parties.read(noun) or parties.described(noun)

    def _remember_subject(self, sentence: Span, parties: PartyReader) -> None:
        """The parties in the main clause's subject are who "they" are in the next sentence."""
        for verb in (sentence.root, *(c for c in sentence.root.children if c.dep_ in {"conj", "advcl", "ccomp"})):
            found = tuple(ref for t in subjects(verb) if t.pos_ != "PRON" for ref in parties.read(t))
            if found:
                self.discourse.subject = found
                return

    def _follow(self, draft: Draft) -> None:
        if draft.roles.agents:
            self.discourse.agents = draft.roles.agents
        if draft.roles.targets:
            self.discourse.targets = draft.roles.targets

    def _from_the_air(self, draft: Draft) -> Trigger:
        """An attack or a strike by aircraft or an air force is an air strike, whatever the verb."""
        trigger = draft.trigger
        if trigger.type not in {EventType.ASSAULT, EventType.SHELLING}:
            return trigger
        verb = trigger.verb or trigger.token
        doers = [*subjects(verb), *by_phrase(verb), *by_phrase(trigger.token)]
        by_aircraft = any(t.lemma_.lower() in lexicon().parties["aeroplanes"] for t in doers)
        names = [e.name for ref in draft.roles.agents if (e := self.registry.entities.get(ref))]
        by_force = bool(names) and all(n.endswith(("Air Force", "Aerospace Forces", "Luftwaffe")) for n in names)
        return replace(trigger, type=EventType.AIR_STRIKE) if by_aircraft or by_force else trigger

    # ---------------------------------------------------------------- when

    def _days(self, draft: Draft) -> Interval:
        """The days of the event; a plan has none of its own (guidelines, convention 3)."""
        if draft.factuality is Factuality.PLANNED:
            return Interval()
        return day_of(draft.sentence, draft.trigger.token.i, self.dates)

    # ---------------------------------------------------------------- where

    def _places(
        self, draft: Draft, triggers: Sequence[Trigger], described: dict[int, tuple[Ref, ...]]
    ) -> tuple[PlaceArgument, ...]:
        own = draft.trigger.tokens
        region = self._own_region(draft, triggers)
        found = PlaceReader(self.mentions, described).read(region, own, [self.doc[i] for i in sorted(region)])
        return self._without_regions(found) or self._struck(draft, described)

    def _struck(self, draft: Draft, described: dict[int, tuple[Ref, ...]]) -> tuple[PlaceArgument, ...]:
        """The place that a passive's subject is, from however far ("X was reported to have been struck by …")."""
        verb = draft.trigger.verb
        if verb is None or not is_passive(verb):
            return ()
        found: list[PlaceArgument] = []
        for subject in subjects(verb):
            mention = self.mentions.get(subject.i) or self._called(subject)
            refs = (mention.ref,) if mention and mention.role == PLACE and mention.ref else described.get(subject.i, ())
            found += [PlaceArgument(ref, None, None, subject) for ref in refs]
        return tuple(found)

    def _called(self, subject: Token) -> Mention | None:
        """The name behind "the town of"."""
        names = [obj for of in subject.children if of.lower_ == "of" for obj in of.children if obj.dep_ == "pobj"]
        return self.mentions.get(names[0].i) if names and subject.lower_ in kind_words() else None

    def _without_regions(self, found: tuple[PlaceArgument, ...]) -> tuple[PlaceArgument, ...]:
        """The places without the region that holds another of them (guidelines: not the containing region as well)."""
        regions = [p for p in found if self.discourse.kinds.get(p.ref) in lexicon().places["regions"]]
        inner = [p for p in found if p not in regions and p.relation is None]
        return tuple(p for p in found if p not in regions or p.relation is not None) if inner else found

    def _own_region(self, draft: Draft, triggers: Sequence[Trigger]) -> set[int]:
        own = draft.trigger.tokens
        others = {i for t in triggers if t.token.i not in own for i in t.tokens}
        return set(self._region(draft.trigger, others - own))

    def _region(self, trigger: Trigger, barred: set[int]) -> Iterator[int]:
        """The tokens below an event, other events' subtrees left out."""
        stack = [trigger.token] + ([trigger.light] if trigger.light is not None else [])
        seen: set[int] = set()
        while stack:
            token = stack.pop()
            if token.i in seen:
                continue
            seen.add(token.i)
            yield token.i
            stack += [c for c in token.children if c.i not in barred and not self._other_clause(c, trigger)]

    def _other_clause(self, token: Token, trigger: Trigger) -> bool:
        """A clause of its own that a verb of no event governs ("…, where the castle stands")."""
        return (
            token.dep_ in {"relcl", "advcl", "ccomp"} and token.pos_ in {"VERB", "AUX"} and token.i != trigger.token.i
        )

    # ---------------------------------------------------------------- what the sentence leaves out

    def _complete(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            if not draft.places:
                draft.places = self._shared_places(draft, drafts) or self._places_told(draft)
            if draft.type is EventType.WITHDRAWAL or (
                draft.type is EventType.EVACUATION and objects(draft.trigger.token)
            ):
                draft.places = tuple(map(_as_origin, draft.places))
            if draft.type is EventType.REPULSION and not draft.roles.targets:
                draft.roles = Roles(draft.roles.agents, self._implied_targets(draft))
            if not draft.roles.agents:
                draft.roles = Roles(self._implied_agents(draft, drafts), draft.roles.targets)
            if draft.type is EventType.OFFENSIVE_LAUNCH and draft.factuality is Factuality.ACTUAL:
                self.discourse.launch = draft

    def _shared_places(self, draft: Draft, drafts: Iterable[Draft]) -> tuple[PlaceArgument, ...]:
        """An event inside another's clause happened where that did ("the attack was repelled at X")."""
        if draft.type is EventType.OFFENSIVE_LAUNCH:
            return self._goal(draft, drafts) or self._launched_before(draft)
        if self._unnamed_object(draft):
            return self._beside(draft, drafts)
        if draft.type not in _SHARING:
            return ()
        for other in drafts:
            if other is draft or not other.places or not self._joined(draft, other):
                continue
            if draft.type is EventType.ADVANCE:
                return () if objects(draft.trigger.token) else other.places
            if draft.type is EventType.EQUIPMENT_LOSS:
                return tuple(replace(p, relation=None) for p in other.places)
            if kept := tuple(p for p in other.places if p.relation is None):
                return kept
        return ()

    def _beside(self, draft: Draft, drafts: Iterable[Draft]) -> tuple[PlaceArgument, ...]:
        """ "pushed towards X, taking a checkpoint": what is taken without a name lies near where the way went."""
        for other in drafts:
            anchors = tuple(p for p in other.places if p.relation in (NEAR, TOWARD))
            earlier = other.trigger.token.i < draft.trigger.token.i and other.factuality is draft.factuality
            small = any(t.lower_ in kind_words() or t.lemma_ in kind_words() for t in objects(draft.trigger.token))
            if earlier and small and anchors and self._joined(draft, other):
                return tuple(replace(p, relation=NEAR, extent=None) for p in anchors)
        return ()

    def _goal(self, draft: Draft, drafts: Iterable[Draft]) -> tuple[PlaceArgument, ...]:
        """ "began operations to capture X" go towards X; "…, capturing villages near X" was near X."""
        own = [t for t in (draft.trigger.token, draft.trigger.light) if t is not None]
        for other in drafts:
            if not other.places or not any(t.is_ancestor(other.trigger.token) for t in own):
                continue
            if other.factuality is Factuality.PLANNED:
                return tuple(replace(p, relation=TOWARD) for p in other.places)
            if all(p.relation is NEAR for p in other.places) and other.trigger.token.dep_ == "advcl":
                return other.places
        return ()

    def _launched_before(self, draft: Draft) -> tuple[PlaceArgument, ...]:
        """ "The offensive began" is the one that the article has told of."""
        last = self.discourse.launch
        return last.places if last is not None and is_definite(draft.trigger.token) else ()

    def _joined(self, draft: Draft, other: Draft) -> bool:
        mine = [t for t in (draft.trigger.token, draft.trigger.light) if t is not None]
        theirs = [t for t in (other.trigger.token, other.trigger.light) if t is not None]
        return any(a.is_ancestor(b) or b.is_ancestor(a) or b in a.conjuncts for a in mine for b in theirs)

    def _places_told(self, draft: Draft) -> tuple[PlaceArgument, ...]:
        """Where the paragraph's story is, for a noun that speaks of it again ("the clashes", "their attack")."""
        if (
            draft.type not in _CARRYING
            or not draft.trigger.is_noun
            or not is_definite(draft.trigger.token)
            or draft.factuality is not Factuality.ACTUAL
        ):
            return ()
        return next(
            (
                other.places
                for other in reversed(self.told)
                if other.places and other.factuality is not Factuality.PLANNED
            ),
            (),
        )

    def _unnamed_object(self, draft: Draft) -> bool:
        return draft.type is EventType.CAPTURE and bool(objects(draft.trigger.token))

    def _implied_agents(self, draft: Draft, drafts: Iterable[Draft]) -> tuple[Ref, ...]:
        """The one party that a passive without "by" can mean (guidelines, convention 13)."""
        token = draft.trigger.token
        if draft.type is EventType.CAPTURE and draft.trigger.is_noun:
            told = [d for d in drafts if d.trigger.token.i < token.i and d.roles.agents]
            if told:
                return told[-1].roles.agents
        if draft.type is EventType.OFFENSIVE_LAUNCH and self.discourse.launch is not None and is_definite(token):
            return self.discourse.launch.roles.agents
        if draft.type is EventType.REPULSION:
            return self._opposed(draft.roles.targets, drafts)
        if draft.trigger.is_noun and draft.type is not EventType.CLASH and is_definite(token):
            return self._last_agents(draft)
        if draft.type is EventType.CAPTURE and (is_passive(token) or draft.trigger.is_noun):
            last = self._last_agents(draft)
            if draft.trigger.recapture:
                captured = [d for d in reversed(self.told) if d.type is EventType.CAPTURE and d.roles.agents]
                return self._opposed(captured[0].roles.agents) if captured else last
            return last
        return ()

    def _implied_targets(self, draft: Draft) -> tuple[Ref, ...]:
        """Who an event was directed at, where its victims, the attack it repelled or the other side show it."""
        if draft.type is EventType.REPULSION:
            attack = next((d for d in reversed(self.told) if d.type in _ATTACKS and d.roles.agents), None)
            return () if attack is None or set(attack.roles.agents) & set(draft.roles.agents) else attack.roles.agents
        if draft.type is EventType.EQUIPMENT_LOSS:
            return self._opposed(draft.roles.agents)
        victims = tuple(dict.fromkeys(c.party for c in draft.casualties if c.party))
        one_side = len({self._side(ref) for ref in victims}) == 1
        named = draft.type is not EventType.CLASH or all(ref not in self.registry.sides for ref in victims)
        return tuple(ref for ref in victims if ref not in draft.roles.agents) if one_side and named else ()

    def _last_agents(self, draft: Draft) -> tuple[Ref, ...]:
        for other in reversed(self.told):
            if other.roles.agents and other.type is draft.type:
                return other.roles.agents
        return ()

    def _opposed(self, parties: Sequence[Ref], drafts: Iterable[Draft] = ()) -> tuple[Ref, ...]:
        """The party of the other side that the sentence, else the paragraph, has spoken of last."""
        sides = {self._side(ref) for ref in parties} - {None}
        if len(sides) != 1:
            return ()
        side = next(iter(sides))
        for other in (*drafts, *reversed(self.told)):
            for group in (other.roles.agents, other.roles.targets):
                found = tuple(ref for ref in group if self._side(ref) not in (None, side))
                if found:
                    return found
        opposite = [s for s in self.registry.sides if s != side]
        if len(opposite) != 1:
            return ()
        army = self.registry.army() if opposite[0] == self.registry.government else None
        return (army or opposite[0],)

    def _side(self, ref: Ref) -> Ref | None:
        if ref in self.registry.sides:
            return ref
        return self.registry.side_of.get(ref)

    # ---------------------------------------------------------------- who denies it

    def _vouch_back(self, vouchers: Iterable[Voucher], drafts: list[Draft]) -> None:
        """ "…, but this was denied by X": what is said of "this" is said of the events before it."""
        for voucher in vouchers:
            if voucher.scope:
                continue
            here = [d for d in drafts if d.trigger.token.i < voucher.at and d.factuality is Factuality.ACTUAL]
            for draft in here or (self._same_day() if voucher.all else self.before):
                draft.vouchers.append(voucher)

    def _same_day(self) -> list[Draft]:
        """ "all of this": what the paragraph has told of the day it speaks of."""
        day = self.before[-1].interval if self.before else None
        return [d for d in self.told if d.interval == day]

    def _confirm_back(self, drafts: Iterable[Draft]) -> None:
        """A confirmation that is told as an event of its own is one of the event told before, too (convention 16)."""
        for draft in drafts:
            for voucher in [v for v in draft.vouchers if v.stance is Stance.CONFIRMED and v.source]:
                places = {p.ref for p in draft.places}
                earlier = [
                    d for d in self.told if d.type is draft.type and places & {p.ref for p in d.places} and d.vouchers
                ]
                if earlier and all(v.source != voucher.source for v in earlier[-1].vouchers):
                    earlier[-1].vouchers.append(voucher)


def _as_origin(place: PlaceArgument) -> PlaceArgument:
    """Of a withdrawal: where it was from, or with "into" where it went."""
    if place.relation is not None:
        return place
    return replace(place, relation=TOWARD if place.word in {"into", "onto"} else FROM)


# ---------------------------------------------------------------- people killed by an event of the same sentence


def absorb_killings(drafts: list[Draft]) -> list[Draft]:
    """The drafts without the killings that another event of the sentence caused, or told before (guidelines)."""
    kept: list[Draft] = []
    for draft in drafts:
        cause = _cause(draft, drafts) if draft.type is EventType.KILLING else None
        if cause is None and draft.type is EventType.KILLING:
            cause = next(
                (other for other in kept if other.type is EventType.KILLING and _coordinated(other, draft)), None
            )
        if cause is None:
            kept.append(draft)
        else:
            cause.killings += [draft.trigger.token, *draft.killings]
            cause.places = cause.places or draft.places
    return kept


def _coordinated(first: Draft, second: Draft) -> bool:
    a, b = first.trigger.token, second.trigger.token
    return (
        b in a.conjuncts
        or (first.trigger.light is not None and first.trigger.light.is_ancestor(b))
        or ((b.is_ancestor(a) or a.is_ancestor(b)) and a.dep_ not in {"relcl"} and b.dep_ not in {"relcl"})
    )


def _cause(killing: Draft, drafts: Sequence[Draft]) -> Draft | None:
    """The event that killed: it governs the verb, is its subject, stands in "killed in …" or before "killing"."""
    verb = killing.trigger.token
    if verb.pos_ == "NOUN" and verb.head.lemma_ in {"suffer", "sustain", "incur", "take"}:
        return None
    others = [d for d in drafts if d.type not in {EventType.KILLING, EventType.OFFENSIVE_LAUNCH}]
    for one in (verb, *verb.conjuncts):
        for other in others:
            noun = other.trigger.token
            if _within(noun, one) or noun in subjects(one) or _when(one, other):
                return other
    return _governing(verb, others) or _before(verb, others)


def _when(verb: Token, other: Draft) -> bool:
    """ "killed when a rocket hit"."""
    clause = other.trigger.verb or other.trigger.token
    return (
        clause.dep_ == "advcl"
        and clause.head == verb
        and any(c.lower_ in {"when", "as", "after"} for c in clause.children)
    )


def _governing(verb: Token, others: Sequence[Draft]) -> Draft | None:
    head = verb
    while (
        head.dep_ in {"conj", "advcl", "acl", "xcomp", "relcl", "ccomp", "pcomp", "prep", "dep", *_NOMINAL}
        and head.head != head
    ):
        own_subject = any(c.dep_ in {"nsubj", "nsubjpass"} for c in head.children)
        if (head.dep_ in {"conj", "advcl"} and own_subject) or head.dep_ == "ccomp":
            return None
        head = head.head
        for other in others:
            if head in (other.trigger.token, other.trigger.light):
                return other
    return None


def _before(verb: Token, others: Sequence[Draft]) -> Draft | None:
    """The event that a bare "…, killing 40" follows."""
    if verb.tag_ != "VBG" or any(c.dep_ in {"nsubj", "aux"} for c in verb.children):
        return None
    return next((o for o in reversed(others) if o.trigger.token.i < verb.i and o.factuality is Factuality.ACTUAL), None)


_NOMINAL = frozenset({"pobj", "dobj", "attr", "nsubj", "nsubjpass", "appos", "oprd"})


def _within(noun: Token, verb: Token) -> bool:
    """Whether the noun stands in a phrase of the verb that names the cause ("killed in airstrikes")."""
    if noun.dep_ == "pcomp" and noun.head.lower_ in {"after", "before", "since", "following"}:
        return False
    node = noun
    for _ in range(4):
        if node.head == verb:
            return node.dep_ in {"prep", "agent", "dobj", "advcl"} or node.dep_ == "pobj"
        if node.dep_ not in {"pobj", "prep", "agent", "pcomp", "conj", "nmod", "compound"} or node.head.pos_ in {
            "VERB",
            "AUX",
        }:
            return False
        node = node.head
    return False
