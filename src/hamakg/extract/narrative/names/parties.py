"""Which parties a noun phrase names: "HTS-led forces" are a side and a group, "the Army" is one side's army."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from hamakg.extract.narrative.names.gazetteer import ACTOR, PERSON, PLACE, SOURCE, Mention
from hamakg.extract.narrative.names.registry import Registry
from hamakg.extract.narrative.parse.grammar import has_child
from hamakg.extract.narrative.parse.lexicon import lexicon
from hamakg.model import EntityKind, Ref

PRONOUNS = frozenset(
    {
        "they",
        "them",
        "their",
        "it",
        "its",
        "he",
        "his",
        "him",
        "themselves",
        "who",
        "which",
        "that",
        "both",
        "former",
        "latter",
    }
)
_THE_REST = frozenset({"rest", "remainder"})
_MODIFIERS = frozenset({"compound", "amod", "nmod", "poss", "nummod", "npadvmod"})
_ALONG = frozenset({"alongside", "with", "including", "plus"})


@dataclass(frozen=True, slots=True)
class PartyReader:
    """Reads noun phrases of one paragraph; ``they`` gives the parties that a pronoun at a token means."""

    registry: Registry
    mentions: Mapping[int, Mention]
    they: Callable[[Token], tuple[Ref, ...]]

    def read(self, head: Token) -> tuple[Ref, ...]:
        """The parties of the phrase headed by ``head``, conjuncts and companions included; () where it names none."""
        found = [*self._one(head)]
        for child in head.children:
            if child.dep_ in {"conj", "appos"} and child.i > head.i and not (child.dep_ == "appos" and found):
                found += self.read(child)
            if (child.dep_ == "prep" and child.text.lower() in {"alongside", "including"}) or (
                child.dep_ == "prep" and child.lower_ == "with" and child.nbor(-1).lower_ in {"along", "together"}
            ):
                found += [ref for obj in child.children if obj.dep_ == "pobj" for ref in self.read(obj)]
        return tuple(dict.fromkeys(found))

    def _one(self, head: Token) -> Iterator[Ref]:
        if head.lower_ in PRONOUNS:
            yield from self.they(head)
            return
        mention = self.mentions.get(head.i)
        if mention and mention.role in (ACTOR, PERSON, SOURCE) and mention.ref:
            yield mention.ref
            return
        if state := self._state_name(head, mention):
            yield state
            return
        if head.lower_ in _THE_REST and not has_child(head, {"prep"}):
            yield from self.they(head)
            return
        if mention is None and self._is_group(head):
            yield from self._group(head)

    def _state_name(self, head: Token, mention: Mention | None) -> Ref | None:
        """A state or a people as a party ("Russia", "the Germans")."""
        if mention and mention.role == PLACE and mention.end - mention.start > 1:
            return None
        word = head.text
        if word in lexicon().states and head.pos_ in {"PROPN", "NOUN", "ADJ"}:
            ref = self.registry.state(word)
            return self.registry.note(ref, word) if ref else None
        return None

    def _is_group(self, head: Token) -> bool:
        words = lexicon().parties
        return (
            head.lemma_.lower() in words["group"]
            or head.lower_ in words["rebel"] | words["militant"] | words["coalition"]
            or head.lower_ in words["government"]
            or head.lower_ in lexicon().parties["members"]
        )

    def _group(self, head: Token) -> Iterator[Ref]:
        leaders = [*self._leaders(head)]
        described = [*self.described(head)]
        if not described and leaders:
            described = [self.registry.side_of[ref] for ref in leaders if ref in self.registry.side_of][:1]
        if not described and head.lemma_.lower() in lexicon().parties["members"]:
            described = [
                ref
                for prep in head.children
                if prep.dep_ == "prep" and prep.lower_ in {"of", "from"}
                for obj in prep.children
                if obj.dep_ == "pobj"
                for ref in self.read(obj)
            ]
        yield from described
        yield from leaders

    def described(self, head: Token) -> tuple[Ref, ...]:
        """The parties that a noun's own words say ("rebel", "Russian", "HTS"), without those that lead it."""
        if head.lemma_.lower() in lexicon().parties["unofficial"]:
            return ()
        names: list[Ref] = []
        modifiers = [child for child in head.children if child.dep_ in _MODIFIERS]
        modifiers += [child for m in modifiers for child in m.children if child.dep_ in _MODIFIERS | {"conj"}]
        modifiers = [m for m in modifiers if not _holds_only(m)]
        for modifier in sorted(modifiers, key=lambda t: t.i):
            names += self._modifier(modifier, head)
        lowered = {m.lower_ for m in modifiers} | {head.lower_, head.lemma_.lower()} | self._prefixed(head)
        side = self._side_of_words(lowered)
        if side and names and any(m.dep_ == "conj" or has_child(m, {"conj"}) for m in modifiers):
            return tuple(dict.fromkeys((self.registry.note(side, self._wording(head)), *names)))
        if side and not any(
            self.registry.entities.get(n) and self.registry.entities[n].kind is not EntityKind.STATE for n in names
        ):
            return (self.registry.note(side, self._wording(head)),)
        if names:
            return tuple(dict.fromkeys(names))
        if self._means_army(head, lowered) and (army := self.registry.army()):
            return (self.registry.note(army, head.text),)
        return (side,) if side else ()

    def _means_army(self, head: Token, words: set[str]) -> bool:
        """ "the military", "Army positions", but not "a military offensive", which is anybody's."""
        table = lexicon().parties
        ours = words & table["army"]
        return bool(ours) and (ours != {"military"} or head.lemma_.lower() in table["group"] | table["army"])

    def _prefixed(self, head: Token) -> set[str]:
        """Modifiers joined by a hyphen: "pro-government" as one word."""
        left = [t.lower_ for t in head.doc[max(head.sent.start, head.i - 5) : head.i]]
        return {"pro-government"} if "government" in left and "pro" in left else set()

    def _side_of_words(self, words: set[str]) -> Ref | None:
        table, registry = lexicon().parties, self.registry
        rebel = words & table["rebel"] and "pro-government" not in words
        if rebel or words & table["militant"]:
            side = registry.rebels if rebel else registry.militants
            return side or (None if registry.sides else self._unsided("rebels" if rebel else "militants"))
        if named := words & table["coalition"]:
            return registry.coalition(min(named))
        if words & table["government"]:
            return registry.government or (None if registry.sides else self._unsided("government forces"))
        return None

    def _unsided(self, name: str) -> Ref:
        """An article without an infobox still has its rebels: a party of the article's own."""
        return self.registry.ensure(EntityKind.ACTOR, name, own=True)

    def _modifier(self, modifier: Token, head: Token) -> list[Ref]:
        mention = self.mentions.get(modifier.i)
        if self._leads(modifier):
            return []
        if mention and mention.role in (ACTOR, PERSON) and mention.ref:
            return [mention.ref]
        if modifier.text in lexicon().states or (modifier.text.title() in lexicon().states and modifier.pos_ == "ADJ"):
            return self._of_state(modifier.text, head)
        return []

    def _of_state(self, word: str, head: Token) -> list[Ref]:
        """ "Russian forces": the forces of that name if the article has them, else the state."""
        lemma = head.lemma_.lower()
        if lemma in lexicon().parties["army"] and (army := self.registry.army(word)):
            return [army]
        named = (
            self.registry.named(f"{word} {head.text}", f"{word} Armed Forces")
            if lemma in {"force", "troop", "soldier"}
            else None
        )
        state = named or self.registry.state(word)
        return [self.registry.note(state, f"{word} {head.text}")] if state else []

    def _leads(self, modifier: Token) -> bool:
        """Whether the modifier is the X of "X-led"."""
        doc = modifier.doc
        mention = self.mentions.get(modifier.i)
        end = mention.end if mention else modifier.i + 1
        return (
            end + 1 < len(doc)
            and doc[end].text == "-"
            and doc[end + 1].lower_ in {"led", "backed", "aligned", "affiliated"}
        )

    def _leaders(self, head: Token) -> Iterator[Ref]:
        """Those who lead the force: "X-led forces", "forces led by X"."""
        doc = head.doc
        for index in range(max(head.sent.start, head.i - 6), head.i):
            if (
                doc[index].lower_ == "led"
                and index >= 2
                and doc[index - 1].text == "-"
                and (m := self.mentions.get(index - 2))
                and m.ref
            ):
                yield m.ref
        for child in head.children:
            if child.dep_ in {"acl", "relcl"} and child.lemma_ == "lead":
                for by in child.children:
                    if by.dep_ == "agent" or by.lower_ == "by":
                        yield from (ref for obj in by.children if obj.dep_ == "pobj" for ref in self.read(obj))

    def _wording(self, head: Token) -> str:
        """The phrase's own words, as a description of the party."""
        words = [
            t
            for t in head.lefts
            if t.dep_ in {"amod", "compound", "nmod", "poss"}
            and (
                t.lower_ in lexicon().parties["rebel"]
                or t.lower_ in lexicon().parties["government"]
                or t.text in lexicon().states
            )
        ]
        return " ".join(t.text for t in [*words, head])


def _holds_only(modifier: Token) -> bool:
    """The X of "X-held": it holds the place, and need not do what happens there."""
    behind = modifier.doc[modifier.i + 1 : modifier.i + 3]
    return (
        len(behind) == 2 and behind[0].text == "-" and behind[1].lower_ in {"controlled", "held", "occupied", "ruled"}
    )
