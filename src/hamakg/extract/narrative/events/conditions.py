"""What a reading of a verb needs of its subject and object: the conditions that the rows of ``triggers.toml`` name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from hamakg.extract.narrative.events.words import Need, certainty_words, noun_words, thing_words, triggers
from hamakg.extract.narrative.names.mentions import Mentions, Role
from hamakg.extract.narrative.names.words import party_words
from hamakg.extract.narrative.parse.grammar import has_child, has_word, is_passive, objects, subjects, verb_lemma
from hamakg.extract.narrative.parse.words import Words
from hamakg.naming.place_kinds import kind_words
from hamakg.naming.states import states_by_word


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb with its subjects, its objects, and its patients: those that it is done to, passive or active."""

    verb: Token
    subjects: tuple[Token, ...]
    objects: tuple[Token, ...]
    patients: tuple[Token, ...]
    mentions: Mentions

    def has_patient(self, words: Words) -> bool:
        """Whether the lemma of a patient is one of these words."""
        return any(token.lemma_.lower() in words for token in self.patients)


def clause_of(verb: Token, mentions: Mentions) -> Clause:
    """The clause that a verb makes."""
    doers, done_to = tuple(subjects(verb)), tuple(objects(verb))
    return Clause(verb, doers, done_to, done_to or (doers if is_passive(verb) else ()), mentions)


def holds(need: Need | None, clause: Clause) -> bool:
    """Whether what a row needs is met; a row without a need always holds."""
    return need is None or _CONDITIONS[need](clause)


# ---------------------------------------------------------------- what a word is


def _is_place(token: Token, mentions: Mentions) -> bool:
    mention = mentions.get(token.i)
    if mention is not None:
        return mention.role is Role.PLACE
    lemma = token.lemma_.lower()
    return token.lower_ in kind_words() or lemma in kind_words() or lemma in noun_words().open_objects


def _is_named_party(token: Token, mentions: Mentions, others: frozenset[str]) -> bool:
    mention = mentions.get(token.i)
    return mention is not None and mention.role not in others


def _is_party(token: Token, mentions: Mentions) -> bool:
    lemma = token.lemma_.lower()
    described = lemma in party_words().group | party_words().civilians or token.lower_ in party_words().rebel
    named = token.text in states_by_word() or _is_named_party(token, mentions, frozenset({Role.PLACE, Role.EVENT}))
    return not _is_place(token, mentions) and (described or named or token.pos_ == "PRON")


def _is_fighting(token: Token, mentions: Mentions) -> bool:
    described = (
        token.lemma_.lower() in party_words().fighters
        or token.lower_ in party_words().rebel | noun_words().meant_fighters
    )
    named = _is_named_party(token, mentions, frozenset({Role.PLACE, Role.EVENT, Role.PERSON}))
    return described or named or token.text in states_by_word()


def _is_attack(token: Token, mentions: Mentions) -> bool:
    named = _is_named_party(token, mentions, frozenset({Role.PLACE, Role.EVENT, Role.PERSON}))
    return named or token.lemma_.lower() in thing_words().attacks


def _is_road(token: Token, mentions: Mentions) -> bool:
    mention = mentions.get(token.i)
    named = mention is not None and token.doc[mention.end - 1].lemma_.lower() in thing_words().roads
    return named or token.lemma_.lower() in thing_words().roads


# ---------------------------------------------------------------- the conditions


def _place(clause: Clause) -> bool:
    return any(_is_place(t, clause.mentions) for t in clause.patients)


def _place_or_line(clause: Clause) -> bool:
    named = any(t.i in clause.mentions for t in clause.patients)
    return not clause.patients or named or clause.has_patient(thing_words().lines) or _place(clause)


def _place_not_of_things(clause: Clause) -> bool:
    """ "cleared the town", but not "cleared the town of mines"."""
    return _place(clause) and not _has_preposition((clause.verb, *clause.patients), {"of"})


def _place_not_relative(clause: Clause) -> bool:
    """ "lost the town", but not "the town they had lost", which mentions the loss."""
    return clause.verb.dep_ != "relcl" and _place(clause)


def _subject_place(clause: Clause) -> bool:
    """ "the town fell", but not "fell back"."""
    back = has_word(clause.verb, {"back", "short"})
    return not back and any(_is_place(t, clause.mentions) for t in clause.subjects)


def _place_left(clause: Clause) -> bool:
    """A named place that fighters leave."""
    named = any((m := clause.mentions.get(t.i)) is not None and m.role is Role.PLACE for t in clause.objects)
    return named and _fighters(clause)


def _party(clause: Clause) -> bool:
    return any(_is_party(t, clause.mentions) for t in clause.patients)


def _fighters(clause: Clause) -> bool:
    """Fighters as the subject; a whole people that flees are none."""
    people = verb_lemma(clause.verb) in {"flee", "evacuate"} and all(
        t.text in states_by_word() for t in clause.subjects
    )
    return not people and any(_is_fighting(t, clause.mentions) for t in clause.subjects)


def _civilians(clause: Clause) -> bool:
    people = (*clause.patients, *clause.subjects)
    civilian = party_words().civilians
    return any(t.lemma_.lower() in civilian or t.text in states_by_word() for t in people)


def _attack(clause: Clause) -> bool:
    return any(_is_attack(t, clause.mentions) for t in clause.patients)


def _against_attack(clause: Clause) -> bool:
    return has_word(clause.verb, {"against"})


def _within(clause: Clause) -> bool:
    """ "brought them within 5 kilometers"."""
    reaches = [c for c in clause.verb.children if c.dep_ in {"prep", "dative"} and c.lower_ in {"within", "to"}]
    return any(t.lemma_.lower() in thing_words().lengths or t.lower_ == "within" for c in reaches for t in c.subtree)


def _no_object(clause: Clause) -> bool:
    governs = has_child(clause.verb, {"xcomp", "ccomp"})
    return not (clause.objects or governs or is_passive(clause.verb))


def _attack_fails(clause: Clause) -> bool:
    """ "the assault failed", "the army had failed": not what fails for another reason."""
    tried = clause.verb.dep_ == "conj" and clause.verb.head.lemma_ in certainty_words().attempted
    if tried:
        return False
    failing = any(_is_attack(t, clause.mentions) or _is_fighting(t, clause.mentions) for t in clause.subjects)
    return failing and _no_object(clause)


def _road(clause: Clause) -> bool:
    """ "cut the road", "cut off one of the supply routes"."""
    parts = [c for c in clause.verb.children if c.dep_ == "prep" and c.lower_ in {"of", "off"}]
    meant = (*clause.patients, *(t for c in parts for t in c.subtree))
    return any(_is_road(t, clause.mentions) for t in meant)


def _weapon(clause: Clause) -> bool:
    return clause.has_patient(thing_words().weapon) or clause.has_patient(thing_words().equipment)


def _weapon_against(clause: Clause) -> bool:
    """ "used a missile against"."""
    aims = {"against", "on", "at", "toward", "towards"}
    return _weapon(clause) and _has_preposition((clause.verb, *clause.patients), aims)


def _aircraft(clause: Clause) -> bool:
    lemmas = {t.lemma_.lower() for t in (*clause.subjects, *clause.patients)}
    return bool(lemmas & thing_words().aircraft or lemmas & triggers().nouns.keys())


def _chemical(clause: Clause) -> bool:
    return any(t.lemma_.lower() in thing_words().chemical for t in clause.verb.subtree)


def _has_preposition(tokens: Iterable[Token], words: set[str]) -> bool:
    return any(has_word(t, words) for t in tokens)


_CONDITIONS: Mapping[Need, Callable[[Clause], bool]] = {
    Need.PLACE: _place,
    Need.PLACE_OR_LINE: _place_or_line,
    Need.PLACE_NOT_OF_THINGS: _place_not_of_things,
    Need.PLACE_NOT_RELATIVE: _place_not_relative,
    Need.SUBJECT_PLACE: _subject_place,
    Need.PLACE_LEFT: _place_left,
    Need.PARTY: _party,
    Need.FIGHTERS: _fighters,
    Need.CIVILIANS: _civilians,
    Need.ATTACK: _attack,
    Need.AGAINST_ATTACK: _against_attack,
    Need.WITHIN: _within,
    Need.ATTACK_FAILS: _attack_fails,
    Need.ROAD: _road,
    Need.SIEGE: lambda clause: clause.has_patient(thing_words().sieges),
    Need.REINFORCEMENTS: lambda clause: clause.has_patient(thing_words().reinforcements),
    Need.EQUIPMENT: lambda clause: clause.has_patient(thing_words().equipment),
    Need.WEAPON: _weapon,
    Need.WEAPON_AGAINST: _weapon_against,
    Need.AIRCRAFT: _aircraft,
    Need.CHEMICAL: _chemical,
}
