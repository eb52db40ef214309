"""The only place where ids are minted. An id is the part of an IRI below ``resource/``.

An id is a function of the thing's own evidence (its name and type, its sentence and trigger), never of offsets, of the
order of articles or of their company, so that it stays when other things change.
"""

import hashlib
import re
import unicodedata
from urllib.parse import quote

from hamakg.model import EntityKind, Ref

_PATHS = {EntityKind.PLACE: "place", EntityKind.PERSON: "person", EntityKind.SOURCE: "source"}


def fold(text: str) -> str:
    """A name as a path segment: lower case, no accents, marks or apostrophes, words joined by hyphens.

    Letters of other scripts stay (IRIs carry them). Text with no letter or digit at all gives a digest, never "".
    """
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'`‘’ʿʾʼ′\"“”")
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", plain).lower())
    return "-".join(words) or _digest(text)


def article_slug(title: str) -> str:
    """The last part of the IRI of an article's graph, from its title."""
    return fold(title)


def article_id(slug: str) -> Ref:
    """The id of an article."""
    return f"{slug}/article"


def conflict_id(title: str) -> Ref:
    """The id of a conflict by the name that Wikipedia's title gives it; the same from every article."""
    return f"conflict/{fold(title)}"


def entity_id(kind: EntityKind, name: str, slug: str | None = None) -> Ref:
    """The id of an entity by its folded name and coarse type.

    With ``slug`` it is the article's own: persons (the same across articles only by link), generic or unnamed actors.
    """
    path = f"{_PATHS.get(kind, 'actor')}/{fold(name)}"
    return f"{slug}/{path}" if slug else path


def side_id(slug: str, number: int) -> Ref:
    """The id of one side of an article's conflict, by its number in the infobox."""
    return f"{slug}/side/{number}"


def sentence_id(slug: str, text: str, nth: int = 0) -> Ref:
    """The id of a sentence by its text; ``nth`` counts equal sentences of the article from 0."""
    return _evidence_id(slug, "sentence", " ".join(text.split()[:6]), text, nth)


def field_id(slug: str, key: str, nth: int = 0) -> Ref:
    """The id of an infobox field by its key; ``nth`` counts fields of one key from 0."""
    return f"{slug}/infobox/{fold(key)}" + (f"/{nth + 1}" if nth else "")


def event_id(slug: str, sentence: str, event_type: str, trigger: str, nth: int = 0) -> Ref:
    """The id of an event by its sentence's text and its trigger; ``nth`` counts alike triggers in it from 0."""
    return _evidence_id(slug, "event", f"{event_type} {trigger}", "\0".join((sentence, event_type, trigger)), nth)


def wikipedia_url(title: str) -> str:
    """The address of the English Wikipedia's page of this title."""
    return "https://en.wikipedia.org/wiki/" + quote(title.replace(" ", "_"), safe="/:,()'!")


def fact_id(slug: str, kind: str, label: str, *evidence: str, nth: int = 0) -> Ref:
    """The id of a report, claim, command or participation (``kind``): a readable label and a digest of its evidence."""
    return _evidence_id(slug, kind, label, "\0".join((label, *evidence)), nth)


def control_id(place: Ref, start: str, event: Ref, contested: bool) -> Ref:
    """The id of a period of control by its place, its first day, the event that began it, and if it is contested."""
    kind = "contested" if contested else "control"
    return f"{kind}/{place.rpartition('/')[2]}/{start}-{_digest(place + event)}"


def happening_id(event: Ref) -> Ref:
    """The id of what several events tell, by the least of their ids."""
    return f"happening/{event.rpartition('/')[2]}-{_digest(event)}"


def total_id(conflict: Ref, side: str, kind: str, whose: str) -> Ref:
    """The id of what the figures of one conflict, side, kind and group of people span."""
    parts = (conflict.removeprefix("conflict/"), f"side-{side}" if side else "no-side", fold(kind))
    return f"total/{'/'.join(parts)}" + (f"/{fold(whose)[:60].strip('-')}-{_digest(whose)}" if whose else "")


def link_id(subject: Ref, target: str) -> Ref:
    """The id of the link of a resource to what an IRI of another data set names."""
    return f"link/{fold(subject.rpartition('/')[2])}-{_digest(subject + target)}"


def geometry_id(place: Ref) -> Ref:
    """The id of where a place is on earth."""
    return f"geometry/{place.removeprefix('place/')}"


def _evidence_id(slug: str, kind: str, label: str, evidence: str, nth: int) -> Ref:
    return f"{slug}/{kind}/{fold(label)[:60].strip('-')}-{_digest(evidence + (f'#{nth}' if nth else ''))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
