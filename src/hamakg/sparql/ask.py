"""Asking the graph: what is refused before a query runs, which graphs it sees, what its errors say.

The only way from somebody's query to the engine, for the command line and the web alike, so the place where a deadline
and limits belong.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import NamedTuple, cast

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

from hamakg.errors import UsageError
from hamakg.sparql.tokens import bare_words, dataset_clauses, services_called, undeclared_prefixes
from hamakg.store import UNION

Result = QuerySolutions | QueryBoolean | QueryTriples

MAX_CHARACTERS = 64 * 1024
"""Oxigraph's parser and planner recurse: a longer query, deeply nested, could overflow a thread's stack."""

MAX_MERGED = 500_000
"""Of the graphs of a data set with several default graphs so many statements are copied, in some three seconds."""

STACK_BYTES = 512 * 1024 * 1024
"""For threads that run queries: enough for the deepest of that length (some need over 64 MiB); taken as it is used."""

_SYNTAX_ERROR = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_EXPECTED = re.compile(r'"(?:[^"\\]|\\.)*"|\b[A-Z_]{2,}\b')
_MOST_EXPECTED = 8
_SHOWN_BEFORE = 40
_UPDATES = {"insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy"}


class Dataset(NamedTuple):
    """The graphs a request or a query names; a request's count, whatever FROM says
    (https://www.w3.org/TR/sparql11-protocol/#dataset).
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


ALL_GRAPHS = Dataset()
"""Where no graph is named."""


class QueryError(UsageError):
    """A query that cannot be run, and what is wrong with it."""


class QueryRefused(UsageError):
    """A query that is not run, whether or not it is well formed."""


class QueryTooLong(QueryRefused):
    """A query of more than MAX_CHARACTERS."""


def ask(
    store: Store,
    query: str,
    dataset: Dataset = ALL_GRAPHS,
    base: str | None = None,
    services: Collection[str] = (),
) -> Result:
    """Run a query and return its result, unread: read it within :func:`explain_errors`, since some errors surface late.

    Where neither the request's data set nor a FROM clause names graphs, all graphs together are the default graph.
    A default graph of several is their union as a set, each triple once. Raises QueryError for a malformed query or a
    graph's name that is no IRI, QueryRefused for too large a union or a SERVICE that is not one of ``services``,
    QueryTooLong.
    """
    check_query(query, services)
    with explain_errors(query):
        if dataset == ALL_GRAPHS:
            dataset = _named_in(query, base)
        if dataset == ALL_GRAPHS:
            return store.query(query, base_iri=base)
        default, named = _nodes(dataset.default), _nodes(dataset.named)
        if len(default) < 2:
            return store.query(query, base_iri=base, default_graph=[*default], named_graphs=[*named])
        merged = _merged(store, default, named)
        return merged.query(query, base_iri=base, default_graph=UNION, named_graphs=[*named])


@contextmanager
def explain_errors(text: str, update: bool = False) -> Iterator[None]:
    """The engine's errors about the query, or update, as QueryError."""
    kind = "update" if update else "query"
    try:
        yield
    except SyntaxError as error:
        raise QueryError(_explain(str(error), text, kind)) from error
    except (RuntimeError, ValueError) as error:
        raise QueryError(f"the {kind} cannot be evaluated: {error}") from error


def check_query(text: str, services: Collection[str] = ()) -> None:
    """Raises QueryRefused for a query with a SERVICE that is not one of these, QueryTooLong."""
    if len(text) > MAX_CHARACTERS:
        raise QueryTooLong(f"the query is longer than {MAX_CHARACTERS} characters; ask in parts")
    _refuse_services(text, services)


def check_update(text: str, services: Collection[str] = (), load: bool = False) -> None:
    """Raises QueryRefused for an update with LOAD, unless it may ``load``, or a SERVICE that is not one of these."""
    if not load and "load" in bare_words(text):
        raise QueryRefused("LOAD is refused: this server connects nowhere; PUT or POST the data to /store")
    _refuse_services(text, services)


def _refuse_services(text: str, services: Collection[str]) -> None:
    if any(endpoint not in services for endpoint in services_called(text)):
        allowed = f"SERVICE is answered for {', '.join(sorted(services))} alone" if services else "SERVICE is refused"
        raise QueryRefused(
            f"{allowed}: hamakg connects nowhere else on behalf of a query; ask the other endpoint yourself"
            " (a prefix whose name contains 'service' is refused too: rename it)"
        )


def _named_in(query: str, base: str | None) -> Dataset:
    """The graphs of the query's FROM clauses, none if it is malformed: what is wrong is told when it runs."""
    if "from" not in query.lower():
        return ALL_GRAPHS
    default, named, prologue = dataset_clauses(query)
    try:
        return Dataset(_iris(default, prologue, base), _iris(named, prologue, base))
    except SyntaxError:
        return ALL_GRAPHS


def _iris(written: Sequence[str], prologue: str, base: str | None) -> tuple[str, ...]:
    """What names of resources mean under the prologue's prefixes and base."""
    if not written:
        return ()
    rows = Store().query(f"{prologue} SELECT ?x {{ VALUES ?x {{ {' '.join(written)} }} }}", base_iri=base)
    return tuple(row["x"].value for row in cast(QuerySolutions, rows))


def _merged(store: Store, default: Iterable[NamedNode], named: Iterable[NamedNode]) -> Store:
    """A store in memory of these graphs alone, the default ones in one: the engine would give a triple once a graph."""
    found = chain.from_iterable(_in_graph(store, graph) for graph in default)
    together = (Quad(quad.subject, quad.predicate, quad.object, UNION) for quad in found)
    quads = chain(together, *(_in_graph(store, graph) for graph in named))
    merged = Store()
    merged.bulk_extend(islice(quads, MAX_MERGED))
    if next(quads, None):
        raise QueryRefused(
            f"the graphs that the query asks hold more than {MAX_MERGED:,} statements; name fewer of them,"
            " or none to ask all together"
        )
    return merged


def _in_graph(store: Store, graph: NamedNode) -> Iterator[Quad]:
    return store.quads_for_pattern(None, None, None, graph)


def _nodes(iris: Sequence[str]) -> list[NamedNode]:
    """Each once: the engine searches a graph as often as it is named."""
    try:
        return [NamedNode(iri) for iri in dict.fromkeys(iris)]
    except ValueError as error:
        raise QueryError(f"a graph of the data set is not named by an absolute IRI: {error}") from error


def _explain(message: str, query: str, kind: str) -> str:
    """Where the query is malformed, and what may stand there, without the character classes that the parser lists."""
    if kind == "query" and (updates := _UPDATES & bare_words(query)):
        return f"only queries are answered, no updates ({', '.join(sorted(updates)).upper()})"
    prefixes = undeclared_prefixes(query)
    hint = f"; no PREFIX declares {', '.join(prefixes)}" if prefixes else ""
    found = _SYNTAX_ERROR.fullmatch(message)
    if not found:
        return f"the {kind} is malformed: {message}{hint}"
    line, column = int(found[1]), int(found[2])
    before = query.split("\n")[line - 1][: column - 1].strip()[-_SHOWN_BEFORE:]
    after = f', after "{before}"' if before else ""
    return f"the {kind} is malformed at line {line}, column {column}{after}{_expected(found[3])}{hint}"


def _expected(problem: str) -> str:
    """The tokens of the parser's list, where it helps: one alone is only the last of many that it tried."""
    words = [word.strip('"') for word in _EXPECTED.findall(problem.partition(", [")[0]) if "\\" not in word]
    return f": expected one of {' '.join(words)}" if 1 < len(words) <= _MOST_EXPECTED else ""
