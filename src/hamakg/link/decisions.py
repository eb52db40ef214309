"""Links as a file under version control: SSSOM (https://mapping-commons.github.io/sssom/), a table with a head of
comments.

One row a link, accepted, proposed (``skos:closeMatch``) or rejected (``predicate_modifier`` Not), so that a build
without a network gives the same links, and no run proposes again what a person turned down. Where a place is stands in
three columns of our own, which SSSOM provides for (``extension_definitions``).
"""

import csv
import fcntl
import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from threading import get_ident

from hamakg.errors import HamakgError
from hamakg.link.items import WIKIDATA
from hamakg.model import EntityLink, LinkStatus, Location, Ref
from hamakg.terms import Names

SHIPPED = Path(__file__).with_name("decisions.sssom.tsv")
"""The decisions that come along: of the seed articles, each with its evidence."""

GEONAMES = "https://sws.geonames.org/"

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "reviewer_label",
    "mapping_date",
    "comment",
    "latitude",
    "longitude",
    "coordinates_source",
)
_NEEDED = ("subject_id", "predicate_id", "object_id")
_EXTENSIONS = ("latitude", "longitude", "coordinates_source")
_OTHER_PREFIXES = {
    "wikidata": WIKIDATA,
    "geonames": GEONAMES,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "semapv": "https://w3id.org/semapv/vocab/",
}
_PREFIX = re.compile(r"#\s+([\w-]+):\s*\"?(\S+?)\"?\s*")
_DEGREES = re.compile(r"[-+]?\d{1,3}(\.\d+)?")
_SHARE = re.compile(r"0(\.\d+)?|1(\.0+)?|\d(\.\d+)?e-\d\d?")
# What RFC 3987 forbids in any IRI, and other schemes: an address has to be one that a browser may be sent to.
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")


def read_decisions(path: Path) -> list[EntityLink]:
    """The links of a file, in its order; none of an empty one.

    Subjects are ids below whatever prefix the file's head binds to an IRI that ends with ``/resource/``, so that one
    file serves every base. Raises HamakgError, which names the line, for what is no such table, and for two rows on one
    subject and object.
    """
    try:
        lines = [line.rstrip("\r") for line in path.read_text("utf-8-sig").split("\n")]
    except (OSError, UnicodeDecodeError) as error:
        raise HamakgError(f"the decisions {path} cannot be read: {error}") from error
    prefixes = {found[1]: found[2] for line in lines if (found := _PREFIX.fullmatch(line))}
    rows = [(f"{path}, line {nth}", line.split("\t")) for nth, line in enumerate(lines, 1) if line and line[0] != "#"]
    if not rows:
        return []
    (_, columns), *cells = rows
    if missing := [name for name in _NEEDED if name not in columns]:
        raise HamakgError(f"the decisions {path} lack the column {', '.join(missing)}; SSSOM's names are meant")
    known: dict[tuple[Ref, str], EntityLink] = {}
    for where, row in cells:
        link = _read(dict(zip(columns, row, strict=False)), {**_OTHER_PREFIXES, **prefixes}, where)
        if known.setdefault((link.subject, link.object), link) is not link:
            raise HamakgError(f"{where}: {link.subject} and {link.object} stand in two rows; leave one")
    return list(known.values())


def decisions_so_far(path: Path) -> list[EntityLink]:
    """The decisions of a file that a review goes on with; of one that is not there yet, those that come along."""
    return read_decisions(path if path.exists() else SHIPPED)


def change_decisions(path: Path, names: Names, change: Callable[[list[EntityLink]], list[EntityLink]]) -> None:
    """Makes the file what ``change`` makes of the decisions in it; who else changes it waits, and loses nothing.

    Raises HamakgError where it cannot be read or written.
    """
    try:
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise HamakgError(f"the decisions {path} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # the file itself is replaced by each change, so it cannot carry the lock
        write_decisions(change(decisions_so_far(path)), path, names)
    finally:
        os.close(folder)


def write_decisions(links: Iterable[EntityLink], path: Path, names: Names) -> None:
    """Makes the links the whole of a file, sorted; one that a run dies over stays as it was."""
    beside = path.with_name(f"{path.name}.{os.getpid()}-{get_ident()}.part")
    try:
        beside.write_text(sssom(links, names), "utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise HamakgError(f"the decisions {path} cannot be written: {error.strerror}") from error


def sssom(links: Iterable[EntityLink], names: Names) -> str:
    """The links as SSSOM, sorted by subject and object: the same links give the same text."""
    out = StringIO()
    prefixes = {"resource": names.resource(""), **_OTHER_PREFIXES}
    out.write("#curie_map:\n")
    out.writelines(f"#  {prefix}: {iri}\n" for prefix, iri in sorted(prefixes.items()))
    out.write(f"#mapping_set_id: {names.graph('links')}\n")
    out.write("#license: https://creativecommons.org/licenses/by-sa/4.0/\n#extension_definitions:\n")
    for name in _EXTENSIONS:
        out.write(f"#  - slot_name: {name}\n#    property: {names.base}sssom/{name}\n")
    table = csv.DictWriter(out, COLUMNS, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
    table.writeheader()
    table.writerows(_row(link, prefixes) for link in sorted(links, key=lambda link: (link.subject, link.object)))
    return out.getvalue()


def _row(link: EntityLink, prefixes: Mapping[str, str]) -> dict[str, str]:
    located = link.location
    row = {
        "subject_id": f"resource:{link.subject}",
        "subject_label": link.label,
        "predicate_id": "skos:closeMatch" if link.status is LinkStatus.PROPOSED else "skos:exactMatch",
        "predicate_modifier": "Not" if link.status is LinkStatus.REJECTED else "",
        "object_id": _curie(link.object, prefixes),
        "object_label": link.object_label,
        "mapping_justification": f"semapv:{link.justification}",
        "confidence": "" if link.confidence is None else f"{link.confidence:g}",
        "reviewer_label": link.reviewer or "",
        "mapping_date": link.date or "",
        "comment": link.comment or "",
        "latitude": located.latitude if located else "",
        "longitude": located.longitude if located else "",
        "coordinates_source": located.source if located else "",
    }
    return {column: " ".join(cell.split()) for column, cell in row.items()}


def _curie(iri: str, prefixes: Mapping[str, str]) -> str:
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace).rstrip('/')}"
    return iri


def _read(row: Mapping[str, str], prefixes: Mapping[str, str], where: str) -> EntityLink:
    cells = {name: row.get(name, "").strip() for name in COLUMNS}
    subject, target = (_expanded(cells[name], prefixes, where) for name in ("subject_id", "object_id"))
    ref = subject.partition("/resource/")[2]
    if not ref:
        raise HamakgError(f"{where}: the subject {cells['subject_id']!r} is no resource of a graph")
    target = f"{target.rstrip('/')}/" if target.startswith(GEONAMES) else target  # as GeoNames writes them
    justification = cells["mapping_justification"].partition(":")[2] or "UnspecifiedMatching"
    _require(justification.isalnum(), "justification", cells["mapping_justification"], "a term of semapv", where)
    _require(_is_day(cells["mapping_date"]), "date", cells["mapping_date"], "a day (2017-03-21)", where)
    return EntityLink(
        subject=ref,
        object=target,
        status=_status(cells, where),
        label=cells["subject_label"],
        object_label=cells["object_label"],
        justification=justification,
        confidence=_confidence(cells["confidence"], where),
        reviewer=cells["reviewer_label"] or None,
        date=cells["mapping_date"] or None,
        comment=cells["comment"] or None,
        location=_location(cells, target, where),
    )


def _require(holds: bool, what: str, cell: str, meant: str, where: str) -> None:
    if not holds:
        raise HamakgError(f"{where}: the {what} {cell!r} is not {meant}")


def _expanded(curie: str, prefixes: Mapping[str, str], where: str) -> str:
    prefix, colon, local = curie.partition(":")
    if not local.startswith("//") and (not colon or prefix not in prefixes):
        raise HamakgError(f"{where}: the head has no prefix for {curie!r}")
    iri = curie if local.startswith("//") else prefixes[prefix] + local
    _require(bool(_IRI.fullmatch(iri)), "address", curie, "an IRI of the web", where)
    return iri


def _status(cells: Mapping[str, str], where: str) -> LinkStatus:
    _require(cells["predicate_modifier"] in ("", "Not"), "modifier", cells["predicate_modifier"], "Not or empty", where)
    if cells["predicate_modifier"]:
        return LinkStatus.REJECTED
    known = {"skos:exactMatch": LinkStatus.ACCEPTED, "skos:closeMatch": LinkStatus.PROPOSED}
    if cells["predicate_id"] not in known:
        raise HamakgError(f"{where}: the predicate {cells['predicate_id']!r} is neither {' nor '.join(known)}")
    return known[cells["predicate_id"]]


def _confidence(cell: str, where: str) -> float | None:
    _require(not cell or bool(_SHARE.fullmatch(cell)), "confidence", cell, "a number from 0 to 1", where)
    return float(cell) if cell else None


def _is_day(cell: str) -> bool:
    try:
        return not cell or bool(date.fromisoformat(cell))
    except ValueError:
        return False


def _location(cells: Mapping[str, str], record: str, where: str) -> Location | None:
    degrees = (cells["latitude"], cells["longitude"])
    if not any(degrees):
        return None
    for axis, most in (("latitude", 90.0), ("longitude", 180.0)):
        holds = bool(_DEGREES.fullmatch(cells[axis])) and abs(float(cells[axis])) <= most
        _require(holds, axis, cells[axis], f"degrees from -{most:.0f} to {most:.0f}", where)
    return Location(*degrees, cells["coordinates_source"], record)
