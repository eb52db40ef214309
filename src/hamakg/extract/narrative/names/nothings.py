"""Names of no entity of ours: events, code names and weapons."""

import re

from spacy.tokens import Doc

from hamakg.extract.narrative.names.spans import NameSpan, is_kind_word
from hamakg.extract.narrative.names.words import abbreviations, name_words
from hamakg.naming.states import states_by_word


def names_no_thing(doc: Doc, span: NameSpan) -> bool:
    """Names of events, code names and weapons name none of our entities."""
    return _names_event(doc, span) or _is_codename(doc, span) or _is_weapon(doc, span)


def _names_event(doc: Doc, span: NameSpan) -> bool:
    """ "Battle of X", "the 2016 X offensive", "Syrian Civil War": the name of an event, not of a place."""
    words = [token.text.lower() for token in doc[span.start : span.proper_end]]
    if set(words) & name_words().source:
        return False
    if (words[0] in name_words().event and len(words) > 1) or words[-1] in name_words().event:
        return True
    following = doc[span.proper_end].text.lower() if span.proper_end < len(doc) else ""
    year = span.start > 0 and re.fullmatch(r"\d{4}", doc[span.start - 1].text) is not None
    return year and following in name_words().event


def _is_codename(doc: Doc, span: NameSpan) -> bool:
    """Words after "code-named", in quotes or not, to the end of the phrase."""
    for index in range(span.start - 1, max(span.start - 9, doc[span.start].sent.start - 1), -1):
        if doc[index].lower_ in name_words().naming:
            return True
        if doc[index].pos_ in {"VERB", "AUX"}:
            return False
    return False


def _is_weapon(doc: Doc, span: NameSpan) -> bool:
    name = doc[span.start : span.proper_end].text
    if _DESIGNATION.search(name) and not is_kind_word(doc[span.end - 1].text):
        return True
    if (
        doc[span.start].text in states_by_word()
        or name in abbreviations()
        or {t.lower_ for t in doc[span.start : span.end]} & name_words().actor
    ):
        return False
    following = [t.lemma_.lower() for t in doc[span.end : span.end + 3] if t.dep_ != "prep"]
    heads = {doc[span.proper_end - 1].head.lemma_.lower()} & set(following)
    return bool(heads & name_words().weapon_heads)


# A weapon's designation: "Kh-22", "BGM-71 TOW", "MiG-23"; a road's ("M-5 highway") has its kind behind it.
_DESIGNATION = re.compile(r"\b(?!No)[A-Z][A-Za-z]{0,4}-\d{1,4}[A-Za-z]{0,3}\b")
