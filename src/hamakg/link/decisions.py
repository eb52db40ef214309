"""Links as a file under version control: SSSOM (https://mapping-commons.github.io/sssom/), a table with a head of
comments.

One row a link, accepted, proposed (``skos:closeMatch``) or rejected (``predicate_modifier`` Not), so that a build
without a network gives the same links, and no run proposes again what a person turned down. Where a place is stands in
three columns of our own, which SSSOM provides for (``extension_definitions``).
"""

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import get_ident

import pyoxigraph as ox

from hamakg.errors import HamakgError
from hamakg.link.items import WIKIDATA, item_id
from hamakg.model import EntityLink, LinkStatus, Location, Ref
from hamakg.rdf.iris import Iris

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
_MAP = "#curie_map:"
_PREFIX = re.compile(r"#\s+([\w-]+):\s*\"?(\S+?)\"?\s*")
_Ends = tuple[Ref, str]

_DEGREES = re.compile(r"[-+]?\d{1,3}(\.\d+)?")
_SHARE = re.compile(r"0(\.\d+)?|1(\.0+)?|\d(\.\d+)?e-\d\d?")
_WEB = re.compile(r"https?://[^/]")


@dataclass(frozen=True, slots=True)
class _Table:
    """A file as it stands: its comments, its columns, and of each link its cells by column."""

    head: Sequence[str]
    columns: Sequence[str]
    links: Mapping[_Ends, EntityLink]
    cells: Mapping[_Ends, Mapping[str, str]]


def read_decisions(path: Path) -> list[EntityLink]:
    """The links of a file, in its order; none of an empty one.

    Subjects are ids below whatever prefix the file's head binds to an IRI that ends with ``/resource/``, so that one
    file serves every base. Raises HamakgError, which names the line, for what is no such table, and for two rows on one
    subject and object.
    """
    return list(_read_table(path).links.values())


def decisions_so_far(path: Path) -> list[EntityLink]:
    """The decisions of a file that a review goes on with; of one that is not there yet, those that come along."""
    return read_decisions(path if path.exists() else SHIPPED)


def change_decisions(path: Path, iris: Iris, change: Callable[[list[EntityLink]], list[EntityLink]]) -> None:
    """Makes the file what ``change`` makes of the decisions in it; who else changes it waits, and loses nothing.

    Comments, columns that are not ours, and rows that do not change stay as they are. Raises HamakgError where it
    cannot be read or written.
    """
    path = path.resolve()
    try:
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # the file itself is replaced by each change, so it cannot carry the lock
        table = _read_table(path) if path.exists() else None
        known = list(table.links.values()) if table else read_decisions(SHIPPED)
        new = change(known)
        if new != known:
            _put(path, _amended(table, new, iris) if table else sssom(new, iris))
        elif not os.access(path.parent, os.W_OK):
            raise _unwritable(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    finally:
        os.close(folder)


def require_writable(path: Path, iris: Iris) -> None:
    """Raises HamakgError now where a decision could not be written to the file later."""
    change_decisions(path, iris, lambda links: links)


def write_decisions(links: Iterable[EntityLink], path: Path, iris: Iris) -> None:
    """Makes the links the whole of a file, sorted; one that a run dies over stays as it was."""
    _put(path.resolve(), sssom(links, iris))


def _put(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}-{get_ident()}.part")
    try:
        beside.write_text(text, "utf-8")
        if path.exists():
            shutil.copymode(path, beside)
        os.replace(beside, path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        beside.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> HamakgError:
    return HamakgError(f"the decisions {path} cannot be written: {error.strerror}")


def _read_table(path: Path) -> _Table:
    try:
        lines = [line.rstrip("\r") for line in path.read_text("utf-8-sig").split("\n")]
    except (OSError, UnicodeDecodeError) as error:
        raise HamakgError(f"the decisions {path} cannot be read: {error}") from error
    head = [line for line in lines if line.startswith("#")]
    prefixes = {**_OTHER_PREFIXES, **_prefixes(head)}
    rows = [(nth, line.split("\t")) for nth, line in enumerate(lines, 1) if line and line[0] != "#"]
    if not rows:
        return _Table(head, COLUMNS, {}, {})
    (_, first), *rest = rows
    columns = [_unquoted(cell) for cell in first]
    if missing := [name for name in _NEEDED if name not in columns]:
        raise HamakgError(f"the decisions {path} lack the column {', '.join(missing)}; SSSOM's names are meant")
    links: dict[_Ends, EntityLink] = {}
    cells: dict[_Ends, Mapping[str, str]] = {}
    for nth, row in rest:
        where = f"{path}, line {nth}"
        told = dict(zip(columns, map(_unquoted, row), strict=False))
        link = _read(told, prefixes, where)
        if links.setdefault(link.ends, link) is not link:
            raise HamakgError(f"{where}: {link.subject} and {link.object} stand in two rows; leave one")
        cells[link.ends] = told
    return _Table(head, columns, links, cells)


def _amended(table: _Table, links: Iterable[EntityLink], iris: Iris) -> str:
    """The text of a table with these links in place of those that it has, in its own form."""
    bound = _prefixes(table.head)
    prefixes = {**bound, **{name: iri for name, iri in _OTHER_PREFIXES.items() if name not in bound}}
    if not any(iri.endswith("/resource/") for iri in bound.values()):
        prefixes["hamakg" if "resource" in bound else "resource"] = iris.resource("")
    head = list(table.head) or _head(iris)
    if new := {name: iri for name, iri in prefixes.items() if name not in bound}:
        if not any(line.startswith(_MAP) for line in head):
            head.insert(0, _MAP)
        at = next(nth for nth, line in enumerate(head, 1) if line.startswith(_MAP))
        head[at:at] = [f"#  {name}: {iri}" for name, iri in sorted(new.items())]
    columns = [*table.columns, *(name for name in COLUMNS if name not in table.columns)]
    rows = []
    for link in sorted(links, key=lambda link: link.ends):
        old = table.cells.get(link.ends, {})
        same = table.links.get(link.ends) == link
        rows.append(old if same else {**old, **_row(link, prefixes)})
    body = ("\t".join(_quoted(row.get(name, "")) for name in columns) for row in rows)
    return "".join(f"{line}\n" for line in (*head, "\t".join(columns), *body))


def sssom(links: Iterable[EntityLink], iris: Iris) -> str:
    """The links as SSSOM, sorted by subject and object: the same links give the same text."""
    return _amended(_Table(_head(iris), COLUMNS, {}, {}), links, iris)


def _head(iris: Iris) -> list[str]:
    extensions = (
        line for name in _EXTENSIONS for line in (f"#  - slot_name: {name}", f"#    property: {iris.base}sssom/{name}")
    )
    return [
        _MAP,
        *(f"#  {prefix}: {iri}" for prefix, iri in sorted(_own_prefixes(iris).items())),
        f"#mapping_set_id: {iris.graph('links')}",
        "#license: https://creativecommons.org/licenses/by-sa/4.0/",
        "#extension_definitions:",
        *extensions,
    ]


def _own_prefixes(iris: Iris) -> dict[str, str]:
    return {"resource": iris.resource(""), **_OTHER_PREFIXES}


def _prefixes(head: Iterable[str]) -> dict[str, str]:
    return {found[1]: found[2] for line in head if (found := _PREFIX.fullmatch(line))}


def _unquoted(cell: str) -> str:
    """What a spreadsheet puts between quotes (https://www.rfc-editor.org/rfc/rfc4180#section-2)."""
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if quoted else cell


def _quoted(cell: str) -> str:
    return '"{}"'.format(cell.replace('"', '""')) if cell.startswith('"') else cell


def _row(link: EntityLink, prefixes: Mapping[str, str]) -> dict[str, str]:
    located = link.location
    row = {
        "subject_id": _subject(link.subject, prefixes),
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


def _subject(ref: Ref, prefixes: Mapping[str, str]) -> str:
    """An id below the prefix that stands for the resources of a graph, of whatever base."""
    return next(f"{prefix}:{ref}" for prefix, iri in prefixes.items() if iri.endswith("/resource/"))


def _curie(iri: str, prefixes: Mapping[str, str]) -> str:
    """By the longest prefix that fits, else the IRI as it is."""
    fitting = [(len(space), prefix) for prefix, space in prefixes.items() if space and iri.startswith(space)]
    length, prefix = max(fitting, default=(0, ""))
    return f"{prefix}:{iri[length:].rstrip('/')}" if prefix else iri


def _read(row: Mapping[str, str], prefixes: Mapping[str, str], where: str) -> EntityLink:
    cells = {name: row.get(name, "").strip() for name in COLUMNS}
    subject, target = (_expanded(cells[name], prefixes, where) for name in ("subject_id", "object_id"))
    ref = subject.partition("/resource/")[2]
    if not ref:
        raise HamakgError(f"{where}: the subject {cells['subject_id']!r} is no resource of a graph")
    target = f"{target.rstrip('/')}/" if target.startswith(GEONAMES) else target  # as GeoNames writes them
    justification = cells["mapping_justification"].partition(":")[2] or "UnspecifiedMatching"
    _require(
        justification.isascii() and justification.isalnum(),
        "justification",
        cells["mapping_justification"],
        "a term of semapv",
        where,
    )
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
    item = not iri.startswith(WIKIDATA) or item_id(iri) is not None
    _require(_is_iri(iri) and item, "address", curie, "an IRI of the web", where)
    return iri


def _is_iri(iri: str) -> bool:
    """Whether a store takes it, and a browser may be sent to it."""
    try:
        return bool(_WEB.match(ox.NamedNode(iri).value))
    except ValueError:
        return False


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
        return not cell or date.fromisoformat(cell).isoformat() == cell
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
