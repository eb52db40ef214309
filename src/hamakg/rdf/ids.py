"""Mints all ids. An id is the part of an IRI below ``resource/``; each function is named after the id that it returns.

An id depends on a resource's own evidence only (its name and type, or its sentence and trigger), and not on offsets or
on which other articles are read and in which order. So it stays the same when something else changes.
"""

import hashlib
import re
import unicodedata
from urllib.parse import quote

from hamakg.model import EntityKind, Ref

_PATHS = {EntityKind.PLACE: "place", EntityKind.PERSON: "person", EntityKind.SOURCE: "source"}


def fold(text: str) -> str:
    """A name as a path segment: in lower case, without accents and apostrophes, words joined by hyphens.

    Letters of other scripts stay, since IRIs may contain them. Text without any letter or digit becomes a digest.
    """
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'`‘’ʿʾʼ′\"“”")
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", plain).lower())
    return "-".join(words) or _digest(text)


def article_slug(title: str) -> str:
    """The last part of the IRI of an article's graph."""
    return fold(title)


def article_id(slug: str) -> Ref:
    """The id of an article."""
    return f"{slug}/article"


def conflict_id(title: str) -> Ref:
    """The id of a conflict by its title in Wikipedia, so that all articles give it the same id."""
    return f"conflict/{fold(title)}"


def entity_id(kind: EntityKind, name: str, slug: str | None = None) -> Ref:
    """The id of an entity by its name and by whether it is a place, a person, a source or another actor.

    With ``slug`` the id belongs to that article only: for persons, who are the same in two articles only if a link says
    so, and for generic or unnamed actors.
    """
    path = f"{_PATHS.get(kind, 'actor')}/{fold(name)}"
    return f"{slug}/{path}" if slug else path


def side_id(slug: str, number: int) -> Ref:
    """The id of one side of an article's conflict, by its number in the infobox."""
    return f"{slug}/side/{number}"


def sentence_id(slug: str, text: str, nth: int = 0) -> Ref:
    """The id of a sentence by its text; ``nth`` counts equal sentences in the article from 0."""
    return _evidence_id(slug, "sentence", " ".join(text.split()[:6]), text, nth)


def field_id(slug: str, key: str, nth: int = 0) -> Ref:
    """The id of an infobox field by its key; ``nth`` counts fields with the same key from 0."""
    return f"{slug}/infobox/{fold(key)}" + (f"/{nth + 1}" if nth else "")


def event_id(slug: str, sentence: str, event_type: str, trigger: str, nth: int = 0) -> Ref:
    """The id of an event by its sentence, type and trigger; ``nth`` counts equal triggers in the sentence from 0."""
    return _evidence_id(slug, "event", f"{event_type} {trigger}", "\0".join((sentence, event_type, trigger)), nth)


def wikipedia_url(title: str) -> str:
    """The address of the page with this title in the English Wikipedia."""
    return "https://en.wikipedia.org/wiki/" + quote(title.replace(" ", "_"), safe="/:,()'!")


def fact_id(slug: str, kind: str, label: str, *evidence: str, nth: int = 0) -> Ref:
    """The id of a report, claim, command or participation (``kind``), from a readable label and its evidence."""
    return _evidence_id(slug, kind, label, "\0".join((label, *evidence)), nth)


def control_id(place: Ref, start: str, event: Ref, contested: bool) -> Ref:
    """The id of a period of control by its place, first day, first event, and whether it is contested."""
    kind = "contested" if contested else "control"
    return f"{kind}/{place.rpartition('/')[2]}/{start}-{_digest(place + event)}"


def happening_id(event: Ref) -> Ref:
    """The id of a happening by the first of its events' ids in alphabetical order."""
    return f"happening/{event.rpartition('/')[2]}-{_digest(event)}"


def total_id(conflict: Ref, side: str, kind: str, people: str) -> Ref:
    """The id of the range of the casualty figures for one conflict, side, kind and group of people."""
    parts = (conflict.removeprefix("conflict/"), f"side-{side}" if side else "no-side", fold(kind))
    return f"total/{'/'.join(parts)}" + (f"/{fold(people)[:60].strip('-')}-{_digest(people)}" if people else "")


def link_id(subject: Ref, target: str) -> Ref:
    """The id of the link from a resource to an IRI of another data set."""
    return f"link/{fold(subject.rpartition('/')[2])}-{_digest(subject + target)}"


def geometry_id(place: Ref) -> Ref:
    """The id of the geometry of a place: its coordinates."""
    return f"geometry/{place.removeprefix('place/')}"


def _evidence_id(slug: str, kind: str, label: str, evidence: str, nth: int) -> Ref:
    return f"{slug}/{kind}/{fold(label)[:60].strip('-')}-{_digest(evidence + (f'#{nth}' if nth else ''))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
