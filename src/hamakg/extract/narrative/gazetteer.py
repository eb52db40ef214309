"""Who and what the names of one article are: every name of the text and the infobox, one entity each.

A name's kind is decided over the whole article: each occurrence votes by the words around it ("the village of X", "X
Brigade", "Gen. X", "near X"), and all spellings of a name vote together.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from hamakg.extract.narrative.lexicon import lexicon
from hamakg.extract.narrative.spans import NameSpan, find_names, is_kind_word
from hamakg.model import Entity, EntityKind, InfoboxFacts, Ref
from hamakg.names import cluster, core_name, is_acronym_of
from hamakg.terms import entity_id

PLACE, ACTOR, PERSON, SOURCE, EVENT = "place", "actor", "person", "source", "event"

_ACTOR_WORDS = frozenset(
    "army brigade brigades battalion battalions division regiment corps front forces force party movement legion guard guards militia militias "
    "council navy group republic government marines police command fleet squadron detachment coalition alliance union units federation "
    "islamic state hezbollah liwa jaysh jaish harakat kata'ib faylaq fatah katibat wilayat protection troops company platoon militants organization "
    "organisation ministry rifles fusiliers infantry cavalry artillery panzer empire kingdom duchy league qaeda taliban unit units committee".split()
)
_SOURCE_WORDS = frozenset(
    "news agency tv television radio fm observatory institute times post journal media network newspaper channel website human rights watch "
    "amnesty telegraph guardian reuters bbc cnn afp sohr spokesman spokesperson ministry department defence ria tass interfax intelligence "
    "investigative international directorate nations monitor tribune herald press".split()
)
_EVENT_WORDS = frozenset("offensive campaign war battle operation siege invasion attack clashes massacre conflict crisis revolution uprising treaty conference accords agreement protocol intervention fall airlift blitz front_line".split())
_TITLES = frozenset(
    "gen. general col. colonel maj. major lt. lieutenant capt. captain sgt. sergeant brig. brigadier adm. admiral commander president minister "
    "spokesman spokesperson spokeswoman governor leader emir sheikh mr. mrs. ms. dr. prime king prince marshal field-marshal field secretary chairman "
    "mayor ambassador chief head officer rear vice commodore cpl. corporal private pvt. pilot activist journalist emperor sultan caliph duke earl count lord sir "
    "director deputy pmc sen. senior".split()
)
_PLACE_PREPOSITIONS = frozenset("in at near from to toward towards inside outside around into between through across outside surrounding beyond behind along off north south east west".split())
_PLACE_VERBS = frozenset("capture recapture retake seize enter reach besiege encircle storm shell bomb liberate leave secure surround".split())
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


def build_gazetteer(docs: Sequence[Doc], infobox: InfoboxFacts, slug: str) -> Gazetteer:
    """Reads the names of all paragraphs together with the infobox's entities."""
    spans = [find_names(doc) for doc in docs]
    votes = _votes(docs, spans)
    known = _known_names(infobox)
    acronyms = _acronyms(docs, spans)
    groups = _groups(votes, known, acronyms)
    entities, roles, by_name = _entities(groups, votes, known, infobox, slug)
    mentions = [
        {index: mention for span in found for mention in [_mention(doc, span, by_name, roles)] for index in range(mention.start, mention.end)}
        for doc, found in zip(docs, spans, strict=True)
    ]
    return Gazetteer(entities, roles, mentions)


# ---------------------------------------------------------------- names and their votes


def name_of(doc: Doc, span: NameSpan) -> str:
    """The name without what is only its kind or a person's rank ("Tal Shihah hill", "Gen. X")."""
    start = span.start
    while start < span.proper_end - 1 and doc[start].text.lower() in _TITLES:
        start += 1
    return core_name(doc[start : span.end].text)[0]


def _votes(docs: Sequence[Doc], spans: Sequence[Sequence[NameSpan]]) -> dict[str, Counter[str]]:
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for doc, found in zip(docs, spans, strict=True):
        for span in found:
            votes[name_of(doc, span)].update(_ballot(doc, span))
    return votes


def _ballot(doc: Doc, span: NameSpan) -> Counter[str]:
    """What the words in and around one occurrence say of its kind."""
    votes: Counter[str] = Counter()
    words = [token.text.lower() for token in doc[span.start : span.end]]
    last, before = words[-1], _words_before(doc, span.start)
    if _names_event(doc, span):
        votes[EVENT] += 12
    if span.end > span.proper_end or is_kind_word(last) or is_kind_word(words[0]) or (len(before) > 1 and before[-1] == "of" and is_kind_word(before[-2])):
        votes[PLACE] += 6
    if last in _ACTOR_WORDS or any(word in _ACTOR_WORDS for word in words):
        votes[ACTOR] += 7
    if any(word in _SOURCE_WORDS for word in words):
        votes[SOURCE] += 9
    if words[0] in _TITLES or (before and before[-1] in _TITLES):
        votes[PERSON] += 8
    votes.update(_grammar(doc, span, before))
    label = next((doc[i].ent_type_ for i in range(span.start, span.end) if doc[i].ent_type_), "")
    if label in _NER:
        votes[_NER[label]] += 2
    return votes


def _grammar(doc: Doc, span: NameSpan, before: Sequence[str]) -> Counter[str]:
    votes: Counter[str] = Counter()
    head = doc[span.start : span.proper_end].root
    if before and before[-1] in _PLACE_PREPOSITIONS:
        votes[PLACE] += 3
    if head.dep_ in {"dobj", "nsubjpass"} and head.head.lemma_.lower() in _PLACE_VERBS:
        votes[PLACE] += 2
    if head.dep_ == "nsubj" and head.head.lemma_.lower() in lexicon().verbs:
        votes[ACTOR] += 1
    if head.dep_ == "nsubj" and head.head.lemma_.lower() in lexicon().stance_verbs:
        votes[SOURCE] += 2
    if span.end < len(doc) and doc[span.end].lemma_.lower() in lexicon().parties["fighters"]:
        votes[ACTOR] += 4
    if span.end + 1 < len(doc) and doc[span.end].text == "-" and doc[span.end + 1].text in {"led", "backed", "held", "affiliated", "controlled"}:
        votes[ACTOR] += 4
    return votes


def _words_before(doc: Doc, index: int) -> list[str]:
    words = [token.text.lower() for token in doc[max(0, index - 4) : index]]
    return words[:-1] if words and words[-1] in {"the", "a"} else words


def _names_event(doc: Doc, span: NameSpan) -> bool:
    """ "Battle of X", "the 2016 X offensive", "Syrian Civil War": the name of an event, not of a place."""
    words = [token.text.lower() for token in doc[span.start : span.proper_end]]
    if words[0] in _EVENT_WORDS and len(words) > 1 or words[-1] in _EVENT_WORDS:
        return True
    following = doc[span.proper_end].text.lower() if span.proper_end < len(doc) else ""
    year = span.start > 0 and doc[span.start - 1].text.isdigit() and len(doc[span.start - 1]) == 4
    return year and following in _EVENT_WORDS


def _acronyms(docs: Sequence[Doc], spans: Sequence[Sequence[NameSpan]]) -> dict[str, str]:
    """{acronym: full name} where the text itself gives it in brackets: "Full Name (FN)"."""
    found: dict[str, str] = {}
    for doc, names in zip(docs, spans, strict=True):
        for full, short in zip(names, names[1:], strict=False):
            bracketed = short.start == full.end + 1 and doc[full.end].text == "("
            if bracketed and short.text.isupper() and is_acronym_of(short.text, full.text):
                found[short.text] = name_of(doc, full)
    return found


# ---------------------------------------------------------------- from names to entities


def _known_names(infobox: InfoboxFacts) -> dict[str, Ref]:
    names: dict[str, Ref] = {}
    for entity in infobox.entities:
        for name in (entity.name, *entity.names):
            names.setdefault(name, entity.id)
    return names


def _groups(votes: Mapping[str, Counter[str]], known: Mapping[str, Ref], acronyms: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Names that are one thing: spellings, acronyms, and the infobox's names; only names of one kind are compared."""
    by_role: dict[str, set[str]] = defaultdict(set)
    for name, ballot in votes.items():
        by_role[_winner(ballot)].add(name)
    by_role[ACTOR] |= set(known)
    by_role[ACTOR] |= by_role.pop(SOURCE, set())
    groups = [group for role in sorted(by_role) for group in cluster(sorted(by_role[role]))]
    return _join_acronyms(groups, acronyms)


def _join_acronyms(groups: Iterable[tuple[str, ...]], stated: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Puts each acronym with the one name that it shortens, where exactly one does."""
    merged = [list(group) for group in groups]
    for group in [g for g in merged if len(g) == 1 and g[0].isupper() and 2 <= len(g[0]) <= 7]:
        full = stated.get(group[0])
        owners = [other for other in merged if other is not group and (full in other if full else any(is_acronym_of(group[0], n) for n in other if " " in n or "-" in n))]
        if len(owners) == 1:
            owners[0].extend(group)
            merged.remove(group)
    return [tuple(sorted(group)) for group in merged]


def _winner(ballot: Counter[str]) -> str:
    if not ballot:
        return ACTOR
    return max(sorted(ballot), key=lambda role: ballot[role])


def _entities(
    groups: Iterable[tuple[str, ...]], votes: Mapping[str, Counter[str]], known: Mapping[str, Ref], infobox: InfoboxFacts, slug: str
) -> tuple[dict[Ref, Entity], dict[Ref, str], dict[str, Ref]]:
    entities = {entity.id: entity for entity in infobox.entities}
    roles = {entity.id: _role_of(entity.kind) for entity in infobox.entities}
    by_name: dict[str, Ref] = dict(known)
    for group in groups:
        ref = next((known[name] for name in group if name in known), None)
        ballot = sum((votes[name] for name in group if name in votes), Counter())
        if ref is None:
            role = _winner(ballot)
            if role == EVENT or not ballot:
                continue
            entity = _new_entity(group, votes, role, slug)
            ref = entity.id
            entities[ref], roles[ref] = entities.get(ref, entity), role
        else:
            entities[ref] = replace(entities[ref], names=tuple(sorted({*entities[ref].names, *group} - {entities[ref].name})))
        by_name |= dict.fromkeys(group, ref)
    return entities, roles, by_name


def _new_entity(group: tuple[str, ...], votes: Mapping[str, Counter[str]], role: str, slug: str) -> Entity:
    name = max(group, key=lambda n: (not n.isupper(), sum(votes[n].values()), len(n), n))
    kind = {PLACE: EntityKind.PLACE, PERSON: EntityKind.PERSON, SOURCE: EntityKind.SOURCE}.get(role, EntityKind.ACTOR)
    ref = entity_id(kind, name, slug if kind is EntityKind.PERSON else None)
    return Entity(ref, name, kind, names=tuple(sorted(set(group) - {name})))


def _role_of(kind: EntityKind) -> str:
    return {EntityKind.PLACE: PLACE, EntityKind.PERSON: PERSON, EntityKind.SOURCE: SOURCE}.get(kind, ACTOR)


def _mention(doc: Doc, span: NameSpan, by_name: Mapping[str, Ref], roles: Mapping[Ref, str]) -> Mention:
    ref = by_name.get(name_of(doc, span))
    if ref is None or _names_event(doc, span):
        return Mention(span.start, span.end, None, EVENT)
    return Mention(span.start, span.end, ref, roles[ref])
