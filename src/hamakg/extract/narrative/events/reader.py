"""One article's narrative, sentence by sentence: each component answers one question, the reader joins the answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Doc, Span, Token

from hamakg.extract.narrative.events.arguments import Roles, roles_of
from hamakg.extract.narrative.events.attribution import Voucher, find_vouchers
from hamakg.extract.narrative.events.certainty import factuality_of
from hamakg.extract.narrative.events.counts import SentenceFigures, codename_of, read_figures, weapons_of
from hamakg.extract.narrative.events.distribution import by_day
from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.events.implied import Implied
from hamakg.extract.narrative.events.killings import absorb_killings
from hamakg.extract.narrative.events.nouns import noun_rule
from hamakg.extract.narrative.events.places import NEAR, PlaceArgument, PlaceReader, settled, without_surroundings
from hamakg.extract.narrative.events.triggers import Trigger, find_triggers
from hamakg.extract.narrative.names.discourse import Discourse
from hamakg.extract.narrative.names.gazetteer import PERSON, PLACE, Mention
from hamakg.extract.narrative.names.parties import PartyReader
from hamakg.extract.narrative.names.registry import Registry
from hamakg.extract.narrative.parse.grammar import by_phrase, is_passive, is_verb, subjects
from hamakg.extract.narrative.parse.lexicon import lexicon
from hamakg.extract.narrative.parse.pipeline import words_begin
from hamakg.extract.narrative.time.dates import DateMention, day_of
from hamakg.model import EntityKind, EventType, Factuality, Interval, Ref, Stance
from hamakg.naming.place_kinds import kind_words

_TAKING = frozenset({EventType.CAPTURE, EventType.WITHDRAWAL, EventType.OFFENSIVE_LAUNCH})
_PLURAL = frozenset({"they", "them", "their", "themselves"})


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
            drafts += by_day(draft, self.dates, self.mentions)
            self._follow(draft)
        implied = Implied(self.registry, self.discourse, self.told)
        drafts = absorb_killings(drafts)
        implied.complete(drafts)
        for draft in drafts:
            self._count(draft, figures, parties, triggers)
            if not draft.roles.targets:
                draft.roles = Roles(draft.roles.agents, implied.targets(draft))
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
        draft.codename = codename_of(trigger, draft.sentence)
        if any(p.relation == NEAR for p in draft.places):
            draft.distance = figures.distance(region)

    # ---------------------------------------------------------------- who "they" are

    def _they(self, token: Token) -> tuple[Ref, ...]:
        if token.lower_ in {"who", "which", "that"}:
            return self._antecedent(token)
        if token.lower_ in {"he", "she", "his", "her", "him"}:
            return self._person(token)
        if token.lower_ == "it" and token.dep_ == "dobj" and token.head.lemma_ in lexicon().grammar["controlling"]:
            return self._object_before(token)
        if token.lower_ in {"it", "its", "both"} and token.dep_ not in {"nsubj", "nsubjpass", "poss"}:
            return ()
        of_them = token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.dep_ == "dobj"
        if token.dep_ == "dobj" or of_them:
            return self._object_before(token)
        found = self._subject_before(token) or self.discourse.subject
        return () if token.lower_ in _PLURAL and self._is_one_person(found) else found

    def _object_before(self, token: Token) -> tuple[Ref, ...]:
        """Who "them" is as an object: not the subject's own, but the last party named that is no subject."""
        parties = PartyReader(self.registry, self.mentions, lambda _: ())
        own = self._subject_before(token) or self.discourse.subject
        for other in reversed(self.doc[token.sent.start : token.i]):
            if other.dep_ in {"dobj", "pobj", "conj", "nsubj", "nsubjpass"} and other.pos_ != "PRON":
                found = tuple(ref for ref in parties.read(other) if ref not in own)
                if found:
                    return found
        last = self.discourse.targets or self.discourse.subject
        return tuple(ref for ref in last if ref not in own)

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
        listed = [t for t in noun.conjuncts if noun.i < t.i < token.i]
        if listed and token.i > 0 and token.nbor(-1).text != ",":
            return parties.read(listed[-1]) or parties.described(listed[-1])
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
        found = without_surroundings(found, draft.trigger)
        found = tuple(settled(place, draft.trigger, draft.factuality) for place in found)
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
        kinds, names = self.discourse.kinds, lexicon().places["regions"]
        regions = [p for p in found if kinds.get(p.ref) in names and not p.way.including]
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
        """A clause of its own that a verb of no event governs ("…, where the castle stands"), or who says so."""
        if token.lower_ == "according" or self._other_time(token, trigger):
            return True
        if token.dep_ == "acl" and token.head.lower_ == "order":
            return True
        return token.dep_ in {"relcl", "advcl", "ccomp"} and is_verb(token) and token.i != trigger.token.i

    def _other_time(self, token: Token, trigger: Trigger) -> bool:
        """ "after the capture of X": another event is only named to say when."""
        if token.dep_ != "prep" or token.lower_ not in lexicon().grammar["time_words"]:
            return False
        named = [rule[1].type for obj in token.children if obj.dep_ == "pobj" and (rule := noun_rule(obj))]
        barred = _TAKING if token.lower_ != "during" or trigger.type is EventType.CAPTURE else frozenset[EventType]()
        return any(kind in barred for kind in named)

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
            for voucher in [v for v in draft.vouchers if v.stance in _ANSWERS and v.source]:
                earlier = [d for d in self.told if d.type is draft.type and _common(d, draft) and d.vouchers]
                if earlier and all(v.source != voucher.source for v in earlier[-1].vouchers):
                    earlier[-1].vouchers.append(_limited(voucher, earlier[-1], draft))


_ANSWERS = frozenset({Stance.CONFIRMED, Stance.DENIED})


def _common(earlier: Draft, later: Draft) -> list[Ref]:
    named = {p.ref for p in later.places}
    return [p.ref for p in earlier.places if p.ref in named]


def _limited(voucher: Voucher, earlier: Draft, later: Draft) -> Voucher:
    """What the voucher says of the earlier event: of all of it, or only of those of its places that are named again."""
    common = _common(earlier, later)
    return voucher if len(common) == len(earlier.places) else replace(voucher, concerning=tuple(common))
