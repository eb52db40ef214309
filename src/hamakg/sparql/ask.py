"""Runs queries that users write: checks them first, chooses the graphs that they see, explains the engine's errors.

Every such query, from the command line or the web, runs through :func:`ask`, so limits belong here.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

from hamakg.errors import UsageError
from hamakg.sparql.paging import SplitQuery
from hamakg.sparql.prologue import resolve_names
from hamakg.sparql.tokens import (
    find_dataset_clauses,
    find_service_endpoints,
    find_undeclared_prefixes,
    find_words,
    may_load,
)
from hamakg.store import UNION

Result = QuerySolutions | QueryBoolean | QueryTriples

MAX_CHARACTERS = 64 * 1024
"""The longest query that is run. Oxigraph's parser and planner recurse: a longer one could overflow the stack."""

MAX_MERGED = 500_000
"""The most statements that are copied to merge several default graphs into one. So many take about three seconds."""

STACK_BYTES = 512 * 1024 * 1024
"""Stack size of threads that run queries. The deepest nesting that MAX_CHARACTERS allow needs over 64 MiB; the system
provides the memory only as it is used."""

_SYNTAX_ERROR = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_EXPECTED = re.compile(r'"(?:[^"\\]|\\.)*"|\b[A-Z_]{2,}\b')
_MAX_INTEGER = 2**64 - 1
_HUGE_NUMBER = re.compile(r"[0-9]{20,}$")
# FROM and the beginning of what can follow it, in lower case: in most queries nothing looks like this
_FROM = re.compile(r"from\s*(?:[#<]|named|[^\s(){}]*:)")
_MOST_EXPECTED = 8
_CONTEXT_CHARACTERS = 40
_UPDATE_WORDS = {"insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy"}


class Dataset(NamedTuple):
    """The IRIs of the graphs that a query sees: those that form its default graph, and its named graphs.

    A request's data set replaces the query's FROM clauses (https://www.w3.org/TR/sparql11-protocol/#dataset).
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


ALL_GRAPHS = Dataset()
"""The data set of a request that names no graph."""


class QueryError(UsageError):
    """The query is malformed or cannot be evaluated."""


class QueryRefusedError(UsageError):
    """The query may be well formed, but is not run."""


class QueryTooLongError(QueryRefusedError):
    """The query has more than MAX_CHARACTERS."""


def ask(
    store: Store,
    query: str,
    dataset: Dataset = ALL_GRAPHS,
    base: str | None = None,
    services: Collection[str] = (),
) -> Result:
    """Runs a query and returns its result, unread: read it within :func:`explain_errors`, as some errors come late.

    If neither ``dataset`` nor a FROM clause names graphs, the default graph is the union of all graphs. Several default
    graphs are merged: each triple counts once.

    Raises QueryError for a malformed query or a graph whose name is not an IRI; QueryRefusedError if the graphs to
    merge are too large or the query calls a SERVICE other than ``services``; QueryTooLongError.
    """
    check_query(query, services)
    with explain_errors(query):
        if dataset == ALL_GRAPHS:
            dataset = _read_from_clauses(query, base)
        if dataset == ALL_GRAPHS:
            return store.query(query, base_iri=base)
        default, named = _make_nodes(dataset.default), _make_nodes(dataset.named)
        if len(default) <= 1:
            return store.query(query, base_iri=base, default_graph=[*default], named_graphs=[*named])
        merged = _merge_graphs(store, default, named)
        return merged.query(query, base_iri=base, default_graph=UNION, named_graphs=[*named])


def ask_first_part(
    store: Store,
    query: str,
    split: SplitQuery | None,
    dataset: Dataset = ALL_GRAPHS,
    base: str | None = None,
    services: Collection[str] = (),
) -> Result:
    """Runs the first part of a query that was split, or all of one that was not; raises as :func:`ask` does.

    An error is about the query as it was sent, not about the first part.
    """
    try:
        return ask(store, split.first if split else query, dataset, base, services)
    except QueryError:
        if split is None:
            raise
        return ask(store, query, dataset, base, services)


@contextmanager
def explain_errors(text: str, update: bool = False) -> Iterator[None]:
    """Turns the engine's errors about a query or update into QueryError, with a message for its author."""
    kind = "update" if update else "query"
    try:
        yield
    except SyntaxError as error:
        raise QueryError(_explain_syntax_error(str(error), text, kind)) from error
    except (RuntimeError, ValueError) as error:
        raise QueryError(f"the {kind} cannot be evaluated: {error}") from error


def check_query(text: str, services: Collection[str] = ()) -> None:
    """Raises QueryTooLongError, or QueryRefusedError if the query calls a SERVICE other than ``services``."""
    if len(text) > MAX_CHARACTERS:
        raise QueryTooLongError(f"the query is longer than {MAX_CHARACTERS} characters; split it into several")
    _check_services(text, services)


def check_update(text: str, services: Collection[str] = (), allow_load: bool = False) -> None:
    """Raises QueryRefusedError for LOAD unless ``allow_load``, and for a SERVICE other than ``services``."""
    if not allow_load and may_load(text):
        raise QueryRefusedError(
            "LOAD is refused: this server opens no connections; PUT or POST the data to /store"
            " (prefixes that begin with 'load' are refused too: rename them)"
        )
    _check_services(text, services)


def _check_services(text: str, services: Collection[str]) -> None:
    if any(endpoint not in services for endpoint in find_service_endpoints(text)):
        allowed = f"SERVICE may only call {', '.join(sorted(services))}" if services else "SERVICE is refused"
        raise QueryRefusedError(
            f"{allowed}: hamakg connects to no other endpoint for a query; send that part to the endpoint yourself"
            " (prefixes whose name contains 'service' are refused too: rename them)"
        )


def _read_from_clauses(query: str, base: str | None) -> Dataset:
    """The graphs of the query's FROM clauses; none if it is malformed, since running it reports what is wrong."""
    if not _FROM.search(query.lower()):
        return ALL_GRAPHS
    clauses = find_dataset_clauses(query)
    try:
        default = resolve_names(clauses.default, clauses.prologue, base)
        named = resolve_names(clauses.named, clauses.prologue, base)
    except SyntaxError:
        return ALL_GRAPHS
    return Dataset(tuple(node.value for node in default), tuple(node.value for node in named))


def _merge_graphs(store: Store, default: Iterable[NamedNode], named: Iterable[NamedNode]) -> Store:
    """A store in memory that holds only these graphs, with the ``default`` ones merged into its default graph.

    Without it the engine would return a triple once for each graph that states it.
    """
    quads_of_default = chain.from_iterable(_find_quads(store, graph) for graph in default)
    merged_default = (Quad(quad.subject, quad.predicate, quad.object, UNION) for quad in quads_of_default)
    quads = chain(merged_default, *(_find_quads(store, graph) for graph in named))
    merged = Store()
    merged.bulk_extend(islice(quads, MAX_MERGED))
    if next(quads, None):
        raise QueryRefusedError(
            f"the graphs that the query names hold more than {MAX_MERGED:,} statements; name fewer of them,"
            " or name none to query all graphs"
        )
    return merged


def _find_quads(store: Store, graph: NamedNode) -> Iterator[Quad]:
    return store.quads_for_pattern(None, None, None, graph)


def _make_nodes(iris: Sequence[str]) -> list[NamedNode]:
    """One node for each different IRI: the engine would search a graph as often as it is named."""
    try:
        return [NamedNode(iri) for iri in dict.fromkeys(iris)]
    except ValueError as error:
        raise QueryError(f"a graph of the data set is not named by an absolute IRI: {error}") from error


def _explain_syntax_error(message: str, query: str, kind: str) -> str:
    """Says where the text is malformed and what the parser expected, without the character classes that it lists."""
    if kind == "query" and (updates := _UPDATE_WORDS & find_words(query)):
        return f"only queries are answered, not updates ({', '.join(sorted(updates)).upper()})"
    prefixes = find_undeclared_prefixes(query)
    hint = f"; no PREFIX declares {', '.join(prefixes)}" if prefixes else ""
    match = _SYNTAX_ERROR.fullmatch(message)
    if not match:
        return f"the {kind} is malformed: {message}{hint}"
    line, column = int(match[1]), int(match[2])
    before = query.split("\n")[line - 1][: column - 1].strip()[-_CONTEXT_CHARACTERS:]
    after = f', after "{before}"' if before else ""
    if _HUGE_NUMBER.search(before):
        hint += f"; the number there is larger than {_MAX_INTEGER}"
    return f"the {kind} is malformed at line {line}, column {column}{after}{_list_expected(match[3])}{hint}"


def _list_expected(problem: str) -> str:
    """The tokens that the parser expected, if they help: a single one is just the last of many that it tried."""
    words = [word.strip('"') for word in _EXPECTED.findall(problem.partition(", [")[0]) if "\\" not in word]
    return f": expected one of {' '.join(words)}" if 1 < len(words) <= _MOST_EXPECTED else ""
