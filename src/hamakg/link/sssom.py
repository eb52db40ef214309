"""Links as text in SSSOM/TSV (https://mapping-commons.github.io/sssom/): a head of comments, then one row per link.

An accepted link is a ``skos:exactMatch``, a proposed one a ``skos:closeMatch``, and a rejected one has the
``predicate_modifier`` Not. The location of a place has three columns of our own, declared as ``extension_definitions``.

Rows are split and joined without ``csv``, and prefixes expanded without ``curies``, for the user's own file is edited
here and has to stay byte for byte what it was elsewhere. ``csv`` would write other quotes than the user's, let one
stray quote swallow the rows that follow, and refuse cells over 128 KiB; ``curies`` (0.2 s to import, most of it
pydantic) refuses a head that binds two prefixes to one namespace, which is legal.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hamakg.errors import HamakgError
from hamakg.link.items import WIKIDATA, parse_item_id
from hamakg.model import EntityLink, LinkStatus, Location, Ref
from hamakg.rdf.iris import PREFIXES, Iris
from hamakg.rdf.terms import parse_iri

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
"""The columns that are written, in this order; a file may have others, which are kept."""

_REQUIRED = ("subject_id", "predicate_id", "object_id")
_EXTENSIONS = ("latitude", "longitude", "coordinates_source")
_PREFIXES = {
    "wikidata": WIKIDATA,
    "geonames": GEONAMES,
    "skos": PREFIXES["skos"],
    "semapv": "https://w3id.org/semapv/vocab/",
}
"""The prefixes of every file, besides that of the graph's resources."""

_RESOURCES = "/resource/"
"""How the namespace of a graph's resources ends, whatever its base: one file serves graphs of every base."""

_MODIFIERS = {"": False, "Not": True}
_PREDICATES = {"skos:exactMatch": LinkStatus.ACCEPTED, "skos:closeMatch": LinkStatus.PROPOSED}

_MAP = "#curie_map:"
_PREFIX = re.compile(r"#\s+([\w-]+):\s*\"?(\S+?)\"?\s*")
_DEGREES = re.compile(r"[-+]?\d{1,3}(\.\d+)?")
_CONFIDENCE = re.compile(r"0(\.\d+)?|1(\.0+)?|\d(\.\d+)?e-\d\d?")
_WEB_IRI = re.compile(r"https?://[^/]")

_Ends = tuple[Ref, str]


@dataclass(frozen=True, slots=True)
class SssomTable:
    """A file as it is written: its comments, its columns, and each link with the cells of its row by column."""

    head: Sequence[str]
    columns: Sequence[str] = COLUMNS
    links: Mapping[_Ends, EntityLink] = field(default_factory=dict)
    cells: Mapping[_Ends, Mapping[str, str]] = field(default_factory=dict)


# ---------------------------------------------------------------- reading


def parse_sssom(text: str, name: str) -> SssomTable:
    """Read the text of a file of this name, which may be empty.

    Raises HamakgError, which names the file and the line, if the text is not such a table, a row cannot be read, or two
    rows have the same subject and object.
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    head = [line for line in lines if line.startswith("#")]
    prefixes = {**_PREFIXES, **_read_prefixes(head)}
    rows = [(number, line.split("\t")) for number, line in enumerate(lines, 1) if line and line[0] != "#"]
    if not rows:
        return SssomTable(head)
    columns = [_unquote(cell) for cell in rows[0][1]]
    if missing := [column for column in _REQUIRED if column not in columns]:
        raise HamakgError(f"the decisions {name} lack the column {', '.join(missing)}; use the column names of SSSOM")
    links: dict[_Ends, EntityLink] = {}
    cells: dict[_Ends, Mapping[str, str]] = {}
    for number, row in rows[1:]:
        own = dict(zip(columns, map(_unquote, row), strict=False))
        link = _RowReader(own, prefixes, f"{name}, line {number}").read()
        if link.ends in links:
            raise HamakgError(
                f"{name}, line {number}: {link.subject} and {link.object} stand in two rows; delete one of them"
            )
        links[link.ends], cells[link.ends] = link, own
    return SssomTable(head, columns, links, cells)


class _RowReader:
    """Reads one row; its errors begin with ``where`` the row stands."""

    def __init__(self, cells: Mapping[str, str], prefixes: Mapping[str, str], where: str) -> None:
        self._cells = {column: cells.get(column, "").strip() for column in COLUMNS}
        self._prefixes, self._where = prefixes, where

    def read(self) -> EntityLink:
        """Return the row as a link. Raises HamakgError if a cell cannot be read."""
        cells = self._cells
        subject, target = self._expand("subject_id"), self._expand("object_id")
        ref = subject.partition(_RESOURCES)[2]
        if not ref:
            raise HamakgError(f"{self._where}: the subject {cells['subject_id']!r} is not a resource of a graph")
        if target.startswith(GEONAMES):
            target = f"{target.rstrip('/')}/"  # GeoNames writes its IRIs with a slash at the end
        justification = cells["mapping_justification"].partition(":")[2] or "UnspecifiedMatching"
        is_term = justification.isascii() and justification.isalnum()
        self._require(is_term, "justification", "mapping_justification", "a term of semapv")
        self._require(_is_day(cells["mapping_date"]), "date", "mapping_date", "a day (2017-03-21)")
        confidence = cells["confidence"]
        is_confidence = not confidence or _CONFIDENCE.fullmatch(confidence) is not None
        self._require(is_confidence, "confidence", "confidence", "a number from 0 to 1")
        return EntityLink(
            subject=ref,
            object=target,
            status=self._read_status(),
            label=cells["subject_label"],
            object_label=cells["object_label"],
            justification=justification,
            confidence=float(confidence) if confidence else None,
            reviewer=cells["reviewer_label"] or None,
            date=cells["mapping_date"] or None,
            comment=cells["comment"] or None,
            location=self._read_location(target),
        )

    def _read_status(self) -> LinkStatus:
        modifier, predicate = self._cells["predicate_modifier"], self._cells["predicate_id"]
        self._require(modifier in _MODIFIERS, "modifier", "predicate_modifier", "Not or empty")
        if _MODIFIERS[modifier]:
            return LinkStatus.REJECTED
        if predicate not in _PREDICATES:
            raise HamakgError(f"{self._where}: the predicate {predicate!r} is neither {' nor '.join(_PREDICATES)}")
        return _PREDICATES[predicate]

    def _read_location(self, record: str) -> Location | None:
        latitude, longitude = self._cells["latitude"], self._cells["longitude"]
        if not latitude and not longitude:
            return None
        for axis, most in (("latitude", 90), ("longitude", 180)):
            cell = self._cells[axis]
            is_angle = _DEGREES.fullmatch(cell) is not None and abs(float(cell)) <= most
            self._require(is_angle, axis, axis, f"degrees from -{most} to {most}")
        return Location(latitude, longitude, self._cells["coordinates_source"], record)

    def _expand(self, column: str) -> str:
        """Return the IRI of a cell, which is a prefixed name or an IRI of the web."""
        cell = self._cells[column]
        prefix, colon, local = cell.partition(":")
        is_iri = local.startswith("//")
        if not is_iri and (not colon or prefix not in self._prefixes):
            raise HamakgError(f"{self._where}: the head has no prefix for {cell!r}")
        iri = cell if is_iri else self._prefixes[prefix] + local
        is_item = not iri.startswith(WIKIDATA) or parse_item_id(iri) is not None
        self._require(_is_web_iri(iri) and is_item, "address", column, "an IRI of the web")
        return iri

    def _require(self, holds: bool, noun: str, column: str, expected: str) -> None:
        if not holds:
            raise HamakgError(f"{self._where}: the {noun} {self._cells[column]!r} is not {expected}")


def _read_prefixes(head: Iterable[str]) -> dict[str, str]:
    return {found[1]: found[2] for line in head if (found := _PREFIX.fullmatch(line))}


def _unquote(cell: str) -> str:
    """Return a cell without the quotes of a spreadsheet (https://www.rfc-editor.org/rfc/rfc4180#section-2)."""
    is_quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if is_quoted else cell


def _is_web_iri(iri: str) -> bool:
    """Whether the store accepts it, and a browser can follow it."""
    return _WEB_IRI.match(iri) is not None and parse_iri(iri) is not None


def _is_day(cell: str) -> bool:
    try:
        return not cell or date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


# ---------------------------------------------------------------- writing


def format_sssom(links: Iterable[EntityLink], iris: Iris) -> str:
    """Return the links as a new file, sorted by subject and object: the same links give the same text."""
    return amend_sssom(SssomTable(_build_head(iris)), links, iris)


def amend_sssom(table: SssomTable, links: Iterable[EntityLink], iris: Iris) -> str:
    """Return the text of a table with these links instead of its own.

    Its comments, prefixes and additional columns are kept, and so are the rows of links that it has already.
    """
    head = list(table.head) or _build_head(iris)
    bound = _read_prefixes(head)
    new = {prefix: iri for prefix, iri in _PREFIXES.items() if prefix not in bound}
    if not any(iri.endswith(_RESOURCES) for iri in bound.values()):
        new["hamakg" if "resource" in bound else "resource"] = iris.resource("")
    prefixes = {**bound, **new}
    columns = [*table.columns, *(column for column in COLUMNS if column not in table.columns)]
    rows = []
    for link in sorted(links, key=lambda link: link.ends):
        cells = table.cells.get(link.ends, {})
        if table.links.get(link.ends) != link:
            cells = {**cells, **_build_row(link, prefixes)}
        rows.append("\t".join(_quote(cells.get(column, "")) for column in columns))
    return "".join(f"{line}\n" for line in (*_add_prefixes(head, new), "\t".join(columns), *rows))


def _build_head(iris: Iris) -> list[str]:
    prefixes = {"resource": iris.resource(""), **_PREFIXES}
    return [
        _MAP,
        *(f"#  {prefix}: {iri}" for prefix, iri in sorted(prefixes.items())),
        f"#mapping_set_id: {iris.graph('links')}",
        "#license: https://creativecommons.org/licenses/by-sa/4.0/",
        "#extension_definitions:",
        *(
            line
            for name in _EXTENSIONS
            for line in (f"#  - slot_name: {name}", f"#    property: {iris.base}sssom/{name}")
        ),
    ]


def _add_prefixes(head: Sequence[str], new: Mapping[str, str]) -> Sequence[str]:
    """Return the head with these prefixes at the beginning of its map."""
    if not new:
        return head
    if not any(line.startswith(_MAP) for line in head):
        head = [_MAP, *head]
    at = next(number for number, line in enumerate(head, 1) if line.startswith(_MAP))
    return [*head[:at], *(f"#  {prefix}: {iri}" for prefix, iri in sorted(new.items())), *head[at:]]


def _build_row(link: EntityLink, prefixes: Mapping[str, str]) -> dict[str, str]:
    location = link.location
    resource = next(prefix for prefix, iri in prefixes.items() if iri.endswith(_RESOURCES))
    row = {
        "subject_id": f"{resource}:{link.subject}",
        "subject_label": link.label,
        "predicate_id": "skos:closeMatch" if link.status is LinkStatus.PROPOSED else "skos:exactMatch",
        "predicate_modifier": "Not" if link.status is LinkStatus.REJECTED else "",
        "object_id": _compress(link.object, prefixes),
        "object_label": link.object_label,
        "mapping_justification": f"semapv:{link.justification}",
        "confidence": "" if link.confidence is None else f"{link.confidence:g}",
        "reviewer_label": link.reviewer or "",
        "mapping_date": link.date or "",
        "comment": link.comment or "",
        "latitude": location.latitude if location else "",
        "longitude": location.longitude if location else "",
        "coordinates_source": location.source if location else "",
    }
    return {column: " ".join(cell.split()) for column, cell in row.items()}


def _compress(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return the prefixed name with the longest namespace that fits, or else the IRI itself."""
    fitting = [(len(namespace), prefix) for prefix, namespace in prefixes.items() if iri.startswith(namespace)]
    length, prefix = max(fitting, default=(0, ""))
    return f"{prefix}:{iri[length:].rstrip('/')}" if prefix else iri


def _quote(cell: str) -> str:
    return '"{}"'.format(cell.replace('"', '""')) if cell.startswith('"') else cell
