"""Who "they", "he", "it" and "which" are, where a pronoun stands for a party."""

from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from hamakg.extract.narrative.names.cast import Cast, Parties
from hamakg.extract.narrative.names.mentions import Mentions, Role
from hamakg.extract.narrative.names.parties import PartyReader
from hamakg.extract.narrative.names.words import party_words
from hamakg.extract.narrative.parse.grammar import subjects
from hamakg.extract.narrative.parse.words import parse_words, stance_verbs
from hamakg.model import EntityKind, Ref

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """Whom the text has spoken of last.

    ``subject`` are the parties of the last main clause, ``person`` the last person named, ``targets`` whom the last
    event of the paragraph was directed at.
    """

    subject: tuple[Ref, ...] = ()
    person: Ref | None = None
    targets: tuple[Ref, ...] = ()


def read_parties(cast: Cast, mentions: Mentions, spoken: Spoken) -> PartyReader:
    """A reader of noun phrases that knows whom the text has spoken of."""
    return PartyReader(cast, mentions, _Pronouns(cast, mentions, spoken).read)


def hear_person(sentence: Span, mentions: Mentions, spoken: Spoken) -> Spoken:
    """The sentence's last person is the one spoken of."""
    named = [m.ref for t in sentence if (m := mentions.get(t.i)) and m.role is Role.PERSON and m.ref]
    return replace(spoken, person=named[-1]) if named else spoken


def hear_subject(sentence: Span, parties: PartyReader, spoken: Spoken) -> tuple[Spoken, Parties]:
    """The parties in the main clause's subject are who "they" are in the next sentence; those parties."""
    for verb in (sentence.root, *(c for c in sentence.root.children if c.dep_ in {"conj", "advcl", "ccomp"})):
        found = parties.read_all(token for token in subjects(verb) if token.pos_ != "PRON")
        if found:
            return replace(spoken, subject=found.refs), found
    return spoken, Parties()


@dataclass(frozen=True, slots=True)
class _Pronouns:
    cast: Cast
    mentions: Mentions
    spoken: Spoken

    @property
    def _nouns(self) -> PartyReader:
        """Reads phrases in which pronouns mean nobody."""
        return PartyReader(self.cast, self.mentions, lambda _: Parties())

    def read(self, token: Token) -> Parties:
        """The parties that a pronoun means."""
        word = token.lower_
        if word in {"who", "which", "that"}:
            return self._antecedent(token)
        if word in {"he", "she", "his", "her", "him"}:
            return self._person(token)
        forced = word == "it" and token.head.lemma_ in parse_words().controlling
        if (
            word in {"it", "its", "both"}
            and token.dep_ not in {*_SUBJECTS, "poss"}
            and not (forced and token.dep_ == "dobj")
        ):
            return Parties()
        of_them = token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.dep_ == "dobj"
        if token.dep_ == "dobj" or of_them:
            return self._object_before(token)
        found = self._subject_before(token)
        return Parties().beside(found) if word in party_words().plural and self._is_one_person(found.refs) else found

    def _object_before(self, token: Token) -> Parties:
        """Who "them" is as an object: not the subject's own, but the last party named that is no subject."""
        found = own = self._subject_before(token)
        for other in reversed(token.doc[token.sent.start : token.i]):
            if other.dep_ in {"dobj", "pobj", "conj", *_SUBJECTS} and other.pos_ != "PRON":
                read = self._nouns.read(other)
                found = read.without(own.refs).beside(found)
                if found:
                    return found
        last = Parties(self.spoken.targets or self.spoken.subject)
        return last.without(own.refs).beside(found)

    def _subject_before(self, token: Token) -> Parties:
        """The last subject before a pronoun in its sentence ("the Army …, as it advanced"), else of the one before."""
        for other in reversed(token.doc[token.sent.start : token.i]):
            if other.dep_ in _SUBJECTS and other.pos_ != "PRON" and (found := self._nouns.read(other)):
                return found
        return Parties(self.spoken.subject)

    def _is_one_person(self, refs: tuple[Ref, ...]) -> bool:
        return len(refs) == 1 and self.cast.kind_of(refs[0]) in {EntityKind.PERSON, EntityKind.SOURCE}

    def _person(self, token: Token) -> Parties:
        """Who "he" is: as a speaker the last person named, else a person of the same sentence, nobody between."""
        speaks = token.dep_ == "nsubj" and token.head.lemma_.lower() in stance_verbs()
        if speaks and self.spoken.person:
            return Parties((self.spoken.person,))
        people = party_words().group | party_words().civilians | {"man", "woman"}
        for other in reversed(token.doc[token.sent.start : token.i]):
            mention = self.mentions.get(other.i)
            if mention and mention.role is Role.PERSON and mention.ref:
                return Parties((mention.ref,))
            if other.lemma_.lower() in people:
                return Parties()
        return Parties()

    def _antecedent(self, token: Token) -> Parties:
        """Who "which" or "who" is: the noun that its clause hangs on, of a list without a comma the last."""
        verb = token.head
        while verb.dep_ in {"xcomp", "conj", "ccomp", "auxpass", "aux"} and verb.head != verb:
            verb = verb.head
        noun = verb.head
        if verb.dep_ != "relcl" or noun.i >= token.i:
            return Parties()
        listed = [t for t in noun.conjuncts if noun.i < t.i < token.i]
        if listed and token.i > 0 and token.nbor(-1).text != ",":
            noun = listed[-1]
        return self._nouns.read(noun) or self._nouns.described(noun)
