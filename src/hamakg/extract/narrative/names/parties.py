"""Which parties a noun phrase names: "HTS-led forces" are a side and a group, "the Army" is one side's army."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from spacy.tokens import Token

from hamakg.extract.narrative.names.cast import Cast, Parties, join, make_party, refer
from hamakg.extract.narrative.names.mentions import Mention, Mentions, Role
from hamakg.extract.narrative.names.words import party_words
from hamakg.extract.narrative.parse.grammar import by_phrase, children, has_child, prepositional
from hamakg.model import EntityKind, Ref
from hamakg.naming.states import states_by_word

_MODIFIERS = frozenset({"compound", "amod", "nmod", "poss", "nummod", "npadvmod"})
_PARTIES = frozenset({Role.ACTOR, Role.PERSON})


@dataclass(frozen=True, slots=True)
class PartyReader:
    """Reads noun phrases of one paragraph; ``they`` gives the parties that a pronoun at a token means."""

    cast: Cast
    mentions: Mentions
    they: Callable[[Token], Parties]

    def read_all(self, heads: Iterable[Token]) -> Parties:
        """The parties of the phrases headed by these tokens."""
        return join(self.read(head) for head in heads)

    def read(self, head: Token) -> Parties:
        """The parties of the phrase headed by ``head``, conjuncts and companions included."""
        found = self.read_one(head)
        for child in head.children:
            if child.i > head.i and (child.dep_ == "conj" or (child.dep_ == "appos" and not found)):
                found += self.read(child)
            if _accompanies(child):
                found += self.read_all(children(child, {"pobj"}))
        return found

    def read_one(self, head: Token) -> Parties:
        """The parties of a phrase without its conjuncts and companions."""
        if head.lower_ in party_words().pronouns:
            return self.they(head)
        mention = self.mentions.get(head.i)
        if mention and mention.ref and mention.role in _PARTIES | {Role.SOURCE}:
            return Parties((mention.ref,))
        if state := self._name_state(head, mention):
            return state
        if head.lower_ in {"rest", "remainder"} and not has_child(head, {"prep"}):
            return self.they(head)
        return self._read_group(head) if mention is None and _is_group(head) else Parties()

    def _name_state(self, head: Token, mention: Mention | None) -> Parties:
        """A state or a people as a party ("Russia", "the Germans")."""
        longer = mention is not None and mention.role is Role.PLACE and mention.end - mention.start > 1
        if longer or head.pos_ not in {"PROPN", "NOUN", "ADJ"}:
            return Parties()
        return self._state(head.text, head.text)

    def _state(self, word: str, wording: str) -> Parties:
        state = self.cast.state(word)
        return join([state, *(refer(ref, wording) for ref in state.refs)])

    def _read_group(self, head: Token) -> Parties:
        leaders = self._leaders(head)
        described = self.described(head)
        if not described and leaders:
            sides = [self.cast.side_of[ref] for ref in leaders.refs if ref in self.cast.side_of]
            described += Parties(tuple(sides[:1]))
        if not described and head.lemma_.lower() in party_words().members:
            described += self.read_all(prepositional(head, {"of", "from"}))
        return described + leaders

    def described(self, head: Token) -> Parties:
        """The parties that a noun's own words say ("rebel", "Russian", "HTS"), without those that lead it."""
        if head.lemma_.lower() in party_words().unofficial:
            return Parties()
        modifiers = _modifiers(head)
        names = join(self._read_modifier(modifier, head) for modifier in modifiers)
        words = {m.lower_ for m in modifiers} | {head.lower_, head.lemma_.lower()} | _prefixed(head)
        side = self._side_of_words(words)
        only_states = all(self.cast.kind_of(ref) in {EntityKind.STATE, None} for ref in names.refs)
        listed = names and any(m.dep_ == "conj" or has_child(m, {"conj"}) for m in modifiers)
        worded = join([side, *(refer(ref, _wording(head)) for ref in side.refs)])
        if side and (listed or only_states):
            return worded + names if listed else worded.beside(names)
        if names:
            return names.beside(side)
        army = self.cast.army() if _means_army(head, words) else None
        return refer(army, head.text) if army else side

    def _side_of_words(self, words: set[str]) -> Parties:
        table, cast = party_words(), self.cast
        rebel = words & table.rebel and "pro-government" not in words
        if rebel or words & table.militant:
            return self._side(cast.rebels if rebel else cast.militants, "rebels" if rebel else "militants")
        if named := words & table.coalition:
            coalition = cast.coalition(min(named))
            return Parties((coalition,) if coalition else ())
        return self._side(cast.government, "government forces") if words & table.government else Parties()

    def _side(self, side: Ref | None, name: str) -> Parties:
        """The side; an article without an infobox still has its rebels: a party of the article's own."""
        if side:
            return Parties((side,))
        return Parties() if self.cast.sides else make_party(EntityKind.ACTOR, name, self.cast.slug)

    def _read_modifier(self, modifier: Token, head: Token) -> Parties:
        mention = self.mentions.get(modifier.i)
        if self._leads(modifier):
            return Parties()
        if mention and mention.ref and mention.role in _PARTIES:
            return Parties((mention.ref,))
        adjective = modifier.pos_ == "ADJ" and modifier.text.title() in states_by_word()
        return self._of_state(modifier.text, head) if adjective or modifier.text in states_by_word() else Parties()

    def _of_state(self, word: str, head: Token) -> Parties:
        """ "Russian forces": the forces of that name if the article has them, else the state."""
        lemma, wording = head.lemma_.lower(), f"{word} {head.text}"
        if lemma in party_words().army and (army := self.cast.army(word)):
            return Parties((army,))
        forces = self.cast.named(wording, f"{word} Armed Forces") if lemma in {"force", "troop", "soldier"} else None
        return refer(forces, wording) if forces else self._state(word, wording)

    def _leads(self, modifier: Token) -> bool:
        """Whether the modifier is the X of "X-led"."""
        mention = self.mentions.get(modifier.i)
        end = mention.end if mention else modifier.i + 1
        joined = modifier.doc[end : end + 2]
        return len(joined) > 1 and joined[0].text == "-" and joined[1].lower_ in party_words().leading

    def _leaders(self, head: Token) -> Parties:
        """Those who lead the force: "X-led forces", "forces led by X"."""
        doc, found = head.doc, Parties()
        for hyphen in range(max(head.sent.start, head.i - 6) - 1, head.i - 1):
            hyphened = hyphen > 0 and doc[hyphen].text == "-" and doc[hyphen + 1].lower_ == "led"
            mention = self.mentions.get(hyphen - 1) if hyphened else None
            found += Parties((mention.ref,) if mention and mention.ref else ())
        led = [c for c in head.children if c.dep_ in {"acl", "relcl"} and c.lemma_ == "lead"]
        return found + self.read_all(leader for verb in led for leader in by_phrase(verb))


def _accompanies(prep: Token) -> bool:
    """ "alongside X", "together with X"."""
    if prep.dep_ != "prep" or prep.lower_ != "with":
        return prep.dep_ == "prep" and prep.lower_ in {"alongside", "including"}
    return prep.nbor(-1).lower_ in {"along", "together"}


def _is_group(head: Token) -> bool:
    words, lemma = party_words(), head.lemma_.lower()
    camps = words.rebel | words.militant | words.coalition | words.government | words.members
    return lemma in words.group or head.lower_ in camps


def _modifiers(head: Token) -> list[Token]:
    """The words before a noun that say whose it is, those that hang on others of them included."""
    direct = [child for child in head.children if child.dep_ in _MODIFIERS]
    further = [child for m in direct for child in m.children if child.dep_ in _MODIFIERS | {"conj"}]
    return sorted((m for m in (*direct, *further) if not _holds_only(m)), key=lambda token: token.i)


def _holds_only(modifier: Token) -> bool:
    """The X of "X-held": it holds the place, and need not do what happens there."""
    behind = modifier.doc[modifier.i + 1 : modifier.i + 3]
    return len(behind) > 1 and behind[0].text == "-" and behind[1].lower_ in party_words().holding


def _means_army(head: Token, words: set[str]) -> bool:
    """ "the military", "Army positions", but not "a military offensive", which is anybody's."""
    table = party_words()
    ours = words & table.army
    return bool(ours) and (ours != {"military"} or head.lemma_.lower() in table.group | table.army)


def _prefixed(head: Token) -> set[str]:
    """Modifiers joined by a hyphen: "pro-government" as one word."""
    left = [t.lower_ for t in head.doc[max(head.sent.start, head.i - 5) : head.i]]
    return {"pro-government"} if "government" in left and "pro" in left else set()


def _wording(head: Token) -> str:
    """The phrase's own words for a side."""
    table = party_words()
    words = [
        t.text
        for t in head.lefts
        if t.dep_ in {"amod", "compound", "nmod", "poss"}
        and (t.lower_ in table.rebel | table.government or t.text in states_by_word())
    ]
    return " ".join([*words, head.text])
