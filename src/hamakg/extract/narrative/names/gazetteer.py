"""Who and what the names of one article are: every name of the text and the infobox, one entity each.

A name's kind is decided over the whole article: each occurrence votes by the words around it ("the village of X", "X
Brigade", "Gen. X", "near X"), and all spellings of a name vote together.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from spacy.tokens import Doc, Token

from hamakg.extract.narrative.names.spans import NameSpan, find_names, is_kind_word
from hamakg.extract.narrative.parse.lexicon import lexicon
from hamakg.model import Entity, EntityKind, InfoboxFacts, Link, Ref
from hamakg.naming.place_kinds import generics, kind_words
from hamakg.naming.spellings import cluster_names, is_acronym_of, split_kind
from hamakg.naming.wikilinks import find_linked_pages
from hamakg.rdf.ids import entity_id

PLACE, ACTOR, PERSON, SOURCE, EVENT = "place", "actor", "person", "source", "event"


# "the X area" does not say what X is.
_NO_KIND = frozenset({"area", "countryside", "front"})
_PERSON_EVIDENCE = 5
_PLACE_EVIDENCE = 6
_NER = {"GPE": PLACE, "LOC": PLACE, "FAC": PLACE, "ORG": ACTOR, "NORP": ACTOR, "PERSON": PERSON, "EVENT": EVENT}


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in one paragraph, and the entity it names (None where it names an event or nothing of ours)."""

    start: int
    end: int
    ref: Ref | None
    role: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The entities of the article by id, their coarse roles, and the mentions of each paragraph by token."""

    entities: Mapping[Ref, Entity]
    roles: Mapping[Ref, str]
    mentions: Sequence[Mapping[int, Mention]]

    def named(self, *names: str) -> Ref | None:
        """The entity that carries one of these very names."""
        wanted = {name.lower() for name in names}
        for ref, entity in self.entities.items():
            if wanted & {name.lower() for name in (entity.name, *entity.names)}:
                return ref
        return None


def build_gazetteer(
    docs: Sequence[Doc], texts: Sequence[str], infobox: InfoboxFacts, slug: str, links: Iterable[Link] = ()
) -> Gazetteer:
    """Reads the names of all paragraphs (``texts``: letter for letter) together with the infobox's entities.

    Names whose ``links`` lead to one page name one thing.
    """
    known = _known_names(infobox)
    spans = [find_names(doc, known) for doc in docs]
    named = [[span for span in found if not _names_no_thing(doc, span)] for doc, found in zip(docs, spans, strict=True)]
    votes, kinds = _votes(docs, named), _kinds(docs, named)
    groups = _groups(votes, known, _acronyms(texts), find_linked_pages(links))
    entities, roles, by_name = _entities(groups, votes, kinds, known, infobox, slug)
    mentions = []
    for doc, found in zip(docs, spans, strict=True):
        read = [_mention(doc, span, by_name, roles) for span in found]
        found_at = {index: mention for mention in read for index in range(mention.start, mention.end)}
        mentions.append({**_short_mentions(doc, known, roles, found_at), **found_at})
    return Gazetteer(entities, roles, mentions)


def _short_mentions(
    doc: Doc, known: Mapping[str, Ref], roles: Mapping[Ref, str], found: Mapping[int, Mention]
) -> dict[int, Mention]:
    """ "the Front": the one party of the infobox whose name ends in that word; armies are told by their sides."""
    short: dict[int, Mention] = {}
    for token in doc:
        word = token.text
        candidate = word[0].isupper() and token.lower_ in lexicon().names["actor"] and token.lower_ not in _ARMIES
        if not candidate or token.i in found or token.i == 0 or token.nbor(-1).lower_ not in {"the", "'s"}:
            continue
        owners = {ref for name, ref in known.items() if name.endswith(f" {word}") and roles[ref] == ACTOR}
        if len(owners) == 1:
            short[token.i] = Mention(token.i, token.i + 1, owners.pop(), ACTOR)
    return short


_ARMIES = frozenset({"army", "forces", "force", "government", "state", "troops", "republic"})


# ---------------------------------------------------------------- names and their votes


def name_of(doc: Doc, span: NameSpan) -> str:
    """The name without what is only its kind or a person's rank ("Tal Shihah hill", "Gen. X")."""
    start = span.start
    while start < span.proper_end - 1 and (doc[start].lower_ in lexicon().names["titles"] or doc[start].text == "-"):
        start += 1
    return split_kind(doc[start : span.end].text)[0]


def _votes(docs: Sequence[Doc], spans: Sequence[Sequence[NameSpan]]) -> dict[str, Counter[str]]:
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for doc, found in zip(docs, spans, strict=True):
        for span in found:
            votes[name_of(doc, span)].update(_ballot(doc, span))
    return votes


def _kinds(docs: Sequence[Doc], spans: Sequence[Sequence[NameSpan]]) -> dict[str, Counter[str]]:
    """How often each name is called a village, a hill …"""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for doc, found in zip(docs, spans, strict=True):
        for span in found:
            before = _words_before(doc, span.start)
            words = [before[-2]] if len(before) > 1 and before[-1] == "of" else []
            first = doc[span.start].text.lower()
            for word in [*words, doc[span.end - 1].text.lower(), first]:
                if is_kind_word(word) and kind_words()[word].kind.label not in _NO_KIND:
                    kinds[name_of(doc, span)][kind_words()[word].kind.label] += 1
            if first in generics():
                kinds[name_of(doc, span)][generics()[first].label] += 1
    return kinds


def _ballot(doc: Doc, span: NameSpan) -> Counter[str]:
    """What the words in and around one occurrence say of its kind."""
    votes: Counter[str] = Counter()
    words = [token.text.lower() for token in doc[span.start : span.end]]
    last, before = words[-1], _words_before(doc, span.start)
    if span.end > span.proper_end or words[0] in lexicon().names["quarters"]:
        votes[PLACE] += 8
    elif (
        is_kind_word(last)
        or is_kind_word(words[0])
        or (len(before) > 1 and before[-1] == "of" and is_kind_word(before[-2]))
    ):
        votes[PLACE] += 6
    if any(token.lower_ in lexicon().names["actor"] for token in doc[span.start : span.proper_end]):
        votes[ACTOR] += 7
    if any(word in lexicon().names["source"] for word in words):
        votes[SOURCE] += 9
    if (
        any(word in lexicon().names["titles"] for word in words[:2])
        or (before and before[-1] in lexicon().names["titles"])
        or _is_called_by_title(doc, span)
    ):
        votes[PERSON] += 8
    if _UNIT_NUMBER.fullmatch(doc[span.start].text) or words[-1] in lexicon().names["actor"]:
        votes[ACTOR] += 7
    if words[0] in lexicon().names["ship_prefixes"] or (before and before[-1] in lexicon().names["ships"]):
        votes[ACTOR] += 9
    if doc[span.proper_end - 1].tag_ == "NNPS" and span.end == span.proper_end and not is_kind_word(last):
        votes[ACTOR] += 3
    if _leads_men(doc, span):
        votes[PERSON] += 6
    votes.update(_grammar(doc, span, before))
    label = next((doc[i].ent_type_ for i in range(span.start, span.end) if doc[i].ent_type_), "")
    if label in _NER:
        votes[_NER[label]] += 1
    return votes


_UNIT_NUMBER = re.compile(r"(\d+/)?\d+(st|nd|rd|th)|[IVXL]{2,}")


def _leads_men(doc: Doc, span: NameSpan) -> bool:
    """ "commanded by X", "under X", "X's men": a person by what is done under the name."""
    before = [t.lower_ for t in doc[max(0, span.start - 2) : span.start]]
    if before[-1:] == ["by"] and before[:1] in (["led"], ["commanded"], ["succeeded"], ["headed"]):
        return bool(doc[span.proper_end - 1].ent_type_ == "PERSON")
    owned = doc[span.end : span.end + 3]
    return (
        len(owned) > 1 and owned[0].text in {"'s", "'"} and any(t.lower_ in lexicon().names["led"] for t in owned[1:])
    )


def _is_called_by_title(doc: Doc, span: NameSpan) -> bool:
    """ "X, the governor of Y": a title stands in apposition."""
    if span.end + 1 >= len(doc) or doc[span.end].text != ",":
        return False
    return any(
        t.lower_ in lexicon().names["titles"] and t.dep_ in {"appos", "conj", "attr"}
        for t in doc[span.end + 1 : span.end + 5]
    )


def _grammar(doc: Doc, span: NameSpan, before: Sequence[str]) -> Counter[str]:
    votes: Counter[str] = Counter()
    head = doc[span.start : span.proper_end].root
    if before and before[-1] in lexicon().names["place_prepositions"]:
        votes[PLACE] += 3
    if _is_taken(head) or _is_attacked(head) or _is_measured(head):
        votes[PLACE] += 3
    elif head.dep_ in {"dobj", "nsubjpass"} and head.head.lemma_.lower() in lexicon().names["attacking_verbs"]:
        votes[PLACE] += 1
    if _is_of_kind(head):
        votes[PLACE] += 6
    if before[-2:] == ["according", "to"]:
        votes[SOURCE] += 9
    if _is_killed(head):
        votes[PERSON] += 6
    if head.dep_ == "appos" and head.head.lower_ in lexicon().names["titles"]:
        votes[PERSON] += 8
    if head.dep_ == "nsubj" and head.head.lemma_.lower() in lexicon().verbs:
        votes[ACTOR] += 1
    if head.dep_ == "nsubj" and head.head.lemma_.lower() in lexicon().stance_verbs:
        votes[SOURCE] += 2
    if span.end < len(doc) and doc[span.end].lemma_.lower() in lexicon().parties["fighters"]:
        votes[ACTOR] += 4
    if (
        span.end + 1 < len(doc)
        and doc[span.end].text == "-"
        and doc[span.end + 1].text in {"led", "backed", "held", "affiliated", "controlled"}
    ):
        votes[ACTOR] += 4
    return votes


def _words_before(doc: Doc, index: int) -> list[str]:
    words = [token.text.lower() for token in doc[max(0, index - 4) : index]]
    return words[:-1] if words and words[-1] in {"the", "a"} else words


def _is_taken(head: Token) -> bool:
    """Whether the name is what a verb takes, enters or shells."""
    head = _first_conjunct(head)
    if any(
        c.dep_ == "conj" and c.lemma_ in {"execute", "kill", "arrest", "detain", "torture"} for c in head.head.children
    ):
        return False
    return head.dep_ in {"dobj", "nsubjpass"} and head.head.lemma_.lower() in lexicon().names["place_verbs"]


def _is_killed(head: Token) -> bool:
    """Whether the name is whom a verb kills, wounds or arrests."""
    return head.dep_ in {"dobj", "nsubjpass"} and head.head.lemma_ in lexicon().names["person_verbs"]


def _first_conjunct(head: Token) -> Token:
    while head.dep_ == "conj":
        head = head.head
    return head


def _is_attacked(head: Token) -> bool:
    """ "near X and Y", "an attack on X", "the road between X and Y": where the first of them stands, all do."""
    first = _first_conjunct(head)
    if first.dep_ != "pobj":
        return False
    word, anchor = first.head.lower_, first.head.head.lemma_.lower()
    return (word in lexicon().names["place_prepositions"] and first != head) or (
        word in {"on", "against"} and anchor in lexicon().names["attacks"]
    )


def _is_measured(head: Token) -> bool:
    """ "parts of X", "control of X", "7 kilometers of X", "south of X"."""
    first = _first_conjunct(head)
    measured = first.dep_ == "pobj" and first.head.lower_ in {"of", "from"}
    return measured and first.head.head.lower_ in lexicon().names["measures"]


def _is_of_kind(head: Token) -> bool:
    """ "the villages of X and Y"."""
    first = _first_conjunct(head)
    return first.dep_ == "pobj" and first.head.lower_ == "of" and first.head.head.lower_ in kind_words()


def _names_no_thing(doc: Doc, span: NameSpan) -> bool:
    """Names of events, code names and weapons name none of our entities."""
    return _names_event(doc, span) or _is_codename(doc, span) or _is_weapon(doc, span)


def _names_event(doc: Doc, span: NameSpan) -> bool:
    """ "Battle of X", "the 2016 X offensive", "Syrian Civil War": the name of an event, not of a place."""
    words = [token.text.lower() for token in doc[span.start : span.proper_end]]
    if set(words) & lexicon().names["source"]:
        return False
    if (words[0] in lexicon().names["event"] and len(words) > 1) or words[-1] in lexicon().names["event"]:
        return True
    following = doc[span.proper_end].text.lower() if span.proper_end < len(doc) else ""
    year = span.start > 0 and doc[span.start - 1].text.isdigit() and len(doc[span.start - 1]) == 4
    return year and following in lexicon().names["event"]


def _is_codename(doc: Doc, span: NameSpan) -> bool:
    """Words after "code-named", in quotes or not, to the end of the phrase."""
    for index in range(span.start - 1, max(span.start - 9, doc[span.start].sent.start - 1), -1):
        if doc[index].lower_ in lexicon().names["naming"]:
            return True
        if doc[index].pos_ in {"VERB", "AUX"}:
            return False
    return False


def _is_weapon(doc: Doc, span: NameSpan) -> bool:
    name = doc[span.start : span.proper_end].text
    if _DESIGNATION.search(name) and not is_kind_word(doc[span.end - 1].text):
        return True
    if (
        doc[span.start].text in lexicon().states
        or name in lexicon().abbreviations
        or {t.lower_ for t in doc[span.start : span.end]} & lexicon().names["actor"]
    ):
        return False
    following = [t.lemma_.lower() for t in doc[span.end : span.end + 3] if t.dep_ != "prep"]
    heads = {doc[span.proper_end - 1].head.lemma_.lower()} & set(following)
    return bool(heads & lexicon().names["weapon_heads"])


# A weapon's designation: "Kh-22", "BGM-71 TOW", "MiG-23"; a road's ("M-5 highway") has its kind behind it.
_DESIGNATION = re.compile(r"\b(?!No)[A-Z][A-Za-z]{0,4}-\d{1,4}[A-Za-z]{0,3}\b")

_BRACKETED = re.compile(r"((?:[\w'’.-]+ ){1,8})\(([A-Z][A-Za-z&-]{1,7})\)")


def _acronyms(texts: Iterable[str]) -> dict[str, str]:
    """{short form: full name} where the text itself gives it in brackets: "Full Name (FN)"."""
    found: dict[str, str] = {}
    for text in texts:
        for words, short in _BRACKETED.findall(text):
            parts = words.split()
            full = next(
                (" ".join(parts[i:]) for i in range(len(parts)) if _abbreviates(short, " ".join(parts[i:]))), None
            )
            if full:
                found.setdefault(short, full)
    return found


def _abbreviates(short: str, full: str) -> bool:
    return full[0].isupper() and (is_acronym_of(short, full) or full in lexicon().abbreviations.get(short, ()))


# ---------------------------------------------------------------- from names to entities


def _known_names(infobox: InfoboxFacts) -> dict[str, Ref]:
    names: dict[str, Ref] = {}
    for entity in infobox.entities:
        for name in (entity.name, *entity.names):
            names.setdefault(name, entity.id)
    return names


def _groups(
    votes: Mapping[str, Counter[str]],
    known: Mapping[str, Ref],
    acronyms: Mapping[str, str],
    pages: Mapping[str, str],
) -> list[tuple[str, ...]]:
    """Names that are one thing: spellings, shorter forms and acronyms, of the text and the infobox."""
    groups = [list(group) for group in cluster_names(sorted({*votes, *known}))]
    _join_linked(groups, known, pages)
    _join_short_forms(groups, votes, known)
    _join_acronyms(groups, acronyms)
    return [tuple(sorted(group)) for group in groups]


def _join_linked(groups: list[list[str]], known: Mapping[str, Ref], pages: Mapping[str, str]) -> None:
    """Puts together names that lead to one page and have the same numbers: one page tells of many battalions."""
    owners: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for group in list(groups):
        found = {pages[name] for name in group if name in pages}
        if len(found) != 1:
            continue
        key = (found.pop(), tuple(sorted(_DIGITS.findall(" ".join(group[:1])))))
        owner = owners.setdefault(key, group)
        if owner is not group and len({known[name] for name in (*owner, *group) if name in known}) < 2:
            owner.extend(group)
            groups.remove(group)


_DIGITS = re.compile(r"\d+|\b[IVX]{1,5}\b")


def _join_acronyms(groups: list[list[str]], stated: Mapping[str, str]) -> None:
    """Puts each acronym with the one name that it shortens: as the text says, as is well known, or by its letters."""
    for group in [g for g in groups if len(g) == 1 and g[0].isupper() and 2 <= len(g[0]) <= 7]:
        short = group[0]
        full = {stated[short]} if short in stated else set()
        full |= set(lexicon().abbreviations.get(short, ()))
        owners = [other for other in groups if other is not group and full & set(other)]
        if not owners and len(short) > 2:
            owners = [
                other for other in groups if other is not group and any(is_acronym_of(short, name) for name in other)
            ]
        if len(owners) == 1:
            owners[0].extend(group)
            groups.remove(group)


def _join_short_forms(groups: list[list[str]], votes: Mapping[str, Counter[str]], known: Mapping[str, Ref]) -> None:
    """Puts "Tahrir al-Sham" with "Hay'at Tahrir al-Sham", a surname with its person, where only one name fits."""
    for group in sorted(groups, key=lambda g: max(map(len, g))):
        if any(votes[name][PLACE] >= _PLACE_EVIDENCE for name in group if name in votes) or group not in groups:
            continue
        ids = {known[name] for name in group if name in known}
        owners = [
            other
            for other in groups
            if other is not group and any(_shortens(short, full) for short in group for full in other)
        ]
        owners = [other for other in owners if not ids or not {known[name] for name in other if name in known} - ids]
        if len(owners) == 1:
            owners[0].extend(group)
            groups.remove(group)


def _shortens(short: str, full: str) -> bool:
    """Whether ``short`` is the beginning or the end of ``full``, by whole words.

    A name that begins with a state's adjective is whole: the Syrian Army is no short form of the Free Syrian Army.
    """
    few, many = _words_of(short), _words_of(full)
    if few == tuple(word for word in many if word != "arab"):
        return True
    if (
        not few
        or len(few) >= len(many)
        or short.split()[0] in lexicon().states
        or set(few) <= lexicon().names["generic"]
        or len(short) < 4
    ):
        return False
    if (len(few) == 1 and is_kind_word(many[-1])) or many[0] in lexicon().names["event"]:
        return False
    return many[-len(few) :] == few or (
        many[: len(few)] == few and many[len(few)] in {"in", "front", "group", "party", "movement", "of"}
    )


@lru_cache(maxsize=4096)
def _words_of(name: str) -> tuple[str, ...]:
    return tuple(name.lower().split())


def _winner(ballot: Counter[str]) -> str:
    """The kind with most votes; a person needs a title among them, since models take foreign places for people."""
    counted = ballot.copy()
    if counted[PERSON] < _PERSON_EVIDENCE * max(1, counted.total() // 40):
        counted[PLACE] += counted.pop(PERSON, 0)
    best = max(sorted(counted, reverse=True), key=lambda role: (counted[role], role == PLACE), default=ACTOR)
    return best if counted[best] > 0 else ACTOR


def _entities(
    groups: Iterable[tuple[str, ...]],
    votes: Mapping[str, Counter[str]],
    kinds: Mapping[str, Counter[str]],
    known: Mapping[str, Ref],
    infobox: InfoboxFacts,
    slug: str,
) -> tuple[dict[Ref, Entity], dict[Ref, str], dict[str, Ref]]:
    entities = {entity.id: entity for entity in infobox.entities}
    roles = {entity.id: _role_of(entity.kind) for entity in infobox.entities}
    by_name: dict[str, Ref] = dict(known)
    for group in groups:
        ref = next((known[name] for name in group if name in known), None)
        ballot = sum((votes[name] for name in group if name in votes), Counter())
        if ref is None:
            role = _winner(ballot)
            entity = replace(
                _new_entity(group, votes, role, slug), kind_word=_kind_word(group, kinds) if role == PLACE else None
            )
            ref = entity.id
            entities[ref], roles[ref] = entities.get(ref, entity), role
        else:
            entities[ref] = replace(
                entities[ref], names=tuple(sorted({*entities[ref].names, *group} - {entities[ref].name}))
            )
        by_name |= dict.fromkeys(group, ref)
    return entities, roles, by_name


def _new_entity(group: tuple[str, ...], votes: Mapping[str, Counter[str]], role: str, slug: str) -> Entity:
    name = max(group, key=lambda n: (not n.isupper(), sum(votes[n].values()), len(n), n))
    kind = {PLACE: EntityKind.PLACE, PERSON: EntityKind.PERSON, SOURCE: EntityKind.SOURCE}.get(role, EntityKind.ACTOR)
    ref = entity_id(kind, name, slug if kind is EntityKind.PERSON else None)
    return Entity(ref, name, kind, names=tuple(sorted(set(group) - {name})))


def _kind_word(group: Iterable[str], kinds: Mapping[str, Counter[str]]) -> str | None:
    counted = sum((kinds[name] for name in group if name in kinds), Counter())
    return max(sorted(counted), key=lambda word: counted[word]) if counted else None


def _role_of(kind: EntityKind) -> str:
    return {EntityKind.PLACE: PLACE, EntityKind.PERSON: PERSON, EntityKind.SOURCE: SOURCE}.get(kind, ACTOR)


def _mention(doc: Doc, span: NameSpan, by_name: Mapping[str, Ref], roles: Mapping[Ref, str]) -> Mention:
    ref = by_name.get(name_of(doc, span))
    if ref is None or _names_no_thing(doc, span):
        return Mention(span.start, span.end, None, EVENT)
    return Mention(span.start, span.end, ref, roles[ref])
