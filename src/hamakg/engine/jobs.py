"""What the service and its processes say to each other: jobs one way, heads, data and faults the other.

A message is its length and kind, and a pickled value or the bytes of an answer. Both ends are this program: the socket
between them is open to nobody else.
"""

import pickle
import struct
from typing import Final, NamedTuple

from hamakg.sparql.ask import Dataset

HEAD, DATA, END, FAULT, JOB = b"H", b"D", b"E", b"F", b"J"
PREFIX: Final = struct.Struct("!Ic")

MERGE, REPLACE, ERASE = "merge", "replace", "erase"


class QueryJob(NamedTuple):
    """A query over one generation, and how its answer is to be written.

    ``solutions`` and ``graph`` are the media types for the two kinds of answers, None where the client takes none.
    """

    generation: str
    text: str
    dataset: Dataset
    base: str
    solutions: str | None
    graph: str | None
    max_rows: int
    max_bytes: int
    gzip: bool = False
    services: frozenset[str] = frozenset()


class GraphJob(NamedTuple):
    """A named graph of one generation, to be written; one that is ``always`` there may be empty."""

    generation: str
    iri: str
    media_type: str
    max_bytes: int
    gzip: bool = False
    always: bool = False


class UpdateJob(NamedTuple):
    """An update; ``own`` is the graph of what the default graph gets."""

    text: str
    base: str
    own: str
    using: tuple[str, ...]
    using_named: tuple[str, ...]
    wait: float
    services: frozenset[str] = frozenset()
    load: bool = False


class WriteJob(NamedTuple):
    """What becomes of a named graph: MERGE or REPLACE by the data in files of these media types, ERASE by none.

    One that is ``always`` there can be erased where it is empty. With ``since`` it is written only where the generation
    of this name is still the newest: that of which the data was made.
    """

    action: str
    iri: str
    data: tuple[tuple[str, str], ...]
    wait: float
    always: bool = False
    since: str | None = None


Job = QueryJob | GraphJob | UpdateJob | WriteJob


class Head(NamedTuple):
    """What is known of an answer before its first byte.

    ``rest`` is the query for the rows that the limit left out. Of a write: whether the graph is ``new``.
    """

    media_type: str = ""
    encoding: str | None = None
    rest: str | None = None
    length: int | None = None
    new: bool = False


def message(kind: bytes, payload: bytes = b"") -> bytes:
    """The bytes of one message."""
    return PREFIX.pack(len(payload), kind) + payload


def packed(kind: bytes, value: object) -> bytes:
    """The message that carries a value."""
    return message(kind, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
