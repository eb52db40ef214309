"""What the service asks of its workers, and what it knows of an answer before the first byte."""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, NamedTuple

from hamakg.sparql.ask import Dataset


class QueryJob(NamedTuple):
    """A query of one generation, and how its answer is to be written.

    ``solutions_type`` and ``graph_type`` are the media types for the two kinds of results, None if the client accepts
    none. ``gzip`` allows compression; ``services`` are the endpoints that SERVICE may call.
    """

    generation: str
    text: str
    dataset: Dataset
    base: str
    solutions_type: str | None
    graph_type: str | None
    max_rows: int
    max_bytes: int
    gzip: bool = False
    services: frozenset[str] = frozenset()


class GraphJob(NamedTuple):
    """A request for a named graph of one generation.

    ``may_be_missing`` is for the default graph, which always exists: if the generation does not have it, it is empty.
    """

    generation: str
    iri: str
    media_type: str
    max_bytes: int
    gzip: bool = False
    may_be_missing: bool = False


class ResourceJob(NamedTuple):
    """A request for all triples of one generation that have a resource as subject or object."""

    generation: str
    iri: str
    media_type: str
    max_bytes: int
    gzip: bool = False


class FunctionJob(NamedTuple):
    """A function of another part of the program, such as a page, that is called with one generation and ``arguments``.

    It returns a FunctionResult. Workers find it by its module and name.
    """

    generation: str
    function: "Callable[..., FunctionResult]"
    arguments: tuple[Any, ...]
    max_bytes: int


class FunctionResult(NamedTuple):
    """What the function of a FunctionJob returns: the bytes of its answer, and what its caller should know before."""

    body: bytes
    details: Any = None


class UpdateJob(NamedTuple):
    """An update.

    ``default_graph`` is the IRI of the named graph for what it inserts into the default graph; ``using`` and
    ``using_named`` the data set that the request names; ``wait_seconds`` how long to wait for another writer.
    """

    text: str
    base: str
    default_graph: str
    using: tuple[str, ...]
    using_named: tuple[str, ...]
    wait_seconds: float
    services: frozenset[str] = frozenset()
    allow_load: bool = False


class WriteAction(Enum):
    """What to do with a named graph: add data to it, replace it by data, or delete it."""

    ADD = auto()
    REPLACE = auto()
    DELETE = auto()


class WriteJob(NamedTuple):
    """A change of a whole named graph.

    ``files`` are the paths of the data and their media types. If ``expected_generation`` is given, the job fails unless
    it is still the newest: the data was computed from it. For ``may_be_missing`` see :class:`GraphJob`.
    """

    action: WriteAction
    iri: str
    files: tuple[tuple[str, str], ...]
    wait_seconds: float
    may_be_missing: bool = False
    expected_generation: str | None = None


ReadingJob = QueryJob | GraphJob | ResourceJob | FunctionJob
"""A job that changes nothing, so that it can be run again."""

Job = ReadingJob | UpdateJob | WriteJob


class Head(NamedTuple):
    """What is known of an answer before its first byte.

    ``next_rows`` is the query for the rows beyond the limit, None if there are none; ``length`` the number of bytes if
    the answer is complete already. ``details`` are those of a FunctionResult.

    The rest is only for writes, whose head comes before the new generation is published: ``created`` says whether the
    named graph did not exist before, ``new_generation`` and ``old_generation`` are the names of the newest one then and
    until then. The answer ends when it is published.
    """

    media_type: str = ""
    encoding: str | None = None
    next_rows: str | None = None
    length: int | None = None
    details: Any = None
    created: bool = False
    new_generation: str | None = None
    old_generation: str | None = None
