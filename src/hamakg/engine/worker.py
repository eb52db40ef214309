"""A worker process: takes a job, answers it, takes the next.

It is killed from outside if a job takes too long. It ends by itself if nobody is left to answer, or if the engine needs
more memory than it may have.
"""

import logging
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from hamakg.engine.jobs import FunctionJob, GraphJob, Head, QueryJob, ResourceJob, UpdateJob, WriteAction, WriteJob
from hamakg.engine.messages import END, ERROR, HEAD, encode_message, encode_value, read_values
from hamakg.engine.request_error import ErrorKind, RequestError
from hamakg.engine.serialization import find_graph_format, find_output_format, serialize_result, serialize_triples
from hamakg.engine.sink import PIECE_BYTES, Sink
from hamakg.errors import HamakgError, make_sentence
from hamakg.sparql.ask import (
    STACK_BYTES,
    QueryError,
    QueryRefusedError,
    QueryTooLongError,
    ask,
    ask_first_part,
    check_update,
    explain_errors,
)
from hamakg.sparql.paging import split_query
from hamakg.sparql.tokens import find_service_endpoints
from hamakg.sparql.updates import run_update
from hamakg.store import StoreBusyError, VersionedStore, add_file, add_quads, find_triples, remove_graph

_HOLD_BYTES = 32 * 1024 * 1024
"""How much of a limited answer is held until its rows are counted, to say in its head whether the limit cut it."""

_SMALL_BYTES = 2 * 1024 * 1024
"""A file of fewer bytes is parsed and written triple by triple; the bulk loader takes some time even for one."""

_HELD_PAGE_BYTES = 1024 * 1024
"""A page that is smaller is sent as a whole, so that it can be cached."""

# What each row of an answer contains; a literal may contain it too.
_ROW_MARKS = {
    ox.QueryResultsFormat.JSON: b"},{",
    ox.QueryResultsFormat.XML: b"<result>",
    ox.QueryResultsFormat.CSV: b"\n",
    ox.QueryResultsFormat.TSV: b"\n",
}
_XML_FORMATS = (ox.QueryResultsFormat.XML, ox.RdfFormat.RDF_XML)

_ERRORS: tuple[tuple[type[Exception], ErrorKind, str], ...] = (
    (QueryTooLongError, "too-long", "{}"),
    (QueryRefusedError, "forbidden", "{}"),
    (QueryError, "malformed", "{}"),
    (StoreBusyError, "busy", "{}"),
    (HamakgError, "storage", "{}"),
    (MemoryError, "too-large", "the job needs more memory than it may have; ask for parts of it"),
    (OSError, "storage", "the store cannot be read or written: {}"),
)
"""What can go wrong in a job and what the service reports; the first row whose type fits counts."""


_LOG = logging.getLogger(__name__)


class Work(NamedTuple):
    """What a worker needs for a job besides the job: the store, and the socket for the answer."""

    store: VersionedStore
    channel: socket.socket


def run(channel: socket.socket, folder: Path) -> None:
    """Runs the jobs that arrive until the other side is gone, in a thread with a stack for the deepest queries."""
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_run_jobs, args=(Work(VersionedStore(folder), channel),))
    thread.start()
    threading.stack_size(0)  # any other thread gets the usual one: the memory of a worker is limited
    thread.join()


def _run_jobs(work: Work) -> None:
    with suppress(ConnectionError):  # nobody is left to answer
        for job in read_values(work.channel):
            try:
                with reporting_errors():
                    _RUNNERS[type(job)](job, work)
            except RequestError as error:
                work.channel.sendall(encode_value(ERROR, (error.kind, error.message)))
            except BrokenPipeError:
                return
            except Exception:
                _LOG.exception("A %s failed.", type(job).__name__)
                work.channel.sendall(encode_value(ERROR, ("internal", "The server has failed; its log says why.")))


@contextmanager
def reporting_errors() -> Iterator[None]:
    """Turns the errors of a job into RequestError; BrokenPipeError stays: nobody is left to report it to."""
    try:
        yield
    except BrokenPipeError:
        raise
    except tuple(row[0] for row in _ERRORS) as error:
        kind, message = next(row[1:] for row in _ERRORS if isinstance(error, row[0]))
        raise RequestError(kind, make_sentence(message.format(error))) from error


def run_query(job: QueryJob, work: Work) -> None:
    """Answers a query with at most ``max_rows`` rows; the head has the query for the rows after them."""
    split = split_query(job.text, job.max_rows)
    snapshot = _open_generation(job.generation, work)
    with explain_errors(job.text), reporting_connection_errors(job.text):
        result = ask_first_part(snapshot, job.text, split, job.dataset, job.base, job.services)
        media_type = job.graph_type if isinstance(result, ox.QueryTriples) else job.solutions_type
        if media_type is None:
            raise RequestError("not-acceptable", "The answer cannot be written in a format that the request accepts.")
        form = find_output_format(result, media_type)

        def make_head(marks: int | None) -> Head:
            may_be_cut = split is not None and (marks is None or marks >= job.max_rows - 1)
            rest = ask(snapshot, split.rest, job.dataset, job.base, job.services) if split and may_be_cut else None
            is_cut = isinstance(rest, ox.QuerySolutions) and next(rest, None) is not None
            return Head(media_type, next_rows=split.rest if split and is_cut else None)

        row_mark = _ROW_MARKS[form] if split and not isinstance(form, ox.RdfFormat) else b""
        sink = Sink(
            work.channel,
            make_head,
            job.max_bytes,
            hold_bytes=_HOLD_BYTES if row_mark else PIECE_BYTES,
            row_mark=row_mark,
            gzip=job.gzip,
            xml=form in _XML_FORMATS,
        )
        serialize_result(result, form, sink)
        sink.end()


def send_graph(job: GraphJob, work: Work) -> None:
    """Answers with a named graph. Raises RequestError if there is none."""
    snapshot, graph = _open_generation(job.generation, work), ox.NamedNode(job.iri)
    if not snapshot.contains_named_graph(graph) and not job.may_be_missing:
        raise _no_graph(job.iri)
    _send_triples((quad.triple for quad in snapshot.quads_for_pattern(None, None, None, graph)), job, work)


def send_resource(job: ResourceJob, work: Work) -> None:
    """Answers with the triples that have a resource as subject or object. Raises RequestError if there are none."""
    snapshot, node = _open_generation(job.generation, work), ox.NamedNode(job.iri)
    incoming = (triple for triple in find_triples(snapshot, value=node) if triple.subject != node)
    triples = chain(find_triples(snapshot, node), incoming)
    first = next(triples, None)
    if first is None:
        raise RequestError("not-found", f"The data has no statement about {job.iri}.")
    _send_triples(chain([first], triples), job, work)


def _send_triples(triples: Iterable[ox.Triple], job: GraphJob | ResourceJob, work: Work) -> None:
    form = find_graph_format(job.media_type)
    head = Head(job.media_type)
    sink = Sink(work.channel, lambda _: head, job.max_bytes, gzip=job.gzip, xml=form in _XML_FORMATS)
    serialize_triples(triples, form, sink)
    sink.end()


def call_function(job: FunctionJob, work: Work) -> None:
    """Answers with what a function returns. Raises RequestError as it does."""
    result = job.function(_open_generation(job.generation, work), *job.arguments)
    sink = Sink(work.channel, lambda _: Head(details=result.details), job.max_bytes, hold_bytes=_HELD_PAGE_BYTES)
    sink.write(result.body)
    sink.end()


def update_store(job: UpdateJob, work: Work) -> None:
    """Runs an update; its result is the next generation."""
    check_update(job.text, job.services, job.allow_load)
    with work.store.open_draft(job.wait_seconds) as draft:
        with explain_errors(job.text, update=True), reporting_connection_errors(job.text, job.allow_load):
            run_update(draft, job.text, job.default_graph, job.base, using=job.using, using_named=job.using_named)
        _announce_generation(work)
    work.channel.sendall(encode_message(END))


def write_graph(job: WriteJob, work: Work) -> None:
    """Changes a named graph, which makes the next generation; the head says whether the graph is new."""
    graph = ox.NamedNode(job.iri)
    with work.store.open_draft(job.wait_seconds) as draft:
        if job.expected_generation not in (None, work.store.generation()):
            raise RequestError("changed-meanwhile", "Somebody else changed the store in the meantime; try again.")
        existed = draft.contains_named_graph(graph)
        was_empty = next(draft.quads_for_pattern(None, None, None, graph), None) is None
        if job.action is WriteAction.DELETE and not existed and not job.may_be_missing:
            raise _no_graph(job.iri)
        if job.action is not WriteAction.ADD:
            remove_graph(draft, graph)
        for path, media_type in job.files:
            _add_file(draft, graph, Path(path), media_type)
        if job.action is not WriteAction.DELETE and not job.may_be_missing:
            draft.add_graph(graph)  # even if empty: https://www.w3.org/TR/sparql11-http-rdf-update/#http-put
        _announce_generation(work, created=not existed or (job.action is WriteAction.REPLACE and was_empty))
    work.channel.sendall(encode_message(END))


def _announce_generation(work: Work, created: bool = False) -> None:
    """Sends the head of a write, so that the service can find out what became of it, whatever happens from now on."""
    head = Head(created=created, new_generation=work.store.draft_name, old_generation=work.store.generation())
    work.channel.sendall(encode_value(HEAD, head))


_RUNNERS: dict[type, Callable[..., None]] = {
    QueryJob: run_query,
    GraphJob: send_graph,
    ResourceJob: send_resource,
    FunctionJob: call_function,
    UpdateJob: update_store,
    WriteJob: write_graph,
}


@contextmanager
def reporting_connection_errors(text: str, allow_load: bool = False) -> Iterator[None]:
    """Reports an OSError of a job that may connect to others: they or the disk may be the cause; both look alike."""
    try:
        yield
    except OSError as error:
        problem = str(error).strip().removesuffix(".")
        if find_service_endpoints(text):
            raise RequestError(
                "endpoint-failed",
                f"An endpoint that SERVICE calls has failed, or the store cannot be read or written: {problem}."
                " Redirects of endpoints are not followed.",
            ) from error
        if allow_load:
            raise RequestError(
                "document-unreachable", f"A document cannot be loaded, or the store cannot be written: {problem}."
            ) from error
        raise


def _open_generation(name: str, work: Work) -> ox.Store:
    try:
        return work.store.snapshot_of(name)
    except HamakgError as error:
        raise RequestError("no-data", make_sentence(str(error))) from error


def _add_file(draft: ox.Store, graph: ox.NamedNode, file: Path, media_type: str) -> None:
    """Adds the triples of a file to a graph. Raises RequestError if it is malformed."""
    form = find_graph_format(media_type)
    try:
        if file.stat().st_size < _SMALL_BYTES:
            triples = _parse(file, form, graph)
            add_quads(draft, (ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples))
            return
        if form != ox.RdfFormat.N_TRIPLES:
            converted = file.with_name(f"{file.name}.nt")
            ox.serialize((quad.triple for quad in _parse(file, form, graph)), converted, ox.RdfFormat.N_TRIPLES)
            file = converted
        try:
            add_file(draft, graph, file)
        except (SyntaxError, ValueError):
            deque(_parse(file, form, graph), maxlen=0)  # it reports the line in the whole file
            raise
    except (SyntaxError, ValueError) as error:
        problem = str(error).replace(str(file), "body")
        raise RequestError("malformed", f"The body is not valid {media_type}: {problem}.") from error


def _parse(file: Path, form: ox.RdfFormat, graph: ox.NamedNode) -> ox.QuadParser:
    return ox.parse(path=file, format=form, base_iri=graph.value, without_named_graphs=True, rename_blank_nodes=True)


def _no_graph(iri: str) -> RequestError:
    return RequestError("not-found", f"There is no graph {iri}.")
