"""The words of a sentence that tell an event: a verb ("stormed"), a noun with its verb ("launched an attack")."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from hamakg.extract.narrative.gazetteer import EVENT, PERSON, PLACE, Mention
from hamakg.extract.narrative.lexicon import NounRule, VerbRule, lexicon
from hamakg.model import EventType
from hamakg.place_kinds import kind_words


@dataclass(frozen=True, slots=True)
class Trigger:
    """A token that tells an event of a type; ``light`` is the verb that carries an event noun.

    ``rule`` names the lexicon row, ``subject`` and ``object`` the roles that it gives, ``recapture`` whether the word
    says so.
    """

    token: Token
    type: EventType
    rule: str
    subject: str = "agent"
    object: str = "either"
    light: Token | None = None
    recapture: bool = False

    @property
    def verb(self) -> Token | None:
        """The verb that subject and adverbs hang on, if there is one."""
        return self.light or (self.token if self.token.pos_ in {"VERB", "AUX"} else None)


def find_triggers(sentence: Span, mentions: Mapping[int, Mention]) -> list[Trigger]:
    """The triggers of a sentence in their order; one for each telling word."""
    found, used = [], set()
    for token in sentence:
        for trigger in _noun_triggers(token, mentions):
            found.append(trigger)
            used |= {trigger.token.i} | ({trigger.light.i} if trigger.light is not None else set())
    for token in sentence:
        if token.i not in used:
            found += _verb_triggers(token, mentions)
    carried = _with_carriers(_with_bombers(_without_alternatives(_joined_to_nouns(found))))
    return sorted(carried, key=lambda t: t.token.i)


def _without_alternatives(triggers: list[Trigger]) -> list[Trigger]:
    """ "destroyed or damaged" is one event."""
    return [
        t
        for t in triggers
        if not any(o.type is t.type and o.token.i < t.token.i and _is_alternative(o.token, t.token) for o in triggers)
    ]


def _is_alternative(first: Token, second: Token) -> bool:
    return second.dep_ == "conj" and second.head == first and any(c.lower_ == "or" for c in first.children)


def _with_carriers(triggers: list[Trigger]) -> list[Trigger]:
    """An event noun "with" or "in" which a verb happens, that tells none itself, is that verb's subject's doing."""
    verbs = {t.token.i for t in triggers} | {t.light.i for t in triggers if t.light is not None}
    carried = []
    for trigger in triggers:
        prep = trigger.token.head
        loose = (
            trigger.light is None
            and trigger.rule.startswith("noun")
            and trigger.token.dep_ == "pobj"
            and prep.lower_ in {"with", "in"}
        )
        if (
            loose
            and trigger.type in {EventType.ADVANCE, EventType.ASSAULT}
            and prep.head.pos_ == "VERB"
            and prep.head.i not in verbs
        ):
            trigger = replace(trigger, light=prep.head)
        carried.append(trigger)
    return carried


def _joined_to_nouns(triggers: list[Trigger]) -> list[Trigger]:
    """ "airstrikes started hitting X" is one event: the verb carries the noun that is its subject."""
    nouns = {t.token.i: t for t in triggers if t.rule.startswith("noun")}
    carried: dict[int, Trigger] = {}
    for verb in [t for t in triggers if t.rule.startswith("verb")]:
        owner = next((nouns[s.i] for s in _subjects(verb.token) if s.i in nouns), None)
        if owner is not None and owner.type is verb.type:
            carried[verb.token.i] = owner
    moved = {owner.token.i: verb for verb, owner in carried.items()}
    kept = [t for t in triggers if t.token.i not in carried]
    return [replace(t, light=t.token.doc[moved[t.token.i]]) if t.token.i in moved else t for t in kept]


def _with_bombers(triggers: list[Trigger]) -> list[Trigger]:
    """An attack by suicide bombers is a bombing, and the word for the bombers no second one."""
    by = {
        t.token: t
        for t in triggers
        if t.type is EventType.BOMBING and t.light is None and t.rule.endswith(("bomber", "bomb"))
    }
    attacks = {
        a.token: bomber for a in triggers if a.type is EventType.ASSAULT for bomber in by if _done_by(a.token, bomber)
    }
    kept = [t for t in triggers if t.token not in attacks.values()]
    return [replace(t, type=EventType.BOMBING) if t.token in attacks else t for t in kept]


def _done_by(attack: Token, bomber: Token) -> bool:
    return bomber in _subjects(attack) or any(
        bomber in agent.children for agent in attack.children if agent.lower_ == "by"
    )


# ---------------------------------------------------------------- verbs


def _verb_triggers(token: Token, mentions: Mapping[int, Mention]) -> Iterator[Trigger]:
    if (token.pos_ not in {"VERB", "AUX"} and token.tag_ not in {"VBN", "VBD", "VBG"}) or _in_name(token, mentions):
        return
    if token.dep_ in {"amod", "compound"} or (token.dep_ == "acl" and token.head.lower_ == "those"):
        return
    for key in _verb_keys(token):
        if key in lexicon().grammar["no_event"]:
            return
        for rule in lexicon().verbs.get(key, ()):
            if _holds(rule, token, key, mentions):
                yield Trigger(token, rule.type, f"verb {key}", rule.subject, rule.object, recapture=rule.recapture)
                return


# Pasts that lemmatizers do not know.
_IRREGULAR = {
    "retook": "retake",
    "retaken": "retake",
    "overran": "overrun",
    "befell": "befall",
    "blew": "blow",
    "beset": "beset",
}


def verb_lemma(token: Token) -> str:
    """The verb's lemma, "re-" joined to it."""
    lemma = _IRREGULAR.get(token.lower_, token.lemma_.lower())
    if "-" in lemma and lemma not in lexicon().verbs:
        lemma = re.sub(r"(ed|ing|s)$", "", lemma)
    return lemma.replace("re-", "re")


def _verb_keys(token: Token) -> list[str]:
    """The lemma with its object noun ("take control") or particle ("push back"), then alone."""
    lemma = verb_lemma(token)
    particles = [
        c.lower_
        for c in token.children
        if c.i > token.i
        and c.i - token.i < 5
        and (c.dep_ == "prt" or (c.lower_ in _PARTICLES[c.dep_] if c.dep_ in _PARTICLES else False))
    ]
    objects = [c.lemma_.lower() for c in token.children if c.dep_ in {"dobj", "oprd", "attr", "acomp"}]
    return [f"{lemma} {word}" for word in (*objects, *particles)] + [lemma]


_UNITS = frozenset({"kilometer", "kilometre", "km", "mile", "meter", "metre"})
# What joins a verb as its particle, by how it hangs on it.
_PARTICLES = {
    "advmod": frozenset({"back", "out", "off", "over", "up", "through", "in", "forward", "down", "away", "ashore"}),
    "prep": frozenset({"into", "through", "back", "out", "off", "on", "upon", "at"}),
}


def _holds(rule: VerbRule, token: Token, key: str, mentions: Mapping[int, Mention]) -> bool:
    """Whether a reading's condition on its object or subject is met."""
    if rule.needs is None:
        return True
    subject, direct = _subjects(token), _objects(token)
    patients = direct or (subject if is_passive(token) else [])
    words = lexicon().parties
    lemmas = {t.lemma_.lower() for t in patients}
    match rule.needs:
        case "place":
            return any(_is_place(t, mentions) for t in patients)
        case "place or line":
            named = any(
                _is_place(t, mentions) or t.lemma_.lower() in words["lines"] or t.i in mentions for t in patients
            )
            return named or not patients
        case "place, not of things":
            return any(_is_place(t, mentions) for t in patients) and not any(
                c.dep_ == "prep" and c.lower_ == "of" for t in [token, *patients] for c in t.children
            )
        case "place, not relative":
            return token.dep_ != "relcl" and any(_is_place(t, mentions) for t in patients)
        case "subject place":
            return any(_is_place(t, mentions) for t in subject) and not any(
                c.lower_ in {"back", "short"} for c in token.children
            )
        case "party":
            return any(
                not _is_place(t, mentions)
                and (
                    t.lemma_.lower() in words["group"]
                    or t.lower_ in words["rebel"]
                    or t.text in lexicon().states
                    or (t.i in mentions and mentions[t.i].role not in {PLACE, EVENT})
                    or t.pos_ == "PRON"
                    or t.lemma_.lower() in words["civilians"]
                )
                for t in patients
            )
        case "fighters":
            return any(_is_fighting(t, mentions) for t in subject) and not (
                verb_lemma(token) in {"flee", "evacuate"} and all(t.text in lexicon().states for t in subject)
            )
        case "place left":
            held = any((m := mentions.get(t.i)) is not None and m.role == PLACE for t in direct)
            return held and any(_is_fighting(t, mentions) for t in subject)
        case "against attack":
            return any(c.lower_ == "against" for c in token.children)
        case "civilians":
            people = [*patients, *subject]
            return any(t.lemma_.lower() in words["civilians"] or t.text in lexicon().states for t in people)
        case "within":
            return any(
                c.lower_ in {"within", "to"}
                and any(k.lemma_.lower() in _UNITS or k.lower_ == "within" for k in c.subtree)
                for c in token.children
                if c.dep_ in {"prep", "dative"}
            )
        case "chemical":
            return any(t.lemma_.lower() in words["chemical"] for t in token.subtree)
        case "weapon against":
            return bool(lemmas & (words["weapon"] | words["equipment"])) and any(
                c.lower_ in {"against", "on", "at", "toward", "towards"} for t in [token, *patients] for c in t.children
            )
        case "attack":
            return any(
                t.lemma_.lower() in words["attacks"]
                or (t.i in mentions and mentions[t.i].role not in {PLACE, EVENT, PERSON})
                or _counter(t)
                for t in patients
            )
        case "no object":
            return (
                not is_passive(token) and not direct and not any(c.dep_ in {"xcomp", "ccomp"} for c in token.children)
            )
        case "road":
            below = [
                *patients,
                *(t for c in token.children if c.dep_ == "prep" and c.lower_ in {"of", "off"} for t in c.subtree),
            ]
            return any(t.lemma_.lower() in words["roads"] or _mentions_road(t, mentions) for t in below)
        case "siege":
            return bool(lemmas & words["sieges"])
        case "ground":
            return bool(lemmas & words["ground"])
        case "reinforcements":
            return bool(lemmas & words["reinforcements"])
        case "weapon":
            return bool(lemmas & (words["weapon"] | words["equipment"]))
        case "aircraft":
            return any(
                t.lemma_.lower() in words["aircraft"] or t.lemma_.lower() in lexicon().nouns
                for t in [*subject, *patients]
            )
        case _:
            return bool(lemmas & words["equipment"])


def _counter(token: Token) -> bool:
    return token.lemma_.lower() in lexicon().parties["attacks"]


def _mentions_road(token: Token, mentions: Mapping[int, Mention]) -> bool:
    mention = mentions.get(token.i)
    return mention is not None and token.doc[mention.end - 1].lemma_.lower() in lexicon().parties["roads"]


def _is_fighting(token: Token, mentions: Mapping[int, Mention]) -> bool:
    words = lexicon().parties
    named = token.i in mentions and mentions[token.i].role not in {PLACE, EVENT, PERSON}
    return (
        named
        or token.lemma_.lower() in words["fighters"]
        or token.lower_ in words["rebel"]
        or token.text in lexicon().states
        or token.lower_ in {"they", "it", "who", "which", "rest", "most", "government", "that"}
    )


def _is_place(token: Token, mentions: Mapping[int, Mention]) -> bool:
    mention = mentions.get(token.i)
    if mention is not None:
        return mention.role == PLACE
    word = token.lower_
    return (
        word in kind_words()
        or token.lemma_.lower() in kind_words()
        or token.lemma_.lower() in lexicon().grammar["open_objects"]
    )


# ---------------------------------------------------------------- grammar


def is_passive(token: Token) -> bool:
    """Whether a verb is in the passive, or a bare past participle after its noun ("villages captured by")."""
    if any(child.dep_ in {"nsubjpass", "auxpass"} for child in token.children):
        return True
    if token.dep_ == "conj" and token.tag_ == "VBN" and token.head.tag_ == "VBN":
        return is_passive(token.head) and not any(c.dep_ in {"nsubj", "aux"} for c in token.children)
    return (
        token.tag_ == "VBN"
        and token.dep_ in {"acl", "relcl", "ccomp", "oprd", "advcl", "xcomp"}
        and not any(c.dep_ in {"aux", "nsubj", "dobj"} for c in token.children)
    )


def _subjects(token: Token) -> list[Token]:
    direct = [child for child in token.children if child.dep_ in {"nsubj", "nsubjpass"}]
    if direct:
        return _with_conjuncts(direct)
    if token.dep_ == "acl" and token.tag_ == "VBN":
        return [token.head]
    if (
        token.dep_ == "xcomp"
        and token.head.lemma_.lower() in lexicon().grammar["controlling"]
        and (controlled := [c for c in token.head.children if c.dep_ in {"dobj", "nsubjpass"}])
    ):
        return _with_conjuncts(controlled)
    if token.dep_ == "xcomp" and token.head.lemma_ in {"call", "appeal"}:
        asked = [
            o for c in token.head.children if c.lower_ in {"on", "upon", "to"} for o in c.children if o.dep_ == "pobj"
        ]
        if asked:
            return _with_conjuncts(asked)
    if token.dep_ in {"conj", "xcomp", "advcl", "pcomp", "ccomp", "dep"} and token.head.pos_ in {"VERB", "AUX", "ADP"}:
        return _subjects(token.head)
    if token.dep_ in {"acl", "relcl"}:
        return [token.head]
    return (
        [child for child in token.head.children if child.dep_ in {"nsubj", "nsubjpass"}]
        if token.dep_ == "pcomp"
        else []
    )


subjects = _subjects


def _objects(token: Token) -> list[Token]:
    direct = [child for child in token.children if child.dep_ in {"dobj", "obj"}]
    if (
        not direct
        and token.dep_ == "conj"
        and token.head.pos_ == "VERB"
        and not any(c.dep_ in {"prep", "xcomp"} for c in token.children)
        and token.head.i < token.i
    ):
        return []
    return _with_conjuncts(direct)


objects = _objects


def _with_conjuncts(tokens: list[Token]) -> list[Token]:
    return [t for token in tokens for t in (token, *token.conjuncts)]


def _in_name(token: Token, mentions: Mapping[int, Mention]) -> bool:
    return token.i in mentions


# ---------------------------------------------------------------- nouns


def _noun_triggers(token: Token, mentions: Mapping[int, Mention]) -> Iterator[Trigger]:
    if not _is_nominal(token) or _in_name(token, mentions):
        return
    entry = _noun_rule(token)
    if entry is None or token.dep_ == "compound":
        return
    key, rule = entry
    light = _light_verb(token)
    if not _tells(token, rule, light, mentions):
        return
    for event_type in _means(token) or (rule.type,):
        yield Trigger(token, event_type, f"noun {key}", light=light)


def _is_nominal(token: Token) -> bool:
    """A noun, or a word that the tagger took for an adjective ("a new offensive") or a verb ("Russian airstrikes")."""
    if token.pos_ in {"NOUN", "PROPN"} or (token.pos_ == "ADJ" and token.dep_ in _NOMINAL):
        return True
    return (
        token.tag_ == "VBZ"
        and token.dep_ in _NOMINAL - {"ROOT", "conj"}
        and any(c.dep_ in {"amod", "det", "compound", "nummod"} for c in token.children)
    )


# What a modifier makes of a strike or an attack: "air and missile strikes" are two events.
_MEANS = {
    "air": EventType.AIR_STRIKE, "aerial": EventType.AIR_STRIKE, "drone": EventType.AIR_STRIKE,
    "missile": EventType.SHELLING, "artillery": EventType.SHELLING, "rocket": EventType.SHELLING,
    "mortar": EventType.SHELLING,
}  # fmt: skip


def _means(token: Token) -> tuple[EventType, ...]:
    if token.lemma_.lower() not in {"strike", "raid", "bombardment", "barrage", "attack"}:
        return ()
    modifiers = [c for c in token.children if c.dep_ in {"compound", "amod", "nmod"}]
    modifiers += [c for m in modifiers for c in m.children if c.dep_ in {"compound", "conj", "amod", "nmod"}]
    return tuple(dict.fromkeys(_MEANS[m.lower_] for m in sorted(modifiers, key=lambda t: t.i) if m.lower_ in _MEANS))


_NOMINAL = frozenset({"dobj", "nsubj", "nsubjpass", "pobj", "attr", "conj", "ROOT"})


def _noun_rule(token: Token) -> tuple[str, NounRule] | None:
    """The longest event noun that ends at the token: "suicide car bomb", "air-strikes", "counter-attack"."""
    nouns, lemma = lexicon().nouns, token.lemma_.lower()
    words: list[str] = []
    best = (lemma, nouns[lemma]) if lemma in nouns else None
    for index in range(token.i - 1, max(token.i - 6, token.sent.start) - 1, -1):
        word = token.doc[index]
        if not (word.is_alpha or word.text == "-"):
            break
        words.insert(0, word.text.lower())
        for text in (
            " ".join([*words, lemma]),
            " ".join([*words, lemma]).replace(" - ", "-"),
            " ".join([*words, lemma]).replace(" - ", " "),
        ):
            if text in nouns:
                best = (text, nouns[text])
    return best


def _light_verb(token: Token) -> Token | None:
    """The verb that carries the noun: as its object ("launched an attack") or subject ("fighting erupted")."""
    light, head = lexicon().light, token.head
    if token.dep_ == "conj" and token.head.pos_ in {"NOUN", "PROPN"} and token.head.i < token.i:
        return _light_verb(token.head)
    lemma = head.lemma_.lower()
    keys = {lemma} | {f"{lemma} {c.lower_}" for c in head.children if c.dep_ in {"prt", "prep", "advmod", "dobj"}}
    if token.dep_ in {"dobj", "nsubjpass", "oprd"} and keys & light["object"]:
        return head
    if token.dep_ == "nsubj" and head.pos_ in {"VERB", "AUX"} and keys & light["subject"]:
        return head
    if acl := next(
        (c for c in token.children if c.dep_ == "acl" and c.tag_ == "VBN" and c.lemma_.lower() in light["object"]), None
    ):
        return acl
    if token.dep_ == "attr" and lemma == "be" and not any(c.lower_ == "there" for c in head.children):
        return head
    if (
        token.dep_ == "pobj"
        and head.lower_ == "of"
        and head.head.dep_ == "attr"
        and head.head.lemma_ in {"series", "part", "number"}
    ):
        return head.head.head
    by = head.dep_ == "agent" or head.lower_ == "with"
    if token.dep_ == "pobj" and by and head.head.lemma_ in {"hit", "strike", "target", "destroy", "kill"}:
        return head.head
    if token.lemma_ == "control" and token.dep_ == "pobj":
        return next((a for a in token.ancestors if a.pos_ in {"VERB", "AUX"}), None)
    if (
        token.dep_ == "pobj"
        and head.head.pos_ == "VERB"
        and f"{head.head.lemma_.lower()} {head.lower_}" in light["prepositional"]
    ):
        return head.head
    if token.dep_ in {"nsubjpass", "dobj"} and head.dep_ != "ROOT" and keys & light["object"]:
        return head
    return None


def is_definite(token: Token) -> bool:
    """Whether the noun phrase speaks of something already known ("the attack", "their advance")."""
    determined = any(
        c.dep_ in {"det", "poss"}
        and (c.lower_ in lexicon().grammar["definite"] or c.ent_type_ == "DATE" or c.lower_ == "day")
        for c in token.children
    )
    return determined and not any(c.lower_ in lexicon().grammar["again"] for c in token.children)


def _tells(token: Token, rule: NounRule, light: Token | None, mentions: Mapping[int, Mention]) -> bool:
    """Whether the noun tells an event, or only mentions one (see the annotation guidelines)."""
    own = _own_arguments(token)
    definite = is_definite(token)
    light_lemma = light.lemma_.lower() if light is not None else ""
    if rule.mention == "launched":
        return (
            light is not None
            and light_lemma not in {"involve", "continue", "use"}
            and (light_lemma != "be" or not definite)
        )
    if rule.mention == "of chemicals":
        return any(
            t.lemma_.lower() in lexicon().parties["chemical"]
            for c in token.children
            if c.dep_ == "prep" and c.lower_ == "of"
            for t in c.subtree
        )
    if rule.mention == "of a siege":
        return any(
            t.lemma_.lower() in lexicon().parties["sieges"]
            for c in token.children
            if c.dep_ == "prep" and c.lower_ == "of"
            for t in c.subtree
        )
    if rule.mention == "hitting":
        return _hits(token)
    if rule.mention == "carried":
        return light is not None and light_lemma in lexicon().light["object"]
    if rule.mention == "come under":
        return light is not None and light.lemma_ == "come"
    if rule.mention == "held":
        bare = not any(c.dep_ == "relcl" or c.lower_ == "fire" for c in token.children)
        said = token.dep_ == "pobj" and token.head.head.pos_ != "NOUN"
        return bare and said and token.head.lower_ in {"under", "in"}
    if (token.dep_ == "pobj" and token.head.lower_ == "with" and rule.type is EventType.BOMBING) or _is_charge(token):
        return False
    if rule.mention == "argued":
        return bool(own) and not _after_time_word(token)
    if light is not None:
        return not definite or (light_lemma in lexicon().grammar["opening"] and light_lemma != "be")
    if definite and _is_dated(token):
        return True
    if definite:
        return rule.type in {
            EventType.AIR_STRIKE,
            EventType.CLASH,
            EventType.SHELLING,
            EventType.BOMBING,
        } and _holds_casualties(token)
    return not _after_response(token) and not _supports(token)


def _hits(token: Token) -> bool:
    """ "a rocket hit", "struck by shells"."""
    if token.dep_ == "nsubj" or (token.dep_ == "conj" and token.head.dep_ == "nsubj"):
        return (token.head if token.dep_ == "nsubj" else token.head.head).lemma_ in {
            "hit",
            "strike",
            "land",
            "kill",
            "destroy",
        }
    return token.dep_ == "pobj" and token.head.lower_ in {"with", "by"} and token.head.head.lemma_ in {"hit", "strike"}


def _is_charge(token: Token) -> bool:
    """A bomb that a verb of the sentence detonates."""
    return token.dep_ in {"dobj", "nsubj", "nsubjpass"} and token.head.lemma_ in {
        "detonate",
        "explode",
        "plant",
        "blow",
    }


def _is_dated(token: Token) -> bool:
    """ "the chemical attack in 2013": another event than those told, with its own date."""
    return any(
        obj.ent_type_ == "DATE"
        for c in token.children
        if c.dep_ == "prep" and c.lower_ in {"in", "on", "of"}
        for obj in c.children
        if obj.dep_ == "pobj"
    )


def _own_arguments(token: Token) -> list[Token]:
    return [
        c
        for c in token.children
        if (c.dep_ == "prep" and c.lower_ in {"of", "by", "from", "to", "on", "against"}) or c.dep_ in {"poss", "agent"}
    ]


def _after_time_word(token: Token) -> bool:
    return token.dep_ == "pobj" and token.head.lower_ in {
        "after",
        "since",
        "before",
        "during",
        "following",
        "until",
        "despite",
    }


def _after_response(token: Token) -> bool:
    return (
        token.dep_ == "pobj"
        and token.head.lower_ in {"to", "despite", "for"}
        and token.head.head.lower_ in {"response", "retaliation", "due", "prelude", "preparation", "reaction"}
    )


def _supports(token: Token) -> bool:
    """ "supported by airstrikes": said of how another event went."""
    return (
        token.dep_ == "pobj"
        and token.head.dep_ == "agent"
        and token.head.head.lemma_ in {"support", "back", "accompany"}
        and token.head.head.dep_ == "acl"
    )


def _holds_casualties(token: Token) -> bool:
    """ "killed in the clashes", "152 dead in the campaign"."""
    causing = token.dep_ == "pobj" and token.head.lower_ in {"in", "by", "during"}
    return causing and token.head.head.lemma_.lower() in lexicon().grammar["deadly"]
